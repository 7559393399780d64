#include "rustchain/engine.hpp"

#include "engine_fixture.hpp"

#include <atomic>
#include <csignal>
#include <future>
#include <latch>
#include <stdexcept>
#include <thread>

namespace rustchain {
namespace {

Node scalar(std::string text) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.text = std::move(text);
  return node;
}

void set(Step& step, std::string key, std::string value) {
  step.parameters.items.push_back(scalar(std::move(key)));
  step.parameters.items.push_back(scalar(std::move(value)));
}

RetryPolicy retry(std::uint32_t attempts) {
  RetryPolicy policy;
  policy.max_attempts = attempts;
  policy.delay_seconds = 0;
  return policy;
}

void limit(Step& step, double seconds) {
  step.timeout.seconds = seconds;
  step.timeout.strategy = TimeoutStrategy::fixed;
  step.timeout.at = {14, 5, 0};
}

// ---- the judge

TEST_F(EngineTest, AsksTheJudgeWithFilledInReferencesBeforeAStepStarts) {
  step("a");
  set(step("b", {"a"}), "text", "{a}");
  work["a"] = [](const StepContext&) { return with_output({{"text", "rm"}}); };
  std::vector<std::string> asked;
  judge = [&](const Step& one, const Effects&, const StepFacts& facts) -> std::optional<Failure> {
    asked.push_back(one.id.value + " in " + facts.working_directory + " " +
                    facts.parameters.value("text", ""));
    if (one.id.value != "b") return std::nullopt;
    return Failure{FailureKind::safety, "refused by safety rule x", "change it"};
  };
  run();
  EXPECT_EQ(asked, (Lines{"a in /start ", "b in /start rm"}));
  EXPECT_EQ(report.steps.at(1).status, Status::failed);
  EXPECT_EQ(report.steps.at(1).result.kind, FailureKind::safety);
  EXPECT_EQ(report.exit_code, ExitCode::step_failed);
}

// ---- order, dependencies

TEST_F(EngineTest, RunsStepsInOrder) {
  step("a");
  step("b", {"a"});
  step("c");
  run();
  EXPECT_EQ(lines,
            (Lines{"start a", "end a: success", "start b", "end b: success", "start c", "end c: success"}));
  EXPECT_EQ(report.outcome, RunOutcome::success);
  EXPECT_EQ(report.exit_code, ExitCode::success);
}

TEST_F(EngineTest, TellsAtTheBeginningWhatThereIsToDo) {
  step("a");
  step("b", {"a"}).name = "The second";
  edge("b").why = Edge::Why::reference;
  mission.steps[1].depends_on.clear();
  finally("f");
  max_parallel = 0;
  run();
  const RunStarted& started = report.run;
  EXPECT_EQ(started.run_id, "r1");
  EXPECT_EQ(started.mission, "A mission");
  EXPECT_EQ(started.file, "m.yaml");
  EXPECT_EQ(started.max_parallel, 1u);
  ASSERT_EQ(started.steps.size(), 3u);
  EXPECT_EQ(started.steps[1].name, "The second");
  EXPECT_EQ(started.steps[1].depends_on, Lines{});
  EXPECT_EQ(started.steps[1].inferred, Lines{"a"});
  EXPECT_EQ(started.steps[2].id, "f");
  EXPECT_EQ(started.steps[0].at.line, 10u);
}

TEST_F(EngineTest, SkipsWhatNeedsAFailedStep) {
  step("a");
  step("b", {"a"});
  step("c", {"b"});
  step("d");
  work["a"] = [](const StepContext&) { return exit_code(2); };
  run();
  EXPECT_EQ(lines, (Lines{"start a", "end a: failed, exit_code: exit code 2",
                          "skipped b: needs a, which failed (exit code 2)",
                          "skipped c: needs b, which was skipped because a failed (exit code 2)", "start d",
                          "end d: success"}));
  EXPECT_EQ(report.outcome, RunOutcome::failed);
  EXPECT_EQ(report.first_failure(), 0u);
  EXPECT_EQ(report.steps[2].cause, 0u);
}

TEST_F(EngineTest, AnAllowedFailureDoesNotFailTheRun) {
  step("a").continue_on_error = true;
  step("b", {"a"});
  work["a"] = [](const StepContext&) { return exit_code(1); };
  run();
  EXPECT_EQ(lines, (Lines{"start a", "end a: failed, exit_code: exit code 1 (allowed)",
                          "skipped b: needs a, which failed (exit code 1)"}));
  EXPECT_EQ(report.outcome, RunOutcome::completed_with_warnings);
  EXPECT_EQ(report.exit_code, ExitCode::success);
  EXPECT_EQ(report.first_failure(), k_no_step);
}

TEST_F(EngineTest, FailFastStartsNothingNew) {
  mission.config.fail_fast = true;
  step("a");
  step("b");
  finally("f");
  work["a"] = [](const StepContext&) { return exit_code(1); };
  run();
  EXPECT_EQ(lines, (Lines{"start a", "end a: failed, exit_code: exit code 1",
                          "cancelled b: fail_fast: a failed (exit code 1)", "start f", "end f: success"}));
}

TEST_F(EngineTest, AFailureInFinallyFailsTheRun) {
  step("a");
  finally("f");
  finally("g", {"f"});
  work["f"] = [](const StepContext&) { return exit_code(1); };
  run();
  EXPECT_EQ(lines, (Lines{"start a", "end a: success", "start f", "end f: failed, exit_code: exit code 1",
                          "skipped g: needs f, which failed (exit code 1)"}));
  EXPECT_EQ(report.outcome, RunOutcome::failed);
}

TEST_F(EngineTest, AMissionWithoutStepsEnds) {
  run();
  EXPECT_EQ(lines, Lines{});
  EXPECT_EQ(report.outcome, RunOutcome::success);
}

// ---- conditions and values

TEST_F(EngineTest, AFalseConditionSkips) {
  step("a");
  step("b").when = Text{"{a.status} == failed", {}};
  step("c", {"b"});
  step("d").when = Text{"{env.NOT_SET} == true", {}};
  run();
  EXPECT_EQ(lines,
            (Lines{"start a", "end a: success", "skipped b: its condition is false: {a.status} == failed",
                   "skipped c: needs b, which was skipped",
                   "skipped d: its condition is false: {env.NOT_SET} == true"}));
  EXPECT_EQ(report.outcome, RunOutcome::success);
}

TEST_F(EngineTest, FillsInReferences) {
  set(step("a"), "text", "one");
  set(step("b", {"a"}), "text", "{a} {a.status} {env.USER} {env.GREETING} {mission.name} {run.attempt}");
  mission.env.push_back({{"GREETING", {}}, {"hello {env.USER}", {}}});
  run();
  EXPECT_EQ(lines, (Lines{"start a: one", "end a: success",
                          "start b: one success someone hello someone A mission 1", "end b: success"}));
  EXPECT_EQ(report.steps[1].result.output["text"], "one success someone hello someone A mission 1");
}

TEST_F(EngineTest, AReferenceWithoutValueFailsTheStep) {
  set(step("a"), "text", "{b}");
  step("b");
  set(step("c"), "text", "{env.NOT_SET}");
  run();
  EXPECT_EQ(
      lines,
      (Lines{"start a",
             "end a: failed, invalid: parameter 'text': step 'b' has not ended, so it has no output yet",
             "start b", "end b: success", "start c",
             "end c: failed, invalid: parameter 'text': the environment variable NOT_SET is not set"}));
}

TEST_F(EngineTest, GivesTheDefaultOfAFailedDependency) {
  step("a");
  set(step("b", {"a"}), "text", "got {a} and {a.text}");
  edge("b").on_failure = OnFailure::use_default_value;
  mission.steps[1].depends_on[0].on_failure = OnFailure::use_default_value;
  mission.steps[1].depends_on[0].default_value = scalar("nothing");
  work["a"] = [](const StepContext&) { return exit_code(1); };
  run();
  EXPECT_EQ(lines.back(), "end b: success");
  EXPECT_EQ(report.steps[1].what, "got nothing and nothing");
}

TEST_F(EngineTest, AnAlternativeStandsInForAFailedDependency) {
  step("a");
  set(step("spare"), "text", "from the spare");
  set(step("b", {"a"}), "text", "{a}");
  edge("b").on_failure = OnFailure::retry_with_alternative;
  edge("b").alternative = 1;
  work["a"] = [](const StepContext&) { return exit_code(1); };
  run();
  EXPECT_EQ(lines, (Lines{"start a", "end a: failed, exit_code: exit code 1", "start spare: from the spare",
                          "end spare: success", "start b: from the spare", "end b: success"}));
}

TEST_F(EngineTest, AnAlternativeThatIsNotNeededIsSkipped) {
  step("a");
  step("spare");
  step("b", {"a"});
  edge("b").on_failure = OnFailure::retry_with_alternative;
  edge("b").alternative = 1;
  run();
  EXPECT_EQ(report.steps[1].status, Status::skipped);
  EXPECT_EQ(report.steps[1].reason, "runs only in the place of a step that failed");
}

TEST_F(EngineTest, GivesTheWorkItsSurroundings) {
  run_directory = "/runs/r1";
  mission.config.working_directory.value = "build";
  mission.config.shell.value = "bash";
  mission.env.push_back({{"A", {}}, {"1", {}}});
  Step& made = step("a.b");
  made.working_directory.value = "../src";
  made.env.push_back({{"B", {}}, {"{env.A}2", {}}});
  made.timeout.grace_seconds = 3;
  work["a.b"] = [](const StepContext& context) {
    EXPECT_EQ(context.working_directory, "/start/src");
    EXPECT_EQ(context.mission_directory, "/missions");
    EXPECT_EQ(context.shell, "bash");
    EXPECT_EQ(context.env, (std::vector<std::pair<std::string, std::string>>{{"A", "1"}, {"B", "12"}}));
    EXPECT_EQ(context.output_base, "/runs/r1/a_b");
    EXPECT_EQ(context.grace.count(), 3);
    return StepResult{};
  };
  run();
  EXPECT_EQ(lines.back(), "end a.b: success");
}

TEST_F(EngineTest, GivesTheWorkWhatCameBefore) {
  set(step("a"), "text", "fine");
  step("b");
  Step& last = step("c", {"a", "b"});
  last.strategy = DependencyStrategy::best_effort;
  work["b"] = [](const StepContext&) { return exit_code(1); };
  work["c"] = [](const StepContext& context) {
    EXPECT_EQ(context.dependencies.size(), 2u);
    EXPECT_EQ(context.dependencies[0].text, "fine");
    EXPECT_EQ(context.dependencies[1].step, "b");
    EXPECT_EQ(context.dependencies[1].text, "exit code 1\nit said this");
    return StepResult{};
  };
  run();
  EXPECT_EQ(lines.back(), "end c: success");
}

TEST_F(EngineTest, TypesThatCannotRunFailTheStep) {
  step("a").type.value = "later";
  run();
  EXPECT_EQ(lines, (Lines{"start a",
                          "end a: failed, invalid: this version of rustchain can't run steps of "
                          "type 'later'"}));
  EXPECT_EQ(report.steps[0].result.help, "use work");
}

TEST_F(EngineTest, AnExceptionIsAFailureOfTheStep) {
  step("a");
  step("b");
  work["a"] = [](const StepContext&) -> StepResult { throw std::runtime_error("oh"); };
  work["b"] = [](const StepContext&) -> StepResult { throw 1; };
  run();
  EXPECT_EQ(lines, (Lines{"start a", "end a: failed, invalid: internal error in step type work: oh",
                          "start b", "end b: failed, invalid: internal error in step type work: unknown"}));
}

// ---- retries and repetitions

TEST_F(EngineTest, TriesAgain) {
  run_directory = "/runs/r1";
  step("a").retry = retry(3);
  step("b");
  Lines bases;
  work["a"] = [&](const StepContext& context) {
    bases.push_back(context.output_base);
    return bases.size() < 3 ? exit_code(75) : StepResult{};
  };
  run();
  EXPECT_EQ(lines, (Lines{"start a", "retry a: exit code 75", "start a again", "retry a: exit code 75",
                          "start a again", "end a: success", "start b", "end b: success"}));
  EXPECT_EQ(bases, (Lines{"/runs/r1/a", "/runs/r1/a.2", "/runs/r1/a.3"}));
  EXPECT_EQ(report.steps[0].attempts, 3u);
}

TEST_F(EngineTest, GivesUpAfterTheLastAttempt) {
  mission.config.retry = retry(2);
  step("a");
  work["a"] = [](const StepContext&) { return exit_code(1); };
  run();
  EXPECT_EQ(lines, (Lines{"start a", "retry a: exit code 1", "start a again",
                          "end a: failed, exit_code: exit code 1"}));
}

TEST_F(EngineTest, OtherStepsRunWhileOneWaitsForItsNextAttempt) {
  real_time = true;
  max_parallel = 2;
  Step& made = step("a");
  made.retry = retry(2);
  made.retry->delay_seconds = 0.02;
  step("b");
  step("c", {"b"});
  std::atomic<int> tries = 0;
  work["a"] = [&](const StepContext&) { return tries++ == 0 ? exit_code(1) : StepResult{}; };
  run();
  EXPECT_EQ(report.counts, (std::array<std::uint32_t, 5>{3, 0, 0, 0, 0}));
  EXPECT_EQ(report.steps[0].attempts, 2u);
}

TEST_F(EngineTest, RepeatsTheWork) {
  run_directory = "/runs/r1";
  step("a").repeat_count = 3;
  Lines bases;
  work["a"] = [&](const StepContext& context) {
    bases.push_back(context.output_base);
    return with_output({{"text", "run " + std::to_string(bases.size())}});
  };
  run();
  EXPECT_EQ(lines, (Lines{"start a", "end a: success"}));
  EXPECT_EQ(bases, (Lines{"/runs/r1/a", "/runs/r1/a.2", "/runs/r1/a.3"}));
  EXPECT_EQ(report.steps[0].result.output, Json::parse(R"({"text": "run 1\nrun 2\nrun 3",
                            "repeats": [{"text": "run 1"}, {"text": "run 2"}, {"text": "run 3"}]})"));
}

TEST_F(EngineTest, RepetitionsThatEndTheirLinesAreJoinedWithoutEmptyOnes) {
  step("a").repeat_count = 3;
  work["a"] = [&](const StepContext&) { return with_output({{"text", "line\n"}}); };
  run();
  EXPECT_EQ(report.steps[0].result.output["text"], "line\nline\nline\n");
}

TEST_F(EngineTest, TheFirstRepetitionThatFailsEndsThem) {
  step("a").repeat_count = 5;
  int runs = 0;
  work["a"] = [&](const StepContext&) {
    return ++runs == 3 ? exit_code(1) : with_output({{"text", std::to_string(runs)}});
  };
  run();
  EXPECT_EQ(lines, (Lines{"start a", "end a: failed, exit_code: repetition 3 of 5: exit code 1"}));
  EXPECT_EQ(report.steps[0].result.output["text"], "1\n2\nit said this");
  EXPECT_EQ(report.steps[0].result.output["repeats"].size(), 3u);
}

// ---- limits

TEST_F(EngineTest, StopsAStepAtItsLimit) {
  real_time = true;
  limit(step("a"), 0.005);
  work["a"] = until_stopped;
  run();
  EXPECT_EQ(lines,
            (Lines{"start a",
                   "end a: failed, timeout: timed out after 0.005 s (limit: timeout_seconds in m.yaml:14)"}));
  EXPECT_EQ(report.steps[0].timeout.seconds, 0.005);
  EXPECT_EQ(report.steps[0].timeout.how, "timeout_seconds in m.yaml:14");
}

TEST_F(EngineTest, EachAttemptHasTheWholeLimit) {
  real_time = true;
  Step& made = step("a");
  limit(made, 0.005);
  made.retry = retry(2);
  work["a"] = until_stopped;
  run();
  EXPECT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[2], "start a again");
  EXPECT_EQ(report.steps[0].result.kind, FailureKind::timeout);
}

