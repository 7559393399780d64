#include "engine/limits.hpp"

#include "engine/watch.hpp"
#include "engine_fixture.hpp"
#include "unit/platform/process_fixture.hpp"

#include <cmath>

namespace rustchain {
namespace {

SteadyTime at(double seconds) {
  return SteadyTime(std::chrono::duration_cast<SteadyTime::duration>(Seconds(seconds)));
}

TreeUsage usage(double memory_mb, double cpu = 0, double disk_mb = 0) {
  TreeUsage usage;
  usage.memory_bytes = static_cast<std::uint64_t>(memory_mb * 1e6);
  usage.cpu = Seconds(cpu);
  usage.disk_bytes = static_cast<std::uint64_t>(disk_mb * 1e6);
  return usage;
}

// A step that begins at 0 s, looked at whenever it wants to be.
struct Looked {
  LimitCheck check;
  double now = 0;

  explicit Looked(ResourceLimits limits, Monitoring monitoring = {}) : check(limits, monitoring, at(0)) {}
  // What there is to tell, a line each; "stop: " before what stops it.
  Lines look(const TreeUsage& usage) {
    now = Seconds(check.next_look().time_since_epoch()).count();
    LimitVerdict verdict = check.look(at(now), at(now), usage);
    Lines lines;
    for (const LimitWarning& warning : verdict.warnings) lines.push_back(warning.message);
    if (verdict.stop) lines.push_back("stop: " + verdict.stop->message);
    return lines;
  }
};

TEST(LimitCheck, WithoutLimitsIsNeverLookedAt) {
  EXPECT_EQ(LimitCheck({}, {}, at(0)).next_look(), SteadyTime::max());
}

TEST(LimitCheck, LooksEarlyFirstAndThenAtTheInterval) {
  Looked looked({.max_memory_mb = 100});
  std::vector<double> times;
  for (int i = 0; i < 9; ++i) {
    looked.look(usage(1));
    times.push_back(std::round(looked.now * 10) / 10);
  }
  EXPECT_EQ(times, (std::vector<double>{0.1, 0.3, 0.7, 1.5, 3.1, 6.3, 11.3, 16.3, 21.3}));
}

TEST(LimitCheck, TakesATwentiethOfTheTimeAtMost) {
  LimitCheck check({.max_memory_mb = 100}, {.check_interval_seconds = 1}, at(0));
  check.look(at(0.1), at(0.6), usage(1));
  EXPECT_EQ(check.next_look(), at(0.6) + std::chrono::seconds(10));
}

TEST(LimitCheck, WarnsOnceOfMemoryAndStopsPastTheLimit) {
  Looked looked({.max_memory_mb = 100});
  EXPECT_EQ(looked.look(usage(79)), Lines{});
  EXPECT_EQ(looked.look(usage(82.5)),
            Lines{"takes 82.5 MB of memory, 82 % of what max_memory_mb allows (100.0 MB)"});
  EXPECT_EQ(looked.look(usage(100)), Lines{});
  EXPECT_EQ(looked.look(usage(100.1)), Lines{"stop: took 100.1 MB of memory; max_memory_mb allows 100.0 MB"});
}

TEST(LimitCheck, OnlyWarnsWhereTheMissionSaysSo) {
  Looked looked({.max_memory_mb = 100}, {.kill_on_exceed = false});
  Lines past{"took 150.0 MB of memory; max_memory_mb allows 100.0 MB"};
  EXPECT_EQ(looked.look(usage(150)), past);
  EXPECT_EQ(looked.look(usage(90)), Lines{});
  EXPECT_EQ(looked.look(usage(150)), Lines{});
}

TEST(LimitCheck, CpuIsAMeanOverASecondAtLeast) {
  Looked looked({.max_cpu_percent = 50});
  EXPECT_EQ(looked.look(usage(1, 0.1)), Lines{});  // all of the first 100 ms: too short to count
  looked.look(usage(1, 0.3));
  looked.look(usage(1, 0.6));
  EXPECT_EQ(looked.look(usage(1, 0.6)),  // 0.6 of 1.5 s
            Lines{"takes 40 % of a core, 80 % of what max_cpu_percent allows (50 %)"});
  EXPECT_EQ(looked.look(usage(1, 1.56)),  // 0.96 of 1.6 s
            Lines{"stop: took 60 % of a core; max_cpu_percent allows 50 %"});
}

TEST(LimitCheck, AllOfOneCoreIsNotMoreThanOneCore) {
  Looked looked({.max_cpu_percent = 100}, {.check_interval_seconds = 0.1, .warn_threshold_percent = 200});
  for (int i = 1; i < 50; ++i) {
    TreeUsage all = usage(1, std::floor(i * 10.0) / 100);  // as the kernel tells it, in hundredths
    all.processes = 1;
    EXPECT_EQ(looked.look(all), Lines{}) << looked.now;
  }
}

TEST(LimitCheck, DiskIsARate) {
  Looked looked({.max_disk_io_mb_per_sec = 10}, {.check_interval_seconds = 1, .kill_on_exceed = true});
  for (int i = 0; i < 3; ++i) looked.look(usage(1));
  EXPECT_EQ(
      looked.look(usage(1, 0, 13.6)),  // in 1.5 s, then in 1 s
      Lines{"reads and writes 9.1 MB a second on disk, 90 % of what max_disk_io_mb_per_sec allows (10.0 "
            "MB)"});
  EXPECT_EQ(looked.look(usage(1, 0, 25.6)),
            Lines{"stop: read and wrote 12.0 MB a second on disk; max_disk_io_mb_per_sec allows 10.0 MB"});
}

TEST(LimitCheck, WhatTheSystemEnforcesIsWarnedOfOnly) {
  Looked looked({.max_memory_mb = 100});
  TreeUsage enforced = usage(105);
  enforced.limits_enforced = true;
  EXPECT_EQ(looked.look(enforced),
            Lines{"takes 105.0 MB of memory, 105 % of what max_memory_mb allows (100.0 MB)"});
  EXPECT_EQ(looked.look(enforced), Lines{});
}

TEST(LimitCheck, SaysWhatTheLimitsAre) {
  EXPECT_EQ(describe(ResourceLimits{512, 200, 5.5}),
            "512.0 MB of memory, 200 % of a core, 5.5 MB a second on disk");
  EXPECT_EQ(describe(ResourceLimits{}), "");
}

TEST(LimitCheck, TheSystemIsAskedToEnforceOnlyWhatMayStopTheStep) {
  ProcessLimits limits = enforceable({512, 150, 5}, {});
  EXPECT_EQ(limits.memory_bytes, 512'000'000u);
  EXPECT_EQ(limits.cpu_percent, 150);
  EXPECT_FALSE(enforceable({512, 150, 5}, {.kill_on_exceed = false}).any());
}

// ---- real processes

class LimitsOfProcesses : public ProcessFixture {
 protected:
  ProcessEnd run_within(const ResourceLimits& limits, ProcessRequest request) {
    Services services{clock_, world_.files, *processes_, world_.http, {}, world_.services.random};
    Watch watch(services, [](const Stopping&) {});
    watched_ = std::make_shared<Watched>(
        StepLimit{}, std::vector<std::string>(),
        StepBounds{limits, {.check_interval_seconds = 0.1}, [this](const LimitWarning& warning) {
                     warned_.push_back(warning.limit);
                   }});
    request.on_started = [this](int process) { watched_->started_process(process); };
    watch.begin(watched_);
    Result<ProcessEnd, Failure> end = processes_->run(request, watched_->stop());
    watch.end(watched_);
    EXPECT_TRUE(end.ok());
    return end ? std::move(*end) : ProcessEnd{};
  }

