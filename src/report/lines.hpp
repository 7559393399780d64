// The small parts that text renderers share: colours, lines that fit, paths as people want them.
#pragma once

#include "rustchain/report.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace rustchain {

// The text in a colour, or as it is when `color` is false.
std::string bold(std::string_view text, bool color);
std::string dim(std::string_view text, bool color);
std::string red(std::string_view text, bool color);

// One line that is safe to show: colour codes are dropped, other control characters become blanks, bytes that
// are no UTF-8 become U+FFFD. Cut with "…" to at most `width` characters.
std::string clean_line(std::string_view text, std::size_t width);
// The same for a text of several lines: tabs stay, and of what a line wrote over itself (progress bars) the
// last remains.
std::string clean_text(std::string_view text);
// Characters, not bytes.
std::size_t width_of(std::string_view text);

// The path as seen from the directory that holds the run's .rustchain; as it is where that is elsewhere.
std::string short_path(const std::string& path, const RunReport& report);

// "security.yaml:14"; empty: the step stands nowhere.
std::string step_place(const StepReport& step, const RunReport& report, const Sources* sources);

// What became of the processes that didn't end by themselves: "had to be killed: sleep (pid 123)". `all`:
// those that ended when they were told to, too. Empty: there are none.
std::string killed_words(const StepReport& step, bool all);

// What failed, as one clause: the error, or the kind where the step gives none.
std::string failure_clause(const StepReport& step);

}  // namespace rustchain
