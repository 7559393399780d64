// The missions that a mission runs: as steps, and after itself.
#pragma once

#include "rustchain/mission.hpp"
#include "rustchain/step_type.hpp"

#include "mission/mission_file.hpp"

namespace rustchain {

// Whether the step's work is to run other missions.
bool runs_missions(const Step& step, const StepTypes& types);

// Opens the missions that `file` runs into file.inner and file.next, and those that they run, as far as their
// paths are known before the run. Problems of `file`: missions that can't be read or are invalid, circles of
// files, next_missions that nobody will run. A thousand files are opened at most; what lies beyond is checked
// when it runs.
void open_sub_missions(MissionFile& file, const StepTypes& types, const MissionOptions& options);

}  // namespace rustchain
