#include "engine/deadline.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

Effects command(std::vector<std::string> argv, std::string script = {}) {
  Effects effects;
  effects.executes.push_back({std::move(argv), std::move(script)});
  return effects;
}

struct Choice : testing::Test {
  Mission mission;
  Step step;
  Effects effects;
  std::optional<double> tree_mb;
  std::vector<double> earlier;

  Choice() { mission.file = "m.yaml"; }
  StepLimit choose() { return choose_timeout(mission, step, {effects, tree_mb, earlier}); }
  void fixed(double seconds) {
    step.timeout.seconds = seconds;
    step.timeout.strategy = TimeoutStrategy::fixed;
    step.timeout.at = {14, 5, 0};
  }
};

TEST_F(Choice, TakesTheNumberOfTheMission) {
  fixed(60);
  StepLimit limit = choose();
  EXPECT_EQ(limit.seconds, 60);
  EXPECT_EQ(limit.how, "timeout_seconds in m.yaml:14");
  EXPECT_FALSE(limit.adaptive);
}

TEST_F(Choice, FallsBackToTheConfigs) {
  mission.config.step_timeout.seconds = 20;
  mission.config.step_timeout.strategy = TimeoutStrategy::fixed;
  mission.config.step_timeout.at = {3, 5, 0};
  mission.config.step_timeout.grace_seconds = 2;
  StepLimit limit = choose();
  EXPECT_EQ(limit.seconds, 20);
  EXPECT_EQ(limit.how, "step_timeout_seconds in m.yaml:3");
  EXPECT_EQ(limit.grace_seconds, 2);
}

TEST_F(Choice, AutoWrittenInTheStepWinsOverTheConfigsNumber) {
  mission.config.step_timeout.seconds = 20;
  mission.config.step_timeout.strategy = TimeoutStrategy::fixed;
  step.timeout.at = {14, 5, 0};
  EXPECT_EQ(choose().how, "auto: base 60 s");
}

TEST_F(Choice, IsAdaptiveWhereNothingIsSaid) {
  StepLimit limit = choose();
  EXPECT_EQ(limit.seconds, 60);
  EXPECT_EQ(limit.max_seconds, 300);
  EXPECT_EQ(limit.how, "auto: base 60 s");
  EXPECT_EQ(limit.grace_seconds, 5);
  EXPECT_FALSE(limit.idle_seconds);
}

TEST_F(Choice, GivesBuildsMoreTime) {
  effects = command({"cmake", "--build", "build"});
  StepLimit limit = choose();
  EXPECT_EQ(limit.seconds, 300);
  EXPECT_EQ(limit.max_seconds, 1500);
  EXPECT_EQ(limit.how, "auto: base 300 s for builds and tests (cmake --build)");
}

TEST_F(Choice, GivesModelsMoreTime) {
  step.type.value = "llm";
  EXPECT_EQ(choose().how, "auto: base 300 s for llm steps");
}

TEST_F(Choice, GrowsWithTheTreeThatIsWalked) {
  effects = command({"grep", "-r", "TODO", "src"});
  tree_mb = 2.5;
  StepLimit limit = choose();
  EXPECT_EQ(limit.seconds, 150);
  EXPECT_EQ(limit.how, "auto: 60 s x 2.5 for 2.5 MB below src");
  tree_mb = 1000;
  EXPECT_EQ(choose().seconds, 300);
  tree_mb = 0.5;
  EXPECT_EQ(choose().how, "auto: base 60 s");
}

TEST_F(Choice, TheSizeOfATreeMeansNothingToOtherCommands) {
  effects = command({"cat", "src"});
  tree_mb = 100;
  EXPECT_EQ(choose().seconds, 60);
}

TEST_F(Choice, LearnsFromEarlierRuns) {
  earlier = {10, 40, 20};
  StepLimit limit = choose();
  EXPECT_EQ(limit.seconds, 120);
  EXPECT_EQ(limit.how, "auto: base 120 s (3 x the slowest of 3 earlier runs)");
  earlier = {1};
  EXPECT_EQ(choose().seconds, 60);
}

