// Node tree to Mission: keys, types, defaults, older shapes.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/keys.hpp"
#include "rustchain/mission.hpp"
#include "rustchain/step_type.hpp"

namespace rustchain {

// The tables of the format's own keys; those of parameters stand with each step type.
std::span<const KeySpec> mission_keys();
std::span<const KeySpec> config_keys();
std::span<const KeySpec> step_keys();

// Reads what can be read, and reports everything that is wrong in one go: what is left out of the mission
// because of an error is always reported. Parameters are checked against the table of the step's type.
Mission read_mission(Node document, const StepTypes& types, Diagnostics& problems);

}  // namespace rustchain