TEST_F(EngineTest, StopsASilentStep) {
  real_time = true;
  Step& made = step("a");
  limit(made, 1000);
  made.timeout.idle_seconds = 0.005;
  work["a"] = [](const StepContext& context) {
    context.on_progress({1, 1, "x"});
    return until_stopped(context);
  };
  run();
  EXPECT_EQ(lines,
            (Lines{"start a", "progress a: x",
                   "end a: failed, timeout: gave no output for 0.005 s (limit: idle_timeout_seconds)"}));
}

TEST_F(EngineTest, WhatAStoppedStepGaveMayBeUsed) {
  real_time = true;
  limit(step("a"), 0.005);
  step("b", {"a"});
  work["a"] = [](const StepContext& context) {
    StepResult result = until_stopped(context);
    result.status = Status::partial;
    return result;
  };
  run();
  EXPECT_EQ(report.outcome, RunOutcome::completed_with_warnings);
  EXPECT_EQ(
      report.steps[0].result.warnings,
      Lines{
          "timed out after 0.005 s (limit: timeout_seconds in m.yaml:14); what it gave until then is used"});
  EXPECT_EQ(report.steps[1].status, Status::success);
}

TEST_F(EngineTest, TheLimitOfTheRunStopsWhatRunsAndCancelsTheRest) {
  real_time = true;
  mission.config.timeout_seconds = 0.01;
  mission.config.timeout_at = {3, 5, 0};
  step("a");
  step("b");
  finally("f");
  work["a"] = until_stopped;
  run();
  EXPECT_EQ(lines,
            (Lines{"start a", "stopping: run_timeout",
                   "cancelled b: the run reached its limit of 0.01 s (timeout_seconds in m.yaml:3)",
                   "end a: failed, timeout: was still running when the run reached its limit of 0.01 s "
                   "(timeout_seconds in m.yaml:3)",
                   "start f", "end f: success"}));
  EXPECT_EQ(report.exit_code, ExitCode::run_time_limit);
  EXPECT_EQ(report.outcome, RunOutcome::failed);
}

