// The variables of a mission: those of the command line, and the typed inputs.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/mission.hpp"

#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace rustchain {

struct GivenVars {
  std::vector<std::pair<std::string, Node>> values;
  std::vector<std::string> later = {};  // names of those that will be given when the mission runs
  bool by_step = false;                 // by the step that runs the mission, not by --var
};

// Puts `given` into mission.vars, later ones over earlier ones, then the defaults of the inputs. Reports
// every required input without a value, and given names that are near a declared one.
void apply_vars(Mission& mission, const GivenVars& given, Diagnostics& problems);

// Holds the values of the inputs, references in them filled in, against their types: a scalar gets the form
// that later readers take for it, every value of the wrong type is reported. Those of `later` only the run
// will tell.
void check_inputs(Mission& mission, const GivenVars& given, const std::unordered_set<std::string>& later,
                  Diagnostics& problems);

}  // namespace rustchain
