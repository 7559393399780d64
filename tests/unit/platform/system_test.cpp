#include "platform/platform.hpp"

#include <algorithm>
#include <filesystem>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace rustchain {
namespace {

TEST(System, ReadsTheEnvironment) {
  setenv("RUSTCHAIN_SYSTEM_TEST", "a=b", 1);
  EXPECT_EQ(read_environment().find("RUSTCHAIN_SYSTEM_TEST"), "a=b");
  unsetenv("RUSTCHAIN_SYSTEM_TEST");
}

TEST(System, KnowsItsDirectories) {
  EXPECT_EQ(current_directory(), std::filesystem::current_path().string());
  EXPECT_TRUE(std::filesystem::is_directory(temporary_directory()));
  EXPECT_EQ(home_directory().substr(0, 1), "/");
}

TEST(System, ADirectoryThatIsGoneIsNoOther) {
  std::filesystem::path before = std::filesystem::current_path();
  std::string name = (std::filesystem::temp_directory_path() / "rustchain-gone-XXXXXX").string();
  ASSERT_NE(mkdtemp(name.data()), nullptr);
  std::filesystem::current_path(name);
  std::filesystem::remove(name);
  std::string found = current_directory();
  std::filesystem::current_path(before);
  EXPECT_EQ(found, "");
}

TEST(System, AMissingHomeIsLookedUp) {
  std::string kept = std::getenv("HOME") ? std::getenv("HOME") : "";
  unsetenv("HOME");
  EXPECT_EQ(home_directory().substr(0, 1), "/");
  if (!kept.empty()) setenv("HOME", kept.c_str(), 1);
}

TEST(System, TimeGoesOn) {
  auto clock = make_clock();
  SteadyTime before = clock->steady();
  EXPECT_GE(clock->steady(), before);
  EXPECT_GT(clock->wall().time_since_epoch().count(), 0);
}

TEST(System, ChanceDiffers) {
  EXPECT_NE(random_bits(), random_bits());
}

TEST(System, AFileIsNoTerminal) {
  int file = open("/dev/null", O_RDWR);
  int kept = dup(1);
  dup2(file, 1);
  Terminal found = terminal(1);
  dup2(kept, 1);
  close(kept);
  close(file);
  EXPECT_FALSE(found.is_terminal);
  EXPECT_EQ(found.columns, 80u);
}

TEST(System, ATerminalHasASize) {
  int master = posix_openpt(O_RDWR | O_NOCTTY);
  ASSERT_GE(master, 0);
  ASSERT_EQ(grantpt(master), 0);
  ASSERT_EQ(unlockpt(master), 0);
  int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
  ASSERT_GE(slave, 0);
  winsize size{};
  size.ws_col = 132;
  size.ws_row = 43;
  ASSERT_EQ(ioctl(slave, TIOCSWINSZ, &size), 0);
  Terminal found = terminal(slave);
  EXPECT_TRUE(found.is_terminal);
  EXPECT_EQ(found.columns, 132u);
  EXPECT_EQ(found.rows, 43u);
  close(slave);
  close(master);
}

}  // namespace
}  // namespace rustchain
