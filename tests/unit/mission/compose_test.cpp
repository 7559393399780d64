#include "mission/compose.hpp"

#include "mission/mission_file.hpp"
#include "support/mission_text.hpp"

#include <map>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using testing::fake_types;
using testing::lines;
using Lines = std::vector<std::string>;
using Files = std::map<std::string, std::string>;

// The mission `name` of these files; others than these can't be read.
MissionFile open(const Files& files, const std::string& name = "m.yaml") {
  ReadFile read = [&files](const std::string& path) -> Result<std::string> {
    auto found = files.find(path);
    if (found == files.end()) return Error{"there is no such file"};
    return found->second;
  };
  return open_mission(name, files.at(name), fake_types(), {.read_file = read});
}

std::string at(const MissionFile& file, const Location& place) {
  return file.sources[place.file].name + ":" + std::to_string(place.line);
}

std::vector<std::string> ids(const std::vector<Step>& steps) {
  std::vector<std::string> all;
  for (const Step& step : steps) all.push_back(step.id.value);
  return all;
}

std::string parameter(const Step& step, std::string_view key) {
  const Node* node = step.parameters.find(key);
  return node ? node->text : "(none)";
}

const std::string k_base = R"(name: base
version: '1.0'
env: {A: base, B: base}
vars: {deep: {one: 1, two: 2}}
secrets: []
config: {fail_fast: true, max_parallel_steps: 2}
steps:
  - {id: a, name: A, step_type: command, parameters: {command: make, args: [x, y]}}
  - {id: b, name: B, step_type: noop, parameters: {message: from base}}
  - {id: c, name: C, step_type: noop}
)";

