#include "mission/mission_file.hpp"

#include "support/mission_text.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using testing::fake_types;
using testing::lines;
using testing::parse;
using Lines = std::vector<std::string>;

const std::string k_mission = R"(name: m
version: '1.0'
vars: {greeting: hello}
steps:
  - {id: build, name: B, step_type: command, parameters: {command: make}}
  - {id: tell, name: T, step_type: noop, parameters: {message: '{greeting}: {build.stdout}'}}
finally:
  - {id: tidy, name: C, step_type: noop}
)";

TEST(OpenMission, GivesMissionAndGraphs) {
  MissionFile file = open_mission("m.yaml", k_mission, fake_types());
  EXPECT_EQ(lines(file.problems), Lines{});
  EXPECT_TRUE(file.valid());
  EXPECT_EQ(file.mission.file, "m.yaml");
  ASSERT_EQ(file.sources.size(), 1u);
  EXPECT_EQ(file.sources[0].name, "m.yaml");
  EXPECT_EQ(file.sources[0].text, k_mission);
  ASSERT_EQ(file.graph.needs.size(), 2u);
  ASSERT_EQ(file.graph.needs[1].size(), 1u);
  EXPECT_EQ(file.graph.needs[1][0].step, 0u);
  EXPECT_EQ(file.graph.needs[1][0].why, Edge::Why::reference);
  EXPECT_EQ(file.finally_graph.needs.size(), 1u);
}

TEST(OpenMission, PutsTheVariablesOfTheCommandLineIn) {
  MissionFile file = open_mission("m.yaml", k_mission, fake_types(),
                                  {.vars = {.values = {{"greeting", parse("hi")}, {"n", parse("2")}}}});
  EXPECT_EQ(lines(file.problems), Lines{});
  ASSERT_EQ(file.mission.vars.size(), 2u);
  EXPECT_EQ(file.mission.vars[0].second.text, "hi");
  EXPECT_EQ(file.mission.vars[1].first, "n");
}

TEST(OpenMission, ReportsTheProblemsOfAllPartsInTheOrderOfTheFile) {
  MissionFile file = open_mission("m.yaml", R"(name: m
version: '1.0'
colour: red
steps:
  - {id: a, name: A, step_type: noop, depends_on: [zz]}
  - {id: b, name: B, step_type: comand}
  - {name: C, step_type: noop, when: '1 =='}
)",
                                  fake_types());
  EXPECT_FALSE(file.valid());
  std::vector<std::uint32_t> places;
  for (const Diagnostic& problem : file.problems.all()) places.push_back(problem.at.line);
  EXPECT_EQ(places, (std::vector<std::uint32_t>{3, 5, 6, 7, 7}));
}

TEST(OpenMission, HoldsWarningsForErrorsWhenStrict) {
  const std::string text = "name: m\nsteps:\n  - {id: a, name: A, step_type: noop}\n";
  EXPECT_TRUE(open_mission("m.yaml", text, fake_types()).valid());
  MissionFile file = open_mission("m.yaml", text, fake_types(), {.strict = true});
  EXPECT_FALSE(file.valid());
  EXPECT_EQ(lines(file.problems),
            (Lines{"1:1 error RC0113: the mission has no 'version' (write `version: \"1.0\"`)"}));
}

TEST(OpenMission, EndsWithTheYamlWhereThereIsNone) {
  MissionFile file = open_mission("m.yaml", "name: [", fake_types());
  EXPECT_FALSE(file.valid());
  EXPECT_EQ(file.mission.file, "m.yaml");
  EXPECT_TRUE(file.mission.steps.empty());
}

}  // namespace
}  // namespace rustchain
