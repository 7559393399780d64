// Results of an earlier run in the place of a step's work. What is reused is decided by the real EarlierRun,
// out of the events of a first run: the two halves must agree on keys, hashes and files.
#include "engine_fixture.hpp"
#include "journal/resume.hpp"

namespace rustchain {
namespace {

class ReuseTest : public EngineTest {
 public:
  ReuseTest() {
    for (const char* id : {"a", "b", "c", "d"})
      work[id] = [this, name = std::string(id)](const StepContext& context) {
        std::lock_guard lock(mutex_);
        ++times[name];
        if (fails == name) return exit_code(2);
        return with_output({{"text", context.parameters.value("text", "") + "!"}});
      };
  }

  // Runs the mission a first time; its report is what the next run works from.
  void run_first() {
    run();
    reports.insert(reports.begin(), report);
    reports.front().run.run_id = "r" + std::to_string(reports.size());
    lines.clear();
    times.clear();
    fails.clear();
  }
  void run_again() {
    EarlierRun before(reports, wishes, [](const RunReport&, const std::string&) { return std::nullopt; });
    earlier = &before;
    run();
    earlier = nullptr;
  }
  void text(const std::string& id, const std::string& value) {
    for (auto* steps : {&mission.steps, &mission.finally})
      for (Step& one : *steps)
        if (one.id.value == id) set_text(one, value);
  }
  static void set_text(Step& step, const std::string& value) {
    Node key;
    key.kind = Node::Kind::scalar;
    key.text = "text";
    Node text = key;
    text.text = value;
    text.style = Node::Style::quoted;
    step.parameters.items = {key, text};
  }

  std::map<std::string, int> times;
  std::string fails;
  ResumeWishes wishes;
  std::vector<RunReport> reports;  // newest first