// ---- what a run may take

TEST_F(EngineTest, AStepPastALimitIsStopped) {
  real_time = true;
  mission.config.limits.max_memory_mb = 100;
  step("a");
  step("no_program");
  set(mission.steps[0], "program", "eater");
  world.processes.usages[7].memory_bytes = 150'000'000;
  work["a"] = [](const StepContext& context) {
    EXPECT_EQ(context.limits.memory_bytes, 100'000'000u);
    context.on_process(7);
    return until_stopped(context);
  };
  work["no_program"] = [](const StepContext& context) {
    EXPECT_FALSE(context.limits.any());
    return StepResult{};
  };
  run();
  EXPECT_EQ(lines, (Lines{"start a: eater",
                          "end a: failed, resource_limit: took 150.0 MB of memory; max_memory_mb allows "
                          "100.0 MB",
                          "start no_program", "end no_program: success"}));
  EXPECT_EQ(report.steps[0].result.help, "raise max_memory_mb, or give the step less to do");
  EXPECT_EQ(report.steps[0].limits.max_memory_mb, 100);
  EXPECT_FALSE(report.steps[1].limits.any());
}

TEST_F(EngineTest, WarnsOfALimitWhileTheStepRuns) {
  real_time = true;
  mission.config.limits.max_memory_mb = 100;
  step("a");
  set(mission.steps[0], "program", "eater");
  world.processes.usages[7].memory_bytes = 90'000'000;
  std::promise<void> warned;
  also = [&](const Event& event) {
    if (std::holds_alternative<LimitWarning>(event.what)) warned.set_value();
  };
  work["a"] = [&](const StepContext& context) {
    context.on_process(7);
    warned.get_future().wait();
    return StepResult{};
  };
  run();
  EXPECT_EQ(lines, (Lines{"start a: eater",
                          "warning a: takes 90.0 MB of memory, 90 % of what max_memory_mb allows (100.0 MB)",
                          "end a: success"}));
  EXPECT_EQ(report.outcome, RunOutcome::completed_with_warnings);
}

