#include "mission/older_shapes.hpp"

#include "rustchain/json.hpp"

#include "support/mission_text.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using testing::lines;
using testing::problems_of_steps;
using testing::read_text;
using Lines = std::vector<std::string>;

TEST(SnakeCase, SplitsCamelCaseAndHyphens) {
  EXPECT_EQ(snake_case("CreateFile"), "create_file");
  EXPECT_EQ(snake_case("createFile"), "create_file");
  EXPECT_EQ(snake_case("create-file"), "create_file");
  EXPECT_EQ(snake_case("Create File"), "create_file");
  EXPECT_EQ(snake_case("Create_File"), "create_file");
  EXPECT_EQ(snake_case("HTTPRequest"), "http_request");
  EXPECT_EQ(snake_case("LLM"), "llm");
  EXPECT_EQ(snake_case(""), "");
}

TEST(OlderShapes, GiveOneWarningForEachKind) {
  auto [mission, problems] = read_text(R"(name: m
version: '1.0'
steps:
  - {id: a, type: CreateFile, parameters: {path: x}}
  - {id: b, type: Command, timeout: 5, dependencies: [a], parameters: {command: ls}}
  - {id: c, type: http-request, timeout: 6, dependencies: [a], parameters: {url: 'http://x/'}}
)");
  EXPECT_EQ(
      lines(problems),
      (Lines{
          "4:5 warning RC0504: step 'a' has no 'name' (and in 2 more places) (give it one; until then people "
          "are shown its id)",
          "4:13 warning RC0501: 'type' is an older name of 'step_type' (and in 2 more places) (write "
          "'step_type')",
          "4:19 warning RC0502: step type 'CreateFile' is spelled the older way (and in 2 more places) "
          "(write `step_type: create_file`)",
          "5:28 warning RC0501: 'timeout' is an older name of 'timeout_seconds' (and in 1 more place) (write "
          "'timeout_seconds')",
          "5:40 warning RC0501: 'dependencies' is an older name of 'depends_on' (and in 1 more place) (write "
          "'depends_on')"}));
  ASSERT_EQ(mission.steps.size(), 3u);
  EXPECT_EQ(mission.steps[0].type.value, "create_file");
  EXPECT_EQ(mission.steps[0].name, "a");
  EXPECT_EQ(mission.steps[1].timeout.seconds, 5);
  EXPECT_EQ(mission.steps[2].type.value, "http");
  ASSERT_EQ(mission.steps[2].depends_on.size(), 1u);
}

TEST(OlderShapes, KnowOldNamesOfStepTypes) {
  EXPECT_EQ(
      problems_of_steps(
          "  - {id: a, name: A, step_type: http_request, parameters: {url: x}}\n  - {id: b, name: B, "
          "step_type: web, parameters: {url: x}}\n"),
      (Lines{"4:33 warning RC0503: 'http_request' is an older name of step type 'http' (write `step_type: "
             "http`)"}));
}

TEST(OlderShapes, TakeConfigAsParametersAndCountRetries) {
  auto [mission, problems] = read_text(R"(
{"name": "m", "version": "1.0", "steps": [
  {"id": "a", "name": "A", "step_type": "command", "config": {"command": "ls"}, "retry_count": 2, "on_failure": "continue"}]}
)");
  EXPECT_EQ(
      lines(problems),
      (Lines{
          "3:52 warning RC0505: a step's parameters stand under 'config', an older form (write 'parameters')",
          "3:81 warning RC0508: 'retry_count' is an older form of 'retry' (write `retry: {max_attempts: 3}`)",
          "3:99 warning RC0509: 'on_failure: continue' is an older form (write `continue_on_error: true` in "
          "the "
          "step)"}));
  ASSERT_EQ(mission.steps.size(), 1u);
  const Step& step = mission.steps[0];
  EXPECT_EQ(to_json(step.parameters), Json::parse(R"({"command": "ls"})"));
  ASSERT_TRUE(step.retry);
  EXPECT_EQ(step.retry->max_attempts, 3u);
  EXPECT_TRUE(step.continue_on_error);
}

TEST(OlderShapes, RefuseRetryCountBesideRetry) {
  EXPECT_EQ(
      problems_of_steps("  - {id: a, name: A, step_type: noop, retry: {max_attempts: 2}, retry_count: 2}\n"),
      (Lines{"4:65 error RC0111: 'retry_count' says a second time what 'retry' says (keep 'retry' only)",
             "4:65 warning RC0508: 'retry_count' is an older form of 'retry' (write `retry: {max_attempts: "
             "3}`)"}));
}

TEST(OlderShapes, RunToolStepsWhoseToolIsAStepType) {
  auto [mission, problems] = read_text(R"(name: m
version: '1.0'
steps:
  - {id: a, name: A, step_type: Tool, parameters: {tool: create_file, path: x}}
  - {id: b, name: B, step_type: tool, tool: create_file, path: y}
  - {id: c, name: C, step_type: tool, parameters: {tool: create_file, parameters: {path: z}}}
)");
  EXPECT_EQ(
      lines(problems),
      (Lines{
          "4:58 warning RC0507: step type 'tool' is an older form (and in 2 more places) (write `step_type: "
          "create_file`)",
          "5:58 warning RC0506: 'path' stands in the step itself, an older form (write it under "
          "`parameters:`)"}));
  ASSERT_EQ(mission.steps.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(mission.steps[i].type.value, "create_file");
    EXPECT_EQ(to_json(mission.steps[i].parameters), (Json{{"path", std::string(1, "xyz"[i])}}));
  }
}