TEST(Extends, MergesMapsDeeplyAndReplacesLists) {
  MissionFile file = open({{"base.yaml", k_base}, {"m.yaml", R"(extends: base.yaml
name: child
env: {B: child, C: child}
vars: {deep: {two: 22}}
config: {max_parallel_steps: 3}
steps:
  - id: a
    parameters: {args: [z]}
)"}});
  EXPECT_EQ(lines(file.problems), Lines{});
  EXPECT_EQ(file.mission.name, "child");
  std::string env;
  for (const auto& [key, value] : file.mission.env) env += key.value + "=" + value.value + " ";
  EXPECT_EQ(env, "A=base B=child C=child ");
  ASSERT_EQ(file.mission.vars.size(), 1u);
  EXPECT_EQ(file.mission.vars[0].second.find("one")->text, "1");
  EXPECT_EQ(file.mission.vars[0].second.find("two")->text, "22");
  EXPECT_TRUE(file.mission.config.fail_fast);
  EXPECT_EQ(file.mission.config.max_parallel_steps, 3u);
  const Node& args = *file.mission.steps[0].parameters.find("args");
  ASSERT_EQ(args.size(), 1u);
  EXPECT_EQ(args.items[0].text, "z");
  EXPECT_EQ(parameter(file.mission.steps[0], "command"), "make");
}

TEST(Extends, MergesStepsByIdAppendsNewOnesAndDropsRemovedOnes) {
  MissionFile file = open({{"base.yaml", k_base}, {"m.yaml", R"(extends: [base.yaml]
name: child
steps:
  - {id: new, name: New, step_type: noop}
  - {id: a, remove: true}
  - {id: b, parameters: {message: mine}}
)"}});
  EXPECT_EQ(lines(file.problems), Lines{});
  EXPECT_EQ(ids(file.mission.steps), (Lines{"b", "c", "new"}));
  EXPECT_EQ(file.mission.steps[0].name, "B");
  EXPECT_EQ(parameter(file.mission.steps[0], "message"), "mine");
}

TEST(Extends, MayRemoveAStepAndPutAnotherOneOfThatIdInItsPlace) {
  MissionFile file = open({{"base.yaml", k_base}, {"m.yaml", R"(extends: base.yaml
steps:
  - {id: a, remove: true}
  - {id: a, name: Other, step_type: noop}
)"}});
  EXPECT_EQ(lines(file.problems), Lines{});
  EXPECT_EQ(ids(file.mission.steps), (Lines{"b", "c", "a"}));
}

TEST(Extends, WarnsOfNothingToRemove) {
  MissionFile file =
      open({{"base.yaml", k_base}, {"m.yaml", "extends: base.yaml\nsteps:\n  - {id: zz, remove: true}\n"}});
  EXPECT_EQ(lines(file.problems),
            Lines{"3:5 warning RC0604: nothing to remove: no base has a step 'zz' (correct the id, or take "
                  "the entry out)"});
  EXPECT_EQ(file.mission.steps.size(), 3u);
}

TEST(Extends, KeepsTheStepsOfTheBaseWhereTheChildHasNone) {
  MissionFile file = open({{"base.yaml", k_base}, {"m.yaml", "extends: base.yaml\nname: child\nsteps:\n"}});
  EXPECT_EQ(lines(file.problems), Lines{});
  EXPECT_EQ(ids(file.mission.steps), (Lines{"a", "b", "c"}));
}

TEST(Extends, TakesSeveralBasesInTheirOrder) {
  MissionFile file = open({{"one.yaml", "description: one\nenv: {A: one, B: one}\n"},
                           {"two.yaml", k_base},
                           {"m.yaml", "extends: [one.yaml, two.yaml]\nname: child\n"}});
  EXPECT_EQ(lines(file.problems), Lines{});
  EXPECT_EQ(file.mission.description, "one");
  EXPECT_EQ(file.mission.env[0].second.value, "base");
  ASSERT_EQ(file.sources.size(), 3u);
  EXPECT_EQ(file.sources[2].name, "two.yaml");
}

TEST(Extends, SeesPathsFromTheFileThatNamesThem) {
  MissionFile file = open({{"ci/common/base.yaml", k_base},
                           {"ci/middle.yaml", "extends: ./common/base.yaml\n"},
                           {"missions/m.yaml", "extends: ../ci/middle.yaml\nname: child\n"}},
                          "missions/m.yaml");
  EXPECT_EQ(lines(file.problems), Lines{});
  ASSERT_EQ(file.sources.size(), 3u);
  EXPECT_EQ(file.sources[1].name, "ci/middle.yaml");
  EXPECT_EQ(file.sources[2].name, "ci/common/base.yaml");
}

TEST(Extends, ShowsACircle) {
  MissionFile file = open({{"m.yaml", "extends: a.yaml\nname: m\n"},
                           {"a.yaml", "extends: sub/b.yaml\n"},
                           {"sub/b.yaml", "extends: ../m.yaml\n"}});
  ASSERT_EQ(file.problems.all().size(), 1u);
  const Diagnostic& circle = file.problems.all()[0];
  EXPECT_EQ(circle.code, "RC0602");
  EXPECT_EQ(circle.message,
            "missions extend each other in a circle: m.yaml -> a.yaml -> sub/b.yaml -> m.yaml");
  EXPECT_EQ(at(file, circle.at), "sub/b.yaml:1");
  EXPECT_EQ(circle.help, "take one of these extends out");
}

TEST(Extends, SaysWhichBaseCantBeRead) {
  MissionFile file = open({{"m.yaml",
                            "name: m\nversion: '1.0'\nextends: sub/gone.yaml\nsteps:\n"
                            "  - {id: a, name: A, step_type: noop}\n"}});
  EXPECT_EQ(lines(file.problems),
            Lines{"3:10 error RC0601: can't use the base sub/gone.yaml: there is no such file (the path is "
                  "seen from the directory of m.yaml)"});
}

TEST(Extends, RefusesABaseThatIsNoMissionAndANameThatIsNoPath) {
  MissionFile file = open({{"list.yaml", "[1, 2]\n"},
                           {"m.yaml",
                            "name: m\nversion: '1.0'\nextends: [list.yaml, {a: b}]\nsteps:\n"
                            "  - {id: a, name: A, step_type: noop}\n"}});
  EXPECT_EQ(lines(file.problems),
            (Lines{"3:11 error RC0601: the base list.yaml is no mission, but list (name a file that has keys "
                   "such as `config:` or `steps:` at its top level)",
                   "3:22 error RC0601: extends takes a path or a list of paths, not a map (write `extends: "
                   "base.yaml`)"}));
}

TEST(Extends, PointsIntoTheLineOfTheBase) {
  MissionFile file = open({{"base.yaml", "version: '1.0'\nsteps:\n  - {id: a, name: A, step_type: comand}\n"},
                           {"m.yaml", "extends: base.yaml\nname: m\n"}});
  ASSERT_EQ(file.problems.all().size(), 1u);
  EXPECT_EQ(at(file, file.problems.all()[0].at), "base.yaml:3");
  EXPECT_EQ(file.problems.all()[0].code, "RC0133");
}

TEST(Extends, NeedsSomebodyWhoReadsFiles) {
  MissionFile file = open_mission("m.yaml", "extends: base.yaml\nname: m\n", fake_types());
  EXPECT_EQ(
      lines(file.problems),
      Lines{"1:10 error RC0601: can't use the base base.yaml: no other files are read here (the path is "
            "seen from the directory of m.yaml)"});
}

// ---- templates

MissionFile with_templates(const std::string& rest) {
  return open({{"m.yaml", "name: m\nversion: '1.0'\n" + rest}});
}

TEST(Templates, FillHolesOfEveryForm) {
  MissionFile file = with_templates(R"(templates:
  tell:
    name: Tell {what}
    step_type: noop
    parameters: {message: '{what}, {{ what }} and ${what}, not $${what}'}
steps:
  - {id: a, template: tell, with: {what: tea}}
)");
  EXPECT_EQ(lines(file.problems), Lines{});
  EXPECT_EQ(file.mission.steps[0].name, "Tell tea");
  EXPECT_EQ(parameter(file.mission.steps[0], "message"), "tea, tea and tea, not $${what}");
}

TEST(Templates, KeepTheTypeOfAValueThatStandsAlone) {
  MissionFile file = with_templates(R"(templates:
  run:
    step_type: command
    timeout_seconds: '{limit}'
    parameters: {command: make, args: '{words}', shell: '{shell}'}
steps:
  - {id: a, name: A, template: run, with: {limit: 5, words: [x, 2], shell: true}}
)");
  EXPECT_EQ(lines(file.problems), Lines{});
  EXPECT_EQ(file.mission.steps[0].timeout.seconds, 5.0);
  const Node& args = *file.mission.steps[0].parameters.find("args");
  ASSERT_TRUE(args.is_list());
  EXPECT_EQ(args.items[1].text, "2");
}

TEST(Templates, TakeFieldsOfValues) {
  MissionFile file = with_templates(R"(templates:
  tell: {name: T, step_type: noop, parameters: {message: '{who.name} {who.tags[1]} {who}'}}
steps:
  - {id: a, template: tell, with: {who: {name: Ada, tags: [x, y]}}}
)");
  EXPECT_EQ(lines(file.problems), Lines{});
  EXPECT_EQ(parameter(file.mission.steps[0], "message"), R"(Ada y {"name":"Ada","tags":["x","y"]})");
}

TEST(Templates, GiveWayToTheStep) {
  MissionFile file = with_templates(R"(templates:
  run: {name: Run, step_type: command, parameters: {command: make, args: [a], report_level: summary}}
steps:
  - {id: a, template: run, name: Mine, parameters: {args: [b]}}
)");
  EXPECT_EQ(lines(file.problems), Lines{});
  EXPECT_EQ(file.mission.steps[0].name, "Mine");
  EXPECT_EQ(file.mission.steps[0].parameters.find("args")->items[0].text, "b");
  EXPECT_EQ(parameter(file.mission.steps[0], "report_level"), "summary");
}

TEST(Templates, MayUseEachOther) {
  MissionFile file = with_templates(R"(templates:
  tell: {name: T, step_type: noop, parameters: {message: '{a}/{b}'}}
  greet: {template: tell, with: {a: hello, b: '{who}'}}
steps:
  - {id: a, template: greet, with: {who: Ada}}
)");
  EXPECT_EQ(lines(file.problems), Lines{});
  EXPECT_EQ(parameter(file.mission.steps[0], "message"), "hello/Ada");
}

TEST(Templates, ShowACircle) {
  MissionFile file = with_templates(R"(templates:
  one: {template: two}
  two: {template: one}
steps:
  - {id: a, name: A, step_type: noop, template: one}
)");
  EXPECT_EQ(lines(file.problems), Lines{"5:19 error RC0605: templates use each other in a circle: one -> two "
                                        "-> one (take one of these out)"});
}

TEST(Templates, ComeFromBasesToo) {
  MissionFile file =
      open({{"base.yaml", "templates: {tell: {name: T, step_type: noop, parameters: {message: '{x}'}}}\n"},
            {"m.yaml",
             "extends: base.yaml\nname: m\nversion: '1.0'\nsteps:\n"
             "  - {id: a, template: tell, with: {x: hi}}\n"}});
  EXPECT_EQ(lines(file.problems), Lines{});
  EXPECT_EQ(parameter(file.mission.steps[0], "message"), "hi");
}

TEST(Templates, SayWhichOneWasMeant) {
  MissionFile file = with_templates(R"(templates:
  greet: {name: T, step_type: noop}
steps:
  - {id: a, name: A, step_type: noop, template: gret}
  - {id: b, name: B, step_type: noop, template: other}
)");
  EXPECT_EQ(lines(file.problems),
            (Lines{"6:49 error RC0605: there is no template 'gret' (did you mean 'greet'?)",
                   "7:49 error RC0605: there is no template 'other' (there is: greet)"}));
}

TEST(Templates, WarnOfValuesWithoutHoleAndOfHolesThatOnlyOthersFill) {
  MissionFile file = with_templates(R"(templates:
  tell: {name: T, step_type: noop, parameters: {message: '{what} {http_code}'}}
steps:
  - {id: a, template: tell, with: {what: x, waht: y}}
  - {id: b, template: tell}
  - {id: c, name: C, step_type: noop, with: {what: x}}
)");
  EXPECT_EQ(
      lines(file.problems),
      (Lines{"6:45 warning RC0606: the template 'tell' has no hole {waht} (write {waht} where the value "
             "belongs, or take it out of `with`)",
             "7:23 warning RC0607: `with` gives nothing for the hole {what} of the template 'tell' "
             "(write `with: {what: ...}`)",
             "8:45 warning RC0603: `with` does nothing without `template` (name the template, or take "
             "`with` out)"}));
  EXPECT_EQ(parameter(file.mission.steps[1], "message"), "{what} {http_code}");
}

TEST(Templates, DontGrowWithoutBound) {
  std::string steps;
  for (int i = 0; i < 400; ++i) steps += "  - {id: s" + std::to_string(i) + ", name: S, template: big}\n";
  MissionFile file = with_templates("templates:\n  big: {step_type: noop, parameters: {message: " +
                                    std::string(1 << 20, 'x') + "}}\nsteps:\n" + steps);
  std::size_t found = 0;
  for (const Diagnostic& problem : file.problems.all()) found += problem.code == "RC0608";
  EXPECT_EQ(found, 1u);
}

TEST(Templates, AreMapsOfMaps) {
  MissionFile file = with_templates(R"(templates: {one: text}
steps:
  - {id: a, name: A, step_type: noop, template: one}
  - {id: b, name: B, step_type: noop, template: one, with: [x]}
)");
  EXPECT_EQ(lines(file.problems)[0],
            "5:49 error RC0605: the template 'one' is no map of a step's keys, but string (write `one: "
            "{step_type: ..., parameters: ...}` under `templates:`)");
}

}  // namespace
}  // namespace rustchain
