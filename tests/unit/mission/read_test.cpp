#include "mission/read.hpp"

#include "rustchain/json.hpp"

#include "support/mission_text.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using testing::lines;
using testing::problems_of_top;
using testing::read_text;
using Lines = std::vector<std::string>;

TEST(ReadMission, FillsInWhatTheFileSays) {
  auto [mission, problems] = read_text(R"(
name: Nightly
version: 1.0
description: all checks
author: Ada
tags: [a, b]
vars: {count: 3, list: [1, 2]}
env: {CI: true, LEVEL: 2, EMPTY: }
config:
  timeout_seconds: 600
  step_timeout_seconds: 45.5
  fail_fast: true
  max_parallel: 4
  working_directory: build
  shell: /bin/bash
  retry: {max_attempts: 3, delay_seconds: 2, backoff: exponential, max_delay_seconds: 9, jitter: true, retry_on: [timeout, "exit_code:75"]}
  monitoring: {check_interval_seconds: 1, warn_threshold_percent: 50, kill_on_exceed: false}
  infer_dependencies: false
execution_strategy: {estimate_resource_usage: true}
error_handling: {suggest_alternatives: false}
safety: {mode: strict}
steps:
  - {id: a, name: A, step_type: noop}
finally:
  - {id: z, name: Z, step_type: noop}
)");
  EXPECT_EQ(lines(problems), Lines{});
  EXPECT_EQ(mission.name, "Nightly");
  EXPECT_EQ(mission.version, "1.0");
  EXPECT_EQ(mission.description, "all checks");
  ASSERT_EQ(mission.vars.size(), 2u);
  EXPECT_EQ(mission.vars[0].first, "count");
  EXPECT_EQ(to_json(mission.vars[1].second), Json::parse("[1, 2]"));
  ASSERT_EQ(mission.env.size(), 3u);
  EXPECT_EQ(mission.env[0].second.value, "true");
  EXPECT_EQ(mission.env[1].second.value, "2");
  EXPECT_EQ(mission.env[2].first.value, "EMPTY");
  EXPECT_EQ(mission.env[2].second.value, "");
  const Config& config = mission.config;
  EXPECT_EQ(config.timeout_seconds, 600);
  EXPECT_EQ(config.timeout_at.line, 10u);
  EXPECT_EQ(config.step_timeout.seconds, 45.5);
  EXPECT_EQ(config.step_timeout.strategy, TimeoutStrategy::fixed);
  EXPECT_TRUE(config.fail_fast);
  EXPECT_EQ(config.max_parallel_steps, 4u);
  EXPECT_EQ(config.working_directory.value, "build");
  EXPECT_EQ(config.shell.value, "/bin/bash");
  ASSERT_TRUE(config.retry);
  EXPECT_EQ(config.retry->max_attempts, 3u);
  EXPECT_EQ(config.retry->delay_seconds, 2);
  EXPECT_EQ(config.retry->backoff, Backoff::exponential);
  EXPECT_EQ(config.retry->max_delay_seconds, 9);
  EXPECT_TRUE(config.retry->jitter);
  ASSERT_EQ(config.retry->retry_on.size(), 2u);
  EXPECT_EQ(config.retry->retry_on[1].value, "exit_code:75");
  EXPECT_EQ(config.monitoring.check_interval_seconds, 1);
  EXPECT_EQ(config.monitoring.warn_threshold_percent, 50);
  EXPECT_FALSE(config.monitoring.kill_on_exceed);
  EXPECT_FALSE(config.infer_dependencies);
  EXPECT_TRUE(mission.execution_strategy.estimate_resource_usage);
  EXPECT_FALSE(mission.execution_strategy.analyze_before_run);
  EXPECT_FALSE(mission.error_handling.suggest_alternatives);
  EXPECT_TRUE(mission.error_handling.offer_mission_restructuring);
  ASSERT_NE(mission.safety.find("mode"), nullptr);
  EXPECT_EQ(mission.safety.find("mode")->text, "strict");
  EXPECT_EQ(mission.steps.size(), 1u);
  ASSERT_EQ(mission.finally.size(), 1u);
  EXPECT_EQ(mission.finally[0].id.value, "z");
}

TEST(ReadMission, HasDefaults) {
  auto [mission, problems] =
      read_text("name: m\nversion: '1.0'\nsteps:\n  - {id: a, name: A, step_type: noop}\n");
  EXPECT_EQ(lines(problems), Lines{});
  EXPECT_EQ(mission.config.max_parallel_steps, 1u);
  EXPECT_FALSE(mission.config.timeout_seconds);
  EXPECT_FALSE(mission.config.step_timeout.seconds);
  EXPECT_EQ(mission.config.step_timeout.at.line, 0u);
  EXPECT_TRUE(mission.config.infer_dependencies);
  EXPECT_TRUE(mission.error_handling.suggest_alternatives);
}

