// The promise that nothing survives a step, held against the real program: a step whose processes try every
// way to get away is ended by its timeout, by SIGINT, by SIGTERM, and by the death of rustchain itself.
// RUSTCHAIN_TORTURE=200 says how often, and holds the ends to their time.
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace {

namespace fs = std::filesystem;
using std::chrono::duration;
using std::chrono::steady_clock;

constexpr double k_grace = 0.3;
constexpr double k_most_after_grace = 2;
constexpr int k_tells = 7;

int rounds() {
  const char* given = std::getenv("RUSTCHAIN_TORTURE");
  return given ? std::atoi(given) : 1;
}

// A mission with such a step, running in a directory of its own.
class TorturedRun {
 public:
  explicit TorturedRun(double timeout) {
    std::string name = (fs::temp_directory_path() / "rustchain-torture-XXXXXX").string();
    directory_ = fs::canonical(mkdtemp(name.data())).string();
    token_ = "RUSTCHAIN_TORTURE_TOKEN=" + directory_;
    mkfifo(fifo().c_str(), 0600);
    fifo_ = open(fifo().c_str(), O_RDWR | O_CLOEXEC);
    write_mission(timeout);
    start();
  }
  ~TorturedRun() {
    for (int pid : survivors()) kill(pid, SIGKILL);
    close(fifo_);
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
  }
  TorturedRun(const TorturedRun&) = delete;
  TorturedRun& operator=(const TorturedRun&) = delete;

  int pid() const { return pid_; }
  // Until all of the step's processes are there.
  void await() const {
    for (int told = 0; told < k_tells; ++told) {
      pollfd news{fifo_, POLLIN, 0};
      char byte = 0;
      ASSERT_EQ(poll(&news, 1, 30'000), 1) << "only " << told << " processes came";
      ASSERT_EQ(read(fifo_, &byte, 1), 1);
    }
  }
  // The exit code of rustchain; 128 + N: signal N ended it.
  int wait() const {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  // Whatever lives and has this run's token.
  std::vector<int> survivors() const {
    std::vector<int> found;
    for (const fs::directory_entry& entry : fs::directory_iterator("/proc")) {
      int pid = std::atoi(entry.path().filename().c_str());
      if (pid <= 1) continue;
      std::ifstream file(entry.path() / "environ", std::ios::binary);
      std::string environment{std::istreambuf_iterator<char>(file), {}};
      if (environment.find(token_) != std::string::npos) found.push_back(pid);
    }
    return found;
  }

 private:
  std::string fifo() const { return directory_ + "/fifo"; }

  void write_mission(double timeout) const {
    const std::string tell = "tell:" + fifo();
    const std::vector<std::string> actions = {
        "background",   "ignore-term", tell,          "pause",       "end",  // in the group, holds the pipes
        "background",   "setsid",      tell,          "pause",       "end",  // in a session of its own
        "background",   "background",  "setsid",      "ignore-term", tell,
        "pause",        "end",  // adopted already
        "exit:0",       "end",  //
        "background",   "setsid",      "background",  "setsid",      "ignore-term",
        "close-output", tell,          "pause",       "end",         tell,
        "pause",        "end",  // a chain of sessions
        "background",   "setsid",      "ignore-term", tell,          "bomb:2",
        "end",  // forks while it is killed
        "ignore-term",  tell,          "pause"};
    std::ofstream file(directory_ + "/m.yaml");
    file
        << "name: Torture\nversion: '1.0'\nsteps:\n  - id: escape\n    name: Escape\n    step_type: command\n"
        << "    timeout_seconds: " << timeout << "\n    grace_seconds: " << k_grace
        << "\n    parameters:\n      command: " << RUSTCHAIN_PROCESS_HELPER << "\n      args:\n";
    for (const std::string& action : actions) file << "        - \"" << action << "\"\n";
  }

  void start() {
    std::string program = RUSTCHAIN_PROGRAM;
    std::string path = "PATH=/usr/bin:/bin";
    std::array<std::string, 4> words{program, "run", "--quiet", "m.yaml"};
    std::array<char*, 5> argv{words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
    std::array<char*, 3> environment{token_.data(), path.data(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addchdir_np(&actions, directory_.c_str());
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    // A shell starts what runs in the background with SIGINT ignored, and that would be respected.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t usual;
    sigemptyset(&usual);
    sigaddset(&usual, SIGINT);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    EXPECT_EQ(posix_spawn(&pid_, program.c_str(), &actions, &attributes, argv.data(), environment.data()), 0);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
  }

  std::string directory_;
  std::string token_;
  int fifo_ = -1;
  pid_t pid_ = -1;
};

double since(steady_clock::time_point begin) {
  return duration<double>(steady_clock::now() - begin).count();
}

class Torture : public testing::Test {
 protected:
  // `asked` is when the end was asked for; the figures are told at the end.
  void ended(double seconds) {
    worst_ = std::max(worst_, seconds);
    if (std::getenv("RUSTCHAIN_TORTURE")) {  // a promise to keep on a machine of ordinary speed
      ASSERT_LT(seconds, k_grace + k_most_after_grace);
    }
  }
  void by_signal(int signal, int exit_code) {
    for (int round = 0; round < rounds(); ++round) {
      TorturedRun run(300);
      run.await();
      auto asked = steady_clock::now();
      ASSERT_GT(run.pid(), 1);
      kill(run.pid(), signal);
      ASSERT_EQ(run.wait(), exit_code);
      // Whoever was killed can't wait for what it started.
      while (signal == SIGKILL && !run.survivors().empty() && since(asked) < 30)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      ended(since(asked));
      ASSERT_EQ(run.survivors(), std::vector<int>()) << "round " << round;
    }
  }
  ~Torture() override {
    if (std::getenv("RUSTCHAIN_TORTURE"))
      std::printf("%d rounds, the slowest end took %.2f s\n", rounds(), worst_);
  }

 private:
  double worst_ = 0;
};

TEST_F(Torture, ATimeoutLeavesNothing) {
  for (int round = 0; round < rounds(); ++round) {
    constexpr double timeout = 0.7;
    auto began = steady_clock::now();
    TorturedRun run(timeout);
    ASSERT_EQ(run.wait(), 1);
    ended(since(began) - timeout);
    ASSERT_EQ(run.survivors(), std::vector<int>()) << "round " << round;
  }
}

TEST_F(Torture, CtrlCLeavesNothing) {
  by_signal(SIGINT, 130);
}

TEST_F(Torture, SigtermLeavesNothing) {
  by_signal(SIGTERM, 143);
}

TEST_F(Torture, AKilledRustchainLeavesNothing) {
  by_signal(SIGKILL, 128 + SIGKILL);
}

}  // namespace