 private:
  std::mutex mutex_;
};

TEST_F(ReuseTest, TakesWhatSucceededAndRunsTheRest) {
  step("a");
  step("b", {"a"});
  step("c", {"b"});
  text("b", "{a}");
  text("c", "{b}");
  fails = "c";
  run_first();
  run_again();
  EXPECT_EQ(lines, (Lines{"reuse a of r1", "reuse b of r1", "start c because it failed (exit code 2): !!",
                          "end c: success"}));
  EXPECT_EQ(report.steps[2].result.output["text"], "!!!");
  EXPECT_EQ(report.outcome, RunOutcome::success);
  EXPECT_EQ(report.reused, 2u);
  EXPECT_EQ(report.counts[0], 3u);
}

TEST_F(ReuseTest, RunsAnEditedStepAndAllThatNeedsIt) {
  step("a");
  step("b", {"a"});
  step("c", {"b"});
  step("d");
  run_first();
  text("b", "new");
  run_again();
  EXPECT_EQ(lines, (Lines{"reuse a of r1", "start b because it was edited: new", "end b: success",
                          "start c because it needs b, which ran again", "end c: success", "reuse d of r1"}));
}

TEST_F(ReuseTest, SeesAValueThatHasChanged) {
  step("a");
  text("a", "{env.USER}");
  run_first();
  world.services.environment.set("USER", "another");
  run_again();
  EXPECT_EQ(lines.front(), "start a because a value that it refers to has changed: another");
}

TEST_F(ReuseTest, IsntDisturbedByTheTimeAndOtherPassingValues) {
  step("a");
  text("a", "{timestamp} {uuid}");
  mission.steps[0].parameters.items[0].text = "context";
  run_first();
  world.clock.advance(Seconds(100));
  run_again();
  EXPECT_EQ(lines, (Lines{"reuse a of r1"}));
}

TEST_F(ReuseTest, SeesAFileThatHasChanged) {
  step("a");
  text("a", "/data/in.txt");
  world.files.files["/data/in.txt"] = "one";
  run_first();
  run_again();
  EXPECT_EQ(lines, (Lines{"reuse a of r1"}));
  lines.clear();
  world.files.files["/data/in.txt"] = "two";
  run_again();
  EXPECT_EQ(lines.front(), "start a because /data/in.txt, which it reads, has changed: /data/in.txt");
}

TEST_F(ReuseTest, GoesOnWithinAForeach) {
  step("a");
  step("b", {"a"});
  Step& one = mission.steps[0];
  auto loaded = Node{.kind = Node::Kind::list};
  for (const char* item : {"x", "y", "z"}) {
    Node node;
    node.kind = Node::Kind::scalar;
    node.style = Node::Style::quoted;
    node.text = item;
    loaded.items.push_back(node);
  }
  one.foreach = loaded;
  set_text(one, "{item}");
  work["a"] = [this](const StepContext& context) {
    ++times[context.parameters["text"]];
    return context.parameters["text"] == fails ? exit_code(2) : with_output({{"text", "done"}});
  };
  fails = "y";
  run_first();
  // Another order is no other work.
  std::swap(mission.steps[0].foreach->items[0], mission.steps[0].foreach->items[2]);
  run_again();
  EXPECT_EQ(times, (std::map<std::string, int>{{"y", 1}, {"b", 1}}));
  EXPECT_EQ(report.steps[0].result.output["counts"]["success"], 3);
  EXPECT_EQ(report.steps[0].reused_from, "");
  lines.clear();

  run_first();
  run_again();
  EXPECT_EQ(times, (std::map<std::string, int>{}));
  EXPECT_EQ(lines, (Lines{"start a: 3 items", "reuse a[0] of r2", "reuse a[1] of r2", "reuse a[2] of r2",
                          "reuse a of r2", "reuse b of r2"}));
}

TEST_F(ReuseTest, RunsFinallyOnlyWhenSomethingRan) {
  step("a");
  finally("d");
  run_first();
  run_again();
  EXPECT_EQ(lines, (Lines{"reuse a of r1", "reuse d of r1"}));
  lines.clear();
  text("a", "new");
  run_again();
  EXPECT_EQ(lines.at(2), "start d because the steps of finally run whenever others do");
}

TEST_F(ReuseTest, FromRunsAStepAndWhatNeedsIt) {
  step("a");
  step("b");
  step("c", {"b"});
  run_first();
  wishes.from = {"b"};
  run_again();
  EXPECT_EQ(lines, (Lines{"reuse a of r1", "start b because --from asks for it", "end b: success",
                          "start c because it needs b, which ran again", "end c: success"}));
}

TEST_F(ReuseTest, OnlyRunsNothingElse) {
  step("a");
  step("b", {"a"});
  step("c");
  text("b", "{a}");
  run_first();
  text("a", "edited since");
  wishes.only = {"b"};
  wishes.taken = {"a"};
  run_again();
  EXPECT_EQ(lines, (Lines{"reuse a of r1", "start b because --only asks for it: !", "end b: success",
                          "skipped c: not among the steps of --only"}));
}

TEST_F(ReuseTest, RefusesToRepeatWhatMustNotBe) {
  step("a").idempotent = false;
  run_first();
  text("a", "new");
  run_again();
  EXPECT_EQ(lines.back(),
            "end a: failed, invalid: it says idempotent: false and has run before, in r1; it would run again "
            "because it was edited");
  EXPECT_EQ(report.steps[0].result.help, "if it may run a second time: --accept-repeat a");
  wishes.accepted = {"a"};
  run_again();
  EXPECT_EQ(lines.back(), "end a: success");
}

// As when the dependency was written down only after that run.
TEST_F(ReuseTest, RunsAStepAgainThatBeganBeforeOneThatItNeedsNow) {
  step("a");
  step("b", {"a"});
  step("c", {"a"});
  run_first();
  std::swap(reports.front().steps[0].began_as, reports.front().steps[1].began_as);
  run_again();
  EXPECT_EQ(lines, (Lines{"reuse a of r1", "start b because it needs a, which ran after it then",
                          "end b: success", "reuse c of r1"}));
}

// The second run was killed before it came to what the first had done.
TEST_F(ReuseTest, LooksThroughTheRunsThatWereContinued) {
  step("a");
  step("b");
  step("c", {"a"});
  run_first();
  RunReport cut = report;
  cut.run.run_id = "r2";
  for (StepReport& one : cut.steps) one = StepReport{.info = one.info};
  reports.insert(reports.begin(), cut);
  run_again();
  EXPECT_EQ(lines, (Lines{"reuse a of r1", "reuse b of r1", "reuse c of r1"}));
}

}  // namespace
}  // namespace rustchain
