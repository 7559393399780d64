#include "engine/watch.hpp"

#include "engine_fixture.hpp"

#include <future>

namespace rustchain {
namespace {

// A tree that tells when it is measured, and processes whose use of the CPU grows for some looks.
struct MeasuredFiles : FakeFiles {
  std::promise<std::string> measured;
  TreeSize tree_size(const std::string& path, const std::function<bool(const TreeSize&)>& enough) override {
    measured.set_value(path);
    return FakeFiles::tree_size(path, enough);
  }
};
struct BusyProcesses : FakeProcesses {
  std::atomic<int> looks = 0;
  std::optional<TreeUsage> usage(int process) override {
    EXPECT_EQ(process, 7);
    TreeUsage usage;
    usage.cpu = Seconds(std::min(++looks, 4));
    return usage;
  }
};

struct WatchTest : testing::Test {
  FakeWorld world;
  RunningClock clock;
  MeasuredFiles files;
  BusyProcesses processes;
  Services services{clock, files, processes, world.http, {}, world.services.random};
  std::vector<Stopping> told;
  std::shared_ptr<Watched> watched;

  WatchTest() {
    StepLimit limit;
    limit.seconds = limit.base_seconds = 0.02;
    limit.max_seconds = 1000;
    limit.adaptive = true;
    limit.size_factor = 1;
    limit.how = "auto: base 0.02 s";
    watched = std::make_shared<Watched>(limit, std::vector<std::string>{"/tree"});
  }

  void until_stopped() {
    std::promise<void> stopped;
    std::stop_callback callback(watched->stop().token(), [&] { stopped.set_value(); });
    stopped.get_future().wait();
  }
};

TEST_F(WatchTest, WaitsOnWhileTheProcessesShowLife) {
  Watch watch(services, [](const Stopping&) {});
  watched->started_process(7);
  watch.begin(watched);
  until_stopped();
  watch.end(watched);
  EXPECT_GE(processes.looks, 5);
  EXPECT_EQ(watched->stop().reason(), StopReason::timeout);
  EXPECT_NE(watched->message().find("extended while it showed life"), std::string::npos)
      << watched->message();
  EXPECT_EQ(watched->help(), "give the step a timeout_seconds of its own, or a larger max_timeout_seconds");
}

TEST_F(WatchTest, MeasuresTheTreeWhenTheLimitDrawsNear) {
  Watch watch(services, [](const Stopping&) {});
  watch.begin(watched);
  EXPECT_EQ(files.measured.get_future().get(), "/tree");
  watch.end(watched);
}

TEST_F(WatchTest, WhatBeginsAfterAnInterruptIsStoppedToo) {
  Watch watch(services, [&](const Stopping& stopping) { told.push_back(stopping); });
  watch.interrupt(2);
  watch.begin(watched);
  EXPECT_EQ(watched->stop().reason(), StopReason::interrupt);
  EXPECT_FALSE(watched->stop().at_once());
  watch.end(watched);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].signal, 2);
}

TEST_F(WatchTest, TheNextPhaseBeginsAfresh) {
  Watch watch(services, [&](const Stopping& stopping) { told.push_back(stopping); });
  watch.interrupt(2);
  watch.next_phase();
  watch.begin(watched);
  EXPECT_FALSE(watched->stop().requested());
  watch.interrupt(2);
  EXPECT_TRUE(watched->stop().at_once());
  watch.end(watched);
  EXPECT_EQ(told[1].phase, 1u);
  EXPECT_TRUE(told[1].at_once);
}

}  // namespace
}  // namespace rustchain
