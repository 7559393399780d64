#include "mission/migrate.hpp"

#include "steps/registry.hpp"
#include "support/mission_text.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using Lines = std::vector<std::string>;

Migration run(const std::string& text) {
  Migration once = migrate(text, step_types());
  // Whatever comes out is today's format.
  if (!once.text.empty()) {
    Migration again = migrate(once.text, step_types());
    EXPECT_EQ(again.text, once.text);
    EXPECT_TRUE(again.notes.empty()) << again.notes[0].text;
  }
  return once;
}

Lines notes(const Migration& migration) {
  Lines all;
  for (const MigrationNote& note : migration.notes)
    all.push_back(std::to_string(note.line) + ": " + note.text);
  return all;
}

TEST(Migrate, LeavesAMissionOfTodayAsItIs) {
  const std::string text =
      "# head\r\nname:   m   # end\r\nsteps: [ {id: a, name: A, step_type: noop} ]\r\n# tail";
  Migration result = run(text);
  EXPECT_EQ(result.text, text);
  EXPECT_EQ(notes(result), Lines{});
}

TEST(Migrate, ChangesNamesInTheirPlaces) {
  Migration result = run(R"(# What it is for
name: m   # its name
config: {timeout: 60}
steps:
  # first
  - id: a   # the first
    type: Command   # old
    parameters:
      command: "make"   # keep
      working_directory: src
    timeout: 5
    retry_count: 2
    on_failure: continue   # go on

  - id: b
    name: B
    step_type: "http_request"
    dependencies: [a]
    parameters: {url: "http://localhost/", expected_status: 200}
)");
  EXPECT_EQ(result.text, R"(# What it is for
name: m   # its name
config: {timeout_seconds: 60}
steps:
  # first
  - id: a   # the first
    name: a
    step_type: command   # old
    parameters:
      command: "make"   # keep
      working_dir: src
    timeout_seconds: 5
    retry: {max_attempts: 3}
    continue_on_error: true   # go on

  - id: b
    name: B
    step_type: "http"
    depends_on: [a]
    parameters: {url: "http://localhost/", expect_status: 200}
)");
  EXPECT_EQ(notes(result), (Lines{
                               "3: 'timeout' is called 'timeout_seconds' today",
                               "6: step 'a' gets a name, its id",
                               "7: 'type' is called 'step_type' today",
                               "7: step type 'Command' is spelled 'command' today",
                               "10: 'working_directory' is called 'working_dir' today",
                               "11: 'timeout' is called 'timeout_seconds' today",
                               "12: 'retry_count: 2' is 'retry: {max_attempts: 3}' today",
                               "13: 'on_failure: continue' is 'continue_on_error: true' today",
                               "17: step type 'http_request' is spelled 'http' today",
                               "18: 'dependencies' is called 'depends_on' today",
                               "19: 'expected_status' is called 'expect_status' today",
                           }));
}

TEST(Migrate, PutsAStepTogetherAnewAndLeavesItsNeighbours) {
  Migration result = run(R"(name: m
steps:
  - id:   first   # as it is
    name: First
    step_type: noop
  # about the tool
  - id: a
    # within
    name: A
    step_type: Tool
    tool: create_file
    parameters:
      parameters:
        path: out.txt
        content: |
          # no comment
          text
    # before the next
  # about the last
  - id: last
    name: Last
    step_type: command
    command: echo hello
    on_error: stop
# the end
)");
  EXPECT_EQ(result.text, R"(name: m
steps:
  - id:   first   # as it is
    name: First
    step_type: noop
  # about the tool
  # within
  # before the next
  - id: a
    name: A
    step_type: create_file
    parameters:
      path: out.txt
      content: |
        # no comment
        text
  # about the last
  - id: last
    name: Last
    step_type: command
    continue_on_error: false
    parameters:
      command: echo hello
# the end
)");
}

TEST(Migrate, KeepsJsonJson) {
  Migration result = run(R"({"name": "m", "steps": [
  {"id": "a", "step_type": "Tool",
   "config": {"tool": "echo", "args": ["x"]}, "retry_count": 1, "on_failure": "continue"}
]}
)");
  EXPECT_EQ(result.text, R"({"name": "m", "steps": [
  {"id": "a", "name": "a", "step_type": "command",
   "parameters": {"command": "echo", "args": ["x"]}, "retry": {"max_attempts": 2}, "continue_on_error": true}
]}
)");
}

TEST(Migrate, WritesJsonAnewWhereStepsMustBePutTogether) {
  Migration result = run(R"({"name": "m", "version": "1.0", "steps": [
  {"id": "a", "name": "A", "step_type": "command", "command": "echo x"}]})");
  EXPECT_EQ(result.text, R"(name: m
version: "1.0"
steps:
  - id: a
    name: A
    step_type: command
    parameters:
      command: echo x
)");
  EXPECT_EQ(notes(result)[0],
            "0: the file is written anew as a whole; comments at the ends of lines are not kept");
}

