// What can be known of a mission's references before it runs.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/mission.hpp"
#include "rustchain/step_type.hpp"

#include "mission/references.hpp"

namespace rustchain {

// Every reference in parameters, env, when, foreach and working_dir of every step: unknown heads that are
// near a known one, `{{ x }}` and `${x}` that stay as they are, fields that the step's type never gives. The
// diagnostics point at the reference itself, within its text.
void check_references(const Mission& mission, const StepTypes& types, const Names& names,
                      const Sources& sources, Diagnostics& problems);

}  // namespace rustchain
