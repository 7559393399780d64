// Standard output and standard error: what they are, whether they take colour, and what became of the text.
#pragma once

#include "rustchain/exit_code.hpp"
#include "rustchain/services.hpp"

#include "cli/options.hpp"
#include "platform/platform.hpp"

#include <atomic>
#include <string_view>

namespace rustchain {

// Whether a stream gets colour, by what the user said (--color), then NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE,
// TERM=dumb, CLICOLOR=0, and last by whether it is a terminal. Pure.
bool wants_color(ColorChoice choice, bool is_terminal, const Services& services);

// Says on standard error what became of a result that standard output didn't take; `error` is the errno.
// Gives internal_error in place of a success; a reader that has gone keeps the code.
ExitCode report_lost_output(int error, ExitCode code);

// Results go to out(), everything else to err(); each from one thread at a time.
class Console {
 public:
  Console(ColorChoice choice, const Services& services);

  void out(std::string_view text);
  void err(std::string_view text);
  // What was given to out() is on its way to whoever reads it.
  void flush();

  bool out_color() const { return out_color_; }
  bool err_color() const { return err_color_; }
  // A terminal that can move its cursor: what may be drawn over.
  bool can_redraw() const { return can_redraw_; }
  const Terminal& err_terminal() const { return err_terminal_; }
  unsigned columns() const;  // of standard output

  // Writes out what is still held back. If standard output didn't take all of it, says so on standard error
  // and gives internal_error in place of a success; a reader that has gone keeps the code.
  [[nodiscard]] ExitCode finish(ExitCode code);

 private:
  Terminal out_terminal_;
  Terminal err_terminal_;
  bool out_color_ = false;
  bool err_color_ = false;
  bool can_redraw_ = false;
  std::atomic<int> out_error_ = 0;  // errno of the first write that failed
};

}  // namespace rustchain
