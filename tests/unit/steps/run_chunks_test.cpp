#include "platform/platform.hpp"
#include "steps/registry.hpp"
#include "support/step_world.hpp"
#include "util/mask.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using Words = std::vector<std::string>;
namespace fs = std::filesystem;

// ---- with processes that answer what the test says

class Chunks : public testing::Test {
 protected:
  StepResult run(Json parameters) {
    return StepFixture(k_command_step, std::move(parameters), world.services).run();
  }
  std::vector<Words> started() const {
    std::vector<Words> all;
    for (const ProcessRequest& request : world.processes.requests) all.push_back(request.argv);
    return all;
  }
  FakeWorld world;
};

TEST_F(Chunks, GiveAllFilesToTheCommandInTurn) {
  for (const char* out : {"1\n", "2\n", "3\n"}) world.processes.answers.push_back(process_end(0, out));
  StepResult result =
      run({{"command", "wc"}, {"args", {"-l"}}, {"files", {"a", "b", "c", "d", "e"}}, {"chunk_size", 2}});
  EXPECT_EQ(StepWorld::told(result), "success");
  EXPECT_EQ(started(),
            (std::vector<Words>{{"wc", "-l", "a", "b"}, {"wc", "-l", "c", "d"}, {"wc", "-l", "e"}}));
  EXPECT_EQ(result.output["stdout"], "1\n2\n3\n");
  EXPECT_EQ(result.output["chunks"], 3);
  EXPECT_EQ(result.output["args"], Json({"-l"}));
}

TEST_F(Chunks, KeepTheOrderOfTheFilesWhoeverEndsFirst) {
  std::atomic<bool> second_ended = false;
  world.processes.otherwise = [&](const ProcessRequest& request, const Stop&) -> FakeProcesses::Answer {
    const std::string& file = request.argv.back();
    // The first chunk ends only after the second, which so must run beside it.
    while (file == "a" && !second_ended) std::this_thread::yield();
    if (file == "b") second_ended = true;
    return process_end(file == "b" ? 7 : 3, file + "\n", "e" + file + "\n");
  };
  StepResult result = run({{"command", "x"}, {"files", {"a", "b", "c"}}, {"chunk_size", 1}, {"parallel", 2}});
  EXPECT_EQ(result.output["stdout"], "a\nb\nc\n");
  EXPECT_EQ(result.output["stderr"], "ea\neb\nec\n");
  EXPECT_EQ(result.output["exit_code"], 7);
  EXPECT_EQ(result.error, "`x` ended with exit code 7");
}

TEST_F(Chunks, TakeFilesFromPatternsAndPrintedLists) {
  for (const char* name : {"s/a.c", "s/b.c", "s/c.h"}) world.files.files["/here/" + std::string(name)] = "";
  world.processes.otherwise = [](const ProcessRequest&, const Stop&) { return process_end(0); };
  (void)run({{"command", "x"}, {"files", "s/*.c"}});
  (void)run({{"command", "x"}, {"files", {{"glob", "s/*"}}}});
  (void)run({{"command", "x"}, {"files", "no*.c\nb\n"}});
  EXPECT_EQ(started(), (std::vector<Words>{
                           {"x", "s/a.c", "s/b.c"}, {"x", "s/a.c", "s/b.c", "s/c.h"}, {"x", "no*.c", "b"}}));
}

TEST_F(Chunks, RunNothingWithoutFiles) {
  StepResult result = run({{"command", "x"}, {"files", "*.none"}});
  EXPECT_EQ(StepWorld::told(result), "success");
  EXPECT_EQ(result.warnings,
            (Words{"no file matches '*.none'", "there are no files, so the command was not run"}));
  EXPECT_EQ(result.output["chunks"], 0);
  EXPECT_TRUE(started().empty());
}

