// A plan as people read it.
#include "cli/foresight.hpp"
#include "engine/limits.hpp"
#include "platform/platform.hpp"
#include "util/format.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <string_view>

namespace rustchain {

std::string plan_one_line(std::string_view text) {
  std::size_t end = text.find('\n');
  std::string first(trim(text.substr(0, end)));
  std::size_t more = end == std::string_view::npos ? 0 : split(trim(text.substr(end)), '\n').size();
  if (more > 0) first += " ... (" + std::to_string(more) + (more == 1 ? " more line)" : " more lines)");
  return first;
}

void add_plan_line(std::string& text, std::string_view what, const std::string& value) {
  std::string label = what.empty() ? std::string() : std::string(what) + ":";
  label.resize(std::max<std::size_t>(label.size() + 1, 11), ' ');
  text += "   " + label + value + "\n";
}

std::uint32_t plan_parallel(const Mission& mission, const PlanOptions& options) {
  return std::max(1u, options.max_parallel.value_or(mission.config.max_parallel_steps));
}

namespace {

void lines(std::string& text, std::string_view what, const std::vector<std::string>& values) {
  for (const std::string& value : values) add_plan_line(text, what, plan_one_line(value));
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

std::string describe(const Fate& fate) {
  if (!fate.reused_from.empty()) return "reused from " + fate.reused_from;
  return (fate.left_out ? "left out: " : "runs: ") + fate.why;
}

void describe(std::string& text, const Foresight& one, const std::vector<Step>& steps, const Graph& graph) {
  const Step& step = steps[one.index];
  text += one.runs;
  lines(text, "reads", one.effects.reads);
  lines(text, "writes", one.effects.writes);
  lines(text, "deletes", one.effects.deletes);
  lines(text, "connects", one.effects.connects);
  lines(text, "mission", one.effects.missions);
  if (!one.context.empty())
    add_plan_line(text, "prompt", "with what came of " + one.context + " (context: auto)");
  std::string needs;
  for (const Edge& edge : graph.needs[one.index])
    needs += (needs.empty() ? "" : ", ") + describe(edge, steps);
  if (!needs.empty()) add_plan_line(text, "after", needs);
  if (step.strategy == DependencyStrategy::any_required) add_plan_line(text, "", "one of them is enough");
  if (step.strategy == DependencyStrategy::best_effort) add_plan_line(text, "", "whatever became of them");
  if (graph.alternative[one.index]) add_plan_line(text, "only", "in the place of another step that failed");
  if (step.when) add_plan_line(text, "when", plan_one_line(step.when->value));
  if (step.foreach) add_plan_line(text, "foreach", one.items);
  if (step.repeat_count > 1) add_plan_line(text, "repeated", std::to_string(step.repeat_count) + " times");
  if (step.retry && step.retry->max_attempts > 1)
    add_plan_line(text, "attempts", "up to " + std::to_string(step.retry->max_attempts));
  if (step.continue_on_error) add_plan_line(text, "failure", "doesn't fail the run");
  for (const WalkedTree& tree : one.trees) add_plan_line(text, "walks", describe(tree));
  if (!one.background.empty()) add_plan_line(text, "lives", one.background);
  if (one.expected)
    add_plan_line(text, "takes",
                  "about " + format_duration(one.expected->seconds) + ", as " +
                      format_count(one.expected->runs, "earlier run") + " did");
  if (one.fate) add_plan_line(text, "resume", describe(*one.fate));
  add_plan_line(text, "timeout", describe(one.limit));
  if (one.resources.any()) add_plan_line(text, "limits", describe(one.resources));
}

std::string describe(const std::vector<Foresight>& all, const std::vector<Step>& steps, const Graph& graph,
                     std::size_t first_number) {
  std::string text;
  for (const Foresight& one : all) {
    const Step& step = steps[one.index];
    text += "\n" + std::to_string(first_number++) + ". " + step.id.value;
    if (step.name != step.id.value) text += ": " + plan_one_line(step.name);
    text += "  [" + step.type.value + ", level " + std::to_string(one.level) + "]\n";
    describe(text, one, steps, graph);
  }
  return text;
}

}  // namespace

std::string plan_text(const MissionFile& file, const PlanOptions& options, const Foreseen& foreseen) {
  const Mission& mission = file.mission;
  std::string text = "Plan of " + mission.name + " (" + mission.file + "); nothing is run\n";
  std::uint32_t at_once = plan_parallel(mission, options);
  text += "  Steps: " + std::to_string(mission.steps.size());
  if (!mission.finally.empty()) text += ", and " + std::to_string(mission.finally.size()) + " at the end";
  text += at_once == 1 ? ", one at a time" : ", at most " + std::to_string(at_once) + " at once";
  if (!foreseen.continues.empty()) {
    std::size_t reused = 0;
    for (const auto* part : {&foreseen.steps, &foreseen.finally})
      for (const Foresight& one : *part) reused += one.fate && !one.fate->reused_from.empty() ? 1 : 0;
    text += "\n  Continues: " + foreseen.continues + ", reusing " + format_count(reused, "step");
  }
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
    if (!input.description.empty()) text += ": " + plan_one_line(input.description);
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

}  // namespace rustchain
