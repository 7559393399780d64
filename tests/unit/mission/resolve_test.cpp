#include "mission/resolve.hpp"

#include "support/small_mission.hpp"

#include <map>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

class FixedValues : public Values {
 public:
  Result<Json, Failure> value(const Meaning& meaning) const override {
    ++asked;
    if (meaning.kind == Meaning::Kind::uuid) return Json("id-1");
    if (meaning.kind == Meaning::Kind::previous_result) return values.at("build");
    auto found = values.find(meaning.name);
    if (found != values.end()) return found->second;
    return Failure{FailureKind::invalid, "'" + meaning.name + "' has not run", {}};
  }
  std::map<std::string, Json> values;
  mutable int asked = 0;
};

class ResolveTest : public ::testing::Test {
 protected:
  ResolveTest() {
    values_.values["build"] =
        Json{{"status", "success"}, {"output", "built"},       {"stdout", "built"}, {"exit_code", 0},
             {"stderr", Json()},    {"list", {1, "two", 3.5}}, {"flag", true},      {"map", {{"k", {1, 2}}}}};
    values_.values["fetch"] = Json{{"status", "success"}, {"output", R"({"items":[{"id":7}],"a-b":"x"})"}};
    values_.values["stage"] = "test";
    values_.values["words"] = "two words";
    values_.values["quote"] = "'; rm -rf / #";
    values_.values["number"] = 5;
    values_.values["looks"] = "{stage} ${stage}";
    values_.values["nul"] = std::string("a\0b", 3);
    values_.values["deep"] = std::string(100'000, '[');
  }

  // The parameters of a command step, or the failure's message.
  std::string resolved(const std::string& parameters, const std::string& more = "") {
    std::string yaml =
        "vars: {stage: , words: , quote: , number: , looks: , nul: , deep: }\n"
        "steps:\n  - id: it\n    parameters: {" +
        parameters + "}\n" + more + "  - {id: build}\n  - {id: fetch}\n  - {id: never}\n";
    testing::SmallMission small = testing::small_mission(yaml);
    Names names(small.mission);
    auto result = resolve_parameters(small.mission.steps[0], *testing::small_types().find("command"), names,
                                     values_, defaults_);
    if (!result) return "failed: " + result.error().message;
    shell_values_ = result->shell_values;
    // The defaults are the same every time.
    for (const char* key : {"shell", "size", "mode", "codes"})
      if (parameters.find(std::string(key) + ":") == std::string::npos) result->parameters.erase(key);
    return result->parameters.dump(-1, ' ', false, Json::error_handler_t::replace);
  }

  FixedValues values_;
  DefaultValues defaults_;
  std::vector<std::pair<std::string, std::string>> shell_values_;
};

TEST_F(ResolveTest, PutsDefaultsInWithTheirTypes) {
  testing::SmallMission small = testing::small_mission("steps: [{id: it, parameters: {mode: ~}}]");
  Names names(small.mission);
  auto result = resolve_parameters(small.mission.steps[0], *testing::small_types().find("command"), names,
                                   values_, defaults_);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->parameters.dump(), R"({"codes":[0],"mode":"fast","shell":false,"size":1048576})");
}

TEST_F(ResolveTest, LiteralsHaveTheTypesOfTheTable) {
  EXPECT_EQ(
      resolved(R"(args: [-n, 5, 1.0, yes, true, "x"], count: 3, flag: true, shell: bash, size: 10MB)"),
      R"({"args":["-n","5","1.0","yes","true","x"],"count":3,"flag":true,"shell":"bash","size":10000000})");
  EXPECT_EQ(resolved(R"(shell: true, options: {a: 1, b: [x, true], c: "1"}, list: [1, "1"])"),
            R"({"list":[1,"1"],"options":{"a":1,"b":["x",true],"c":"1"},"shell":true})");
}

TEST_F(ResolveTest, TextsAreFilledInFromOneEndToTheOther) {
  EXPECT_EQ(resolved(R"(args: ["a {build} b {{ stage }} c ${number} d {build.list}", "{build.map.k}"])"),
            R"({"args":["a built b test c 5 d [1,\"two\",3.5]","[1,2]"]})");
  EXPECT_EQ(resolved(R"(args: ["<{build.stderr}>", "{build.stderr}", "{build.flag}"])"),
            R"({"args":["<>","","true"]})");
}

