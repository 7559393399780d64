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

// Tells on standard error what is continued, and which of its steps were cut off in their work.
Continued continue_run(App& app, const RunOptions& options, const MissionFile& file);

// What to type for the run to be continued; empty: nothing, as its mission came from standard input.
std::string command_to_continue(const RunOptions& options, const std::string& file);

}  // namespace rustchain
