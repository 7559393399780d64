// The part of the loop that takes results from an earlier run in the place of a step's work.
#include "engine/basis.hpp"
#include "engine/loop.hpp"
#include "util/json_text.hpp"

namespace rustchain {

std::optional<std::string> Engine::Loop::left_out(const std::string& key) const {
  return setup_.earlier ? setup_.earlier->left_out(key) : std::nullopt;
}

LastNeeded Engine::Loop::last_needed(StepIndex index) const {
  LastNeeded last = setup_.needed;
  for (const Edge& edge : phase_->graph.needs[index])
    if (const std::string& run = reused_from_[in_events(edge.step)]; run > last.run)
      last = {phase_->steps[edge.step].id.value, run};
  return last;
}

// Those that only clean up run when there may be something to clean up.
Decision Engine::Loop::decide(StepIndex index, const std::string& key, const StepBasis& basis, bool has_parts,
                              const std::string& why_anew) const {
  if (!setup_.earlier) return {};
  const Step& step = phase_->steps[index];
  StepQuestion question{key, step, basis, has_parts};
  question.why_anew = why_anew.empty() ? setup_.why_anew : why_anew;
  if (is_service(step)) question.why_anew = "what it starts ended with the run";
  if (phase_number_ > 0 && any_ran_) question.why_anew = "the steps of finally run whenever others do";
  for (const Edge& edge : phase_->graph.needs[index])
    if (question.why_anew.empty() && ran_[in_events(edge.step)])
      question.why_anew = "it needs " + phase_->steps[edge.step].id.value + ", which ran again";
  question.needed = last_needed(index);
  // A service starts anew whenever its mission does.
  for (const Edge& edge : phase_->graph.needs[index])
    if (!is_service(phase_->steps[edge.step]))
      question.needs.push_back(setup_.key_prefix + phase_->steps[edge.step].id.value);
  question.mark = [this](const std::string& path) { return mark_file(setup_, path); };
  return setup_.earlier->decide(question);
}

// False: the step has ended.
bool Engine::Loop::may_run(Active& active) {
  if (!setup_.earlier) return true;
  Decision decision =
      decide(active.index, active.key, active.prepared->basis, active.type->runs_missions, active.why_anew);
  if (decision.refused) {
    announce(active);
    const Failure& failure = *decision.refused;
    finish(active, StepResult::failure(failure.kind, failure.message, failure.help));
    return false;
  }
  if (decision.reuse) {
    reuse(active, std::move(*decision.reuse));
    return false;
  }
  active.why_anew = decision.parts_too ? decision.why : std::string();
  active.why = std::move(decision.why);
  active.needed = last_needed(active.index);
  return true;
}

void Engine::Loop::reuse(Active& active, Reuse reused) {
  // What repeats the parameters was kept with *** for their secrets; the parameters are known to be the same.
  for (auto& [field, value] : reused.result.output.items())
    if (auto own = active.prepared->parameters.find(field);
        is_echo(field) && own != active.prepared->parameters.end())
      value = *own;
  StepReused event{active.told,
                   std::move(reused.run),
                   std::move(reused.result),
                   reused.attempts,
                   reused.duration_seconds,
                   std::move(reused.what),
                   std::move(active.prepared->basis),
                   std::move(reused.wrote)};
  for_next_step_ = std::move(active.warnings);
  const StepIndex index = active.index;
  const std::size_t item = active.item;
  Group* group = active.group;
  active_.erase(active.told);
  if (!group) return finish_reused(index, std::move(event));
  group->reused_from = std::max(group->reused_from, event.run);
  event = emit(std::move(event));
  item_ended(*group, item, {std::move(event.result), {}, event.attempts, event.duration_seconds});
}

void Engine::Loop::finish_reused(StepIndex index, StepReused event) {
  Status status = event.result.status;
  reused_from_[in_events(index)] = event.run;
  event = emit(std::move(event));
  results_.ended(in_events(index), {std::move(event.result), {}, event.attempts, event.duration_seconds});
  not_run(plan_->finished(index, status));
}

// Two items that are alike are told apart by their order.
std::string Engine::Loop::item_hash(Group& group, const Json& item) const {
  if (!setup_.hash) return {};
  std::string hash = (*setup_.hash)(dump_json(item));
  if (std::size_t count = ++group.alike[hash]; count > 1) hash += "#" + std::to_string(count);
  return hash;
}

}  // namespace rustchain
