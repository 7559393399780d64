// The type of every value that steps take and give at run time.
#pragma once

#include <nlohmann/json.hpp>

namespace rustchain {

using Json = nlohmann::json;

}  // namespace rustchain
