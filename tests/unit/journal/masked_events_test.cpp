#include "journal/masked_events.hpp"

#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

class Seen : public Observer {
 public:
  void on(const Event& event) override { events.push_back(event); }
  std::vector<Event> events;
};

template <class What>
What through(const What& what) {
  Mask mask({"hunter-two"});
  Seen seen;
  MaskedEvents(mask, seen).on({{}, what});
  return std::get<What>(seen.events.at(0).what);
}

TEST(MaskedEvents, HideSecretsInAllTexts) {
  RunStarted run;
  run.mission = "with hunter-two";
  run.steps.push_back({"hunter-two", "say hunter-two", "noop", {}, {"hunter-two"}, {}});
  RunStarted started = through(run);
  EXPECT_EQ(started.mission, "with ***");
  EXPECT_EQ(started.steps[0].name, "say ***");
  EXPECT_EQ(started.steps[0].id, "hunter-two");  // others refer to it
  EXPECT_EQ(through(StepStarted{0, 1, "curl -H hunter-two", {}}).what, "curl -H ***");
  EXPECT_EQ(through(StepProgressed{0, {1, 1, "last hunter-two"}}).progress.last_line, "last ***");
  EXPECT_EQ(through(StepRetried{0, 1, 0, FailureKind::network, "hunter-two"}).error, "***");
  EXPECT_EQ(through(StepNotRun{0, Status::skipped, 0, 0, "hunter-two"}).reason, "***");

  StepResult result = StepResult::failure(FailureKind::verify, "error hunter-two", "help hunter-two");
  result.output = {{"body", "hunter-two"}, {"json", {{"hunter-two", {"hunter-two"}}}}};
  result.details = {"detail hunter-two"};
  result.warnings = {"warning hunter-two"};
  StepResult shown = through(StepFinished{0, result, 1, 0, false}).result;
  EXPECT_EQ(shown.error + shown.help + shown.details[0] + shown.warnings[0],
            "error ***help ***detail ***warning ***");
  EXPECT_EQ(shown.output.dump(), R"({"body":"***","json":{"***":["***"]}})");
}

TEST(MaskedEvents, TellWhetherAnOutputLostSomething) {
  auto masked = [](Json output) {
    StepFinished finished;
    finished.result.output = std::move(output);
    return through(finished).masked;
  };
  EXPECT_FALSE(masked({{"stdout", "nothing"}, {"args", {"a"}}}));
  EXPECT_TRUE(masked({{"stdout", "it is hunter-two"}}));
  EXPECT_TRUE(masked({{"hunter-two", 1}}));
  // These only repeat the step's parameters, which are known again in the next run.
  EXPECT_FALSE(masked({{"stdout", "nothing"}, {"args", {"hunter-two"}}, {"command", "echo hunter-two"}}));
}

TEST(MaskedEvents, HideSecretsInWhatAStepRestsOn) {
  StepStarted started{0, 1, "", {}};
  started.basis.reads = {{"/etc/hunter-two"}};
  started.basis.changes = {"/var/hunter-two"};
  StepBasis basis = through(started).basis;
  EXPECT_EQ(basis.reads[0].path + basis.changes[0], "/etc/***/var/***");
  RunStarted run;
  run.again = "rustchain run m.yaml --var key=hunter-two --resume";
  EXPECT_EQ(through(run).again, "rustchain run m.yaml --var key=*** --resume");
  StepReused reused;
  reused.result.output = {{"stdout", "hunter-two"}};
  EXPECT_EQ(through(reused).result.output["stdout"], "***");
}

TEST(MaskedEvents, HideASecretThatIsSplitOverPiecesOfAnAnswer) {
  Mask mask({"hunter-two"});
  Seen seen;
  MaskedEvents masked(mask, seen);
  for (const char* piece : {"it is hun", "ter-", "two, really, hun"}) masked.on({{}, StepWrote{3, piece}});
  masked.on({{}, StepWrote{4, "hunt"}});
  masked.on({{}, StepFinished{3, {}, 1, 0, false}});
  std::string answer;
  for (const Event& event : seen.events)
    if (const auto* wrote = std::get_if<StepWrote>(&event.what))
      answer += std::to_string(wrote->step) + "[" + wrote->text + "]";
  EXPECT_EQ(answer, "3[it is ]3[***, really, ]3[hun]");
  EXPECT_TRUE(std::holds_alternative<StepFinished>(seen.events.back().what));
}

}  // namespace
}  // namespace rustchain
