// --resume, --from and --only: what a run takes from an earlier one of the same mission.
#pragma once

#include "cli/commands.hpp"
#include "journal/resume.hpp"
#include "mission/mission_file.hpp"

#include <memory>

namespace rustchain {

struct Continued {
  bool refused = false;                 // standard error has been told why
  std::unique_ptr<EarlierRun> earlier;  // nullptr: the run takes nothing
};

// What is continued, and which of its steps were cut off in their work; on standard error.
void tell_continued(App& app, const MissionFile& file, const EarlierRun& earlier);
void tell_cut_off(App& app, const MissionFile& file, const EarlierRun& earlier);

Continued continue_run(App& app, const ResumeOptions& options, const MissionFile& file);

// What to type for the run to be continued; empty: nothing, as its mission came from standard input.
std::string command_to_continue(const RunOptions& options, const std::string& file);

}  // namespace rustchain
