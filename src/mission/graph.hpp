// The dependencies of steps: those that are written, and those that follow from references and paths.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/effects.hpp"
#include "rustchain/plan.hpp"

#include "mission/references.hpp"

#include <span>
#include <string>
#include <vector>

namespace rustchain {

// `steps` is mission.steps or mission.finally; `names` are those of the whole mission. Problems: unknown
// steps (with the near miss), a step that needs itself, cycles (each with the line of every step on it).
// Edges that would make a cycle are left out, so that the graph never has one. `effects`: what each of the
// steps does, as far as that is known before the run.
Graph build_graph(const Mission& mission, const std::vector<Step>& steps, std::span<const Effects> effects,
                  const Names& names, Diagnostics& problems);

// How deep each step stands: 0 for those that need nothing.
std::vector<std::uint32_t> levels(const Graph& graph);

}  // namespace rustchain
