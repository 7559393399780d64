// How a run comes to its end: what was left to run in the background, and what stops before its time.
#include "engine/loop.hpp"
#include "engine/retry.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

namespace rustchain {

void Engine::Loop::keep(Active& active) {
  for (std::unique_ptr<BackgroundProcess>& process : active.kept) {
    Background& background =
        background_.emplace_back(Background{in_events(active.index), std::move(process)});
    background.process->let_go([this, &background] { mailbox_.post(&background); });
  }
  active.kept.clear();
}

// The steps that run may fail because of it; where none does, the next one may.
void Engine::Loop::background_ended(Background& background) {
  background.ended = true;
  const Result<ProcessEnd, Failure>& end = background.process->end();
  BackgroundEnded event{background.step, !end || end->stopped_by == StopReason::none, {}, {}};
  if (!end)
    event.how = end.error().message;
  else if (!event.early)
    event.how = "stopped when the run was over";
  else
    event.how = end->signal != 0 ? "signal " + std::to_string(end->signal)
                                 : "exit code " + std::to_string(end->exit_code);
  // Being told to end is how such a process ends; only those that had to be killed are worth a word.
  if (end && !event.early)
    for (const EndedProcess& process : end->ended)
      if (process.signal != SIGTERM)
        emit(ProcessKilled{background.step, process, std::string(to_string(end->stopped_by))});
  if (event.early) {
    std::string warning = "the background process of " + results_.step(background.step).id.value +
                          " ended while this ran: " + event.how;
    for (const auto& [told, active] : active_) {
      active->warnings.push_back(warning);
      event.during.push_back(told);
    }
    if (active_.empty()) for_next_step_.push_back(replace_all(warning, "while this ran", "before this ran"));
  }
  std::sort(event.during.begin(), event.during.end());
  emit(std::move(event));
}

// Whoever interrupts this wants it to be over.
void Engine::Loop::end_background() {
  watch_.next_phase();
  for (Background& background : background_) {
    background.process->stop(StopReason::run_over);
    if (at_once_) background.process->stop_at_once(StopReason::run_over);
  }
  auto goes_on = [](const Background& background) { return !background.ended; };
  while (std::any_of(background_.begin(), background_.end(), goes_on)) {
    Message message = mailbox_.take();
    bool hurry = std::holds_alternative<Stopping>(message);
    handle(std::move(message));
    if (!hurry) continue;
    for (Background& background : background_) background.process->stop_at_once(StopReason::interrupt);
  }
}

// What runs was already told to stop, or soon will be; nothing else starts.
void Engine::Loop::end_phase(const Stopping& stopping) {
  emit(RunStopping{stopping.reason, stopping.at_once});
  if (stopping.reason == StopReason::run_timeout) time_limit_ = true;
  if (stopping.reason == StopReason::resource_limit) size_limit_ = stopping.why;
  if (stopping.reason == StopReason::interrupt && signal_ == 0) signal_ = stopping.signal;
  at_once_ = at_once_ || stopping.at_once;
  if (!plan_ || stopping.phase != phase_number_ || stopped_ != StopReason::none) return;
  cancel_rest(stopping.reason);
}

void Engine::Loop::cancel_rest(StopReason reason) {
  stopped_ = reason;
  not_run(plan_->cancel());
  if (Group* group = std::exchange(open_, nullptr); group && group->running == 0) finish_foreach(*group);
  while (!waiting_.empty()) {
    Active& active = *waiting_.top();
    waiting_.pop();
    StepResult result = std::move(active.result);
    if (result.status != Status::failed) {
      result.status = Status::cancelled;
      result.kind = FailureKind::interrupted;
      result.error = "the run was ended while it waited for its next repetition";
      result = merge_repeats(std::move(active.outputs), std::move(result), active.type->main_output);
    } else {
      --active.attempt;
    }
    finish(active, std::move(result));
  }
}

}  // namespace rustchain
