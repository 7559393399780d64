#include "mission/sub_missions.hpp"

#include "steps/registry.hpp"
#include "util/glob.hpp"
#include "util/path.hpp"

#include <map>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

// Files of a directory /project, seen from there; the texts are steps, or whole missions.
class SubMissions : public testing::Test {
 protected:
  std::map<std::string, std::string> files;

  void add(const std::string& path, const std::string& rest) {
    files["/project/" + path] = "name: " + path + "\nversion: '1.0'\n" + rest;
  }
  void add_steps(const std::string& path, const std::string& parameters, const std::string& keys = "") {
    add(path,
        "steps:\n  - {id: s, name: S, step_type: mission, " + keys + "parameters: {" + parameters + "}}\n");
  }
  void add_noop(const std::string& path) { add(path, "steps:\n  - {id: s, name: S, step_type: noop}\n"); }

  MissionFile open(const std::string& path) {
    MissionOptions options;
    options.directory = "/project";
    options.read_file = [this](const std::string& name) -> Result<std::string> {
      auto found = files.find(normalise_path(resolve_path("/project", name)));
      if (found == files.end()) return Error{"there is no such file"};
      return found->second;
    };
    options.find_files = [this](const std::string& pattern, const std::string& directory) {
      Glob compiled(pattern);
      std::vector<std::string> matching;
      for (const auto& [name, text] : files)
        if (name.starts_with(directory + "/") && compiled.matches(name.substr(directory.size() + 1)))
          matching.push_back(name.substr(directory.size() + 1));
      return Result<std::vector<std::string>, Failure>(std::move(matching));
    };
    MissionFile file = open_mission(path, files.at("/project/" + path), step_types(), options);
    open_sub_missions(file, step_types(), options);
    return file;
  }

  // "RC0610 4:70 message", a line each.
  static std::string problems(const MissionFile& file) {
    std::string all;
    for (const Diagnostic& problem : file.problems.all())
      all +=
          std::string(problem.code) + " " + std::to_string(problem.at.line) + ": " + problem.message + "\n";
    return all;
  }
  static std::string names(const std::vector<MissionFile>& others) {
    std::string all;
    for (const MissionFile& other : others) all += (all.empty() ? "" : " ") + other.mission.file;
    return all;
  }
};

TEST_F(SubMissions, AreFoundFromTheMissionsOwnDirectoryAndThenFromTheWorkingDirectory) {
  add_noop("m/near.yaml");
  add_noop("far.yaml");
  add_steps("m/a.yaml", "mission: near.yaml");
  add_steps("m/b.yaml", "mission: far.yaml");
  EXPECT_EQ(names(open("m/a.yaml").inner), "m/near.yaml");
  EXPECT_EQ(names(open("m/b.yaml").inner), "far.yaml");
}

TEST_F(SubMissions, AMissingOneIsAnError) {
  add_steps("m/a.yaml", "mission: b.yaml");
  EXPECT_EQ(problems(open("m/a.yaml")), "RC0610 4: can't use the mission b.yaml: there is no such file\n");
}

TEST_F(SubMissions, OneThatAnEarlierStepWritesNeedNotBeThereYet) {
  add("a.yaml",
      "steps:\n"
      "  - {id: w, name: W, step_type: create_file, parameters: {path: b.yaml, content: x}}\n"
      "  - {id: s, name: S, step_type: mission, parameters: {mission: b.yaml}}\n");
  EXPECT_EQ(problems(open("a.yaml")), "");
}

TEST_F(SubMissions, AnInvalidOneIsToldInItsOwnFile) {
  add("b.yaml", "steps:\n  - {id: s, name: S, step_type: nop}\n");
  add_steps("a.yaml", "mission: b.yaml");
  MissionFile file = open("a.yaml");
  EXPECT_EQ(problems(file), "RC0612 4: the mission b.yaml is invalid: 1 error\n");
  ASSERT_EQ(file.inner.size(), 1u);
  EXPECT_EQ(file.inner[0].problems.errors(), 1u);
  EXPECT_EQ(file.inner[0].sources[0].name, "b.yaml");
}

