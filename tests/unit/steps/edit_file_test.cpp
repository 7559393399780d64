#include "steps/edit_text.hpp"
#include "steps/registry.hpp"
#include "support/step_world.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

class EditFile : public testing::Test, public StepWorld {
 protected:
  // The file's text after an edit of `before`, or what the step said.
  std::string edited(std::string_view before, Json parameters) {
    dir.put("x", before);
    parameters["path"] = "x";
    StepResult result = run(k_edit_file_step, std::move(parameters));
    return result.status == Status::success ? dir.get("x") : told(result);
  }
};

TEST_F(EditFile, Replaces) {
  EXPECT_EQ(edited("a b a\n", {{"find", "a"}, {"replace", "$1"}}), "$1 b $1\n");
  EXPECT_EQ(edited("a b a\n", {{"find", "a"}, {"replace", "x"}, {"count", 1}}), "x b a\n");
  EXPECT_EQ(edited("a b a\n", {{"find", "a "}, {"replace", ""}}), "b a\n");
  EXPECT_EQ(edited("aaa", {{"find", "a"}, {"replace", "aa"}}), "aaaaaa");
}

TEST_F(EditFile, ReplacesByRegex) {
  EXPECT_EQ(edited("name = x\nversion = 1\n", {{"regex", "^(version) = .*$"}, {"replace", "$1 = 2"}}),
            "name = x\nversion = 2\n");
  EXPECT_EQ(edited("version = 1\r\nz\r\n", {{"regex", "^version[^\\r\\n]*"}, {"replace", "v"}}),
            "v\r\nz\r\n");
  EXPECT_EQ(edited("a\xc3\xa4", {{"regex", ""}, {"replace", "-"}}), "-a-\xc3\xa4-");
}

TEST_F(EditFile, AppendsAndPrependsOnLinesOfTheirOwn) {
  EXPECT_EQ(edited("a", {{"operation", "append"}, {"content", "b\n"}}), "a\nb\n");
  EXPECT_EQ(edited("a\n", {{"operation", "append"}, {"content", "b"}}), "a\nb");
  EXPECT_EQ(edited("", {{"operation", "append"}, {"content", "b"}}), "b");
  EXPECT_EQ(edited("a\n", {{"operation", "prepend"}, {"content", "b"}}), "b\na\n");
}

TEST_F(EditFile, InsertsBesideLines) {
  EXPECT_EQ(edited("one\ntwo two\nend", {{"operation", "insert_after"}, {"find", "two"}, {"content", "new"}}),
            "one\ntwo two\nnew\nend");
  EXPECT_EQ(edited("one\nend", {{"operation", "insert_after"}, {"find", "end"}, {"content", "new"}}),
            "one\nend\nnew");
  EXPECT_EQ(edited("a\nb\na\n", {{"operation", "insert_before"}, {"regex", "^a$"}, {"content", "-"}}),
            "-\na\nb\n-\na\n");
  EXPECT_EQ(
      edited("a\nb\na\n", {{"operation", "insert_before"}, {"find", "a"}, {"content", "-\n"}, {"count", 1}}),
      "-\na\nb\na\n");
}

TEST_F(EditFile, DeletesLines) {
  EXPECT_EQ(edited("a\nb b\nc\nb", {{"operation", "delete"}, {"find", "b"}}), "a\nc\n");
  EXPECT_EQ(edited("a\nb\nc\nd\n", {{"operation", "delete"}, {"find", "b\nc\n"}}), "a\nd\n");
  EXPECT_EQ(edited("a\n\nb\n", {{"operation", "delete"}, {"regex", "^$"}, {"count", 1}}), "a\nb\n");
}

TEST_F(EditFile, WritesWhereThereIsNothingToFind) {
  EXPECT_EQ(edited("old", {{"content", "new"}}), "new");
  StepResult result = run(k_edit_file_step, {{"path", "made/y"}, {"operation", "append"}, {"content", "1"}});
  EXPECT_EQ(told(result), "success");
  EXPECT_EQ(dir.get("made/y"), "1");
  EXPECT_EQ(told(run(k_edit_file_step, {{"path", "none"}, {"find", "a"}, {"replace", "b"}})),
            "file_error: can't read '" + (dir / "none") +
                "': there is no such file or directory | check the path, or add a step that makes it");
}

