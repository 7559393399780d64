#include "steps/near_programs.hpp"

#include "steps/registry.hpp"
#include "support/step_world.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

class NearProgram : public testing::Test {
 protected:
  NearProgram() {
    for (const char* name : {"python3.11", "python3", "pytest", "ls", "git", "notes.txt"}) {
      world.files.files["/usr/bin/" + std::string(name)] = "";
      if (std::string(name) != "notes.txt") world.processes.programs[name] = "/usr/bin/" + std::string(name);
    }
  }
  std::string near(const std::string& name) {
    return near_program(world.services, name, "/usr/bin:/gone", "/here");
  }
  FakeWorld world;
};

TEST_F(NearProgram, IsAVersionOrOneTypoAway) {
  EXPECT_EQ(near("python"), "python3");
  EXPECT_EQ(near("pytset"), "pytest");
  EXPECT_EQ(near("nothing-like-it"), "");
}

TEST_F(NearProgram, IsNotGuessedForShortNamesPathsAndPlainFiles) {
  EXPECT_EQ(near("la"), "");
  EXPECT_EQ(near("./pytset"), "");
  EXPECT_EQ(near("note.txt"), "");
}

TEST_F(NearProgram, IsToldWithThePackage) {
  world.services.environment = {{"PATH", "/usr/bin"}};
  auto told = [&](const std::string& program) {
    world.processes.answers.push_back(Failure{FailureKind::command_not_found, "there is none", {}});
    return StepWorld::told(StepFixture(k_command_step, {{"command", {program}}}, world.services).run());
  };
  EXPECT_EQ(told("pytset"), "command_not_found: the program `pytset` was not found | did you mean `pytest`?");
  EXPECT_EQ(
      told("nothing-like-it"),
      "command_not_found: the program `nothing-like-it` was not found | check the spelling, install it, or "
      "set PATH in `env`");
}

}  // namespace
}  // namespace rustchain
