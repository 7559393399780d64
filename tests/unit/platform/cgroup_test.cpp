// A tree of files stands in for the kernel's cgroups: which one is found, what is written there, and what is
// made of the kernel's word.
#include "platform/cgroup.hpp"

#include "support/temporary_directory.hpp"
#include "unit/platform/process_fixture.hpp"

#include <atomic>
#include <csignal>
#include <filesystem>
#include <thread>

namespace rustchain {
namespace {

class Cgroup : public ProcessFixture {
 protected:
  Cgroup() {
    mount("/");
    place("/user/shell");
    allow("/user", "cpuset cpu memory pids\n");
  }

  void mount(const std::string& root, const std::string& point = "tree") {
    std::filesystem::create_directories(path(point));
    std::string escaped = directory_ + "/" + (point == "a tree" ? "a\\040tree" : point);
    write_file(files_.mounts,
               "23 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
               "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
               "41 31 0:38 " +
                   root + " " + escaped + " rw,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate\n");
    tree_ = path(point);
  }
  void place(const std::string& own) {
    std::filesystem::create_directories(tree_ + own);
    write_file(files_.own, "4:memory:/elsewhere\n0::" + own + "\n");
  }
  void allow(const std::string& cgroup, const std::string& controllers) {
    write_file(tree_ + cgroup + "/cgroup.subtree_control", controllers);
  }
  std::optional<std::string> find(const ProcessLimits& limits = {1000, 50}) {
    return find_limiting_cgroup(files_, limits);
  }
  // The cgroups that were made below /user.
  std::vector<std::string> made() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(tree_ + "/user"))
      if (entry.path().filename().string().starts_with("rustchain-")) found.push_back(entry.path());
    return found;
  }

  CgroupFiles files_{path("own"), path("mounts")};
  std::string tree_;
};

TEST_F(Cgroup, TheOneAboveOursIsFound) {
  EXPECT_EQ(find(), tree_ + "/user");
}

TEST_F(Cgroup, OurOwnIsFoundWhereItGivesOnItsControllers) {
  allow("/user/shell", "memory cpu");
  EXPECT_EQ(find(), tree_ + "/user/shell");
}

TEST_F(Cgroup, OnlyTheControllersThatAreNeededMustBeThere) {
  allow("/user", "cpu\n");
  EXPECT_EQ(find({0, 50}), tree_ + "/user");
  EXPECT_EQ(find({1000, 0}), std::nullopt);
  allow("/user", "cpuset memory-like\n");
  EXPECT_EQ(find({0, 50}), std::nullopt);
}

TEST_F(Cgroup, AStepMustNotGetOutOfOurOwnLimits) {
  write_file(tree_ + "/user/shell/cpu.max", "max 100000\n");
  write_file(tree_ + "/user/shell/memory.max", "max\n");
  EXPECT_EQ(find(), tree_ + "/user");
  write_file(tree_ + "/user/shell/memory.max", "1048576\n");
  EXPECT_EQ(find(), std::nullopt);
}

TEST_F(Cgroup, NothingAboveTheMountIsTouched) {
  place("/");
  EXPECT_EQ(find(), std::nullopt);
  allow("/", "cpu memory\n");
  EXPECT_EQ(find(), tree_);
}

TEST_F(Cgroup, AMountMayShowAPartOfTheHierarchyAnywhere) {
  mount("/box", "a tree");
  std::filesystem::create_directories(tree_ + "/user/shell");
  allow("/user", "cpu memory\n");
  write_file(files_.own, "0::/box/user/shell\n");
  EXPECT_EQ(find(), tree_ + "/user");
  write_file(files_.own, "0::/boxes/user/shell\n");
  EXPECT_EQ(find(), std::nullopt);
  write_file(files_.own, "0::/../user/shell\n");
  EXPECT_EQ(find(), std::nullopt);
}

TEST_F(Cgroup, WithoutCgroupsOfVersion2ThereIsNone) {
  write_file(files_.own, "4:memory:/user/shell\n");
  EXPECT_EQ(find(), std::nullopt);
  std::filesystem::remove(files_.own);
  EXPECT_EQ(find(), std::nullopt);
}

TEST_F(Cgroup, AStepEntersTheCgroupThatIsMadeForIt) {
  processes_ = make_processes(files_);
  ProcessRequest request = helper({"text:ready", "tell:" + fifo(), "exit-on-term:0", "pause"});
  request.limits = {.memory_bytes = 64'000'000, .cpu_percent = 150};
  std::atomic<int> handle = 0;
  request.on_started = [&](int process) { handle = process; };
  std::optional<TreeUsage> usage;
  std::thread other([&] {
    await(1);
    usage = processes_->usage(handle);
    stop_.request(StopReason::interrupt);
  });
  ProcessEnd end = run(request);
  other.join();
  EXPECT_EQ(end.stopped_by, StopReason::interrupt);
  EXPECT_TRUE(end.limits_enforced);
  EXPECT_FALSE(end.out_of_memory);
  ASSERT_TRUE(usage);
  EXPECT_TRUE(usage->limits_enforced);
  ASSERT_EQ(made().size(), 1u);  // such files keep it, the kernel's don't
  EXPECT_EQ(read_file(made()[0] + "/memory.max"), "64000000");
  EXPECT_EQ(read_file(made()[0] + "/cpu.max"), "150000 100000");
  EXPECT_EQ(read_file(made()[0] + "/cgroup.procs"), "0");
}

TEST_F(Cgroup, TheKernelsWordOfAnOutOfMemoryKillIsHeard) {
  processes_ = make_processes(files_);
  ProcessRequest request = helper({"tell:" + fifo(), "pause"});
  request.limits = {.memory_bytes = 64'000'000};
  std::thread other([&] {
    await(1);
    write_file(made().at(0) + "/memory.events", "low 0\nhigh 0\nmax 12\noom 1\noom_kill 1\n");
    for (int pid : alive())
      if (pid > 1) kill(pid, SIGKILL);
  });
  ProcessEnd end = run(request);
  other.join();
  EXPECT_EQ(end.signal, SIGKILL);
  EXPECT_EQ(end.stopped_by, StopReason::none);
  EXPECT_TRUE(end.out_of_memory);
}

TEST_F(Cgroup, WithoutLimitsNoneIsMade) {
  processes_ = make_processes(files_);
  EXPECT_FALSE(run(helper({"text:x"})).limits_enforced);
  EXPECT_TRUE(made().empty());
}

TEST_F(Cgroup, WhereNoneCanBeMadeTheStepRunsWithout) {
  allow("/user", "");
  processes_ = make_processes(files_);
  ProcessRequest request = helper({"text:x"});
  request.limits = {.memory_bytes = 64'000'000};
  ProcessEnd end = run(request);
  EXPECT_EQ(end.out.text(), "x");
  EXPECT_FALSE(end.limits_enforced);
}

}  // namespace
}  // namespace rustchain
