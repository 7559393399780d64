// For tests of what reads missions: a few step types that do nothing, and YAML to Mission in one call.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/mission.hpp"
#include "rustchain/step_type.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rustchain::testing {

// command (command*, args, shell, env, working_dir, expect_exit_codes, max_output_bytes, report_level), http
// (url*, timeout_seconds, headers; alias web, old name http_request), llm (prompt, messages; its check wants
// one of the two), create_file (path*, content, mode, append), noop (message), mission (later).
const StepTypes& fake_types();

Node parse(const std::string& yaml);

struct ReadText {
  Mission mission;
  Diagnostics problems;
};
ReadText read_text(const std::string& yaml);

// Each problem as "LINE:COLUMN severity CODE: message (help)", in the order of the places.
std::vector<std::string> lines(Diagnostics problems);

// The problems of a mission that has these steps, from line 4 on.
std::vector<std::string> problems_of_steps(const std::string& steps);
// The problems of a mission that has these lines before its one step, from line 3 on.
std::vector<std::string> problems_of_top(const std::string& top);

}  // namespace rustchain::testing
