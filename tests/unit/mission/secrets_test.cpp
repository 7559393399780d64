#include "mission/secrets.hpp"

#include "mission/mission_file.hpp"
#include "mission/render.hpp"
#include "steps/registry.hpp"

#include <map>
#include <string>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using Environment = std::map<std::string, std::string, std::less<>>;

MissionFile open(const std::string& top, const Environment& environment = {},
                 const std::string& more_of_the_step = "") {
  MissionOptions options;
  options.variable = [&](std::string_view name) -> std::optional<std::string> {
    auto found = environment.find(name);
    return found == environment.end() ? std::nullopt : std::optional(found->second);
  };
  return open_mission("m.yaml",
                      "name: m\nversion: \"1.0\"\n" + top +
                          "\nsteps:\n  - id: a\n    name: A\n    step_type: noop\n" + more_of_the_step,
                      step_types(), options);
}

std::string problems(const MissionFile& file) {
  return render_diagnostics(file.problems, file.sources, false);
}

TEST(Secrets, AreValuesOfVariablesInputsAndTheEnvironment) {
  MissionFile file = open(
      "secrets: [TOKEN, word, list, pass, env.ONLY, vars.both]\n"
      "vars: {word: hunter-two, list: [first-one, {k: second-one}], both: from-vars}\n"
      "parameters: [{name: pass, default: the-input}]\n",
      {{"TOKEN", "from-env"}, {"ONLY", "only-env"}, {"both", "not-this"}});
  EXPECT_EQ(problems(file), "");
  EXPECT_EQ(file.mask.text("from-env hunter-two first-one second-one the-input only-env from-vars"),
            "*** *** *** *** *** *** ***");
  EXPECT_EQ(file.mask.text("not-this"), "not-this");
}

TEST(Secrets, AreWhatEnvOfTheMissionAndOfStepsSetsUnderTheName) {
  MissionFile file = open(
      "secrets: [A, B]\nvars: {base: abcd}\n"
      "env: {A: \"x-{base}-{env.HOST}\", B: plain-b}\n",
      {{"HOST", "web1"}}, "    env: {B: step-b}\n");
  EXPECT_EQ(problems(file), "");
  EXPECT_EQ(file.mask.text("x-abcd-web1 plain-b step-b"), "*** *** ***");
  EXPECT_EQ(file.mask.text("abcd"), "abcd");
}

TEST(Secrets, ThatCantBeMaskedAreTold) {
  EXPECT_EQ(problems(open("secrets: [UNSET]")),
            "note[RC0124]: the secret 'UNSET' is not set here, so there is nothing to mask\n"
            "  --> m.yaml:3:11\n"
            "   |\n"
            " 3 | secrets: [UNSET]\n"
            "   |           ^^^^^\n"
            "   = help: set it before the run: export UNSET=...\n");
  EXPECT_NE(problems(open("secrets: [API_TOKN]\nenv: {API_TOKEN: abcd}")).find("did you mean 'API_TOKEN'?"),
            std::string::npos);
  EXPECT_NE(problems(open("secrets: [pin]\nvars: {pin: \"123\"}"))
                .find("warning[RC0125]: the value of 'pin' is too short to be masked"),
            std::string::npos);
  EXPECT_EQ(problems(open("secrets: [empty]\nvars: {empty: \"\"}")), "");
  EXPECT_NE(problems(open("secrets: [T]\nenv: {T: \"{a}\"}"))
                .find("warning[RC0126]: the value of 'T' is only known during the run"),
            std::string::npos);
}

TEST(Secrets, DontStandInProblems) {
  MissionFile file =
      open("secrets: [token]\nparameters: [{name: token, type: integer, default: hunter-two, requird: no}]");
  EXPECT_FALSE(file.valid());
  std::string told = problems(file);
  EXPECT_EQ(told.find("hunter"), std::string::npos) << told;
  EXPECT_NE(told.find("'token' wants a whole number, not"), std::string::npos) << told;
  // The caret still stands below the key.
  EXPECT_NE(told.find("**********, requird: no}]\n"), std::string::npos) << told;
}

}  // namespace
}  // namespace rustchain
