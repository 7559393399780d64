// A mission that is run as the work of a step: an engine of its own in the thread that does the work.
#pragma once

#include "rustchain/engine.hpp"
#include "rustchain/step_result.hpp"
#include "rustchain/step_type.hpp"

#include <functional>
#include <string>
#include <utility>

namespace rustchain {

struct InnerRun {
  const RunSetup& outer;
  const StepContext& context;
  std::string run_directory;                   // where its outputs are kept; empty: nowhere
  const std::string& key;                      // of the step, as in Job
  const std::string& why_anew;                 // as in Job
  const LastNeeded& needed;                    // as in Job
  std::function<void(const Event&)> on_event;  // every event of the inner run
};

struct InnerEnd {
  InnerEnd(StepResult end) : result(std::move(end)) {}

  StepResult result;
  std::string reused_from = {};  // as in Job
};

// Blocks until the mission has ended. It sees the runner's environment with the mission's and the step's on
// top, and runs where the step does; its own config rules all else. A stop of the step interrupts it.
InnerEnd run_inner(const InnerRun& run, const std::string& file, const Json& vars);

}  // namespace rustchain