TEST_F(ResolveTest, UnknownNamesAndEscapesStayText) {
  EXPECT_EQ(resolved(R"(args: ["{http_code} {} {{ what }} $${stage} ${{ stage }}"])"),
            R"({"args":["{http_code} {} {{ what }} ${stage} ${{ stage }}"]})");
}

TEST_F(ResolveTest, ValuesAreNeverScannedAgain) {
  EXPECT_EQ(resolved(R"(args: ["{looks}", "x{looks}"], command: "{looks}")"),
            R"({"args":["{stage} ${stage}","x{stage} ${stage}"],"command":"{stage} ${stage}"})");
}

TEST_F(ResolveTest, OneReferenceAndNothingElseKeepsTheType) {
  EXPECT_EQ(
      resolved(
          R"(list: "{build.list}", count: "{number}", flag: "{{ build.flag }}", options: "${build.map}")"),
      R"({"count":5,"flag":true,"list":[1,"two",3.5],"options":{"k":[1,2]}})");
  EXPECT_EQ(resolved(R"(either: "{build.list}")"), R"({"either":[1,"two",3.5]})");
  EXPECT_EQ(resolved(R"(either: "{stage}")"), R"({"either":"test"})");
  EXPECT_EQ(resolved(R"(either: " {build.list}")"), R"({"either":" [1,\"two\",3.5]"})");
}

TEST_F(ResolveTest, TextsBecomeWhatTheTableWants) {
  values_.values["stage"] = " 12 ";
  EXPECT_EQ(resolved(R"(count: "{stage}", seconds: "1{number}.5", size: "{number}KiB")"),
            R"({"count":12,"seconds":15.5,"size":5120})");
  values_.values["stage"] = "true";
  values_.values["words"] = "[1, 2]";
  EXPECT_EQ(resolved(R"(flag: "{stage}", list: "{words}")"), R"({"flag":true,"list":[1,2]})");
}

TEST_F(ResolveTest, WhatDoesNotFitFailsWithTheNameOfTheParameter) {
  EXPECT_EQ(resolved(R"(count: "{stage}")"),
            R"(failed: parameter 'count': {stage} gives "test", and it must be a whole number)");
  EXPECT_EQ(resolved(R"(count: "{build.list[2]}")"),
            R"(failed: parameter 'count': {build.list[2]} gives "3.5", and it must be a whole number)");
  EXPECT_EQ(resolved(R"(list: "{stage}")"),
            R"(failed: parameter 'list': {stage} gives "test", and it must be a list)");
  EXPECT_EQ(resolved(R"(flag: "{words}")"),
            R"(failed: parameter 'flag': {words} gives "two words", and it must be true or false)");
  EXPECT_EQ(resolved(R"(mode: "{stage}")"),
            R"(failed: parameter 'mode': {stage} gives "test", and it must be one of fast, slow)");
  EXPECT_EQ(resolved(R"(codes: ["{stage}"])"),
            R"(failed: parameter 'codes': {stage} gives "test", and it must be a whole number)");
  values_.values["number"] = 0;
  EXPECT_EQ(resolved(R"(count: "{number}")"),
            R"(failed: parameter 'count': {number} gives "0", and the least is 1.0)");
}

TEST_F(ResolveTest, PathsWalkIntoValuesAndJsonTexts) {
  EXPECT_EQ(
      resolved(
          R"(args: ["{fetch.items[0].id}", "{fetch.output.a-b}", "{build.map.k.1}", "{build_result}", "{build.result}", "{build.step_id}"])"),
      R"({"args":["7","x","2","built","built","build"]})");
  EXPECT_EQ(resolved(R"(args: ["{previous_result}", "{previous_result.list[1]}", "{uuid}"])"),
            R"({"args":["built","two","id-1"]})");
}

