// Background commands: when they are ready, and what becomes of those that aren't.
#include "steps/registry.hpp"
#include "support/step_world.hpp"

#include <condition_variable>
#include <mutex>
#include <stop_token>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

// A process that prints, and then lives until it is stopped.
FakeProcesses::Answer live(const ProcessRequest& request, const Stop& stop, std::string_view out,
                           std::string_view err = {}) {
  if (!out.empty()) request.on_output(1, out);
  if (!err.empty()) request.on_output(2, err);
  std::mutex mutex;
  std::condition_variable changed;
  bool told = false;
  std::stop_callback callback(stop.token(), [&] {
    std::lock_guard lock(mutex);
    told = true;
    changed.notify_one();
  });
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return told; });
  ProcessEnd end;
  end.signal = 15;
  end.stopped_by = stop.reason();
  end.out.head = out;
  end.out.bytes = out.size();
  return end;
}

class BackgroundCommand : public ::testing::Test {
 protected:
  StepResult run(Json ready, std::string out = "up\n", std::string err = {}) {
    world.fakes.processes.otherwise = [=](const ProcessRequest& request, const Stop& stop) {
      return live(request, stop, out, err);
    };
    Json parameters = {{"command", "server"}, {"background", true}};
    if (!ready.is_null()) parameters["ready"] = std::move(ready);
    fixture.emplace(k_command_step, std::move(parameters), world.services, world.dir.path());
    return fixture->run();
  }
  StepWorld world;
  std::optional<StepFixture> fixture;
};

TEST_F(BackgroundCommand, WithoutReadyIsASuccessOnceStarted) {
  StepResult result = run(nullptr, "");
  EXPECT_EQ(StepWorld::told(result), "success");
  ASSERT_EQ(fixture->kept.size(), 1u);
  EXPECT_FALSE(fixture->kept[0]->state().ended);
  EXPECT_TRUE(result.output["exit_code"].is_null());
}

TEST_F(BackgroundCommand, IsReadyWhenALineOfEitherStreamMatches) {
  StepResult result = run({{"output", "^listening on \\d+$"}}, "starting\n", "listening on 80");
  EXPECT_EQ(StepWorld::told(result), "success");
  EXPECT_EQ(result.output["stdout"], "starting\n");
  EXPECT_EQ(result.output["stderr"], "listening on 80");
  EXPECT_EQ(fixture->kept.size(), 1u);
}

TEST_F(BackgroundCommand, IsReadyWhenItsPortTakesConnections) {
  int looks = 0;
  world.fakes.http.listening = [&](std::uint16_t port) { return port == 8080 && ++looks > 3; };
  EXPECT_EQ(StepWorld::told(run({{"port", 8080}})), "success");
  EXPECT_EQ(looks, 4);
}

TEST_F(BackgroundCommand, IsReadyWhenItsUrlIsAnsweredWell) {
  HttpResponse starting;
  starting.status = 503;
  HttpResponse good;
  good.status = 204;
  world.fakes.http.answers = {HttpError{HttpError::Kind::refused, "refused"},
                              HttpError{HttpError::Kind::refused, "refused"}, starting, good};
  EXPECT_EQ(StepWorld::told(run({{"http", "http://127.0.0.1:1/health"}})), "success");
  EXPECT_TRUE(world.fakes.http.answers.empty());
}

TEST_F(BackgroundCommand, IsNotStartedWhereSomethingElseListensAlready) {
  world.fakes.http.listening = [](std::uint16_t) { return true; };
  EXPECT_EQ(
      StepWorld::told(run({{"port", 8080}})),
      "network: port 8080 takes connections already, so something else than this command listens there | "
      "end what runs there, perhaps a server of an earlier run, or use another port");
  EXPECT_TRUE(world.fakes.processes.requests.empty());
}

