#include "steps/registry.hpp"
#include "support/step_world.hpp"
#include "util/mask.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace rustchain {
namespace {

class FileSteps : public testing::Test, public StepWorld {};

using Paths = std::vector<std::string>;

// ---- create_file

TEST_F(FileSteps, CreateFileWritesTheContentAsGiven) {
  StepResult result = run(k_create_file_step, {{"path", "a/b.txt"}, {"content", "hello"}});
  EXPECT_EQ(told(result), "success");
  EXPECT_EQ(result.output,
            (Json{{"path", "a/b.txt"},
                  {"size", 5},
                  {"created", true},
                  {"overwritten", false},
                  {"sha256", "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"}}));
  EXPECT_EQ(dir.get("a/b.txt"), "hello");
}

TEST_F(FileSteps, CreateFileOverwritesUnlessTold) {
  dir.put("x", "old");
  EXPECT_EQ(told(run(k_create_file_step, {{"path", "x"}, {"content", "no"}, {"overwrite", false}})),
            "file_error: can't write '" + (dir / "x") +
                "': it is already there | set overwrite: true, or choose another path");
  EXPECT_EQ(dir.get("x"), "old");
  StepResult result = run(k_create_file_step, {{"path", "x"}, {"content", "new"}});
  EXPECT_EQ(result.output["created"], false);
  EXPECT_EQ(result.output["overwritten"], true);
  EXPECT_EQ(dir.get("x"), "new");
}

TEST_F(FileSteps, CreateFileAppends) {
  dir.put("x", "ab");
  StepResult result = run(k_create_file_step, {{"path", "x"}, {"content", "c"}, {"append", true}});
  EXPECT_EQ(result.output,
            (Json{{"path", "x"},
                  {"size", 3},
                  {"created", false},
                  {"overwritten", false},
                  {"sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}}));
}

// Whoever reads the hash of a file with a short secret in it could try them all.
TEST_F(FileSteps, CreateFileGivesNoHashOfASecret) {
  const Mask mask({"s3cr3t"});
  services.mask = &mask;
  StepResult result = run(k_create_file_step, {{"path", "x"}, {"content", "password: s3cr3t\n"}});
  EXPECT_EQ(
      result.output,
      (Json{{"path", "x"}, {"size", 17}, {"created", true}, {"overwritten", false}, {"sha256", nullptr}}));
  // Also not of one that another step wrote, nor of an encoding.
  result = run(k_create_file_step, {{"path", "x"}, {"content", "more"}, {"append", true}});
  EXPECT_EQ(result.output["sha256"], nullptr);
  result = run(k_create_file_step, {{"path", "y"}, {"content", "czNjcjN0"}, {"encoding", "base64"}});
  EXPECT_EQ(result.output["sha256"], nullptr);
  result = run(k_create_file_step, {{"path", "z"}, {"content", "hello"}});
  EXPECT_NE(result.output["sha256"], nullptr);
}

TEST_F(FileSteps, CreateFileSetsTheMode) {
  EXPECT_EQ(told(run(k_create_file_step, {{"path", "x"}, {"mode", "755"}})), "success");
  EXPECT_EQ(files->status(dir / "x")->mode, 0755u);
  EXPECT_EQ(told(run(k_create_file_step, {{"path", "x"}, {"mode", "0o600"}})), "success");
  EXPECT_EQ(files->status(dir / "x")->mode, 0600u);
  EXPECT_EQ(told(run(k_create_file_step, {{"path", "x"}, {"mode", "rwx"}})),
            "invalid: 'rwx' is not a file mode | write it in octal, as in mode: \"644\" or mode: \"755\"");
}

TEST_F(FileSteps, CreateFileDecodesBase64) {
  EXPECT_EQ(told(run(k_create_file_step, {{"path", "x"}, {"content", "AP8K"}, {"encoding", "base64"}})),
            "success");
  EXPECT_EQ(dir.get("x"), std::string("\0\xff\n", 3));
  EXPECT_EQ(told(run(k_create_file_step, {{"path", "x"}, {"content", "?"}, {"encoding", "base64"}})),
            "invalid: `content` is not base64 | make it with `base64 FILE`, or leave `encoding` out");
}

TEST_F(FileSteps, CreateFileRefusesPathsThatCannotBe) {
  EXPECT_EQ(told(run(k_create_file_step, {{"path", ""}})),
            "invalid: 'path' is empty | look at the references in it: one of them may have given nothing");
  EXPECT_EQ(told(run(k_create_file_step, {{"path", std::string("a\0b", 3)}})),
            "invalid: 'path' holds a NUL byte, which no path may | look at the references in it");
  EXPECT_EQ(
      told(run(k_create_file_step, {{"path", "a/"}})),
      "invalid: '" + (dir / "a/") + "' names a directory, not a file | add the name of a file to `path`");
  EXPECT_EQ(dir.listing(), "");
}

TEST_F(FileSteps, CreateFileKnowsTheHomeDirectory) {
  services.environment = {{"HOME", dir / "home"}};
  EXPECT_EQ(told(run(k_create_file_step, {{"path", "~/x"}, {"content", "1"}})), "success");
  EXPECT_EQ(dir.get("home/x"), "1");
}

TEST(CreateFile, IsCheckedBeforeTheRun) {
  EXPECT_EQ(problems_of(k_create_file_step, {{"path", "x"}, {"mode", "999"}}),
            "RC0405 '999' is not a file mode | write it in octal, as in mode: \"644\" or mode: \"755\"\n");
  EXPECT_EQ(problems_of(k_create_file_step, {{"path", "x"}, {"content", "!"}, {"encoding", "base64"}}),
            "RC0404 `content` is not base64 | make it with `base64 FILE`, or leave `encoding` out\n");
  EXPECT_EQ(problems_of(k_create_file_step,
                        {{"path", "x"}, {"mode", "{m}"}, {"content", "{c}"}, {"encoding", "base64"}}),
            "");
}

// ---- read_file

TEST_F(FileSteps, ReadFileGivesContentAndSize) {
  dir.put("x",
          "a\xff"
          "b\n");
  StepResult result = run(k_read_file_step, {{"path", "x"}});
  EXPECT_EQ(result.output, (Json{{"path", "x"},
                                 {"size", 4},
                                 {"truncated", false},
                                 {"content",
                                  "a\xef\xbf\xbd"
                                  "b\n"}}));
}

TEST_F(FileSteps, ReadFileIsBounded) {
  dir.put("x.json", "[1, 2, 3]");
  StepResult result = run(k_read_file_step, {{"path", "x.json"}, {"max_bytes", 3}});
  EXPECT_EQ(result.output, (Json{{"path", "x.json"}, {"size", 9}, {"truncated", true}, {"content", "[1,"}}));
  EXPECT_EQ(result.warnings, Paths{"only the first 3 bytes of 'x.json' were read (max_bytes)"});
}

TEST_F(FileSteps, ReadFileWalksJson) {
  dir.put("x.json", "\xef\xbb\xbf{\"a\": [1, {\"b\": null}]}");
  EXPECT_EQ(run(k_read_file_step, {{"path", "x.json"}}).output["json"],
            Json::parse("{\"a\": [1, {\"b\": null}]}"));
}

TEST_F(FileSteps, ReadFileSaysWhyThereIsNoJson) {
  dir.put("x.json", "{\"a\": 1,\n\"b\": }");
  dir.put("deep.json", std::string(100'000, '['));
  StepResult result = run(k_read_file_step, {{"path", "x.json"}});
  EXPECT_EQ(told(result), "success");
  EXPECT_FALSE(result.output.contains("json"));
  EXPECT_EQ(result.warnings,
            Paths{"'x.json' is not valid JSON, so there is no `.json`: it breaks at line 2, column 6"});
  EXPECT_EQ(
      run(k_read_file_step, {{"path", "deep.json"}}).warnings,
      Paths{"'deep.json' is not valid JSON, so there is no `.json`: it is nested deeper than 200 levels"});
}

TEST_F(FileSteps, ReadFileOfNothingFails) {
  EXPECT_EQ(told(run(k_read_file_step, {{"path", "none"}})),
            "file_error: can't read '" + (dir / "none") +
                "': there is no such file or directory | check the path, or add a step that makes it");
}

// ---- copy_file, move_file

TEST_F(FileSteps, CopyFileCopies) {
  dir.put("a.txt", "bytes");
  StepResult result = run(k_copy_file_step, {{"source", "a.txt"}, {"destination", "sub/b.txt"}});
  EXPECT_EQ(result.output,
            (Json{{"source", "a.txt"}, {"destination", "sub/b.txt"}, {"size", 5}, {"overwritten", false}}));
  result = run(k_copy_file_step, {{"source", "a.txt"}, {"destination", "sub"}});
  EXPECT_EQ(result.output["destination"], "sub/a.txt");
  result = run(k_copy_file_step, {{"source", "a.txt"}, {"destination", "new/"}});
  EXPECT_EQ(result.output["destination"], "new/a.txt");
  EXPECT_EQ(dir.listing(), "a.txt new/ new/a.txt sub/ sub/a.txt sub/b.txt");
}

TEST_F(FileSteps, CopyFileHoldsBackWhenToldTo) {
  dir.put("a", "new");
  dir.put("b", "old");
  EXPECT_EQ(told(run(k_copy_file_step, {{"source", "a"}, {"destination", "b"}, {"overwrite", false}})),
            "file_error: can't write '" + (dir / "b") +
                "': it is already there | set overwrite: true, or choose another path");
  EXPECT_EQ(run(k_copy_file_step, {{"source", "a"}, {"destination", "b"}}).output["overwritten"], true);
  EXPECT_EQ(dir.get("b"), "new");
}

TEST_F(FileSteps, MoveFileMoves) {
  dir.put("a", "bytes");
  StepResult result = run(k_move_file_step, {{"source", "a"}, {"destination", "sub/b"}});
  EXPECT_EQ(result.output,
            (Json{{"source", "a"}, {"destination", "sub/b"}, {"size", 5}, {"overwritten", false}}));
  EXPECT_EQ(dir.listing(), "sub/ sub/b");
  EXPECT_EQ(told(run(k_move_file_step, {{"source", "a"}, {"destination", "c"}})),
            "file_error: can't move '" + (dir / "a") +
                "': there is no such file or directory | check the path, or add a step that makes it");
}

TEST(Transfer, ToItselfIsFoundBeforeTheRun) {
  EXPECT_EQ(problems_of(k_copy_file_step, {{"source", "a/x"}, {"destination", "./a//x"}}),
            "RC0408 source and destination are the same | choose another destination\n");
  EXPECT_EQ(problems_of(k_move_file_step, {{"source", "a"}, {"destination", "b"}}), "");
}

// ---- delete_file

TEST_F(FileSteps, DeleteFileDeletes) {
  dir.put("a/x", "");
  EXPECT_EQ(run(k_delete_file_step, {{"path", "a/x"}}).output, (Json{{"path", "a/x"}, {"existed", true}}));
  EXPECT_EQ(run(k_delete_file_step, {{"path", "a/x"}}).output, (Json{{"path", "a/x"}, {"existed", false}}));
  EXPECT_EQ(told(run(k_delete_file_step, {{"path", "a"}})),
            "file_error: can't delete '" + (dir / "a") +
                "': it is a directory | set recursive: true to delete it with all that is in it");
  EXPECT_EQ(told(run(k_delete_file_step, {{"path", "a"}, {"recursive", true}})), "success");
  EXPECT_EQ(dir.listing(), "");
}

TEST_F(FileSteps, DeleteFileRefusesWhatNobodyMeans) {
  dir.put("home/x", "");
  services.environment = {{"HOME", dir / "home"}};
  auto refused = [&](const std::string& path, const std::string& normal, const std::string& what) {
    EXPECT_EQ(told(run(k_delete_file_step, {{"path", path}, {"recursive", true}})),
              "invalid: '" + normal + "' is not deleted: it is " + what +
                  " | name the files or directories in it that shall go");
  };
  std::string working = "the working directory, or holds it";
  refused("/", "/", "the root directory");
  refused("//..", "/", "the root directory");
  refused(".", dir.path(), working);
  refused("a/..", dir.path(), working);
  refused("..", "/tmp", working);
  refused("/tmp/", "/tmp", working);
  refused("home/", dir / "home", "the home directory, or holds it");
  refused("~", dir / "home", "the home directory, or holds it");
  EXPECT_EQ(told(run(k_delete_file_step, {{"path", ""}, {"recursive", true}})),
            "invalid: 'path' is empty | look at the references in it: one of them may have given nothing");
  EXPECT_EQ(dir.listing(), "home/ home/x");
}

TEST(DeleteFile, IsCheckedBeforeTheRun) {
  for (std::string path : {"/", ".", "./", "~", "..", ""})
    EXPECT_EQ(problems_of(k_delete_file_step, {{"path", path}}),
              "RC0407 '" + path + "' is never deleted | name the files or directories in it that shall go\n");
  EXPECT_EQ(problems_of(k_delete_file_step, {{"path", "build"}}), "");
}

// ---- all

TEST(FileStepEffects, NameThePathsAsWritten) {
  FakeWorld world;
  auto effects = [&](const StepType& type, Json parameters) {
    return StepFixture(type, std::move(parameters), world.services).effects();
  };
  EXPECT_EQ(effects(k_create_file_step, {{"path", "{d}/x"}}).writes, Paths{"{d}/x"});
  EXPECT_EQ(effects(k_read_file_step, {{"path", "x"}}).reads, Paths{"x"});
  Effects copy = effects(k_copy_file_step, {{"source", "a"}, {"destination", "b"}});
  EXPECT_EQ(copy.reads, Paths{"a"});
  EXPECT_EQ(copy.writes, Paths{"b"});
  EXPECT_EQ(copy.deletes, Paths{});
  EXPECT_EQ(effects(k_move_file_step, {{"source", "a"}, {"destination", "b"}}).deletes, Paths{"a"});
  EXPECT_EQ(effects(k_delete_file_step, {{"path", "x"}}).deletes, Paths{"x"});
  Effects edit = effects(k_edit_file_step, {{"path", "x"}, {"find", "a"}, {"backup", true}});
  EXPECT_EQ(edit.reads, Paths{"x"});
  EXPECT_EQ(edit.writes, (Paths{"x", "x.bak"}));
  EXPECT_EQ(effects(k_noop_step, Json::object()).writes, Paths{});
}

TEST_F(FileSteps, NoopGivesItsMessage) {
  EXPECT_EQ(run(k_noop_step, {{"message", "done"}}).output, (Json{{"message", "done"}}));
  EXPECT_EQ(run(k_noop_step, Json::object()).output, (Json{{"message", ""}}));
}

}  // namespace
}  // namespace rustchain
