#include "platform/platform.hpp"
#include "support/temporary_directory.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rustchain {
namespace {

namespace fs = std::filesystem;

class FilesTest : public testing::Test {
 protected:
  Result<Written, Failure> write(const std::string& name, std::string_view bytes,
                                 std::optional<unsigned> mode = {}) {
    return files->write({.path = dir / name, .bytes = bytes, .mode = mode});
  }
  unsigned mode(const std::string& name) { return files->status(dir / name)->mode; }

  TemporaryDirectory dir;
  std::unique_ptr<Files> files = make_files();
};

std::string told(const Failure& failure) {
  return std::string(to_string(failure.kind)) + ": " + failure.message + " | " + failure.help;
}

TEST_F(FilesTest, WritesAndReads) {
  Result<Written, Failure> written = write("a/b/c.txt", "hello\n");
  ASSERT_TRUE(written);
  EXPECT_EQ(written->size, 6u);
  EXPECT_TRUE(written->created);
  EXPECT_EQ(*files->read(dir / "a/b/c.txt", 100), "hello\n");
  EXPECT_EQ(*files->read(dir / "a/b/c.txt", 3), "hel");
  EXPECT_EQ(dir.listing(), "a/ a/b/ a/b/c.txt");
}

TEST_F(FilesTest, KeepsTheModeOfAnExistingFile) {
  dir.put("x", "old");
  ::chmod((dir / "x").c_str(), 0750);
  Result<Written, Failure> written = write("x", "new");
  ASSERT_TRUE(written);
  EXPECT_FALSE(written->created);
  EXPECT_EQ(mode("x"), 0750u);
  EXPECT_EQ(dir.get("x"), "new");
}

TEST_F(FilesTest, GivesTheModeThatIsAskedFor) {
  ASSERT_TRUE(write("new", "", 0777));
  EXPECT_EQ(mode("new"), 0777u);
  dir.put("old", "");
  ASSERT_TRUE(write("old", "", 0600));
  EXPECT_EQ(mode("old"), 0600u);
}

TEST_F(FilesTest, WritesThroughSymlinksAlsoToNothing) {
  dir.put("real", "old");
  fs::create_symlink("real", dir / "link");
  fs::create_symlink("later", dir / "dangling");
  ASSERT_TRUE(write("link", "new"));
  ASSERT_TRUE(write("dangling", "made"));
  EXPECT_TRUE(fs::is_symlink(dir / "link"));
  EXPECT_EQ(dir.get("real"), "new");
  EXPECT_EQ(dir.get("later"), "made");
}

TEST_F(FilesTest, DoesNotOverwriteWhenNotAllowed) {
  std::string path = dir.put("x", "old");
  EXPECT_EQ(told(files->write({.path = path, .bytes = "new", .overwrite = false}).error()),
            "file_error: can't write '" + path +
                "': it is already there | set overwrite: true, or choose another path");
  EXPECT_EQ(dir.get("x"), "old");
  ASSERT_TRUE(files->write({.path = dir / "y", .bytes = "new", .overwrite = false}));
  EXPECT_EQ(dir.get("y"), "new");
  EXPECT_EQ(dir.listing(), "x y");
}

TEST_F(FilesTest, Appends) {
  EXPECT_TRUE(files->write({.path = dir / "x", .bytes = "a", .append = true})->created);
  Result<Written, Failure> second = files->write({.path = dir / "x", .bytes = "b", .append = true});
  ASSERT_TRUE(second);
  EXPECT_FALSE(second->created);
  EXPECT_EQ(second->size, 2u);
  EXPECT_EQ(dir.get("x"), "ab");
}

TEST_F(FilesTest, SaysWhyItCannotWriteAndLeavesNothing) {
  dir.put("file", "");
  fs::create_directory(dir / "directory");
  fs::create_symlink("loop", dir / "loop");
  std::string d = dir.path();
  EXPECT_EQ(told(write("file/x", "").error()), "file_error: can't make the directory '" + d +
                                                   "/file': a file has that name | choose another path, or "
                                                   "delete the file");
  EXPECT_EQ(told(write("file/x/y", "").error()),
            "file_error: can't make the directory '" + d +
                "/file/x': a part of the path is a file, not a directory | "
                "check each part of the path");
  EXPECT_EQ(told(write("directory", "").error()),
            "file_error: can't write '" + d + "/directory': it is a directory | name a file in it");
  EXPECT_EQ(told(write("loop", "").error()),
            "file_error: can't write '" + d +
                "/loop': its symbolic links go round in a circle | look at the links: ls -l '" + d +
                "/loop'");
  EXPECT_EQ(told(write(std::string(300, 'n'), "").error()).substr(0, 24), "file_error: can't write ");
  EXPECT_EQ(dir.listing(), "directory/ file loop");
}

TEST_F(FilesTest, SaysThatTheDiskIsFull) {
  if (::access("/dev/full", W_OK) != 0) GTEST_SKIP() << "this system has no /dev/full";
  std::string told_full =
      "file_error: can't write '/dev/full': the disk is full | free some space; df -h '/dev' shows how much "
      "there "
      "is";
  EXPECT_EQ(told(files->write({.path = "/dev/full", .bytes = "x"}).error()), told_full);
  EXPECT_EQ(told(files->write({.path = "/dev/full", .bytes = "x", .append = true}).error()), told_full);
  EXPECT_TRUE(files->write({.path = "/dev/null", .bytes = "x"}));
}

TEST_F(FilesTest, SaysThatTheSystemDoesNotAllowIt) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  fs::create_directory(dir / "closed");
  ::chmod((dir / "closed").c_str(), 0500);
  std::string path = dir / "closed/x";
  EXPECT_EQ(told(write("closed/x", "").error()), "permission_denied: can't write '" + path +
                                                     "': the system does not allow it | look at owner and "
                                                     "mode of the path and of its directory: ls -ld '" +
                                                     path + "' '" + (dir / "closed") + "'");
}

