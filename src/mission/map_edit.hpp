// Changing maps of a Node tree.
#pragma once

#include "rustchain/node.hpp"

#include <string_view>

namespace rustchain {

// Takes the entry out of the map; a null node where there is none.
Node take(Node& map, std::string_view key);
// `child` wins; maps merge deeply.
void merge_map(Node& base, Node child);

}  // namespace rustchain
