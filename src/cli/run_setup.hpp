// What every run of a mission is set up with, whoever listens to it.
#pragma once

#include "rustchain/engine.hpp"

#include "cli/commands.hpp"
#include "mission/mission_file.hpp"

namespace rustchain {

// Holds references to all that it is given.
RunSetup run_setup(App& app, const MissionFile& file, const StepTypes& types, Services& services);

}  // namespace rustchain