TEST_F(Choice, TakesTheStepsOwnNumbersForAuto) {
  step.timeout.base_seconds = 10;
  step.timeout.max_seconds = 40;
  step.timeout.size_factor = 2;
  effects = command({"du", "-sh", "."});
  tree_mb = 1.5;
  StepLimit limit = choose();
  EXPECT_EQ(limit.seconds, 30);
  EXPECT_EQ(limit.max_seconds, 40);
  step.timeout.max_seconds = 5;
  EXPECT_EQ(choose().max_seconds, 10);
}

TEST(Programs, FindsTheTreesThatCommandsWalk) {
  using Paths = std::vector<std::string>;
  EXPECT_EQ(walked_trees(command({"grep", "-rn", "x", "src", "lib"})), (Paths{"src", "lib"}));
  EXPECT_EQ(walked_trees(command({"grep", "-n", "-A", "3", "-r", "-e", "x", "src"})), (Paths{"src"}));
  EXPECT_EQ(walked_trees(command({"grep", "x", "file"})), Paths{});
  EXPECT_EQ(walked_trees(command({"grep", "--recursive", "x"})), (Paths{"."}));
  EXPECT_EQ(walked_trees(command({"/usr/bin/find", "a", "b", "-name", "*.c"})), (Paths{"a", "b"}));
  EXPECT_EQ(walked_trees(command({"find", "-name", "*.c"})), (Paths{"."}));
  EXPECT_EQ(walked_trees(command({"rg", "-t", "cpp", "x"})), (Paths{"."}));
  EXPECT_EQ(walked_trees(command({"ls", "-l", "src"})), Paths{});
  EXPECT_EQ(walked_trees(command({"ls", "-lR", "src"})), (Paths{"src"}));
  EXPECT_EQ(walked_trees(command({"wc", "-l", "src"})), (Paths{"src"}));
  EXPECT_EQ(walked_trees(command({"sudo", "-n", "du", "-d", "1", "/var"})), (Paths{"/var"}));
  EXPECT_EQ(walked_trees(Effects{}), Paths{});
}

TEST(Programs, ReadsScripts) {
  EXPECT_EQ(walked_trees(command({"/bin/sh", "-c", "x"}, "cd a && grep -r 'a b' src | wc -l > out; du")),
            (std::vector<std::string>{"src", "."}));
  EXPECT_EQ(build_program(command({"/bin/sh", "-c", "x"}, "cd a && CC=gcc make -j2")), "make");
}

TEST(Programs, KnowsBuildsByTheirArguments) {
  EXPECT_EQ(build_program(command({"go", "build", "./..."})), "go build");
  EXPECT_EQ(build_program(command({"go", "env"})), "");
  EXPECT_EQ(build_program(command({"cmake", "-B", "build"})), "");
  EXPECT_EQ(build_program(command({"timeout", "10", "cargo", "test"})), "cargo");
  EXPECT_EQ(build_program(command({"ninja.exe"})), "ninja");
  EXPECT_EQ(build_program(command({"echo", "make"})), "");
}

// ---- the deadline of a running step

constexpr SteadyTime k_start{};
SteadyTime at(double seconds) {
  return k_start + std::chrono::duration_cast<SteadyTime::duration>(Seconds(seconds));
}
StepLimit adaptive() {
  StepLimit limit;
  limit.seconds = 60;
  limit.adaptive = true;
  limit.base_seconds = 60;
  limit.max_seconds = 300;
  limit.how = "auto: base 60 s";
  return limit;
}

TEST(Deadline, AFixedLimitKnowsNoSignsOfLife) {
  StepLimit limit;
  limit.seconds = 60;
  limit.how = "timeout_seconds in m.yaml:14";
  Deadline deadline(limit, k_start);
  EXPECT_EQ(deadline.next_look(k_start), at(60));
  EXPECT_EQ(deadline.measure_from(), SteadyTime::max());
  EXPECT_EQ(deadline.look(at(59), {.last_output = at(59), .cpu = Seconds(59)}), StopReason::none);
  EXPECT_EQ(deadline.look(at(60), {.last_output = at(60), .cpu = Seconds(60)}), StopReason::timeout);
  EXPECT_EQ(deadline.message(StopReason::timeout),
            "timed out after 60 s (limit: timeout_seconds in m.yaml:14)");
  EXPECT_EQ(deadline.help(StopReason::timeout),
            "raise timeout_seconds, or set it to auto, which waits on while the step shows life");
}

