// The part of the loop that tells what happens in a mission that a step runs: its steps are the step's own.
#include "engine/loop.hpp"

#include <type_traits>

namespace rustchain {

// Another attempt's steps, and another repetition's, take the places of those before.
void Engine::Loop::add_inner(Active& active, StepIndex inner, StepIndex parent, std::uint32_t siblings,
                             RunStarted::StepInfo info, std::string item) {
  if (inner < active.inner.size()) return;
  const Step& step = *active.step;
  std::string prefix = step.id.value;
  if (active.group) prefix += "[" + std::to_string(active.item) + "]";
  prefix += "/";
  info.id.insert(0, prefix);
  for (std::vector<std::string>* ids : {&info.depends_on, &info.inferred})
    for (std::string& id : *ids) id.insert(0, prefix);
  if (info.file.empty()) {
    info.file = active.inner_file;
    // The places of a mission's bases are known to nobody here.
    if (info.at.file != 0) info.at = {};
  }
  active.inner.push_back(next_told_++);
  emit(StepAdded{active.inner.back(), parent, siblings, std::move(info), std::move(item)});
}

void Engine::Loop::say_inner(Active& active, Event event) {
  auto outer = [&](StepIndex inner) { return inner == k_no_step ? inner : active.inner[inner]; };
  if (auto* started = std::get_if<RunStarted>(&event.what)) {
    active.inner_file = started->file;
    const auto count = static_cast<std::uint32_t>(started->steps.size());
    for (StepIndex i = 0; i < count; ++i)
      add_inner(active, i, active.told, count, std::move(started->steps[i]));
  } else if (auto* added = std::get_if<StepAdded>(&event.what)) {
    add_inner(active, added->step, outer(added->parent), added->siblings, std::move(added->info),
              std::move(added->item));
  } else if (auto* not_run = std::get_if<StepNotRun>(&event.what)) {
    not_run->needs = outer(not_run->needs);
    not_run->cause = outer(not_run->cause);
    not_run->step = outer(not_run->step);
    emit(std::move(*not_run));
  } else if (!std::holds_alternative<RunStopping>(event.what) &&
             !std::holds_alternative<RunFinished>(event.what)) {
    std::visit(
        [&](auto& what) {
          using What = std::remove_reference_t<decltype(what)>;
          if constexpr (!std::is_same_v<What, RunStarted> && !std::is_same_v<What, RunStopping> &&
                        !std::is_same_v<What, RunFinished>) {
            what.step = outer(what.step);
            if constexpr (std::is_same_v<What, BackgroundEnded>)
              for (StepIndex& during : what.during) during = outer(during);
            emit(std::move(what));
          }
        },
        event.what);
  }
}

}  // namespace rustchain
