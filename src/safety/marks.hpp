// Bytes that stand, within a text, for what isn't known of it. A text that is judged has no control
// characters of its own: they are replaced before.
#pragma once

#include <string>
#include <string_view>

namespace rustchain {

inline constexpr char k_unknown = '\x01';     // a text that can't be told: a variable, a command's output
inline constexpr char k_many = '\x02';        // an unquoted *
inline constexpr char k_one = '\x03';         // an unquoted ? or [...]
inline constexpr char k_tainted = '\x04';     // a value from http or an llm
inline constexpr char k_downloaded = '\x05';  // what a command fetched or decoded
inline constexpr char k_fed = '\x06';  // any number of texts from standard input (xargs, parallel, find)

inline constexpr std::string_view k_unknown_marks = "\x01\x04\x05\x06";
inline constexpr std::string_view k_marks = "\x01\x02\x03\x04\x05\x06";

inline bool has_mark(std::string_view text, std::string_view marks = k_unknown_marks) {
  for (char c : text)
    if (c >= k_unknown && c <= k_fed && marks.find(c) != std::string_view::npos) return true;
  return false;
}

inline bool has_mark(std::string_view text, char mark) {
  return text.find(mark) != std::string_view::npos;
}

// Whether nothing of a command is known.
bool all_marks(std::string_view text);

// For people: * and ? as they were written, "..." for what isn't known.
std::string without_marks(std::string_view text);
// Control characters of the text itself replaced, so that none is taken for a mark.
std::string without_controls(std::string text);

}  // namespace rustchain
