// A run, and each of its steps from its beginning to its end.
#include "rustchain/version.hpp"

#include "engine/basis.hpp"
#include "engine/loop.hpp"
#include "engine/retry.hpp"
#include "util/format.hpp"
#include "util/text.hpp"

#include <algorithm>

namespace rustchain {

Engine::Loop::Loop(const RunSetup& setup, Observer& observer)
    : setup_(setup),
      observer_(observer),
      names_(setup_.mission),
      results_(setup_),
      output_names_(setup_.run_directory.empty() ? std::vector<std::string>() : output_names(setup_.mission)),
      most_(std::max(1u, setup_.max_parallel)),
      next_told_(static_cast<StepIndex>(setup_.mission.steps.size() + setup_.mission.finally.size())),
      ran_(next_told_),
      reused_from_(next_told_),
      watch_(setup_.services, [this](const Stopping& stopping) { mailbox_.post(stopping); }),
      size_watch_(make_size_watch()),
      workers_(most_, watch_, setup_.services, [this](Job& job) { return go_on_after(job); }) {}

std::unique_ptr<SizeWatch> Engine::Loop::make_size_watch() {
  const Config& config = setup_.mission.config;
  if (!config.working_directory_size_limit) return nullptr;
  auto directory = common_directory(setup_, names_, results_);
  if (!directory) return nullptr;  // no step can run there, and each will say so
  return std::make_unique<SizeWatch>(setup_.services.files, *directory, *config.working_directory_size_limit,
                                     Seconds(config.monitoring.check_interval_seconds));
}

std::string Engine::Loop::size_words() const {
  const Config& config = setup_.mission.config;
  return "the working directory held " + format_size(size_watch_->bytes()) + ", more than the " +
         format_size(*config.working_directory_size_limit) + " of " +
         limit_place("working_directory_size_limit", config.working_directory_size_limit_at, setup_.mission);
}

// Else it is watched from now on.
bool Engine::Loop::starts_too_large() {
  if (!size_watch_) return false;
  if (size_watch_->look()) {
    size_limit_ = size_words();
    return true;
  }
  size_watch_->begin([this] { watch_.stop_run(size_words()); });
  return false;
}

void Engine::Loop::interrupt(int signal) {
  watch_.interrupt(signal);
  if (size_watch_) size_watch_->end();
}

RunStarted Engine::Loop::run_started() const {
  const Mission& mission = setup_.mission;
  RunStarted started;
  started.run_id = setup_.run_id;
  started.mission = mission.name;
  started.version = mission.version;
  started.file = mission.file;
  started.directory = setup_.run_directory;
  started.max_parallel = static_cast<std::uint32_t>(most_);
  started.hints = mission.error_handling;
  started.risk = setup_.risk;
  started.path = mission_path(setup_);
  started.continues = setup_.continues;
  started.again = setup_.again;
  started.steps.reserve(mission.steps.size() + mission.finally.size());
  auto add = [&](const std::vector<Step>& steps, const Graph& graph) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const Step& step = steps[i];
      RunStarted::StepInfo info{step.id.value, step.name, step.type.value, step.id.at, {}, {}};
      for (const Dependency& dependency : step.depends_on) info.depends_on.push_back(dependency.step.value);
      for (const Edge& edge : graph.needs[i])
        if (edge.why != Edge::Why::written) info.inferred.push_back(steps[edge.step].id.value);
      started.steps.push_back(std::move(info));
    }
  };
  add(mission.steps, setup_.graph);
  add(mission.finally, setup_.finally_graph);
  return started;
}

void Engine::Loop::run() {
  thread_ = std::this_thread::get_id();
  std::unique_lock turn(turn_);
  const Mission& mission = setup_.mission;
  SteadyTime started = now();
  if (std::optional<double> limit = mission.config.timeout_seconds; limit && *limit < 3.2e9)
    watch_.limit_run(started + std::chrono::duration_cast<SteadyTime::duration>(Seconds(*limit)));

  emit(run_started());
  refused_ = starts_too_large();
  run_phase({mission.steps, setup_.graph, 0}, mission.config.fail_fast, turn);
  if (size_watch_) size_watch_->end();
  if (!mission.finally.empty()) {
    watch_.next_phase();
    ++phase_number_;
    run_phase({mission.finally, setup_.finally_graph, static_cast<StepIndex>(mission.steps.size())}, false,
              turn);
  }
  end_background();
  emit(RunFinished{time_limit_, signal_, Seconds(now() - started).count(), size_limit_});
}

Active* Engine::Loop::next_to_run() {
  while (!waiting_.empty() && waiting_.top()->due <= now()) {
    Active* active = waiting_.top();
    waiting_.pop();
    if (prepare_run(*active)) return active;
  }
  while (true) {
    if (open_) {
      if (Active* active = begin_item()) return active;
      continue;
    }
    std::optional<StepIndex> index = plan_->start_next();
    if (!index) return nullptr;
    if (phase_->steps[*index].foreach)
      begin_foreach(*index);
    else if (Active* active = begin(*index))
      return active;
  }
}

