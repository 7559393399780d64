// The states of steps, and how the end of one changes those of others.
#include "rustchain/plan.hpp"

#include <cassert>
#include <utility>

namespace rustchain {

Plan::Plan(const std::vector<Step>& steps, const Graph& graph, bool fail_fast)
    : steps_(steps),
      graph_(graph),
      fail_fast_(fail_fast),
      states_(steps.size(), StepState::waiting),
      statuses_(steps.size(), Status::cancelled),
      cause_(steps.size(), k_no_step),
      waits_for_(steps.size(), 0),
      first_dependent_(steps.size() + 1, 0),
      asked_(steps.size()),
      decided_(steps.size()),
      may_ask_(steps.size(), 0) {
  for (const std::vector<Edge>& needs : graph.needs)
    for (const Edge& edge : needs) {
      ++first_dependent_[edge.step + 1];
      if (edge.alternative != k_no_step) ++may_ask_[edge.alternative];
    }
  for (std::size_t i = 0; i < steps.size(); ++i) first_dependent_[i + 1] += first_dependent_[i];
  dependents_.resize(first_dependent_.back());
  std::vector<std::size_t> next(first_dependent_.begin(), first_dependent_.end() - 1);
  for (StepIndex i = 0; i < steps.size(); ++i) {
    waits_for_[i] = static_cast<std::uint32_t>(graph.needs[i].size());
    for (const Edge& edge : graph.needs[i]) dependents_[next[edge.step]++] = i;
  }
  for (StepIndex i = 0; i < steps.size(); ++i)
    if (waits_for_[i] == 0 && !graph.alternative[i]) make_ready(i);
}

std::optional<StepIndex> Plan::start_next() {
  if (ready_.empty()) return std::nullopt;
  StepIndex step = ready_.top();
  ready_.pop();
  states_[step] = StepState::running;
  ++running_;
  return step;
}

std::vector<Unstarted> Plan::finished(StepIndex step, Status status) {
  assert(states_[step] == StepState::running);
  --running_;
  std::vector<Unstarted> unstarted;
  end(step, status, nullptr, k_no_step, k_no_step);
  settle(unstarted);
  if (fail_fast_ && status == Status::failed && !steps_[step].continue_on_error && !cancelled_)
    for (Unstarted& one : cancel(step)) unstarted.push_back(one);
  return unstarted;
}

std::vector<Unstarted> Plan::cancel(StepIndex cause) {
  cancelled_ = true;
  ready_ = {};
  std::vector<Unstarted> unstarted;
  for (StepIndex i = 0; i < states_.size(); ++i)
    if (states_[i] == StepState::waiting || states_[i] == StepState::ready)
      end(i, Status::cancelled, &unstarted, k_no_step, cause);
  just_ended_.clear();
  return unstarted;
}

// The one place where a step ends. `unstarted` is given for those that didn't run.
void Plan::end(StepIndex step, Status status, std::vector<Unstarted>* unstarted, StepIndex needs,
               StepIndex cause) {
  states_[step] = StepState::ended;
  statuses_[step] = status;
  cause_[step] = cause;
  ++ended_;
  just_ended_.push_back(step);
  if (unstarted != nullptr) unstarted->push_back({step, status, needs, cause});
}

// Tells the dependents of all that has ended, and what ends because of that, until nothing changes.
void Plan::settle(std::vector<Unstarted>& unstarted) {
  // First come, first served, so that the steps of a chain are reported from the cause on.
  for (std::size_t ended = 0, looked = 0; ended < just_ended_.size() || looked < to_look_at_.size();) {
    if (looked < to_look_at_.size()) {
      look_at(to_look_at_[looked++], unstarted);
      continue;
    }
    StepIndex step = just_ended_[ended++];
    if (!decided_[step]) {
      decided_[step] = true;
      release_alternatives(step, unstarted);
    }
    auto tell = [&](StepIndex dependent) {
      if (--waits_for_[dependent] == 0) to_look_at_.push_back(dependent);
    };
    for (std::size_t i = first_dependent_[step]; i < first_dependent_[step + 1]; ++i) tell(dependents_[i]);
    if (auto waiting = waiting_for_alternative_.find(step); waiting != waiting_for_alternative_.end())
      for (StepIndex dependent : waiting->second) tell(dependent);
  }
  just_ended_.clear();
  to_look_at_.clear();
}

bool Plan::satisfied(StepIndex step) const {
  return states_[step] == StepState::ended &&
         (statuses_[step] == Status::success || statuses_[step] == Status::partial);
}

bool Plan::holds(const Edge& edge) const {
  if (satisfied(edge.step)) return true;
  switch (edge.on_failure) {
    case OnFailure::skip: return false;
    case OnFailure::log_warning:
    case OnFailure::use_default_value: return true;
    case OnFailure::retry_with_alternative:
      return edge.alternative != k_no_step && satisfied(edge.alternative);
  }
  return false;
}

bool Plan::asks_alternative(const Edge& edge) const {
  return edge.on_failure == OnFailure::retry_with_alternative && edge.alternative != k_no_step &&
         !satisfied(edge.step);
}

// Whether this dependency alone keeps the step from running, whatever its alternatives give.
bool Plan::vetoes(const Step& step, const Edge& edge) const {
  if (step.continue_on_dependency_failure || edge.on_failure != OnFailure::skip || satisfied(edge.step))
    return false;
  switch (step.strategy) {
    case DependencyStrategy::all_required: return true;
    case DependencyStrategy::any_required: return !edge.required;
    case DependencyStrategy::best_effort: return false;
  }
  return false;
}

// All that the step waits for has ended: it runs, asks for alternatives, or is skipped.
void Plan::look_at(StepIndex index, std::vector<Unstarted>& unstarted) {
  if (states_[index] != StepState::waiting || waits_for_[index] > 0) return;
  if (graph_.alternative[index] && !asked_[index]) return;
  const Step& step = steps_[index];
  const std::vector<Edge>& needs = graph_.needs[index];

  if (!decided_[index]) {
    decided_[index] = true;
    for (const Edge& edge : needs) {
      if (!vetoes(step, edge)) continue;
      skip(index, edge.step, unstarted);
      release_alternatives(index, unstarted);
      return;
    }
    bool waits = ask_alternatives(index);
    release_alternatives(index, unstarted);
    if (waits) return;
  }

  if (step.continue_on_dependency_failure || step.strategy == DependencyStrategy::best_effort)
    return make_ready(index);
  const Edge* lacking = nullptr;
  bool any = false;
  bool required = false;
  for (const Edge& edge : needs) {
    if (!edge.required) continue;
    required = true;
    if (holds(edge))
      any = true;
    else if (lacking == nullptr)
      lacking = &edge;
  }
  bool runs = step.strategy == DependencyStrategy::all_required ? lacking == nullptr : any || !required;
  if (runs)
    make_ready(index);
  else
    skip(index, lacking->step, unstarted);
}

// Whether the step has to wait for any.
bool Plan::ask_alternatives(StepIndex step) {
  for (const Edge& edge : graph_.needs[step]) {
    if (!asks_alternative(edge)) continue;
    asked_[edge.alternative] = true;
    if (states_[edge.alternative] == StepState::ended) continue;
    waiting_for_alternative_[edge.alternative].push_back(step);
    ++waits_for_[step];
    to_look_at_.push_back(edge.alternative);
  }
  return waits_for_[step] > 0;
}

// What the step has not asked for it never will.
void Plan::release_alternatives(StepIndex step, std::vector<Unstarted>& unstarted) {
  for (const Edge& edge : graph_.needs[step]) {
    if (edge.alternative == k_no_step || --may_ask_[edge.alternative] > 0) continue;
    if (!asked_[edge.alternative] && states_[edge.alternative] == StepState::waiting)
      end(edge.alternative, Status::skipped, &unstarted, k_no_step, k_no_step);
  }
}

void Plan::skip(StepIndex step, StepIndex needs, std::vector<Unstarted>& unstarted) {
  StepIndex cause = statuses_[needs] != Status::failed && cause_[needs] != k_no_step ? cause_[needs] : needs;
  end(step, Status::skipped, &unstarted, needs, cause);
}

void Plan::make_ready(StepIndex step) {
  states_[step] = StepState::ready;
  ready_.push(step);
}

}  // namespace rustchain
