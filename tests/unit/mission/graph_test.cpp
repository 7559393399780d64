#include "mission/graph.hpp"

#include "mission/resolve.hpp"
#include "support/small_mission.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using testing::in_lines;
using testing::small_mission;
using testing::SmallMission;

class GraphTest : public ::testing::Test {
 protected:
  // "b: a(written) c(path x, order only)" for each step that needs any.
  std::string graph(const std::string& yaml, bool finally = false) {
    small_ = small_mission(yaml);
    Names names(small_.mission);
    problems_ = Diagnostics();
    const std::vector<Step>& steps = finally ? small_.mission.finally : small_.mission.steps;
    const std::vector<Effects> effects = known_effects(small_.mission, testing::small_types());
    const std::span<const Effects> known = effects;
    const std::size_t first = small_.mission.steps.size();
    graph_ = build_graph(small_.mission, steps, finally ? known.subspan(first) : known.first(first), names,
                         problems_);
    std::string all;
    for (StepIndex i = 0; i < steps.size(); ++i) {
      if (graph_.needs[i].empty()) continue;
      all += steps[i].id.value + ":";
      for (const Edge& edge : graph_.needs[i]) {
        all += " " + steps[edge.step].id.value;
        if (edge.why == Edge::Why::reference) all += "(" + edge.detail;
        if (edge.why == Edge::Why::path) all += "(reads " + edge.detail;
        if (edge.why != Edge::Why::written) {
          all += edge.required ? ")" : edge.on_failure == OnFailure::log_warning ? ", order only)" : "?)";
        }
        if (edge.alternative != k_no_step) all += "/" + steps[edge.alternative].id.value;
      }
      all += "\n";
    }
    return all;
  }
  std::string problems() const { return in_lines(problems_); }

  SmallMission small_;
  Graph graph_;
  Diagnostics problems_;
};

TEST_F(GraphTest, WrittenNeedsInTheirOrderEachOnce) {
  EXPECT_EQ(graph("steps: [{id: a}, {id: b}, {id: c, depends_on: [b, a, b]}]"), "c: b a\n");
  EXPECT_EQ(problems(), "");
}

TEST_F(GraphTest, UnknownStepsAreErrorsWithTheNearMiss) {
  graph(R"(steps:
  - {id: build}
  - {id: test, depends_on: [biuld, xyz]}
  - {id: self, depends_on: [self]}
)");
  EXPECT_EQ(
      problems(),
      "RC0201 error 3:29+5 step 'test' needs 'biuld', and there is no such step | did you mean 'build'?\n"
      "RC0201 error 3:36+3 step 'test' needs 'xyz', and there is no such step | correct the id, or take it "
      "out "
      "of depends_on\n"
      "RC0202 error 4:29+4 step 'self' needs itself | take it out of depends_on\n");
}

TEST_F(GraphTest, StepsAndFinallyDoNotWaitForEachOther) {
  std::string yaml = R"(steps:
  - {id: build, depends_on: [clean]}
finally:
  - {id: clean}
  - {id: tell, depends_on: [clean, build], parameters: {args: ["{build} {clean}"]}}
)";
  EXPECT_EQ(graph(yaml), "");
  EXPECT_EQ(
      problems(),
      "RC0204 error 2:30+5 step 'build' needs 'clean', which is a step of 'finally' | steps of 'finally' run "
      "after all others; move 'clean' to 'steps'\n");
  EXPECT_EQ(graph(yaml, true), "tell: clean\n");
  EXPECT_EQ(problems(),
            "RC0204 error 5:36+5 step 'tell' of 'finally' needs 'build', which has ended by then in any case "
            "| take "
            "it out; to run only after a success, say when: \"{build.status} == success\"\n");
}

