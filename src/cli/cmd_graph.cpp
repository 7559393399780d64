// rustchain graph: the steps and their dependencies as text, Mermaid, dot or JSON.
#include "rustchain/plan.hpp"

#include "cli/commands.hpp"
#include "cli/mission_input.hpp"
#include "mission/graph.hpp"
#include "util/mask_json.hpp"
#include "util/text.hpp"
#include "util/utf8.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

namespace rustchain {
namespace {

// The steps by level, and by file order within one.
std::vector<StepIndex> by_level(const std::vector<std::uint32_t>& level) {
  std::vector<StepIndex> order(level.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](StepIndex a, StepIndex b) { return level[a] < level[b]; });
  return order;
}

std::string draw_text(const std::vector<Step>& steps, const Graph& graph) {
  std::vector<std::uint32_t> level = levels(graph);
  std::size_t width = 0;
  for (const Step& step : steps) width = std::max(width, step.id.value.size());
  width = std::min<std::size_t>(width, 40);
  std::string text;
  std::uint32_t shown = 0;
  for (StepIndex i : by_level(level)) {
    if (text.empty() || level[i] != shown) text += "level " + std::to_string(level[i]) + "\n";
    shown = level[i];
    std::string line = "  " + steps[i].id.value;
    if (!graph.needs[i].empty()) line.resize(std::max(line.size(), width + 2), ' ');
    for (const Edge& edge : graph.needs[i]) {
      line += &edge == &graph.needs[i].front() ? "  <- " : ", ";
      line += steps[edge.step].id.value;
      if (edge.why != Edge::Why::written) line += " (inferred: " + edge.detail + ")";
      if (edge.alternative != k_no_step) line += " (else " + steps[edge.alternative].id.value + ")";
    }
    if (graph.alternative[i]) line += "  (only in the place of another)";
    text += line + "\n";
  }
  return text;
}

std::string escape(std::string_view text, bool mermaid) {
  if (!mermaid) return replace_all(replace_all(text, "\\", "\\\\"), "\"", "\\\"");
  std::string safe = replace_all(text, "#", "#35;");
  return replace_all(replace_all(safe, "\"", "#quot;"), "\n", " ");
}

std::string label(const Step& step, bool mermaid) {
  std::string text = escape(step.id.value, mermaid);
  if (step.name != step.id.value) text += (mermaid ? "<br/>" : "\\n") + escape(step.name, mermaid);
  return text;
}

// Nodes are numbered: an id may hold what neither language takes.
std::string node(const std::string& prefix, std::size_t step) {
  return prefix + std::to_string(step);
}

std::string draw_mermaid(const std::vector<Step>& steps, const Graph& graph, const std::string& prefix) {
  std::string text = prefix == "f" ? "  subgraph finally\n" : "";
  for (std::size_t i = 0; i < steps.size(); ++i)
    text += "  " + node(prefix, i) + "[\"" + label(steps[i], true) + "\"]\n";
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (const Edge& edge : graph.needs[i]) {
      text += "  " + node(prefix, edge.step) + (edge.why == Edge::Why::written ? " --> " : " -.-> ") +
              node(prefix, i) + "\n";
    }
  }
  return text + (prefix == "f" ? "  end\n" : "");
}

std::string draw_dot(const std::vector<Step>& steps, const Graph& graph, const std::string& prefix) {
  std::string text;
  for (std::size_t i = 0; i < steps.size(); ++i)
    text += "  " + node(prefix, i) + " [label=\"" + label(steps[i], false) + "\"];\n";
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (const Edge& edge : graph.needs[i]) {
      text += "  " + node(prefix, edge.step) + " -> " + node(prefix, i) +
              (edge.why == Edge::Why::written ? ";\n" : " [style=dashed];\n");
    }
  }
  return text;
}

OrderedJson to_json(const std::vector<Step>& steps, const Graph& graph) {
  constexpr std::string_view whys[] = {"written", "reference", "path"};
  std::vector<std::uint32_t> level = levels(graph);
  OrderedJson list = OrderedJson::array();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    OrderedJson needs = OrderedJson::array();
    for (const Edge& edge : graph.needs[i]) {
      needs.push_back({{"step", steps[edge.step].id.value},
                       {"why", whys[static_cast<std::size_t>(edge.why)]},
                       {"detail", edge.detail}});
    }
    list.push_back({{"id", steps[i].id.value},
                    {"name", steps[i].name},
                    {"type", steps[i].type.value},
                    {"level", level[i]},
                    {"needs", std::move(needs)}});
  }
  return list;
}

}  // namespace

ExitCode command(App& app, const GraphOptions& options) {
  auto inputs = read_inputs(app, options.input);
  if (!inputs) return ExitCode::usage;
  MissionFile file = open_mission_at(app, options.mission, *inputs);
  show_problems(app, file);
  if (!file.valid()) return ExitCode::invalid_mission;
  const Mission& mission = file.mission;
  std::string text;
  switch (options.format) {
    case GraphFormat::text:
      text = draw_text(mission.steps, file.graph);
      if (!mission.finally.empty()) text += "at the end\n" + draw_text(mission.finally, file.finally_graph);
      break;
    case GraphFormat::mermaid:
      text = "flowchart TD\n" + draw_mermaid(mission.steps, file.graph, "s");
      if (!mission.finally.empty()) text += draw_mermaid(mission.finally, file.finally_graph, "f");
      break;
    case GraphFormat::dot:
      text = "digraph mission {\n  rankdir=LR;\n  node [shape=box];\n" +
             draw_dot(mission.steps, file.graph, "s") + draw_dot(mission.finally, file.finally_graph, "f") +
             "}\n";
      break;
    case GraphFormat::json:
      OrderedJson json = {{"format_version", 1},
                          {"file", mission.file},
                          {"name", mission.name},
                          {"steps", to_json(mission.steps, file.graph)},
                          {"finally", to_json(mission.finally, file.finally_graph)}};
      mask_json(file.mask, json);
      app.console.out(visible_lines(dump(json)));
      return ExitCode::success;
  }
  app.console.out(visible_lines(file.mask.text(text)));
  return ExitCode::success;
}

}  // namespace rustchain
