// Programs whose names are near to one that isn't there.
#pragma once

#include "rustchain/services.hpp"

#include <string>

namespace rustchain {

// The program in `path` (as in PATH) that was probably meant by `name`; empty: there is none, or `name` has a
// slash or is so short that anything would be near.
std::string near_program(Services& services, const std::string& name, const std::string& path,
                         const std::string& directory);

}  // namespace rustchain
