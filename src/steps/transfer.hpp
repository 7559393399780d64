// What copy_file and move_file share.
#pragma once

#include "rustchain/step_result.hpp"
#include "rustchain/step_type.hpp"

namespace rustchain {

// Source and destination are the same text: a mistake.
void check_transfer(const Step& step, Diagnostics& problems);
StepResult transfer(const StepContext& context, bool moves);

}  // namespace rustchain
