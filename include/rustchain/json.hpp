// The type of every value that steps take and give at run time.
#pragma once

#include "rustchain/json_fwd.hpp"

#include <nlohmann/json.hpp>
