// Missions for the tests of what steps mean to each other: YAML with the keys that matter there, and step
// types that do nothing.
#pragma once

#include "rustchain/mission.hpp"
#include "rustchain/step_type.hpp"

#include <string>

namespace rustchain::testing {

// A mission with the sources that its places point into.
struct SmallMission {
  Sources sources;
  Mission mission;
};

// Throws std::runtime_error where the text is wrong: a mistake in the test. Knows vars, infer_dependencies,
// working_directory, steps and finally; of steps id, type (default: command), parameters, depends_on,
// strategy, continue_on_dependency_failure, continue_on_error, substitute, when, foreach, env, working_dir.
SmallMission small_mission(const std::string& yaml);

// command (command, args, shell, reads, writes, deletes, count, flag, size, list, mode), create_file (path,
// content), http (url, body), later ones can be added as tests need them.
const StepTypes& small_types();

// "RC0201 error 3:5+4 message | help | note 4:5 text", one line for each problem.
std::string in_lines(const Diagnostics& problems);

}  // namespace rustchain::testing
