// A link that is put into a path between the judge's look and the use.
#include "platform/judged_files.hpp"

#include "platform/http_file.hpp"
#include "platform/platform.hpp"
#include "support/fakes.hpp"
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
    dir.put("desk/sub/file", "mine");
    dir.put("desk/other", "other");
    dir.put("outside/file", "theirs");
    for (const char* name : {"desk/sub/file", "desk/sub/new/deep", "desk/other", "desk/sub"})
      seen.note(root + "/" + name, root + "/" + name);
  }
  // What happens after the judge has looked.
  void swap_directory() {
    fs::rename(root + "/desk/sub", root + "/desk/gone");
    fs::create_directory_symlink(root + "/outside", root + "/desk/sub");
  }
  void swap_file() {
    fs::remove(root + "/desk/sub/file");
    fs::create_symlink(root + "/outside/file", root + "/desk/sub/file");
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
  EXPECT_EQ(*files->read(root + "/desk/sub/file", 10), "mine");
  ASSERT_TRUE(files->write({.path = root + "/desk/sub/file", .bytes = "new"}));
  ASSERT_TRUE(files->write({.path = root + "/desk/sub/new/deep", .bytes = "made"}));
  ASSERT_TRUE(files->write({.path = root + "/desk/sub/file", .bytes = "er", .append = true}));
  EXPECT_EQ(dir.get("desk/sub/file"), "newer");
  EXPECT_EQ(dir.get("desk/sub/new/deep"), "made");
  EXPECT_EQ(*files->copy(root + "/desk/other", root + "/desk/sub/other", false), 5u);
  ASSERT_TRUE(files->append_file(root + "/desk/other", root + "/desk/sub/file"));
  EXPECT_EQ(dir.get("desk/sub/file"), "newerother");
  ASSERT_TRUE(files->move(root + "/desk/sub/file", root + "/desk/moved", false));
  EXPECT_EQ(dir.get("desk/moved"), "newerother");
  EXPECT_FALSE(*files->remove(root + "/desk/sub/file", false));
  EXPECT_TRUE(*files->remove(root + "/desk/sub", true));
  EXPECT_EQ(dir.listing(), "desk/ desk/moved desk/other outside/ outside/file");
}

TEST_F(JudgedFilesTest, GoesThroughLinksThatTheJudgeSaw) {
  fs::create_directory_symlink(root + "/outside", root + "/desk/link");
  seen.note(root + "/desk/link/file", root + "/outside/file");
  EXPECT_EQ(*files->read(root + "/desk/link/file", 10), "theirs");
}

TEST_F(JudgedFilesTest, DoesNotFollowADirectoryThatBecameALink) {
  swap_directory();
  const std::string file = root + "/desk/sub/file";
  expect_refused([&] { return failure_of(files->read(file, 10)); });
  expect_refused([&] { return failure_of(files->write({.path = file, .bytes = "x"})); });
  expect_refused([&] { return failure_of(files->write({.path = file, .bytes = "x", .append = true})); });
  expect_refused(
      [&] { return failure_of(files->write({.path = root + "/desk/sub/new/deep", .bytes = "x"})); });
  expect_refused([&] { return failure_of(files->copy(root + "/desk/other", file, true)); });
  expect_refused([&] { return failure_of(files->copy(file, root + "/desk/other", true)); });
  expect_refused([&] { return failure_of(files->move(root + "/desk/other", file, true)); });
  expect_refused([&] { return failure_of(files->move(file, root + "/desk/other", true)); });
  expect_refused([&] { return failure_of(files->append_file(root + "/desk/other", file)); });
  expect_refused([&] { return failure_of(files->remove(file, true)); });
  EXPECT_EQ(dir.get("desk/other"), "other");
}

TEST_F(JudgedFilesTest, DoesNotFollowAFileThatBecameALink) {
  swap_file();
  const std::string file = root + "/desk/sub/file";
  expect_refused([&] { return failure_of(files->read(file, 10)); });
  expect_refused([&] { return failure_of(files->write({.path = file, .bytes = "x"})); });
  expect_refused([&] { return failure_of(files->write({.path = file, .bytes = "x", .append = true})); });
  expect_refused([&] { return failure_of(files->copy(root + "/desk/other", file, true)); });
  expect_refused([&] { return failure_of(files->copy(file, root + "/desk/other", true)); });
  expect_refused([&] { return failure_of(files->append_file(root + "/desk/other", file)); });
  // The link itself goes, and what it leads to stays.
  EXPECT_TRUE(*files->remove(file, false));
  EXPECT_EQ(dir.get("outside/file"), "theirs");
}

