#include "steps/command_chunks.hpp"

#include "rustchain/json.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using Words = std::vector<std::string>;

CommandLine program(Words argv) {
  return {"command", std::move(argv), {}, {}};
}
CommandLine script(std::string text, Words arguments = {}) {
  return {"command", std::move(arguments), std::move(text), "/bin/sh"};
}
ChunkKeys keys(bool files) {
  ChunkKeys keys;
  keys.files = files;
  keys.asked = true;
  return keys;
}
// "error | help" of a refusal.
std::string refused(const CommandLine& line, bool files = false) {
  Result<ChunkPlan, Failure> plan = plan_chunks(line, keys(files));
  if (plan) return "planned";
  EXPECT_EQ(plan.error().kind, FailureKind::invalid);
  return plan.error().message + " | " + plan.error().help;
}
Words argv(const CommandLine& line, bool files, Words names = {"a", "b"}) {
  Result<ChunkPlan, Failure> plan = plan_chunks(line, keys(files));
  if (!plan) return {"refused: " + plan.error().message};
  return chunk_arguments(*plan, names);
}

TEST(ChunkKeys, SayWhetherChunksAreAskedFor) {
  auto told = [](const Json& parameters) {
    ChunkKeys keys = chunk_keys(parameters, 4);
    return std::string(keys.asked ? "asked " : "") + (keys.files ? "files " : "") +
           std::to_string(keys.parallel) +
           (keys.size == 1000     ? ""
            : keys.size > 1000000 ? " all"
                                  : " " + std::to_string(keys.size));
  };
  EXPECT_EQ(told(Json::object()), "1");
  EXPECT_EQ(told({{"parallel", false}}), "1");
  EXPECT_EQ(told({{"parallel", true}}), "asked 4");
  EXPECT_EQ(told({{"parallel", 3}}), "asked 3");
  EXPECT_EQ(told({{"chunk_size", 50}}), "asked 1 50");
  EXPECT_EQ(told({{"chunk_processing", true}}), "asked 1");
  EXPECT_EQ(told({{"chunk_processing", false}, {"chunk_size", 5}, {"parallel", 2}}), "1 all");
  EXPECT_EQ(told({{"files", {"a"}}}), "asked files 1");
  EXPECT_EQ(told({{"files", {"a"}}, {"chunk_processing", false}}), "asked files 1 all");
}

TEST(ChunkPlan, PutsFilesAtTheEndOrAtTheirPlace) {
  EXPECT_EQ(argv(program({"wc", "-l"}), true), (Words{"wc", "-l", "a", "b"}));
  EXPECT_EQ(argv(program({"cp", "{files}", "out/"}), true), (Words{"cp", "a", "b", "out/"}));
  EXPECT_EQ(argv(script("wc -l | sort"), true),
            (Words{"/bin/sh", "-c", "wc -l | sort \"$@\"", "/bin/sh", "a", "b"}));
  EXPECT_EQ(argv(script("cat {files} | wc"), true),
            (Words{"/bin/sh", "-c", "cat \"$@\" | wc", "/bin/sh", "a", "b"}));
}

TEST(ChunkPlan, TurnsARecursiveGrepIntoOneOfFiles) {
  EXPECT_EQ(argv(program({"grep", "-rn", "TODO", "src", "--include=*.c"}), false),
            (Words{"grep", "-n", "-e", "TODO", "--", "a", "b"}));
  EXPECT_EQ(
      argv(program({"/bin/grep", "-Rie", "x", "-m", "3", "-A2", "--exclude", "*.o", "--color=never"}), false),
      (Words{"/bin/grep", "-i", "-e", "x", "-m", "3", "-A", "2", "--color=never", "--", "a", "b"}));
  EXPECT_EQ(argv(program({"rgrep", "-12", "--", "-x"}), false),
            (Words{"grep", "-12", "-e", "-x", "--", "a", "b"}));

  Result<ChunkPlan, Failure> plan =
      plan_chunks(program({"grep", "-r", "-C1", "--exclude-dir=.git/", "--include=*.[ch]", "--exclude=x?.c",
                           "p", "a", "b"}),
                  keys(false));
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->walk->roots, (Words{"a", "b"}));
  EXPECT_FALSE(plan->walk->follow);
  EXPECT_TRUE(plan->name_files);
  EXPECT_EQ(plan->separator, "--\n");
  EXPECT_EQ(plan->merge, ExitMerge::grep);
  EXPECT_TRUE(plan->walk->takes_file("y.c", false));
  EXPECT_TRUE(plan->walk->takes_file(".y.h", false));
  EXPECT_FALSE(plan->walk->takes_file("xy.c", false));
  EXPECT_FALSE(plan->walk->takes_file("y.cc", false));
  EXPECT_FALSE(plan->walk->takes_directory(".git", false));
  EXPECT_FALSE(plan->walk->takes_directory("deep/.git", true));
  EXPECT_TRUE(plan->walk->takes_directory("x.git", false));
}

