// The rules of a command step that its table can't say. Pure.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/mission.hpp"

namespace rustchain {

void check_command_step(const Step& step, Diagnostics& problems);

}  // namespace rustchain
