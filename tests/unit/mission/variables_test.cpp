#include "mission/variables.hpp"

#include "rustchain/json.hpp"

#include "mission/mission_file.hpp"
#include "support/mission_text.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using testing::fake_types;
using testing::lines;
using Lines = std::vector<std::string>;

MissionFile open(const std::string& top, MissionOptions options = {}) {
  options.directory = "/work";
  if (!options.variable)
    options.variable = [](std::string_view name) {
      return name == "HOME" ? std::optional<std::string>("/home/ann") : std::nullopt;
    };
  return open_mission(
      "missions/m.yaml",
      "name: m\nversion: '1.0'\n" + top +
          "\nsteps:\n  - {id: build, name: B, step_type: command, parameters: {command: make}}\n",
      fake_types(), options);
}

Json vars(const MissionFile& file) {
  Json all = Json::object();
  for (const auto& [name, value] : file.mission.vars) all[name] = to_json(value);
  return all;
}

TEST(FillVariables, FillsInOthersInAnyOrder) {
  MissionFile file = open(R"(vars:
  report: "{out}/{vars.name}.md"
  out: "${root}/out"
  root: build
  name: '{{ mission.name }}'
  list: ["{root}", {deep: "{root}/x"}]
  same: "{list}"
  count: "{three}"
  three: 3
)");
  EXPECT_EQ(lines(file.problems), Lines{});
  EXPECT_EQ(vars(file),
            Json::parse(R"({"report": "build/out/m.md", "out": "build/out", "root": "build", "name": "m",
                                        "list": ["build", {"deep": "build/x"}], "same": ["build", {"deep": "build/x"}],
                                        "count": 3, "three": 3})"));
}

TEST(FillVariables, KeepsNumbersAsTheyAreWritten) {
  MissionFile file =
      open("vars: {version: 1.10, number: 007, tag: 'v{version}-{number}', same: '{version}'}");
  EXPECT_EQ(lines(file.problems), Lines{});
  ASSERT_EQ(file.mission.vars.size(), 4u);
  EXPECT_EQ(file.mission.vars[2].second.text, "v1.10-007");
  EXPECT_EQ(file.mission.vars[3].second.text, "1.10");
}

TEST(FillVariables, LeavesWhatIsNoReference) {
  MissionFile file =
      open(R"(vars: {json: '{"a": {}}', code: 'awk {print}', own: '$${json}', stays: '{nobody}'})");
  EXPECT_EQ(lines(file.problems), Lines{});
  EXPECT_EQ(vars(file),
            Json::parse(
                R"({"json": "{\"a\": {}}", "code": "awk {print}", "own": "${json}", "stays": "{nobody}"})"));
}

TEST(FillVariables, NeverLooksAtAValueAgain) {
  Node outside = testing::parse("'{shown} {build}'");
  outside.at = {};  // it has no place in a file
  MissionFile file = open("vars: {shown: 'x {given}', given: y}", {.vars = {.values = {{"given", outside}}}});
  EXPECT_EQ(lines(file.problems), Lines{});
  EXPECT_EQ(vars(file), Json::parse(R"({"shown": "x {shown} {build}", "given": "{shown} {build}"})"));
}

TEST(FillVariables, TakesTheEnvironmentOfTheMissionFirst) {
  MissionFile file = open(R"(vars: {a: "{env.HOME}", b: "{env.OUT}", c: x}
env: {OUT: "{env.HOME}/{c}"})");
  EXPECT_EQ(lines(file.problems), Lines{});
  EXPECT_EQ(vars(file), Json::parse(R"({"a": "/home/ann", "b": "/home/ann/x", "c": "x"})"));
}

TEST(FillVariables, FillsInTheDefaultsOfInputsBeforeTheirTypesAreChecked) {
  MissionFile file = open(R"(vars: {three: 3, word: abc}
parameters:
  - {name: jobs, type: integer, default: "{three}"}
  - {name: many, type: integer, default: "{word}"}
)");
  EXPECT_EQ(vars(file)["jobs"], 3);
  EXPECT_EQ(lines(file.problems),
            (Lines{"6:42 error RC0122: 'many' wants a whole number, not \"abc\" (correct the "
                   "default, or the input's type)"}));
}

TEST(FillVariables, NamesCircles) {
  MissionFile file = open(R"(vars:
  a: "{b}/x"
  b: "{env.C}"
  self: "{self}"
env: {C: "{a}"})");
  EXPECT_EQ(
      lines(file.problems),
      (Lines{"6:10 error RC0311: variables are made from each other in a circle: self -> self (take one of "
             "these references out)",
             "7:10 error RC0311: the variable 'b' can't be made from {env.C}: variables are made from each "
             "other in a circle: a -> b -> env.C -> a (make the variable from what env.C is made from)"}));
}

TEST(FillVariables, RefusesWhatOnlyTheRunKnows) {
  MissionFile file = open(R"(vars:
  log: "out/{build.stdout}"
  day: "on {{ date }}"
  token: "{env.TOKEN}"
  near: "{{ toke }}"
)");
  EXPECT_EQ(
      lines(file.problems),
      (Lines{
          "4:13 error RC0311: the variable 'log' can't hold {build.stdout}, what the step 'build' gives: "
          "variables "
          "are filled in before the first step runs (write {build.stdout} in the step that uses the "
          "variable)",
          "5:12 error RC0311: the variable 'day' can't hold {{ date }}, which only a running step knows "
          "(write {{ "
          "date }} in the step that uses the variable)",
          "6:11 error RC0311: the environment variable TOKEN is not set, and the variable 'token' is made "
          "from it "
          "(set it before the run, give the variable by --var token=..., or set it in env: of the mission)",
          "7:10 error RC0302: '{{ toke }}' is no reference: there is no 'toke' (did you mean 'token'?)"}));
}

TEST(FillVariables, LeavesToTheRunWhatComesFromTheStepThatRunsTheMission) {
  MissionFile file = open("vars: {a: '{later}', b: '{env.SET_THERE}', c: 'x{a}', d: e}",
                          {.vars = {.values = {}, .later = {"later"}, .by_step = true}, .more_env = true});
  EXPECT_EQ(lines(file.problems), Lines{});
  EXPECT_EQ(vars(file), Json::parse(R"({"a": null, "b": null, "c": null, "d": "e", "later": null})"));
}

TEST(FillVariables, BoundsChainsAndSizes) {
  std::string chain = "vars:\n";
  for (int i = 0; i < 300; ++i) chain += "  v" + std::to_string(i) + ": '{v" + std::to_string(i + 1) + "}'\n";
  MissionFile deep = open(chain + "  v300: x\n");
  ASSERT_FALSE(deep.valid());
  EXPECT_NE(deep.problems.all()[0].message.find("a chain of more than 100"), std::string::npos);

  std::string laughs = "vars:\n  v0: hahahahaha\n";
  for (int i = 1; i < 20; ++i) {
    const std::string before = "{v" + std::to_string(i - 1) + "}";
    laughs += "  v" + std::to_string(i) + ": '" + before + before + before + before + before + before + "'\n";
  }
  MissionFile large = open(laughs);
  ASSERT_FALSE(large.valid());
  EXPECT_NE(large.problems.all()[0].message.find("more than 64 MiB"), std::string::npos);
}

}  // namespace
}  // namespace rustchain
