// Missions that are run as steps of another.
#include "rustchain/engine.hpp"
#include "rustchain/report.hpp"

#include "mission/mission_file.hpp"
#include "steps/registry.hpp"
#include "support/fakes.hpp"

#include <atomic>
#include <csignal>

namespace rustchain {
namespace {

using Lines = std::vector<std::string>;

// Missions of /project, with real step types in a made-up world.
class InnerRun : public testing::Test, public Observer {
 protected:
  FakeWorld world;
  Lines lines;
  RunReport report;
  std::string run_directory;
  std::uint32_t max_parallel = 1;
  Engine* engine = nullptr;

  void add(const std::string& path, const std::string& text) {
    world.files.files["/project/" + path] = "name: The " + path + "\nversion: '1.0'\n" + text;
  }
  static std::string noop(const std::string& id, const std::string& message, const std::string& keys = "") {
    return "  - {id: " + id + ", name: N, step_type: noop, " + keys + "parameters: {message: \"" + message +
           "\"}}\n";
  }
  static std::string mission(const std::string& id, const std::string& parameters,
                             const std::string& keys = "") {
    return "  - {id: " + id + ", name: M, step_type: mission, " + keys + "parameters: {" + parameters +
           "}}\n";
  }
  // Runs a command whose answer is the world's.
  static std::string command(const std::string& id, const std::string& keys = "") {
    return "  - {id: " + id + ", name: C, step_type: command, " + keys + "parameters: {command: tool}}\n";
  }

  void run(const std::string& path) {
    MissionFile file = open_mission(path, world.files.files.at("/project/" + path), step_types());
    for (const Diagnostic& problem : file.problems.all()) ADD_FAILURE() << problem.message;
    RunSetup setup{.mission = file.mission,
                   .graph = file.graph,
                   .finally_graph = file.finally_graph,
                   .types = step_types(),
                   .services = world.services,
                   .run_id = "r1",
                   .run_directory = run_directory,
                   .working_directory = "/project",
                   .mission_directory = parent_directory("/project/" + path),
                   .shell = "/bin/sh",
                   .platform = "linux",
                   .max_parallel = max_parallel};
    world.files.directories.insert("/project");
    lines.clear();
    ids_.clear();
    ReportBuilder builder;
    builder_ = &builder;
    Engine made(setup, *this);
    engine = &made;
    made.run();
    engine = nullptr;
    report = builder.report();
  }

  void on(const Event& event) override {
    builder_->on(event);
    if (auto* started = std::get_if<RunStarted>(&event.what)) {
      for (const auto& step : started->steps) ids_.push_back(step.id);
    } else if (auto* added = std::get_if<StepAdded>(&event.what)) {
      EXPECT_EQ(added->step, ids_.size());
      ids_.push_back(added->info.id);
    } else if (auto* begun = std::get_if<StepStarted>(&event.what)) {
      lines.push_back("start " + ids_.at(begun->step));
    } else if (auto* ended = std::get_if<StepFinished>(&event.what)) {
      lines.push_back("end " + ids_.at(ended->step) + ": " + std::string(to_string(ended->result.status)) +
                      (ended->result.error.empty() ? "" : ": " + ended->result.error));
    } else if (auto* left = std::get_if<StepNotRun>(&event.what)) {
      lines.push_back(std::string(to_string(left->status)) + " " + ids_.at(left->step) + ": " + left->reason);
    }
  }
  const StepReport& step(const std::string& id) {
    for (const StepReport& one : report.steps)
      if (one.info.id == id) return one;
    ADD_FAILURE() << "no step " << id;
    return report.steps.at(0);
  }

