// What the process tells its caller at the end: the same numbers for every subcommand.
#pragma once

#include <array>
#include <string_view>

namespace rustchain {

enum class ExitCode : int {
  success = 0,
  step_failed = 1,
  usage = 2,
  invalid_mission = 3,
  refused_by_safety = 4,
  internal_error = 5,
  completed_with_warnings = 10,
  run_time_limit = 124,
  interrupted = 130,
  terminated = 143,
};

struct ExitCodeRow {
  ExitCode code;
  std::string_view name;
  std::string_view meaning;
};

inline constexpr std::array k_exit_codes = {
    ExitCodeRow{ExitCode::success, "success", "everything that was asked for was done"},
    ExitCodeRow{ExitCode::step_failed, "step_failed", "a step failed"},
    ExitCodeRow{ExitCode::usage, "usage", "the command line is wrong"},
    ExitCodeRow{ExitCode::invalid_mission, "invalid_mission", "the mission is invalid or can't be read"},
    ExitCodeRow{ExitCode::refused_by_safety, "refused_by_safety",
                "the mission is refused by the safety check"},
    ExitCodeRow{ExitCode::internal_error, "internal_error", "rustchain itself failed"},
    ExitCodeRow{ExitCode::completed_with_warnings, "completed_with_warnings",
                "completed with warnings; only with --detailed-exitcode, else 0"},
    ExitCodeRow{ExitCode::run_time_limit, "run_time_limit", "the run reached its own time limit"},
    ExitCodeRow{ExitCode::interrupted, "interrupted", "interrupted by SIGINT (Ctrl-C)"},
    ExitCodeRow{ExitCode::terminated, "terminated", "interrupted by SIGTERM"},
};

}  // namespace rustchain
