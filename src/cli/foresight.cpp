// What is known of each step of a mission before it runs.
#include "cli/foresight.hpp"

#include "cli/mission_input.hpp"
#include "cli/past_runs.hpp"
#include "engine/basis.hpp"
#include "engine/limits.hpp"
#include "mission/graph.hpp"
#include "mission/known_values.hpp"
#include "mission/resolve.hpp"
#include "platform/platform.hpp"
#include "steps/command_line.hpp"
#include "steps/llm_context.hpp"
#include "steps/registry.hpp"
#include "steps/run_background.hpp"
#include "steps/support.hpp"
#include "util/format.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

namespace rustchain {
namespace {

constexpr std::uint64_t k_most_counted = 2'000'000;  // files of one tree

// In the order in which the steps would start one by one; those that only stand in for others last.
std::vector<StepIndex> start_order(const std::vector<Step>& steps, const Graph& graph) {
  std::vector<StepIndex> order;
  std::vector<bool> seen(steps.size());
  Plan plan(steps, graph, false);
  while (auto next = plan.start_next()) {
    order.push_back(*next);
    seen[*next] = true;
    (void)plan.finished(*next, Status::success);
  }
  for (StepIndex i = 0; i < steps.size(); ++i)
    if (!seen[i]) order.push_back(i);
  return order;
}

std::string command_plan(const Step& step, const Json& parameters, const Mission& mission) {
  const std::string& shell = mission.config.shell.value;
  const std::vector<CommandLine> all =
      command_lines(step, parameters, shell.empty() ? default_shell() : shell);
  Result<CommandLine, Failure> chosen =
      choose_command(all, platform_name(), flag_of(parameters, "detect_platform"));
  std::string text;
  std::string elsewhere;
  for (const CommandLine& one : all) {
    std::string what = one.is_script() ? plan_one_line(one.script) + "  (by " + one.shell + ")"
                                       : plan_one_line(shell_join(one.argv));
    if (chosen && one.place == chosen->place)
      add_plan_line(text, "runs", what + (one.place == "command" ? "" : "  (the one for " + one.place + ")"));
    else if (one.place == "fallback_command")
      add_plan_line(elsewhere, "else", what + "  (if the program is not found)");
    else
      add_plan_line(elsewhere, "not here",
                    what + "  (the one for " + (one.place == "command" ? "others" : one.place) + ")");
  }
  if (!chosen) add_plan_line(text, "runs", "nothing: " + chosen.error().message);
  return text + elsewhere;
}

// The steps whose outputs a prompt is given because it refers to none of them.
std::string context_plan(const Step& step, const std::vector<Step>& steps, const std::vector<Edge>& needs) {
  std::vector<ContextItem> items;
  std::vector<std::string> ids;
  for (const Edge& edge : needs) {
    ids.push_back(steps[edge.step].id.value);
    items.push_back({.step = ids.back()});
  }
  const Node* wanted = step.parameters.find("context");
  bool none = wanted != nullptr && wanted->text == "none";
  return none || refers_to_any(step.parameters, items) ? std::string() : join(ids, ", ");
}

// What is asked about a step besides its own words.
struct Knowledge {
  Estimator* estimator = nullptr;  // nullptr: nobody wants to know of sizes
  // How long earlier runs of the step took.
  std::function<std::vector<double>(const Step&)> earlier_seconds = {};
};

// "3 items: debug, release, profile"
std::string describe_items(App& app, const Mission& mission, const Step& step, const Names& names) {
  constexpr std::size_t k_most_named = 8;
  Directories directories{app.directory, directory_of_mission(app, mission.file)};
  auto find_files = [&](const std::string& pattern, const std::string& directory) {
    return app.services.files.glob(pattern, directory);
  };
  auto items = known_items(mission, step, step_types(), names, directories, find_files);
  if (!items) {
    const Node* glob = step.foreach->find("glob");
    if (glob) return "each file that matches " + (glob->is_scalar() ? glob->text : "one of the patterns");
    return step.foreach->is_scalar() ? "each item of " + step.foreach->text
                                     : format_count(step.foreach->size(), "item");
  }
  std::string text = format_count(items->list.size(), items->pattern.empty() ? "item" : "file");
  if (!items->pattern.empty()) text += items->list.size() == 1 ? " matches " : " match ";
  text += items->pattern;
  for (std::size_t i = 0; i < std::min(items->list.size(), k_most_named); ++i)
    text += (i == 0 ? ": " : ", ") + item_label(items->list[i]);
  if (items->list.size() > k_most_named) text += ", ...";
  return text;
}

std::vector<Foresight> foresee(App& app, const MissionFile& file, const std::vector<Step>& steps,
                               const Graph& graph, const Knowledge& sources) {
  std::vector<std::uint32_t> level = levels(graph);
  std::optional<Names> names;
  DefaultValues defaults;
  std::vector<Foresight> all;
  all.reserve(steps.size());
  const std::size_t first = &steps == &file.mission.steps ? 0 : file.mission.steps.size();
  for (StepIndex i : start_order(steps, graph)) {
    const Step& step = steps[i];
    Foresight one;
    one.index = i;
    one.level = level[i];
    one.effects = file.effects[first + i];
    if (const StepType* type = step_types().find(step.type.value);
        type != nullptr && type->effects != nullptr) {
      const Json parameters = unresolved_parameters(step, *type, defaults);
      if (type == &k_command_step) {
        one.runs = command_plan(step, parameters, file.mission);
        one.background = background_plan(parameters);
      }
      if (sources.estimator) one.trees = sources.estimator->walked(step, one.effects, parameters);
    }
    if (step.type.value == "llm") one.context = context_plan(step, steps, graph.needs[i]);
    if (step.foreach) {
      if (!names) names.emplace(file.mission);
      one.items = describe_items(app, file.mission, step, *names);
    }
    std::optional<double> tree_mb;
    for (const WalkedTree& tree : one.trees)
      tree_mb = tree_mb.value_or(0) + static_cast<double>(tree.size.bytes) / 1e6;
    std::vector<double> earlier = sources.earlier_seconds(step);
    one.expected = expectation(earlier);
    if (!one.effects.executes.empty()) one.resources = file.mission.config.limits;
    one.limit =
        choose_timeout(file.mission, step,
                       {.effects = one.effects, .tree_mb = tree_mb, .earlier_seconds = std::move(earlier)});
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace

Foreseen foresee(App& app, const MissionFile& file, const EarlierRun* earlier) {
  const ExecutionStrategy& wanted = file.mission.execution_strategy;
  Estimator estimator(app.services, app.directory, file.mission,
                      [](const TreeSize& so_far) { return so_far.files > k_most_counted; });
  Knowledge sources;
  if (wanted.analyze_before_run || wanted.estimate_resource_usage || wanted.warn_on_large_operations)
    sources.estimator = &estimator;
  const std::string path = path_of_mission(app, file.mission.file);
  const std::unique_ptr<KeyedHash> key = read_state_key(app);
  const History history = key ? earlier_durations(app, path) : History();
  sources.earlier_seconds = [&](const Step& step) {
    return key ? earlier_seconds(history, definition_of(*key, path, step)) : std::vector<double>();
  };
  Foreseen foreseen{foresee(app, file, file.mission.steps, file.graph, sources),
                    foresee(app, file, file.mission.finally, file.finally_graph, sources),
                    {}};
  if (!earlier) return foreseen;
  foreseen.continues = earlier->report().run.run_id;
  std::vector<Fate> fates = foresee_reuse(app, file, *earlier);
  for (Foresight& one : foreseen.steps) one.fate = std::move(fates[one.index]);
  for (Foresight& one : foreseen.finally) one.fate = std::move(fates[file.mission.steps.size() + one.index]);
  return foreseen;
}

}  // namespace rustchain
