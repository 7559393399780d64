// The promise of --resume, held against the real program: it is killed at any moment, or its journal loses
// its end as when the power goes, and every step that had finished has run once when the mission is through.
// RUSTCHAIN_TORTURE=500 says how often.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr int k_steps = 50;

int rounds() {
  const char* given = std::getenv("RUSTCHAIN_TORTURE");
  return given ? std::max(10, std::atoi(given)) : 10;
}

std::string read_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// 50 steps, each needing what the one before gave: commands that count how often they ran, and files.
class World {
 public:
  World() {
    std::string name = (fs::temp_directory_path() / "rustchain-resume-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw fs::filesystem_error("mkdtemp", name, {});
    directory_ = fs::canonical(name);
    fs::create_directories(directory_ / "count");
    std::ofstream mission(directory_ / "m.yaml");
    mission << "name: many\nversion: '1.0'\nsteps:\n";
    for (int i = 0; i < k_steps; ++i) {
      const std::string id = "s" + std::to_string(i);
      const std::string before = i == 0 ? "begin" : "{s" + std::to_string(i - 1) + "}";
      if (i % 5 == 4) {
        mission << "  - {id: " << id << ", name: " << id << ", step_type: create_file, parameters: {path: f"
                << i << ".txt, content: \"" << (i == 0 ? before : "after {s" + std::to_string(i - 1) + "}")
                << "\"}}\n";
      } else {
        mission << "  - {id: " << id << ", name: " << id
                << ", step_type: command, parameters: {command: \"printf x >> count/" << id << "; printf %s "
                << before << "; printf ." << i << "\"}}\n";
      }
    }
  }
  ~World() {
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  const fs::path& directory() const { return directory_; }

  pid_t start(const std::vector<std::string>& arguments) const {
    const pid_t pid = fork();
    if (pid != 0) return pid;
    if (chdir(directory_.c_str()) != 0) _exit(99);
    std::vector<const char*> words = {RUSTCHAIN_PROGRAM};
    for (const std::string& argument : arguments) words.push_back(argument.c_str());
    words.push_back(nullptr);
    (void)!std::freopen("out", "w", stdout);
    (void)!std::freopen("err", "w", stderr);
    execv(RUSTCHAIN_PROGRAM, const_cast<char* const*>(words.data()));
    _exit(99);
  }
  static int wait(pid_t pid) {
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  int run(const std::vector<std::string>& arguments) const { return wait(start(arguments)); }
  std::string out() const { return read_file(directory_ / "out"); }
  std::string err() const { return read_file(directory_ / "err"); }

  std::vector<fs::path> runs() const {
    std::vector<fs::path> all;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(directory_ / ".rustchain/runs", none))
      all.push_back(entry.path());
    std::sort(all.begin(), all.end());
    return all;
  }
  std::size_t times(int step) const {
    return read_file(directory_ / "count" / ("s" + std::to_string(step))).size();
  }

  // What the last step must have given, whatever happened on the way.
  void expect_right() const {
    std::string expected = "begin";
    for (int i = 0; i < k_steps; ++i) {
      if (i % 5 == 4) {
        EXPECT_EQ(read_file(directory_ / ("f" + std::to_string(i) + ".txt")), "after " + expected);
        expected = "f" + std::to_string(i) + ".txt";
      } else {
        expected += "." + std::to_string(i);
      }
    }
  }

 private:
  fs::path directory_;
};

// Steps that a journal tells the end of.
std::set<int> finished_steps(const fs::path& run) {
  std::set<int> steps;
  std::istringstream lines(read_file(run / "journal.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    if (lines.eof()) break;  // torn
    const std::string head = line.substr(0, 300);
    if (head.find("\"event\":\"step_finished\"") == std::string::npos) continue;
    steps.insert(std::atoi(head.c_str() + head.find("\"step\":") + 7));
  }
  return steps;
}

TEST(Resume, AfterAKillAtAnyMomentEveryFinishedStepHasRunOnce) {
  std::mt19937 random(std::random_device{}());
  World first;
  const auto begin = steady_clock::now();
  ASSERT_EQ(first.run({"run", "m.yaml", "-q"}), 0) << first.err();
  const double whole = std::chrono::duration<double>(steady_clock::now() - begin).count();
  for (int round = 0; round < rounds(); ++round) {
    World world;
    std::set<int> finished;
    std::map<int, std::size_t> cut_off;
    int code = -1;
    for (int tries = 0; tries < 50 && code != 0; ++tries) {
      const std::vector<fs::path> runs = world.runs();
      const bool again = std::any_of(runs.begin(), runs.end(), [](const fs::path& run) {
        return read_file(run / "journal.jsonl").find('\n') != std::string::npos;
      });
      std::vector<std::string> arguments = {"run", "m.yaml", "-q"};
      if (again) arguments.emplace_back("--resume");
      const pid_t pid = world.start(arguments);
      if (tries < 3) {
        std::uniform_real_distribution<double> moment(0, whole);
        std::this_thread::sleep_for(std::chrono::duration<double>(moment(random)));
        kill(pid, SIGKILL);
      }
      code = World::wait(pid);
      // It had come to its end, and was killed on its way out.
      if (code == 2 && world.err().find("nothing to continue") != std::string::npos) code = 0;
      ASSERT_TRUE(code == 0 || code == 137) << world.err();
      if (world.runs() == runs) continue;  // killed before it began
      for (int step : finished_steps(world.runs().back())) {
        EXPECT_TRUE(finished.insert(step).second) << "s" << step << " finished twice, round " << round;
      }
      std::istringstream lines(world.err());
      for (std::string line; std::getline(lines, line);)
        if (std::size_t at = line.find(" was running when"); at != std::string::npos)
          ++cut_off[std::atoi(line.substr(line.find('s') + 1, at).c_str())];
    }
    ASSERT_EQ(code, 0) << world.err();
    world.expect_right();
    EXPECT_EQ(finished.size(), static_cast<std::size_t>(k_steps));
    for (int i = 0; i < k_steps; ++i) {
      if (i % 5 == 4) continue;
      EXPECT_GE(world.times(i), 1u);
      EXPECT_LE(world.times(i), 1 + cut_off[i]) << "s" << i << ", round " << round;
    }
    EXPECT_EQ(world.run({"runs", "verify"}), 0) << world.out();
    if (HasFailure()) return;
  }
}

// The journal as it is on the disk when the power goes: without its last bytes.
TEST(Resume, AfterAPowerCutGoesOnFromWhatTheJournalStillHas) {
  World world;
  ASSERT_EQ(world.run({"run", "m.yaml", "-q"}), 0) << world.err();
  const fs::path run = world.runs().at(0);
  const std::string journal = read_file(run / "journal.jsonl");
  const int samples = std::max(6, rounds() / 10);
  for (int sample = 0; sample < samples; ++sample) {
    const std::size_t cut =
        1 + static_cast<std::size_t>(sample) * 4095 / static_cast<std::size_t>(samples - 1);
    for (const fs::path& other : world.runs())
      if (other != run) fs::remove_all(other);
    std::ofstream(run / "journal.jsonl", std::ios::binary | std::ios::trunc)
        << journal.substr(0, journal.size() - cut);
    for (const auto& entry : fs::directory_iterator(world.directory() / "count"))
      std::ofstream(entry.path()) << "x";
    const std::set<int> finished = finished_steps(run);

    EXPECT_EQ(world.run({"runs", "verify", run.filename().string()}), 0) << world.out();
    EXPECT_NE(world.out().find("journal ends"), std::string::npos) << world.out();
    ASSERT_EQ(world.run({"run", "m.yaml", "-q", "--resume"}), 0) << world.err();
    world.expect_right();
    for (int i = 0; i < k_steps; ++i) {
      if (i % 5 == 4) continue;
      EXPECT_EQ(world.times(i), finished.contains(i) ? 1u : 2u) << "s" << i << ", cut " << cut;
    }
    EXPECT_EQ(world.run({"runs", "verify"}), 0) << world.out();
  }
}

// Every file below the directory: its bytes and its time.
std::map<std::string, std::pair<std::string, fs::file_time_type>> snapshot(const fs::path& directory) {
  std::map<std::string, std::pair<std::string, fs::file_time_type>> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.path() == directory / "out" || entry.path() == directory / "err") continue;
    files[entry.path().string()] = {entry.is_regular_file() ? read_file(entry.path()) : "",
                                    entry.last_write_time()};
  }
  return files;
}

TEST(Resume, WhatOnlyLooksChangesNothing) {
  World world;
  ASSERT_EQ(world.run({"run", "m.yaml", "-q"}), 0) << world.err();
  std::ofstream(world.directory() / "out") << "";
  const auto before = snapshot(world.directory());
  const std::vector<std::vector<std::string>> commands = {
      {"validate", "m.yaml"},
      {"plan", "m.yaml"},
      {"run", "m.yaml", "--dry-run"},
      {"graph", "m.yaml"},
      {"list"},
      {"runs", "list"},
      {"runs", "show", "last"},
      {"runs", "show", "last", "--output", "json"},
      {"runs", "verify"},
      {"runs", "prune", "--keep", "0", "--dry-run"},
      {"why", "last", "s3"},
      {"why", "last", "s3", "--output", "json"},
      {"report", "last"},
      {"report", "last", "--format", "json"},
      {"explain", "RC0104"},
      {"run", "m.yaml", "--resume"},  // there is nothing to continue
  };
  for (const std::vector<std::string>& command : commands) {
    const int code = world.run(command);
    EXPECT_EQ(code, command.back() == "--resume" ? 2 : 0) << command.front() << ": " << world.err();
    EXPECT_TRUE(snapshot(world.directory()) == before) << command.front();
  }
}

}  // namespace