TEST_F(SubMissions, CirclesAreShown) {
  add_steps("a.yaml", "mission: sub/b.yaml");
  add("sub/b.yaml", "next_missions: [../c.yaml]\nsteps:\n  - {id: s, name: S, step_type: noop}\n");
  add_steps("c.yaml", "mission: ./a.yaml");
  MissionFile file = open("a.yaml");
  EXPECT_FALSE(file.valid());
  EXPECT_EQ(problems(file.inner.at(0).next.at(0)),
            "RC0611 4: missions run each other in a circle: a.yaml -> sub/b.yaml -> c.yaml -> a.yaml\n");
  add_steps("self.yaml", "mission: self.yaml");
  EXPECT_EQ(problems(open("self.yaml")),
            "RC0611 4: missions run each other in a circle: self.yaml -> self.yaml\n");
}

TEST_F(SubMissions, OneThatExtendsTheOtherMayComeBackToItToo) {
  add_steps("base.yaml", "mission: child.yaml");
  add("child.yaml", "extends: base.yaml\n");
  EXPECT_NE(problems(open("child.yaml")).find("child.yaml -> child.yaml"), std::string::npos);
}

TEST_F(SubMissions, TheItemsOfAForeachAreAllOpened) {
  for (const char* name : {"c/1.yaml", "c/2.yaml", "c/3.yaml"}) add_noop(name);
  add_steps("all.yaml", "mission: '{item}'", "foreach: {glob: 'c/*.yaml'}, ");
  EXPECT_EQ(names(open("all.yaml").inner), "c/1.yaml c/2.yaml c/3.yaml");
  add_steps("c/all", "mission: '{item}'", "foreach: {glob: '?.yaml'}, ");
  EXPECT_EQ(names(open("c/all").inner), "c/1.yaml c/2.yaml c/3.yaml");
}

TEST_F(SubMissions, PathsThatOnlyTheRunTellsAreLeftToIt) {
  add("a.yaml",
      "vars: {known: b}\nsteps:\n"
      "  - {id: w, name: W, step_type: noop, parameters: {message: c}}\n"
      "  - {id: s, name: S, step_type: mission, parameters: {mission: '{w}.yaml'}}\n"
      "  - {id: t, name: T, step_type: mission, parameters: {mission: '{known}.yaml'}}\n");
  add_noop("b.yaml");
  MissionFile file = open("a.yaml");
  EXPECT_EQ(problems(file), "");
  EXPECT_EQ(names(file.inner), "b.yaml");
}

TEST_F(SubMissions, WhatTheyNeedIsHeldAgainstWhatTheyAreGiven) {
  add("b.yaml",
      "parameters: [{name: n, type: integer, required: true}]\nsteps:\n  - {id: s, name: S, step_type: "
      "noop}\n");
  add_steps("none.yaml", "mission: b.yaml");
  add_steps("wrong.yaml", "mission: b.yaml, vars: {n: many}");
  add_steps("right.yaml", "mission: b.yaml, vars: {n: 3}");
  add_steps("later.yaml", "mission: b.yaml, vars: {n: '{env.N}'}");
  EXPECT_EQ(problems(open("none.yaml").inner.at(0)), "RC0121 3: the mission needs a value for 'n'\n");
  EXPECT_EQ(problems(open("wrong.yaml").inner.at(0)), "RC0122 3: 'n' wants a whole number, not \"many\"\n");
  EXPECT_TRUE(open("right.yaml").valid());
  EXPECT_TRUE(open("later.yaml").valid());
}

TEST_F(SubMissions, NextMissionsAreOpenedInTurn) {
  add("a.yaml", "next_missions: [d/b.yaml, c.yaml]\nsteps:\n  - {id: s, name: S, step_type: noop}\n");
  add("d/b.yaml", "next_missions: [e.yaml]\nsteps:\n  - {id: s, name: S, step_type: noop}\n");
  add_noop("d/e.yaml");
  add_noop("c.yaml");
  MissionFile file = open("a.yaml");
  EXPECT_TRUE(file.valid());
  EXPECT_EQ(names(file.next), "d/b.yaml c.yaml");
  EXPECT_EQ(names(file.next[0].next), "d/e.yaml");
  add_steps("run.yaml", "mission: a.yaml");
  EXPECT_EQ(problems(open("run.yaml")),
            "RC0613 4: the next_missions of a.yaml are not run: it is run as a step\n");
}

}  // namespace
}  // namespace rustchain
