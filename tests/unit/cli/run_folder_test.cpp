#include "cli/run_folder.hpp"

#include "support/fakes.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

struct World {
  FakeClock clock;
  FakeFiles files;
  FakeProcesses processes;
  FakeHttp http;
  Services services{clock, files, processes, http, {}, [] { return 0x12abcdefull; }};
};

// The fake clock stands at 2001-09-09T01:46:40.
constexpr const char* k_id = "20010909T014640000Z-abcdef";

TEST(RunFolder, LiesInTheWorkingDirectoryAndIsIgnoredByGit) {
  World world;
  RunFolder folder = make_run_folder(world.services, "/here", "/tmp");
  EXPECT_EQ(folder.id, k_id);
  EXPECT_EQ(folder.path, std::string("/here/.rustchain/runs/") + k_id);
  EXPECT_EQ(folder.warning, "");
  EXPECT_TRUE(world.files.status(folder.path).has_value());
  EXPECT_EQ(world.files.files, (std::map<std::string, std::string>{{"/here/.rustchain/.gitignore", "*\n"}}));
}

TEST(RunFolder, IsMovedByTheEnvironment) {
  World world;
  world.services.environment = {{"RUSTCHAIN_STATE_DIR", "/state"}};
  EXPECT_EQ(make_run_folder(world.services, "/here", "/tmp").path, std::string("/state/runs/") + k_id);
  world.services.environment = {{"RUSTCHAIN_STATE_DIR", "kept"}};
  EXPECT_EQ(make_run_folder(world.services, "/here", "/tmp").path, std::string("/here/kept/runs/") + k_id);
}

TEST(RunFolder, ComesAfterTheOthersWhenTheClockWasSetBack) {
  World world;
  ASSERT_TRUE(world.files.make_directories("/here/.rustchain/runs/20300101T235959999Z-000000").ok());
  EXPECT_EQ(make_run_folder(world.services, "/here", "/tmp").id, "20300102T000000000Z-abcdef");
}

TEST(RunFolder, FallsBackToTheTemporaryDirectory) {
  World world;
  std::string wanted = std::string("/here/.rustchain/runs/") + k_id;
  world.files.failures[wanted] = {FailureKind::permission_denied, "can't make it", ""};
  RunFolder folder = make_run_folder(world.services, "/here", "/tmp");
  EXPECT_EQ(folder.path, std::string("/tmp/rustchain-") + k_id);
  EXPECT_EQ(folder.warning,
            "can't keep the outputs of this run in /here/.rustchain: can't make it; they are kept in " +
                folder.path +
                "; the run is not recorded, so that --resume can't continue it\n"
                "  help: RUSTCHAIN_STATE_DIR=DIRECTORY keeps the runs elsewhere");
  world.files.failures[folder.path] = {FailureKind::file_error, "disk full", ""};
  folder = make_run_folder(world.services, "/here", "/tmp");
  EXPECT_EQ(folder.path, "");
  EXPECT_EQ(
      folder.warning,
      "can't keep the outputs of this run in /here/.rustchain: can't make it; they are not kept; the run is "
      "not recorded, so that --resume can't continue it\n"
      "  help: RUSTCHAIN_STATE_DIR=DIRECTORY keeps the runs elsewhere");
}

}  // namespace
}  // namespace rustchain