TEST_F(Chunks, SplitWhatTheSystemDoesNotTake) {
  world.processes.otherwise = [](const ProcessRequest&, const Stop&) { return process_end(0); };
  Json files = Json::array();
  for (int i = 0; i < 20; ++i) files.push_back(std::string(100'000, 'a'));
  StepResult result = run({{"command", "x"}, {"files", files}, {"chunk_processing", false}});
  EXPECT_EQ(result.output["chunks"], 3);
  std::size_t given = 0;
  for (const Words& argv : started()) given += argv.size() - 1;
  EXPECT_EQ(given, 20u);
}

TEST_F(Chunks, TellOfAChunkOfGrepThatFailedBesideOneThatFound) {
  world.processes.answers.push_back(process_end(2, "", "grep: a: Permission denied\n"));
  world.processes.answers.push_back(process_end(0, "b:x\n"));
  StepResult result = run({{"command", "grep"}, {"args", {"x"}}, {"files", {"a", "b"}}, {"chunk_size", 1}});
  EXPECT_EQ(StepWorld::told(result), "success");
  EXPECT_EQ(result.warnings, Words{"1 chunk of 2 ended with exit code 2: grep: a: Permission denied"});
  EXPECT_EQ(started().front(), (Words{"grep", "-H", "x", "a"}));
}

TEST_F(Chunks, RefuseStandardInput) {
  EXPECT_EQ(
      StepWorld::told(run({{"command", "x"}, {"files", {"a"}}, {"stdin", "text"}})),
      "invalid: standard input can't be given to several chunks | take `stdin` or `stdin_file` away, or run "
      "the command without chunks");
}

TEST_F(Chunks, EndWithTheStop) {
  StepFixture fixture(k_command_step, {{"command", "x"}, {"files", {"a", "b", "c"}}, {"chunk_size", 1}},
                      world.services);
  world.processes.otherwise = [&](const ProcessRequest&, const Stop& stop) -> FakeProcesses::Answer {
    fixture.stop.request(StopReason::timeout);
    ProcessEnd end = process_end(0, "half\n");
    end.signal = 15;
    end.stopped_by = stop.reason();
    return end;
  };
  StepResult result = fixture.run();
  EXPECT_EQ(result.kind, FailureKind::timeout);
  EXPECT_EQ(result.output["stdout"], "half\n");
  EXPECT_EQ(started().size(), 1u);
}

// ---- real programs on a tree: the same lines as the plain command's

class ChunksOfATree : public testing::Test {
 protected:
  ChunksOfATree() {
    write("top.c", "TODO top\nx\n");
    write(".hidden.c", "TODO hidden\n");
    write("a/one.c", "x\nTODO one\ny\nz\nTODO more\n");
    write("a/two.h", "todo two\n");
    write("a/b/three.c", "TODO three\n");
    write("a/b/bytes.o", std::string("TODO\0x\n", 7));
    write("skip/four.c", "TODO four\n");
    write("-dash.c", "TODO dash\n");
    for (int i = 0; i < 20; ++i)
      write("many/f" + std::to_string(i) + ".txt", "line TODO " + std::to_string(i) + "\n");
    fs::create_symlink("a/one.c", dir.path() + "/link.c");
    fs::create_symlink("nowhere", dir.path() + "/dangling");
  }
  void write(const std::string& name, const std::string& text) {
    fs::path path = dir.path() + "/" + name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  // Sorted lines and the exit code; `chunks`: at least so many were run.
  std::string told(Words args, bool chunked, int most_code = 2) {
    Json parameters = {{"command", args.front()}, {"args", Words(args.begin() + 1, args.end())}};
    Json codes = Json::array();
    for (int i = 0; i <= most_code; ++i) codes.push_back(i);
    parameters["expect_exit_codes"] = codes;
    if (chunked) {
      parameters["chunk_size"] = 3;
      parameters["parallel"] = 2;
    }
    StepFixture fixture(k_command_step, parameters, services, dir.path());
    fixture.context.output_base = out.path() + "/step";
    StepResult result = fixture.run();
    if (result.status != Status::success) return StepWorld::told(result);
    if (chunked) chunks = result.output["chunks"].get<int>();
    const std::string text = result.output["stdout"];
    if (!text.empty()) {
      Result<std::string, Failure> stored = files->read(result.stdout_file, 1 << 20);
      EXPECT_TRUE(stored && replace_all(*stored, std::string(1, '\0'), "") ==
                                replace_all(text, std::string(1, '\0'), ""));
    }
    std::vector<std::string_view> lines = split(text, '\n');
    std::sort(lines.begin(), lines.end());
    // Something found in one chunk wins over what another couldn't read, which a warning tells.
    const bool warned = chunked && !result.warnings.empty();
    std::string all = "code " + (warned ? "2" : result.output["exit_code"].dump()) + "\n";
    for (std::string_view line : lines) all += std::string(line) + "\n";
    return all;
  }
  void compare(Words args) {
    EXPECT_EQ(told(args, true), told(args, false)) << shell_join(args);
    EXPECT_EQ(std::distance(fs::directory_iterator(out.path()), fs::directory_iterator()) <= 2, true)
        << "files of chunks were left";
  }

  TemporaryDirectory dir;
  TemporaryDirectory out;
  FakeWorld fakes;
  std::unique_ptr<Files> files = make_files();
  std::unique_ptr<Processes> processes = make_processes();
  Services services{
      fakes.clock,     *files, *processes, fakes.http, {{"PATH", "/usr/bin:/bin"}, {"LC_ALL", "C"}},
      [] { return 1; }};
  int chunks = 0;
};

TEST_F(ChunksOfATree, GrepFindsTheSameLines) {
  for (const Words& args :
       std::vector<Words>{{"grep", "-r", "TODO"},
                          {"grep", "-rn", "TODO", "."},
                          {"grep", "-rni", "todo", "a", "many/"},
                          {"grep", "-rl", "TODO", "."},
                          {"grep", "-rL", "TODO", "."},
                          {"grep", "-rc", "TODO", "."},
                          {"grep", "-rh", "TODO", "."},
                          {"grep", "-rho", "T[A-Z]*", "."},
                          {"grep", "-rw", "one", "."},
                          {"grep", "-rvF", "TODO", "a"},
                          {"grep", "-rE", "one|two", "--include=*.c", "."},
                          {"grep", "-r", "TODO", "--exclude=*.c", "--include=top*", "."},
                          {"grep", "-r", "TODO", "--include=*.[ch]", "--exclude=t*", "."},
                          {"grep", "-r", "--exclude-dir=skip", "--exclude-dir", "b", "TODO", "."},
                          {"grep", "-r", "--exclude-dir=a", "TODO", "a", "skip"},
                          {"grep", "-rI", "TODO", "."},
                          {"grep", "-ra", "TODO", "."},
                          {"grep", "-rI", "-A1", "TODO", "."},
                          {"grep", "-rI", "-C0", "TODO", "a"},
                          {"grep", "-rI", "-2", "--no-group-separator", "TODO", "a"},
                          {"grep", "-r", "-m1", "TODO", "."},
                          {"grep", "-R", "TODO", "."},
                          {"grep", "-r", "TODO", "link.c", "top.c"},
                          {"grep", "-r", "TODO", "top.c"},
                          {"grep", "-r", "TODO", "gone", "a"},
                          {"grep", "-r", "nothing at all", "."},
                          {"grep", "-r", "TODO", "--", "-dash.c", "a"}})
    compare(args);
  (void)told({"grep", "-r", "TODO", "."}, true);
  EXPECT_GE(chunks, 9);
}

TEST_F(ChunksOfATree, FindRunsTheSame) {
  for (const Words& args : std::vector<Words>{
           {"find", ".", "-name", "*.c", "-exec", "grep", "-n", "TODO", "{}", "+"},
           {"find", ".", "-name", "*.c", "-exec", "grep", "-n", "TODO", "{}", ";"},
           {"find", "a", "-type", "f", "-exec", "cat", "{}", "+"},
           {"find", "a", "-exec", "echo", "<{}>", ";"},
           {"find", ".", "-path", "./a", "-prune", "-o", "-type", "f", "-exec", "echo", "{}", ";"},
           {"find", ".", "-name", "none", "-exec", "echo", "{}", "+"},
           {"find", "a", "-type", "f", "-exec", "false", "{}", "+"}})
    compare(args);
}

TEST_F(ChunksOfATree, RefuseAProgramThatAddsUpItsFiles) {
  EXPECT_EQ(told({"find", ".", "-type", "f", "-exec", "wc", "-l", "{}", "+"}, true),
            "invalid: `wc` can't be run in chunks: it adds up all its files | take chunk_size, "
            "chunk_processing and "
            "parallel away to run the command as it is");
}

TEST_F(ChunksOfATree, RefuseALinkToADirectoryThatIsFollowed) {
  fs::create_directory_symlink(".", dir.path() + "/circle");
  EXPECT_EQ(told({"grep", "-R", "TODO", "."}, true),
            "invalid: grep -R can't be run in chunks here: './circle' is a link to a directory, which may "
            "lead in a "
            "circle | use -r, or take chunk_size, chunk_processing and parallel away");
  compare({"grep", "-r", "TODO", "."});
}

TEST_F(ChunksOfATree, KeepMoreOutputThanFitsInMemory) {
  write("big/a.txt", std::string(3000, 'a') + "\n");
  write("big/b.txt", std::string(9000, 'b') + "\n");
  write("big/c.txt", "c\n");
  StepFixture fixture(k_command_step,
                      {{"command", "cat"},
                       {"files", "big/*"},
                       {"chunk_size", 1},
                       {"parallel", 2},
                       {"max_output_bytes", 4000}},
                      services, dir.path());
  fixture.context.output_base = out.path() + "/step";
  StepResult result = fixture.run();
  EXPECT_EQ(StepWorld::told(result), "success");
  EXPECT_EQ(result.output["stdout_bytes"], 12004);
  EXPECT_EQ(result.output["stdout"],
            std::string(2000, 'a') + "\n[... 8004 bytes cut ...]\n" + std::string(1997, 'b') + "\nc\n");
  Result<std::string, Failure> stored = files->read(result.stdout_file, 1 << 20);
  ASSERT_TRUE(stored);
  EXPECT_EQ(*stored, std::string(3000, 'a') + "\n" + std::string(9000, 'b') + "\nc\n");
}

TEST_F(ChunksOfATree, MaskWhatIsKeptAndNotTheFileThatIsAskedFor) {
  Mask mask({"hunter-two"});
  services.mask = &mask;
  auto run = [&](int bytes_in_memory) {
    StepFixture fixture(k_command_step,
                        {{"command", "cat"},
                         {"files", "big/*"},
                         {"chunk_size", 1},
                         {"output_file", "plain.txt"},
                         {"max_output_bytes", bytes_in_memory}},
                        services, dir.path());
    fixture.context.output_base = out.path() + "/step";
    StepResult result = fixture.run();
    EXPECT_EQ(StepWorld::told(result), "success");
    return files->read(result.stdout_file, 1 << 20).value();
  };
  const std::string many(9000, 'b');
  write("big/a.txt", "hunter-two\nhunter");
  write("big/b.txt", "-two\n" + many + "hunter-two\n");
  EXPECT_EQ(run(20'000), "***\n***\n" + many + "***\n");
  EXPECT_EQ(files->read(dir.path() + "/plain.txt", 1 << 20).value(),
            "hunter-two\nhunter-two\n" + many + "hunter-two\n");
  write("big/a.txt", "a hunter-two\n");
  EXPECT_EQ(run(4000), "a ***\n-two\n" + many + "***\n");
  EXPECT_EQ(files->read(dir.path() + "/plain.txt", 1 << 20).value(),
            "a hunter-two\n-two\n" + many + "hunter-two\n");
}

}  // namespace
}  // namespace rustchain
