// UTF-8 as the Unicode standard defines it: no overlong forms, no surrogates.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rustchain {

// The bytes of the character that begins at `at`; 0: there is none.
std::size_t utf8_length(std::string_view text, std::size_t at);
// The text with U+FFFD in place of each byte that is no part of a character.
std::string replace_invalid_utf8(std::string_view text);
// At most `most` bytes of the beginning, cut between characters.
std::string_view utf8_prefix(std::string_view text, std::size_t most);

}  // namespace rustchain
