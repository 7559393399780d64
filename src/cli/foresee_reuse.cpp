// What a run would take from an earlier one. The engine decides, as it does in a run; the step types that it
// is handed do nothing, and end as if they had been stopped, so that nothing is asked that their work would
// have to answer.
#include "rustchain/engine.hpp"
#include "rustchain/report.hpp"
#include "rustchain/step_result.hpp"

#include "cli/foresight.hpp"
#include "cli/past_runs.hpp"
#include "cli/run_setup.hpp"
#include "engine/basis.hpp"
#include "mission/graph.hpp"
#include "steps/registry.hpp"
#include "util/format.hpp"

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

namespace rustchain {
namespace {

// A service starts again whenever the mission runs, and what needs it may be reused all the same.
StepResult leave_out(const StepContext& context) {
  StepResult result;
  if (!is_service(context.step)) result.status = Status::cancelled;
  return result;
}

class StandIns {
 public:
  StandIns() {
    types_.reserve(step_types().all().size());
    for (const StepType* type : step_types().all()) {
      types_.push_back(*type);
      if (!type->runs_missions) types_.back().run = leave_out;
    }
    for (const StepType& type : types_) rows_.push_back(&type);
  }
  StepTypes types() const { return StepTypes(rows_); }

 private:
  std::vector<StepType> types_;
  std::vector<const StepType*> rows_;
};

// The steps of a list, `first` being the index of its first one in the report.
class Fates {
 public:
  Fates(const RunReport& report, const std::vector<Step>& steps, const Graph& graph, std::size_t first)
      : report_(report), steps_(steps), graph_(graph), first_(first) {}

  std::vector<Fate> all() const {
    std::vector<Fate> fates;
    for (StepIndex i = 0; i < steps_.size(); ++i) fates.push_back(of(i));
    // What was skipped then because a step failed may run now, and so may what made do without it.
    std::vector<StepIndex> order(steps_.size());
    std::iota(order.begin(), order.end(), StepIndex{0});
    const std::vector<std::uint32_t> level = levels(graph_);
    std::stable_sort(order.begin(), order.end(),
                     [&](StepIndex a, StepIndex b) { return level[a] < level[b]; });
    for (StepIndex i : order) {
      if (fates[i].reused_from.empty()) continue;
      for (const Edge& edge : graph_.needs[i]) {
        const Fate& need = fates[edge.step];
        if (!need.reused_from.empty() || need.left_out || is_service(steps_[edge.step])) continue;
        fates[i] = {{}, false, runs_again(edge)};
        break;
      }
    }
    return fates;
  }

 private:
  Fate of(StepIndex index) const {
    const StepReport& step = report_.steps[first_ + index];
    if (!step.reused_from.empty()) return {step.reused_from, false, {}};
    if (step.started) return {{}, false, why(step, index)};
    if (is_left_out(step)) return {{}, true, step.reason};
    return {{}, false, needed(index)};
  }

  // Whatever is reused: by a condition, by --only, or because it needs such a step.
  bool is_left_out(const StepReport& step) const {
    if (step.started || step.status != Status::skipped) return false;
    return step.cause == k_no_step || is_left_out(report_.steps[step.cause]);
  }

  std::string why(const StepReport& step, StepIndex index) const {
    if (!step.why.empty()) return step.why;
    std::size_t parts = 0, reused = 0;
    for (const StepReport& part : report_.steps) {
      if (part.parent != first_ + index) continue;
      ++parts;
      if (!part.reused_from.empty()) ++reused;
    }
    if (parts == 0) return step.result.error.empty() ? needed(index) : step.result.error;
    return format_count(parts - reused) + " of its " + format_count(parts, "part") +
           (reused == 0 ? "" : "; the others are reused");
  }

  // The first step that it needs and that would run.
  std::string needed(StepIndex index) const {
    for (const Edge& edge : graph_.needs[index]) {
      const StepReport& need = report_.steps[first_ + edge.step];
      if (need.reused_from.empty() && !is_left_out(need)) return runs_again(edge);
    }
    return "what it needs runs again";
  }

  std::string runs_again(const Edge& edge) const {
    return "it needs " + steps_[edge.step].id.value + ", which runs again";
  }

  const RunReport& report_;
  const std::vector<Step>& steps_;
  const Graph& graph_;
  const std::size_t first_;
};

}  // namespace

std::vector<Fate> foresee_reuse(App& app, const MissionFile& file, const EarlierRun& earlier) {
  const StandIns stand_ins;
  const StepTypes types = stand_ins.types();
  Services services = app.services;
  if (!file.mask.empty()) services.mask = &file.mask;
  const std::unique_ptr<KeyedHash> key = read_state_key(app);
  if (!key && !earlier.report().run.run_id.empty())
    return std::vector<Fate>(file.mission.steps.size() + file.mission.finally.size(),
                             Fate{{}, false, k_key_is_gone});
  RunSetup setup = run_setup(app, file, types, services);
  // Without an earlier run there is nothing to compare with: --only alone decides.
  const KeyedHash unkeyed{std::string()};
  setup.hash = key ? key.get() : &unkeyed;
  setup.earlier = &earlier;
  ReportBuilder builder;
  Engine(setup, builder).run();

  const RunReport report = std::move(builder).report();
  const Mission& mission = file.mission;
  std::vector<Fate> fates = Fates(report, mission.steps, file.graph, 0).all();
  for (Fate& fate : Fates(report, mission.finally, file.finally_graph, mission.steps.size()).all())
    fates.push_back(std::move(fate));
  return fates;
}

}  // namespace rustchain
