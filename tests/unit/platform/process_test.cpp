#include "unit/platform/process_fixture.hpp"

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <set>
#include <thread>

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rustchain {
namespace {

class Process : public ProcessFixture {};

std::size_t open_descriptors() {
  auto entries = std::filesystem::directory_iterator("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

TEST_F(Process, GivesOutputAndExitCode) {
  ProcessEnd end = run(helper({"text:one\ntwo\nthree", "stderr:oh\n", "exit:3"}));
  EXPECT_EQ(end.exit_code, 3);
  EXPECT_EQ(end.signal, 0);
  EXPECT_EQ(end.out.text(), "one\ntwo\nthree");
  EXPECT_EQ(end.out.lines, 3u);
  EXPECT_EQ(end.out.bytes, 13u);
  EXPECT_EQ(end.err.text(), "oh\n");
  EXPECT_EQ(end.err.lines, 1u);
  EXPECT_EQ(end.stopped_by, StopReason::none);
  EXPECT_TRUE(end.ended.empty());
  EXPECT_TRUE(end.left_over.empty());
  EXPECT_GT(end.peak_memory_bytes, 0u);
}

TEST_F(Process, NamesTheSignalThatEndedIt) {
  ProcessEnd end = run(helper({"text:last words", "raise:" + std::to_string(SIGKILL)}));
  EXPECT_EQ(end.signal, SIGKILL);
  EXPECT_EQ(end.out.text(), "last words");
  EXPECT_EQ(end.stopped_by, StopReason::none);
}

TEST_F(Process, KeepsEveryByteAsItIs) {
  EXPECT_EQ(run(helper({"nul"})).out.text(), std::string("a\0b\xff\xfe", 5));
}

TEST_F(Process, GivesArgumentsUnchanged) {
  EXPECT_EQ(run(helper({"args", "", "a b", "$HOME", "*"})).out.text(),
            std::string(RUSTCHAIN_PROCESS_HELPER) + "\nargs\n\na b\n$HOME\n*\n");
}

TEST_F(Process, GivesExactlyTheEnvironmentAskedFor) {
  ProcessRequest request = helper({"environment"});
  request.environment = {{k_token_name, token_}, {"A", "1"}, {"EMPTY", ""}};
  EXPECT_EQ(run(request).out.text(), std::string(k_token_name) + "=" + token_ + "\nA=1\nEMPTY=\n");
}

TEST_F(Process, RunsInTheWorkingDirectory) {
  std::filesystem::create_directory(path("below"));
  ProcessRequest request = helper({"directory"});
  request.working_directory = path("below");
  EXPECT_EQ(run(request).out.text(), path("below"));
}

TEST_F(Process, HasOnlyTheThreeStandardDescriptors) {
  int inherited = open("/dev/null", O_RDONLY);  // not close-on-exec
  EXPECT_EQ(run(helper({"descriptors"})).out.text(), "0\n1\n2\n");
  close(inherited);
}

TEST_F(Process, HasDefaultSignals) {
  sigset_t some;
  sigset_t before;
  sigemptyset(&some);
  sigaddset(&some, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &some, &before);
  EXPECT_EQ(run(helper({"signals"})).out.text(), "");
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TEST_F(Process, HasAnEmptyStdinUnlessGivenOne) {
  EXPECT_EQ(run(helper({"echo", "text:end"})).out.text(), "end");
}

TEST_F(Process, IsGivenStdinTextOfAnySize) {
  ProcessRequest request = helper({"echo"});
  request.stdin_text = std::string(3'000'000, 'a') + "z";
  request.keep_bytes = 4'000'000;
  EXPECT_EQ(run(request).out.text(), request.stdin_text);
}

TEST_F(Process, NeedNotReadItsStdin) {
  ProcessRequest request = helper({"exit:4"});
  request.stdin_text = std::string(3'000'000, 'a');
  EXPECT_EQ(run(request).exit_code, 4);
}

TEST_F(Process, IsGivenAStdinFile) {
  write_file(path("in"), "from a file");
  ProcessRequest request = helper({"echo"});
  request.stdin_file = path("in");
  request.stdin_text = "not this";
  EXPECT_EQ(run(request).out.text(), "from a file");
}

TEST_F(Process, StderrCanBeLeftOut) {
  ProcessRequest request = helper({"text:out", "stderr:err"});
  request.capture_stderr = false;
  request.stderr_file = path("err");
  ProcessEnd end = run(request);
  EXPECT_EQ(end.out.text(), "out");
  EXPECT_EQ(end.err.bytes, 0u);
  EXPECT_FALSE(std::filesystem::exists(path("err")));
}

TEST_F(Process, OutputIsStoredWhole) {
  ProcessRequest request = helper({"lines:200000", "stderr:err"});
  request.stdout_file = path("out");
  request.stderr_file = path("err");
  request.keep_bytes = 1000;
  ProcessEnd end = run(request);
  EXPECT_EQ(end.out.bytes, 200000u * 17);
  EXPECT_EQ(end.out.lines, 200000u);
  EXPECT_EQ(end.out.head.size() + end.out.tail.size(), 1000u);
  EXPECT_EQ(end.out.file, path("out"));
  EXPECT_EQ(std::filesystem::file_size(path("out")), 200000u * 17);
  EXPECT_EQ(read_file(path("err")), "err");
}

TEST_F(Process, NoOutputMakesNoFile) {
  ProcessRequest request = helper({});
  request.stdout_file = path("out");
  EXPECT_EQ(run(request).out.file, "");
  EXPECT_FALSE(std::filesystem::exists(path("out")));
}

TEST_F(Process, GoesOnWhenTheDiskIsFull) {
  ProcessRequest request = helper({"lines:100000", "exit:0"});
  request.stdout_file = "/dev/full";
  ProcessEnd end = run(request);
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.out.lines, 100000u);
  EXPECT_EQ(end.out.store_error, "can't write '/dev/full': No space left on device");
}

TEST_F(Process, IsFoundInThePathOfItsOwnEnvironment) {
  write_file(path("tool"), "#!/bin/sh\necho \"tool $1\"\n", 0755);
  ProcessRequest request = helper({});
  request.argv = {"tool", "x"};
  request.environment = {{k_token_name, token_}, {"PATH", "/nowhere:" + directory_}};
  EXPECT_EQ(run(request).out.text(), "tool x\n");
  request.environment = {{k_token_name, token_}, {"PATH", ""}};  // the working directory
  EXPECT_EQ(run(request).out.text(), "tool x\n");
}

TEST_F(Process, RelativeProgramsAreSeenFromTheWorkingDirectory) {
  write_file(path("tool"), "#!/bin/sh\necho here\n", 0755);
  ProcessRequest request = helper({});
  request.argv = {"./tool"};
  EXPECT_EQ(run(request).out.text(), "here\n");
}

TEST_F(Process, AScriptWithoutFirstLineIsGivenToTheShell) {
  write_file(path("script"), "echo \"plain $1\"\n", 0755);
  ProcessRequest request = helper({});
  request.argv = {path("script"), "x"};
  EXPECT_EQ(run(request).out.text(), "plain x\n");
}

TEST_F(Process, SaysWhyItCannotStart) {
  auto why = [&](std::vector<std::string> argv) {
    ProcessRequest request = helper({});
    request.argv = std::move(argv);
    Failure found = failure(request);
    // Only what the caller can't know better has its help.
    EXPECT_EQ(found.help.empty(), found.message.starts_with("there is no program")) << found.message;
    return std::string(to_string(found.kind)) + ": " + found.message;
  };
  EXPECT_EQ(why({"no-such-program"}), "command_not_found: there is no program 'no-such-program' in PATH");
  EXPECT_EQ(why({"/no/such"}), "command_not_found: there is no program '/no/such'");
  EXPECT_EQ(why({"./none"}), "command_not_found: there is no program './none'");
  EXPECT_EQ(why({directory_}), "permission_denied: '" + directory_ + "' is a directory, not a program");
  write_file(path("text"), "echo x\n");
  EXPECT_EQ(why({"./text"}), "permission_denied: './text' is not executable for us");
  write_file(path("lost"), "#!/no/python -u\n", 0755);
  EXPECT_EQ(
      why({"./lost"}),
      "command_not_found: './lost' can't be started: its first line names '/no/python', which isn't there");
  EXPECT_EQ(why({}), "invalid: there is no command to run");
  EXPECT_EQ(why({"echo", std::string("a\0b", 3)}),
            "invalid: an argument of 'echo' holds a NUL byte, which no program can be given");
}

TEST_F(Process, AFileInPathThatIsNotExecutableIsNamed) {
  write_file(path("tool"), "");
  ProcessRequest request = helper({});
  request.argv = {"tool"};
  request.environment = {{k_token_name, token_}, {"PATH", "/usr/bin:" + directory_}};
  Failure found = failure(request);
  EXPECT_EQ(found.kind, FailureKind::permission_denied);
  EXPECT_EQ(found.message, "'" + path("tool") + "' is not executable for us");
}

TEST_F(Process, SaysThatTheWorkingDirectoryIsMissing) {
  for (const char* program : {"true", "/bin/true", "no-such-program"}) {
    ProcessRequest request = helper({});
    request.argv = {program};
    request.working_directory = path("none");
    Failure found = failure(request);
    EXPECT_EQ(found.kind, FailureKind::file_error);
    EXPECT_EQ(found.message, "can't work in directory '" + path("none") + "': No such file or directory");
  }
}

TEST_F(Process, SaysThatTheStdinFileIsMissing) {
  ProcessRequest request = helper({"echo"});
  request.stdin_file = path("none");
  EXPECT_EQ(failure(request).message,
            "can't read stdin_file '" + path("none") + "': No such file or directory");
  request.stdin_file = directory_;
  EXPECT_EQ(failure(request).message, "can't read stdin_file '" + directory_ + "': Is a directory");
}

TEST_F(Process, SaysThatArgumentsAreTooLarge) {
  ProcessRequest request = helper({});
  request.argv.push_back(std::string(4 << 20, 'a'));
  Failure found = failure(request);
  EXPECT_EQ(found.kind, FailureKind::invalid);
  EXPECT_TRUE(found.message.find("too large for the system (") != std::string::npos) << found.message;
}

TEST_F(Process, ManyArgumentsArrive) {
  ProcessRequest request = helper({"args"});
  for (int i = 0; i < 20000; ++i) request.argv.push_back("argument number " + std::to_string(i));
  EXPECT_EQ(run(request).out.lines, 20002u);
}

TEST_F(Process, AFailedStartLeavesTheNextOneAlone) {
  ProcessRequest bad = helper({});
  bad.argv = {"/no/such"};
  failure(bad);
  EXPECT_EQ(run(helper({"text:well"})).out.text(), "well");
}

TEST_F(Process, TellsThatItHasStartedAndWhatItUses) {
  ProcessRequest request = helper({"bytes:100000", "tell:" + fifo(), "pause"});
  int handle = 0;
  std::optional<TreeUsage> usage;
  std::thread looker;
  request.on_started = [&](int process) {
    handle = process;
    looker = std::thread([&] {
      await(1);
      usage = processes_->usage(handle);
      stop_.request_at_once(StopReason::timeout);
    });
  };
  run(request);
  looker.join();
  ASSERT_TRUE(usage.has_value());
  EXPECT_EQ(usage->processes, 1u);
  EXPECT_GT(usage->memory_bytes, 0u);
  EXPECT_GE(usage->written_bytes, 100000u);
  EXPECT_FALSE(processes_->usage(handle).has_value());
}

TEST_F(Process, UsageCountsTheWholeTree) {
  ProcessRequest request = helper({"background", "setsid", "background", "tell:" + fifo(), "pause", "end",
                                   "tell:" + fifo(), "pause", "end", "tell:" + fifo(), "pause"});
  std::thread looker;
  std::optional<TreeUsage> usage;
  request.on_started = [&](int process) {
    looker = std::thread([&, process] {
      await(3);
      usage = processes_->usage(process);
      stop_.request_at_once(StopReason::timeout);
    });
  };
  ProcessEnd end = run(request);
  looker.join();
  ASSERT_TRUE(usage.has_value());
  EXPECT_EQ(usage->processes, 3u);
  EXPECT_EQ(end.ended.size(), 3u);
}

TEST_F(Process, UsageCountsSharedMemoryOnce) {
  ProcessRequest request = helper({"eat:50", "background", "tell:" + fifo(), "pause", "end", "background",
                                   "tell:" + fifo(), "pause", "end", "tell:" + fifo(), "pause"});
  std::thread looker;
  std::optional<TreeUsage> usage;
  request.on_started = [&](int process) {
    looker = std::thread([&, process] {
      await(3);
      usage = processes_->usage(process);
      stop_.request_at_once(StopReason::timeout);
    });
  };
  run(request);
  looker.join();
  ASSERT_TRUE(usage.has_value());
  EXPECT_EQ(usage->processes, 3u);
  EXPECT_GT(usage->memory_bytes, 49'000'000u);
  EXPECT_LT(usage->memory_bytes, 90'000'000u);
}

TEST_F(Process, WhatIsLeftBehindMayBelongToIt) {
  ProcessRequest request =
      helper({"background", "setsid", "tell:" + fifo(), "pause", "end", "text:gone", "exit:3"});
  request.with_left_over = true;
  bool runs = false;
  request.on_running = [&] { runs = true; };
  std::string seen;
  request.on_output = [&](int stream, std::string_view bytes) {
    seen += std::to_string(stream) + ":" + std::string(bytes);
  };
  std::thread stopper([&] {
    await(1);
    while (alive().size() > 1) std::this_thread::yield();
    stop_.request(StopReason::run_over);
  });
  ProcessEnd end = run(request);
  stopper.join();
  EXPECT_TRUE(runs);
  EXPECT_EQ(seen, "1:gone");
  EXPECT_EQ(end.exit_code, 3);
  EXPECT_EQ(end.stopped_by, StopReason::run_over);
  EXPECT_EQ(end.ended.size(), 1u);
  EXPECT_EQ(end.left_over.size(), 0u);
}

TEST_F(Process, AFailedStartUsesNothing) {
  int handle = 0;
  ProcessRequest request = helper({});
  request.argv = {"/no/such"};
  request.on_started = [&](int process) { handle = process; };
  failure(request);
  EXPECT_FALSE(processes_->usage(handle).has_value());
}

TEST_F(Process, UsageOfOneIsNotThatOfTheOneBefore) {
  ProcessRequest busy = helper({});
  busy.argv = {"/bin/sh", "-c",
               "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; head -c 100000 /dev/zero"};
  ASSERT_GT(run(busy).cpu_time.count(), 0.05);
  ProcessRequest request = helper({"tell:" + fifo(), "pause"});
  std::optional<TreeUsage> usage;
  std::thread looker;
  request.on_started = [&](int process) {
    looker = std::thread([&, process] {
      await(1);
      usage = processes_->usage(process);
      stop_.request_at_once(StopReason::timeout);
    });
  };
  run(request);
  looker.join();
  ASSERT_TRUE(usage.has_value());
  EXPECT_LT(usage->cpu.count(), 0.05);
  EXPECT_LT(usage->written_bytes, 100000u);
}

TEST_F(Process, ShowsProgressAsItGoes) {
  ProcessRequest request = helper({"text:first\n\nlast line\n", "pause"});
  Progress seen;
  request.on_progress = [&](const Progress& progress) {
    seen = progress;
    stop_.request_at_once(StopReason::timeout);
  };
  run(request);
  EXPECT_EQ(seen.bytes, 17u);
  EXPECT_EQ(seen.lines, 3u);
  EXPECT_EQ(seen.last_line, "last line");
}

TEST_F(Process, ManyRunAtTheSameTime) {
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::multiset<std::string> outputs;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 10; ++i) {
        ProcessEnd end = run(helper({"text:" + std::to_string(thread)}));
        std::lock_guard lock(mutex);
        outputs.insert(end.out.text());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int thread = 0; thread < 8; ++thread) EXPECT_EQ(outputs.count(std::to_string(thread)), 10u);
}

TEST_F(Process, LeavesNoDescriptorOpen) {
  run(helper({}));
  std::size_t before = open_descriptors();
  for (int i = 0; i < 20; ++i) {
    ProcessRequest request = helper({"echo", "text:x"});
    request.stdin_text = "in";
    request.stdout_file = path("out");
    run(request);
    request.argv = {"/no/such"};
    failure(request);
  }
  EXPECT_EQ(open_descriptors(), before);
}

TEST_F(Process, ProgramsAreFoundAsExecvpFindsThem) {
  std::filesystem::create_directory(path("a"));
  std::filesystem::create_directory(path("b"));
  std::filesystem::create_directory(path("a/tool"));
  write_file(path("b/tool"), "", 0755);
  write_file(path("b/data"), "", 0644);
  auto find = [&](const std::string& name, const std::string& search) {
    return processes_->find_program(name, search, directory_).value_or("none");
  };
  EXPECT_EQ(find("tool", path("a") + ":" + path("b")), path("b/tool"));
  EXPECT_EQ(find("tool", "b"), path("b/tool"));
  EXPECT_EQ(find("data", path("b")), "none");
  EXPECT_EQ(find("b/tool", "/nowhere"), path("b/tool"));
  EXPECT_EQ(find("a/tool", ""), "none");
  EXPECT_EQ(find("", path("b")), "none");
  write_file(path("here"), "", 0755);
  EXPECT_EQ(find("here", "/nowhere:"), path("here"));
}

}  // namespace
}  // namespace rustchain
