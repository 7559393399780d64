// The command line as a whole: makes the real services, finds the subcommand, catches what nobody else did.
#include "cli/app.hpp"

#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/options.hpp"
#include "platform/platform.hpp"

#include <cerrno>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace rustchain {
namespace {

ExitCode run_options(const Options& options) {
  std::unique_ptr<Clock> clock = make_clock();
  std::unique_ptr<Files> files = make_files();
  std::unique_ptr<Processes> processes = make_processes();
  auto environment = read_environment();
  std::unique_ptr<HttpClient> http = make_http_client(environment);
  Services services{*clock, *files, *processes, *http, std::move(environment), random_bits};
  Console console(options.common.color, services);
  App app{console, services, options.common, current_directory()};
  ExitCode code = std::visit([&](const auto& chosen) { return command(app, chosen); }, options.command);
  return console.finish(code);
}

ExitCode end_early(const OptionsEnd& end) {
  std::FILE* stream = end.code == ExitCode::success ? stdout : stderr;
  std::fputs(end.text.c_str(), stream);
  if (std::fflush(stream) == 0 || stream == stderr) return end.code;
  return report_lost_output(errno, end.code);
}

}  // namespace

int cli_main(int argc, char** argv) {
  if (int code = run_as_helper(argc, argv); code >= 0) return code;
  open_standard_streams();
  ExitCode code = ExitCode::internal_error;
  try {
    auto parsed = parse_options(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
    if (const auto* end = std::get_if<OptionsEnd>(&parsed)) {
      code = end_early(*end);
    } else {
      code = run_options(std::get<Options>(parsed));
    }
  } catch (const std::bad_alloc&) {
    std::fputs("rustchain: out of memory\n", stderr);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rustchain: internal error: %s\n", error.what());
  } catch (...) {
    std::fputs("rustchain: internal error\n", stderr);
  }
  return static_cast<int>(code);
}

}  // namespace rustchain