TEST(ReadMission, ReportsEverythingThatIsWrongInOneGo) {
  EXPECT_EQ(
      lines(read_text(R"(version: 3.1
colour: blue
descripton: x
config:
  fail_fast: maybe
  max_parallel_steps: 0
  timeout_seconds: 5m
  retry: 3
steps:
  - {id: a, step_type: noop, name: A}
  - {id: a, step_type: comand, name: B}
  - run the tests
)")
                .problems),
      (Lines{
          "1:1 error RC0110: the mission has no 'name' (for example `name: Nightly checks`)",
          "1:10 error RC0114: the mission is written for version 3.1 of the format, which this program "
          "doesn't know (write `version: \"1.0\"`, or use a newer rustchain)",
          "2:1 warning RC0105: unknown key 'colour' at the top level (it has no effect; put it under "
          "`metadata:` or take it out)",
          "3:1 error RC0104: unknown key 'descripton' at the top level (did you mean 'description'?)",
          "5:14 error RC0107: 'fail_fast' wants true or false, not \"maybe\" (for example `fail_fast: "
          "true`)",
          "6:23 error RC0108: 'max_parallel_steps' must be at least 1, not 0 (for example "
          "`max_parallel_steps: 4`)",
          "7:20 warning RC0127: 'timeout_seconds' is a number, and \"5m\" is read as 300 (write 300)",
          "8:10 error RC0107: 'retry' wants a map, not \"3\" (for example `retry: {max_attempts: 2}`)",
          "11:10 error RC0131: two steps have the id 'a' (give this one another id) [10: the first one is "
          "here]",
          "11:24 error RC0133: there is no step type 'comand' (did you mean 'command'?)",
          "12:5 error RC0135: step 3 is no map of keys, but \"run the tests\" (for example `{id: hello, "
          "step_type: command, parameters: {command: \"echo hello\"}}`)",
      }));
}

TEST(ReadMission, NamesThePlaceWhereAKeyBelongs) {
  EXPECT_EQ(
      problems_of_top("fail_fast: true\ndepends_on: [x]\nmax_attempts: 2\n"),
      (Lines{"3:1 warning RC0106: 'fail_fast' has no effect at the top level (it belongs in config)",
             "4:1 warning RC0106: 'depends_on' has no effect at the top level (it belongs in a step)",
             "5:1 warning RC0106: 'max_attempts' has no effect at the top level (it belongs in retry)"}));
}

TEST(ReadMission, LeavesKeysOfOtherToolsAlone) {
  EXPECT_EQ(problems_of_top("x-common: {a: 1}\n"), Lines{});
}

TEST(ReadMission, WarnsOfAMissingOrStrangeVersion) {
  const std::string rest = "\nname: m\nsteps:\n  - {id: a, name: A, step_type: noop}\n";
  EXPECT_EQ(lines(read_text(rest).problems),
            (Lines{"2:1 warning RC0113: the mission has no 'version' (write `version: \"1.0\"`)"}));
  EXPECT_EQ(
      lines(read_text("version: latest" + rest).problems),
      (Lines{"1:10 warning RC0115: the version \"latest\" isn't a version of the format (it is taken as "
             "1.0; write `version: \"1.0\"`, and your own version under metadata)"}));
  for (const char* version : {"1", "1.0", "1.4.2", "v1.0", "'1.0'"})
    EXPECT_EQ(lines(read_text(std::string("version: ") + version + rest).problems), Lines{}) << version;
}

TEST(ReadMission, DoesNotCallAVersionMissingThatIsThereButWrong) {
  std::string rest = "name: a\nsteps: [{id: a, name: A, step_type: noop}]\n";
  EXPECT_EQ(lines(read_text("version: {a: 1}\n" + rest).problems),
            (Lines{"1:10 error RC0107: 'version' wants a text, not a map (for example `version: \"1.0\"`)"}));
  EXPECT_EQ(lines(read_text("versoin: '1.0'\n" + rest).problems),
            (Lines{"1:1 error RC0104: unknown key 'versoin' at the top level (did you mean 'version'?)"}));
}

TEST(ReadMission, RefusesTwoParametersOfOneName) {
  testing::ReadText mission = read_text(
      "name: a\nversion: '1.0'\nparameters: [{name: x, default: 1}, {name: x}]\n"
      "steps: [{id: a, name: A, step_type: noop}]\n");
  EXPECT_EQ(lines(mission.problems),
            (Lines{"3:44 error RC0111: two parameters have the name 'x' (give this one another "
                   "name, or take it out) [3: the first one is here]"}));
  EXPECT_EQ(mission.problems.all()[0].notes[0].at.column, 21u);
}

TEST(ReadMission, SaysHowStepsBecomeAList) {
  EXPECT_EQ(
      lines(read_text("name: a\nversion: '1.0'\nsteps:\n  id: a\n  step_type: noop\n").problems),
      (Lines{"4:3 error RC0107: 'steps' wants a list, not a map (write '- ' before the first key of each "
             "item)"}));
  EXPECT_EQ(
      lines(read_text("name: a\nversion: '1.0'\nsteps:\n  build: {step_type: noop}\n").problems),
      (Lines{"4:3 error RC0107: 'steps' wants a list, not a map (write a list: '- id: build' in place of "
             "'build:', and so on)"}));
}

