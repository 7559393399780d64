// What is known of each step of a mission before it runs.
#pragma once

#include "rustchain/effects.hpp"
#include "rustchain/history.hpp"
#include "rustchain/mission.hpp"
#include "rustchain/plan.hpp"
#include "rustchain/report.hpp"

#include "cli/commands.hpp"
#include "cli/estimate.hpp"
#include "cli/mission_input.hpp"
#include "engine/deadline.hpp"
#include "journal/resume.hpp"
#include "mission/mission_file.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rustchain {

// What a run that continues another would do with a step.
struct Fate {
  std::string reused_from;  // empty: it would run, or be left out
  bool left_out = false;
  std::string why;  // of one that isn't reused
};

// One step as it would run.
struct Foresight {
  StepIndex index = k_no_step;
  std::uint32_t level = 0;
  Effects effects;
  std::string runs;     // lines: what it starts here, and what on other platforms
  std::string context;  // the steps whose outputs follow its prompt
  std::string items;    // of a foreach, in words
  StepLimit limit;
  ResourceLimits resources;
  std::optional<Expectation> expected;
  std::string background;         // of one whose process outlives it: how long, and when it is ready
  std::vector<WalkedTree> trees;  // where execution_strategy asks for them
  std::optional<Fate> fate;       // where an earlier run is continued
};

struct Foreseen {
  std::vector<Foresight> steps;  // in the order in which they would start one by one
  std::vector<Foresight> finally;
  std::string continues;  // the run whose results would be taken; empty: none
};

// `earlier`: what the run would continue; nullptr: nothing. Reads, and does nothing else.
Foreseen foresee(App& app, const MissionFile& file, const EarlierRun* earlier);

// The fates of all steps, those of `finally` last, found by the engine itself: the work of the steps is left
// out, so what would need it isn't asked about any more.
std::vector<Fate> foresee_reuse(App& app, const MissionFile& file, const EarlierRun& earlier);

// The plan for people, and as a document.
std::string plan_text(const MissionFile& file, const PlanOptions& options, const Foreseen& foreseen);
OrderedJson plan_json(const MissionFile& file, const PlanOptions& options, const Foreseen& foreseen);

// "   runs:      make\n"
void add_plan_line(std::string& text, std::string_view what, const std::string& value);
// The first line, and how many more there are.
std::string plan_one_line(std::string_view text);
// How many steps the run would have going at once.
std::uint32_t plan_parallel(const Mission& mission, const PlanOptions& options);

}  // namespace rustchain