TEST_F(EngineTest, ADirectoryThatIsTooLargeStartsNothing) {
  mission.config.working_directory_size_limit = 1000;
  mission.config.working_directory_size_limit_at = {3, 5, 0};
  world.files.files["/start/big"] = std::string(1500, 'x');
  step("a");
  finally("f");
  run();
  std::string why =
      "the working directory held 1.5 kB, more than the 1.0 kB of working_directory_size_limit in m.yaml:3";
  EXPECT_EQ(lines, (Lines{"cancelled a: " + why, "cancelled f: " + why}));
  EXPECT_EQ(report.outcome, RunOutcome::failed);
  EXPECT_EQ(report.exit_code, ExitCode::step_failed);
  EXPECT_EQ(report.size_limit, why);
}

TEST_F(EngineTest, ADirectoryThatGrowsTooLargeStopsWhatRuns) {
  real_time = true;
  mission.config.working_directory_size_limit = 1000;
  mission.config.monitoring.check_interval_seconds = 0.001;
  mission.config.working_directory.value = "sub";
  step("a");
  step("b");
  finally("f");
  work["a"] = [this](const StepContext& context) {
    std::string bytes(1500, 'x');
    EXPECT_TRUE(world.files.write({.path = "/start/sub/big", .bytes = bytes, .mode = {}}).ok());
    return until_stopped(context);
  };
  run();
  std::string why = "the working directory held 1.5 kB, more than the 1.0 kB of working_directory_size_limit";
  EXPECT_EQ(lines,
            (Lines{"start a", "stopping: resource_limit", "cancelled b: " + why,
                   "end a: failed, resource_limit: was running when " + why, "start f", "end f: success"}));
  EXPECT_EQ(report.exit_code, ExitCode::step_failed);
}

