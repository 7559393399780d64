#include "mission/check.hpp"

#include "support/small_mission.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

std::string problems_of(const std::string& yaml) {
  testing::SmallMission small = testing::small_mission(yaml);
  Names names(small.mission);
  Diagnostics problems;
  check_references(small.mission, testing::small_types(), names, small.sources, problems);
  problems.sort();
  return testing::in_lines(problems);
}

TEST(Check, WhatIsRightHasNoProblems) {
  EXPECT_EQ(problems_of(R"(
vars: {stage: test}
steps:
  - {id: build, type: command, env: {A: "{stage} {env.HOME} {mission.dir}"}, parameters: {command: "make {stage}"}}
  - id: report
    when: "{build.status} == success and {{ vars.stage }} != live"
    foreach: "{build.stdout.list}"
    parameters:
      args: ["{build}", "{build.exit_code}", "{{ item.x }}", "${index}", "{http_code}", "{}", "{ \"a\": 1 }"]
  - {id: page, type: http, parameters: {url: "http://x/{build.stdout}", body: "{other_page}"}}
  - {id: last, parameters: {args: ["{page.json.items[0]}", "{page.title}", "{report[0].stdout}", "{build_result}"]}}
finally:
  - {id: clean, parameters: {args: ["{build.stdout}"]}}
)"),
            "");
}

TEST(Check, UnknownNamesAreWarnedAboutWhereTheyAreMeantAsReferences) {
  EXPECT_EQ(problems_of(R"(steps:
  - id: a
    parameters:
      command: "echo {what} {{ what }} ${where}"
      args: ["${HOME}", '{{ item }}', "{{ steps.nothing.x }}", "$${HOME}"]
)"),
            "RC0301 warning 4:29+10 '{{ what }}' stays as it is: there is no 'what' | correct the name, or "
            "declare it "
            "under vars\n"
            "RC0301 warning 4:40+8 '${where}' stays as it is: there is no 'where' | correct the name, or "
            "declare it "
            "under vars\n"
            "RC0301 warning 5:15+7 '${HOME}' stays as it is: there is no 'HOME' | for the environment "
            "variable write "
            "{env.HOME}, for the text itself $${HOME}\n"
            "RC0301 warning 5:26+10 '{{ item }}' stays as it is: there is no 'item' | it is only known in a "
            "step with "
            "foreach\n"
            "RC0301 warning 5:40+21 '{{ steps.nothing.x }}' stays as it is: there is no 'steps.nothing' | "
            "correct the "
            "name, or declare it under vars\n");
}

TEST(Check, ShellsAndFilesHaveDollarsOfTheirOwn) {
  EXPECT_EQ(problems_of(R"(steps:
  - {id: a, parameters: {shell: true, command: "echo ${x} {{ x }} {x}"}}
  - {id: b, type: create_file, parameters: {path: x.sh, content: "echo ${x} {x}"}}
)"),
            "");
}

TEST(Check, NearMissesAreErrorsWhereTheyMatter) {
  EXPECT_EQ(
      problems_of(R"(steps:
  - {id: build}
  - {id: a, parameters: {args: ["{{ biuld }}", "${biuld.stdout}", "{biuld}"]}}
  - {id: b, parameters: {shell: true, command: "echo {{ biuld }} ${biuld} {biuld}"}}
  - {id: c, type: create_file, parameters: {path: x, content: "${biuld}"}}
)"),
      "RC0302 error 3:34+11 '{{ biuld }}' is no reference: there is no 'biuld' | did you mean 'build'?\n"
      "RC0302 error 3:49+15 '${biuld.stdout}' is no reference: there is no 'biuld' | did you mean 'build'?\n"
      "RC0302 warning 3:68+7 '{biuld}' is no reference: there is no 'biuld' | did you mean 'build'?\n"
      "RC0302 warning 4:54+11 '{{ biuld }}' is no reference: there is no 'biuld' | did you mean 'build'?\n"
      "RC0302 warning 4:75+7 '{biuld}' is no reference: there is no 'biuld' | did you mean 'build'?\n"
      "RC0302 warning 5:64+8 '${biuld}' is no reference: there is no 'biuld' | did you mean 'build'?\n");
}

