// The promise of --resume, held against the real program: it is killed at any moment, or its journal loses
// its end as when the power goes, and every step that had finished has run once when the mission is through.
// RUSTCHAIN_TORTURE=500 says how often.
#include "workplace.hpp"

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
using rustchain::testing::read_file;
using rustchain::testing::Workplace;
using std::chrono::steady_clock;

// Steps of the mission: a kill comes at any moment of it, however long it is.
const int k_steps = std::getenv("RUSTCHAIN_TORTURE") ? 50 : 25;

int rounds() {
  const char* given = std::getenv("RUSTCHAIN_TORTURE");
  return given ? std::max(10, std::atoi(given)) : 10;
}

// Steps, each needing what the one before gave: commands that count how often they ran, and files.
class World : public Workplace {
 public:
  World() {
    fs::create_directories(directory() / "count");
    std::ofstream mission(directory() / "m.yaml");
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
  std::size_t times(int step) const {
    return read_file(directory() / "count" / ("s" + std::to_string(step))).size();
  }

  // What the last step must have given, whatever happened on the way.
  void expect_right() const {
    std::string expected = "begin";
    for (int i = 0; i < k_steps; ++i) {
      if (i % 5 == 4) {
        EXPECT_EQ(read_file(directory() / ("f" + std::to_string(i) + ".txt")), "after " + expected);
        expected = "f" + std::to_string(i) + ".txt";
      } else {
        expected += "." + std::to_string(i);
      }
    }
  }
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

// The ids of the steps that the plan says are reused.
std::set<std::string> planned(const std::string& plan) {
  std::set<std::string> ids;
  std::string id;
  std::istringstream lines(plan);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line[0] >= '0' && line[0] <= '9')
      id = line.substr(line.find(' ') + 1, line.find("  [") - line.find(' ') - 1);
    if (line.find("resume:    reused from ") != std::string::npos) ids.insert(id);
  }
  return ids;
}

// Those of the steps that the summary of a run says were.
std::set<std::string> reused(const std::string& summary) {
  std::set<std::string> ids;
  std::istringstream lines(summary);
  std::string id;
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("♻")) std::istringstream(line.substr(line.find(' '))) >> id, ids.insert(id);
  return ids;
}

TEST(Resume, ThePlanTellsWhatTheRunThenDoes) {
  const std::string mission = R"(name: p
version: '1.0'
vars: {word: one}
steps:
  - {id: a, step_type: command, parameters: {command: "cat in.txt"}}
  - {id: b, step_type: command, parameters: {command: "printf '{a} {word}'"}}
  - {id: c, step_type: create_file, depends_on: [a], parameters: {path: c.txt, content: "{word}"}}
  - {id: each, step_type: command, foreach: [x, y], depends_on: [c], parameters: {command: "echo {item}"}}
  - {id: inner, step_type: mission, parameters: {mission: inner.yaml, vars: {word: "{b}"}}}
  - {id: slow, step_type: command, repeat_count: 3, delay_between_repeats_ms: 1, parameters: {command: "true"}}
  - {id: service, step_type: command, parameters: {command: "sleep 60", background: true}}
  - {id: client, step_type: command, depends_on: [service], parameters: {command: "echo client"}}
  - {id: gone, step_type: command, when: "{a} == nothing", parameters: {command: "echo gone"}}
  - {id: gate, step_type: command, continue_on_error: true, parameters: {command: "test -e open"}}
  - {id: behind, step_type: command, depends_on: [gate], parameters: {command: "true"}}
  - {id: beside, step_type: command, depends_on: [behind], dependency_strategy: best_effort, parameters: {command: "true"}}
  - {id: after, step_type: command, depends_on: [beside], parameters: {command: "true"}}
  - {id: bad, step_type: command, depends_on: [each], continue_on_error: true, parameters: {command: "false"}}
  - {id: last, step_type: command, depends_on: [{step: bad, required: false}], parameters: {command: "exit 2"}}
finally:
  - {id: tidy, step_type: command, parameters: {command: "true"}}
)";
  struct Edit {
    std::string what, by;
    std::vector<std::string> words = {};
  };
  const std::vector<Edit> edits = {
      {"", ""},
      {"word: one", "word: two"},
      {"id: c,", "id: d,"},
      {"depends_on: [c], ", ""},
      {"foreach: [x, y]", "foreach: [x, z, y]"},
      {"echo client", "echo customer"},
      {"== nothing", "!= nothing"},
      {"repeat_count: 3", "repeat_count: 2"},
      {"", "", {"--from", "each"}},
      {"", "", {"--only", "each", "slow"}},
      {"", "", {"--var", "word=three"}},
  };
  for (const Edit& edit : edits) {
    Workplace place;
    place.write("in.txt", "input");
    place.write("inner.yaml",
                "name: i\nversion: '1.0'\nvars: {word: none}\nsteps:\n  - {id: s, step_type: command, "
                "parameters: {command: 'echo {word}'}}\n");
    place.write("m.yaml", mission);
    ASSERT_EQ(place.run({"run", "m.yaml", "-q"}), 1) << place.err();
    std::string edited = mission;
    if (!edit.what.empty()) edited.replace(edited.find(edit.what), edit.what.size(), edit.by);
    if (edit.what == "id: c,") edited.replace(edited.find("[c]"), 3, "[d]");
    place.write("m.yaml", edited);
    place.write("open", "");
    auto with = [&](std::vector<std::string> words) {
      words.insert(words.end(), edit.words.begin(), edit.words.end());
      if (edit.words.empty() || edit.words[0] == "--var") words.emplace_back("--resume");
      return words;
    };
    ASSERT_EQ(place.run(with({"plan", "m.yaml"})), 0) << place.err();
    const std::string plan = place.out();
    EXPECT_EQ(place.runs().size(), 1u);
    place.run(with({"run", "m.yaml", "-q"}));
    EXPECT_EQ(planned(plan), reused(place.out())) << edit.by << "\n" << plan << place.out();
    if (edit.words.empty()) {
      EXPECT_FALSE(planned(plan).empty()) << edit.by << plan;
    }
  }
}

}  // namespace