TEST(ReadMission, RefusesAnEmptyListOfSteps) {
  EXPECT_EQ(lines(read_text("name: m\nversion: 1.0\nsteps: []\n").problems),
            (Lines{"3:8 error RC0118: the mission has no steps (for example `steps: [{id: hello, step_type: "
                   "command, parameters: {command: \"echo hello\"}}]`)"}));
}

TEST(ReadMission, RefusesAMissionWithoutSteps) {
  EXPECT_EQ(
      lines(read_text("name: m\nversion: 1.0\n").problems),
      (Lines{"1:1 error RC0110: the mission has no 'steps' (for example `steps: [{id: hello, step_type: "
             "command, parameters: {command: \"echo hello\"}}]`)"}));
}

TEST(ReadMission, TakesLimitsFromConfigAndFromResourceLimits) {
  auto [mission, problems] = read_text(
      "name: m\nversion: 1.0\nconfig:\n  resource_limits: {max_memory_mb: 5}\n  max_memory_mb: 9\n  "
      "max_cpu_percent: 50\n  max_disk_io_mb_per_sec: 2\n  working_directory_size_limit: 1GB\n  "
      "monitoring: "
      "{check_interval_seconds: 2, kill_on_exceed: false}\nsteps:\n  - {id: a, name: A, step_type: noop, "
      "idle_timeout_seconds: 7}\n");
  EXPECT_EQ(lines(problems), Lines{});
  EXPECT_EQ(mission.config.limits.max_memory_mb, 5);
  EXPECT_EQ(mission.config.limits.max_cpu_percent, 50);
  EXPECT_EQ(mission.config.limits.max_disk_io_mb_per_sec, 2);
  EXPECT_EQ(mission.config.working_directory_size_limit, 1'000'000'000u);
  EXPECT_EQ(mission.config.monitoring.check_interval_seconds, 2);
  EXPECT_EQ(mission.config.monitoring.warn_threshold_percent, 80);
  EXPECT_FALSE(mission.config.monitoring.kill_on_exceed);
  EXPECT_EQ(mission.steps[0].timeout.idle_seconds, 7);
}

TEST(ReadMission, TakesEmptyValuesOfSuchKeysAsNotGiven) {
  EXPECT_EQ(problems_of_top("secrets: []\nnext_missions:\ntemplates: {}\n"), Lines{});
}

TEST(ReadMission, TakesMaxParallelStepsFromTheLimits) {
  auto [mission, problems] = read_text(
      "name: m\nversion: 1.0\nconfig: {resource_limits: {max_parallel_steps: 3}}\nsteps:\n  - {id: a, name: "
      "A, "
      "step_type: noop}\n");
  EXPECT_EQ(lines(problems), Lines{});
  EXPECT_EQ(mission.config.max_parallel_steps, 3u);
}

TEST(ReadMission, RefusesTwoNamesOfOneKey) {
  EXPECT_EQ(problems_of_top("config: {max_parallel: 2, max_parallel_steps: 4}\n"),
            (Lines{"3:27 error RC0111: 'max_parallel_steps' is given twice, once under another name (keep "
                   "'max_parallel_steps' only)"}));
}

TEST(ReadMission, ReadsInputs) {
  auto [mission, problems] = read_text(R"(name: m
version: 1.0
parameters:
  - {name: target, required: true, description: what to build}
  - {name: count, type: int, default: 3}
  - {type: string}
  - {name: x, type: numbr}
steps:
  - {id: a, name: A, step_type: noop}
)");
  EXPECT_EQ(lines(problems),
            (Lines{"6:5 error RC0110: an entry of 'parameters' has no 'name' (for example `name: target`)",
                   "7:21 error RC0109: 'type' can't be \"numbr\" (did you mean 'number'?)"}));
  ASSERT_EQ(mission.inputs.size(), 3u);
  EXPECT_EQ(mission.inputs[0].name.value, "target");
  EXPECT_EQ(mission.inputs[0].type, "string");
  EXPECT_TRUE(mission.inputs[0].required);
  EXPECT_EQ(mission.inputs[0].description, "what to build");
  EXPECT_FALSE(mission.inputs[0].default_value);
  EXPECT_EQ(mission.inputs[1].type, "integer");
  ASSERT_TRUE(mission.inputs[1].default_value);
  EXPECT_EQ(mission.inputs[1].default_value->text, "3");
}

TEST(ReadMission, IgnoresAListUnderErrorHandling) {
  EXPECT_EQ(
      problems_of_top("error_handling: [{step: a}]\n"),
      (Lines{"3:17 warning RC0105: 'error_handling' has no effect as a list (write `continue_on_error:` or "
             "`retry:` in the steps that it is about)"}));
}

}  // namespace
}  // namespace rustchain