TEST_F(EngineTest, TellsWhichProcessesHadToBeEnded) {
  step("a");
  work["a"] = [this](const StepContext& context) {
    engine->interrupt(SIGINT);
    StepResult result = until_stopped(context);
    result.stopped = {{7, "tough", SIGKILL}};
    result.left_over = {{8, "daemon", SIGTERM}};
    return result;
  };
  run();
  ASSERT_EQ(report.steps[0].killed.size(), 2u);
  EXPECT_EQ(report.steps[0].killed[0].process.command, "tough");
  EXPECT_EQ(report.steps[0].killed[0].asked_by, "interrupt");
  EXPECT_EQ(report.steps[0].killed[1].process.pid, 8);
  EXPECT_EQ(report.steps[0].killed[1].asked_by, "left_over");
}

// ---- interrupts

TEST_F(EngineTest, AnInterruptStopsWhatRunsAndRunsFinally) {
  step("a");
  step("b");
  finally("f");
  work["a"] = [this](const StepContext& context) {
    std::thread other([this] { engine->interrupt(SIGINT); });
    StepResult result = until_stopped(context);
    EXPECT_EQ(context.stop.reason(), StopReason::interrupt);
    EXPECT_FALSE(context.stop.at_once());
    other.join();
    return result;
  };
  work["f"] = [](const StepContext& context) {
    EXPECT_FALSE(context.stop.requested());
    return StepResult{};
  };
  run();
  EXPECT_EQ(lines, (Lines{"start a", "stopping: interrupt", "cancelled b: the run was interrupted",
                          "end a: cancelled, interrupted: was running when the run was interrupted",
                          "start f", "end f: success"}));
  EXPECT_EQ(report.outcome, RunOutcome::interrupted);
  EXPECT_EQ(report.exit_code, ExitCode::interrupted);
  EXPECT_EQ(report.signal, SIGINT);
}

