// The name of the type of run-time values, for headers that don't look into them: the whole of it is slow to
// compile.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace rustchain {

using Json = nlohmann::json;

}  // namespace rustchain
