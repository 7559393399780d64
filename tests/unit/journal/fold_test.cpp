#include "rustchain/report.hpp"

#include <csignal>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

struct Fold : testing::Test {
  ReportBuilder builder;
  WallTime at = WallTime(std::chrono::seconds(1'000'000'000));

  Fold() {
    RunStarted started;
    started.run_id = "r1";
    for (const char* id : {"a", "b", "c"}) {
      RunStarted::StepInfo info;
      info.id = id;
      started.steps.push_back(info);
    }
    tell(started);
  }

  template <class What>
  void tell(What what) {
    builder.on(Event{at, std::move(what)});
    at += std::chrono::seconds(1);
  }
  void ends(StepIndex step, Status status, bool allowed = false) {
    tell(StepStarted{step, 1, "what", {60.0, "how"}});
    StepFinished finished;
    finished.step = step;
    finished.result.status = status;
    if (status == Status::failed) finished.result.kind = FailureKind::exit_code;
    finished.duration_seconds = 1;
    finished.allowed = allowed;
    tell(finished);
  }
};

TEST_F(Fold, KnowsWhatEachStepDid) {
  tell(StepStarted{1, 1, "make", {60.0, "how"}});
  tell(StepRetried{1, 1, 0.5, FailureKind::network, "no"});
  tell(StepStarted{1, 2, "make", {60.0, "how"}});
  StepFinished finished;
  finished.step = 1;
  finished.attempts = 2;
  finished.duration_seconds = 3;
  finished.result.output = {{"x", 1}};
  tell(finished);
  tell(StepNotRun{2, Status::skipped, 1, 0, "because"});

  RunReport report = builder.report();
  EXPECT_EQ(report.run.run_id, "r1");
  EXPECT_EQ(report.started, WallTime(std::chrono::seconds(1'000'000'000)));
  EXPECT_EQ(report.steps[0].info.id, "a");
  EXPECT_FALSE(report.steps[0].started);
  EXPECT_EQ(report.steps[1].what, "make");
  EXPECT_EQ(report.steps[1].attempts, 2u);
  EXPECT_EQ(report.steps[1].duration_seconds, 3);
  EXPECT_EQ(report.steps[1].started_at, WallTime(std::chrono::seconds(1'000'000'001)));
  EXPECT_EQ(report.steps[1].timeout.how, "how");
  EXPECT_EQ(report.steps[1].result.output["x"], 1);
  EXPECT_EQ(report.steps[2].reason, "because");
  EXPECT_EQ(report.steps[2].cause, 0u);
  EXPECT_EQ(report.counts, (std::array<std::uint32_t, 5>{1, 0, 0, 1, 1}));
}

TEST_F(Fold, ARunWithoutItsEndIsInterrupted) {
  ends(0, Status::success);
  RunReport report = builder.report();
  EXPECT_EQ(report.outcome, RunOutcome::interrupted);
  EXPECT_EQ(report.exit_code, ExitCode::interrupted);
  EXPECT_EQ(report.duration_seconds, 2);
  EXPECT_EQ(report.count(Status::cancelled), 2u);
}

// So long as it is known to have run, and no longer.
TEST_F(Fold, AStepThatWasCutOffTookUntilTheLastEvent) {
  tell(StepStarted{0, 1, "what", {}});
  ends(1, Status::success);
  EXPECT_EQ(builder.report().steps[0].duration_seconds, 2);
  EXPECT_EQ(builder.report().steps[2].duration_seconds, 0);
}

TEST_F(Fold, AClockThatIsSetBackMakesNoTimeNegative) {
  tell(StepStarted{0, 1, "what", {}});
  at -= std::chrono::hours(5);
  ends(1, Status::success);
  tell(StepStarted{2, 1, "what", {}});
  const RunReport report = builder.report();
  EXPECT_EQ(report.duration_seconds, 1);
  for (const StepReport& step : report.steps) EXPECT_GE(step.duration_seconds, 0) << step.info.id;
}

TEST_F(Fold, ConditionsThatAreFalseAreNoWarnings) {
  ends(0, Status::success);
  tell(StepNotRun{1, Status::skipped, k_no_step, k_no_step, "condition"});
  ends(2, Status::success);
  tell(RunFinished{false, 0, 9});
  RunReport report = builder.report();
  EXPECT_EQ(report.outcome, RunOutcome::success);
  EXPECT_EQ(report.exit_code, ExitCode::success);
  EXPECT_EQ(report.duration_seconds, 9);
}

TEST_F(Fold, PartialResultsAllowedFailuresAndWarningsAreWarnings) {
  for (int which = 0; which < 3; ++which) {
    ReportBuilder other;
    builder = other;
    tell(RunStarted{.steps = {{.id = "a"}}});
    StepFinished finished;
    if (which == 0) finished.result.status = Status::partial;
    if (which == 1) finished.result.status = Status::failed;
    finished.allowed = which == 1;
    if (which == 2) finished.result.warnings = {"look out"};
    tell(finished);
    tell(RunFinished{});
    EXPECT_EQ(builder.report().outcome, RunOutcome::completed_with_warnings) << which;
    EXPECT_EQ(builder.report().exit_code, ExitCode::success) << which;
  }
}

TEST_F(Fold, TheFirstFailureIsTheFirstInTime) {
  ends(2, Status::failed);
  ends(0, Status::failed, true);
  ends(1, Status::failed);
  tell(RunFinished{});
  RunReport report = builder.report();
  EXPECT_EQ(report.first_failure(), 2u);
  EXPECT_EQ(report.outcome, RunOutcome::failed);
  EXPECT_EQ(report.exit_code, ExitCode::step_failed);
}

// A duration counts from before the start is told, so start plus duration may lie after the next step's end.
TEST_F(Fold, TheFirstFailureIsThatWhoseEndWasToldFirst) {
  StepFinished finished;
  finished.result.status = Status::failed;
  finished.step = 0;
  finished.duration_seconds = 60;
  tell(finished);
  finished.step = 1;
  finished.duration_seconds = 0.001;
  tell(finished);
  EXPECT_EQ(builder.report().first_failure(), 0u);
}

TEST_F(Fold, TheExitCodeTellsWhatEndedTheRun) {
  ends(0, Status::failed);
  ReportBuilder before = builder;
  tell(RunFinished{true, 0, 1});
  EXPECT_EQ(builder.report().exit_code, ExitCode::run_time_limit);
  EXPECT_EQ(builder.report().outcome, RunOutcome::failed);
  builder = before;
  tell(RunFinished{false, SIGTERM, 1});
  EXPECT_EQ(builder.report().exit_code, ExitCode::terminated);
  EXPECT_EQ(builder.report().outcome, RunOutcome::interrupted);
  builder = before;
  tell(RunFinished{true, SIGINT, 1});
  EXPECT_EQ(builder.report().exit_code, ExitCode::interrupted);
}

}  // namespace
}  // namespace rustchain