TEST_F(EngineTest, ASecondInterruptEndsEverythingAtOnce) {
  step("a");
  finally("f");
  work["a"] = [this](const StepContext& context) {
    engine->interrupt(SIGTERM);
    EXPECT_FALSE(context.stop.at_once());
    engine->interrupt(SIGINT);
    EXPECT_TRUE(context.stop.at_once());
    return until_stopped(context);
  };
  run();
  EXPECT_EQ(lines, (Lines{"start a", "stopping: interrupt", "stopping: interrupt, at once",
                          "end a: cancelled, interrupted: was running when the run was interrupted",
                          "cancelled f: the run was interrupted"}));
  EXPECT_EQ(report.exit_code, ExitCode::terminated);
}

TEST_F(EngineTest, AnInterruptInFinallyStopsIt) {
  step("a");
  finally("f");
  finally("g");
  work["f"] = [this](const StepContext& context) {
    engine->interrupt(SIGINT);
    return until_stopped(context);
  };
  run();
  EXPECT_EQ(lines, (Lines{"start a", "end a: success", "start f", "stopping: interrupt",
                          "cancelled g: the run was interrupted",
                          "end f: cancelled, interrupted: was running when the run was interrupted"}));
}

TEST_F(EngineTest, AnInterruptEndsTheWaitForTheNextAttempt) {
  Step& made = step("a");
  made.retry = retry(2);
  made.retry->delay_seconds = 60;
  work["a"] = [](const StepContext&) { return exit_code(1); };
  std::thread other;
  also = [&](const Event& event) {
    if (std::holds_alternative<StepRetried>(event.what))
      other = std::thread([this] { engine->interrupt(SIGINT); });
  };
  run();
  other.join();
  EXPECT_EQ(lines, (Lines{"start a", "retry a: exit code 1", "stopping: interrupt",
                          "end a: failed, exit_code: exit code 1"}));
  EXPECT_EQ(report.steps[0].attempts, 1u);
  EXPECT_EQ(report.outcome, RunOutcome::interrupted);
}