 private:
  Lines ids_;
  ReportBuilder* builder_ = nullptr;
};

TEST_F(InnerRun, ItsStepsAreToldAsTheSteps) {
  add("a.yaml", "steps:\n" + mission("lint", "mission: sub/b.yaml") +
                    noop("use", "{lint.outputs.two} {lint.status} {lint.counts.success} {lint.name}"));
  add("sub/b.yaml", "steps:\n" + noop("one", "1") + noop("two", "{one}2"));
  run("a.yaml");
  EXPECT_EQ(lines, (Lines{"start lint", "start lint/one", "end lint/one: success", "start lint/two",
                          "end lint/two: success", "end lint: success", "start use", "end use: success"}));
  EXPECT_EQ(step("use").result.output["message"], "12 success 2 The sub/b.yaml");
  EXPECT_EQ(step("lint/two").info.file, "sub/b.yaml");
  EXPECT_EQ(step("lint/two").info.inferred, Lines{"lint/one"});
  EXPECT_EQ(report.count(Status::success), 2u);
}

TEST_F(InnerRun, SeesOnlyTheVariablesThatItIsGiven) {
  add("a.yaml", "vars: {x: 1, y: 2}\nsteps:\n" +
                    mission("m", "mission: b.yaml, vars: {x: '{y}', list: [a, b]}") + noop("use", "{m}"));
  add("b.yaml", "vars: {x: 7, y: 8}\nsteps:\n" + noop("s", "{x} {y} {vars.list[1]}"));
  run("a.yaml");
  EXPECT_EQ(step("m/s").result.output["message"], "2 8 b");
  EXPECT_EQ(step("use").result.output["message"], R"({"s":"2 8 b"})");
}

TEST_F(InnerRun, AFailureIsTheStepsAndNamesItsCause) {
  add("a.yaml", "steps:\n" + mission("m", "mission: b.yaml") + noop("use", "x", "depends_on: [m], "));
  add("b.yaml", "steps:\n" + command("s") + noop("t", "x", "depends_on: [s], "));
  world.processes.programs["tool"] = "/bin/tool";
  world.processes.answers.push_back(process_end(3));
  run("a.yaml");
  EXPECT_EQ(lines[3], "skipped m/t: needs s, which failed (exit code 3)");
  EXPECT_EQ(step("m").status, Status::failed);
  EXPECT_EQ(step("m").result.kind, FailureKind::exit_code);
  EXPECT_TRUE(step("m").result.error.starts_with("s failed: ")) << step("m").result.error;
  EXPECT_EQ(step("use").status, Status::skipped);
  EXPECT_EQ(report.steps[report.origin(report.first_failure())].info.id, "m/s");
  EXPECT_EQ(step("m/t").cause, 2u);
  EXPECT_EQ(report.exit_code, ExitCode::step_failed);
}

TEST_F(InnerRun, RunsWhereTheStepDoesWithItsEnvironment) {
  add("a.yaml", "env: {A: outer, B: outer}\nsteps:\n" +
                    mission("m", "mission: b.yaml", "working_dir: there, env: {B: step}, "));
  add("b.yaml", "config: {working_directory: in}\nenv: {C: inner}\nsteps:\n" + command("s") +
                    noop("n", "{env.A} {env.B} {env.C}"));
  world.files.directories.insert("/project/there/in");
  world.processes.programs["tool"] = "/bin/tool";
  world.processes.answers.push_back(process_end(0));
  run("a.yaml");
  EXPECT_EQ(world.processes.requests.at(0).working_directory, "/project/there/in");
  EXPECT_EQ(step("m/n").result.output["message"], "outer step inner");
}

TEST_F(InnerRun, ItsOutputsLieBelowThoseOfTheStep) {
  run_directory = "/runs/r1";
  add("a.yaml", "steps:\n" + mission("m", "mission: b.yaml") +
                    mission("each", "mission: '{item}'", "foreach: [b.yaml, b.yaml], "));
  add("b.yaml", "steps:\n" + command("s"));
  world.processes.programs["tool"] = "/bin/tool";
  for (int i = 0; i < 3; ++i) world.processes.answers.push_back(process_end(0));
  run("a.yaml");
  Lines kept;
  for (const ProcessRequest& request : world.processes.requests) kept.push_back(request.stdout_file);
  EXPECT_EQ(kept, (Lines{"/runs/r1/m/s.out", "/runs/r1/each/0/s.out", "/runs/r1/each/1/s.out"}));
  EXPECT_EQ(step("each[1]/s").status, Status::success);
}

TEST_F(InnerRun, AnInterruptEndsItAndRunsItsFinally) {
  add("a.yaml", "steps:\n" + mission("m", "mission: b.yaml") + noop("after", "x"));
  add("b.yaml", "steps:\n" + command("s") + noop("t", "x") + "finally:\n" + noop("f", "x"));
  world.processes.programs["tool"] = "/bin/tool";
  world.processes.otherwise = [&](const ProcessRequest&, const Stop& stop) {
    engine->interrupt(SIGINT);
    ProcessEnd end;
    end.signal = SIGTERM;
    end.stopped_by = stop.reason();
    return end;
  };
  run("a.yaml");
  EXPECT_EQ(report.outcome, RunOutcome::interrupted);
  EXPECT_EQ(report.signal, SIGINT);
  EXPECT_EQ(step("m/s").status, Status::cancelled);
  EXPECT_EQ(step("m/t").reason, "the run was interrupted");
  EXPECT_EQ(step("m/f").status, Status::success);
  EXPECT_EQ(step("m").status, Status::cancelled);
  EXPECT_EQ(step("after").status, Status::cancelled);
}

TEST_F(InnerRun, ItsOwnRulesHoldWithin) {
  add("a.yaml", "steps:\n" + mission("m", "mission: b.yaml") + noop("after", "x"));
  add("b.yaml", "config: {fail_fast: true}\nsteps:\n" + command("s") + noop("t", "x"));
  world.processes.programs["tool"] = "/bin/tool";
  world.processes.answers.push_back(process_end(1));
  run("a.yaml");
  EXPECT_EQ(step("m/t").status, Status::cancelled);
  EXPECT_EQ(step("after").status, Status::success);
}

TEST_F(InnerRun, AnotherAttemptTakesThePlaceOfTheFirst) {
  add("a.yaml", "steps:\n" + mission("m", "mission: b.yaml", "retry: {max_attempts: 2, delay_seconds: 0}, "));
  add("b.yaml", "steps:\n" + command("s"));
  world.processes.programs["tool"] = "/bin/tool";
  world.processes.answers.push_back(process_end(1));
  world.processes.answers.push_back(process_end(0));
  run("a.yaml");
  EXPECT_EQ(report.outcome, RunOutcome::success);
  EXPECT_EQ(report.steps.size(), 2u);
}

TEST_F(InnerRun, ACircleThatOnlyTheRunShowsEnds) {
  add("a.yaml", "vars: {next: b.yaml}\nsteps:\n" + noop("n", "b.yaml") + mission("m", "mission: '{n}'"));
  add("b.yaml", "steps:\n" + noop("n", "a.yaml") + mission("m", "mission: '{n}'"));
  run("a.yaml");
  EXPECT_EQ(step("m/m").result.error,
            "missions run each other in a circle: /project/a.yaml -> /project/b.yaml -> /project/a.yaml");
  EXPECT_EQ(step("m").status, Status::failed);
}

TEST_F(InnerRun, OneThatIsMissingOrInvalidFailsTheStep) {
  add("a.yaml", "steps:\n" + mission("m", "mission: none.yaml") + mission("n", "mission: bad.yaml"));
  add("bad.yaml", "steps:\n  - {id: s, name: S, step_type: nop}\n");
  run("a.yaml");
  EXPECT_EQ(step("m").result.error, "there is no mission /project/none.yaml");
  EXPECT_TRUE(step("n").result.error.starts_with("the mission bad.yaml is invalid: "));
  EXPECT_FALSE(step("n").result.details.empty());
}

TEST_F(InnerRun, ACampaignGoesOnAfterAFailure) {
  max_parallel = 2;
  add("a.yaml", "steps:\n" + mission("all", "mission: '{item}', vars: {n: '{index}'}",
                                     "foreach: {glob: 'c/*.yaml'}, "));
  for (int i = 0; i < 8; ++i)
    add("c/" + std::to_string(i) + ".yaml", "steps:\n" + noop("say", "{n}") + command("do"));
  world.processes.programs["tool"] = "/bin/tool";
  std::atomic<int> count = 0;
  world.processes.otherwise = [&](const ProcessRequest&, const Stop&) {
    return process_end(count++ == 3 ? 1 : 0);
  };
  run("a.yaml");
  EXPECT_EQ(step("all").result.output["counts"]["success"], 7);
  EXPECT_EQ(step("all").result.output["counts"]["failed"], 1);
  EXPECT_EQ(step("all[6]/say").result.output["message"], "6");
  EXPECT_EQ(report.outcome, RunOutcome::failed);
}

}  // namespace
}  // namespace rustchain
