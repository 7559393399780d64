// What a person has approved: the SHA-256 of a mission with the rules it asks to have allowed.
#pragma once

#include "rustchain/exit_code.hpp"

#include "cli/mission_input.hpp"
#include "safety/mission_judge.hpp"

namespace rustchain {

// Whether all that `policy` allows was approved for the mission as it is now.
bool is_approved(const App& app, const MissionFile& file, const SafetyPolicy& policy);

// `rustchain safety approve`: remembers the mission as it is now.
ExitCode approve(App& app, const MissionFile& file);

}  // namespace rustchain
