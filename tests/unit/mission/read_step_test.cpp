#include "mission/read_step.hpp"

#include "rustchain/json.hpp"

#include "support/mission_text.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using testing::lines;
using testing::problems_of_steps;
using testing::read_text;
using Lines = std::vector<std::string>;

std::vector<Step> steps_of(const std::string& steps) {
  auto [mission, problems] = read_text("name: m\nversion: '1.0'\nsteps:\n" + steps);
  EXPECT_EQ(problems.errors(), 0u) << ::testing::PrintToString(lines(problems));
  return std::move(mission.steps);
}

TEST(ReadStep, FillsInWhatTheStepSays) {
  std::vector<Step> steps = steps_of(R"(  - id: build
    name: Build
    description: all of it
    step_type: command
    parameters: {command: make, args: [-j, 2]}
    depends_on: [a, {step: b, required: false}]
    dependency_strategy: best_effort
    continue_on_dependency_failure: true
    continue_on_error: true
    when: "{a.status} == success"
    timeout_seconds: 12.5
    timeout_strategy: adaptive
    base_timeout_seconds: 5
    max_timeout_seconds: 50
    size_factor: 0.5
    grace_seconds: 0
    retry: {max_attempts: 2}
    repeat_count: 3
    delay_between_repeats_ms: 10
    env: {A: b}
    working_dir: src
    substitute: false
    idempotent: false
)");
  ASSERT_EQ(steps.size(), 1u);
  const Step& step = steps[0];
  EXPECT_EQ(step.id.value, "build");
  EXPECT_EQ(step.id.at, (Location{4, 9, 0}));
  EXPECT_EQ(step.name, "Build");
  EXPECT_EQ(step.description, "all of it");
  EXPECT_EQ(step.type.value, "command");
  EXPECT_EQ(step.type.at.line, 7u);
  EXPECT_EQ(to_json(step.parameters), Json::parse(R"({"command": "make", "args": ["-j", 2]})"));
  ASSERT_EQ(step.depends_on.size(), 2u);
  EXPECT_EQ(step.depends_on[1].step.value, "b");
  EXPECT_EQ(step.strategy, DependencyStrategy::best_effort);
  EXPECT_TRUE(step.continue_on_dependency_failure);
  EXPECT_TRUE(step.continue_on_error);
  ASSERT_TRUE(step.when);
  EXPECT_EQ(step.when->value, "{a.status} == success");
  EXPECT_EQ(step.timeout.seconds, 12.5);
  EXPECT_EQ(step.timeout.strategy, TimeoutStrategy::adaptive);
  EXPECT_EQ(step.timeout.at.line, 14u);
  EXPECT_EQ(step.timeout.base_seconds, 5);
  EXPECT_EQ(step.timeout.max_seconds, 50);
  EXPECT_EQ(step.timeout.size_factor, 0.5);
  EXPECT_EQ(step.timeout.grace_seconds, 0);
  ASSERT_TRUE(step.retry);
  EXPECT_EQ(step.retry->max_attempts, 2u);
  EXPECT_EQ(step.repeat_count, 3u);
  EXPECT_EQ(step.delay_between_repeats_ms, 10);
  ASSERT_EQ(step.env.size(), 1u);
  EXPECT_EQ(step.working_directory.value, "src");
  EXPECT_FALSE(step.substitute);
  EXPECT_FALSE(step.idempotent);
}

TEST(ReadStep, KeepsTheTextOfScalarsWhereTextIsWanted) {
  std::vector<Step> steps = steps_of(
      "  - {id: 1, name: yes, step_type: command, parameters: {command: 1.0, args: [-n, 5, null, ~, "
      "true]}}\n");
  EXPECT_EQ(steps[0].id.value, "1");
  EXPECT_EQ(steps[0].name, "yes");
  EXPECT_EQ(steps[0].parameters.find("command")->text, "1.0");
  std::vector<std::string> args;
  for (const Node& arg : steps[0].parameters.find("args")->items) {
    EXPECT_TRUE(arg.is_scalar());
    args.push_back(arg.text);
  }
  EXPECT_EQ(args, (Lines{"-n", "5", "null", "~", "true"}));
}

