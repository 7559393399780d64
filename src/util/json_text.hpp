// JSON and its text: of others, for which nobody vouches, and our own.
#pragma once

#include "rustchain/json_fwd.hpp"
#include "rustchain/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace rustchain {

// Deeper values are refused: what walks them later may do so by recursion.
inline constexpr std::size_t k_deepest_json = 200;

// The value of the whole text; the error says what is wrong with it. Linear time.
Result<Json> parse_json(std::string_view text);

// One line, whatever the bytes are: what isn't UTF-8 is replaced.
std::string dump_json(const Json& value);

// The same, at the end of a text. A run writes some of these for each step, and the library's own way takes
// three times as long.
void append_json(std::string& to, const Json& value);
void append_json_text(std::string& to, std::string_view text);

}  // namespace rustchain
