#include "rustchain/json.hpp"

#include "mission/read_step.hpp"
#include "support/mission_text.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using testing::lines;
using testing::problems_of_steps;
using testing::read_text;
using Lines = std::vector<std::string>;

Step only_step(const std::string& step) {
  auto [mission, problems] = read_text("name: m\nversion: '1.0'\nsteps:\n" + step);
  EXPECT_EQ(problems.errors(), 0u) << ::testing::PrintToString(lines(problems));
  return mission.steps.empty() ? Step{} : std::move(mission.steps.front());
}

TEST(ReadParameters, UseTheNamesOfTheTable) {
  Step step = only_step(
      "  - {id: a, name: A, step_type: command, parameters: {command: ls, max_files: 5, working_directory: "
      "x}}\n");
  EXPECT_EQ(to_json(step.parameters),
            Json::parse(R"({"command": "ls", "chunk_size": 5, "working_dir": "x"})"));
}

TEST(ReadParameters, BringValuesIntoTheShapeOfTheTable) {
  Step step = only_step(
      "  - {id: a, name: A, step_type: command, parameters: {command: ls, args: -l, shell: yes, "
      "expect_exit_codes: "
      "'1', max_output_bytes: 2MB, chunk_size: ' 7 '}}\n");
  EXPECT_EQ(to_json(step.parameters),
            Json::parse(R"({"command": "ls", "args": ["-l"], "shell": true, "expect_exit_codes": [1],
                            "max_output_bytes": "2MB", "chunk_size": 7})"));
}

TEST(ReadParameters, LetReferencesStandForAnyValue) {
  Step step = only_step(
      "  - {id: a, name: A, step_type: command, parameters: {command: '{x}', args: '{vars.list}', "
      "chunk_size: "
      "'{vars.n}', report_level: '{vars.level}', env: '{vars.map}', max_output_bytes: '{n}MB'}}\n");
  EXPECT_TRUE(step.parameters.find("args")->is_scalar());
  EXPECT_EQ(step.parameters.find("chunk_size")->text, "{vars.n}");
  EXPECT_EQ(step.parameters.size(), 6u);
}

TEST(ReadParameters, TakeNoReferencesWhereNothingIsSubstituted) {
  EXPECT_EQ(problems_of_steps(
                "  - {id: a, name: A, step_type: command, substitute: false, parameters: {command: ls, "
                "chunk_size: '{n}'}}\n"),
            (Lines{"4:99 error RC0107: 'chunk_size' wants a whole number, not \"{n}\" (references aren't "
                   "filled in here; write the value itself)"}));
}

TEST(ReadParameters, AreCheckedAgainstTheTable) {
  EXPECT_EQ(
      problems_of_steps(
          "  - id: a\n    name: A\n    step_type: command\n    parameters:\n      comand: ls\n      args: -l "
          "/tmp\n      expect_exit_codes: [0, one]\n      max_output_bytes: much\n      report_level: "
          "detail\n      shell: [sh]\n      depends_on: [b]\n      colour: red\n"),
      (Lines{
          "8:7 error RC0104: unknown key 'comand' in the parameters of 'command' (did you mean 'command'?)",
          "9:13 warning RC0117: 'args' wants a list; \"-l /tmp\" is taken as one element of it (write a "
          "list, for "
          "example `args: [-n, all]`)",
          "10:30 error RC0107: an element of 'expect_exit_codes' wants a whole number, not \"one\" (for "
          "example "
          "`expect_exit_codes: [0, 1]`)",
          "11:25 error RC0107: 'max_output_bytes' wants a size such as 10MB, not \"much\" (for example "
          "`max_output_bytes: 10MB`)",
          "12:21 error RC0109: 'report_level' can't be \"detail\" (did you mean 'detailed'?)",
          "13:14 error RC0107: 'shell' wants true or false or a text, not a list",
          "14:7 warning RC0106: 'depends_on' has no effect in the parameters of 'command' (it belongs in a "
          "step)",
          "15:7 warning RC0105: unknown key 'colour' in the parameters of 'command' (it has no effect; take "
          "it "
          "out, or see `rustchain steps command`)"}));
}

