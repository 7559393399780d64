// Finding the cycles of a graph of steps. Pure; linear time, no recursion.
#pragma once

#include "rustchain/plan.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rustchain {

// Which step has to wait for which, alternatives included: an alternative waits until every step that may ask
// for it has seen its dependencies end. Those waits are nodes of their own, numbered from `steps` on.
struct Waits {
  explicit Waits(const Graph& graph);

  std::size_t steps = 0;
  std::vector<std::size_t> first;  // the targets of node i are those from first[i] to first[i + 1]
  std::vector<std::uint32_t> targets;
};

// The strongly connected components that hold more than one node, each with its steps in file order.
std::vector<std::vector<StepIndex>> knots(const Waits& waits);

// A shortest way from the first step of a knot back to itself, the first step not repeated.
std::vector<StepIndex> cycle_of(const Waits& waits, const std::vector<StepIndex>& knot);

// Every step behind all that it waits for; steps on a cycle are left out. Among those that may follow, the
// first in file order.
std::vector<StepIndex> topological_order(const Waits& waits);

}  // namespace rustchain
