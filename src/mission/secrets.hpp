// The values that `secrets:` names, as far as they are known before the run.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/mission.hpp"

#include "mission/references.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

// The value of an environment variable of the runner.
using Variable = std::function<std::optional<std::string>(std::string_view)>;

// All values that the names stand for: variables and inputs (of a list or a map each value in it), variables
// of the environment, and what `env` of the mission, a step or its parameters sets under that name. Reports
// names that stand for nothing, values that are too short to be masked, and such that only the run will tell.
std::vector<std::string> secret_values(const Mission& mission, const Names& names, const Variable& variable,
                                       Diagnostics& problems);

}  // namespace rustchain
