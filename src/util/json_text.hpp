// JSON out of texts that nobody vouches for: answers of servers and models.
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

}  // namespace rustchain
