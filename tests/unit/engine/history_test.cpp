// What earlier runs change: limits, expectations, hints.
#include "engine/basis.hpp"
#include "engine_fixture.hpp"

namespace rustchain {
namespace {

TEST_F(EngineTest, GivesAStepTheTimeThatItTookBefore) {
  const std::string slow = definition_of(hash, "/missions/m.yaml", step("slow"));
  step("new");
  history = [&](const std::string& definition) {
    return definition == slow ? std::vector<double>{95, 40, 60} : std::vector<double>{};
  };
  std::vector<StepStarted> started;
  also = [&](const Event& event) {
    if (auto* one = std::get_if<StepStarted>(&event.what)) started.push_back(*one);
  };
  run();
  ASSERT_EQ(started.size(), 2u);
  EXPECT_EQ(started[0].timeout.seconds, 285);
  EXPECT_EQ(started[0].timeout.how, "auto: base 285 s (3 x the slowest of 3 earlier runs)");
  ASSERT_TRUE(started[0].expected);
  EXPECT_EQ(started[0].expected->seconds, 60);
  EXPECT_EQ(started[0].expected->slowest, 95);
  EXPECT_EQ(started[1].timeout.seconds, 60);
  EXPECT_FALSE(started[1].expected);
}

TEST_F(EngineTest, SuggestsALimitThatEarlierRunsWouldHaveKept) {
  real_time = true;
  Step& one = step("slow");
  one.timeout.seconds = 0.005;
  one.timeout.strategy = TimeoutStrategy::fixed;
  work["slow"] = until_stopped;
  history = [](const std::string&) { return std::vector<double>{95, 40}; };
  run();
  EXPECT_EQ(report.steps[0].result.help, "timeout_seconds: auto, or 190 (2 earlier runs took up to 1m 35s)");
}

}  // namespace
}  // namespace rustchain
