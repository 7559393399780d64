// A link that is put into a path between the judge's look and the use.
#include "platform/judged_files.hpp"

#include "platform/platform.hpp"
#include "support/temporary_directory.hpp"

#include <cerrno>
#include <functional>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

namespace fs = std::filesystem;

class JudgedFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    if (platform_name() != "linux") GTEST_SKIP() << "only Linux holds directories";
    dir.put("work/sub/file", "mine");
    dir.put("work/other", "other");
    dir.put("outside/file", "theirs");
    for (const char* name : {"work/sub/file", "work/sub/new/deep", "work/other", "work/sub"})
      seen.note(root + "/" + name, root + "/" + name);
  }
  // What happens after the judge has looked.
  void swap_directory() {
    fs::rename(root + "/work/sub", root + "/work/gone");
    fs::create_directory_symlink(root + "/outside", root + "/work/sub");
  }
  void swap_file() {
    fs::remove(root + "/work/sub/file");
    fs::create_symlink(root + "/outside/file", root + "/work/sub/file");
  }
  void expect_refused(const std::function<const Failure*()>& use) {
    const Failure* failure = use();
    ASSERT_NE(failure, nullptr);
    EXPECT_EQ(failure->kind, FailureKind::safety) << failure->message;
    EXPECT_EQ(dir.get("outside/file"), "theirs");
    EXPECT_FALSE(fs::exists(root + "/outside/new"));
  }
  template <class T>
  const Failure* failure_of(Result<T, Failure> result) {
    if (result) return nullptr;
    kept = result.error();
    return &kept;
  }

  TemporaryDirectory dir;
  const std::string root = fs::canonical(dir.path()).string();
  JudgedPaths seen;
  std::unique_ptr<Files> plain = make_files();
  std::unique_ptr<Files> files = make_judged_files(*plain, seen);
  Failure kept;
};

TEST_F(JudgedFilesTest, UsesWhatWasJudged) {
  EXPECT_EQ(*files->read(root + "/work/sub/file", 10), "mine");
  ASSERT_TRUE(files->write({.path = root + "/work/sub/file", .bytes = "new"}));
  ASSERT_TRUE(files->write({.path = root + "/work/sub/new/deep", .bytes = "made"}));
  ASSERT_TRUE(files->write({.path = root + "/work/sub/file", .bytes = "er", .append = true}));
  EXPECT_EQ(dir.get("work/sub/file"), "newer");
  EXPECT_EQ(dir.get("work/sub/new/deep"), "made");
  EXPECT_EQ(*files->copy(root + "/work/other", root + "/work/sub/other", false), 5u);
  ASSERT_TRUE(files->append_file(root + "/work/other", root + "/work/sub/file"));
  EXPECT_EQ(dir.get("work/sub/file"), "newerother");
  ASSERT_TRUE(files->move(root + "/work/sub/file", root + "/work/moved", false));
  EXPECT_EQ(dir.get("work/moved"), "newerother");
  EXPECT_FALSE(*files->remove(root + "/work/sub/file", false));
  EXPECT_TRUE(*files->remove(root + "/work/sub", true));
  EXPECT_EQ(dir.listing(), "outside/ outside/file work/ work/moved work/other");
}

TEST_F(JudgedFilesTest, GoesThroughLinksThatTheJudgeSaw) {
  fs::create_directory_symlink(root + "/outside", root + "/work/link");
  seen.note(root + "/work/link/file", root + "/outside/file");
  EXPECT_EQ(*files->read(root + "/work/link/file", 10), "theirs");
}

TEST_F(JudgedFilesTest, DoesNotFollowADirectoryThatBecameALink) {
  swap_directory();
  const std::string file = root + "/work/sub/file";
  expect_refused([&] { return failure_of(files->read(file, 10)); });
  expect_refused([&] { return failure_of(files->write({.path = file, .bytes = "x"})); });
  expect_refused([&] { return failure_of(files->write({.path = file, .bytes = "x", .append = true})); });
  expect_refused(
      [&] { return failure_of(files->write({.path = root + "/work/sub/new/deep", .bytes = "x"})); });
  expect_refused([&] { return failure_of(files->copy(root + "/work/other", file, true)); });
  expect_refused([&] { return failure_of(files->copy(file, root + "/work/other", true)); });
  expect_refused([&] { return failure_of(files->move(root + "/work/other", file, true)); });
  expect_refused([&] { return failure_of(files->move(file, root + "/work/other", true)); });
  expect_refused([&] { return failure_of(files->append_file(root + "/work/other", file)); });
  expect_refused([&] { return failure_of(files->remove(file, true)); });
  EXPECT_EQ(dir.get("work/other"), "other");
}

TEST_F(JudgedFilesTest, DoesNotFollowAFileThatBecameALink) {
  swap_file();
  const std::string file = root + "/work/sub/file";
  expect_refused([&] { return failure_of(files->read(file, 10)); });
  expect_refused([&] { return failure_of(files->write({.path = file, .bytes = "x"})); });
  expect_refused([&] { return failure_of(files->write({.path = file, .bytes = "x", .append = true})); });
  expect_refused([&] { return failure_of(files->copy(root + "/work/other", file, true)); });
  expect_refused([&] { return failure_of(files->copy(file, root + "/work/other", true)); });
  expect_refused([&] { return failure_of(files->append_file(root + "/work/other", file)); });
  // The link itself goes, and what it leads to stays.
  EXPECT_TRUE(*files->remove(file, false));
  EXPECT_EQ(dir.get("outside/file"), "theirs");
}

TEST_F(JudgedFilesTest, FollowNoLinkInTheLastPlaceWhenTheyAreToldSo) {
  swap_file();
  std::unique_ptr<Files> unlinked = make_files(false);
  const std::string file = root + "/work/sub/file";
  EXPECT_FALSE(unlinked->read(file, 10));
  EXPECT_FALSE(unlinked->write({.path = file, .bytes = "x"}));
  EXPECT_FALSE(unlinked->write({.path = file, .bytes = "x", .append = true}));
  EXPECT_FALSE(unlinked->append_file(root + "/work/other", file));
  EXPECT_EQ(dir.get("outside/file"), "theirs");
}

TEST_F(JudgedFilesTest, NamesTheFileInMessagesAsItIsKnown) {
  const Failure* failure =
      failure_of(files->write({.path = root + "/work/other", .bytes = "x", .overwrite = false}));
  ASSERT_NE(failure, nullptr);
  EXPECT_EQ(failure->message, "can't write '" + root + "/work/other': it is already there");
}

TEST_F(JudgedFilesTest, OpensDirectoriesWithoutLinksWithAndWithoutOpenat2) {
  swap_directory();
  for (bool openat2 : {true, false}) {
    EXPECT_TRUE(open_real_directory(root + "/work/gone", openat2));
    EXPECT_TRUE(open_real_directory("/", openat2));
    EXPECT_FALSE(open_real_directory(root + "/work/sub", openat2));
    EXPECT_EQ(errno, ELOOP);
    EXPECT_FALSE(open_real_directory(root + "/work/sub/x", openat2));
    EXPECT_EQ(errno, ELOOP);
    EXPECT_FALSE(open_real_directory(root + "/none/x", openat2));
    EXPECT_EQ(errno, ENOENT);
    EXPECT_FALSE(open_real_directory(root + "/work/other", openat2));
    EXPECT_EQ(errno, ENOTDIR);
  }
}

}  // namespace
}  // namespace rustchain
