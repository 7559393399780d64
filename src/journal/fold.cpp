// The fold of a run's events: everything that is told about a run afterwards.
#include "rustchain/report.hpp"

#include "util/overloaded.hpp"

#include <algorithm>
#include <csignal>

namespace rustchain {
namespace {

RunOutcome outcome_of(const RunReport& report) {
  if (!report.finished || report.signal != 0) return RunOutcome::interrupted;
  if (report.time_limit || !report.size_limit.empty()) return RunOutcome::failed;
  bool warnings = false;
  for (const StepReport& step : report.steps) {
    warnings = warnings || !step.result.warnings.empty() || !step.limit_warnings.empty();
    if (step.parent != k_no_step) continue;  // its parent's end says what the rest of it means
    if (step.status == Status::failed && !step.allowed) return RunOutcome::failed;
    warnings = warnings || step.status == Status::failed || step.status == Status::partial;
  }
  return warnings ? RunOutcome::completed_with_warnings : RunOutcome::success;
}

// completed_with_warnings is 0 here: whether it is told apart is the caller's wish.
ExitCode exit_code_of(const RunReport& report) {
  switch (report.outcome) {
    case RunOutcome::success:
    case RunOutcome::completed_with_warnings: return ExitCode::success;
    case RunOutcome::failed: return report.time_limit ? ExitCode::run_time_limit : ExitCode::step_failed;
    case RunOutcome::interrupted: break;
  }
  return report.signal == SIGTERM ? ExitCode::terminated : ExitCode::interrupted;
}

}  // namespace

void ReportBuilder::on(const Event& event) {
  auto step = [&](StepIndex index) -> StepReport& {
    if (index >= report_.steps.size()) report_.steps.resize(index + 1);
    return report_.steps[index];
  };
  // Of one that gave a result, now or in an earlier run.
  auto end = [&](const auto& what) -> StepReport& {
    StepReport& report = step(what.step);
    report.ended = true;
    report.ended_as = ++ended_;
    report.status = what.result.status;
    report.result = what.result;
    report.attempts = what.attempts;
    report.duration_seconds = what.duration_seconds;
    report.wrote = what.wrote;
    return report;
  };
  std::visit(Overloaded{
                 [&](const RunStarted& what) {
                   report_.run = what;
                   report_.started = event.at;
                   report_.steps.resize(what.steps.size());
                   for (std::size_t i = 0; i < what.steps.size(); ++i) report_.steps[i].info = what.steps[i];
                 },
                 [&](const StepAdded& what) {
                   StepReport& report = step(what.step);
                   report.info = what.info;
                   report.parent = what.parent;
                   report.item = what.item;
                 },
                 [&](const StepStarted& what) {
                   StepReport& report = step(what.step);
                   if (!report.started) report.started_at = event.at;
                   report.began_as = ++began_;
                   report.started = true;
                   report.attempts = what.attempt;
                   report.what = what.what;
                   report.timeout = what.timeout;
                   report.limits = what.limits;
                   report.expected = what.expected;
                   report.basis = what.basis;
                   if (!what.why.empty()) report.why = what.why;
                 },
                 [&](const LimitWarning& what) { step(what.step).limit_warnings.push_back(what); },
                 [&](const ProcessKilled& what) { step(what.step).killed.push_back(what); },
                 [&](const StepProgressed&) {},
                 [&](const StepWrote&) {},
                 [&](const StepRetried& what) {
                   step(what.step).retries.push_back(
                       {what.attempt, event.at, what.delay_seconds, what.kind, what.error});
                 },
                 [&](const StepFinished& what) {
                   StepReport& report = end(what);
                   report.allowed = what.allowed;
                   report.masked = what.masked;
                 },
                 [&](const StepReused& what) {
                   StepReport& report = end(what);
                   report.began_as = ++began_;
                   report.reused_from = what.run;
                   report.what = what.what;
                   report.basis = what.basis;
                 },
                 [&](const StepNotRun& what) {
                   StepReport& report = step(what.step);
                   report.ended = true;
                   report.status = what.status;
                   report.reason = what.reason;
                   report.cause = what.cause;
                 },
                 [&](const BackgroundEnded& what) {
                   StepReport& report = step(what.step);
                   report.background = what;
                   if (what.early) report.result.warnings.push_back(background_words(what));
                 },
                 [&](const RunStopping&) {},
                 [&](const RunFinished& what) {
                   report_.finished = true;
                   report_.time_limit = what.time_limit;
                   report_.signal = what.signal;
                   report_.duration_seconds = what.duration_seconds;
                   report_.size_limit = what.size_limit;
                 },
             },
             event.what);
  // Until the run tells how long it took: as far as it is known.
  // A clock that was set back tells nothing.
  if (!report_.finished)
    report_.duration_seconds =
        std::max(report_.duration_seconds, Seconds(event.at - report_.started).count());
}

RunReport ReportBuilder::report() && {
  RunReport report = std::move(report_);
  report.counts = {};
  report.reused = 0;
  for (const StepReport& step : report.steps) {
    if (step.parent != k_no_step) continue;
    ++report.counts[static_cast<std::size_t>(step.status)];
    if (!step.reused_from.empty()) ++report.reused;
  }
  report.outcome = outcome_of(report);
  report.exit_code = exit_code_of(report);
  // Of one that was cut off: as long as it is known to have run.
  for (StepReport& step : report.steps)
    if (step.started && !step.ended)
      step.duration_seconds =
          std::max(0.0, report.duration_seconds - Seconds(step.started_at - report.started).count());
  return report;
}

StepIndex RunReport::first_failure() const {
  StepIndex first = k_no_step;
  for (StepIndex i = 0; i < steps.size(); ++i) {
    if (steps[i].status != Status::failed || steps[i].allowed || steps[i].parent != k_no_step) continue;
    if (first == k_no_step || steps[i].ended_as < steps[first].ended_as) first = i;
  }
  return first;
}

StepIndex RunReport::origin(StepIndex failed) const {
  StepIndex origin = failed;
  for (StepIndex first = failed; first != k_no_step;) {
    origin = first;
    first = k_no_step;
    for (StepIndex i = origin + 1; i < steps.size(); ++i) {
      // A failure within that was allowed is no cause.
      if (steps[i].parent != origin || steps[i].status != Status::failed || steps[i].allowed) continue;
      if (first == k_no_step || steps[i].ended_as < steps[first].ended_as) first = i;
    }
  }
  return origin;
}

}  // namespace rustchain
