// From a mission's steps to what the judge is given of them.
#pragma once

#include "cli/mission_flow.hpp"
#include "cli/mission_input.hpp"
#include "safety/mission_judge.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

// All steps and those of `finally`, in order, as far as they are known before anything has run; a step whose
// items are known comes once for each. `outside`: variables whose values came from http or an llm.
void prepare_steps(const App& app, const MissionFile& file, const SafetyPlaces& places,
                   const NameSet& outside, const std::function<void(const JudgedStep&)>& take);

// The ids of the steps that are given values from http or an llm.
NameSet steps_from_outside(const App& app, const MissionFile& file, const SafetyPlaces& places,
                           const NameSet& outside);

// Variables into which the mission, or one that it runs, puts such values for the missions that it runs as
// steps.
NameSet handed_on(const App& app, const MissionFile& file, const NameSet& outside);

// Which of its reads and writes a step does itself: all of a file step's, what a command's streams are tied
// to. `parameter` gives the text of one, empty if it isn't given.
void own_paths(JudgedStep& judged, const std::function<std::string(std::string_view key)>& parameter);

}  // namespace rustchain
