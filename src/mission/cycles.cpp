// Tarjan's components and a breadth-first search, both without recursion.
#include "mission/cycles.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace rustchain {

Waits::Waits(const Graph& graph) : steps(graph.needs.size()) {
  std::vector<StepIndex> askers;  // steps that may ask for alternatives
  for (StepIndex i = 0; i < steps; ++i)
    for (const Edge& edge : graph.needs[i])
      if (edge.alternative != k_no_step) {
        askers.push_back(i);
        break;
      }

  auto each = [&](auto&& wait) {
    for (StepIndex i = 0; i < steps; ++i)
      for (const Edge& edge : graph.needs[i]) wait(i, edge.step);
    for (std::size_t k = 0; k < askers.size(); ++k) {
      auto decision = static_cast<std::uint32_t>(steps + k);
      for (const Edge& edge : graph.needs[askers[k]]) {
        wait(decision, edge.step);
        if (edge.alternative == k_no_step) continue;
        wait(askers[k], edge.alternative);
        wait(edge.alternative, decision);
      }
    }
  };
  first.assign(steps + askers.size() + 1, 0);
  each([&](std::uint32_t from, std::uint32_t) { ++first[from + 1]; });
  for (std::size_t i = 0; i + 1 < first.size(); ++i) first[i + 1] += first[i];
  targets.resize(first.back());
  std::vector<std::size_t> next(first.begin(), first.end() - 1);
  each([&](std::uint32_t from, std::uint32_t to) { targets[next[from]++] = to; });
}

std::vector<std::vector<StepIndex>> knots(const Waits& waits) {
  const std::size_t nodes = waits.first.size() - 1;
  constexpr std::uint32_t k_unseen = 0;
  std::vector<std::uint32_t> number(nodes, k_unseen);
  std::vector<std::uint32_t> low(nodes, 0);
  std::vector<bool> on_stack(nodes);
  std::vector<std::uint32_t> stack;
  struct Visit {
    std::uint32_t node;
    std::size_t next;  // target
  };
  std::vector<Visit> path;
  std::vector<std::vector<StepIndex>> found;
  std::uint32_t count = 0;

  auto enter = [&](std::uint32_t node) {
    number[node] = low[node] = ++count;
    on_stack[node] = true;
    stack.push_back(node);
    path.push_back({node, waits.first[node]});
  };
  auto leave = [&](std::uint32_t root) {
    std::vector<StepIndex> knot;
    std::size_t size = 0;
    std::uint32_t member;
    do {
      member = stack.back();
      stack.pop_back();
      on_stack[member] = false;
      ++size;
      if (member < waits.steps) knot.push_back(member);
    } while (member != root);
    if (size < 2) return;
    std::sort(knot.begin(), knot.end());
    found.push_back(std::move(knot));
  };

  for (std::uint32_t root = 0; root < nodes; ++root) {
    if (number[root] != k_unseen) continue;
    enter(root);
    while (!path.empty()) {
      Visit& visit = path.back();
      std::uint32_t node = visit.node;
      if (visit.next < waits.first[node + 1]) {
        std::uint32_t target = waits.targets[visit.next++];
        if (number[target] == k_unseen)
          enter(target);
        else if (on_stack[target])
          low[node] = std::min(low[node], number[target]);
        continue;
      }
      path.pop_back();
      if (!path.empty()) low[path.back().node] = std::min(low[path.back().node], low[node]);
      if (low[node] == number[node]) leave(node);
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<StepIndex> cycle_of(const Waits& waits, const std::vector<StepIndex>& knot) {
  const StepIndex start = knot.front();
  std::unordered_set<std::uint32_t> members(knot.begin(), knot.end());
  std::unordered_map<std::uint32_t, std::uint32_t> from;
  std::queue<std::uint32_t> queue;
  queue.push(start);
  while (!queue.empty()) {
    std::uint32_t node = queue.front();
    queue.pop();
    for (std::size_t i = waits.first[node]; i < waits.first[node + 1]; ++i) {
      std::uint32_t target = waits.targets[i];
      if (target < waits.steps && !members.contains(target)) continue;
      if (!from.try_emplace(target, node).second) continue;
      if (target != start) {
        queue.push(target);
        continue;
      }
      std::vector<StepIndex> cycle;
      for (std::uint32_t step = node; step != start; step = from[step])
        if (step < waits.steps) cycle.push_back(step);
      cycle.push_back(start);
      std::reverse(cycle.begin(), cycle.end());
      return cycle;
    }
  }
  return {};
}

std::vector<StepIndex> topological_order(const Waits& waits) {
  const std::size_t nodes = waits.first.size() - 1;
  std::vector<std::size_t> first(nodes + 1, 0);  // the other direction
  for (std::uint32_t target : waits.targets) ++first[target + 1];
  for (std::size_t i = 0; i < nodes; ++i) first[i + 1] += first[i];
  std::vector<std::uint32_t> waiting(waits.targets.size());
  std::vector<std::size_t> next(first.begin(), first.end() - 1);
  std::vector<std::size_t> open(nodes);
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> ready;
  for (std::uint32_t node = 0; node < nodes; ++node) {
    open[node] = waits.first[node + 1] - waits.first[node];
    if (open[node] == 0) ready.push(node);
    for (std::size_t i = waits.first[node]; i < waits.first[node + 1]; ++i)
      waiting[next[waits.targets[i]]++] = node;
  }
  std::vector<StepIndex> order;
  order.reserve(waits.steps);
  while (!ready.empty()) {
    std::uint32_t node = ready.top();
    ready.pop();
    if (node < waits.steps) order.push_back(node);
    for (std::size_t i = first[node]; i < first[node + 1]; ++i)
      if (--open[waiting[i]] == 0) ready.push(waiting[i]);
  }
  return order;
}

}  // namespace rustchain
