#include "platform/process_tree.hpp"
#include "unit/platform/process_fixture.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <future>
#include <set>
#include <thread>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace rustchain {
namespace {

using std::chrono::steady_clock;

// The worst of steps: every way to get away from who wants to end it. They say seven times that they are
// there.
std::vector<std::string> escape_artists(const std::string& fifo) {
  std::string tell = "tell:" + fifo;
  return {"background",  "ignore-term", tell,          "pause",       "end",  // in the group
          "background",  "setsid",      "ignore-term", tell,          "write-forever",
          "end",  // in a session of its own
          "background",  "background",  "setsid",      "ignore-term", tell,
          "pause",       "end",  // adopted already
          "exit:0",      "end",  //
          "background",  "setsid",      "background",  "setsid",      "background",
          "setsid",      "ignore-term", tell,          "pause",       "end",
          tell,          "pause",       "end",         tell,          "pause",
          "end",  // a chain of sessions
          "ignore-term", tell,          "pause"};
}
constexpr int k_escape_artists = 7;

int torture_rounds() {
  const char* rounds = std::getenv("RUSTCHAIN_TORTURE");
  return rounds ? std::atoi(rounds) : 10;
}

// Numbers below 2 mean groups, or all there is.
void kill_one(int pid, int signal) {
  ASSERT_GT(pid, 1);
  kill(pid, signal);
}

class ProcessStop : public ProcessFixture {
 protected:
  // Runs `request`, and does `then` in another thread once its processes have told so often that they are
  // there.
  ProcessEnd run_and(const ProcessRequest& request, int told, const std::function<void()>& then) {
    std::thread other([&] {
      await(told);
      then();
    });
    ProcessEnd end = run(request);
    other.join();
    return end;
  }
  std::function<void()> stop() {
    return [this] { stop_.request(StopReason::timeout); };
  }
  std::function<void()> stop_at_once() {
    return [this] { stop_.request_at_once(StopReason::interrupt); };
  }
  std::string tell() const { return "tell:" + fifo(); }
  static int guardian() {
    for (const ProcessInfo& process : descendants(getpid()))
      if (process.name == "step-guard") return process.pid;
    return 0;
  }
};

std::multiset<int> signals_of(const std::vector<EndedProcess>& ended) {
  std::multiset<int> signals;
  for (const EndedProcess& process : ended) signals.insert(process.signal);
  return signals;
}

TEST_F(ProcessStop, EndsAProcessWithSigterm) {
  ProcessEnd end = run_and(helper({"text:so far", tell(), "pause"}), 1, stop());
  EXPECT_EQ(end.signal, SIGTERM);
  EXPECT_EQ(end.stopped_by, StopReason::timeout);
  EXPECT_EQ(end.out.text(), "so far");
  ASSERT_EQ(end.ended.size(), 1u);
  EXPECT_EQ(end.ended[0].command, "process_helper");
  EXPECT_EQ(end.ended[0].signal, SIGTERM);
  EXPECT_TRUE(end.left_over.empty());
}

TEST_F(ProcessStop, AProcessMayEndInItsOwnWay) {
  ProcessEnd end = run_and(helper({"exit-on-term:7", tell(), "pause"}), 1, stop());
  EXPECT_EQ(end.signal, 0);
  EXPECT_EQ(end.exit_code, 7);
  EXPECT_EQ(end.stopped_by, StopReason::timeout);
}

TEST_F(ProcessStop, KillsAfterTheGrace) {
  ProcessRequest request = helper({"ignore-term", tell(), "pause"});
  request.grace = Seconds(0.1);
  ProcessEnd end = run_and(request, 1, stop());
  EXPECT_EQ(end.signal, SIGKILL);
  ASSERT_EQ(end.ended.size(), 1u);
  EXPECT_EQ(end.ended[0].signal, SIGKILL);
}

TEST_F(ProcessStop, AtOnceWaitsForNoGrace) {
  ProcessRequest request = helper({"ignore-term", tell(), "pause"});
  request.grace = Seconds(1000);
  ProcessEnd end = run_and(request, 1, stop_at_once());
  EXPECT_EQ(end.signal, SIGKILL);
  EXPECT_EQ(end.stopped_by, StopReason::interrupt);
}

TEST_F(ProcessStop, AtOnceCutsTheGraceShort) {
  ProcessRequest request = helper({"ignore-term", tell(), "pause"});
  request.grace = Seconds(1000);
  ProcessEnd end = run_and(request, 1, [&] {
    stop_.request(StopReason::interrupt);
    stop_.request_at_once(StopReason::interrupt);
  });
  EXPECT_EQ(end.signal, SIGKILL);
}

TEST_F(ProcessStop, WakesProcessesThatAreStopped) {
  ProcessRequest request =
      helper({"background", "exit-on-term:0", tell(), "stop-self", "pause", "end", tell(), "pause"});
  request.grace = Seconds(1000);
  ProcessEnd end = run_and(request, 2, stop());
  EXPECT_EQ(signals_of(end.ended), (std::multiset<int>{SIGTERM, SIGTERM}));
}

TEST_F(ProcessStop, FindsWhatHasLeftTheGroup) {
  ProcessRequest request = helper(escape_artists(fifo()));
  request.grace = Seconds(0.1);
  ProcessEnd end = run_and(request, k_escape_artists, stop());
  EXPECT_EQ(end.signal, SIGKILL);
  EXPECT_EQ(signals_of(end.ended),
            (std::multiset<int>{SIGTERM, SIGTERM, SIGKILL, SIGKILL, SIGKILL, SIGKILL, SIGKILL}));
  EXPECT_TRUE(alive().empty());
}

TEST_F(ProcessStop, TheTreeIsSeenInBothWays) {
  ProcessRequest request = helper(escape_artists(fifo()));
  std::vector<ProcessInfo> tree;
  std::vector<ProcessInfo> by_scan;
  run_and(request, k_escape_artists, [&] {
    int root = guardian();
    tree = descendants(root);
    by_scan = descendants_by_scan(root);
    stop_.request_at_once(StopReason::timeout);
  });
  auto pids = [](const std::vector<ProcessInfo>& processes) {
    std::set<int> found;
    for (const ProcessInfo& process : processes) found.insert(process.pid);
    return found;
  };
  EXPECT_EQ(tree.size(), static_cast<std::size_t>(k_escape_artists));
  EXPECT_EQ(pids(tree), pids(by_scan));
}

TEST_F(ProcessStop, ARequestBeforeTheStartStartsNothing) {
  stop_.request(StopReason::fail_fast);
  ProcessEnd end = run(helper({tell()}));
  EXPECT_EQ(end.stopped_by, StopReason::fail_fast);
  EXPECT_EQ(end.signal, SIGTERM);
}

TEST_F(ProcessStop, ARequestAfterTheEndChangesNothing) {
  ProcessEnd end = run(helper({"exit:5"}));
  stop_.request(StopReason::timeout);
  EXPECT_EQ(end.stopped_by, StopReason::none);
  Stop another;
  Result<ProcessEnd, Failure> next = processes_->run(helper({"exit:6"}), another);
  ASSERT_TRUE(next.ok());
  EXPECT_EQ(next->exit_code, 6);
}

TEST_F(ProcessStop, WhatAnEndedProcessLeavesIsEndedAndNamed) {
  ProcessRequest request = helper({"background", "tell:" + fifo(), "pause", "end", "background", "setsid",
                                   "ignore-term", "tell:" + fifo(), "pause", "end", "text:done", "exit:2"});
  request.grace = Seconds(0.1);
  ProcessEnd end = run(request);
  EXPECT_EQ(end.exit_code, 2);
  EXPECT_EQ(end.out.text(), "done");
  EXPECT_EQ(end.stopped_by, StopReason::none);
  EXPECT_TRUE(end.ended.empty());
  ASSERT_EQ(end.left_over.size(), 2u);
  EXPECT_EQ(end.left_over[0].command, "process_helper");
}

TEST_F(ProcessStop, WhatEndsSoonAfterTheMainProcessLosesNothing) {
  ProcessRequest request = helper({"background", "setsid", "echo", "text: and gone", "end", "exit:0"});
  request.stdin_text = std::string(70'000, 'a');
  ProcessEnd end = run(request);
  EXPECT_EQ(end.out.bytes, 70'009u);
  EXPECT_TRUE(end.left_over.empty());
}

TEST_F(ProcessStop, DoesNotWaitForAPipeThatOthersHold) {
  // The held pipe is that of a step outside this one's tree: this very process reopens it.
  ProcessRequest request = helper({"text:mine", tell(), "pause"});
  int held = -1;
  ProcessEnd end = run_and(request, 1, [&] {
    held = open(("/proc/" + std::to_string(alive().front()) + "/fd/1").c_str(), O_WRONLY | O_CLOEXEC);
    stop_.request(StopReason::timeout);
  });
  EXPECT_GE(held, 0);
  EXPECT_EQ(end.out.text(), "mine");
  close(held);
}

TEST_F(ProcessStop, DoesNotWaitForAPipeThatOthersFill) {
  ProcessRequest request = helper({tell(), "pause"});
  std::thread writer;
  ProcessEnd end = run_and(request, 1, [&] {
    int held = open(("/proc/" + std::to_string(alive().front()) + "/fd/1").c_str(), O_WRONLY | O_CLOEXEC);
    ASSERT_GE(held, 0);
    writer = std::thread([held] {
      while (write(held, "for ever", 8) == 8) {
      }
      close(held);
    });
    stop_.request(StopReason::timeout);
  });
  EXPECT_EQ(end.signal, SIGTERM);
  writer.join();
}

TEST_F(ProcessStop, ABombIsEnded) {
  for (int round = 0; round < torture_rounds() / 5 + 1; ++round) {
    Stop stop;
    ProcessRequest request = helper({tell(), "bomb:3"});
    request.grace = Seconds(0);
    std::thread other([&] {
      await(1);
      stop.request(StopReason::timeout);
    });
    Result<ProcessEnd, Failure> end = processes_->run(request, stop);
    other.join();
    ASSERT_TRUE(end.ok());
    EXPECT_FALSE(end->ended.empty());
    EXPECT_TRUE(alive().empty());
  }
}

TEST_F(ProcessStop, AKilledGuardianTakesItsStepAlong) {
  ProcessRequest request = helper(escape_artists(fifo()));
  std::thread other([&] {
    await(k_escape_artists);
    kill_one(guardian(), SIGKILL);
  });
  Failure found = failure(request);
  other.join();
  EXPECT_EQ(found.kind, FailureKind::signal);
  EXPECT_TRUE(nothing_alive_soon());
  EXPECT_EQ(run(helper({"text:next"})).out.text(), "next");
}

TEST_F(ProcessStop, AGuardianKilledWhileIdleIsReplaced) {
  run(helper({}));
  int idle = guardian();
  kill_one(idle, SIGKILL);
  siginfo_t seen{};
  waitid(P_PID, static_cast<id_t>(idle), &seen, WEXITED | WNOWAIT);
  EXPECT_EQ(run(helper({"text:next"})).out.text(), "next");
}

TEST_F(ProcessStop, AStoppedGuardianIsWokenToStop) {
  ProcessRequest request = helper({tell(), "pause"});
  ProcessEnd end = run_and(request, 1, [&] {
    kill_one(guardian(), SIGSTOP);
    stop_.request(StopReason::timeout);
  });
  EXPECT_EQ(end.signal, SIGTERM);
}

TEST_F(ProcessStop, TortureLeavesNothing) {
  constexpr auto most = std::chrono::milliseconds(100 + 2000);
  for (int round = 0; round < torture_rounds(); ++round) {
    for (bool at_once : {false, true}) {
      Stop stop;
      ProcessRequest request = helper(escape_artists(fifo()));
      request.grace = Seconds(0.1);
      steady_clock::time_point asked;
      std::thread other([&] {
        await(k_escape_artists);
        asked = steady_clock::now();
        at_once ? stop.request_at_once(StopReason::timeout) : stop.request(StopReason::timeout);
      });
      Result<ProcessEnd, Failure> end = processes_->run(request, stop);
      auto ended = steady_clock::now();
      other.join();
      ASSERT_TRUE(end.ok());
      ASSERT_EQ(end->ended.size(), 7u);
      ASSERT_TRUE(alive().empty());
      if (std::getenv("RUSTCHAIN_TORTURE")) {  // a promise to keep on a machine of ordinary speed
        ASSERT_LT(ended - asked, most);
      }
    }
  }
}

TEST_F(ProcessStop, AKilledRunnerLeavesNothing) {
  for (int round = 0; round < torture_rounds(); ++round) {
    for (int signal : {SIGKILL, SIGTERM}) {
      std::vector<std::string> words{RUSTCHAIN_PROCESS_RUNNER, "0.1", RUSTCHAIN_PROCESS_HELPER};
      for (std::string& action : escape_artists(fifo())) words.push_back(std::move(action));
      std::vector<char*> argv;
      for (std::string& word : words) argv.push_back(word.data());
      argv.push_back(nullptr);
      std::string token = std::string(k_token_name) + "=" + token_;
      std::array<char*, 2> environment{token.data(), nullptr};
      pid_t runner = -1;
      ASSERT_EQ(posix_spawn(&runner, argv[0], nullptr, nullptr, argv.data(), environment.data()), 0);
      await(k_escape_artists);
      kill_one(runner, signal);
      waitpid(runner, nullptr, 0);
      ASSERT_TRUE(nothing_alive_soon());
    }
  }
}

}  // namespace
}  // namespace rustchain
