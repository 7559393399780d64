// Processes that outlive their steps: how long, and who is told of their end.
#include "engine_fixture.hpp"

#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace rustchain {
namespace {

class EngineBackground : public EngineTest {
 protected:
  EngineBackground() {
    world.processes.otherwise = [this](const ProcessRequest& request, const Stop& stop) {
      return live(request, stop);
    };
  }

  // Lives until it is stopped, or until the test lets it die.
  FakeProcesses::Answer live(const ProcessRequest& request, const Stop& stop) {
    std::stop_callback on_stop(stop.token(), [&] { change([] {}); });
    std::stop_callback on_hurry(stop.at_once_token(), [&] { change([] {}); });
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] {
      return dies_ || (request.argv.front() == "stubborn" ? stop.at_once() : stop.requested());
    });
    ProcessEnd end;
    end.exit_code = dies_ ? 3 : 0;
    end.stopped_by = stop.reason();
    ++ended_;
    changed_.notify_all();
    return end;
  }
  template <class Change>
  void change(Change what) {
    std::lock_guard lock(mutex_);
    what();
    changed_.notify_all();
  }
  int ended() {
    std::lock_guard lock(mutex_);
    return ended_;
  }
  Work keeps(std::string program = "server") {
    return [program](const StepContext& context) {
      ProcessRequest request;
      request.argv = {program};
      auto process = std::make_unique<BackgroundProcess>(context.services.processes, request);
      process->wait(Seconds(60), [](const auto& state) { return state.started; });
      context.keep(std::move(process));
      return StepResult{};
    };
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool dies_ = false;
  int ended_ = 0;
};

TEST_F(EngineBackground, LivesUntilTheStepsOfFinallyHaveEnded) {
  step("server");
  step("test", {"server"});
  finally("last");
  work["server"] = keeps();
  int at_the_end = -1;
  work["last"] = [&](const StepContext&) {
    at_the_end = ended();
    return StepResult{};
  };
  run();
  EXPECT_EQ(at_the_end, 0);
  EXPECT_EQ(ended(), 1);
  EXPECT_EQ(lines,
            (Lines{"start server", "end server: success", "start test", "end test: success", "start last",
                   "end last: success", "background server: stopped when the run was over"}));
  EXPECT_EQ(report.outcome, RunOutcome::success);
  EXPECT_FALSE(report.steps[0].background->early);
}

TEST_F(EngineBackground, TakesNoWorkersPlace) {
  max_parallel = 2;
  step("one");
  step("two");
  step("three", {"one", "two"});
  work["one"] = work["two"] = keeps();
  run();
  EXPECT_EQ(report.count(Status::success), 3u);
  EXPECT_EQ(ended(), 2);
}

TEST_F(EngineBackground, TellsTheStepThatRunsWhenItDies) {
  max_parallel = 2;
  step("server");
  step("test", {"server"});
  step("after", {"test"});
  work["server"] = keeps();
  bool told = false;
  also = [&](const Event& event) {
    if (std::holds_alternative<BackgroundEnded>(event.what)) change([&] { told = true; });
  };
  // Two at once, so that a worker runs it and the loop is free to hear of the end.
  step("beside", {"server"});
  work["beside"] = work["test"] = [&](const StepContext&) {
    change([this] { dies_ = true; });
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return told; });
    return StepResult{};
  };
  run();
  EXPECT_TRUE(report.steps[0].background->early);
  EXPECT_EQ(report.steps[0].background->during, (std::vector<StepIndex>{1, 3}));
  EXPECT_EQ(report.steps[0].result.warnings,
            Lines{"its background process ended before the run: exit code 3"});
  EXPECT_EQ(report.steps[1].result.warnings,
            Lines{"the background process of server ended while this ran: exit code 3"});
  EXPECT_EQ(report.steps[2].result.warnings, Lines{});
  EXPECT_EQ(report.outcome, RunOutcome::completed_with_warnings);
}

TEST_F(EngineBackground, EndsAtOnceWhenSomebodyInterruptsItsEnd) {
  step("server");
  work["server"] = keeps("stubborn");
  finally("last");
  work["last"] = [&](const StepContext&) {
    engine->interrupt(2);
    engine->interrupt(2);
    return StepResult{};
  };
  run();
  EXPECT_EQ(ended(), 1);
  EXPECT_EQ(report.outcome, RunOutcome::interrupted);
}

TEST_F(EngineBackground, EndsWithTheRunAfterAFailureToo) {
  mission.config.fail_fast = true;
  step("server");
  step("bad", {"server"});
  step("never", {"bad"});
  work["server"] = keeps();
  work["bad"] = [](const StepContext&) { return exit_code(1); };
  run();
  EXPECT_EQ(ended(), 1);
  EXPECT_EQ(report.outcome, RunOutcome::failed);
}

}  // namespace
}  // namespace rustchain
