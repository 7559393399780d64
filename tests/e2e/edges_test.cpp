// What the program does where the world doesn't go along: no room on the disk, nothing that may be written,
// folders that go while it runs, nobody who listens. It says so with the place and the cure, loses nothing of
// what it had, and leaves no half of a file.
#include "workplace.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using rustchain::testing::read_file;
using rustchain::testing::Workplace;

std::string step(const std::string& id, const std::string& command) {
  return "  - {id: " + id + ", name: " + id + ", step_type: command, parameters: {command: \"" + command +
         "\"}}\n";
}

constexpr const char* k_head = "name: edge\nversion: '1.0'\nsteps:\n";

bool has(const std::string& text, const std::string& what) {
  return text.find(what) != std::string::npos;
}

// A step that says when it runs, and goes on when it is told to.
class Gate {
 public:
  explicit Gate(const Workplace& place, const std::string& name = "gate")
      : path_((place.directory() / name).string()), step_("cat " + name) {
    EXPECT_EQ(mkfifo(path_.c_str(), 0600), 0);
  }
  ~Gate() { open(); }
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  const std::string& command() const { return step_; }
  // Returns when the step runs.
  void await() {
    for (int tries = 0; tries < 6000; ++tries) {
      descriptor_ = ::open(path_.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
      if (descriptor_ >= 0) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    FAIL() << "the step has not begun";
  }
  void open() {
    if (descriptor_ >= 0) close(descriptor_);
    descriptor_ = -1;
  }

 private:
  std::string path_;
  std::string step_;
  int descriptor_ = -1;
};

// Names below the directory that only half-written files have.
std::vector<std::string> left_behind(const fs::path& directory) {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(directory))
    if (entry.path().filename().string().ends_with(".tmp")) found.push_back(entry.path().string());
  return found;
}

// ---- no room

// As a disk that is full, and possible everywhere: no file may grow past so many bytes.
std::function<void()> no_file_above(rlim_t bytes) {
  return [bytes] {
    const rlimit limit{bytes, bytes};
    setrlimit(RLIMIT_FSIZE, &limit);
  };
}

TEST(Edges, AJournalThatCanNotGrowStopsNoRun) {
  for (rlim_t room = 500; room <= 5000; room += 300) {
    Workplace place;
    place.write("m.yaml", k_head + step("a", "printf one") + step("b", "printf '{a} two'") +
                              step("c", "printf '{b} three'"));
    ASSERT_EQ(place.run({"run", "m.yaml", "-q"}, no_file_above(room)), 0) << room << place.err();
    EXPECT_TRUE(has(place.out(), "c ")) << place.out();
    EXPECT_TRUE(has(place.out(), "completed")) << place.out();
    ASSERT_EQ(place.runs().size(), 1u) << room;
    const std::string id = place.runs()[0].filename().string();
    const std::string journal = read_file(place.runs()[0] / "journal.jsonl");
    if (has(journal, "\"run_finished\"") && journal.ends_with('\n')) {
      EXPECT_EQ(place.err(), "") << room;
      continue;
    }
    EXPECT_TRUE(has(place.err(), "⚠ this run is ")) << room << place.err();
    EXPECT_TRUE(has(place.err(), "recorded")) << room << place.err();
    if (journal.find('\n') == std::string::npos) continue;
    EXPECT_TRUE(has(place.err(), "/journal.jsonl': the file would be larger than the system allows"))
        << place.err();
    EXPECT_EQ(place.run({"runs", "verify", id}), 0) << place.out();
    EXPECT_TRUE(has(place.out(), "its journal ends")) << place.out();
    ASSERT_EQ(place.run({"run", "m.yaml", "-q", "--resume"}), 0) << place.err();
    EXPECT_TRUE(has(place.out(), "completed")) << place.out();
    EXPECT_EQ(place.run({"runs", "verify"}), 0) << place.out();
  }
}

TEST(Edges, AnOutputThatHasNoRoomIsToldOfAndCostsNothingElse) {
  Workplace place;
  place.write("m.yaml", k_head + step("a", "printf one") + step("big", "head -c 100000 /dev/zero") +
                            step("c", "printf three"));
  ASSERT_EQ(place.run({"run", "m.yaml", "-q"}, no_file_above(20'000)), 0) << place.err();
  EXPECT_TRUE(has(place.out(), "warning: not all of its output could be kept: can't write")) << place.out();
  EXPECT_EQ(place.err(), "");
  for (const auto& file : fs::directory_iterator(place.runs()[0]))
    EXPECT_FALSE(file.path().filename().string().starts_with("value-")) << file.path();
  ASSERT_EQ(place.run({"runs", "verify"}), 0) << place.out();
  EXPECT_TRUE(has(place.out(), "output of big could not be kept")) << place.out();
  // The steps beside it are there to be reused, and it runs again.
  ASSERT_EQ(place.run({"run", "m.yaml", "--resume", "last"}), 0) << place.err();
  EXPECT_TRUE(has(place.out(), "♻  a")) << place.out();
  EXPECT_TRUE(has(place.out(), "♻  c")) << place.out();
  EXPECT_TRUE(has(place.out(), "✅ big")) << place.out();
  ASSERT_EQ(place.run({"why", "last", "big"}), 0);
  EXPECT_TRUE(has(place.out(), "what it gave could not be kept")) << place.out();
}

TEST(Edges, AReportThatHasNoRoomIsNotThereAtAll) {
  Workplace place;
  place.write("m.yaml", k_head + step("a", "printf one"));
  place.write("old.html", "yesterday's");
  const std::vector<std::string> run = {"run",           "m.yaml",        "-q",
                                        "--report",      "html=new.html", "--report",
                                        "html=old.html", "--report",      "json=small.json"};
  ASSERT_EQ(place.run(run, no_file_above(8000)), 5) << place.err();
  EXPECT_TRUE(has(place.err(), "error: the html report was not written: can't write '" +
                                   (place.directory() / "new.html").string() +
                                   "': the file would be larger than the system allows\n  help: "))
      << place.err();
  EXPECT_TRUE(has(place.out(), "completed successfully")) << place.out();
  EXPECT_FALSE(fs::exists(place.directory() / "new.html"));
  EXPECT_EQ(read_file(place.directory() / "old.html"), "yesterday's");
  EXPECT_TRUE(read_file(place.directory() / "small.json").ends_with("}\n"));
  EXPECT_EQ(place.run({"report", "last", "--format", "html", "-o", "new.html"}, no_file_above(4000)), 5);
  EXPECT_FALSE(fs::exists(place.directory() / "new.html"));
  EXPECT_EQ(left_behind(place.directory()), std::vector<std::string>());
  // What was lost can be had later.
  EXPECT_EQ(place.run({"report", "last", "--format", "html", "-o", "new.html"}), 0) << place.err();
  EXPECT_TRUE(read_file(place.directory() / "new.html").ends_with("</html>\n"));
}

TEST(Edges, StandardOutputThatTakesNothingIsAnError) {
  if (access("/dev/full", W_OK) != 0) GTEST_SKIP() << "there is no /dev/full here";
  Workplace place;
  place.write("m.yaml", k_head + step("a", "printf one"));
  auto full = [] { (void)!std::freopen("/dev/full", "w", stdout); };
  const std::vector<std::vector<std::string>> commands = {{"run", "m.yaml", "-q"},
                                                          {"run", "m.yaml", "-q", "--output", "jsonl"},
                                                          {"runs", "list"},
                                                          {"report", "last"},
                                                          {"plan", "m.yaml"}};
  for (const auto& command : commands) {
    EXPECT_EQ(place.run(command, full), 5) << command.front();
    EXPECT_TRUE(has(place.err(), "can't write to standard output: No space left on device")) << place.err();
  }
  EXPECT_EQ(place.run({"runs", "verify"}), 0) << place.out();
}

// In a name space of its own, where anybody may mount; nothing of it is seen outside.
std::string in_own_mounts(const Workplace& place, const std::string& mounts, const std::string& commands) {
  place.write("script", "cd '" + place.directory().string() + "' && { " + mounts +
                            "; } 2>mounts || exit 77\n" + "rustchain() { '" + std::string(RUSTCHAIN_PROGRAM) +
                            "' \"$@\" 2>&1; echo \"code $?\"; }\n" + commands);
  const std::string script = (place.directory() / "script").string();
  const int status =
      std::system(("unshare -rm sh " + script + " >" + script + ".out 2>&1 </dev/null").c_str());
  if (!WIFEXITED(status) || WEXITSTATUS(status) == 77 || WEXITSTATUS(status) == 127) return {};
  const std::string told = read_file(script + ".out");
  return has(told, "code ") ? told : std::string();
}

TEST(Edges, ADiskThatFillsUpMidwayLosesNothingThatWasDone) {
  Workplace place;
  place.write("m.yaml", k_head + step("a", "printf one") + step("fill", "head -c 300000 /dev/zero") +
                            "  - {id: f, name: f, step_type: create_file, parameters: {path: f.txt, content: "
                            "'{a}'}}\n" +
                            step("z", "printf end"));
  const std::string told = in_own_mounts(
      place, "mkdir disk && mount -t tmpfs -o size=200k tmpfs disk && cp m.yaml disk && cd disk",
      "rustchain run m.yaml --report html=r.html\nls -A\nfind . -name '*.tmp'\n"
      "rustchain runs verify\ncp m.yaml ..\nmount -o remount,size=9m .\n"
      "rustchain run m.yaml --resume\ncat f.txt\nrustchain runs verify\n");
  if (told.empty()) GTEST_SKIP() << "no file system can be mounted here: a full disk is not tried";
  EXPECT_TRUE(has(told, "✅ a (")) << told;
  EXPECT_TRUE(has(told, "❌ f failed: can't write '" + (place.directory() / "disk/f.txt").string() +
                            "': the disk is full"))
      << told;
  EXPECT_TRUE(has(told, "Suggestion: free some space")) << told;
  EXPECT_TRUE(has(told, "error: the html report was not written: ")) << told;
  EXPECT_TRUE(has(told, "code 1\n.rustchain\nm.yaml\ncode 0\n") ||
              has(told, "code 1\n.rustchain\nm.yaml\n⚠ ") || has(told, "code 1\n.rustchain\nm.yaml\n✅"))
      << told;
  EXPECT_TRUE(has(told, "♻ a: reused")) << told;
  EXPECT_TRUE(has(told, "one")) << told;
  EXPECT_FALSE(has(told, "internal error")) << told;
  EXPECT_FALSE(has(told, "❌ 2")) << told;  // verify found no damage
  EXPECT_TRUE(told.ends_with("code 0\n")) << told;
}

// ---- nothing may be written

TEST(Edges, AReadOnlyDirectoryIsWorkedInWithoutARecord) {
  Workplace place;
  place.write("m.yaml", k_head + step("a", "printf one"));
  place.write("f.yaml", std::string(k_head) +
                            "  - {id: f, name: f, step_type: create_file, parameters: {path: f.txt}}\n");
  const std::string told = in_own_mounts(
      place,
      "mkdir work tmp && cp m.yaml f.yaml work && mount --bind work work && mount -o remount,ro,bind work && "
      "cd work",
      "export TMPDIR='" + (place.directory() / "tmp").string() +
          "'\nrustchain run m.yaml\nrustchain run f.yaml -q\nrustchain run m.yaml --resume\nrustchain runs "
          "list\nrustchain run m.yaml -q --report html=r.html\nRUSTCHAIN_STATE_DIR=../tmp/state rustchain "
          "run "
          "m.yaml -q\nls -A ../tmp\n");
  if (told.empty()) GTEST_SKIP() << "no directory can be made read-only here";
  EXPECT_TRUE(has(told, "⚠ can't keep the outputs of this run in ")) << told;
  EXPECT_TRUE(has(told, "': the file system is read-only; they are kept in ")) << told;
  EXPECT_TRUE(has(told, "help: RUSTCHAIN_STATE_DIR=DIRECTORY keeps the runs elsewhere")) << told;
  EXPECT_TRUE(has(told, "f.txt': the file system is read-only")) << told;
  EXPECT_TRUE(has(told, "Next: rustchain run f.yaml\n")) << told;  // there is nothing to resume
  EXPECT_TRUE(has(told, "error: there is no run of m.yaml to continue")) << told;
  EXPECT_TRUE(has(told, "There are no runs in ")) << told;
  EXPECT_TRUE(has(told, "error: the html report was not written: ")) << told;
  EXPECT_TRUE(has(told, "code 5\n")) << told;
  EXPECT_TRUE(has(told, "\nstate\n")) << told;  // the last one was recorded there
  EXPECT_EQ(told.find("can't keep", told.rfind("code 5")), std::string::npos) << told;
}

TEST(Edges, ARunThatCanNotBeDeletedKeepsNoOther) {
  Workplace place;
  place.write("m.yaml", k_head + step("a", "printf one"));
  std::vector<std::string> ids;
  for (int run = 0; run < 3; ++run) {
    ASSERT_EQ(place.run({"run", "m.yaml", "-q"}), 0) << place.err();
    ids.push_back(place.runs().back().filename().string());
  }
  const std::string told = in_own_mounts(place, "mount -t tmpfs tmpfs .rustchain/runs/" + ids[0],
                                         "rustchain runs prune --keep 1\nrustchain runs list\n");
  if (told.empty()) GTEST_SKIP() << "no file system can be mounted here";
  EXPECT_TRUE(has(told, "error: can't delete '")) << told;
  EXPECT_TRUE(has(told, "Deleted 1 run (")) << told;
  EXPECT_TRUE(has(told, "code 5\n")) << told;
  EXPECT_TRUE(has(told, "-  " + ids[0] + "  not recorded\n")) << told;
  EXPECT_FALSE(has(told, ids[1])) << told;
  EXPECT_TRUE(has(told, ids[2])) << told;
}

// ---- what goes while it runs

TEST(Edges, AStateFolderThatIsDeletedMidwayIsToldOf) {
  Workplace place;
  Gate gate(place);
  place.write("m.yaml",
              k_head + step("a", "printf one") + step("wait", gate.command()) + step("bad", "exit 3"));
  const pid_t pid = place.start({"run", "m.yaml"});
  gate.await();
  const std::string folder = place.runs().at(0).string();
  fs::remove_all(place.directory() / ".rustchain");
  gate.open();
  EXPECT_EQ(Workplace::wait(pid), 1) << place.err();
  EXPECT_TRUE(has(place.err(),
                  "⚠ the record of this run was deleted while it ran, so that --resume can't "
                  "continue it: " +
                      folder + "\n"))
      << place.err();
  EXPECT_TRUE(has(place.out(), "✅ a")) << place.out();
  EXPECT_TRUE(has(place.out(), "Next: rustchain run m.yaml\n")) << place.out();
  EXPECT_EQ(place.run({"run", "m.yaml", "--resume"}), 2);
  EXPECT_EQ(place.run({"run", "m.yaml", "--dry-run"}), 0) << place.err();
}

TEST(Edges, RunsThatGoOnAreToldAsThatAndLeftAlone) {
  Workplace place;
  Gate first(place, "first"), second(place, "second");
  place.write("m.yaml", k_head + step("a", "printf one") + step("wait", "cat {gate}") +
                            step("z", "printf end") + "vars: {gate: first}\n");
  const pid_t one = place.start({"run", "m.yaml", "-q", "--report", "text=one"});
  first.await();
  const std::string id = place.runs().at(0).filename().string();
  EXPECT_EQ(place.run({"run", "m.yaml", "--resume"}), 2);
  EXPECT_EQ(place.err(), "error: the only run of m.yaml, " + id +
                             ", is still running\n  help: wait for its end, or interrupt it\n");
  EXPECT_EQ(place.run({"plan", "m.yaml", "--resume", id}), 2);
  EXPECT_EQ(place.err(),
            "error: run " + id + " is still running\n  help: wait for its end, or interrupt it\n");

  const pid_t two = place.start({"run", "m.yaml", "-q", "--var", "gate=second", "--report", "text=two"});
  second.await();
  EXPECT_EQ(place.run({"runs", "prune", "--keep", "0"}), 0);
  EXPECT_TRUE(has(place.out(), "Deleted 0 runs\n" + id + " stays: it is still running\n")) << place.out();
  EXPECT_EQ(place.run({"runs", "verify"}), 0) << place.out();
  EXPECT_EQ(place.run({"runs", "list"}), 0);
  EXPECT_TRUE(has(place.out(), "1/3 steps")) << place.out();
  for (const char* command : {"show", "report"}) {
    std::vector<std::string> words = {"report", id};
    if (command == std::string("show")) words = {"runs", "show", id};
    EXPECT_EQ(place.run(words), 0);
    EXPECT_TRUE(has(place.out(), "is still running")) << place.out();
    EXPECT_TRUE(has(place.out(), "1 of 3 steps done")) << place.out();
    for (const char* untrue : {"interrupted", "ended", "cancelled", "Next:"})
      EXPECT_FALSE(has(place.out(), untrue)) << place.out();
  }
  EXPECT_EQ(place.run({"report", id, "--format", "json"}), 0);
  EXPECT_TRUE(has(place.out(), "\"outcome\": \"running\",\n  \"exit_code\": null,")) << place.out();
  EXPECT_TRUE(has(place.out(), "\"status\": \"running\"")) << place.out();
  EXPECT_TRUE(has(place.out(), "\"status\": \"waiting\"")) << place.out();
  EXPECT_TRUE(has(place.out(), "\"cancelled\": 0")) << place.out();
  EXPECT_EQ(place.run({"why", id, "z"}), 0);
  EXPECT_EQ(place.out(), "z has not started yet\n");

  first.open();
  second.open();
  EXPECT_EQ(Workplace::wait(one), 0);
  EXPECT_EQ(Workplace::wait(two), 0);
  for (const char* report : {"one", "two"})
    EXPECT_TRUE(has(read_file(place.directory() / report), "completed successfully"));
  EXPECT_EQ(place.run({"runs", "verify"}), 0) << place.out();
}

// ---- nobody listens

TEST(Edges, AReaderThatGoesAwayEndsNoRun) {
  Workplace place;
  place.write("m.yaml", k_head + step("a", "printf one") + step("b", "printf two"));
  auto nobody = [](int which) {
    return [which] {
      int ends[2];
      (void)!pipe(ends);
      dup2(ends[1], which);
      close(ends[0]);
      close(ends[1]);
    };
  };
  EXPECT_EQ(place.run({"run", "m.yaml"}, nobody(1)), 0) << place.err();
  EXPECT_TRUE(has(place.err(), "nobody reads standard output; the result was not shown")) << place.err();
  EXPECT_EQ(place.run({"run", "m.yaml", "--output", "jsonl"}, nobody(1)), 0) << place.err();
  EXPECT_EQ(place.run({"run", "m.yaml"}, nobody(2)), 0) << place.out();
  EXPECT_TRUE(has(place.out(), "completed successfully")) << place.out();
  for (const fs::path& run : place.runs())
    EXPECT_TRUE(has(read_file(run / "journal.jsonl"), "\"run_finished\"")) << run;
}

TEST(Edges, ATerminalThatGoesAwayInterruptsTheRun) {
  Workplace place;
  Gate gate(place);
  place.write("m.yaml", k_head + step("a", "printf one") + step("wait", gate.command()));
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
  ASSERT_GE(terminal, 0);
  ASSERT_EQ(grantpt(terminal), 0);
  ASSERT_EQ(unlockpt(terminal), 0);
  const std::string name = ptsname(terminal);
  const pid_t pid = place.start({"run", "m.yaml"}, [&] {
    close(terminal);
    setsid();
    const int own = open(name.c_str(), O_RDWR);
    ioctl(own, TIOCSCTTY, 0);
    for (int stream = 0; stream < 3; ++stream) dup2(own, stream);
  });
  gate.await();
  close(terminal);
  EXPECT_EQ(Workplace::wait(pid), 143);
  EXPECT_TRUE(has(read_file(place.runs().at(0) / "journal.jsonl"), "\"run_finished\""));
  EXPECT_EQ(place.run({"runs", "show", "last"}), 0);
  EXPECT_TRUE(has(place.out(), "was running when the run was interrupted")) << place.out();
}

TEST(Edges, ASignalWhileAReportIsWrittenLeavesAllOfItOrNothing) {
  Workplace place;
  std::string mission = k_head;
  for (int i = 0; i < 200; ++i)
    mission +=
        "  - {id: s" + std::to_string(i) + ", name: s, step_type: noop, parameters: {message: hello}}\n";
  place.write("m.yaml", mission);
  ASSERT_EQ(place.run({"run", "m.yaml", "-q"}), 0) << place.err();
  const std::vector<std::string> report = {"report", "last", "--format", "html", "-o", "r.html"};
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_EQ(place.run(report), 0) << place.err();
  const std::chrono::duration<double> whole = std::chrono::steady_clock::now() - begin;
  const std::string good = read_file(place.directory() / "r.html");
  std::mt19937 random(std::random_device{}());
  const char* rounds = std::getenv("RUSTCHAIN_TORTURE");
  for (int round = 0; round < (rounds ? std::atoi(rounds) : 12); ++round) {
    fs::remove(place.directory() / "r.html");
    const pid_t pid = place.start(report);
    std::uniform_real_distribution<double> moment(0.3, 1.0);
    std::this_thread::sleep_for(whole * moment(random));
    kill(pid, SIGTERM);
    const int code = Workplace::wait(pid);
    EXPECT_TRUE(code == 0 || code == 128 + SIGTERM) << code;
    if (fs::exists(place.directory() / "r.html")) {
      EXPECT_EQ(read_file(place.directory() / "r.html"), good);
    }
    EXPECT_EQ(left_behind(place.directory()), std::vector<std::string>());
  }
}

}  // namespace