TEST_F(EngineTest, AnInterruptAfterTheLastStepChangesNothing) {
  step("a");
  work["a"] = [](const StepContext&) { return StepResult{}; };
  also = [&](const Event& event) {
    if (std::holds_alternative<StepFinished>(event.what)) engine->interrupt(SIGINT);
  };
  run();
  EXPECT_EQ(report.outcome, RunOutcome::success);
}

// ---- several at once

TEST_F(EngineTest, RunsAsManyAtOnceAsItMay) {
  max_parallel = 3;
  for (int i = 0; i < 12; ++i) step("s" + std::to_string(i));
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  std::latch together(3);
  for (const Step& one : mission.steps) {
    work[one.id.value] = [&](const StepContext& context) {
      int now = ++running;
      int before = most;
      while (now > before && !most.compare_exchange_weak(before, now)) {
      }
      // The first three can go on only when all of them run.
      if (context.step.id.value.size() == 2 && context.step.id.value[1] < '3') together.arrive_and_wait();
      --running;
      return StepResult{};
    };
  }
  run();
  EXPECT_EQ(most, 3);
  EXPECT_EQ(report.count(Status::success), 12u);
}

TEST_F(EngineTest, TellsWhatSeveralThreadsSayOneAfterTheOther) {
  max_parallel = 2;
  std::latch both(2);
  for (const char* id : {"a", "b", "c", "d"}) {
    step(id);
    work[id] = [&](const StepContext& context) {
      if (context.step.id.value < "c") both.arrive_and_wait();
      context.on_text("piece");
      return StepResult{};
    };
  }
  std::atomic<bool> telling = false;
  also = [&](const Event&) {
    EXPECT_FALSE(telling.exchange(true));
    std::this_thread::yield();
    telling = false;
  };
  run();
  auto place = [&](const std::string& line) {
    return std::find(lines.begin(), lines.end(), line) - lines.begin();
  };
  for (std::string id : {"a", "b", "c", "d"}) {
    EXPECT_EQ(std::count(lines.begin(), lines.end(), "wrote " + id + ": piece"), 1);
    EXPECT_LT(place("wrote " + id + ": piece"), place("end " + id + ": success"));
  }
}