TEST(ReadParameters, MayHoldTheStepsLimits) {
  Step step = only_step(
      "  - {id: a, name: A, step_type: command, parameters: {command: ls, timeout: 9, retry: {max_attempts: "
      "4}, "
      "repeat_count: 2}}\n");
  EXPECT_EQ(step.timeout.seconds, 9);
  EXPECT_EQ(step.timeout.strategy, TimeoutStrategy::fixed);
  ASSERT_TRUE(step.retry);
  EXPECT_EQ(step.retry->max_attempts, 4u);
  EXPECT_EQ(step.repeat_count, 2u);
  EXPECT_EQ(to_json(step.parameters), Json::parse(R"({"command": "ls"})"));
}

TEST(ReadParameters, MayNotHoldThemASecondTime) {
  EXPECT_EQ(
      problems_of_steps(
          "  - {id: a, name: A, step_type: command, timeout_seconds: 5, parameters: {command: ls, "
          "timeout_seconds: 9}}\n"),
      (Lines{"4:88 error RC0111: 'timeout_seconds' stands in the step and in its parameters (keep one of the "
             "two)"}));
}

TEST(ReadParameters, ShareATimeoutOfTheirOwnWithTheStep) {
  Step step = only_step(
      "  - {id: a, name: A, step_type: http, parameters: {url: 'http://x/', timeout_seconds: 9}}\n");
  EXPECT_EQ(step.timeout.seconds, 9);
  EXPECT_EQ(step.parameters.find("timeout_seconds")->text, "9");
}

TEST(ReadParameters, BesideTheStepTypeMoveToTheirPlace) {
  auto [mission, problems] = read_text(
      "name: m\nversion: '1.0'\nsteps:\n  - {id: a, name: A, step_type: command, command: ls, args: [-l]}\n  "
      "- {id: b, "
      "name: B, step_type: command, command: pwd, parameters: {shell: true}}\n");
  EXPECT_EQ(
      lines(problems),
      (Lines{"4:42 warning RC0506: 'command' stands in the step itself, an older form (and in 1 more place) "
             "(write it under `parameters:`)",
             "4:55 warning RC0506: 'args' stands in the step itself, an older form (write it under "
             "`parameters:`)"}));
  EXPECT_EQ(to_json(mission.steps[0].parameters), Json::parse(R"({"command": "ls", "args": ["-l"]})"));
  EXPECT_EQ(to_json(mission.steps[1].parameters), Json::parse(R"({"shell": true, "command": "pwd"})"));
}

TEST(ReadParameters, BesideTheStepTypeAndInTheirPlaceAreAnError) {
  EXPECT_EQ(
      problems_of_steps(
          "  - {id: a, name: A, step_type: command, command: ls, parameters: {command: pwd}}\n"),
      (Lines{"4:42 error RC0111: 'command' stands in the step and in its parameters (keep the one in the "
             "parameters)"}));
}

TEST(ReadParameters, AreHeldAgainstTheRulesOfTheType) {
  EXPECT_EQ(problems_of_steps("  - {id: a, name: A, step_type: llm}\n"),
            (Lines{"4:33 error RC0499: no prompt and no messages"}));
}

TEST(ReadParameters, AreNotHeldAgainstTheRulesWhenTheTableFoundErrors) {
  EXPECT_EQ(problems_of_steps("  - {id: a, name: A, step_type: llm, parameters: {prompt: [x]}}\n"),
            (Lines{"4:59 error RC0107: 'prompt' wants a text, not a list"}));
}

TEST(ReadParameters, OfAnUnknownTypeAreLeftAsTheyAre) {
  auto [mission, problems] = read_text(
      "name: m\nversion: '1.0'\nsteps:\n  - {id: a, name: A, step_type: zork, parameters: {x: 1}, y: 2}\n");
  EXPECT_EQ(lines(problems),
            (Lines{"4:33 error RC0133: there is no step type 'zork' (`rustchain steps` lists the types)"}));
  EXPECT_EQ(to_json(mission.steps[0].parameters), Json::parse(R"({"x": 1})"));
}

}  // namespace
}  // namespace rustchain
