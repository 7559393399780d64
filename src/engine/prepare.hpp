// From a step that may run to everything its work gets: condition, references, environment, limits.
#pragma once

#include "rustchain/engine.hpp"
#include "rustchain/step_result.hpp"
#include "rustchain/step_type.hpp"

#include "engine/deadline.hpp"
#include "engine/results.hpp"
#include "mission/foreach.hpp"
#include "mission/resolve.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rustchain {

// A step of the list that is being run: mission.steps or mission.finally.
struct Phase {
  const std::vector<Step>& steps;
  const Graph& graph;
  StepIndex first = 0;  // the index in events of the list's first step
};

// What a run of the step's work gets, as far as it doesn't differ from one run to the next.
struct Prepared {
  Json parameters;
  std::vector<std::pair<std::string, std::string>> shell_values;
  std::vector<std::pair<std::string, std::string>> env;
  std::string working_directory;
  std::string shell;
  std::vector<ContextItem> dependencies;
  std::string what;  // as in StepStarted
  StepLimit limit;
  std::optional<Expectation> expected;
  std::vector<std::string> trees;  // absolute: what the step walks
  StepBasis basis;                 // of a run that is recorded
  ResourceLimits limits;           // of the processes that it starts; none where it starts none
};

// `step` counts within the phase; `item` is that of a foreach.
Result<bool, Failure> condition_holds(const RunSetup& setup, const Names& names, const Results& results,
                                      const Phase& phase, StepIndex step, const Item& item = {});
Result<Prepared, Failure> prepare(const RunSetup& setup, const Names& names, const Results& results,
                                  const Phase& phase, StepIndex step, std::uint32_t attempt,
                                  DefaultValues& defaults, const Item& item = {});
// The items of a step with a foreach.
Result<Items, Failure> items_of(const RunSetup& setup, const Names& names, const Results& results,
                                const Phase& phase, StepIndex step);

// Where commands run that say nothing else: config.working_directory, absolute.
Result<std::string, Failure> common_directory(const RunSetup& setup, const Names& names,
                                              const Results& results);

// Where each step's output is kept within the run's directory: its id made safe for every file system, no two
// alike, none with a dot.
std::vector<std::string> output_names(const Mission& mission);

}  // namespace rustchain
