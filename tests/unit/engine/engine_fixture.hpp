// A mission made in code, with step types whose work is a function of the test, and its events as lines.
#pragma once

#include "rustchain/engine.hpp"
#include "rustchain/report.hpp"

#include "support/fakes.hpp"
#include "util/sha256.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace rustchain {

// The system's steady time, so that limits of a few milliseconds are really reached.
class RunningClock : public Clock {
 public:
  WallTime wall() const override { return WallTime(std::chrono::seconds(1'000'000'000)); }
  SteadyTime steady() const override { return std::chrono::steady_clock::now(); }
};

// Steps of type "work" do what `work[id]` says, in whichever thread they are run; without it they succeed.
class EngineTest : public testing::Test, public Observer {
 public:
  using Work = std::function<StepResult(const StepContext&)>;

  EngineTest();
  ~EngineTest() override;

  Mission mission;
  FakeWorld world;
  RunningClock running_clock;
  std::map<std::string, Work> work;
  std::uint32_t max_parallel = 1;
  History history;
  std::string run_directory;
  bool real_time = false;
  StepJudge judge;
  const KeyedHash hash{"a key"};
  const Earlier* earlier = nullptr;

  // Adds a step; `needs` are ids of steps that are there.
  Step& step(std::string id, std::vector<std::string> needs = {});
  Step& finally(std::string id, std::vector<std::string> needs = {});
  Edge& edge(const std::string& id, std::size_t i = 0);
  // Takes all steps away, and what the last run gave.
  void clear();

  // Runs the mission; `lines` are its events, `report` their fold. Times and limits are left out.
  void run();
  std::vector<std::string> lines;
  RunReport report;
  void on(const Event& event) override;
  // Called with each event, in the thread of run().
  std::function<void(const Event&)> also;
  // While run() is running.
  Engine* engine = nullptr;

 private:
  Step& add(std::vector<Step>& steps, Graph& graph, std::string id, std::vector<std::string> needs);
  std::map<StepIndex, std::string> added_;  // steps that came to be while the mission ran
  Graph graph_;
  Graph finally_graph_;
};

// Waits until the step is told to end, and ends as a command does that was stopped.
StepResult until_stopped(const StepContext& context);
StepResult with_output(Json output);
StepResult exit_code(int code);

using Lines = std::vector<std::string>;

}  // namespace rustchain