  RunningClock clock_;
  FakeWorld world_;
  std::shared_ptr<Watched> watched_;
  Lines warned_;
};

TEST_F(LimitsOfProcesses, StopOneThatEatsMemory) {
  ProcessEnd end =
      run_within({.max_memory_mb = 30}, helper({"background", "eat:20", "pause", "end", "eat:20", "pause"}));
  EXPECT_EQ(end.stopped_by, StopReason::resource_limit);
  EXPECT_TRUE(watched_->message().starts_with("took 4")) << watched_->message();
  EXPECT_EQ(end.ended.size(), 2u);
}

TEST_F(LimitsOfProcesses, StopOneThatBurnsCpu) {
  ProcessEnd end = run_within({.max_cpu_percent = 20}, helper({"burn"}));
  EXPECT_EQ(end.stopped_by, StopReason::resource_limit);
  EXPECT_NE(watched_->message().find("of a core; max_cpu_percent allows 20 %"), std::string::npos)
      << watched_->message();
}

TEST_F(LimitsOfProcesses, LeaveAloneWhatKeepsToThem) {
  ProcessEnd end =
      run_within({.max_memory_mb = 1000, .max_cpu_percent = 1000, .max_disk_io_mb_per_sec = 100000},
                 helper({"eat:20", "exit:3"}));
  EXPECT_EQ(end.exit_code, 3);
  EXPECT_EQ(end.stopped_by, StopReason::none);
  EXPECT_EQ(warned_, Lines{});
}

}  // namespace
}  // namespace rustchain