TEST_F(FilesTest, DoesNotWaitForPipes) {
  ASSERT_EQ(::mkfifo((dir / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(told(write("pipe", "x").error()),
            "file_error: can't write '" + (dir / "pipe") +
                "': it is a pipe that nobody reads | start its reader first");
  EXPECT_EQ(*files->read(dir / "pipe", 10), "");
}

TEST_F(FilesTest, ReadsFilesThatSayTheyAreEmpty) {
  if (::access("/proc/self/status", R_OK) != 0) GTEST_SKIP() << "this system has no /proc";
  EXPECT_EQ(files->read("/proc/self/status", 1 << 20)->substr(0, 5), "Name:");
  EXPECT_EQ(files->read("/dev/zero", 100'000)->size(), 100'000u);
}

TEST_F(FilesTest, SaysWhyItCannotRead) {
  EXPECT_EQ(told(files->read(dir / "none", 1).error()),
            "file_error: can't read '" + (dir / "none") +
                "': there is no such file or directory | check the path, or add a step that makes it");
  EXPECT_EQ(told(files->read(dir.path(), 1).error()),
            "file_error: can't read '" + dir.path() + "': it is a directory | name a file in it");
}

TEST_F(FilesTest, CopiesAFileWithItsMode) {
  dir.put("a", "bytes");
  ::chmod((dir / "a").c_str(), 0751);
  EXPECT_EQ(*files->copy(dir / "a", dir / "sub/b", true), 5u);
  EXPECT_EQ(dir.get("sub/b"), "bytes");
  EXPECT_EQ(mode("sub/b"), 0751u);
  EXPECT_EQ(dir.listing(), "a sub/ sub/b");
}

TEST_F(FilesTest, CopiesADirectoryWithAllThatIsInIt) {
  dir.put("a/x/1", "one");
  dir.put("a/x/y/2", "two");
  dir.put("a/3", "three");
  fs::create_symlink("../nowhere", dir / "a/x/link");
  ::chmod((dir / "a/x").c_str(), 0555);
  EXPECT_EQ(*files->copy(dir / "a", dir / "b", true), 11u);
  EXPECT_EQ(dir.listing(),
            "a/ a/3 a/x/ a/x/1 a/x/link a/x/y/ a/x/y/2 b/ b/3 b/x/ b/x/1 b/x/link b/x/y/ b/x/y/2");
  EXPECT_EQ(dir.get("b/x/y/2"), "two");
  EXPECT_EQ(fs::read_symlink(dir / "b/x/link"), "../nowhere");
  EXPECT_EQ(mode("b/x"), 0555u);
  ::chmod((dir / "a/x").c_str(), 0755);
  ::chmod((dir / "b/x").c_str(), 0755);
}

TEST_F(FilesTest, RefusesCopiesThatCannotBeRight) {
  dir.put("a/x", "1");
  dir.put("full/y", "2");
  dir.put("file", "3");
  fs::create_symlink("file", dir / "link");
  ASSERT_EQ(::mkfifo((dir / "a/pipe").c_str(), 0600), 0);
  std::string d = dir.path();
  EXPECT_EQ(told(files->copy(d + "/a", d + "/a/b/c", true).error()),
            "file_error: can't copy '" + d + "/a' to '" + d +
                "/a/b/c': that is inside of it | choose a destination outside of the source");
  EXPECT_EQ(told(files->copy(d + "/file", d + "/link", true).error()),
            "file_error: can't copy '" + d + "/file' to '" + d +
                "/link': they are the same file | choose another destination");
  EXPECT_EQ(told(files->copy(d + "/file", d + "/full", true).error()),
            "file_error: can't write '" + d + "/full': it is a directory | name a file in it");
  EXPECT_EQ(told(files->copy(d + "/file", d + "/full/y", false).error()),
            "file_error: can't write '" + d +
                "/full/y': it is already there | set overwrite: true, or choose another path");
  EXPECT_EQ(told(files->copy(d + "/a", d + "/new", true).error()),
            "file_error: can't copy '" + d +
                "/a/pipe': it is a pipe, socket or device | copy files and directories only");
  fs::remove(dir / "a/pipe");
  EXPECT_EQ(told(files->copy(d + "/a", d + "/full", true).error()),
            "file_error: can't replace '" + d +
                "/full': it is a directory that is not empty | delete it first, or choose another path");
  EXPECT_EQ(told(files->copy(d + "/none", d + "/new", true).error()),
            "file_error: can't copy '" + d +
                "/none': there is no such file or directory | check the path, or add a step that makes it");
  EXPECT_EQ(dir.listing(), "a/ a/b/ a/x file full/ full/y link");
}

TEST_F(FilesTest, Moves) {
  dir.put("a", "bytes");
  dir.put("b", "old");
  dir.put("d/x", "123");
  EXPECT_EQ(told(files->move(dir / "a", dir / "b", false).error()),
            "file_error: can't write '" + (dir / "b") +
                "': it is already there | set overwrite: true, or choose another path");
  EXPECT_EQ(*files->move(dir / "a", dir / "b", true), 5u);
  EXPECT_EQ(*files->move(dir / "d", dir / "e/f", false), 3u);
  EXPECT_EQ(dir.listing(), "b e/ e/f/ e/f/x");
  EXPECT_EQ(dir.get("b"), "bytes");
}

TEST_F(FilesTest, MovesAcrossFileSystems) {
  struct stat here {
  }, there{};
  ASSERT_EQ(::stat(dir.path().c_str(), &here), 0);
  if (::stat("/dev/shm", &there) != 0 || here.st_dev == there.st_dev || ::access("/dev/shm", W_OK) != 0)
    GTEST_SKIP() << "there is no second file system to write to";
  std::string name = "/dev/shm/rustchain-test-XXXXXX";
  std::string target = ::mkdtemp(name.data());
  dir.put("d/x/1", "one");
  fs::create_symlink("x", dir / "d/link");
  fs::last_write_time(dir / "d/x/1", fs::file_time_type(std::chrono::hours(24)));
  EXPECT_EQ(*files->move(dir / "d", target + "/moved", true), 3u);
  EXPECT_EQ(dir.listing(), "");
  EXPECT_EQ(*files->read(target + "/moved/x/1", 10), "one");
  EXPECT_EQ(fs::read_symlink(target + "/moved/link"), "x");
  EXPECT_EQ(fs::last_write_time(target + "/moved/x/1"), fs::file_time_type(std::chrono::hours(24)));
  fs::remove_all(target);
}

TEST_F(FilesTest, Removes) {
  dir.put("d/x/1", "");
  dir.put("kept/file", "");
  fs::create_directory_symlink("../kept", dir / "d/link");
  fs::create_directory_symlink("kept", dir / "link");
  EXPECT_EQ(told(files->remove(dir / "d", false).error()),
            "file_error: can't delete '" + (dir / "d") +
                "': it is a directory | set recursive: true to delete it with all that is in it");
  EXPECT_TRUE(*files->remove(dir / "d", true));
  EXPECT_TRUE(*files->remove(dir / "link/", true));
  EXPECT_FALSE(*files->remove(dir / "d", true));
  EXPECT_FALSE(*files->remove(dir / "kept/file/x", true));
  EXPECT_EQ(dir.listing(), "kept/ kept/file");
  EXPECT_EQ(told(files->remove("/", true).error()),
            "file_error: can't delete '/': it is in use | end the program that uses it, or unmount it");
}

TEST_F(FilesTest, GoesIntoTreesOfAnyDepth) {
  // Deeper than any path can be written, and than there are descriptors.
  int at = ::open(dir.path().c_str(), O_RDONLY | O_DIRECTORY);
  for (int i = 0; i < 1400; ++i) {
    ASSERT_EQ(::mkdirat(at, i == 0 ? "deep" : "dd", 0755), 0);
    int below = ::openat(at, i == 0 ? "deep" : "dd", O_RDONLY | O_DIRECTORY);
    ::close(at);
    at = below;
  }
  ::close(at);
  EXPECT_TRUE(files->copy(dir / "deep", dir / "copy", true));
  EXPECT_TRUE(*files->remove(dir / "deep", true));
  EXPECT_TRUE(*files->remove(dir / "copy", true));
  EXPECT_TRUE(fs::is_empty(dir.path()));
}

TEST_F(FilesTest, Globs) {
  for (const char* name : {"a.c", "b.h", "src/c.c", "src/x/d.c", "src/x/e.cpp", ".git/f.c"})
    dir.put(name, "");
  fs::create_directory_symlink(".", dir / "src/loop");
  fs::create_symlink("a.c", dir / "link.c");
  using Names = std::vector<std::string>;
  EXPECT_EQ(*files->glob("**/*.c", dir.path()), (Names{"a.c", "link.c", "src/c.c", "src/x/d.c"}));
  EXPECT_EQ(*files->glob("src/*/*.{c,cpp}", dir.path()), (Names{"src/loop/c.c", "src/x/d.c", "src/x/e.cpp"}));
  EXPECT_EQ(*files->glob("*", dir.path()), (Names{"a.c", "b.h", "link.c"}));
  EXPECT_EQ(*files->glob("./src/*.c", dir.path()), (Names{"./src/c.c"}));
  EXPECT_EQ(*files->glob("a.c", dir.path()), (Names{"a.c"}));
  EXPECT_EQ(*files->glob("none/*", dir.path()), Names{});
  EXPECT_EQ(*files->glob((dir / "src/*.c"), "/"), (Names{dir / "src/c.c"}));
}

TEST_F(FilesTest, MeasuresTrees) {
  dir.put("a/x", "12345");
  dir.put("b", "1");
  fs::create_directory_symlink(".", dir / "loop");
  TreeSize size = files->tree_size(dir.path(), {});
  EXPECT_EQ(size.files, 2u);
  EXPECT_EQ(size.directories, 2u);
  EXPECT_EQ(size.bytes, 6u);
  EXPECT_TRUE(size.complete);
  EXPECT_EQ(files->tree_size(dir / "b", {}).bytes, 1u);
  EXPECT_TRUE(files->tree_size(dir / "none", {}).complete);
}

TEST_F(FilesTest, StopsMeasuringWhenItIsEnough) {
  for (int i = 0; i < 1500; ++i) dir.put("f" + std::to_string(i), "x");
  TreeSize size = files->tree_size(dir.path(), [](const TreeSize& so_far) { return so_far.files > 500; });
  EXPECT_FALSE(size.complete);
  EXPECT_EQ(size.files, 999u);
}

TEST_F(FilesTest, ListsADirectoryInOrder) {
  dir.put("b/inside", "");
  dir.put("a", "");
  dir.put(".hidden", "");
  fs::create_symlink("b", dir / "link");
  ASSERT_EQ(::mkfifo((dir / "pipe").c_str(), 0600), 0);
  Result<std::vector<DirectoryItem>, Failure> items = files->list(dir.path());
  ASSERT_TRUE(items);
  using Kind = DirectoryItem::Kind;
  std::vector<std::pair<std::string, Kind>> told;
  for (const DirectoryItem& item : *items) told.emplace_back(item.name, item.kind);
  EXPECT_EQ(told, (std::vector<std::pair<std::string, Kind>>{{".hidden", Kind::file},
                                                             {"a", Kind::file},
                                                             {"b", Kind::directory},
                                                             {"link", Kind::link},
                                                             {"pipe", Kind::other}}));
  EXPECT_FALSE(files->list(dir / "none"));
}

TEST_F(FilesTest, AddsOneFileToTheEndOfAnother) {
  const std::string more(300'000, 'm');
  dir.put("more", more);
  EXPECT_EQ(*files->append_file(dir / "more", dir / "all"), 300'000u);
  EXPECT_EQ(*files->append_file(dir / "more", dir / "all"), 300'000u);
  EXPECT_EQ(dir.get("all"), more + more);
  EXPECT_FALSE(files->append_file(dir / "none", dir / "all"));
}

}  // namespace
}  // namespace rustchain