TEST(Check, FieldsThatATypeNeverGivesAreErrors) {
  EXPECT_EQ(
      problems_of(R"(steps:
  - {id: build}
  - {id: file, type: create_file, parameters: {path: x}}
  - {id: page, type: http, parameters: {url: x}}
  - {id: a, parameters: {args: ["{build.exitcode}", "{file.stdout}", "{file.what}", "{page.heders}", "{build.x}"]}}
)"),
      "RC0305 error 5:34+16 '{build.exitcode}' has no value: steps of type command give no 'exitcode' | did "
      "you "
      "mean 'exit_code'?\n"
      "RC0305 error 5:54+13 '{file.stdout}' has no value: 'file' is a step of type create_file, which gives "
      "no "
      "'stdout' | it gives path, size, created\n"
      "RC0305 error 5:71+11 '{file.what}' has no value: steps of type create_file give no 'what' | it gives "
      "path, size, created\n"
      "RC0305 warning 5:86+13 '{page.heders}' has no value: steps of type http give no 'heders' | did you "
      "mean "
      "'headers'?\n");
}

TEST(Check, ReferencesThatCannotHaveAValueYet) {
  EXPECT_EQ(
      problems_of(R"(steps:
  - {id: a, parameters: {args: ["{a.stdout}", "{clean}"]}}
finally:
  - {id: clean}
)"),
      "RC0303 error 2:34+10 step 'a' refers to its own output: {a.stdout} | refer to the step that gives the "
      "value\n"
      "RC0304 error 2:48+7 step 'a' refers to 'clean', a step of 'finally', which runs after it | move "
      "'clean' "
      "to 'steps'\n");
}

TEST(Check, AStepHidesTheVariableOfItsName) {
  EXPECT_EQ(
      problems_of("vars: {report: out.md}\nsteps:\n  - {id: report, parameters: {args: ['{report}', "
                  "'{vars.report}']}}\n"),
      "RC0303 error 3:39+8 step 'report' refers to its own output: {report} | for the variable of that name "
      "write {vars.report}\n");
}

TEST(Check, ConditionsAreReadToTheirPlace) {
  EXPECT_EQ(
      problems_of(R"(steps:
  - {id: build}
  - {id: a, when: "{build.status} = success"}
  - {id: b, when: '{build.status} == '}
  - id: c
    when: "{{ biuld }} == 1 and {stage} == live"
  - id: d
    when: >
      {build.status} = success
  - id: e
    when: true and {build.status} = success
)"),
      "RC0306 error 3:35+1 the condition is wrong: '=' compares nothing | write ==\n"
      "RC0306 error 4:38+1 the condition is wrong: the condition ends too early | for example: "
      "{build.status} "
      "== success\n"
      "RC0302 error 6:12+11 '{{ biuld }}' is no reference: there is no 'biuld' | did you mean 'build'?\n"
      "RC0307 warning 6:33+7 '{stage}' in a condition is only a text: there is no 'stage' | correct the "
      "name, or "
      "declare it under vars\n"
      "RC0306 error 8:11+1 the condition is wrong: '=' compares nothing | write ==\n"
      "RC0306 error 11:35+1 the condition is wrong: '=' compares nothing | write ==\n");
}

TEST(Check, StatusesThatNoStepHasAreFoundInConditions) {
  EXPECT_EQ(
      problems_of(R"(steps:
  - {id: build}
  - {id: page, type: http}
  - {id: a, when: "{build.status} == sucess"}
  - {id: b, when: "{page.status} == 200"}
  - {id: c, when: "'done' != {steps.build.status}"}
  - {id: d, when: "{build.status} == success or {build.stdout} == done or {page.status_code} == 200"}
)"),
      "RC0310 warning 4:38+1 {build.status} is never 'sucess' | did you mean 'success'?\n"
      "RC0310 warning 5:37+1 {page.status} is never '200' | for the code of an HTTP answer write "
      "{page.status_code}\n"
      "RC0310 warning 6:20+1 {steps.build.status} is never 'done' | a status is success, partial, failed, "
      "skipped or cancelled\n");
}

TEST(Check, NamesInConditionsStandInBraces) {
  EXPECT_EQ(
      problems_of(R"(vars: {stage: test}
steps:
  - {id: build}
  - {id: a, when: build.status == success and stage != live}
  - {id: b, when: "success == {build.status} or {vars.stage} == build or x.y == z"}
)"),
      "RC0312 error 4:19+12 'build.status' is only a text here: a name in a condition stands in braces | "
      "write {build.status}\n"
      "RC0312 error 4:47+5 'stage' is only a text here: a name in a condition stands in braces | write "
      "{stage}\n");
}

TEST(Check, ReferencesAreNamesAlone) {
  EXPECT_EQ(
      problems_of(R"(steps:
  - {id: build}
  - id: a
    parameters: {args: ["x {{ build.stdout | trim }}", "{{ .Names | upper }} {{ other | x }} {{ build }}"]}
  - {id: b, when: "{{ build.exit_code == 0 }}"}
)"),
      "RC0313 error 4:28+25 '{{ build.stdout | trim }}' is no reference: between the braces stands a name "
      "alone, without filters and operators | write {{ build.stdout }}, and let a command step compute what "
      "is made of it\n"
      "RC0313 error 5:20+26 '{{ build.exit_code == 0 }}' is no reference: between the braces stands a name "
      "alone, without filters and operators | write {{ build.exit_code }} == 0\n");
}