TEST(ReadStep, TakesAutoAsALimitToBeFound) {
  std::vector<Step> steps = steps_of("  - {id: a, name: A, step_type: noop, timeout_seconds: auto}\n");
  EXPECT_FALSE(steps[0].timeout.seconds);
  EXPECT_EQ(steps[0].timeout.strategy, TimeoutStrategy::adaptive);
  EXPECT_EQ(steps[0].timeout.at.line, 4u);
}

TEST(ReadStep, ForgivesWhatIsHarmless) {
  std::vector<Step> steps = steps_of(
      "  - {id: a, name: A, step_type: noop, timeout_seconds: '30', depends_on: b, dependency_strategy: "
      "Best-Effort}\n  - {id: b, name: B, step_type: noop, depends_on: null, parameters: }\n  - {id: c, "
      "name: C, "
      "step_type: noop, depends_on: {step: b}}\n");
  EXPECT_EQ(steps[0].timeout.seconds, 30);
  ASSERT_EQ(steps[0].depends_on.size(), 1u);
  EXPECT_EQ(steps[0].depends_on[0].step.value, "b");
  EXPECT_EQ(steps[0].strategy, DependencyStrategy::best_effort);
  EXPECT_TRUE(steps[1].depends_on.empty());
  EXPECT_TRUE(steps[1].parameters.is_map());
  ASSERT_EQ(steps[2].depends_on.size(), 1u);
}

TEST(ReadStep, FindsMistypedKeysOfAStepWhoseTypeIsUnknown) {
  EXPECT_EQ(problems_of_steps("  - {id: a, name: A, step_tpye: noop, paramters: {}, depend_on: [b], run: x}\n"
                              "  - {id: b, name: B, step_type: telepathy, timeout_second: 5, names: [x]}\n"),
            (Lines{"4:22 error RC0104: unknown key 'step_tpye' in a step (did you mean 'step_type'?)",
                   "4:39 error RC0104: unknown key 'paramters' in a step (did you mean 'parameters'?)",
                   "4:54 error RC0104: unknown key 'depend_on' in a step (did you mean 'depends_on'?)",
                   "5:33 error RC0133: there is no step type 'telepathy' (`rustchain steps` lists the types)",
                   "5:44 error RC0104: unknown key 'timeout_second' in a step (did you mean "
                   "'timeout_seconds'?)"}));
}

TEST(ReadStep, DoesNotCallAWrongNameMissing) {
  EXPECT_EQ(
      problems_of_steps("  - {id: a, name: [A], step_type: noop}\n"),
      (Lines{"4:19 error RC0107: 'name' wants a text, not a list (for example `name: Run the tests`)"}));
}

TEST(ReadStep, SaysWhatAWrongValueShouldBe) {
  EXPECT_EQ(
      problems_of_steps(
          "  - id: a\n    name: A\n    step_type: noop\n    timeout_seconds: 5 minutes\n    "
          "repeat_count: 1.5\n    env: [A=b]\n    depends_on: [[b]]\n    dependency_strategy: all\n    "
          "retry: {max_attempts: 0, retry_on: [timeot, 'exit_code:x']}\n    "
          "delay_between_repeats_ms: 2s\n    grace_seconds: -1\n"),
      (Lines{
          "7:22 warning RC0127: 'timeout_seconds' is a number, and \"5 minutes\" is read as 300 (write 300)",
          "8:19 error RC0107: 'repeat_count' wants a whole number, not \"1.5\" (for example `repeat_count: "
          "10`)",
          "9:10 error RC0107: 'env' wants a map, not a list (for example `env: {CI: \"true\"}`)",
          "10:18 error RC0107: an element of 'depends_on' wants a text or a map, not a list (for example "
          "`depends_on: [build]`)",
          "11:26 error RC0109: 'dependency_strategy' can't be \"all\" (write all_required, any_required or "
          "best_effort)",
          "12:27 error RC0108: 'max_attempts' must be at least 1, not 0 (for example `max_attempts: 3`)",
          "12:41 error RC0109: 'retry_on' can't hold \"timeot\" (did you mean 'timeout'?)",
          "12:49 error RC0109: 'retry_on' can't hold \"exit_code:x\" (write a failure kind such as timeout, "
          "network or command_not_found, exit_code:75, http_status:503 or any)",
          "13:31 warning RC0127: 'delay_between_repeats_ms' is a number, and \"2s\" is read as 2000 (write "
          "2000)",
          "14:20 error RC0108: 'grace_seconds' must be at least 0, not -1 (for example `grace_seconds: "
          "10`)"}));
}