TEST_F(ResolveTest, PathsThatLeadNowhereFail) {
  EXPECT_EQ(resolved(R"(args: ["{build.list[3]}"])"),
            "failed: parameter 'args': {build.list[3]} has no value: [3] is past the end of a list of 3");
  EXPECT_EQ(resolved(R"(args: ["{build.exitcode}"])"),
            "failed: parameter 'args': {build.exitcode} has no value: there is no such field, and the output "
            "holds no "
            "such JSON");
  EXPECT_EQ(resolved(R"(args: ["{build.map.x}"])"),
            "failed: parameter 'args': {build.map.x} has no value: there is no 'x' in it (there are: k)");
  EXPECT_EQ(resolved(R"(args: ["{stage.x}"])"),
            "failed: parameter 'args': {stage.x} has no value: the text before it holds no JSON list or map");
  EXPECT_EQ(resolved(R"(args: ["{deep[0]}"])"),
            "failed: parameter 'args': {deep[0]} has no value: the text before it holds no JSON list or map");
  EXPECT_EQ(resolved(R"(args: ["{never}"])"), "failed: parameter 'args': 'never' has not run");
}

TEST_F(ResolveTest, WordsAreSplitBeforeTheirReferencesAreFilledIn) {
  EXPECT_EQ(resolved(R"(command: "grep {words} '{quote}' \"a {{ words }}\" x={words}.txt")"),
            R"({"command":["grep","two words","'; rm -rf / #","a two words","x=two words.txt"]})");
}

TEST_F(ResolveTest, ShellTextsGetVariables) {
  EXPECT_EQ(
      resolved(R"(shell: true, command: "echo {quote} '{words}' {quote} # {stage}")"),
      R"({"command":"echo \"${RC_VALUE_1}\" ''\"${RC_VALUE_2}\"'' \"${RC_VALUE_1}\" # {stage}","shell":true})");
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(shell_values_, (Pairs{{"RC_VALUE_1", "'; rm -rf / #"}, {"RC_VALUE_2", "two words"}}));
  EXPECT_EQ(values_.asked, 2);
}

TEST_F(ResolveTest, OnlyNumbersReachTheShellsArithmetic) {
  EXPECT_EQ(resolved(R"~(shell: true, command: "echo $(( {number} + 1 ))")~"),
            R"~({"command":"echo $(( ${RC_VALUE_1} + 1 ))","shell":true})~");
  EXPECT_EQ(
      resolved(R"~(shell: true, command: "echo $(( {stage} + 1 ))")~"),
      "failed: parameter 'command': {stage} gives \"test\", and the shell computes with it: it must be a "
      "whole number");
  EXPECT_EQ(resolved(R"(shell: true, command: "echo $'{stage}'")"),
            "failed: parameter 'command': a value can't be put in the place of {stage} without becoming "
            "shell code");
}

TEST_F(ResolveTest, NoProgramIsGivenANulByte) {
  EXPECT_EQ(resolved(R"(command: "echo {nul}")"),
            "failed: parameter 'command': the value holds a NUL byte, which no program can be given");
  EXPECT_EQ(resolved(R"(shell: true, command: "echo {nul}")"),
            "failed: parameter 'command': the value holds a NUL byte, which no program can be given");
}

TEST_F(ResolveTest, WithoutSubstitutionParametersAreVerbatim) {
  EXPECT_EQ(resolved(R"(args: ["{build} $${x}"], flag: true)", "    substitute: false\n"),
            R"({"args":["{build} $${x}"],"flag":true})");
  EXPECT_EQ(resolved(R"(command: "echo '{build}' x")", "    substitute: false\n"),
            R"({"command":["echo","{build}","x"]})");
}

TEST_F(ResolveTest, UnresolvedReferencesStayAsTheyAreWritten) {
  testing::SmallMission small = testing::small_mission(
      "steps: [{id: it, parameters: {command: \"cp {{ a }} '{b} c' $${d}\", count: \"{n}\", flag: true}}]");
  EXPECT_EQ(
      unresolved_parameters(small.mission.steps[0], *testing::small_types().find("command"), defaults_)
          .dump(),
      R"({"codes":[0],"command":["cp","{{ a }}","{b} c","${d}"],"count":"{n}","flag":true,"mode":"fast",)"
      R"("shell":false,"size":1048576})");
}

TEST_F(ResolveTest, OneText) {
  testing::SmallMission small = testing::small_mission("vars: {stage: }\nsteps: [{id: build}]");
  Names names(small.mission);
  EXPECT_EQ(resolve_text("a/{stage}/{build}/{x}/$${stage}", names, values_).value(),
            "a/test/built/{x}/${stage}");
  EXPECT_EQ(resolve_text("{build.map.z}", names, values_).error().message,
            "{build.map.z} has no value: there is no 'z' in it (there are: k)");
}

}  // namespace
}  // namespace rustchain