TEST(Check, AWarningThatIsRepeatedIsShownOnce) {
  EXPECT_EQ(
      problems_of(
          "steps:\n  - {id: a, parameters: {args: ['{{ who }}', '{{ who }}', '{{ who }} {{ x_y }}']}}\n"),
      "RC0301 warning 2:34+9 '{{ who }}' stays as it is: there is no 'who' (and in 2 more places) | correct "
      "the name, or declare it under vars\n"
      "RC0301 warning 2:70+9 '{{ x_y }}' stays as it is: there is no 'x_y' | correct the name, or declare it "
      "under vars\n");
}

TEST(Check, PlacesAreFoundThroughEscapesAndBlocks) {
  EXPECT_EQ(
      problems_of("steps:\n"
                  "  - id: a\n"
                  "    parameters:\n"
                  "      command: |\n"
                  "        first {{ one }} line\n"
                  "        second $${x} {{ two }}\n"
                  "      args:\n"
                  "        - \"tab\\t quote \\\" {{ three }}\"\n"
                  "        - 'it''s {{ four }}'\n"
                  "        - plain {{ five }} and\n"
                  "          more {{ six }}\n"
                  "        - \"{{ sev\\x65n }}\"\n"),
      "RC0301 warning 5:15+9 '{{ one }}' stays as it is: there is no 'one' | correct the name, or declare it "
      "under vars\n"
      "RC0301 warning 6:22+9 '{{ two }}' stays as it is: there is no 'two' | correct the name, or declare it "
      "under vars\n"
      "RC0301 warning 8:27+11 '{{ three }}' stays as it is: there is no 'three' | correct the name, or "
      "declare "
      "it under vars\n"
      "RC0301 warning 9:18+10 '{{ four }}' stays as it is: there is no 'four' | correct the name, or declare "
      "it "
      "under vars\n"
      "RC0301 warning 10:17+10 '{{ five }}' stays as it is: there is no 'five' | correct the name, or "
      "declare "
      "it under vars\n"
      "RC0301 warning 11:16+9 '{{ six }}' stays as it is: there is no 'six' | correct the name, or declare "
      "it "
      "under vars\n"
      "RC0301 warning 12:11+1 '{{ seven }}' stays as it is: there is no 'seven' | correct the name, or "
      "declare "
      "it under vars\n");
}

TEST(Check, ShellPlacesThatCanTakeNoValue) {
  EXPECT_EQ(
      problems_of(R"(vars: {v: 1}
steps:
  - {id: a, parameters: {shell: true, command: "echo {v} $'{v}' \"{v}\""}}
)"),
      "RC0308 error 3:54+3 the value of {v} can't be put here: it could become shell code | put it into "
      "ordinary quotes: \"{v}\"\n");
}

TEST(Check, ReferencesOfOtherToolsThatWouldBeKnownHere) {
  EXPECT_EQ(
      problems_of(R"(vars: {v: 1}
steps:
  - {id: a, parameters: {args: ["${{ vars.v }}", "${{ env.X }}", "${{ github.sha }}"]}}
  - {id: b, type: create_file, parameters: {path: x, content: "${{ vars.v }}"}}
)"),
      "RC0309 warning 3:34+13 '${{ vars.v }}' stays as it is: it is no reference | write {{ vars.v }}\n");
}

TEST(Check, StepsWithoutSubstitutionAreNotRead) {
  EXPECT_EQ(problems_of(R"(steps: [{id: a, substitute: false, parameters: {args: ["{{ x }} {a}"]}}])"), "");
}

TEST(Check, ManyUnknownNamesEnd) {
  std::string yaml = "steps:\n  - id: a\n    parameters:\n      args:\n";
  for (int i = 0; i < 20'000; ++i) yaml += "        - \"{{ unknown_" + std::to_string(i) + " }}\"\n";
  for (int i = 0; i < 20'000; ++i) yaml += "  - {id: some_step_" + std::to_string(i) + "}\n";
  testing::SmallMission small = testing::small_mission(yaml);
  Names names(small.mission);
  Diagnostics problems;
  check_references(small.mission, testing::small_types(), names, small.sources, problems);
  EXPECT_EQ(problems.warnings(), 20'000u);
}

}  // namespace
}  // namespace rustchain
