#include "steps/registry.hpp"
#include "support/step_world.hpp"
#include "util/mask.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using Words = std::vector<std::string>;

class CommandStep : public testing::Test {
 protected:
  void answer(FakeProcesses::Answer end) { world.processes.answers.push_back(std::move(end)); }
  StepFixture fixture(Json parameters) { return {k_command_step, std::move(parameters), world.services}; }
  StepResult run(Json parameters) { return fixture(std::move(parameters)).run(); }
  const ProcessRequest& request() { return world.processes.requests.back(); }
  // Runs and gives what was started.
  Words started(Json parameters) {
    answer(process_end(0));
    StepResult result = run(std::move(parameters));
    EXPECT_EQ(StepWorld::told(result), "success");
    return world.processes.requests.empty() ? Words() : request().argv;
  }
  // What the step says of a process that ended like this.
  std::string told(Json parameters, FakeProcesses::Answer end) {
    answer(std::move(end));
    return StepWorld::told(run(std::move(parameters)));
  }
  FakeWorld world;
};

ProcessEnd stopped(StopReason reason, std::string out) {
  ProcessEnd end = process_end(0, std::move(out));
  end.signal = 15;
  end.stopped_by = reason;
  return end;
}

TEST_F(CommandStep, StartsAProgramWithItsArguments) {
  answer(process_end(0, "a\nb\n", "note"));
  StepResult result = run({{"command", "grep"}, {"args", {"-n", "a b", "$HOME", 5}}});
  EXPECT_EQ(request().argv, (Words{"grep", "-n", "a b", "$HOME", "5"}));
  EXPECT_EQ(request().working_directory, "/here");
  EXPECT_EQ(request().environment, (Environment{{"PATH", "/usr/bin:/bin"}, {"HOME", "/home/someone"}}));
  EXPECT_EQ(request().keep_bytes, 1u << 20);
  EXPECT_TRUE(request().capture_stderr);
  EXPECT_EQ(StepWorld::told(result), "success");
  EXPECT_EQ(result.output, (Json{{"command", "grep"},
                                 {"args", {"-n", "a b", "$HOME", "5"}},
                                 {"exit_code", 0},
                                 {"stdout", "a\nb\n"},
                                 {"stderr", "note"},
                                 {"stdout_bytes", 4},
                                 {"stderr_bytes", 4},
                                 {"truncated", false},
                                 {"chunks", 1},
                                 {"platform", "linux"}}));
}

TEST_F(CommandStep, TakesTheWordsOfALineThatNeedsNoShell) {
  EXPECT_EQ(started({{"command", {"ls", "-la"}}}), (Words{"ls", "-la"}));
}

TEST_F(CommandStep, GivesShellSyntaxToTheShell) {
  EXPECT_EQ(started({{"command", "ls | wc -l"}}), (Words{"/bin/sh", "-c", "ls | wc -l"}));
  EXPECT_EQ(started({{"command", "ls"}, {"shell", true}}), (Words{"/bin/sh", "-c", "ls"}));
  EXPECT_EQ(started({{"command", "ls"}, {"shell", "bash"}}), (Words{"bash", "-c", "ls"}));
  EXPECT_EQ(started({{"command", "dir"}, {"shell", "cmd"}}), (Words{"cmd", "/c", "dir"}));
  EXPECT_EQ(started({{"command", "dir"}, {"shell", "pwsh"}}),
            (Words{"pwsh", "-NoProfile", "-Command", "dir"}));
}

TEST_F(CommandStep, GivesArgumentsToAShellAsWords) {
  EXPECT_EQ(started({{"command", "echo"}, {"args", {"a b", "; rm x"}}, {"shell", true}}),
            (Words{"/bin/sh", "-c", "echo \"$@\"", "/bin/sh", "a b", "; rm x"}));
}