TEST(Migrate, MovesOnFailureOutOfTheParameters) {
  Migration result = run(R"(name: m
steps:
  - id: a
    name: A
    step_type: command
    parameters: {command: make, on_failure: ignore}
)");
  EXPECT_EQ(result.text, R"(name: m
steps:
  - id: a
    name: A
    step_type: command
    parameters:
      command: make
    continue_on_error: true
)");
}

TEST(Migrate, LeavesToolsThatAreNeitherTypesNorPrograms) {
  const std::string text = R"(name: m
steps:
  - id: a
    name: A
    step_type: tool
    parameters: {tool: csv_loader, file: x.csv}
)";
  EXPECT_EQ(run(text).text, text);
}

TEST(Migrate, KeepsWhatAliasesMean) {
  Migration result = run(R"(name: m
steps:
  - &first
    id: a
    name: A
    step_type: command
    parameters: &shared {command: make, working_directory: src}
  - {id: b, name: B, step_type: command, parameters: *shared}
  - id: c
    name: C
    step_type: command
    parameters:
      <<: *shared
      command: other
)");
  ASSERT_FALSE(result.problems.has_errors());
  Node steps = *testing::parse(result.text).find("steps");
  ASSERT_EQ(steps.size(), 3u);
  for (const Node& step : steps.items) {
    ASSERT_NE(step.find("parameters")->find("working_dir"), nullptr) << result.text;
    EXPECT_EQ(step.find("parameters")->find("working_dir")->text, "src");
  }
}

TEST(Migrate, UnwrapsMissions) {
  Migration result = run(R"(# An audit
mission:
  name: "Audit: all"
  steps:
    # look
    - id: find
      type: command
      command: "grep -rn TODO . | head"
      description: "Finds ${things}"
    - id: report
      type: create
      file_path: out/report.md
      content: |
        # Report
        {find} and ${HOME}
    - id: change
      type: edit
      file_path: out/report.md
      old: Report
      new: Audit
    - id: check
      type: test
      command: "test -s out/report.md"
)");
  EXPECT_EQ(result.text, R"(# An audit
name: "Audit: all"
version: "1.0"
steps:
  # look
  - id: find
    name: find
    step_type: command
    description: "Finds ${things}"
    parameters:
      command: "grep -rn TODO . | head"
      shell: true

  - id: report
    name: report
    step_type: create_file
    parameters:
      path: out/report.md
      content: |
        # Report
        {find} and ${HOME}
    substitute: false

  - id: change
    name: change
    step_type: edit_file
    parameters:
      path: out/report.md
      find: Report
      replace: Audit

  - id: check
    name: check
    step_type: command
    parameters:
      command: test -s out/report.md
      shell: true
)");
}

TEST(Migrate, TurnsTasksIntoSteps) {
  Migration result = run(R"(name: change it
owner: Ada
tasks:
  - op: create
    file: a.txt
    content: hello
  - op: edit
    file: a.txt
    edit: {find: hello, replace: bye}
  - {op: append, file: a.txt, edit: more}
  - {op: run, command: cat a.txt}
)");
  EXPECT_EQ(result.text, R"(name: change it
version: "1.0"
metadata:
  owner: Ada
steps:
  - id: create_1
    name: create_1
    step_type: create_file
    parameters:
      path: a.txt
      content: hello

  - id: edit_2
    name: edit_2
    step_type: edit_file
    parameters:
      path: a.txt
      find: hello
      replace: bye

  - id: append_3
    name: append_3
    step_type: edit_file
    parameters:
      path: a.txt
      operation: append
      content: more

  - id: run_4
    name: run_4
    step_type: command
    parameters:
      command: cat a.txt
      shell: true
)");
}

TEST(Migrate, KeepsTheLineEndsOfTheFile) {
  Migration result =
      run("name: m\r\nsteps:\r\n  - id: a\r\n    step_type: command\r\n    command: make\r\n  # end\r\n");
  EXPECT_EQ(result.text,
            "name: m\r\nsteps:\r\n  - id: a\r\n    name: a\r\n    step_type: command\r\n    parameters:\r\n"
            "      command: make\r\n  # end\r\n");
}

TEST(Migrate, SaysWhatIsNoMission) {
  Migration plan = run("title: Q3\nobjectives: [grow]\nphases: [{name: one}]\n");
  EXPECT_EQ(plan.text, "");
  EXPECT_EQ(
      testing::lines(plan.problems),
      Lines{"2:1 error RC0102: this is a planning document, not a mission: it has `objectives`, `phases` "
            "but no list of steps (a mission has a `name:` and a list `steps:`, each with an id and a "
            "step_type; `rustchain steps` shows the types)"});
  EXPECT_TRUE(run("a: [").problems.has_errors());
  EXPECT_TRUE(run("").problems.has_errors());
}

}  // namespace
}  // namespace rustchain