// A worker takes the news that were meant for the run's own thread, and so must see to it that what is due
// later is begun.
TEST_F(EngineTest, BeginsWhatIsDueWhileOthersWork) {
  real_time = true;
  max_parallel = 3;
  std::latch again(1);
  int tries = 0;
  step("flaky").retry = retry(3);
  mission.steps.back().retry->delay_seconds = 0.02;
  work["flaky"] = [&](const StepContext&) {
    if (++tries == 3) again.count_down();
    return tries == 3 ? StepResult{} : StepResult::failure(FailureKind::exit_code, "not yet");
  };
  step("patient");
  work["patient"] = [&](const StepContext& context) {
    context.on_text("waits");
    again.wait();
    return StepResult{};
  };
  run();
  EXPECT_EQ(tries, 3);
  EXPECT_EQ(report.count(Status::success), 2u);
}

TEST_F(EngineTest, InterruptsAllThatRun) {
  max_parallel = 4;
  std::latch running(4);
  for (int i = 0; i < 6; ++i) {
    std::string id = "s" + std::to_string(i);
    step(id);
    work[id] = [&](const StepContext& context) {
      running.arrive_and_wait();
      engine->interrupt(SIGINT);
      return until_stopped(context);
    };
  }
  run();
  EXPECT_EQ(report.count(Status::cancelled), 6u);
}

// A run of many steps, some of which fail: every step is told of exactly once, none starts before what it
// needs has ended, and how many run at once changes nothing of how they end.
TEST_F(EngineTest, HoldsItsPromisesForAnyGraph) {
  for (unsigned seed = 1; seed <= 30; ++seed) {
    std::vector<Status> first;
    for (std::uint32_t parallel : {1u, 4u}) {
      clear();
      work.clear();
      unsigned state = seed;
      auto random = [&](unsigned below) {
        state = state * 1664525u + 1013904223u;
        return (state >> 16) % below;
      };
      for (unsigned i = 0; i < 40; ++i) {
        Lines needs;
        for (unsigned j = 0; j < i; ++j)
          if (random(i + 4) == 0) needs.push_back("s" + std::to_string(j));
        Step& made = step("s" + std::to_string(i), needs);
        made.continue_on_error = random(5) == 0;
        unsigned strategy = random(6);
        if (strategy == 0) made.strategy = DependencyStrategy::any_required;
        if (strategy == 1) made.strategy = DependencyStrategy::best_effort;
        bool fails = random(6) == 0;
        work[made.id.value] = [fails](const StepContext&) { return fails ? exit_code(1) : StepResult{}; };
      }
      max_parallel = parallel;
      std::vector<int> told(40);
      std::vector<bool> ended(40);
      also = [&](const Event& event) {
        if (auto* started = std::get_if<StepStarted>(&event.what)) {
          for (const Dependency& need : mission.steps[started->step].depends_on)
            EXPECT_TRUE(ended[static_cast<std::size_t>(std::stoi(need.step.value.substr(1)))]);
        } else if (auto* finished = std::get_if<StepFinished>(&event.what)) {
          ++told[finished->step];
          ended[finished->step] = true;
        } else if (auto* not_run = std::get_if<StepNotRun>(&event.what)) {
          ++told[not_run->step];
          ended[not_run->step] = true;
          EXPECT_FALSE(not_run->reason.empty());
        }
      };
      run();
      EXPECT_EQ(told, std::vector<int>(40, 1)) << "seed " << seed;
      std::vector<Status> statuses;
      for (const StepReport& one : report.steps) statuses.push_back(one.status);
      if (parallel == 1) first = statuses;
      EXPECT_EQ(statuses, first) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace rustchain
