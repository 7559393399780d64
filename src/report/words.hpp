// What became of steps and runs, in the words that all formats for people share.
#pragma once

#include "rustchain/report.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

bool has_warnings(const StepReport& step);
// It did what it should, and nothing is to be said about it.
bool plain_success(const StepReport& step);

std::string_view icon(const StepReport& step);
// One line: why it failed or didn't run; of a success the beginning of what it gave. Not cleaned.
std::string step_reason(const StepReport& step);
// Every step with those within it right below it, in the order of the mission.
struct PlacedStep {
  StepIndex step = 0;
  std::uint32_t depth = 0;  // 0: of the mission itself
};
std::vector<PlacedStep> in_tree_order(const RunReport& report);
// StepReport::status; of one that hasn't ended in a run that goes on: "running", "waiting".
std::string_view status_word(const StepReport& step);
// RunReport::outcome, or "running" of a run that goes on.
std::string_view outcome_word(const RunReport& report);
// "❌ Mission failed: 2 of 6 steps failed, 2 skipped (1m 02s)".
std::string outcome_line(const RunReport& report);

}  // namespace rustchain