TEST(ReadStep, TakesAnEmptyListForAnEmptyMapAndBack) {
  std::vector<Step> steps =
      steps_of("  - {id: a, name: A, step_type: noop, parameters: [], env: [], depends_on: {}}\n");
  EXPECT_TRUE(steps[0].parameters.is_map());
  EXPECT_TRUE(steps[0].depends_on.empty());
}

TEST(ReadStep, SaysWhereReferencesAreNotFilledIn) {
  EXPECT_EQ(
      problems_of_steps("  - {id: a, name: A, step_type: noop, timeout_seconds: '{vars.limit}'}\n"),
      (Lines{"4:56 error RC0107: 'timeout_seconds' wants a number or auto, not \"{vars.limit}\" (references "
             "aren't filled in here; write the value itself)"}));
}

TEST(ReadStep, RefusesALimitOfZero) {
  EXPECT_EQ(
      problems_of_steps("  - {id: a, name: A, step_type: noop, timeout_seconds: 0}\n"),
      (Lines{
          "4:56 error RC0108: 'timeout_seconds' must be more than 0, not 0 (leave it out where there is no "
          "limit)"}));
}

TEST(ReadStep, RefusesAMaximumBelowTheBase) {
  EXPECT_EQ(
      problems_of_steps(
          "  - {id: a, name: A, step_type: noop, base_timeout_seconds: 60, max_timeout_seconds: 30}\n"),
      (Lines{
          "4:86 error RC0108: 'max_timeout_seconds' is less than 'base_timeout_seconds' (raise it, or leave "
          "it out)"}));
}

TEST(ReadStep, TellsOfTyposWithTheWordThatWasMeant) {
  EXPECT_EQ(
      problems_of_steps("  - {id: a, name: A, step_type: noop, timeout_second: 5, retrys: 1, if: x, notes: "
                        "y}\n  - {id: b, name: B, step_type: noop, notes: z}\n"),
      (Lines{
          "4:39 error RC0104: unknown key 'timeout_second' in a step (did you mean 'timeout_seconds'?)",
          "4:58 error RC0104: unknown key 'retrys' in a step (did you mean 'retry'?)",
          "4:69 warning RC0105: unknown key 'if' in a step (it has no effect; did you mean 'when'?)",
          "4:76 warning RC0105: unknown key 'notes' in a step (and in 1 more place) (it has no effect; take "
          "it out)"}));
}

TEST(ReadStep, AsksForAnIdAndProposesOne) {
  EXPECT_EQ(problems_of_steps(
                "  - {step_type: noop, name: Create the API module for all of us}\n  - {step_type: noop, "
                "name: '***'}\n"),
            (Lines{"4:5 error RC0130: step 1 has no 'id' (write for example `id: create_the_api_module`)",
                   "5:5 error RC0130: step 2 has no 'id' (write for example `id: step_2`)"}));
}

TEST(ReadStep, WarnsOfIdsThatReferencesCannotHold) {
  EXPECT_EQ(
      problems_of_steps("  - {id: run tests, name: A, step_type: noop}\n  - {id: 2nd, name: B, step_type: "
                        "noop}\n"),
      (Lines{"4:10 warning RC0132: the id \"run tests\" is no plain name, so references may not find it (and "
             "in 1 "
             "more place) (use letters, digits, _ and -, and begin with a letter or _, for example "
             "`run_tests`)"}));
}

TEST(ReadStep, HoldsIdsApartAcrossStepsAndFinally) {
  EXPECT_EQ(
      lines(read_text(
                "name: m\nversion: 1.0\nsteps:\n  - {id: a, name: A, step_type: noop}\nfinally:\n  - {id: "
                "a, name: B, step_type: noop}\n")
                .problems),
      (Lines{"6:10 error RC0131: two steps have the id 'a' (give this one another id) [4: the first one is "
             "here]"}));
}

TEST(ReadStep, AsksForAStepTypeAndGuessesIt) {
  EXPECT_EQ(problems_of_steps(
                "  - {id: a, name: A, command: make}\n  - {id: b, name: B, parameters: {prompt: hi}}\n  - "
                "{id: c, name: C}\n"),
            (Lines{"4:5 error RC0110: step 'a' has no 'step_type' (write `step_type: command`)",
                   "5:5 error RC0110: step 'b' has no 'step_type' (write `step_type: llm`)",
                   "6:5 error RC0110: step 'c' has no 'step_type' (`rustchain steps` lists the types)"}));
}

