// The dependencies of steps: those that are written, and those that follow from references and paths.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/plan.hpp"
#include "rustchain/step_type.hpp"

#include "mission/references.hpp"

#include <string>
#include <vector>

namespace rustchain {

// `steps` is mission.steps or mission.finally; `names` are those of the whole mission. Problems: unknown
// steps (with the near miss), a step that needs itself, cycles (each with the line of every step on it).
// Edges that would make a cycle are left out, so that the graph never has one.
Graph build_graph(const Mission& mission, const std::vector<Step>& steps, const StepTypes& types,
                  const Names& names, Diagnostics& problems);

// How deep each step stands: 0 for those that need nothing.
std::vector<std::uint32_t> levels(const Graph& graph);

}  // namespace rustchain