TEST(Deadline, WithoutLimitNobodyLooks) {
  Deadline deadline(StepLimit{}, k_start);
  EXPECT_EQ(deadline.next_look(at(5)), SteadyTime::max());
}

TEST(Deadline, ASilentIdleStepIsStoppedAtItsLimit) {
  Deadline deadline(adaptive(), k_start);
  EXPECT_EQ(deadline.next_look(k_start), at(55));
  EXPECT_EQ(deadline.look(at(55), {.last_output = at(1), .cpu = Seconds(3)}), StopReason::none);
  EXPECT_EQ(deadline.next_look(k_start), at(60));
  EXPECT_EQ(deadline.look(at(60), {.last_output = at(1), .cpu = Seconds(3)}), StopReason::timeout);
  EXPECT_EQ(deadline.message(StopReason::timeout), "timed out after 60 s (limit: auto: base 60 s)");
}

TEST(Deadline, SignsOfLifeExtendAnAdaptiveLimit) {
  Deadline deadline(adaptive(), k_start);
  EXPECT_EQ(deadline.look(at(55), {.cpu = Seconds(3)}), StopReason::none);
  EXPECT_EQ(deadline.look(at(60), {.cpu = Seconds(4)}), StopReason::none);
  EXPECT_EQ(deadline.next_look(k_start), at(65));
  EXPECT_EQ(deadline.look(at(65), {.cpu = Seconds(4), .io_bytes = 1}), StopReason::none);
  Signs printed{.last_output = at(69), .cpu = Seconds(4), .io_bytes = 1};
  EXPECT_EQ(deadline.look(at(70), printed), StopReason::none);
  EXPECT_EQ(deadline.look(at(75), printed), StopReason::timeout);
  EXPECT_EQ(deadline.message(StopReason::timeout),
            "timed out after 75 s (limit: auto: base 60 s, extended while it showed life)");
}

TEST(Deadline, NoLifeGoesBeyondTheMaximum) {
  Deadline deadline(adaptive(), k_start);
  SteadyTime now = k_start;
  for (double cpu = 1;; ++cpu) {
    now = deadline.next_look(k_start);
    if (deadline.look(now, {.cpu = Seconds(cpu)}) == StopReason::timeout) break;
    ASSERT_LT(cpu, 100);
  }
  EXPECT_EQ(now, at(300));
  EXPECT_EQ(deadline.message(StopReason::timeout),
            "timed out after 300 s (limit: auto: base 60 s, extended to its maximum)");
}

TEST(Deadline, GrowsWithTheTreeAsFarAsItIsMeasured) {
  StepLimit limit = adaptive();
  limit.size_factor = 1;
  Deadline deadline(limit, k_start);
  EXPECT_EQ(deadline.measure_from(), at(30));
  EXPECT_FALSE(deadline.enough(4.9));
  EXPECT_TRUE(deadline.enough(5));
  EXPECT_EQ(deadline.look(at(55), {.tree_mb = 2}), StopReason::none);
  EXPECT_EQ(deadline.next_look(k_start), at(115));
  EXPECT_EQ(deadline.look(at(115), {.tree_mb = 2}), StopReason::none);
  EXPECT_EQ(deadline.look(at(120), {.tree_mb = 2}), StopReason::timeout);
  EXPECT_EQ(deadline.message(StopReason::timeout),
            "timed out after 120 s (limit: auto: 60 s x 2 for at least 2 MB)");
}

TEST(Deadline, SilenceIsLimitedOnItsOwn) {
  StepLimit limit;
  limit.idle_seconds = 10;
  limit.idle_how = "idle_timeout_seconds";
  Deadline deadline(limit, k_start);
  EXPECT_EQ(deadline.next_look(at(3)), at(13));
  EXPECT_EQ(deadline.look(at(12), {.last_output = at(3)}), StopReason::none);
  EXPECT_EQ(deadline.look(at(13), {.last_output = at(3)}), StopReason::idle_timeout);
  EXPECT_EQ(deadline.message(StopReason::idle_timeout),
            "gave no output for 10 s (limit: idle_timeout_seconds)");
}

TEST(Deadline, LimitsBeyondTheClockAreNone) {
  StepLimit limit;
  limit.seconds = 1e300;
  Deadline deadline(limit, at(1000));
  EXPECT_EQ(deadline.next_look(k_start), SteadyTime::max());
}

}  // namespace
}  // namespace rustchain
