// Standard output and standard error: what they are, whether they take colour, and what became of the text.
#include "cli/console.hpp"

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>

namespace rustchain {
namespace {

bool says_yes(const std::optional<std::string>& value) {
  return value && !value->empty() && *value != "0" && *value != "false";
}

}  // namespace

bool wants_color(ColorChoice choice, bool is_terminal, const Services& services) {
  if (choice != ColorChoice::automatic) return choice == ColorChoice::always;
  if (auto value = services.variable("NO_COLOR"); value && !value->empty()) return false;
  if (auto value = services.variable("FORCE_COLOR"); value && !value->empty()) return says_yes(value);
  if (says_yes(services.variable("CLICOLOR_FORCE"))) return true;
  if (services.variable("TERM") == "dumb" || services.variable("CLICOLOR") == "0") return false;
  return is_terminal;
}

Console::Console(ColorChoice choice, const Services& services)
    : out_terminal_(terminal(1)), err_terminal_(terminal(2)) {
  out_color_ = wants_color(choice, out_terminal_.is_terminal, services);
  err_color_ = wants_color(choice, err_terminal_.is_terminal, services);
  can_redraw_ = err_terminal_.is_terminal && services.variable("TERM") != "dumb";
}

void Console::out(std::string_view text) {
  if (out_error_ != 0 || text.empty()) return;
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) out_error_ = errno != 0 ? errno : EIO;
}

void Console::flush() {
  if (out_error_ == 0 && std::fflush(stdout) != 0) out_error_ = errno;
}

// Standard error has nobody to complain to: what it doesn't take is lost.
void Console::err(std::string_view text) {
  flush();
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

unsigned Console::columns() const {
  return out_terminal_.is_terminal ? out_terminal_.columns : 200;
}

ExitCode Console::finish(ExitCode code) {
  flush();
  return out_error_ == 0 ? code : report_lost_output(out_error_, code);
}

ExitCode report_lost_output(int error, ExitCode code) {
  if (error == EPIPE || error == EBADF) {
    std::fputs("rustchain: nobody reads standard output; the result was not shown, or not all of it\n",
               stderr);
    return code;
  }
  std::fprintf(stderr, "rustchain: can't write to standard output: %s; the result is not whole\n",
               std::generic_category().message(error).c_str());
  return code == ExitCode::success ? ExitCode::internal_error : code;
}

}  // namespace rustchain
