// References within the mission's own variables.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/mission.hpp"

#include "mission/references.hpp"
#include "mission/secrets.hpp"

#include <string>
#include <unordered_set>

namespace rustchain {

// What variables can refer to beside each other.
struct AroundVariables {
  const Variable& variable;  // of the environment; empty: none is known
  bool more_env = false;     // what runs the mission may set others
  std::string directory;     // {mission.dir}
};

// Fills in the references within the values that the mission itself gives its variables and inputs: to other
// variables, in any order, to the environment (`env` of the mission first) and to the mission's own names.
// Values from outside stay as they are. `later` names the variables whose values only the run will tell, and
// is given those that refer to them, which become null. Problems: what only the run knows, circles, and names
// that nothing stands for.
void fill_variables(Mission& mission, const Names& names, const AroundVariables& around,
                    const Sources& sources, std::unordered_set<std::string>& later, Diagnostics& problems);

}  // namespace rustchain
