// UTF-8: is it valid, how many characters are there, and what of it may reach a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rustchain {

// The bytes of the character that begins at `at`; 0: there is none.
std::size_t utf8_length(std::string_view text, std::size_t at);

// The offset of the first byte that isn't valid UTF-8 (overlong forms and surrogates aren't), or npos.
std::size_t find_invalid_utf8(std::string_view text);

// One character of `text`, from `at` on. A byte that is no valid UTF-8 counts as one character, U+FFFD.
struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
};
Character character_at(std::string_view text, std::size_t at);

std::size_t count_characters(std::string_view text);
// Columns that a character takes on a terminal: 0 (combining marks), 1 or 2 (East Asian wide ones, emoji).
std::size_t display_width(char32_t code);
std::size_t display_width(std::string_view text);

// The text with everything that could steer a terminal or hide other text replaced by one visible character
// each: control characters by their pictures (U+241B for ESC), invalid bytes and direction marks by U+FFFD.
// Tabs and line ends are control characters here.
std::string visible(std::string_view text);
// The same for a text of several lines: tabs and line ends stay.
std::string visible_lines(std::string_view text);

// The text with U+FFFD in place of each byte that is no part of a character.
std::string replace_invalid_utf8(std::string_view text);
// At most `most` bytes of the beginning, cut between characters.
std::string_view utf8_prefix(std::string_view text, std::size_t most);

}  // namespace rustchain