TEST(OlderShapes, SayOnceWhatDoesTheWorkOfTypesThatAreGone) {
  EXPECT_EQ(
      problems_of_steps(R"(  - {id: a, name: A, step_type: git_status, parameters: {path: .}}
  - {id: b, name: B, step_type: GitStatus}
  - {id: c, name: C, step_type: git_status}
  - {id: d, name: D, step_type: tool, parameters: {tool: csv_loader}}
  - {id: e, name: E, step_type: tool, parameters: {tool: date, args: [-u]}}
  - {id: f, name: F, step_type: tool}
)"),
      (Lines{
          "4:33 error RC0134: there is no step type 'git_status' (and in 1 more place) (write `step_type: "
          "command` with the git command, for example `git status`)",
          "5:33 error RC0134: there is no step type 'GitStatus' (write `step_type: command` with the git "
          "command, for example `git status`)",
          "7:58 error RC0134: there is no tool 'csv_loader' (use a read_file step, or a command step with a "
          "program that reads the format, and refer to its output)",
          "8:58 error RC0134: there is no tool 'date' (if it is a program, write `step_type: command` and "
          "`command: date` among the parameters)",
          "9:5 error RC0134: step 'f' is a tool step without 'tool' (write the step type that does the work; "
          "`rustchain steps` lists them)"}));
}

TEST(OlderShapes, WarnOfBooleansInOtherWords) {
  EXPECT_EQ(
      problems_of_steps("  - {id: a, name: A, step_type: noop, continue_on_error: yes}\n  - {id: b, name: B, "
                        "step_type: noop, continue_on_error: 'true'}\n"),
      (Lines{"4:58 warning RC0116: 'continue_on_error' wants true or false, not \"yes\" (it is taken as "
             "true)"}));
}

struct Refused {
  std::string_view text;
  std::string_view problem;
};

class Document : public ::testing::TestWithParam<Refused> {};

TEST_P(Document, ThatIsNoMissionGivesOneError) {
  EXPECT_EQ(lines(read_text(std::string(GetParam().text)).problems),
            (Lines{std::string(GetParam().problem)}));
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, Document,
    ::testing::Values(
        Refused{"- {id: a, step_type: noop}\n",
                "1:1 error RC0101: a mission is a map of keys, and this file holds a list (put the list "
                "under `steps:` and give the mission a `name:`)"},
        Refused{"just text\n",
                "1:1 error RC0101: a mission is a map of keys, and this file holds a text (`rustchain new "
                "basic FILE` writes a mission to start from)"},
        Refused{"name: x\nobjectives: [find it]\nphases:\n  - name: one\n",
                "2:1 error RC0102: this is a planning document, not a mission: it has `objectives`, `phases` "
                "but no list of steps (a mission has a `name:` and a list `steps:`, each with an id and a "
                "step_type; `rustchain steps` shows the types)"},
        Refused{"mission: {name: x}\nsteps:\n  1: {command: ls}\n",
                "1:1 error RC0102: this is a planning document, not a mission: it has `mission` but no list "
                "of steps (a mission has a `name:` and a list `steps:`, each with an id and a step_type; "
                "`rustchain steps` shows the types)"},
        Refused{"name: x\ngoals: y\nsteps: [think, act]\n",
                "2:1 error RC0102: this is a planning document, not a mission: it has `goals` but no list of "
                "steps (a mission has a `name:` and a list `steps:`, each with an id and a step_type; "
                "`rustchain steps` shows the types)"},
        Refused{"name: x\nmissions:\n  - {id: a, steps: [{id: b, step_type: noop}]}\n",
                "2:1 error RC0102: this file holds several missions, and a file is one mission (write each "
                "of them to a file of its own and run them in order: rustchain run FIRST SECOND)"},
        Refused{
            "mission:\n  name: x\n  steps:\n    - {id: a, type: command, command: ls}\n",
            "1:1 error RC0103: the mission is wrapped in `mission:`, an older form (`rustchain migrate FILE` "
            "prints it in today's format)"},
        Refused{
            "tasks:\n  - {op: edit, file: a, edit: b}\n",
            "1:1 error RC0103: the mission is a list of `tasks:`, an older form (`rustchain migrate FILE` "
            "prints it in today's format)"}));

TEST(OlderShapes, LetAMissionHaveNotesOfAnyKind) {
  auto [mission, problems] = read_text(
      "name: m\nversion: 1.0\nobjectives: [x]\nmission: {name: y}\nsteps:\n  - {id: a, name: A, step_type: "
      "noop}\n");
  EXPECT_EQ(problems.errors(), 0u);
  EXPECT_EQ(problems.warnings(), 2u);
  EXPECT_EQ(mission.steps.size(), 1u);
}

}  // namespace
}  // namespace rustchain
