// Who has the turn. The run's thread gives jobs to workers and waits; a worker whose job has ended takes the
// turn, sees what that means, and goes on with the next job by itself. What else happens meanwhile waits in
// the mailbox for whoever has the turn next.
#include "engine/loop.hpp"

#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <variant>

namespace rustchain {

void Engine::Loop::run_phase(const Phase& phase, bool fail_fast, std::unique_lock<std::mutex>& turn) {
  Plan plan(phase.steps, phase.graph, fail_fast);
  phase_ = &phase;
  plan_ = &plan;
  stopped_ = StopReason::none;
  fail_fast_ = fail_fast;
  // Whoever asked twice wants it to end, tidy or not.
  if (at_once_) cancel_rest(StopReason::interrupt);
  if (refused_) cancel_rest(StopReason::resource_limit);
  while (!plan.done()) {
    if (Active* next = start_what_may()) {
      // One that nothing else could run beside is run here, and keeps the turn. But what there is to tell of
      // limits, and of the steps of a mission, shall be told while it runs.
      const bool alone = most_ == 1 || (in_flight_ == 0 && waiting_.empty());
      if (alone && !next->prepared->limits.any() && !next->type->runs_missions) {
        begin_work(*next);
        run_here(*next);
      } else {
        give(*next);
      }
    } else if (!plan.done()) {
      wait_for_news(turn);
      take_news();
    }
  }
  plan_ = nullptr;
}

// Gives jobs to workers until there are as many as may run at once. The last is the caller's: a hand-over to
// another thread costs as much as starting a small process.
Active* Engine::Loop::start_what_may() {
  Active* own = nullptr;
  while (in_flight_ + (own ? 1 : 0) < most_) {
    Active* next = next_to_run();
    if (!next) break;
    if (own) give(*own);
    own = next;
  }
  return own;
}

void Engine::Loop::begin_work(Active& active) {
  announce(active);
  ++in_flight_;
}

// What the work said, and that it was to stop, is older news.
void Engine::Loop::end_work(Active& active) {
  take_news();
  --in_flight_;
  work_ended(active);
}

void Engine::Loop::run_here(Active& active) {
  run_job(active, watch_, setup_.services);
  end_work(active);
}

void Engine::Loop::give(Active& active) {
  begin_work(active);
  if (!workers_.give(active, in_flight_)) run_here(active);
}

// By the worker that has run it; gives what it runs next.
Job* Engine::Loop::go_on_after(Job& job) {
  std::lock_guard turn(turn_);
  end_work(static_cast<Active&>(job));
  Active* next = start_what_may();
  if (next) begin_work(*next);
  // Whoever takes such a message from the others comes by here too, and so it is never lost.
  if (plan_->done() || !waiting_.empty()) mailbox_.post(LookAgain{});
  return next;
}

void Engine::Loop::wait_for_news(std::unique_lock<std::mutex>& turn) {
  const bool due_later = !waiting_.empty() && in_flight_ < most_;
  // The clock may be another than the system's: only differences count.
  SteadyTime due{};
  if (due_later) due = std::chrono::steady_clock::now() + (waiting_.top()->due - now());
  turn.unlock();
  if (due_later)
    mailbox_.wait_until(due);
  else
    mailbox_.wait();
  turn.lock();
}

void Engine::Loop::take_news() {
  while (std::optional<Message> message = mailbox_.take_if_there()) handle(std::move(*message));
}

void Engine::Loop::handle(Message message) {
  if (Background** background = std::get_if<Background*>(&message)) {
    background_ended(**background);
  } else if (Stopping* stopping = std::get_if<Stopping>(&message)) {
    end_phase(*stopping);
  } else if (Said* said = std::get_if<Said>(&message)) {
    tell(std::move(*said));
  }
}

// Whoever runs work by itself has the turn; others leave it to whose turn it is.
void Engine::Loop::say(Said said) {
  if (std::this_thread::get_id() == thread_)
    tell(std::move(said));
  else
    mailbox_.post(std::move(said));
}

void Engine::Loop::tell(Said said) {
  if (Progress* progress = std::get_if<Progress>(&said.what)) {
    emit(StepProgressed{said.step, std::move(*progress)});
  } else if (LimitWarning* warning = std::get_if<LimitWarning>(&said.what)) {
    warning->step = said.step;
    emit(std::move(*warning));
  } else if (Event* event = std::get_if<Event>(&said.what)) {
    say_inner(*active_.at(said.step), std::move(*event));
  } else {
    emit(StepWrote{said.step, std::get<std::string>(std::move(said.what))});
  }
}

}  // namespace rustchain
