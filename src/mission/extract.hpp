// Values out of a map that KeyReader has made right: nothing here reports anything.
#pragma once

#include "rustchain/mission.hpp"
#include "rustchain/node.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

// Moved out of the map; empty where there is none.
Text take_text(Node& map, std::string_view key);
std::string take_string(Node& map, std::string_view key);
TextMap take_text_map(Node& map, std::string_view key);
std::vector<Text> take_texts(Node& map, std::string_view key);

bool flag(const Node& map, std::string_view key, bool otherwise);
std::optional<double> number(const Node& map, std::string_view key);
std::optional<std::uint32_t> whole(const Node& map,
                                   std::string_view key);  // what is larger becomes the largest
// Which of the words (separated by blanks) the value is.
std::optional<std::size_t> word(const Node& map, std::string_view key, std::string_view words);

// From the keys of `retry`.
RetryPolicy take_retry(Node& retry);
// From `seconds_key`, which may hold a number or auto.
void read_limit(const Node& map, std::string_view seconds_key, TimeoutPolicy& timeout);

}  // namespace rustchain
