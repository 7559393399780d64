// Dependencies that follow from paths: a step that reads what an earlier one of the file writes needs it.
#pragma once

#include "rustchain/effects.hpp"
#include "rustchain/mission.hpp"
#include "rustchain/plan.hpp"

#include "mission/references.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace rustchain {

// What was found for one step: a step that it needs, and the path that says so.
struct PathNeed {
  StepIndex step = k_no_step;
  std::string path;
  bool required = true;  // false: only the order matters
};
struct PathNeeds {
  std::vector<std::vector<PathNeed>> of;  // by step; one may name the same step several times
  bool cut = false;                       // past k_most_path_needs only the last writer of a path is named
};
inline constexpr std::size_t k_most_path_needs = 1'000'000;

// Paths are compared as texts, seen from the working directory of the step, with the mission's own variables
// filled in. A read of a directory needs every step that wrote below it, a read of a file the steps that
// wrote it or a directory above it. A delete follows the writes and reads of its path, but needs no success.
// The arguments of programs and the words of shell texts count as reads where they are the very path that was
// written; where they are a directory above it, only the order matters.
PathNeeds path_needs(const Mission& mission, const std::vector<Step>& steps, std::span<const Effects> effects,
                     const Names& names);

}  // namespace rustchain
