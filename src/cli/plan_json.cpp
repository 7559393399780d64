// A plan as a document.
#include "cli/foresight.hpp"
#include "cli/mission_input.hpp"
#include "platform/platform.hpp"

#include <string_view>

namespace rustchain {
namespace {

OrderedJson to_json(const ResourceLimits& limits) {
  if (!limits.any()) return nullptr;
  auto number = [](const std::optional<double>& limit) {
    return limit ? OrderedJson(*limit) : OrderedJson(nullptr);
  };
  OrderedJson json;
  json["max_memory_mb"] = number(limits.max_memory_mb);
  json["max_cpu_percent"] = number(limits.max_cpu_percent);
  json["max_disk_io_mb_per_sec"] = number(limits.max_disk_io_mb_per_sec);
  return json;
}

OrderedJson to_json(const Fate& fate) {
  auto text_or_null = [](const std::string& text) {
    return text.empty() ? OrderedJson() : OrderedJson(text);
  };
  OrderedJson json;
  json["reused_from"] = text_or_null(fate.reused_from);
  json["left_out"] = fate.left_out;
  json["why"] = text_or_null(fate.why);
  return json;
}

OrderedJson to_json(const std::vector<Foresight>& all, const std::vector<Step>& steps, const Graph& graph) {
  constexpr std::string_view whys[] = {"written", "reference", "path"};
  OrderedJson list = OrderedJson::array();
  for (const Foresight& one : all) {
    const Step& step = steps[one.index];
    OrderedJson needs = OrderedJson::array();
    for (const Edge& edge : graph.needs[one.index]) {
      needs.push_back({{"step", steps[edge.step].id.value},
                       {"why", whys[static_cast<std::size_t>(edge.why)]},
                       {"detail", edge.detail},
                       {"required", edge.required}});
    }
    OrderedJson executes = OrderedJson::array();
    for (const Effects::Execution& run : one.effects.executes)
      executes.push_back({{"argv", run.argv}, {"script", run.script}});
    OrderedJson seconds = nullptr;
    if (one.limit.seconds) seconds = *one.limit.seconds;
    OrderedJson entry;
    entry["id"] = step.id.value;
    entry["name"] = step.name;
    entry["type"] = step.type.value;
    entry["level"] = one.level;
    entry["depends_on"] = std::move(needs);
    entry["timeout"] = {{"seconds", std::move(seconds)}, {"how", one.limit.how}};
    entry["limits"] = to_json(one.resources);
    if (step.foreach) entry["foreach"] = one.items;
    entry["effects"] = {{"executes", std::move(executes)},  {"reads", one.effects.reads},
                        {"writes", one.effects.writes},     {"deletes", one.effects.deletes},
                        {"connects", one.effects.connects}, {"missions", one.effects.missions}};
    entry["background"] = one.background.empty() ? OrderedJson(nullptr) : OrderedJson(one.background);
    entry["walks"] = OrderedJson::array();
    for (const WalkedTree& tree : one.trees)
      entry["walks"].push_back({{"path", tree.path},
                                {"files", tree.size.files},
                                {"directories", tree.size.directories},
                                {"bytes", tree.size.bytes},
                                {"complete", tree.size.complete}});
    entry["expected_seconds"] = one.expected ? OrderedJson(one.expected->seconds) : OrderedJson(nullptr);
    entry["resume"] = one.fate ? to_json(*one.fate) : OrderedJson(nullptr);
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace

OrderedJson plan_json(const MissionFile& file, const PlanOptions& options, const Foreseen& foreseen) {
  const Mission& mission = file.mission;
  OrderedJson json;
  json["format_version"] = 1;
  json["file"] = mission.file;
  json["name"] = mission.name;
  json["platform"] = platform_name();
  json["max_parallel"] = plan_parallel(mission, options);
  json["continues"] = foreseen.continues.empty() ? OrderedJson() : OrderedJson(foreseen.continues);
  json["steps"] = to_json(foreseen.steps, mission.steps, file.graph);
  json["finally"] = to_json(foreseen.finally, mission.finally, file.finally_graph);
  return json;
}

}  // namespace rustchain
