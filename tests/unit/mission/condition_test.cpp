#include "mission/condition.hpp"

#include "support/small_mission.hpp"

#include <map>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

class FixedValues : public Values {
 public:
  Result<Json, Failure> value(const Meaning& meaning) const override {
    auto found = values.find(meaning.name);
    if (found != values.end()) return found->second;
    return Failure{FailureKind::invalid, "'" + meaning.name + "' has not run", {}};
  }
  std::map<std::string, Json> values;
};

class ConditionTest : public ::testing::Test {
 protected:
  ConditionTest() {
    small_ = testing::small_mission(
        "vars: {n: , list: , empty: , yes: , text: , nothing: }\nsteps: [{id: build}, {id: never}]");
    values_.values = {
        {"build", {{"status", "failed"}, {"output", "all 3 warnings\nlast line\n"}, {"exit_code", 2}}},
        {"n", 5},
        {"list", {"a", 2, "c d"}},
        {"empty", ""},
        {"yes", true},
        {"text", "1.10"},
        {"nothing", Json()},
        {"CI", "true"}};
  }

  // "true", "false", or the failure's message.
  std::string value(std::string_view text) {
    Names names(small_.mission);
    Result<bool, Failure> result = evaluate_condition(text, names, values_);
    if (!result) return result.error().message;
    return *result ? "true" : "false";
  }
  // The problem of a text, or "".
  static std::string problem(std::string_view text) {
    Result<ConditionWords, ConditionError> result = check_condition(text);
    if (result) return "";
    return std::to_string(result.error().offset) + ": " + result.error().message;
  }

  testing::SmallMission small_;
  FixedValues values_;
};

TEST_F(ConditionTest, Compares) {
  for (std::string text : {"{build.status} == failed",
                           "{{ build.status }} == 'failed'",
                           "${build.exit_code} == 2",
                           "{build.exit_code} > 1",
                           "{build.exit_code} <= 2.0",
                           "{n} != 6",
                           "\"5\" == {n}",
                           "5.0 == {n}",
                           "{env.CI} == true",
                           "{yes} == true",
                           "{yes} != false",
                           "{text} == 1.1",
                           "{list} contains 2",
                           "2 in {list}",
                           "{n} in [1, 5]",
                           "'c d' in {list}",
                           "{build} contains \"3 warn\"",
                           "warn in {build}",
                           "{n} not in [1, 2]",
                           "{build} not contains error",
                           "{build} matches '^all \\d+'",
                           "{build} matches \"(?m)line$\"",
                           "{empty} == ''",
                           "{nothing} == ''",
                           "not {nothing}",
                           "x{n}y == x5y",
                           "{build.status}-{n} == failed-5",
                           "{list} == {list}"})
    EXPECT_EQ(value(text), "true") << text;
  for (std::string text :
       {"{build.status} == success", "{build.status} == Failed", "{n} < 5", "{yes} == 1", "{n} in []",
        "{list} contains x", "{build} matches '^last'", "{n} not in {list} and {n} in {list}", "a == b"})
    EXPECT_EQ(value(text), "false") << text;
}

TEST_F(ConditionTest, JoinsWithTheUsualPrecedence) {
  EXPECT_EQ(value("{build.exit_code} > 1 and not {build.output} contains \"x\""), "true");
  EXPECT_EQ(value("1 == 1 or 1 == 2 and 1 == 3"), "true");
  EXPECT_EQ(value("(1 == 1 or 1 == 2) and 1 == 3"), "false");
  EXPECT_EQ(value("not 1 == 2 and 1 == 1"), "true");
  EXPECT_EQ(value("not (1 == 1 and 1 == 1)"), "false");
  EXPECT_EQ(value("not not {yes}"), "true");
  EXPECT_EQ(value("1 == 1 && !(1 == 2) || {never}"), "true");
  EXPECT_EQ(value("NOT 1 == 2 AND true"), "true");
}

