// Which step may run now: the dependency graph of a list of steps, and the state of each. Pure: it knows no
// clock, no thread and no file.
#pragma once

#include "rustchain/mission.hpp"
#include "rustchain/step_result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <queue>
#include <string>
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
  StepIndex needs = k_no_step;      // the dependency that is to blame
  StepIndex cause = k_no_step;      // the first cause, down the chain of skipped ones
};

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
  // Nothing new starts from now on. Gives all steps that have not started.
  std::vector<Unstarted> cancel();

  std::size_t running() const { return running_; }
  bool done() const { return ended_ == states_.size(); }
  StepState state(StepIndex step) const { return states_[step]; }
  // Of an ended step.
  Status status(StepIndex step) const { return statuses_[step]; }

 private:
  void end(StepIndex step, Status status, std::vector<Unstarted>& unstarted);
  void look_at(StepIndex step, std::vector<Unstarted>& unstarted);
  void make_ready(StepIndex step);

  const std::vector<Step>& steps_;
  const Graph& graph_;
  bool fail_fast_;
  bool cancelled_ = false;
  std::size_t running_ = 0;
  std::size_t ended_ = 0;
  std::vector<StepState> states_;
  std::vector<Status> statuses_;
  std::vector<std::uint32_t> waits_for_;            // dependencies that have not ended
  std::vector<std::vector<StepIndex>> dependents_;  // the other direction of the graph
  std::vector<StepIndex> cause_;                    // of a skipped step
  std::priority_queue<StepIndex, std::vector<StepIndex>, std::greater<>> ready_;
};

}  // namespace rustchain