TEST_F(GraphTest, CyclesAreShownWithTheLineOfEachStep) {
  EXPECT_EQ(graph(R"(steps:
  - {id: a, depends_on: [b]}
  - {id: b, depends_on: [c]}
  - {id: c, depends_on: [a, d]}
  - {id: d}
  - {id: x, depends_on: [y]}
  - {id: y, depends_on: [x]}
)"),
            "c: d\n");
  EXPECT_EQ(
      problems(),
      "RC0203 error 2:26+1 these steps need each other: a -> b -> c -> a | take one of these out of "
      "depends_on "
      "| note 2:26 'a' needs 'b' | note 3:26 'b' needs 'c' | note 4:26 'c' needs 'a'\n"
      "RC0203 error 6:26+1 these steps need each other: x -> y -> x | take one of these out of depends_on | "
      "note 6:26 'x' needs 'y' | note 7:26 'y' needs 'x'\n");
}

TEST_F(GraphTest, ALongCycleIsShownInShort) {
  std::string yaml = "steps:\n";
  for (int i = 0; i < 30; ++i)
    yaml += "  - {id: s" + std::to_string(i) + ", depends_on: [s" + std::to_string((i + 1) % 30) + "]}\n";
  graph(yaml);
  ASSERT_EQ(problems_.all().size(), 1u);
  EXPECT_EQ(
      problems_.all()[0].message,
      "these steps need each other: s0 -> s1 -> s2 -> s3 -> s4 -> s5 -> s6 -> s7 -> ... (22 more) -> s0");
  EXPECT_EQ(problems_.all()[0].notes.size(), 20u);
}

TEST_F(GraphTest, ReferencesAreNeeds) {
  EXPECT_EQ(graph(R"(
vars: {v: 1}
steps:
  - {id: late, parameters: {args: ["{c}", "{v}", "$${b}", "${{ b }}"]}}
  - {id: a, env: {X: "{b.stdout}"}, working_dir: "{c.stdout}", depends_on: [c]}
  - {id: b}
  - {id: c}
  - {id: d, foreach: "{b}", parameters: {options: {k: [{x: "{{ steps.a.stdout }}"}]}}}
  - {id: e, substitute: false, parameters: {args: ["{a}"]}}
)"),
            "late: c({c})\na: c b({b.stdout})\nd: a({{ steps.a.stdout }}) b({b})\n");
  EXPECT_EQ(problems(), "");
}

TEST_F(GraphTest, WhatIsThereInAnyCaseOnlyAsksForTheOrder) {
  EXPECT_EQ(graph(R"(
steps:
  - {id: a}
  - {id: b, when: "{a.stdout} contains x"}
  - {id: c, parameters: {args: ["{a.status} {a.error}"]}}
  - {id: d, when: "{a.status} == success", parameters: {args: ["{a.stdout}"]}}
)"),
            "b: a({a.stdout}, order only)\nc: a({a.status}, order only)\nd: a({a.stdout})\n");
}

TEST_F(GraphTest, ReferencesInACircleAreAnError) {
  EXPECT_EQ(graph(R"(steps:
  - {id: a, depends_on: [b]}
  - {id: b, depends_on: [c]}
  - id: c
    parameters: {args: ["{a.stdout}"]}
)"),
            "a: b\nb: c\n");
  EXPECT_EQ(problems(),
            "RC0206 error 2:26+1 these steps wait for each other's output: a -> b -> c -> a | take out one "
            "of these "
            "references, or one of the dependencies | note 2:26 'a' needs 'b' | note 3:26 'b' needs 'c' | "
            "note 5:25 "
            "'c' refers to {a.stdout}\n");
}

