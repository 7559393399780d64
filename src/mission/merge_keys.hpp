// Merge keys: `<<: *defaults` takes over the entries of another map.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/node.hpp"

namespace rustchain {

bool is_merge_key(const Node& key);

// Puts what merge keys name in their place, in `node` and all below it: explicit keys win, then the map that
// is named first. Entries whose key is no scalar are dropped: they have been reported. Recurses as deep as
// the tree is nested, which is bounded when it is built.
void merge_keys(Node& node, Diagnostics& problems);

}  // namespace rustchain
