// rustchain plan: what would run, in which order, with which effects, limits and reasons. Does nothing.
#include "rustchain/effects.hpp"
#include "rustchain/history.hpp"
#include "rustchain/plan.hpp"

#include "cli/commands.hpp"
#include "cli/estimate.hpp"
#include "cli/mission_input.hpp"
#include "cli/mission_safety.hpp"
#include "cli/past_runs.hpp"
#include "engine/basis.hpp"
#include "engine/deadline.hpp"
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
#include "util/mask_json.hpp"
#include "util/text.hpp"
#include "util/utf8.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {
namespace {

constexpr std::uint64_t k_most_counted = 2'000'000;  // files of one tree

// One step as it would run.
struct Foresight {
  StepIndex index = k_no_step;
  std::uint32_t level = 0;
  Effects effects;
  std::string runs;     // lines: what it starts here, and what on other platforms
  std::string context;  // the steps whose outputs follow its prompt
  std::string items;    // of a foreach, in words
  StepLimit limit;
  ResourceLimits resources;
  std::optional<Expectation> expected;
  std::string background;         // of one whose process outlives it: how long, and when it is ready
  std::vector<WalkedTree> trees;  // where execution_strategy asks for them
};

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

std::string one_line(std::string_view text) {
  std::size_t end = text.find('\n');
  std::string first(trim(text.substr(0, end)));
  std::size_t more = end == std::string_view::npos ? 0 : split(trim(text.substr(end)), '\n').size();
  if (more > 0) first += " ... (" + std::to_string(more) + (more == 1 ? " more line)" : " more lines)");
  return first;
}

// "   runs:      make\n"
void line(std::string& text, std::string_view what, const std::string& value) {
  std::string label = what.empty() ? std::string() : std::string(what) + ":";
  label.resize(std::max<std::size_t>(label.size() + 1, 11), ' ');
  text += "   " + label + value + "\n";
}

void lines(std::string& text, std::string_view what, const std::vector<std::string>& values) {
  for (const std::string& value : values) line(text, what, one_line(value));
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
    std::string what =
        one.is_script() ? one_line(one.script) + "  (by " + one.shell + ")" : one_line(shell_join(one.argv));
    if (chosen && one.place == chosen->place)
      line(text, "runs", what + (one.place == "command" ? "" : "  (the one for " + one.place + ")"));
    else if (one.place == "fallback_command")
      line(elsewhere, "else", what + "  (if the program is not found)");
    else
      line(elsewhere, "not here",
           what + "  (the one for " + (one.place == "command" ? "others" : one.place) + ")");
  }
  if (!chosen) line(text, "runs", "nothing: " + chosen.error().message);
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
struct Sources {
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
                               const Graph& graph, const Sources& sources) {
  std::vector<std::uint32_t> level = levels(graph);
  std::optional<Names> names;
  std::vector<Foresight> all;
  all.reserve(steps.size());
  for (StepIndex i : start_order(steps, graph)) {
    const Step& step = steps[i];
    Foresight one;
    one.index = i;
    one.level = level[i];
    if (const StepType* type = step_types().find(step.type.value);
        type != nullptr && type->effects != nullptr) {
      const Json parameters = unresolved_parameters(step, *type).parameters;
      one.effects = type->effects(step, parameters);
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

struct Foreseen {
  std::vector<Foresight> steps;
  std::vector<Foresight> finally;
};

Foreseen foresee(App& app, const MissionFile& file) {
  const ExecutionStrategy& wanted = file.mission.execution_strategy;
  Estimator estimator(app.services, app.directory, file.mission,
                      [](const TreeSize& so_far) { return so_far.files > k_most_counted; });
  Sources sources;
  if (wanted.analyze_before_run || wanted.estimate_resource_usage || wanted.warn_on_large_operations)
    sources.estimator = &estimator;
  const std::string path = path_of_mission(app, file.mission.file);
  const std::unique_ptr<KeyedHash> key = read_state_key(app);
  const History history = key ? earlier_durations(app, path) : History();
  sources.earlier_seconds = [&](const Step& step) {
    return key ? earlier_seconds(history, definition_of(*key, path, step)) : std::vector<double>();
  };
  return {foresee(app, file, file.mission.steps, file.graph, sources),
          foresee(app, file, file.mission.finally, file.finally_graph, sources)};
}

// "60 s (timeout_seconds in m.yaml:14)".
std::string describe(const StepLimit& limit) {
  std::string text = limit.seconds ? format_seconds(*limit.seconds) : "none";
  std::string how = limit.how;
  if (limit.adaptive && limit.seconds && limit.max_seconds > *limit.seconds)
    how += "; up to " + format_seconds(limit.max_seconds) + " while it shows life";
  if (limit.idle_seconds) how += "; silent for at most " + format_seconds(*limit.idle_seconds);
  return how.empty() ? text : text + " (" + how + ")";
}

std::string describe(const Edge& edge, const std::vector<Step>& steps) {
  std::string text = steps[edge.step].id.value;
  if (edge.why == Edge::Why::reference) text += " (inferred: refers to " + edge.detail + ")";
  if (edge.why == Edge::Why::path) text += " (inferred: reads " + edge.detail + ")";
  if (edge.alternative != k_no_step) return text + " (else " + steps[edge.alternative].id.value + ")";
  if (edge.on_failure == OnFailure::use_default_value) text += " (else a default value)";
  if (edge.on_failure == OnFailure::log_warning || !edge.required) text += " (may fail)";
  return text;
}

void describe(std::string& text, const Foresight& one, const std::vector<Step>& steps, const Graph& graph) {
  const Step& step = steps[one.index];
  text += one.runs;
  lines(text, "reads", one.effects.reads);
  lines(text, "writes", one.effects.writes);
  lines(text, "deletes", one.effects.deletes);
  lines(text, "connects", one.effects.connects);
  lines(text, "mission", one.effects.missions);
  if (!one.context.empty()) line(text, "prompt", "with what came of " + one.context + " (context: auto)");
  std::string needs;
  for (const Edge& edge : graph.needs[one.index])
    needs += (needs.empty() ? "" : ", ") + describe(edge, steps);
  if (!needs.empty()) line(text, "after", needs);
  if (step.strategy == DependencyStrategy::any_required) line(text, "", "one of them is enough");
  if (step.strategy == DependencyStrategy::best_effort) line(text, "", "whatever became of them");
  if (graph.alternative[one.index]) line(text, "only", "in the place of another step that failed");
  if (step.when) line(text, "when", one_line(step.when->value));
  if (step.foreach) line(text, "foreach", one.items);
  if (step.repeat_count > 1) line(text, "repeated", std::to_string(step.repeat_count) + " times");
  if (step.retry && step.retry->max_attempts > 1)
    line(text, "attempts", "up to " + std::to_string(step.retry->max_attempts));
  if (step.continue_on_error) line(text, "failure", "doesn't fail the run");
  for (const WalkedTree& tree : one.trees) line(text, "walks", describe(tree));
  if (!one.background.empty()) line(text, "lives", one.background);
  if (one.expected)
    line(text, "takes",
         "about " + format_duration(one.expected->seconds) + ", as " +
             format_count(one.expected->runs, "earlier run") + " did");
  line(text, "timeout", describe(one.limit));
  if (one.resources.any()) line(text, "limits", describe(one.resources));
}

std::string describe(const std::vector<Foresight>& all, const std::vector<Step>& steps, const Graph& graph,
                     std::size_t first_number) {
  std::string text;
  for (const Foresight& one : all) {
    const Step& step = steps[one.index];
    text += "\n" + std::to_string(first_number++) + ". " + step.id.value;
    if (step.name != step.id.value) text += ": " + one_line(step.name);
    text += "  [" + step.type.value + ", level " + std::to_string(one.level) + "]\n";
    describe(text, one, steps, graph);
  }
  return text;
}

std::uint32_t parallel(const Mission& mission, const PlanOptions& options) {
  return std::max(1u, options.max_parallel.value_or(mission.config.max_parallel_steps));
}

std::string describe(const MissionFile& file, const PlanOptions& options, const Foreseen& foreseen) {
  const Mission& mission = file.mission;
  std::string text = "Plan of " + mission.name + " (" + mission.file + "); nothing is run\n";
  std::uint32_t at_once = parallel(mission, options);
  text += "  Steps: " + std::to_string(mission.steps.size());
  if (!mission.finally.empty()) text += ", and " + std::to_string(mission.finally.size()) + " at the end";
  text += at_once == 1 ? ", one at a time" : ", at most " + std::to_string(at_once) + " at once";
  text += "\n  Platform: " + std::string(platform_name()) + "\n";
  if (mission.config.timeout_seconds)
    text += "  Limit of the run: " + format_seconds(*mission.config.timeout_seconds) + "\n";
  if (mission.config.working_directory_size_limit)
    text += "  Limit of the working directory: " + format_size(*mission.config.working_directory_size_limit) +
            "\n";
  if (mission.config.limits.any()) {
    text += "  A step past its limits is " +
            std::string(mission.config.monitoring.kill_on_exceed ? "stopped\n" : "only warned of\n");
  }
  for (const Input& input : mission.inputs) {
    text += "  Input: " + input.name.value + " (" + input.type + (input.required ? ", required)" : ")");
    if (!input.description.empty()) text += ": " + one_line(input.description);
    text += "\n";
  }
  text += describe(foreseen.steps, mission.steps, file.graph, 1);
  if (!mission.finally.empty())
    text += "\nAt the end, whatever happened:\n" +
            describe(foreseen.finally, mission.finally, file.finally_graph, mission.steps.size() + 1);
  if (mission.execution_strategy.warn_on_large_operations)
    for (const auto* part : {&foreseen.steps, &foreseen.finally})
      for (const Foresight& one : *part)
        for (const WalkedTree& tree : one.trees)
          if (is_large(tree.size))
            text +=
                "\n⚠ " +
                large_warning((part == &foreseen.steps ? mission.steps : mission.finally)[one.index].id.value,
                              tree) +
                "\n";
  return text;
}

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
    list.push_back(std::move(entry));
  }
  return list;
}

OrderedJson to_json(const MissionFile& file, const PlanOptions& options, const Foreseen& foreseen) {
  const Mission& mission = file.mission;
  OrderedJson json;
  json["format_version"] = 1;
  json["file"] = mission.file;
  json["name"] = mission.name;
  json["platform"] = platform_name();
  json["max_parallel"] = parallel(mission, options);
  json["steps"] = to_json(foreseen.steps, mission.steps, file.graph);
  json["finally"] = to_json(foreseen.finally, mission.finally, file.finally_graph);
  return json;
}

}  // namespace

ExitCode command(App& app, const PlanOptions& options) {
  auto inputs = read_inputs(app, options.input);
  if (!inputs) return ExitCode::usage;
  ExitCode code = ExitCode::success;
  OrderedJson documents = OrderedJson::array();
  for (const std::string& path : options.missions) {
    MissionFile file = open_mission_with_others(app, path, *inputs);
    show_problems(app, file);
    if (!file.valid()) {
      code = ExitCode::invalid_mission;
      if (options.output == OutputFormat::json) documents.push_back(validation_json(file));
    } else {
      const std::vector<JudgedMission> safety =
          judge_all(app, file, options.input.safety, options.input.accept_allow);
      if (options.output == OutputFormat::json) {
        documents.push_back(to_json(file, options, foresee(app, file)));
        documents.back()["safety"] = to_json(safety);
        mask_json(file.mask, documents.back());
      } else {
        show_findings(app, safety);
        app.console.out(visible_lines(file.mask.text(describe(file, options, foresee(app, file))) + "\n" +
                                      verdict_lines(safety)));
      }
    }
  }
  if (options.output == OutputFormat::json)
    app.console.out(dump(documents.size() == 1 ? documents[0] : documents));
  return code;
}

}  // namespace rustchain