TEST_F(BackgroundCommand, FailsAndIsStoppedWhenItIsNotReadyInTime) {
  world.fakes.http.listening = [this](std::uint16_t) {
    world.fakes.clock.advance(Seconds(2));
    return false;
  };
  StepResult result = run({{"port", 8080}, {"timeout_seconds", 5}}, "still loading\n");
  EXPECT_EQ(StepWorld::told(result),
            "timeout: was not ready within 5 s, waiting for port 8080 to take connections | "
            "read what it printed; give it more time with ready.timeout_seconds");
  EXPECT_EQ(result.details, std::vector<std::string>{"still loading"});
  EXPECT_TRUE(fixture->kept.empty());
}

TEST_F(BackgroundCommand, FailsWhenItEndsBeforeItIsReady) {
  ProcessEnd end;
  end.exit_code = 98;
  end.err.head = "address in use\n";
  end.err.bytes = end.err.head.size();
  world.fakes.processes.answers = {end};
  StepResult result = run({{"output", "never"}});
  EXPECT_EQ(StepWorld::told(result),
            "exit_code: ended before it was ready, with exit code 98 | "
            "a background command must go on until the run ends; read what it printed");
  EXPECT_EQ(result.details, std::vector<std::string>{"address in use"});
}

TEST_F(BackgroundCommand, FailsEvenWithAGoodExitCodeWhenItEndsTooEarly) {
  world.fakes.processes.answers = {ProcessEnd{}};
  StepResult result = run({{"output", "never"}});
  EXPECT_EQ(result.status, Status::failed);
  EXPECT_EQ(result.kind, FailureKind::exit_code);
}

TEST_F(BackgroundCommand, IsStoppedWithItsStepWhileItIsNotReady) {
  world.fakes.http.listening = [this, looks = 0](std::uint16_t) mutable {
    if (++looks == 3) fixture->stop.request(StopReason::interrupt);
    return false;
  };
  StepResult result = run({{"port", 8080}});
  EXPECT_EQ(StepWorld::told(result), "interrupted: `server` was stopped because the run was interrupted | ");
  EXPECT_TRUE(fixture->kept.empty());
}

TEST_F(BackgroundCommand, TakesItsFallbackWhereItIsNotFound) {
  world.fakes.processes.answers = {Failure{FailureKind::command_not_found, "not found", ""}};
  world.fakes.processes.otherwise = [](const ProcessRequest& request, const Stop& stop) {
    return live(request, stop, "");
  };
  StepFixture step(k_command_step,
                   {{"command", "server"}, {"background", true}, {"fallback_command", "other"}},
                   world.services, world.dir.path());
  StepResult result = step.run();
  EXPECT_EQ(StepWorld::told(result), "success");
  EXPECT_EQ(result.warnings,
            std::vector<std::string>{"`server` was not found; the fallback `other` ran in its place"});
  EXPECT_EQ(step.kept.size(), 1u);
}

TEST(BackgroundCheck, NamesWhatCanNotBe) {
  EXPECT_EQ(
      problems_of(k_command_step, {{"command", "a"}, {"background", true}, {"ready", Json::object()}}),
      "RC0410 `ready` doesn't say how the command is known to be ready | give one of `http`, `port` and "
      "`output`\n");
  EXPECT_EQ(problems_of(k_command_step,
                        {{"command", "a"}, {"background", true}, {"ready", {{"port", 1}, {"output", "x"}}}}),
            "RC0410 `ready` has several ways to be ready: port, output | give one of `http`, `port` and "
            "`output`\n");
  EXPECT_EQ(problems_of(k_command_step, {{"command", "a"}, {"background", true}, {"parallel", 2}}),
            "RC0410 a background command can't be run in chunks | take `parallel` away, or `background`\n");
  EXPECT_EQ(
      problems_of(k_command_step, {{"command", "a"}, {"ready", {{"port", 1}}}}),
      "RC0411 `ready` has no effect without `background` | add `background: true`, or take `ready` away\n");
  EXPECT_NE(
      problems_of(k_command_step, {{"command", "a"}, {"background", true}, {"ready", {{"output", "("}}}})
          .find("RC0409 this is no regular expression"),
      std::string::npos);
  EXPECT_EQ(problems_of(k_command_step, {{"command", "a"}, {"background", true}, {"output_file", "f"}}),
            "RC0411 `output_file` has no effect on a background command | take it away\n");
}

}  // namespace
}  // namespace rustchain