TEST_F(GraphTest, AStepThatReadsAWrittenPathNeedsTheWriter) {
  EXPECT_EQ(graph(R"(
vars: {dir: out}
steps:
  - {id: early, parameters: {reads: [out/a]}}
  - {id: write, parameters: {writes: [out/a, "./x//y/../z"]}}
  - {id: file, parameters: {reads: ["./out/a"]}}
  - {id: directory, parameters: {reads: [out]}}
  - {id: other, parameters: {reads: [out/b, outs, x/y]}}
  - {id: variable, parameters: {reads: ["{dir}/a"]}}
  - {id: elsewhere, working_dir: sub, parameters: {reads: [out/a]}}
  - {id: from_below, working_dir: out, parameters: {reads: [a]}}
  - {id: normal, parameters: {reads: [x/z]}}
  - {id: run, parameters: {command: sh, args: [x/z, --in=out/a]}}
  - {id: absolute, parameters: {reads: [/out/a]}}
)"),
            "file: write(reads out/a)\ndirectory: write(reads out)\nvariable: write(reads out/a)\n"
            "from_below: write(reads out/a)\nnormal: write(reads x/z)\nrun: write(reads x/z)\n");
  EXPECT_EQ(problems(), "");
}

TEST_F(GraphTest, AWrittenDirectoryIsReadWithAllThatIsInIt) {
  EXPECT_EQ(graph("steps: [{id: a, parameters: {writes: [out]}}, {id: b, parameters: {reads: [out/x/y]}}]"),
            "b: a(reads out/x/y)\n");
}

TEST_F(GraphTest, ArgumentsAndShellWordsMayBeReads) {
  EXPECT_EQ(graph(R"(
steps:
  - {id: write, type: create_file, parameters: {path: src/main.py, content: x}}
  - {id: script, parameters: {shell: true, command: "python3 'src/main.py' | tee log > src/main.py"}}
  - {id: tree, parameters: {command: "grep -r x src"}}
  - {id: echo, parameters: {command: "echo src/main.py"}}
  - {id: url, parameters: {command: "curl http://src/main.py"}}
  - {id: self, parameters: {command: ./src/main.py, args: []}}
)"),
            "script: write(reads src/main.py)\ntree: write(reads src, order only)\nself: write(reads "
            "src/main.py)\n");
}

TEST_F(GraphTest, DeletesFollowWritesAndReads) {
  EXPECT_EQ(graph(R"(
steps:
  - {id: write, parameters: {writes: [out/a]}}
  - {id: read, parameters: {reads: [out/a]}}
  - {id: remove, parameters: {deletes: [out]}}
  - {id: rm, parameters: {command: "rm -rf out"}}
)"),
            "read: write(reads out/a)\nremove: write(reads out, order only) read(reads out, order only)\n"
            "rm: write(reads out, order only) read(reads out, order only)\n");
}

TEST_F(GraphTest, PathsThatChangeAreNotCompared) {
  EXPECT_EQ(graph(R"(
steps:
  - {id: b}
  - {id: write, parameters: {writes: ["{uuid}/x", "{b}/x"]}}
  - {id: read, parameters: {reads: ["{uuid}/x", "{b}/x"]}}
)"),
            "write: b({b})\nread: b({b}) write(reads {b}/x)\n");
}

TEST_F(GraphTest, InferenceFromPathsCanBeTurnedOff) {
  EXPECT_EQ(graph(R"(
infer_dependencies: false
steps:
  - {id: write, parameters: {writes: [a]}}
  - {id: read, parameters: {reads: [a], args: ["{write}"]}}
  - {id: other, parameters: {reads: [a]}}
)"),
            "read: write({write})\n");
}

TEST_F(GraphTest, APathNeverMakesACycle) {
  EXPECT_EQ(graph(R"(steps:
  - {id: write, depends_on: [read], parameters: {writes: [a]}}
  - {id: read, parameters: {reads: [a]}}
  - {id: last, parameters: {reads: [a]}}
)"),
            "write: read\nlast: write(reads a)\n");
  EXPECT_EQ(problems(),
            "RC0207 note 3:10+4 'read' reads 'a', which 'write' writes, but can't wait for it: 'write' runs "
            "later | "
            "if that is wrong, turn the written dependency round\n");
}

