#include "cli/console.hpp"

#include "support/fakes.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

bool colored(ColorChoice choice, bool is_terminal, Environment environment) {
  FakeClock clock;
  FakeFiles files;
  FakeProcesses processes;
  FakeHttp http;
  Services services{clock, files, processes, http, std::move(environment), [] { return 0; }};
  return wants_color(choice, is_terminal, services);
}

TEST(Console, ColoursOnATerminalOnly) {
  EXPECT_TRUE(colored(ColorChoice::automatic, true, {}));
  EXPECT_FALSE(colored(ColorChoice::automatic, false, {}));
}

TEST(Console, TheOptionWinsOverTheEnvironment) {
  EXPECT_TRUE(colored(ColorChoice::always, false, {{"NO_COLOR", "1"}}));
  EXPECT_FALSE(colored(ColorChoice::never, true, {{"FORCE_COLOR", "1"}}));
}

TEST(Console, HeedsTheEnvironment) {
  EXPECT_FALSE(colored(ColorChoice::automatic, true, {{"NO_COLOR", "1"}, {"FORCE_COLOR", "1"}}));
  EXPECT_TRUE(colored(ColorChoice::automatic, true, {{"NO_COLOR", ""}}));
  EXPECT_TRUE(colored(ColorChoice::automatic, false, {{"FORCE_COLOR", "1"}}));
  EXPECT_FALSE(colored(ColorChoice::automatic, true, {{"FORCE_COLOR", "0"}}));
  EXPECT_TRUE(colored(ColorChoice::automatic, false, {{"CLICOLOR_FORCE", "1"}}));
  EXPECT_FALSE(colored(ColorChoice::automatic, true, {{"CLICOLOR", "0"}}));
  EXPECT_FALSE(colored(ColorChoice::automatic, true, {{"TERM", "dumb"}}));
}

}  // namespace
}  // namespace rustchain
