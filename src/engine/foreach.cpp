// The part of the loop that runs a step once for each item of a list.
#include "engine/loop.hpp"
#include "util/format.hpp"

namespace rustchain {

// A condition that asks for the item is looked at for each; any other decides for the whole step.
void Engine::Loop::begin_foreach(StepIndex index) {
  const Step& step = phase_->steps[index];
  const std::string key = setup_.key_prefix + step.id.value;
  if (auto reason = left_out(key)) return skip(index, std::move(*reason));
  if (step.when && !refers_to_item(step.when->value)) {
    auto holds = condition_holds(setup_, names_, results_, *phase_, index);
    if (holds && !*holds) return skip(index, "its condition is false: " + step.when->value);
    if (!holds) {
      emit(StepStarted{in_events(index), 1, {}, {}});
      const Failure& failure = holds.error();
      return finish_step(index, StepResult::failure(failure.kind, failure.message, failure.help), 1, now());
    }
  }
  auto items = items_of(setup_, names_, results_, *phase_, index);
  Decision decision = decide(index, key, {}, true, {});
  StepStarted started{in_events(index), 1, items ? format_count(items->list.size(), "item") : "", {}};
  started.why = decision.why;
  emit(std::move(started));
  if (!items) {
    const Failure& failure = items.error();
    return finish_step(index, StepResult::failure(failure.kind, failure.message, failure.help), 1, now());
  }
  Group& group = groups_[index];
  group.index = index;
  group.started = now();
  if (decision.parts_too) group.why_anew = std::move(decision.why);
  group.items.reserve(items->list.size());
  for (Json& item : items->list) group.items.emplace_back().item = std::move(item);
  if (group.items.empty()) {
    if (!items->pattern.empty()) group.warnings.push_back("no file matches " + items->pattern);
    return finish_foreach(group);
  }
  open_ = &group;
}

// Of the open group. nullptr: the item has already ended.
Active* Engine::Loop::begin_item() {
  Group& group = *open_;
  const std::size_t item = group.next++;
  if (group.next == group.items.size()) open_ = nullptr;
  ++group.running;
  const StepIndex index = group.index;
  const StepIndex told = next_told_++;
  const Json& value = group.items[item].item;
  auto owned = make_active(index, told);
  Active& active = *owned;
  active.group = &group;
  active.item = item;
  const Step& step = *active.step;
  std::string hash = item_hash(group, value);
  active.key = setup_.key_prefix + step.id.value + "[" + hash + "]";
  active.why_anew = group.why_anew;
  emit(StepAdded{told,
                 in_events(index),
                 static_cast<std::uint32_t>(group.items.size()),
                 {step.id.value + "[" + std::to_string(item) + "]",
                  item_label(value),
                  step.type.value,
                  step.id.at,
                  {},
                  {}},
                 std::move(hash)});
  if (step.when && refers_to_item(step.when->value)) {
    auto holds = condition_holds(setup_, names_, results_, *phase_, index, {&value, item});
    if (holds && !*holds) {
      std::string reason = "its condition is false: " + step.when->value;
      emit(StepNotRun{told, Status::skipped, k_no_step, k_no_step, reason});
      item_ended(group, item, {StepResult{.status = Status::skipped}, std::move(reason), 0, 0});
      return nullptr;
    }
    if (!holds) {
      active_.emplace(told, std::move(owned));
      announce(active);
      finish(active, StepResult::failure(holds.error().kind, holds.error().message, holds.error().help));
      return nullptr;
    }
  }
  active_.emplace(told, std::move(owned));
  return prepare_run(active) ? &active : nullptr;
}

void Engine::Loop::item_ended(Group& group, std::size_t item, Ended how) {
  bool failed = how.result.status == Status::failed && !phase_->steps[group.index].continue_on_error;
  group.items[item].how = std::move(how);
  --group.running;
  if (failed && fail_fast_) {
    if (open_ == &group) open_ = nullptr;
    not_run(plan_->cancel(group.index));
  }
  if (open_ != &group && group.running == 0) finish_foreach(group);
}

void Engine::Loop::finish_foreach(Group& group) {
  const StepIndex index = group.index;
  const SteadyTime started = group.started;
  StepResult result = items_result(phase_->steps[index], group.items, stopped_);
  result.warnings = std::move(group.warnings);
  const std::size_t count = group.items.size();
  results_.items_ended(in_events(index), std::move(group.items));
  std::string reused_from = group.ran ? "" : std::move(group.reused_from);
  groups_.erase(index);
  if (!reused_from.empty() && result.status == Status::success) {
    StepReused event{in_events(index), std::move(reused_from), std::move(result)};
    event.what = format_count(count, "item");
    return finish_reused(index, std::move(event));
  }
  if (result.status == Status::skipped)
    skip(index, "its condition is false for every item: " + phase_->steps[index].when->value);
  else
    finish_step(index, std::move(result), 1, started);
}

}  // namespace rustchain