TEST_F(EditFile, ShowsTheNearestLine) {
  std::string text = "import os\n\ndef main():\n    DEBUG = True\n    return 0\n";
  EXPECT_EQ(edited(text, {{"find", "DEBUG = Tru3"}, {"replace", ""}}),
            "file_error: 'x' does not hold `DEBUG = Tru3` | the nearest line 4 is `DEBUG = True`");
  EXPECT_EQ(
      edited(text, {{"find", "    DEBUG = True\n    return 1\n"}, {"replace", ""}}),
      "file_error: 'x' does not hold `    DEBUG = True\\n    return 1\\n` | the first line of `find` is "
      "there, but line 5 is `return 0`");
  EXPECT_EQ(
      edited("a\r\nb\r\n", {{"find", "a\nb"}, {"replace", ""}}),
      "file_error: 'x' does not hold `a\\nb` | the file's lines end with \\r\\n, those of `find` with \\n");
  EXPECT_EQ(edited(text, {{"find", "zzzzqqqq"}, {"replace", ""}}),
            "file_error: 'x' does not hold `zzzzqqqq` | read the file, and correct `find`");
  EXPECT_EQ(edited(text, {{"regex", "z+"}, {"replace", ""}}),
            "file_error: nothing in 'x' matches z+ | read the file, and correct `regex`");
  EXPECT_EQ(dir.get("x"), text);
}

TEST_F(EditFile, KeepsABackup) {
  dir.put("x", "old");
  StepResult result =
      run(k_edit_file_step, {{"path", "x"}, {"find", "old"}, {"replace", "new!"}, {"backup", true}});
  EXPECT_EQ(result.output, (Json{{"path", "x"}, {"replacements", 1}, {"size", 4}, {"backup", "x.bak"}}));
  EXPECT_EQ(dir.get("x.bak"), "old");
  result = run(k_edit_file_step, {{"path", "x"}, {"content", "3"}, {"backup", "keep/x"}});
  EXPECT_EQ(result.output["backup"], "keep/x");
  EXPECT_EQ(dir.get("keep/x"), "new!");
}

TEST_F(EditFile, FailsOnWhatReferencesMadeOfIt) {
  dir.put("x", "a");
  EXPECT_EQ(told(run(k_edit_file_step, {{"path", "x"}, {"find", ""}, {"replace", "b"}})),
            "invalid: `find` is empty | look at the references in it: one of them may have given nothing");
  EXPECT_EQ(told(run(k_edit_file_step, {{"path", "x"}, {"regex", "("}, {"replace", "b"}})),
            "invalid: the regular expression '(' can't be read: there is a '(' without its ')' | a backslash "
            "before . ( ) [ ] { } | * + ? ^ $ takes them as they are");
}

TEST(EditFileCheck, SaysWhatIsMissing) {
  EXPECT_EQ(problems_of(k_edit_file_step, {{"path", "x"}, {"operation", "insert_after"}, {"content", "c"}}),
            "RC0406 operation `insert_after` needs `find` or `regex` | add the text to look for\n");
  EXPECT_EQ(problems_of(k_edit_file_step, {{"path", "x"}, {"find", "a"}}),
            "RC0406 operation `replace` needs `replace` | add what comes in its place; replace: \"\" takes "
            "it away\n");
  EXPECT_EQ(problems_of(k_edit_file_step, {{"path", "x"}}),
            "RC0406 operation `write` needs `content` | add the text to put there\n");
  EXPECT_EQ(problems_of(k_edit_file_step, {{"path", "x"}, {"find", "a"}, {"regex", "["}, {"replace", ""}}),
            "RC0406 `find` and `regex` can't both be given | keep one of them\n"
            "RC0409 the regular expression '[' can't be read: there is a '[' without its ']' | a backslash "
            "before . ( ) [ ] { } | * + ? ^ $ takes them as they are\n");
  EXPECT_EQ(problems_of(k_edit_file_step, {{"path", "x"}, {"find", "a"}, {"replace", ""}}), "");
  EXPECT_EQ(problems_of(k_edit_file_step, {{"path", "x"}, {"operation", "delete"}, {"find", "a"}}), "");
}

TEST(EditText, IsQuickOnOneLongLine) {
  std::string line;
  for (int i = 0; i < 200'000; ++i) line += "ab";
  Edit edit{.operation = EditOperation::remove, .find = "a"};
  EXPECT_EQ(apply_edit(edit, line + "\nb\n").text, "b\n");
  edit = {.operation = EditOperation::replace, .find = "a", .replacement = ""};
  EXPECT_EQ(apply_edit(edit, line).text.size(), 200'000u);
}

}  // namespace
}  // namespace rustchain
