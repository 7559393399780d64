#include "mission/content_files.hpp"

#include "mission/mission_file.hpp"
#include "mission/render.hpp"
#include "steps/registry.hpp"
#include "util/path.hpp"

#include <map>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

// Missions in /project, which is where rustchain was started.
class ContentFiles : public testing::Test {
 protected:
  std::map<std::string, std::string> files;

  MissionFile open(const std::string& steps, const std::string& path = "m.yaml") {
    MissionOptions options;
    options.directory = "/project";
    options.read_file = [this](const std::string& name) -> Result<std::string> {
      auto found = files.find(name);
      if (found == files.end()) return Error{"there is no such file"};
      return found->second;
    };
    return open_mission(path, "name: m\nversion: '1.0'\nvars: {kind: short, who: Ann}\nsteps:\n" + steps,
                        step_types(), options);
  }

  static std::string needs(const MissionFile& file) {
    std::string all;
    for (StepIndex i = 0; i < file.graph.needs.size(); ++i)
      for (const Edge& edge : file.graph.needs[i])
        all += file.mission.steps[i].id.value + " -> " + file.mission.steps[edge.step].id.value + " (" +
               edge.detail + ")\n";
    return all;
  }
  static std::string problems(const MissionFile& file) {
    return render_diagnostics(file.problems, file.sources, false);
  }
};

TEST_F(ContentFiles, ReferencesInTheFileBringDependencies) {
  files["/project/tpl/short.md"] = "* {list}\n";
  MissionFile file = open(
      R"(  - {id: write, name: W, step_type: create_file, parameters: {path: out.md, from: 'tpl/{kind}.md'}}
  - {id: list, name: L, step_type: command, parameters: {command: ls}}
)");
  EXPECT_EQ(problems(file), "");
  EXPECT_EQ(needs(file), "write -> list ({list})\n");
}

TEST_F(ContentFiles, ProblemsStandInTheFile) {
  files["/project/tpl.md"] = "# Report\n\n* all of {{ lits }} for {{ nobody }}\n";
  MissionFile file = open(R"(  - {id: list, name: L, step_type: command, parameters: {command: ls}}
  - {id: write, name: W, step_type: create_file, parameters: {path: out.md, from: tpl.md}}
  - {id: again, name: A, step_type: create_file, parameters: {path: two.md, from: ./tpl.md}}
)");
  EXPECT_FALSE(file.valid());
  ASSERT_EQ(file.sources.size(), 2u);
  EXPECT_EQ(problems(file), R"(error[RC0302]: '{{ lits }}' is no reference: there is no 'lits'
  --> tpl.md:3:10
   |
 3 | * all of {{ lits }} for {{ nobody }}
   |          ^^^^^^^^^^
   = help: did you mean 'list'?

warning[RC0301]: '{{ nobody }}' stays as it is: there is no 'nobody'
  --> tpl.md:3:25
   |
 3 | * all of {{ lits }} for {{ nobody }}
   |                         ^^^^^^^^^^^^
   = help: correct the name, or declare it under vars

1 error, 1 warning
)");
}

TEST_F(ContentFiles, TheCaretOfAFileThatBeginsWithAStarIsRight) {
  files["/project/tpl.md"] = "* {{ lits }}\n";
  MissionFile file = open(R"(  - {id: list, name: L, step_type: command, parameters: {command: ls}}
  - {id: write, name: W, step_type: create_file, parameters: {path: out.md, from: tpl.md}}
)");
  ASSERT_EQ(file.problems.all().size(), 1u);
  EXPECT_EQ(file.problems.all()[0].at, (Location{1, 3, 1}));
}

TEST_F(ContentFiles, AFileThatIsNotThereIsAWarning) {
  MissionFile file =
      open("  - {id: write, name: W, step_type: create_file, parameters: {path: out.md, from: tpl.md}}\n");
  EXPECT_TRUE(file.valid());
  ASSERT_EQ(file.problems.all().size(), 1u);
  EXPECT_EQ(file.problems.all()[0].code, "RC0413");
  EXPECT_EQ(file.problems.all()[0].message, "no text for step 'write': there is no such file");
  EXPECT_EQ(file.problems.all()[0].at, (Location{5, 83, 0}));
}

TEST_F(ContentFiles, AFileThatTheMissionWritesIsReadWhenItIsWritten) {
  files["/project/tpl.md"] = "{{ lits }} of an earlier run\n";
  MissionFile file = open(R"(  - {id: list, name: L, step_type: command, parameters: {command: ls}}
  - {id: make, name: M, step_type: create_file, parameters: {path: '{mission.dir}/tpl.md', content: x}}
  - {id: write, name: W, step_type: create_file, parameters: {path: out.md, from: tpl.md}}
)");
  EXPECT_EQ(problems(file), "");
  EXPECT_EQ(file.mission.steps[2].parameters.find("content"), nullptr);
}

TEST_F(ContentFiles, APathThatOnlyTheRunKnowsIsLeftToIt) {
  MissionFile file = open(R"(  - {id: list, name: L, step_type: command, parameters: {command: ls}}
  - {id: write, name: W, step_type: create_file, parameters: {path: out.md, from: 'tpl/{list}'}}
)");
  EXPECT_EQ(problems(file), "");
}

TEST_F(ContentFiles, TheTextIsGivenOnce) {
  MissionFile file = open(
      "  - {id: write, name: W, step_type: create_file, parameters: {path: out.md, from: a, content: b}}\n");
  ASSERT_EQ(file.problems.all().size(), 1u);
  EXPECT_EQ(file.problems.all()[0].code, "RC0412");
}

}  // namespace
}  // namespace rustchain
