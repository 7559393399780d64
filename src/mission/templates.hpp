// Named step bodies with holes.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/node.hpp"

namespace rustchain {

// Takes `templates` out of the document, and puts the bodies in where steps name them. Problems: unknown
// templates, holes and values that don't fit.
void fill_templates(Node& document, Diagnostics& problems);

}  // namespace rustchain