TEST_F(CommandStep, ShellValuesAreVariables) {
  answer(process_end(0));
  StepFixture step = fixture({{"command", "echo \"$RC_1\" | cat"}});
  step.context.shell_values = {{"RC_1", "it's; rm -rf ~"}};
  step.run();
  EXPECT_EQ(request().argv, (Words{"/bin/sh", "-c", "echo \"$RC_1\" | cat"}));
  EXPECT_EQ(request().environment,
            (Environment{{"PATH", "/usr/bin:/bin"}, {"HOME", "/home/someone"}, {"RC_1", "it's; rm -rf ~"}}));
}

TEST_F(CommandStep, LargeShellValuesGoThroughAFile) {
  std::string value(100'000, 'x');
  std::string script;
  world.processes.otherwise = [&](const ProcessRequest& asked, const Stop&) -> FakeProcesses::Answer {
    script = world.files.files.at(asked.argv.at(1));
    EXPECT_EQ(world.files.modes.at(asked.argv.at(1)), 0600u);
    return process_end(0);
  };
  StepFixture step = fixture({{"command", "echo \"$RC_1\" | cat"}});
  step.context.shell_values = {{"RC_1", "'" + value}};
  step.context.output_base = "/run/step";
  EXPECT_EQ(StepWorld::told(step.run()), "success");
  EXPECT_EQ(request().argv, (Words{"/bin/sh", "/run/step.sh"}));
  EXPECT_EQ(request().environment, (Environment{{"PATH", "/usr/bin:/bin"}, {"HOME", "/home/someone"}}));
  EXPECT_EQ(script, "RC_1=''\\''" + value + "'\necho \"$RC_1\" | cat");
  EXPECT_TRUE(world.files.files.empty());
}

TEST_F(CommandStep, LongScriptsGoThroughAFile) {
  std::string script = "true | " + std::string(200'000, 'x');
  EXPECT_EQ(started({{"command", script}}), (Words{"/bin/sh", "/tmp/rustchain-1.sh"}));
  EXPECT_TRUE(world.files.files.empty());
}

TEST_F(CommandStep, PassesOnWhatTheProcessNeeds) {
  world.files.directories.insert("/here/sub");
  answer(process_end(0));
  StepFixture step = fixture({{"command", "cat"},
                              {"working_dir", "sub"},
                              {"env", {{"A", "2"}, {"N", 1}}},
                              {"stdin", "text"},
                              {"stdin_file", "in.txt"},
                              {"capture_stderr", false},
                              {"max_output_bytes", 10}});
  step.context.env = {{"A", "1"}, {"HOME", "/h"}};
  step.context.output_base = "/run/step";
  step.context.grace = Seconds(2);
  step.run();
  EXPECT_EQ(request().working_directory, "/here/sub");
  EXPECT_EQ(request().environment,
            (Environment{{"PATH", "/usr/bin:/bin"}, {"HOME", "/h"}, {"A", "2"}, {"N", "1"}}));
  EXPECT_EQ(request().stdin_text, "text");
  EXPECT_EQ(request().stdin_file, "/here/in.txt");
  EXPECT_FALSE(request().capture_stderr);
  EXPECT_EQ(request().keep_bytes, 10u);
  EXPECT_EQ(request().stdout_file, "/run/step.out");
  EXPECT_EQ(request().stderr_file, "/run/step.err");
  EXPECT_EQ(request().grace, Seconds(2));
}

// Others hear of it from the system, once a process shall start there.
TEST_F(CommandStep, NeedsItsWorkingDirectoryToLookForFilesThere) {
  EXPECT_EQ(
      StepWorld::told(run({{"command", "ls"}, {"files", "*.c"}, {"working_dir", "none"}})),
      "file_error: can't work in directory '/here/none': it isn't there | correct working_dir, or let an "
      "earlier step make the directory");
}

TEST_F(CommandStep, SilentProgressIsASignOfLifeToo) {
  answer(process_end(0));
  StepFixture step = fixture({{"command", "x"}, {"progress_callback", false}});
  step.context.on_progress = [](const Progress&) {};
  step.run();
  EXPECT_TRUE(request().on_progress);
}

TEST_F(CommandStep, ALimitThatTheSystemEnforcesIsToldFromOtherKills) {
  ProcessEnd killed = process_end(0);
  killed.signal = 9;
  killed.limits_enforced = killed.out_of_memory = true;
  answer(killed);
  StepFixture step = fixture({{"command", "make"}});
  step.context.limits = {.memory_bytes = 1000, .cpu_percent = 50};
  StepResult result = step.run();
  EXPECT_EQ(request().limits.memory_bytes, 1000u);
  EXPECT_EQ(request().limits.cpu_percent, 50);
  EXPECT_EQ(result.kind, FailureKind::resource_limit);
  EXPECT_EQ(result.error, "`make` needed more memory than max_memory_mb allows, and the system ended it");
  EXPECT_TRUE(result.limits_enforced);
}

TEST_F(CommandStep, HandsOnWhatHadToBeEnded) {
  ProcessEnd end = process_end(0);
  end.ended = {{7, "a", 15}};
  end.left_over = {{8, "b", 9}};
  answer(end);
  StepResult result = fixture({{"command", "x"}}).run();
  ASSERT_EQ(result.stopped.size(), 1u);
  EXPECT_EQ(result.stopped[0].pid, 7);
  ASSERT_EQ(result.left_over.size(), 1u);
  EXPECT_EQ(result.left_over[0].command, "b");
}

// ---- platforms

TEST_F(CommandStep, ChoosesTheCommandOfThePlatform) {
  Json parameters = {
      {"command", {"plain"}},
      {"unix", {{"command", "u"}, {"args", {"a b"}}}},
      {"platform_commands", {{"linux", {{"command", "l"}, {"args", Json::array()}}}, {"windows", "w | x"}}}};
  EXPECT_EQ(started(parameters), (Words{"l"}));
  world.services.platform = "macos";
  EXPECT_EQ(started(parameters), (Words{"u", "a b"}));
  world.services.platform = "windows";
  EXPECT_EQ(started(parameters), (Words{"/bin/sh", "-c", "w | x"}));
  parameters["detect_platform"] = false;
  EXPECT_EQ(started(parameters), (Words{"plain"}));
}

TEST_F(CommandStep, NamesThePlatformsThatItHas) {
  EXPECT_EQ(StepWorld::told(run({{"windows", "dir"}, {"platform_commands", {{"macos", "ls"}}}})),
            "invalid: there is no command for linux, only for macos, windows | add `linux` to "
            "platform_commands, or "
            "a plain `command`");
}

TEST_F(CommandStep, RunsTheFallbackIfTheProgramIsMissing) {
  answer(Failure{FailureKind::command_not_found, "no", {}});
  answer(process_end(0, "found"));
  StepResult result =
      run({{"command", {"rg", "x"}}, {"fallback_command", {{"command", "grep"}, {"args", {"-r", "x"}}}}});
  EXPECT_EQ(StepWorld::told(result), "success");
  EXPECT_EQ(request().argv, (Words{"grep", "-r", "x"}));
  EXPECT_EQ(result.output["command"], "grep");
  EXPECT_EQ(result.warnings, Words{"`rg` was not found; the fallback `grep` ran in its place"});
}

// ---- how it ends

TEST_F(CommandStep, SaysWhatIsMissing) {
  auto missing = [&](Json parameters) {
    return told(std::move(parameters), Failure{FailureKind::command_not_found, "no", {}});
  };
  EXPECT_EQ(
      missing({{"command", {"rg", "x"}}}),
      "command_not_found: the program `rg` was not found | on Debian or Ubuntu: apt-get install ripgrep");
  EXPECT_EQ(missing({{"command", "frobnicate"}, {"args", {"x"}}}),
            "command_not_found: the program `frobnicate` was not found | check the spelling, install it, or "
            "set PATH "
            "in `env`");
  EXPECT_EQ(
      missing({{"command", "python -m"}, {"args", {"http.server"}}}),
      "command_not_found: the program `python -m` was not found | write the program alone in `command`, and "
      "each of its words in `args`");
  EXPECT_EQ(
      missing({{"command", "cd"}, {"args", {"x"}}}),
      "command_not_found: the program `cd` was not found | `cd` is a word of the shell: add shell: true, or "
      "use working_dir");
  EXPECT_EQ(
      missing({{"command", "./run.sh"}, {"args", {"x"}}}),
      "command_not_found: the program `./run.sh` was not found | check the path: it is seen from the step's "
      "working directory");
  EXPECT_EQ(missing({{"command", "ls"}, {"shell", "fish"}}),
            "command_not_found: the shell `fish` was not found | name a shell that is installed in `shell`");
  EXPECT_EQ(
      told({{"command", "./run.py"}, {"args", {"x"}}},
           Failure{FailureKind::command_not_found, "its first line names '/no/python'", "install that"}),
      "command_not_found: its first line names '/no/python' | install that");
}

TEST_F(CommandStep, ExplainsExitCodes) {
  EXPECT_EQ(told({{"command", "grep"}, {"args", {"x", "y"}}}, process_end(1)),
            "exit_code: `grep` ended with exit code 1: it found nothing | if that is fine: "
            "expect_exit_codes: [0, 1]");
  EXPECT_EQ(told({{"command", "/usr/bin/curl"}, {"args", {"u"}}}, process_end(6)),
            "exit_code: `curl` ended with exit code 6: the host's name could not be resolved | check the "
            "URL's host, "
            "and the network");
  EXPECT_EQ(
      told({{"command", "a | b"}}, process_end(127)),
      "exit_code: the command ended with exit code 127: a program in it was not found | check the spelling, "
      "install it, or set PATH in `env`");
  EXPECT_EQ(
      told({{"command", "grep x y >z"}}, process_end(1)),
      "exit_code: the command ended with exit code 1: it found nothing | if that is fine: expect_exit_codes: "
      "[0, 1]");
  EXPECT_EQ(told({{"command", "x"}, {"args", {"y"}}}, process_end(137)),
            "exit_code: `x` ended with exit code 137: a program in it was ended by SIGKILL (killed) | often "
            "because "
            "memory ran out: look at `dmesg`, or set resource_limits");
  EXPECT_EQ(
      told({{"command", "x"}, {"args", {"y"}}}, process_end(42)),
      "exit_code: `x` ended with exit code 42 | it printed nothing: run it by hand to see more; if the code "
      "is fine, list it in expect_exit_codes");
  EXPECT_EQ(told({{"command", "x"}, {"args", {"y"}}}, process_end(42, "why")),
            "exit_code: `x` ended with exit code 42 | ");
  EXPECT_EQ(told({{"command", "grep"}, {"expect_exit_codes", {0, 1}}}, process_end(1)), "success");
  EXPECT_EQ(told({{"command", "x"}, {"expect_exit_codes", 3}}, process_end(3)), "success");
  EXPECT_EQ(
      told({{"command", "x"}, {"expect_exit_codes", {3}}}, process_end(0)),
      "exit_code: `x` ended with exit code 0 | it printed nothing: run it by hand to see more; if the code "
      "is fine, list it in expect_exit_codes");
}

TEST_F(CommandStep, ExplainsQuotingMistakes) {
  EXPECT_EQ(
      told({{"command", "cat"}, {"args", {"a", "|", "wc"}}}, process_end(1)),
      "exit_code: `cat` ended with exit code 1 | `cat` was given `|` as an argument: write the whole line as "
      "`command`, without `args`, for a shell to read it");
  EXPECT_EQ(told({{"command", "find"}, {"args", {".", "-exec", "ls", "{}", "\\;"}}}, process_end(1)),
            "exit_code: `find` ended with exit code 1: some places could not be searched, or its arguments "
            "are wrong | without a shell "
            "`find` is "
            "given the backslash too: write \";\" alone");
  EXPECT_EQ(
      told({{"command", "ls"}, {"args", {"'*.c'"}}}, process_end(2)),
      "exit_code: `ls` ended with exit code 2: a path that it was given can't be looked at | without a shell "
      "the quotes in `'*.c'` are part of the argument: take them away");
}

TEST_F(CommandStep, ShowsTheLastLines) {
  std::string err;
  for (int i = 1; i <= 40; ++i) err += "line " + std::to_string(i) + "\n\n";
  auto details = [&](Json parameters, std::string out, std::string error) {
    answer(process_end(1, std::move(out), std::move(error)));
    return run(std::move(parameters)).details;
  };
  EXPECT_EQ(details({{"command", "x"}}, "out", err).size(), 10u);
  EXPECT_EQ(details({{"command", "x"}}, "out", err).back(), "line 40");
  EXPECT_EQ(details({{"command", "x"}, {"report_level", "summary"}}, "out", err).size(), 3u);
  EXPECT_EQ(details({{"command", "x"}, {"report_level", "detailed"}}, "out", err).size(), 30u);
  EXPECT_EQ(details({{"command", "x"}}, "only\nout\n", "\n"), (Words{"only", "out"}));
  EXPECT_EQ(details({{"command", "x"}}, "", "10%\r50%\rdone\r\n\xff\n"), (Words{"done", "\xef\xbf\xbd"}));
}

TEST_F(CommandStep, NamesSignals) {
  ProcessEnd end = process_end(0);
  end.signal = 11;
  EXPECT_EQ(
      told({{"command", "x"}}, end),
      "signal: `x` was ended by SIGSEGV (it used memory that isn't its own) | that is a bug in the program");
  end.signal = 50;
  EXPECT_EQ(told({{"command", "x"}}, end), "signal: `x` was ended by signal 50 | ");
}

TEST_F(CommandStep, TellsWhyItWasStopped) {
  EXPECT_EQ(
      told({{"command", "x"}}, stopped(StopReason::timeout, "")),
      "timeout: `x` took longer than its limit and was stopped | raise timeout_seconds, or set it to auto");
  EXPECT_EQ(told({{"command", "x"}}, stopped(StopReason::idle_timeout, "")),
            "timeout: `x` gave no sign of life for too long and was stopped | raise idle_timeout_seconds");
  EXPECT_EQ(told({{"command", "x"}}, stopped(StopReason::run_timeout, "")),
            "timeout: the run's time limit came while `x` was running | raise config.timeout_seconds");
  EXPECT_EQ(
      told({{"command", "x"}}, stopped(StopReason::resource_limit, "")),
      "resource_limit: `x` took more than its limits allow and was stopped | raise the limit in config");
  EXPECT_EQ(told({{"command", "x"}}, stopped(StopReason::interrupt, "")),
            "interrupted: `x` was stopped because the run was interrupted | ");
  EXPECT_EQ(told({{"command", "x"}}, stopped(StopReason::fail_fast, "")),
            "interrupted: `x` was stopped because another step failed (fail_fast) | ");
}

TEST_F(CommandStep, KeepsPartialResults) {
  answer(stopped(StopReason::timeout, "half"));
  StepResult result = run({{"command", "x"}});
  EXPECT_EQ(result.status, Status::failed);
  EXPECT_EQ(result.output["stdout"], "half");
  EXPECT_EQ(result.details, Words{"half"});
  answer(stopped(StopReason::timeout, "half"));
  result = run({{"command", "x"}, {"allow_partial_results", true}, {"output_file", "o"}});
  EXPECT_EQ(result.status, Status::partial);
  EXPECT_EQ(result.kind, FailureKind::timeout);
  EXPECT_EQ(result.output["stdout"], "half");
  EXPECT_EQ(world.files.files, (std::map<std::string, std::string>{{"/here/o", "half"}}));
}

TEST_F(CommandStep, ChecksThePrintedStatusCode) {
  Json parameters = {{"command", "curl"}, {"expect_status_codes", {200, 204}}};
  EXPECT_EQ(told(parameters, process_end(0, "200")), "success");
  EXPECT_EQ(told(parameters, process_end(0, "<html>\n204\n")), "success");
  EXPECT_EQ(told(parameters, process_end(0, "</html>200")), "success");
  EXPECT_EQ(told(parameters, process_end(0, "500\n")),
            "http_status: `curl` printed `500`, expected 200 or 204 | look at the server, or correct "
            "expect_status_codes");
  EXPECT_EQ(told(parameters, process_end(0, "")),
            "http_status: `curl` printed nothing, expected 200 or 204 | look at the server, or correct "
            "expect_status_codes");
}

TEST_F(CommandStep, WarnsOfWhatWasLeftAndLost) {
  ProcessEnd end = process_end(0);
  end.left_over = {{7, "sleep", 15}, {8, "sleep", 15}, {9, "node", 9}};
  end.out.store_error = "the disk is full";
  answer(end);
  StepResult result = run({{"command", "x"}});
  EXPECT_EQ(StepWorld::told(result), "success");
  EXPECT_EQ(result.warnings, (Words{"it left processes running, which were ended: node, sleep (2); "
                                    "background: true keeps a service running",
                                    "not all of its output could be kept: the disk is full"}));
}

TEST_F(CommandStep, ReplacesBytesThatAreNoText) {
  answer(process_end(0, "a\xff", "\xc3"));
  StepResult result = run({{"command", "x"}});
  EXPECT_EQ(result.output["stdout"], "a\xef\xbf\xbd");
  EXPECT_EQ(result.output["stderr"], "\xef\xbf\xbd");
  EXPECT_EQ(result.output["stdout_bytes"], 2);
}

TEST_F(CommandStep, WritesItsOutputToAFile) {
  answer(process_end(1, "all of it\n"));
  EXPECT_EQ(run({{"command", "x"}, {"output_file", "sub/o.txt"}}).status, Status::failed);
  EXPECT_EQ(world.files.files, (std::map<std::string, std::string>{{"/here/sub/o.txt", "all of it\n"}}));
}

TEST_F(CommandStep, WritesOutputThatIsTooLongForMemory) {
  auto long_output = [&](const ProcessRequest& asked, const Stop&) -> FakeProcesses::Answer {
    for (const std::string& file : {asked.stdout_file, asked.stdout_plain_file})
      if (!file.empty()) world.files.files[file] = asked.mask != nullptr ? "masked" : "the whole of it";
    if (asked.mask != nullptr) world.files.files[asked.stdout_plain_file] = "as it is";
    ProcessEnd end = process_end(0);
    end.out.head = "the";
    end.out.tail = "it";
    end.out.bytes = 15;
    end.out.file = asked.stdout_file;
    end.out.plain_file = asked.stdout_plain_file;
    return end;
  };
  world.processes.otherwise = long_output;
  StepResult result = run({{"command", "x"}, {"output_file", "o"}});
  EXPECT_EQ(result.output["stdout"], "the\n[... 10 bytes cut ...]\nit");
  EXPECT_EQ(result.output["truncated"], true);
  EXPECT_EQ(result.stdout_file, "");
  EXPECT_EQ(world.files.files, (std::map<std::string, std::string>{{"/here/o", "the whole of it"}}));

  StepFixture step = fixture({{"command", "x"}, {"output_file", "p"}});
  step.context.output_base = "/run/s";
  EXPECT_EQ(step.run().stdout_file, "/run/s.out");
  EXPECT_EQ(world.files.files.at("/here/p"), "the whole of it");

  // What is kept is masked then, what the mission asks for isn't.
  Mask mask({"secret"});
  world.services.mask = &mask;
  StepFixture secret = fixture({{"command", "x"}, {"output_file", "q"}});
  secret.context.output_base = "/run/t";
  EXPECT_EQ(secret.run().stdout_file, "/run/t.out");
  EXPECT_EQ(world.files.files.at("/run/t.out"), "masked");
  EXPECT_EQ(world.files.files.at("/here/q"), "as it is");
}

TEST_F(CommandStep, FailsWhenItsOutputFileCannotBeWritten) {
  world.files.failures["/here/o"] = {FailureKind::file_error, "the disk is full", "free some space"};
  EXPECT_EQ(told({{"command", "x"}, {"output_file", "o"}}, process_end(0, "out")),
            "file_error: the disk is full | free some space");
}

// ---- before the run

TEST(CommandCheck, FindsMistakes) {
  EXPECT_EQ(problems_of(k_command_step, {{"args", {"x"}}}),
            "RC0401 step 'step' has no command | add `command: ...` to its parameters\n");
  EXPECT_EQ(problems_of(k_command_step, {{"command", " "}}),
            "RC0401 the command is empty | write what is to be run\n");
  EXPECT_EQ(problems_of(k_command_step, {{"linux", "ls"}}), "");
  EXPECT_EQ(problems_of(k_command_step, {{"command", "sort"}, {"stdin", "a"}, {"stdin_file", "b"}}),
            "RC0403 `stdin` has no effect beside `stdin_file` | keep one of them\n");
  EXPECT_EQ(
      problems_of(k_command_step, {{"command", "echo"}, {"args", {"a", ">", "b"}}}),
      "RC0402 no shell reads `>` in args | `echo` was given `>` as an argument: write the whole line as "
      "`command`, without `args`, for a shell to read it\n");
  EXPECT_EQ(problems_of(k_command_step, {{"command", "find"}, {"args", {".", "-exec", "ls", "{}", ";"}}}),
            "");
  EXPECT_EQ(
      problems_of(k_command_step, {{"command", "find"}, {"args", {".", "-name", "*.c", "|", "wc"}}}),
      "RC0402 no shell reads `|` in args | `find` was given `|` as an argument: write the whole line as "
      "`command`, without `args`, for a shell to read it\n");
  EXPECT_EQ(problems_of(k_command_step, {{"command", "expr"}, {"args", {"1", "|", "2"}}}), "");
}

TEST(CommandTextKind, FollowsArgumentsShellAndSyntax) {
  FakeWorld world;
  auto kind = [&](Json parameters, std::string_view key) {
    StepFixture fixture(k_command_step, std::move(parameters), world.services);
    return k_command_step.text_kind(fixture.step, key);
  };
  EXPECT_EQ(kind({{"command", "ls -l"}}, "command"), TextKind::words);
  EXPECT_EQ(kind({{"command", "ls | wc"}}, "command"), TextKind::shell);
  EXPECT_EQ(kind({{"command", "ls | wc"}, {"shell", false}}, "command"), TextKind::words);
  EXPECT_EQ(kind({{"command", "ls"}, {"shell", true}}, "command"), TextKind::shell);
  EXPECT_EQ(kind({{"command", "a | b"}, {"args", {"x"}}}, "command"), TextKind::plain);
  EXPECT_EQ(kind({{"command", "ls"}, {"args", {"x"}}, {"shell", "bash"}}, "command"), TextKind::shell);
  EXPECT_EQ(kind({{"command", "ls"}, {"args", {"x"}}}, "args"), TextKind::plain);
  EXPECT_EQ(kind({{"command", "ls"}, {"args", "-l x"}}, "args"), TextKind::words);
  EXPECT_EQ(kind({{"linux", "ls | wc"}}, "linux"), TextKind::shell);
  EXPECT_EQ(kind({{"platform_commands", {{"linux", "ls -l"}}}}, "platform_commands.linux"), TextKind::words);
  Json entry = {{"command", "ls | wc"}};
  EXPECT_EQ(kind({{"platform_commands", {{"linux", entry}}}}, "platform_commands.linux.command"),
            TextKind::shell);
  entry["args"] = {"x"};
  EXPECT_EQ(kind({{"fallback_command", entry}}, "fallback_command.command"), TextKind::plain);
  EXPECT_EQ(kind({{"fallback_command", entry}}, "fallback_command.args"), TextKind::plain);
  EXPECT_EQ(kind({{"command", "x"}, {"env", {{"A", "a | b"}}}}, "env.A"), TextKind::plain);
  EXPECT_EQ(kind({{"command", "x"}, {"stdin", "a | b"}}, "stdin"), TextKind::plain);
}

TEST(CommandEffects, NameProgramsAndFiles) {
  FakeWorld world;
  auto effects = [&](Json parameters) {
    return StepFixture(k_command_step, std::move(parameters), world.services).effects();
  };
  Effects plain = effects(
      {{"command", "gcc"}, {"args", {"-o", "a.out", "a.c"}}, {"stdin_file", "in"}, {"output_file", "out"}});
  ASSERT_EQ(plain.executes.size(), 1u);
  EXPECT_EQ(plain.executes[0].argv, (Words{"gcc", "-o", "a.out", "a.c"}));
  EXPECT_EQ(plain.executes[0].script, "");
  EXPECT_EQ(plain.reads, Words{"in"});
  EXPECT_EQ(plain.writes, (Words{"a.out", "out"}));

  Effects shell =
      effects({{"command",
                "X=1 ./gen.sh <in.txt >out.txt 2>&1 && cat <<EOF | python3 -u tool.py >> 'log file' # > no\n"
                "text > not\nEOF\necho \"> $(cat < x > y)\" > /dev/null; sort -o s.txt in | grep -o x"}});
  ASSERT_EQ(shell.executes.size(), 1u);
  EXPECT_EQ(shell.executes[0].argv.size(), 3u);
  EXPECT_EQ(shell.executes[0].script, shell.executes[0].argv[2]);
  EXPECT_EQ(shell.reads, (Words{"./gen.sh", "in.txt", "tool.py"}));
  EXPECT_EQ(shell.writes, (Words{"out.txt", "log file", "s.txt"}));

  Effects all = effects({{"command", {"plain"}},
                         {"unix", {{"command", {"u"}}}},
                         {"linux", {{"command", {"l"}}}},
                         {"windows", {{"command", {"w"}}}},
                         {"macos", {{"command", {"m"}}}},
                         {"fallback_command", {{"command", {"f"}}}}});
  Words order;
  for (const Effects::Execution& execution : all.executes) order.push_back(execution.argv[0]);
  EXPECT_EQ(order, (Words{"l", "u", "plain", "m", "w", "f"}));
}

TEST(CommandEffects, KnowInterpretersAndOutputOptions) {
  FakeWorld world;
  auto effects = [&](Words words) {
    return StepFixture(k_command_step, {{"command", words}}, world.services).effects();
  };
  EXPECT_EQ(effects({"bash", "-x", "a.sh", "b"}).reads, Words{"a.sh"});
  EXPECT_EQ(effects({"python3", "-m", "pytest", "t.py"}).reads, Words{});
  EXPECT_EQ(effects({"bash", "-c", "x"}).reads, Words{});
  EXPECT_EQ(effects({"curl", "-o", "f", "u"}).writes, Words{"f"});
  EXPECT_EQ(effects({"tool", "--output=f"}).writes, Words{"f"});
  EXPECT_EQ(effects({"aws", "--output", "json"}).writes, Words{});
  EXPECT_EQ(effects({"wget", "-O", "-", "u"}).writes, Words{});
}

}  // namespace
}  // namespace rustchain