TEST_F(JudgedFilesTest, PutAnAnswerWhereTheJudgeSawItsFile) {
  FakeHttp asked;
  asked.otherwise = [](const HttpRequest&, const Stop&) { return HttpResponse{}; };
  std::unique_ptr<HttpClient> http = make_judged_http(asked, seen);
  seen.note(root + "/desk/link/file", root + "/outside/file");
  for (const auto& [named, used] :
       {std::pair{"desk/link/file", "outside/file"}, {"desk/other", "desk/other"}}) {
    HttpRequest request;
    request.output_file = root + "/" + named;
    (void)http->send(request, {});
    EXPECT_EQ(asked.requests.back().output_file, root + "/" + used);
  }
}

TEST_F(JudgedFilesTest, KeepAnAnswerOutOfADirectoryThatBecameALink) {
  swap_directory();
  for (const char* name : {"/desk/sub/file", "/desk/sub/new/deep"}) {
    HttpFile answer;
    EXPECT_EQ(answer.open(root + name), "'" + root + name +
                                            "' can't be written: a symbolic link was put into its "
                                            "path after the safety check");
  }
  EXPECT_EQ(dir.listing(), "desk/ desk/gone/ desk/gone/file desk/other desk/sub outside/ outside/file");
}

TEST_F(JudgedFilesTest, KeepAnAnswerInItsDirectoryWhileItComes) {
  HttpFile answer;
  EXPECT_EQ(answer.open(root + "/desk/sub/file"), std::nullopt);
  swap_directory();
  EXPECT_EQ(answer.write("new"), std::nullopt);
  EXPECT_EQ(answer.commit(), std::nullopt);
  EXPECT_EQ(dir.get("desk/gone/file"), "new");
  EXPECT_EQ(dir.get("outside/file"), "theirs");
}

TEST_F(JudgedFilesTest, PutAnAnswerInThePlaceOfALinkAndNotWhereItLeads) {
  HttpFile answer;
  EXPECT_EQ(answer.open(root + "/desk/sub/file"), std::nullopt);
  swap_file();
  EXPECT_EQ(answer.write("new"), std::nullopt);
  EXPECT_EQ(answer.commit(), std::nullopt);
  EXPECT_EQ(dir.get("desk/sub/file"), "new");
  EXPECT_EQ(dir.get("outside/file"), "theirs");
  HttpFile late;
  swap_file();
  EXPECT_NE(late.open(root + "/desk/sub/file"), std::nullopt);
}

TEST_F(JudgedFilesTest, FollowNoLinkInTheLastPlaceWhenTheyAreToldSo) {
  swap_file();
  std::unique_ptr<Files> unlinked = make_files(false);
  const std::string file = root + "/desk/sub/file";
  EXPECT_FALSE(unlinked->read(file, 10));
  EXPECT_FALSE(unlinked->write({.path = file, .bytes = "x"}));
  EXPECT_FALSE(unlinked->write({.path = file, .bytes = "x", .append = true}));
  EXPECT_FALSE(unlinked->append_file(root + "/desk/other", file));
  EXPECT_EQ(dir.get("outside/file"), "theirs");
}

TEST_F(JudgedFilesTest, NamesTheFileInMessagesAsItIsKnown) {
  const Failure* failure =
      failure_of(files->write({.path = root + "/desk/other", .bytes = "x", .overwrite = false}));
  ASSERT_NE(failure, nullptr);
  EXPECT_EQ(failure->message, "can't write '" + root + "/desk/other': it is already there");
}

TEST_F(JudgedFilesTest, OpensDirectoriesWithoutLinksWithAndWithoutOpenat2) {
  swap_directory();
  for (bool openat2 : {true, false}) {
    EXPECT_TRUE(open_real_directory(root + "/desk/gone", openat2));
    EXPECT_TRUE(open_real_directory("/", openat2));
    EXPECT_FALSE(open_real_directory(root + "/desk/sub", openat2));
    EXPECT_EQ(errno, ELOOP);
    EXPECT_FALSE(open_real_directory(root + "/desk/sub/x", openat2));
    EXPECT_EQ(errno, ELOOP);
    EXPECT_FALSE(open_real_directory(root + "/none/x", openat2));
    EXPECT_EQ(errno, ENOENT);
    EXPECT_FALSE(open_real_directory(root + "/desk/other", openat2));
    EXPECT_EQ(errno, ENOTDIR);
  }
}

}  // namespace
}  // namespace rustchain