TEST_F(ConditionTest, AValueAloneIsTrueOrFalse) {
  for (std::string text : {"true", "always", "{yes}", "{n}", "{list}", "{build}", "{env.CI}", "not {empty}"})
    EXPECT_EQ(value(text), "true") << text;
  values_.values["n"] = 0;
  values_.values["list"] = Json::array();
  values_.values["CI"] = "False";
  for (std::string text : {"false", "never", "{n}", "{list}", "{env.CI}", "{empty}"})
    EXPECT_EQ(value(text), "false") << text;
}

TEST_F(ConditionTest, WhatCannotDecideAnyMoreIsNotAskedFor) {
  EXPECT_EQ(value("{build.status} == success and {never} == x"), "false");
  EXPECT_EQ(value("{build.status} == failed or {never} == x"), "true");
  EXPECT_EQ(value("{build.status} == failed and {never} == x"), "'never' has not run");
}

TEST_F(ConditionTest, ValuesThatDoNotFitFail) {
  EXPECT_EQ(value("{build.status} > 3"), "'>' compares numbers, and {build.status} is \"failed\"");
  EXPECT_EQ(value("3 <= {empty}"), "'<=' compares numbers, and {empty} is \"\"");
  EXPECT_EQ(value("{n} contains 5"), "{n} is \"5\", which holds nothing: a text, a list or a map does");
  values_.values["text"] = "a(";
  EXPECT_EQ(value("{build} matches {text}"),
            "{text}: the regular expression 'a(' can't be read: there is a '(' without its ')'");
}

TEST_F(ConditionTest, RightTextsHaveNoProblems) {
  for (std::string text : {"{a} == b", "true", "{a} in [x, 'y z', {b}]", "{a} matches '\\d{2,}'",
                           "{steps.a.status} != success", "((({a})))"})
    EXPECT_EQ(problem(text), "") << text;
}

TEST_F(ConditionTest, ProblemsNameTheirPlace) {
  EXPECT_EQ(problem(""), "0: the condition is empty");
  EXPECT_EQ(problem("{a} = b"), "4: '=' compares nothing");
  EXPECT_EQ(problem("{a} == "), "7: the condition ends too early");
  EXPECT_EQ(problem("{a} == b and"), "12: the condition ends too early");
  EXPECT_EQ(problem("{a} == 'b"), "7: the quote is not closed");
  EXPECT_EQ(problem("({a} == b"), "0: the '(' is not closed");
  EXPECT_EQ(problem("{a} == b)"), "8: there is a ')' without a '('");
  EXPECT_EQ(problem("{a} == not found"), "7: there is no value before 'not'");
  EXPECT_EQ(problem("{a} == two words"), "11: there is no operator before 'words'");
  EXPECT_EQ(problem("build"), "0: 'build' is no condition");
  EXPECT_EQ(problem("{a} == b == c"), "9: two comparisons in a row");
  EXPECT_EQ(problem("== b"), "0: there is no value before '=='");
  EXPECT_EQ(problem("{a} in [x y]"), "10: there is no comma before 'y'");
  EXPECT_EQ(problem("{a} in [x"), "7: the '[' is not closed");
  EXPECT_EQ(problem("{a} & {b}"), "4: '&' is no operator");
  EXPECT_EQ(problem("{a} matches '['"),
            "12: the regular expression '[' can't be read: there is a '[' without its ']'");
  EXPECT_EQ(problem(std::string(200, '(') + "{a}"), "100: the parentheses are nested too deep");
}

TEST_F(ConditionTest, HugeTextsEnd) {
  std::string many;
  for (int i = 0; i < 100'000; ++i) many += "not ";
  EXPECT_EQ(value(many + "{yes}"), "true");
  std::string chain = "{yes}";
  for (int i = 0; i < 20'000; ++i) chain += " and {yes}";
  EXPECT_EQ(value(chain), "true");
}

// ---- patterns

}  // namespace
}  // namespace rustchain
