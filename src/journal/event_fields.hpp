// What each event and each of its parts holds, under which name and in which order: the one place where that
// is written down. `fields` hands every field to whoever writes or reads it.
#pragma once

#include "rustchain/event.hpp"

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>

namespace rustchain {

// ---- the vocabularies

inline std::string_view word(Status status) {
  return to_string(status);
}
inline std::string_view word(FailureKind kind) {
  return to_string(kind);
}
inline std::string_view word(StopReason reason) {
  return to_string(reason);
}
inline std::string_view word(Hint::Kind kind) {
  constexpr std::array<std::string_view, 3> words = {"alternative", "command", "mission"};
  return words[static_cast<std::size_t>(kind)];
}

template <class E>
E from_word(std::string_view given, int count) {
  for (int i = 0; i < count; ++i)
    if (word(static_cast<E>(i)) == given) return static_cast<E>(i);
  throw std::invalid_argument("'" + std::string(given) + "' is no word that is known here");
}
template <class E>
constexpr int k_words = 0;
template <>
constexpr int k_words<Status> = 5;
template <>
constexpr int k_words<FailureKind> = static_cast<int>(k_failure_kinds.size());
template <>
constexpr int k_words<StopReason> = 8;
template <>
constexpr int k_words<Hint::Kind> = 3;

// ---- what each holds, in order; the heads of step_started and step_finished are known to durations.cpp too

template <class A>
void fields(A& a, Location& at) {
  a("line", at.line);
  a("column", at.column);
  a("file", at.file);
}
template <class A>
void fields(A& a, TimeoutChosen& timeout) {
  a("seconds", timeout.seconds);
  a("how", timeout.how);
}
template <class A>
void fields(A& a, Risk& risk) {
  a("score", risk.score);
  a("verdict", risk.verdict);
}
template <class A>
void fields(A& a, Expectation& expected) {
  a("seconds", expected.seconds);
  a("slowest", expected.slowest);
  a("runs", expected.runs);
}
template <class A>
void fields(A& a, ResourceLimits& limits) {
  a("max_memory_mb", limits.max_memory_mb);
  a("max_cpu_percent", limits.max_cpu_percent);
  a("max_disk_io_mb_per_sec", limits.max_disk_io_mb_per_sec);
}
template <class A>
void fields(A& a, ErrorHandling& hints) {
  a("suggest_alternatives", hints.suggest_alternatives);
  a("provide_command_optimizations", hints.provide_command_optimizations);
  a("offer_mission_restructuring", hints.offer_mission_restructuring);
}
template <class A>
void fields(A& a, EndedProcess& process) {
  a("pid", process.pid);
  a("command", process.command);
  a("signal", process.signal);
}
template <class A>
void fields(A& a, Hint& hint) {
  a("kind", hint.kind);
  a("text", hint.text);
}
template <class A>
void fields(A& a, FileMark& mark) {
  a("path", mark.path);
  a("there", mark.there);
  a("size", mark.size);
  a("modified", mark.modified);
  a("hash", mark.hash);
}
template <class A>
void fields(A& a, StepBasis& basis) {
  a("definition", basis.definition);
  a("parameters", basis.parameters);
  a("env", basis.env);
  a("reads", basis.reads);
  a("needs", basis.needs);
  a("changes", basis.changes);
}
template <class A>
void fields(A& a, Progress& progress) {
  a("bytes", progress.bytes);
  a("lines", progress.lines);
  a("last_line", progress.last_line);
}
// But for the status.
template <class A>
void fields(A& a, StepResult& result) {
  a("kind", result.kind);
  a("output", result.output);
  a("error", result.error);
  a("help", result.help);
  a("facts", result.facts);
  a("hints", result.hints);
  a("details", result.details);
  a("warnings", result.warnings);
  a("stdout_file", result.stdout_file);
  a("stderr_file", result.stderr_file);
  a("stopped", result.stopped);
  a("left_over", result.left_over);
  a("limits_enforced", result.limits_enforced);
}
template <class A>
void fields(A& a, RunStarted::StepInfo& info) {
  a("id", info.id);
  a("name", info.name);
  a("type", info.type);
  a("at", info.at);
  a("depends_on", info.depends_on);
  a("inferred", info.inferred);
  a("file", info.file);
}

template <class A>
void fields(A& a, RunStarted& run) {
  a("run_id", run.run_id);
  a("path", run.path);
  a("file", run.file);
  a("mission", run.mission);
  a("version", run.version);
  a("directory", run.directory);
  a("max_parallel", run.max_parallel);
  a("continues", run.continues);
  a("again", run.again);
  a("risk", run.risk);
  a("hints", run.hints);
  a("steps", run.steps);
}
template <class A>
void fields(A& a, StepAdded& added) {
  a("step", added.step);
  a("parent", added.parent);
  a("siblings", added.siblings);
  a("info", added.info);
  a("item", added.item);
}
template <class A>
void fields(A& a, StepStarted& started) {
  a("step", started.step);
  a("attempt", started.attempt);
  a("basis", started.basis);
  a("what", started.what);
  a("why", started.why);
  a("timeout", started.timeout);
  a("expected", started.expected);
  a("limits", started.limits);
}
template <class A>
void fields(A& a, StepProgressed& progressed) {
  a("step", progressed.step);
  a("progress", progressed.progress);
}
template <class A>
void fields(A& a, StepWrote& wrote) {
  a("step", wrote.step);
  a("text", wrote.text);
}
template <class A>
void fields(A& a, LimitWarning& warning) {
  a("step", warning.step);
  a("limit", warning.limit);
  a("measured", warning.measured);
  a("allowed", warning.allowed);
  a("message", warning.message);
}
template <class A>
void fields(A& a, ProcessKilled& killed) {
  a("step", killed.step);
  a("process", killed.process);
  a("asked_by", killed.asked_by);
}
template <class A>
void fields(A& a, StepRetried& retried) {
  a("step", retried.step);
  a("attempt", retried.attempt);
  a("delay_seconds", retried.delay_seconds);
  a("kind", retried.kind);
  a("error", retried.error);
}
template <class A>
void fields(A& a, StepFinished& finished) {
  a("step", finished.step);
  a("status", finished.result.status);
  a("seconds", finished.duration_seconds);
  a("attempts", finished.attempts);
  a("allowed", finished.allowed);
  a("masked", finished.masked);
  fields(a, finished.result);
  a("wrote", finished.wrote);
}
template <class A>
void fields(A& a, StepReused& reused) {
  a("step", reused.step);
  a("run", reused.run);
  a("status", reused.result.status);
  a("seconds", reused.duration_seconds);
  a("attempts", reused.attempts);
  a("basis", reused.basis);
  a("what", reused.what);
  fields(a, reused.result);
  a("wrote", reused.wrote);
}
template <class A>
void fields(A& a, StepNotRun& left) {
  a("step", left.step);
  a("status", left.status);
  a("needs", left.needs);
  a("cause", left.cause);
  a("reason", left.reason);
}
template <class A>
void fields(A& a, BackgroundEnded& ended) {
  a("step", ended.step);
  a("early", ended.early);
  a("how", ended.how);
  a("during", ended.during);
}
template <class A>
void fields(A& a, RunStopping& stopping) {
  a("reason", stopping.reason);
  a("at_once", stopping.at_once);
}
template <class A>
void fields(A& a, RunFinished& finished) {
  a("seconds", finished.duration_seconds);
  a("time_limit", finished.time_limit);
  a("signal", finished.signal);
  a("size_limit", finished.size_limit);
}

// By their order in Event.
constexpr std::array<std::string_view, std::variant_size_v<decltype(Event::what)>> k_names = {
    "run_started",   "step_added",       "step_started", "step_progress", "step_output",
    "limit_warning", "process_killed",   "step_retry",   "step_finished", "step_reused",
    "step_skipped",  "background_ended", "run_stopping", "run_finished"};

}  // namespace rustchain
