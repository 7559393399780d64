// Which step may run now: the dependency graph of a list of steps, and the state of each. Pure: it knows no
// clock, no thread and no file.
#pragma once

#include "rustchain/mission.hpp"
#include "rustchain/status.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

namespace rustchain {

using StepIndex = std::uint32_t;  // into the list of steps, in file order
inline constexpr StepIndex k_no_step = 0xffffffff;

// One step's need for another.
struct Edge {
  enum class Why : std::uint8_t {
    written,    // depends_on
    reference,  // a parameter refers to its output
    path,       // reads what it writes
  };
  StepIndex step = k_no_step;  // the one that is needed
  Why why = Why::written;
  bool required = true;
  OnFailure on_failure = OnFailure::skip;
  StepIndex alternative = k_no_step;  // retry_with_alternative
  Location at;                        // where the need is written
  std::string detail = {};            // reference: as written; path: the path
};

// needs[i]: what step i needs, in the order written, inferred ones last; no step twice, no cycle.
struct Graph {
  std::vector<std::vector<Edge>> needs;
  std::vector<bool> alternative;  // runs only in the place of another
};

// How a step of the plan stands. Changed by Plan only.
enum class StepState : std::uint8_t {
  waiting,  // for its dependencies
  ready,    // may run
  running,
  ended,  // with one of the statuses
};

// A step that will not run, and why.
struct Unstarted {
  StepIndex step = k_no_step;
  Status status = Status::skipped;  // or cancelled
  StepIndex needs = k_no_step;      // the dependency that is to blame; none: an alternative nobody asked for
  StepIndex cause = k_no_step;  // the first cause, down the chain of skipped ones; of a cancelled one: the
                                // step whose failure ended the run early
};

// A step is looked at when all that it needs has ended; what it then means doesn't depend on the order in
// which the dependencies ended. Needs of all kinds count alike:
//   all_required  skipped when a dependency isn't satisfied and its on_failure is skip
//   any_required  skipped when no required dependency holds; an optional one with on_failure: skip still
//   skips best_effort   runs
// A failed dependency holds all the same with log_warning and use_default_value, and with
// retry_with_alternative when the alternative was satisfied. An alternative that fails too skips the step
// only where the dependency is required. A whole run takes time linear in the size of the graph, but for the
// ordering of the ready steps.
class Plan {
 public:
  // `steps` and `graph` must outlive the plan.
  Plan(const std::vector<Step>& steps, const Graph& graph, bool fail_fast);

  // The first step in file order that may run now; it is running then. nullopt: none may, for now or for
  // good.
  std::optional<StepIndex> start_next();

  // `step`, which is running, has ended. Gives the steps that will not run because of it, each after its
  // cause.
  std::vector<Unstarted> finished(StepIndex step, Status status);
  // A step that was given out by start_next is not run after all (its condition is false): skipped.
  std::vector<Unstarted> skipped(StepIndex step) { return finished(step, Status::skipped); }
  // Nothing new starts from now on, because of `cause` if that is a step. Gives all steps that have not
  // started.
  std::vector<Unstarted> cancel(StepIndex cause = k_no_step);

  std::size_t running() const { return running_; }
  bool done() const { return ended_ == states_.size(); }
  StepState state(StepIndex step) const { return states_[step]; }
  // Of an ended step.
  Status status(StepIndex step) const { return statuses_[step]; }

 private:
  bool satisfied(StepIndex step) const;
  bool holds(const Edge& edge) const;
  bool asks_alternative(const Edge& edge) const;
  bool vetoes(const Step& step, const Edge& edge) const;
  void end(StepIndex step, Status status, std::vector<Unstarted>* unstarted, StepIndex needs,
           StepIndex cause);
  void settle(std::vector<Unstarted>& unstarted);
  void look_at(StepIndex step, std::vector<Unstarted>& unstarted);
  bool ask_alternatives(StepIndex step);
  void release_alternatives(StepIndex step, std::vector<Unstarted>& unstarted);
  void skip(StepIndex step, StepIndex needs, std::vector<Unstarted>& unstarted);
  void make_ready(StepIndex step);

  const std::vector<Step>& steps_;
  const Graph& graph_;
  bool fail_fast_;
  bool cancelled_ = false;
  std::size_t running_ = 0;
  std::size_t ended_ = 0;
  std::vector<StepState> states_;
  std::vector<Status> statuses_;
  std::vector<StepIndex> cause_;          // of a step that didn't run
  std::vector<std::uint32_t> waits_for_;  // dependencies that have not ended
  // The other direction of the graph: the dependents of i are those from first_dependent_[i] on.
  std::vector<std::size_t> first_dependent_;
  std::vector<StepIndex> dependents_;
  // Alternatives run when a step asks for them, and end as skipped when none can ask any more.
  std::vector<bool> asked_;             // of an alternative: it is to run
  std::vector<bool> decided_;           // of a step: whether it takes alternatives is known
  std::vector<std::uint32_t> may_ask_;  // of an alternative: edges that name it and are not decided yet
  std::unordered_map<StepIndex, std::vector<StepIndex>> waiting_for_alternative_;
  std::priority_queue<StepIndex, std::vector<StepIndex>, std::greater<>> ready_;
  // What settle() has still to do.
  std::vector<StepIndex> just_ended_;
  std::vector<StepIndex> to_look_at_;
};

}  // namespace rustchain
