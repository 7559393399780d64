// Steps that are run once for each item.
#include "engine_fixture.hpp"

#include <atomic>
#include <csignal>
#include <latch>
#include <memory>
#include <set>

namespace rustchain {
namespace {

Node as_node(const Json& value) {
  Node node;
  if (value.is_array()) {
    node.kind = Node::Kind::list;
    for (const Json& item : value) node.items.push_back(as_node(item));
  } else if (value.is_object()) {
    node.kind = Node::Kind::map;
    for (const auto& [key, item] : value.items()) {
      node.items.push_back(as_node(Json(key)));
      node.items.push_back(as_node(item));
    }
  } else {
    node.kind = Node::Kind::scalar;
    if (value.is_string()) node.style = Node::Style::quoted;
    node.text = value.is_string() ? value.get<std::string>() : value.dump();
  }
  return node;
}

void set(Step& step, const std::string& key, const std::string& value) {
  step.parameters.items.push_back(as_node(key));
  step.parameters.items.push_back(as_node(value));
}

class ForeachTest : public EngineTest {
 protected:
  // Its text is "INDEX:ITEM".
  Step& each(const std::string& id, const Json& items, std::vector<std::string> needs = {}) {
    Step& made = step(id, std::move(needs));
    made.foreach = as_node(items);
    set(made, "text", "{index}:{item}");
    return made;
  }
  // What the last step was told by this text.
  std::string seen(const std::string& text) {
    std::vector<std::string> needs;
    for (const Step& other : mission.steps) needs.push_back(other.id.value);
    Step& last = step("last", needs);
    last.strategy = DependencyStrategy::best_effort;
    set(last, "text", text);
    run();
    return report.steps[mission.steps.size() - 1].result.output.value("text", "");
  }
  void fail_items(std::set<std::string> texts) {
    work["a"] = [texts](const StepContext& context) {
      std::string text = context.parameters["text"];
      if (texts.contains(text)) return exit_code(2);
      return with_output({{"text", text}});
    };
  }
};

TEST_F(ForeachTest, RunsTheStepForEachItemInOrder) {
  each("a", {"x", "y"});
  step("b", {"a"});
  run();
  EXPECT_EQ(lines, (Lines{"start a: 2 items", "start a[0]: 0:x", "end a[0]: success", "start a[1]: 1:y",
                          "end a[1]: success", "end a: success", "start b", "end b: success"}));
  EXPECT_EQ(report.outcome, RunOutcome::success);
  EXPECT_EQ(report.count(Status::success), 2u);
  EXPECT_EQ(report.steps[0].result.output["counts"]["success"], 2);
  EXPECT_EQ(report.steps[2].parent, 0u);
  EXPECT_EQ(report.steps[2].info.name, "x");
}

TEST_F(ForeachTest, NoItemsAreASuccess) {
  each("a", Json::array());
  EXPECT_EQ(seen("{a} {a.status} {a.counts.failed}"), "[] success 0");
  EXPECT_EQ(report.outcome, RunOutcome::success);
}

TEST_F(ForeachTest, APatternThatMatchesNothingIsTold) {
  each("a", {{"glob", "*.cpp"}});
  world.files.files["/start/b.c"] = "";
  run();
  EXPECT_EQ(report.steps[0].result.warnings, Lines{"no file matches *.cpp"});
  EXPECT_EQ(report.outcome, RunOutcome::completed_with_warnings);
}

TEST_F(ForeachTest, FilesAreSeenFromTheWorkingDirectory) {
  each("a", {{"glob", "*.c"}}).working_directory.value = "sub";
  world.files.files["/start/b.c"] = "";
  world.files.files["/start/sub/c.c"] = "";
  EXPECT_EQ(seen("{a}"), R"(["0:c.c"])");
}

TEST_F(ForeachTest, GivesAListOfWhatTheItemsGave) {
  each("a", {{{"n", 1}}, "y"});
  EXPECT_EQ(seen("{a[1]} {a.output[1]} {a[1].status} {a.items[0].item.n} {a.items[1].index} {a.text}"),
            R"(1:y 1:y success 1 1 ["0:{\"n\":1}","1:y"])");
}

TEST_F(ForeachTest, OneFailureDoesNotStopTheOthers) {
  each("a", {"x", "y", "z"});
  step("b", {"a"});
  fail_items({"1:y"});
  run();
  EXPECT_EQ(lines, (Lines{"start a: 3 items", "start a[0]: 0:x", "end a[0]: success", "start a[1]: 1:y",
                          "end a[1]: failed, exit_code: exit code 2", "start a[2]: 2:z", "end a[2]: success",
                          "end a: failed, exit_code: 1 of 3 items failed: [1] y (exit code 2)",
                          "skipped b: needs a, which failed (1 item)"}));
  EXPECT_EQ(report.first_failure(), 0u);
  EXPECT_EQ(report.steps[report.origin(0)].info.id, "a[1]");
}

TEST_F(ForeachTest, NamesTheFirstFiveThatFailed) {
  Json items = Json::array();
  for (int i = 0; i < 8; ++i) items.push_back(i);
  each("a", items);
  work["a"] = [](const StepContext&) { return exit_code(1); };
  run();
  EXPECT_EQ(report.steps[0].result.error,
            "8 of 8 items failed: [0] 0 (exit code 1); [1] 1 (exit code 1); [2] 2 (exit code 1); [3] 3 "
            "(exit code 1); [4] 4 (exit code 1); and 3 more");
}

TEST_F(ForeachTest, ItemsKeepTheirPlacesWhenSomeFail) {
  each("a", {"x", "y", "z"});
  fail_items({"1:y"});
  EXPECT_EQ(seen("{a[0]}|{a[1].status}|{a[2]}|{a.counts.success}"), "0:x|failed|2:z|2");
}

TEST_F(ForeachTest, PartialResultsAreAllowedWhereTheStepSaysSo) {
  Step& a = each("a", {"x", "y"});
  set(a, "allow_partial_results", "true");
  a.parameters.items.back().style = Node::Style::plain;
  step("b", {"a"});
  fail_items({"1:y"});
  run();
  EXPECT_EQ(report.steps[0].status, Status::partial);
  EXPECT_EQ(report.steps[1].status, Status::success);
  EXPECT_EQ(report.outcome, RunOutcome::completed_with_warnings);
}

TEST_F(ForeachTest, FailFastStartsNoFurtherItemAndNoOtherStep) {
  mission.config.fail_fast = true;
  each("a", {"x", "y", "z"});
  step("b");
  fail_items({"0:x"});
  run();
  EXPECT_EQ(lines, (Lines{"start a: 3 items", "start a[0]: 0:x", "end a[0]: failed, exit_code: exit code 2",
                          "cancelled b: fail_fast: an item of a failed",
                          "end a: failed, exit_code: 1 of 3 items failed: [0] x (exit code 2); 2 not done"}));
  EXPECT_EQ(report.steps[0].result.output["counts"]["cancelled"], 2);
}

TEST_F(ForeachTest, AllowedFailuresAreNoReasonToEndTheRun) {
  mission.config.fail_fast = true;
  each("a", {"x", "y"}).continue_on_error = true;
  fail_items({"0:x"});
  run();
  EXPECT_EQ(lines, (Lines{"start a: 2 items", "start a[0]: 0:x",
                          "end a[0]: failed, exit_code: exit code 2 (allowed)", "start a[1]: 1:y",
                          "end a[1]: success",
                          "end a: failed, exit_code: 1 of 2 items failed: [0] x (exit code 2) (allowed)"}));
  EXPECT_EQ(report.outcome, RunOutcome::completed_with_warnings);
}

TEST_F(ForeachTest, EachItemIsTriedAgainByItself) {
  RetryPolicy policy;
  policy.max_attempts = 2;
  policy.delay_seconds = 0;
  each("a", {"x", "y"}).retry = policy;
  auto tries = std::make_shared<std::map<std::string, int>>();
  work["a"] = [tries](const StepContext& context) {
    std::string text = context.parameters["text"];
    return text == "0:x" && ++(*tries)[text] == 1 ? exit_code(1) : with_output({{"text", text}});
  };
  EXPECT_EQ(seen("{a.items[0].attempts} {a.items[1].attempts} {a}"), R"(2 1 ["0:x","1:y"])");
}

TEST_F(ForeachTest, EachItemIsRepeated) {
  Step& a = each("a", {"x", "y"});
  a.repeat_count = 2;
  EXPECT_EQ(seen("{a[1]}"), "1:y\n1:y");
}

TEST_F(ForeachTest, AConditionThatAsksForTheItemIsLookedAtForEach) {
  each("a", {"x", "y", "z"}).when = Text{"{item} != y", {}};
  EXPECT_EQ(seen("{a} {a.counts.skipped}"), R"(["0:x","","2:z"] 1)");
  EXPECT_EQ(lines[3], "skipped a[1]: its condition is false: {item} != y");
}

TEST_F(ForeachTest, OneThatNoItemHoldsForSkipsTheStep) {
  each("a", {"x", "y"}).when = Text{"{index} > 5", {}};
  step("b", {"a"});
  run();
  EXPECT_EQ(lines, (Lines{"start a: 2 items", "skipped a[0]: its condition is false: {index} > 5",
                          "skipped a[1]: its condition is false: {index} > 5",
                          "skipped a: its condition is false for every item: {index} > 5",
                          "skipped b: needs a, which was skipped"}));
}

TEST_F(ForeachTest, AnyOtherConditionDecidesBeforeTheItemsAreLookedAt) {
  Step& a = each("a", "{env.NOT_SET}");
  a.when = Text{"1 == 2", {}};
  run();
  EXPECT_EQ(lines, Lines{"skipped a: its condition is false: 1 == 2"});
}

TEST_F(ForeachTest, WhatIsNoListFailsTheStep) {
  each("a", "{mission.name}{env.USER}");
  each("b", "{env.NOT_SET}");
  run();
  EXPECT_EQ(report.steps[0].result.output["counts"]["success"], 1);  // a line of text
  EXPECT_EQ(report.steps[1].result.error, "foreach: the environment variable NOT_SET is not set");
}

TEST_F(ForeachTest, ItemsFillTheWorkersAndKeepTheirOrder) {
  each("a", {"x", "y"});
  step("b");
  max_parallel = 2;
  auto both = std::make_shared<std::latch>(2);
  work["a"] = [both](const StepContext& context) {
    both->arrive_and_wait();
    return with_output({{"text", context.parameters["text"]}});
  };
  EXPECT_EQ(seen("{a}"), R"(["0:x","1:y"])");
  EXPECT_EQ((Lines{lines.begin(), lines.begin() + 3}),
            (Lines{"start a: 2 items", "start a[0]: 0:x", "start a[1]: 1:y"}));
}

TEST_F(ForeachTest, AnInterruptStopsTheItemsThatRunAndStartsNoOther) {
  each("a", {"x", "y", "z"});
  step("b");
  finally("f");
  max_parallel = 2;
  std::atomic<int> begun = 0;
  work["a"] = [&](const StepContext& context) {
    if (++begun == 2) engine->interrupt(SIGINT);
    return until_stopped(context);
  };
  run();
  EXPECT_EQ(report.outcome, RunOutcome::interrupted);
  EXPECT_EQ(report.steps[0].status, Status::cancelled);
  EXPECT_EQ(report.steps[0].result.error, "the run was ended after 0 of 3 items");
  EXPECT_EQ(report.steps[0].result.output["counts"]["cancelled"], 3);
  EXPECT_EQ(report.steps[1].reason, "the run was interrupted");
  EXPECT_EQ(report.steps[2].status, Status::success);
}

TEST_F(ForeachTest, TheLimitIsThatOfEachItem) {
  real_time = true;
  Step& a = each("a", {"x", "y"});
  a.timeout.seconds = 0.02;
  a.timeout.strategy = TimeoutStrategy::fixed;
  work["a"] = [](const StepContext& context) { return until_stopped(context); };
  run();
  EXPECT_EQ(report.steps[0].result.output["counts"]["failed"], 2);
  EXPECT_EQ(report.steps[0].result.kind, FailureKind::timeout);
}

TEST_F(ForeachTest, OutputsAreKeptApart) {
  run_directory = "/runs/r1";
  Step& a = each("a", {"x", "y"});
  a.repeat_count = 2;
  Lines bases;
  work["a"] = [&](const StepContext& context) {
    bases.push_back(context.output_base);
    return with_output({{"text", "t"}});
  };
  run();
  EXPECT_EQ(bases, (Lines{"/runs/r1/a/0", "/runs/r1/a/0.2", "/runs/r1/a/1", "/runs/r1/a/1.2"}));
}

TEST_F(ForeachTest, ThousandsOfItemsRun) {
  Json items = Json::array();
  for (int i = 0; i < 4'000; ++i) items.push_back(i);
  each("a", items);
  each("b", "{a}", {"a"});
  run();
  EXPECT_EQ(report.steps[1].result.output["counts"]["success"], 4'000);
  EXPECT_EQ(report.steps.back().result.output["text"], "3999:3999:3999");
}

}  // namespace
}  // namespace rustchain