TEST(ChunkPlan, LetsFindListTheFilesOfItsExec) {
  Result<ChunkPlan, Failure> all =
      plan_chunks(program({"find", ".", "-type", "f", "-exec", "grep", "-n", "x", "{}", "+"}), keys(false));
  ASSERT_TRUE(all);
  EXPECT_EQ(all->lister, (Words{"find", ".", "-type", "f", "-print0"}));
  EXPECT_EQ(chunk_arguments(*all, {"a", "b"}), (Words{"grep", "-n", "x", "a", "b"}));
  EXPECT_EQ(all->size, 1000u);
  EXPECT_TRUE(all->name_files);
  EXPECT_EQ(all->merge, ExitMerge::find_plus);

  Result<ChunkPlan, Failure> each =
      plan_chunks(program({"find", ".", "-exec", "cp", "{}", "out/{}.bak", ";", "-name", "x"}), keys(false));
  ASSERT_TRUE(each);
  EXPECT_EQ(each->lister, (Words{"find", ".", "-print0", "-name", "x"}));
  EXPECT_EQ(chunk_arguments(*each, {"a b"}), (Words{"cp", "a b", "out/a b.bak"}));
  EXPECT_EQ(each->size, 1u);
  EXPECT_EQ(each->merge, ExitMerge::find_each);
}

TEST(ChunkPlan, RefusesWhatWouldMeanSomethingElse) {
  const std::string whole =
      " | take chunk_size, chunk_processing and parallel away to run the command as it is";
  EXPECT_EQ(refused(program({"grep", "-r", "--directories=skip", "x"})),
            "grep's option --directories can't be kept when the files are split into chunks" + whole);
  EXPECT_EQ(refused(program({"grep", "-rX", "x"})),
            "grep's option -X isn't known well enough to run it in chunks" + whole);
  EXPECT_EQ(refused(program({"grep", "-r", "--exclude-from=f", "x"})),
            "grep's option --exclude-from can't be kept when the files are split into chunks" + whole);
  EXPECT_EQ(
      refused(program({"grep", "-rf", "-"})),
      "grep reads its patterns from standard input (-f -), which can't be given to several chunks | write "
      "the patterns to a file");
  EXPECT_EQ(refused(program({"grep", "x", "f"})),
            "grep without -r can't be run in chunks: it reads only the files that it is given | name them in "
            "`files`, or add -r");
  EXPECT_EQ(
      refused(program({"du", "."})),
      "`du` can't be run in chunks: only `grep -r` and `find -exec` are known | name the files in `files`, "
      "or take chunk_size, chunk_processing and parallel away");
  EXPECT_EQ(
      refused(script("grep -r x | sort")),
      "a text for the shell can't be run in chunks | give the program in `command` and its words in `args`, "
      "or name `files`; or take chunk_size, chunk_processing and parallel away");
  EXPECT_EQ(refused(program({"find", ".", "-exec", "a", "{}", ";", "-delete"})),
            "find's -delete beside -exec can't be run in chunks | leave one -exec, or take chunk_size, "
            "chunk_processing and parallel away");
  EXPECT_EQ(refused(program({"find", "."})),
            "find without -exec can't be run in chunks: it starts nothing for the files | take chunk_size, "
            "chunk_processing and parallel away, or add -exec");
}

TEST(ChunkExitCodes, BecomeOne) {
  EXPECT_EQ(merge_exit_codes(ExitMerge::grep, {1, 0, 2}), 0);
  EXPECT_EQ(merge_exit_codes(ExitMerge::grep, {1, 1}), 1);
  EXPECT_EQ(merge_exit_codes(ExitMerge::grep, {1, 2, 1}), 2);
  EXPECT_EQ(merge_exit_codes(ExitMerge::grep, {}), 1);
  EXPECT_EQ(merge_exit_codes(ExitMerge::worst, {0, 3, 1}), 3);
  EXPECT_EQ(merge_exit_codes(ExitMerge::worst, {}), 0);
  EXPECT_EQ(merge_exit_codes(ExitMerge::find_each, {1, 1}), 0);
  EXPECT_EQ(merge_exit_codes(ExitMerge::find_plus, {0, 4}), 1);
  EXPECT_EQ(merge_exit_codes(ExitMerge::find_plus, {0, 0}, 1), 1);
}

TEST(Chunker, FillsUpByNumberAndBySize) {
  Chunker three(3, 1000);
  for (const char* name : {"a", "b", "c"}) {
    EXPECT_FALSE(three.is_full_for(name));
    three.add(name);
  }
  EXPECT_TRUE(three.is_full_for("d"));
  EXPECT_EQ(three.take(), (Words{"a", "b", "c"}));
  EXPECT_TRUE(three.empty());

  Chunker small(100, 40);
  EXPECT_FALSE(small.is_full_for(std::string(100, 'x')));  // alone, whatever it takes
  small.add("abc");
  EXPECT_FALSE(small.is_full_for("abc"));
  EXPECT_TRUE(small.is_full_for(std::string(30, 'x')));
}

}  // namespace
}  // namespace rustchain
