// What the end of a step's work means: for its result when it was stopped, for its repetitions, and for the
// steps that don't run because of it. Pure.
#pragma once

#include "rustchain/engine.hpp"
#include "rustchain/plan.hpp"
#include "rustchain/step_result.hpp"
#include "rustchain/stop.hpp"

#include "engine/prepare.hpp"
#include "engine/results.hpp"
#include "engine/watch.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

// The result of work that was told to stop, in the engine's words: only the engine knows which limit it was.
// A result that has nothing to do with the stop stays as it is.
StepResult after_stop(StepResult result, const Watched& watched, const Mission& mission);

// For a step that reached its fixed limit: one that earlier runs would have kept; empty: they say nothing.
std::string help_from_earlier_runs(const StepLimit& limit, const std::optional<Expectation>& expected);

// The result of all repetitions, `last` being that of the last one: its output has the field `repeats`, and
// the main output of all of them, a line each.
StepResult merge_repeats(std::vector<Json> outputs, StepResult last, std::string_view main_output);

// The result of a foreach from those of its items, all of which have ended or never began. Failed when an
// item failed; partial when the step has allow_partial_results and others succeeded; skipped when none ran
// because the condition holds for none. `output` is {counts}. `stopped` is why the phase was ended, or none.
StepResult items_result(const Step& step, const std::vector<ItemEnd>& items, StopReason stopped);

// Why a step doesn't run: "needs auth_check, which failed (exit code 2)". `stopped` is why the phase was
// ended, or none.
std::string reason_not_run(const Unstarted& unstarted, const Phase& phase, const Results& results,
                           const Mission& mission, StopReason stopped);

}  // namespace rustchain
