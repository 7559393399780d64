// What `run` does for GitHub Actions beside its work.
#pragma once

#include "rustchain/report.hpp"

#include "cli/commands.hpp"
#include "mission/mission_file.hpp"
#include "report/report.hpp"

namespace rustchain {

// On a runner of GitHub: has it mask the secrets of the mission, and of those that run after it, in its log,
// whoever prints them.
void mask_on_github(App& app, const MissionFile& file);
// On a runner of GitHub: annotations, on standard error. Where $GITHUB_STEP_SUMMARY names a file: the report
// as Markdown is added to it.
void tell_github(App& app, const RunReport& report, const RenderOptions& options);

}  // namespace rustchain