std::unique_ptr<Active> Engine::Loop::make_active(StepIndex index, StepIndex told) {
  const Step& step = phase_->steps[index];
  auto active = std::make_unique<Active>();
  active->index = index;
  active->told = told;
  active->step = &step;
  active->type = setup_.types.find(step.type.value);
  active->setup = &setup_;
  active->started = now();
  active->warnings = std::exchange(for_next_step_, {});
  if (step.retry)
    active->retry = &*step.retry;
  else if (setup_.mission.config.retry)
    active->retry = &*setup_.mission.config.retry;
  active->on_progress = [this, told](const Progress& progress) { say({told, progress}); };
  active->on_text = [this, told](std::string_view text) { say({told, std::string(text)}); };
  active->on_event = [this, told](const Event& event) { say({told, event}); };
  return active;
}

// nullptr: the step has already ended.
Active* Engine::Loop::begin(StepIndex index) {
  auto owned = make_active(index, in_events(index));
  Active& active = *owned;
  active.key = setup_.key_prefix + active.step->id.value;
  if (auto reason = left_out(active.key)) {
    skip(index, std::move(*reason));
    return nullptr;
  }
  auto holds = condition_holds(setup_, names_, results_, *phase_, index);
  if (holds && !*holds) {
    skip(index, "its condition is false: " + active.step->when->value);
    return nullptr;
  }
  active_.emplace(active.told, std::move(owned));
  if (!holds) {
    announce(active);
    finish(active, StepResult::failure(holds.error().kind, holds.error().message, holds.error().help));
    return nullptr;
  }
  return prepare_run(active) ? &active : nullptr;
}

// Fills in what the run of the work needs. False: that failed, and so the step has ended.
bool Engine::Loop::prepare_run(Active& active) {
  // Repetitions are all of the same work; another attempt looks at the world anew.
  if (active.outputs.empty()) {
    Item item;
    if (active.group) item = {&active.group->items[active.item].item, active.item};
    auto prepared = prepare(setup_, names_, results_, *phase_, active.index, active.attempt, defaults_, item);
    if (!prepared) {
      announce(active);
      const Failure& failure = prepared.error();
      finish(active, StepResult::failure(failure.kind, failure.message, failure.help));
      return false;
    }
    *active.prepared = std::move(*prepared);
    if (active.attempt == 1 && !may_run(active)) return false;
  }
  ++active.runs;
  if (!output_names_.empty()) {
    active.output_base = setup_.run_directory + "/" + output_names_[in_events(active.index)];
    if (active.group) active.output_base += "/" + std::to_string(active.item);
    if (active.runs > 1) active.output_base += "." + std::to_string(active.runs);
  }
  const Monitoring& monitoring = setup_.mission.config.monitoring;
  active.limits = enforceable(active.prepared->limits, monitoring);
  auto warn = [this, at = active.told](LimitWarning warning) { say({at, std::move(warning)}); };
  active.watched =
      std::make_shared<Watched>(active.prepared->limit, active.prepared->trees,
                                StepBounds{active.prepared->limits, monitoring, std::move(warn)});
  return true;
}

void Engine::Loop::announce(Active& active) {
  if (!active.outputs.empty()) return;
  // Getting it ready was no work of its own: the first step of a run waits until earlier runs are read.
  if (active.attempt == 1) active.started = now();
  const StepLimit& limit = active.prepared->limit;
  emit(StepStarted{active.told,
                   active.attempt,
                   active.prepared->what,
                   {limit.seconds, limit.how},
                   active.prepared->expected,
                   active.prepared->limits,
                   active.prepared->basis,
                   active.why});
}

void Engine::Loop::work_ended(Active& active) {
  keep(active);
  StepResult result = after_stop(std::move(active.result), *active.watched, setup_.mission);
  if (active.watched->stop().reason() == StopReason::timeout && result.kind == FailureKind::timeout)
    if (std::string help = help_from_earlier_runs(active.prepared->limit, active.prepared->expected);
        !help.empty())
      result.help = std::move(help);
  active.result = {};
  std::string asked_by(to_string(active.watched->stop().reason()));
  for (const EndedProcess& process : result.stopped) emit(ProcessKilled{active.told, process, asked_by});
  for (const EndedProcess& process : result.left_over) emit(ProcessKilled{active.told, process, "left_over"});
  bool good = result.status == Status::success || result.status == Status::partial;

  const Step& step = *active.step;
  if (good && step.repeat_count > 1) {
    active.partly = active.partly || result.status == Status::partial;
    active.outputs.push_back(result.output);
    if (active.outputs.size() < step.repeat_count && stopped_ == StopReason::none) {
      run_again(active, Seconds(step.delay_between_repeats_ms / 1000));
      return;
    }
    bool all = active.outputs.size() == step.repeat_count;
    std::string done = std::to_string(active.outputs.size());
    result = merge_repeats(std::move(active.outputs), std::move(result), active.type->main_output);
    if (active.partly) result.status = Status::partial;
    if (!all) {
      result.status = Status::cancelled;
      result.kind = FailureKind::interrupted;
      result.error =
          "the run was ended after " + done + " of " + std::to_string(step.repeat_count) + " repetitions";
    }
    finish(active, std::move(result));
    return;
  }
  if (!good && !active.outputs.empty()) {
    result.error = "repetition " + std::to_string(active.outputs.size() + 1) + " of " +
                   std::to_string(step.repeat_count) + ": " + result.error;
    active.outputs.push_back(result.output);
    result = merge_repeats(std::move(active.outputs), std::move(result), active.type->main_output);
    active.outputs.clear();
  }
  if (active.retry && stopped_ == StopReason::none && should_retry(*active.retry, active.attempt, result)) {
    Seconds delay = retry_delay(*active.retry, active.attempt, result, setup_.services.random(),
                                setup_.services.clock.wall());
    emit(StepRetried{active.told, active.attempt, delay.count(), result.kind, result.error});
    active.result = std::move(result);  // the step's, should the run end while it waits
    active.partly = false;
    ++active.attempt;
    run_again(active, delay);
    return;
  }
  finish(active, std::move(result));
}