TEST_F(GraphTest, AlternativesAreMarkedAndNotWaitedForTwice) {
  EXPECT_EQ(graph(R"(
steps:
  - {id: fast}
  - {id: slow, parameters: {args: ["{fast.error}", "{fast.stderr}"]}}
  - id: use
    depends_on: [{step: fast, on_failure: retry_with_alternative, alternative: slow}]
    parameters: {args: ["{fast}", "{slow}"]}
)"),
            "slow: fast({fast.error}, order only)\nuse: fast/slow\n");
  EXPECT_EQ(graph_.alternative, (std::vector<bool>{false, true, false}));
  EXPECT_EQ(problems(), "");
}

TEST_F(GraphTest, AlternativesThatCannotBe) {
  EXPECT_EQ(graph(R"(steps:
  - {id: a}
  - {id: one, depends_on: [{step: a, on_failure: retry_with_alternative, alternative: one}]}
  - {id: two, depends_on: [{step: a, on_failure: retry_with_alternative, alternative: a}]}
  - {id: other}
  - {id: three, depends_on: [{step: a, on_failure: retry_with_alternative, alternative: other}, other]}
  - {id: four, depends_on: [{step: a, on_failure: retry_with_alternative, alternative: othre}]}
)"),
            "one: a\ntwo: a\nthree: a other\nfour: a\n");
  EXPECT_EQ(
      problems(),
      "RC0205 error 3:87+3 step 'one' can't run in the place of 'a' for 'one' | name a step of its own that "
      "gives the same in another way\n"
      "RC0205 error 4:87+1 step 'a' can't run in the place of 'a' for 'two' | name a step of its own that "
      "gives "
      "the same in another way\n"
      "RC0205 error 6:97+5 step 'three' needs 'other', which only runs when 'a' fails | take 'other' out of "
      "depends_on: the alternative is waited for when it runs\n"
      "RC0201 error 7:88+5 step 'four' names the alternative 'othre', and there is no such step | did you "
      "mean "
      "'other'?\n");
}

TEST_F(GraphTest, AnAlternativeThatWouldWaitForeverIsACycle) {
  EXPECT_EQ(graph(R"(steps:
  - {id: a}
  - {id: other}
  - {id: between, depends_on: [other]}
  - {id: use, depends_on: [between, {step: a, on_failure: retry_with_alternative, alternative: other}]}
)"),
            "use: between a\n");
  EXPECT_EQ(
      problems(),
      "RC0203 error 3:10+1 these steps need each other: other -> between -> other | take one of these out of "
      "depends_on | note 3:10 'other' is an alternative, and waits until it is known whether it is needed | "
      "note 4:32 'between' needs 'other'\n");
}

TEST_F(GraphTest, LevelsCountFromThoseThatNeedNothing) {
  graph("steps: [{id: c, depends_on: [b, a]}, {id: a}, {id: b, depends_on: [a]}, {id: d}]");
  EXPECT_EQ(levels(graph_), (std::vector<std::uint32_t>{2, 0, 1, 0}));
}

TEST_F(GraphTest, LongChainsNeedNoStack) {
  Mission mission;
  mission.steps.resize(100'000);
  mission.config.infer_dependencies = false;
  for (std::size_t i = 0; i < mission.steps.size(); ++i) {
    mission.steps[i].id.value = "s" + std::to_string(i);
    mission.steps[i].type.value = "command";
    Dependency next;
    next.step.value = "s" + std::to_string((i + 1) % mission.steps.size());
    mission.steps[i].depends_on.push_back(next);
  }
  Names names(mission);
  Diagnostics circle;
  const std::vector<Effects> effects = known_effects(mission, testing::small_types());
  (void)build_graph(mission, mission.steps, effects, names, circle);
  EXPECT_EQ(circle.errors(), 1u);
  mission.steps.back().depends_on.clear();
  Diagnostics problems;
  Graph chain = build_graph(mission, mission.steps, effects, names, problems);
  EXPECT_EQ(in_lines(problems), "");
  EXPECT_EQ(levels(chain).front(), 99'999u);
}

}  // namespace
}  // namespace rustchain