TEST(ReadStep, AsksAForeachForItems) {
  EXPECT_EQ(
      problems_of_steps("  - {id: a, name: A, step_type: noop, foreach: src/*.cpp}\n"
                        "  - {id: b, name: B, step_type: noop, foreach: {files: x}}\n"
                        "  - {id: c, name: C, step_type: noop, foreach: {glob: x, of: y}}\n"
                        "  - {id: d, name: D, step_type: noop, foreach: [1, {a: 2}]}\n"
                        "  - {id: e, name: E, step_type: noop, foreach: \"{d}\"}\n"
                        "  - {id: f, name: F, step_type: noop, foreach: {glob: [a, b]}}\n"),
      (Lines{"4:48 error RC0609: foreach takes a list, a reference to one, or {glob: ...} (write "
             "[src/*.cpp] for a list of one, or {glob: \"src/*.cpp\"} for files)",
             "5:48 error RC0609: foreach takes a list, a reference to one, or {glob: ...} (write for "
             "example {glob: \"src/**/*.cpp\"})",
             "6:48 error RC0609: foreach with glob takes a pattern, or a list of them, and nothing else "
             "(write for example {glob: \"src/**/*.cpp\"})"}));
}

TEST(ReadDependencies, KnowWhatAFailureMeans) {
  std::vector<Step> steps = steps_of(R"(  - id: z
    name: Z
    step_type: noop
    depends_on:
      - a
      - {step: b, required: false}
      - {step: c, on_failure: log_warning}
      - {step: d, on_failure: use_default_value, default_value: [1]}
      - {step: e, on_failure: {use_default_value: none}}
      - {step: f, on_failure: {retry_with_alternative: g}}
      - {step: h, alternative: i}
      - {id: j}
)");
  const std::vector<Dependency>& needs = steps[0].depends_on;
  ASSERT_EQ(needs.size(), 8u);
  EXPECT_TRUE(needs[0].required);
  EXPECT_EQ(needs[0].on_failure, OnFailure::skip);
  EXPECT_FALSE(needs[1].required);
  EXPECT_EQ(needs[1].on_failure, OnFailure::log_warning);
  EXPECT_TRUE(needs[2].required);
  EXPECT_EQ(needs[2].on_failure, OnFailure::log_warning);
  EXPECT_EQ(needs[3].on_failure, OnFailure::use_default_value);
  EXPECT_EQ(to_json(needs[3].default_value), Json::parse("[1]"));
  EXPECT_EQ(needs[4].on_failure, OnFailure::use_default_value);
  EXPECT_EQ(needs[4].default_value.text, "none");
  EXPECT_EQ(needs[5].on_failure, OnFailure::retry_with_alternative);
  EXPECT_EQ(needs[5].alternative.value, "g");
  EXPECT_EQ(needs[6].on_failure, OnFailure::retry_with_alternative);
  EXPECT_EQ(needs[6].alternative.value, "i");
  EXPECT_EQ(needs[7].step.value, "j");
}

TEST(ReadDependencies, ReportActionsWithoutTheirValue) {
  EXPECT_EQ(
      problems_of_steps(R"(  - id: z
    name: Z
    step_type: noop
    depends_on:
      - {step: a, on_failure: use_default_value}
      - {step: b, on_failure: retry_with_alternative}
      - {step: c, on_failure: ignore}
      - {required: false}
      - {step: d, default_value: 1, alternative: e}
)"),
      (Lines{"8:31 error RC0136: 'use_default_value' has no value (for example `on_failure: "
             "{use_default_value: none}`)",
             "9:31 error RC0136: 'retry_with_alternative' names no step (for example `on_failure: "
             "{retry_with_alternative: other_step}`)",
             "10:31 error RC0109: 'on_failure' can't be \"ignore\" (write skip, log_warning, "
             "use_default_value or retry_with_alternative)",
             "11:9 error RC0110: an entry of 'depends_on' has no 'step' (for example `step: build`)",
             "12:9 error RC0136: a failure can't both use a default value and run another step (keep one of "
             "the two)"}));
}

}  // namespace
}  // namespace rustchain