void Engine::Loop::run_again(Active& active, Seconds delay) {
  active.due =
      now() + std::chrono::duration_cast<SteadyTime::duration>(Seconds(std::min(delay.count(), 3.2e9)));
  waiting_.push(&active);
}

void Engine::Loop::finish(Active& active, StepResult result) {
  for (std::string& warning : active.warnings) result.warnings.push_back(std::move(warning));
  if (!active.group) {
    const StepIndex index = active.index;
    const std::uint32_t attempts = active.attempt;
    const SteadyTime started = active.started;
    if (!active.reused_from.empty() && result.status == Status::success) {
      StepReused event{in_events(index), std::move(active.reused_from), std::move(result)};
      event.what = std::move(active.prepared->what);
      event.basis = std::move(active.prepared->basis);
      active_.erase(active.told);
      return finish_reused(index, std::move(event));
    }
    std::vector<FileMark> wrote = written_files(setup_, active.prepared->basis);
    active_.erase(active.told);
    return finish_step(index, std::move(result), attempts, started, std::move(wrote));
  }
  Group& group = *active.group;
  const std::size_t item = active.item;
  double duration = Seconds(now() - active.started).count();
  bool allowed = result.status == Status::failed && active.step->continue_on_error;
  if (!active.reused_from.empty() && result.status == Status::success) {
    StepReused event{active.told, std::move(active.reused_from), std::move(result)};
    event.what = std::move(active.prepared->what);
    event.basis = std::move(active.prepared->basis);
    group.reused_from = std::max(group.reused_from, event.run);
    event = emit(std::move(event));
    active_.erase(active.told);
    return item_ended(group, item, {std::move(event.result), {}, event.attempts, event.duration_seconds});
  }
  group.ran = true;
  StepFinished event = emit(StepFinished{active.told, std::move(result), active.attempt, duration, allowed,
                                         written_files(setup_, active.prepared->basis)});
  active_.erase(active.told);
  item_ended(group, item, {std::move(event.result), {}, event.attempts, duration});
}

void Engine::Loop::finish_step(StepIndex index, StepResult result, std::uint32_t attempts, SteadyTime started,
                               std::vector<FileMark> wrote) {
  double duration = Seconds(now() - started).count();
  Status status = result.status;
  bool allowed = status == Status::failed && phase_->steps[index].continue_on_error;
  ran_[in_events(index)] = !is_service(phase_->steps[index]);
  any_ran_ = true;
  StepFinished event =
      emit(StepFinished{in_events(index), std::move(result), attempts, duration, allowed, std::move(wrote)});
  results_.ended(in_events(index), {std::move(event.result), {}, event.attempts, duration});
  not_run(plan_->finished(index, status));
}

// The condition of a step that the plan has given out is false.
void Engine::Loop::skip(StepIndex index, std::string reason) {
  results_.ended(in_events(index), {StepResult{.status = Status::skipped}, reason, 0, 0});
  emit(StepNotRun{in_events(index), Status::skipped, k_no_step, k_no_step, std::move(reason)});
  not_run(plan_->skipped(index));
}

void Engine::Loop::not_run(const std::vector<Unstarted>& unstarted) {
  auto in_events_or_none = [&](StepIndex index) { return index == k_no_step ? index : in_events(index); };
  for (const Unstarted& one : unstarted) {
    std::string reason = stopped_ == StopReason::resource_limit && one.status == Status::cancelled
                             ? size_limit_
                             : reason_not_run(one, *phase_, results_, setup_.mission, stopped_);
    results_.ended(in_events(one.step), {StepResult{.status = one.status}, reason, 0, 0});
    emit(StepNotRun{in_events(one.step), one.status, in_events_or_none(one.needs),
                    in_events_or_none(one.cause), std::move(reason)});
  }
}

Engine::Engine(const RunSetup& setup, Observer& observer) : loop_(std::make_unique<Loop>(setup, observer)) {}
Engine::~Engine() = default;

void Engine::run() {
  loop_->run();
}

void Engine::interrupt(int signal) {
  loop_->interrupt(signal);
}

}  // namespace rustchain
