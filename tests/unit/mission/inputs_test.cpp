#include "mission/inputs.hpp"

#include "rustchain/json.hpp"

#include "support/mission_text.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using testing::lines;
using testing::parse;
using Lines = std::vector<std::string>;

const std::string k_mission = R"(name: m
version: '1.0'
vars: {greeting: hello, count: 1}
parameters:
  - {name: target, required: true, description: what to build}
  - {name: jobs, type: integer, default: 2}
  - {name: fast, type: boolean}
  - {name: files, type: list, default: [a]}
steps:
  - {id: a, name: A, step_type: noop}
)";

struct Applied {
  Json vars;
  Lines problems;
};

Applied apply(const std::string& text, const std::vector<std::pair<std::string, std::string>>& given) {
  auto [mission, problems] = testing::read_text(text);
  std::vector<std::pair<std::string, Node>> nodes;
  for (const auto& [name, value] : given) nodes.emplace_back(name, parse(value));
  apply_vars(mission, {.values = nodes}, problems);
  check_inputs(mission, {.values = nodes}, {}, problems);
  Applied result;
  for (const auto& [name, value] : mission.vars) result.vars[name] = to_json(value);
  result.problems = lines(problems);
  return result;
}

TEST(ApplyVars, PutsTheCommandLineOverTheFileAndLaterOverEarlier) {
  Applied result = apply(k_mission, {{"target", "x"}, {"greeting", "hi"}, {"extra", "1"}, {"extra", "2"}});
  EXPECT_EQ(result.problems, Lines{});
  EXPECT_EQ(result.vars, Json::parse(R"({"greeting": "hi", "count": 1, "target": "x", "extra": 2, "jobs": 2,
                                         "fast": null, "files": ["a"]})"));
}

TEST(ApplyVars, ReportsEveryInputThatIsMissingOrWrong) {
  Applied result = apply(k_mission, {{"jobs", "1.5"}, {"fast", "perhaps"}, {"files", "a"}});
  EXPECT_EQ(
      result.problems,
      (Lines{
          "5:12 error RC0121: the mission needs a value for 'target' (what to build) (give it with `--var "
          "target=...`)",
          "6:12 error RC0122: 'jobs' wants a whole number, not \"1.5\" (give it with `--var jobs=3`)",
          "7:12 error RC0122: 'fast' wants true or false, not \"perhaps\" (give it with `--var fast=true`)",
          "8:12 error RC0122: 'files' wants a list, not \"a\" (give it in a file with --vars-file, for "
          "example `files: [a, b]`)"}));
}

TEST(ApplyVars, BringsInputsIntoTheirType) {
  Applied result = apply(k_mission, {{"target", "1.0"}, {"jobs", "'4'"}, {"fast", "yes"}});
  EXPECT_EQ(result.problems, Lines{});
  EXPECT_EQ(result.vars["target"], "1.0");
  EXPECT_EQ(result.vars["jobs"], 4);
  EXPECT_EQ(result.vars["fast"], true);
}

TEST(ApplyVars, ChecksDefaultsWhereTheyStand) {
  Applied result = apply(
      "name: m\nversion: 1.0\nparameters:\n  - {name: jobs, type: integer, default: many}\nsteps:\n  - {id: "
      "a, name: "
      "A, step_type: noop}\n",
      {});
  EXPECT_EQ(result.problems,
            (Lines{"4:42 error RC0122: 'jobs' wants a whole number, not \"many\" (correct the default, "
                   "or the input's type)"}));
}

TEST(ApplyVars, WarnsOfNamesThatAreNearADeclaredOne) {
  Applied result = apply(k_mission, {{"target", "x"}, {"greting", "hi"}});
  EXPECT_EQ(result.problems,
            (Lines{"0:0 warning RC0123: the mission declares no variable 'greting' (did you mean '--var "
                   "greeting=...'?)"}));
  EXPECT_EQ(result.vars["greeting"], "hello");
}

}  // namespace
}  // namespace rustchain
