// The missions that ship, each run as a user would run it: in an empty directory, from its tape where it
// talks to a model. The comments at the head of a mission say what it takes:
//   # takes: OPTIONS     further words of the command line
//   # part of: MISSION   run by that one, not alone
// "# needs:" is for people; a mission that needs a model has a tape beside it (tests/missions/record makes
// it).
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;

const fs::path k_missions = fs::path(RUSTCHAIN_SOURCE_DIR) / "missions";

std::string read_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += what.size()) ++found;
  return found;
}

// What follows `mark` in a comment line of the head; empty: there is none.
std::string head_comment(const fs::path& mission, const std::string& mark) {
  std::ifstream stream(mission);
  for (std::string line; std::getline(stream, line) && line.starts_with('#');)
    if (line.starts_with("# " + mark + ": ")) return line.substr(mark.size() + 4);
  return {};
}

fs::path tape_of(fs::path mission) {
  return mission.replace_extension(".tape.json");
}

bool has(const std::string& program) {
  return std::system(("command -v " + program + " >/dev/null").c_str()) == 0;
}

struct Ended {
  int code = 0;
  std::string printed;
};

// A run of the program in a directory of its own, which has nothing but what the missions make.
class Missions : public testing::Test {
 protected:
  void SetUp() override {
    if (!has("python3")) GTEST_SKIP() << "no python3: the sample project can't be run";
    std::string name = (fs::temp_directory_path() / "rustchain-missions-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    directory_ = fs::canonical(name);
  }
  void TearDown() override {
    std::error_code ignored;
    if (!directory_.empty()) fs::remove_all(directory_, ignored);
  }

  std::string line(const std::string& words) const {
    return "cd '" + directory_.string() +
           "' && exec env -u OLLAMA_HOST -u RUSTCHAIN_STATE_DIR '" RUSTCHAIN_PROGRAM "' " + words +
           " >printed 2>&1 </dev/null";
  }
  Ended rustchain(const std::string& words) const {
    int status = std::system(line(words).c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
            read_file(directory_ / "printed")};
  }
  std::string made(const std::string& file) const { return read_file(directory_ / file); }

  fs::path directory_;
};

std::string run_words(const fs::path& mission) {
  std::string words = "run '" + mission.string() + "' " + head_comment(mission, "takes");
  if (fs::exists(tape_of(mission))) words += " --replay '" + tape_of(mission).string() + "'";
  return words;
}

class EachMission : public Missions {
 public:
  explicit EachMission(fs::path mission) : mission_(std::move(mission)) {}

  void TestBody() override {
    Ended checked =
        rustchain("validate --strict '" + mission_.string() + "' " + head_comment(mission_, "takes"));
    EXPECT_EQ(checked.code, 0) << checked.printed;
    if (!head_comment(mission_, "part of").empty()) return;
    bool alone = head_comment(mission_, "needs").empty() || fs::exists(tape_of(mission_));
    ASSERT_TRUE(alone) << mission_ << " needs a model and has no tape";
    Ended ran = rustchain(run_words(mission_));
    EXPECT_EQ(ran.code, 0) << ran.printed;
    EXPECT_EQ(count(ran.printed, "❌"), 0u) << ran.printed;
    EXPECT_EQ(count(ran.printed, "no step asked for"), 0u) << ran.printed;
  }

 private:
  fs::path mission_;
};

// ---- what some of them are for

TEST_F(Missions, TheAuditFindsTheFlawsOfTheSample) {
  Ended ran = rustchain(run_words(k_missions / "security_audit.yaml"));
  ASSERT_EQ(ran.code, 0) << ran.printed;
  std::string report = made("security_audit.md");
  for (const char* flaw : {"service.ini:10:password", "SELECT sku FROM products", "os.system",
                           "random.choice", "std::strcpy", "address = 0.0.0.0"})
    EXPECT_NE(report.find(flaw), std::string::npos) << flaw << "\n" << report;
}

TEST_F(Missions, TheHardeningLeavesTheSampleAloneAndTheCopyWithoutFlaws) {
  Ended ran = rustchain(run_words(k_missions / "security_hardening.yaml"));
  ASSERT_EQ(ran.code, 0) << ran.printed;
  EXPECT_EQ(count(made("security_hardening/inventory/inventory/backup.py"), "os.system"), 0u);
  EXPECT_EQ(count(made("security_hardening/inventory/tools/checksum.cpp"), "strcpy"), 0u);
  EXPECT_EQ(count(read_file(k_missions / "samples/inventory/inventory/backup.py"), "os.system"), 1u);
}

TEST_F(Missions, TheModuleIsRepairedUntilItCompiles) {
  Ended ran = rustchain(run_words(k_missions / "self_development/01_design.yaml"));
  ASSERT_EQ(ran.code, 0) << ran.printed;
  EXPECT_EQ(count(ran.printed, "compiles after 1 repairs"), 1u) << ran.printed;
  EXPECT_NE(made("self_development/README.md").find("its test says: 0 failures"), std::string::npos);
}

TEST_F(Missions, TheCampaignTakesUpWhereItWasInterrupted) {
  const std::string words = run_words(k_missions / "coverage_campaign/master.yaml") + " --var modules=12";
  pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    execl("/bin/sh", "sh", "-c", line(words).c_str(), nullptr);
    _exit(127);
  }
  auto finished = [this] { return count(made("coverage_campaign/registry.json"), "\"after\""); };
  int status = 0;
  auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (finished() < 2 && waitpid(child, &status, WNOHANG) == 0 &&
         std::chrono::steady_clock::now() < give_up)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  kill(child, SIGINT);
  waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 130) << made("printed");
  std::size_t before = finished();
  ASSERT_GE(before, 2u);
  ASSERT_LT(before, 12u);

  Ended again = rustchain(words);
  EXPECT_EQ(again.code, 0) << again.printed;
  EXPECT_EQ(finished(), 12u);
  // Each file that is begun has a line in the summary.
  EXPECT_EQ(count(again.printed, ": Coverage of one file\n"), 12 - before) << again.printed;
  EXPECT_EQ(count(made("coverage_campaign/report.md"), " 100 % |"), 12u);
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  std::vector<fs::path> missions;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(k_missions))
    if (entry.path().extension() == ".yaml") missions.push_back(fs::relative(entry.path(), k_missions));
  std::sort(missions.begin(), missions.end());
  if (missions.empty()) {
    std::cerr << "no missions in " << k_missions << "\n";
    return 1;
  }
  for (const fs::path& mission : missions)
    testing::RegisterTest("EachMission", mission.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [mission]() -> testing::Test* { return new EachMission(k_missions / mission); });
  return RUN_ALL_TESTS();
}
