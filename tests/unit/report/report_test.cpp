#include "report/report.hpp"

#include "report/lines.hpp"

#include <csignal>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

const WallTime k_begin{std::chrono::milliseconds(1'795'154'649'123)};

// A run that is told step by step.
struct Told {
  ReportBuilder builder;
  RunStarted run;
  std::vector<Event> events;
  double clock = 0;

  Told() {
    run.run_id = "20261120-060409-abcd";
    run.mission = "Security Audit";
    run.version = "1.0";
    run.file = "security.yaml";
    run.directory = "/home/someone/project/.rustchain/runs/20261120-060409-abcd";
  }

  StepIndex add(std::string id, std::string type, std::vector<std::string> needs = {}) {
    RunStarted::StepInfo info;
    info.id = info.name = std::move(id);
    info.type = std::move(type);
    info.at = {static_cast<std::uint32_t>(10 + 4 * run.steps.size()), 5, 0};
    info.depends_on = std::move(needs);
    run.steps.push_back(std::move(info));
    return static_cast<StepIndex>(run.steps.size() - 1);
  }
  template <class What>
  void tell(What what) {
    auto at = k_begin + std::chrono::duration_cast<WallTime::duration>(Seconds(clock));
    events.push_back({at, std::move(what)});
  }
  void ended(StepIndex step, std::string what, double seconds, StepResult result, std::uint32_t attempts = 1,
             bool allowed = false) {
    tell(StepStarted{step, 1, std::move(what), {60.0, "auto: base 60 s"}});
    clock += seconds;
    tell(StepFinished{step, std::move(result), attempts, seconds, allowed});
  }
  void printed(StepIndex step, std::string what, double seconds, std::string text) {
    StepResult result;
    result.output = {{"stdout", std::move(text)}, {"exit_code", 0}};
    ended(step, std::move(what), seconds, std::move(result));
  }
  RunReport report(RunFinished finished = {}) {
    builder.on({k_begin, run});
    for (const Event& event : events) builder.on(event);
    finished.duration_seconds = clock;
    builder.on({k_begin, finished});
    return builder.report();
  }
};

TEST(Summary, OfASuccess) {
  Told told;
  told.printed(told.add("hello", "command"), "echo Hello", 0.012, "Hello, \x1b[32mworld\x1b[0m!\n");
  StepResult written;
  written.output = {{"path", "/tmp/notes.md"}};
  told.ended(told.add("write_notes", "create_file"), "notes.md", 0.003, written);
  told.printed(told.add("list", "command"), "ls", 1.21, "\n  a\nb\nc\n");
  EXPECT_EQ(render_summary(told.report(), {}),
            "✅ hello           12ms  Hello, world!\n"
            "✅ write_notes      3ms  notes.md\n"
            "✅ list            1.2s  a (+2 lines)\n"
            "\n"
            "✅ Mission completed successfully in 1.2s (3 steps)\n");
}

TEST(Summary, CountsNoLinesOfAnOutputThatWasCut) {
  Told told;
  StepResult result;
  result.output = {{"stdout", "first\nsecond\n"}, {"truncated", true}};
  told.ended(told.add("big", "command"), "yes", 1, result);
  EXPECT_EQ(render_summary(told.report(), {}),
            "✅ big     1.0s  first (and more)\n"
            "\n"
            "✅ Mission completed successfully in 1.0s (1 step)\n");
}

TEST(Summary, OfASuccessKeepsToItsLine) {
  Told told;
  told.printed(told.add("hello", "command"), "echo", 1, "Hello, world");
  auto first_line = [&](unsigned columns) {
    std::string text = render_summary(told.report(), {false, nullptr, columns});
    return text.substr(0, text.find('\n'));
  };
  EXPECT_EQ(first_line(40), "✅ hello     1.0s  Hello, world");
  EXPECT_EQ(first_line(28), "✅ hello     1.0s  Hello, w…");
  EXPECT_EQ(first_line(26), "✅ hello     1.0s");
}

TEST(Summary, GivesTheHelpOfEachFailureOnce) {
  Told told;
  auto fails = [&](const char* id, std::string help, bool allowed = false) {
    StepResult result = StepResult::failure(FailureKind::network, "refused", std::move(help));
    told.ended(told.add(id, "http"), "http://x", 1, result, 1, allowed);
  };
  fails("a", "start it", true);
  fails("b", "look at b");
  fails("c", "start it");
  fails("d", "look at b");
  fails("e", "");
  fails("f", "look at f");
  EXPECT_EQ(render_summary(told.report(), {}),
            "⚠  a     1.0s  failed (continue_on_error): refused\n"
            "      help: start it\n"
            "❌ b     1.0s  refused\n"
            "❌ c     1.0s  refused\n"
            "❌ d     1.0s  refused\n"
            "❌ e     1.0s  refused\n"
            "❌ f     1.0s  refused\n"
            "      help: look at f\n"
            "\n"
            "❌ Mission failed: 5 of 6 steps failed, 1 with continue_on_error failed (6.0s)\n"
            "\n"
            "❌ b failed: refused\n"
            "   Step: security.yaml:14\n"
            "   Request: http://x\n"
            "   Suggestion: look at b\n"
            "   Failed too: c, d, e, f\n"
            "   Next: rustchain run security.yaml\n");
}

TEST(Summary, OffersBestEffortWhicheverFailureSkippedTheAnalysis) {
  Told told;
  StepResult failure = StepResult::failure(FailureKind::network, "refused", "start it");
  told.ended(told.add("a", "http"), "http://a", 1, failure);
  StepIndex b = told.add("b", "http");
  told.ended(b, "http://b", 1, failure);
  told.tell(StepNotRun{told.add("analyse", "llm"), Status::skipped, b, b, "needs b, which failed (network)"});
  EXPECT_EQ(render_failure(told.report(), {}),
            "❌ a failed: refused\n"
            "   Step: security.yaml:10\n"
            "   Request: http://a\n"
            "   Suggestion: start it\n"
            "   Failed too: b\n"
            "   Alternative: dependency_strategy: best_effort lets analyse work on what is there\n"
            "   Next: rustchain run security.yaml\n");
}

TEST(Summary, OfASuccessWithAConditionThatWasFalse) {
  Told told;
  told.printed(told.add("a", "command"), "true", 61, "");
  told.tell(StepNotRun{told.add("b", "command"), Status::skipped, k_no_step, k_no_step,
                       "its condition is false: {env.CI} == true"});
  EXPECT_EQ(render_summary(told.report(), {}),
            "✅ a   1m 01s\n"
            "⏭  b        -  skipped: its condition is false: {env.CI} == true\n"
            "\n"
            "✅ Mission completed successfully in 1m 01s (1 step, 1 skipped)\n");
}

TEST(Summary, OfAFailure) {
  Told told;
  told.printed(told.add("auth_check", "command"), "./auth.sh", 1.5, "2 users\n");
  StepIndex verify = told.add("verify", "command");
  StepResult failed = StepResult::failure(FailureKind::timeout,
                                          "timed out after 60 s (limit: timeout_seconds in security.yaml:14)",
                                          "timeout_seconds: auto, or a larger number");
  failed.facts = {"it was walking 1,247 files in 23 directories (12.4 MB)",
                  "it had printed 3 lines (120 bytes) until then"};
  failed.hints = {{Hint::Kind::command, "parallel: true splits the work"}};
  failed.details = {"grep: a: Permission denied", "grep: b: Permission denied"};
  failed.stdout_file = told.run.directory + "/verify.out";
  told.ended(verify, "grep -r TODO src", 60, failed, 2);
  StepIndex report = told.add("report", "llm", {"verify"});
  told.tell(StepNotRun{report, Status::skipped, verify, verify, "needs verify, which failed (timed out)"});
  told.tell(StepNotRun{told.add("publish", "command", {"report"}), Status::skipped, report, verify,
                       "needs report, which was skipped because verify failed (timed out)"});
  told.ended(told.add("lint", "command"), "lint", 0.3,
             StepResult::failure(FailureKind::exit_code, "exit code 1"), 1, true);
  told.ended(told.add("test", "command"), "make test", 0.3,
             StepResult::failure(FailureKind::exit_code, "exit code 2"));
  EXPECT_EQ(
      render_summary(told.report(), {}),
      "✅ auth_check     1.5s  2 users\n"
      "❌ verify       1m 00s  timed out after 60 s (limit: timeout_seconds in security.yaml:14) (attempt 2)\n"
      "⏭  report            -  skipped: needs verify, which failed (timed out)\n"
      "⏭  publish           -  skipped: needs report, which was skipped because verify failed (timed out)\n"
      "⚠  lint          300ms  failed (continue_on_error): exit code 1\n"
      "❌ test          300ms  exit code 2\n"
      "\n"
      "❌ Mission failed: 2 of 6 steps failed, 2 skipped, 1 with continue_on_error failed (1m 02s)\n"
      "\n"
      "❌ verify timed out after 60 s (limit: timeout_seconds in security.yaml:14)\n"
      "   Step: security.yaml:14\n"
      "   Command: grep -r TODO src\n"
      "   Context: it was tried 2 times in 1m 00s; it was walking 1,247 files in 23 directories (12.4 "
      "MB); it had printed 3 lines (120 bytes) until then\n"
      "   Suggestion: timeout_seconds: auto, or a larger number\n"
      "   | grep: a: Permission denied\n"
      "   | grep: b: Permission denied\n"
      "   Log: .rustchain/runs/20261120-060409-abcd/verify.out\n"
      "   Skipped because of it: report, publish\n"
      "   Failed too: test\n"
      "   Alternative: parallel: true splits the work\n"
      "   Alternative: dependency_strategy: best_effort lets report work on what is there\n"
      "   Next: rustchain run security.yaml\n");
}

TEST(Summary, ShowsTheHintsThatTheMissionWants) {
  auto alternatives = [](const ErrorHandling& wanted) {
    Told told;
    told.run.hints = wanted;
    StepResult failed = StepResult::failure(FailureKind::timeout, "timed out", "wait longer");
    failed.hints = {{Hint::Kind::alternative, "one"}, {Hint::Kind::command, "two"}};
    StepIndex step = told.add("search", "command");
    told.ended(step, "grep", 60, failed);
    told.tell(StepNotRun{told.add("report", "llm", {"search"}), Status::skipped, step, step, "needs search"});
    std::string all;
    std::string text = render_failure(told.report(), {});
    for (std::size_t at = 0; (at = text.find("Alternative: ", at)) != std::string::npos; ++at)
      all += text.substr(at + 13, text.find('\n', at) - at - 12);
    return all;
  };
  EXPECT_EQ(alternatives({}),
            "one\ntwo\ndependency_strategy: best_effort lets report work on what is there\n");
  EXPECT_EQ(alternatives({false, true, false}), "two\n");
  EXPECT_EQ(alternatives({true, false, false}), "one\n");
}

TEST(Summary, TellsOfABackgroundProcessThatEndedEarly) {
  Told told;
  told.printed(told.add("server", "command"), "server", 0.5, "up\n");
  told.tell(BackgroundEnded{0, true, "exit code 3", {}});
  EXPECT_EQ(render_summary(told.report(), {}),
            "⚠  server    500ms  up\n"
            "      warning: its background process ended before the run: exit code 3\n"
            "\n"
            "⚠ Mission completed with warnings in 500ms (1 step)\n");
}

TEST(Summary, WithWarnings) {
  Told told;
  StepResult partial;
  partial.status = Status::partial;
  partial.output = {{"stdout", "half of it\n"}};
  partial.warnings = {"timed out after 60 s; what it gave until then is used"};
  told.ended(told.add("search", "command"), "grep", 60, partial);
  told.ended(told.add("lint", "command"), "lint", 2,
             StepResult::failure(FailureKind::exit_code, "exit code 1"), 1, true);
  EXPECT_EQ(
      render_summary(told.report(), {}),
      "⚠  search   1m 00s  partial: half of it\n"
      "      warning: timed out after 60 s; what it gave until then is used\n"
      "⚠  lint       2.0s  failed (continue_on_error): exit code 1\n"
      "\n"
      "⚠ Mission completed with warnings in 1m 02s (2 steps: 1 with continue_on_error failed, 1 partial)\n");
}

TEST(Summary, OfAnInterruptedRun) {
  Told told;
  told.printed(told.add("a", "command"), "true", 0.5, "");
  StepResult stopped =
      StepResult::failure(FailureKind::interrupted, "was running when the run was interrupted");
  stopped.status = Status::cancelled;
  told.ended(told.add("b", "command"), "sleep 60", 2, stopped);
  told.tell(StepNotRun{told.add("c", "command"), Status::cancelled, k_no_step, k_no_step,
                       "the run was interrupted"});
  EXPECT_EQ(render_summary(told.report({false, SIGINT, 0}), {}),
            "✅ a    500ms\n"
            "⚠  b     2.0s  was running when the run was interrupted\n"
            "⏭  c        -  not started: the run was interrupted\n"
            "\n"
            "⚠ Mission interrupted after 2.5s: 1 of 3 steps done, 2 cancelled\n");
}

TEST(Summary, OfARunThatReachedItsTimeLimit) {
  Told told;
  told.ended(
      told.add("a", "command"), "sleep 60", 2,
      StepResult::failure(FailureKind::timeout, "was still running when the run reached its limit of 2 s"));
  told.run.file = "<stdin>";
  EXPECT_EQ(render_summary(told.report({true, 0, 0}), {}),
            "❌ a     2.0s  was still running when the run reached its limit of 2 s\n"
            "\n"
            "❌ Mission failed: the run reached its time limit; 1 of 1 step failed (2.0s)\n"
            "\n"
            "❌ a was still running when the run reached its limit of 2 s\n"
            "   Step: <stdin>:10\n"
            "   Command: sleep 60\n"
            "   Suggestion: raise timeout_seconds, or set it to auto\n");
}

TEST(Summary, OfAHugeRunIsShort) {
  Told told;
  for (int i = 0; i < 10'000; ++i) {
    StepIndex step = told.add("s" + std::to_string(i), "noop");
    bool fails = i % 100 == 7;
    told.ended(step, "", 0, fails ? StepResult::failure(FailureKind::exit_code, "exit code 1") : StepResult{},
               1, true);
  }
  std::string text = render_summary(told.report(), {});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 54);
  EXPECT_EQ(text.substr(0, text.find('\n')), "✅ 9,900 steps succeeded");
  EXPECT_NE(text.find("   ... and 50 more that did not simply succeed; --output json lists all\n"),
            std::string::npos);
}

TEST(Failure, NamesTheMeaningOfTheEnd) {
  Told told;
  StepResult failed =
      StepResult::failure(FailureKind::exit_code, "exit code 127: the shell found no such command",
                          "install it\nor correct its name");
  for (int i = 1; i <= 12; ++i) failed.details.push_back("line " + std::to_string(i));
  failed.stdout_file = "/elsewhere/a.out";
  failed.stderr_file = "/elsewhere/a.err";
  StepIndex first = told.add("a", "command");
  told.run.file = "my mission.yaml";
  told.ended(first, "./run\nit", 1, failed);
  for (int i = 0; i < 12; ++i)
    told.tell(
        StepNotRun{told.add("b" + std::to_string(i), "command"), Status::skipped, first, first, "needs a"});
  EXPECT_EQ(render_failure(told.report(), {}),
            "❌ a failed: exit code 127: the shell found no such command\n"
            "   Step: my mission.yaml:10\n"
            "   Command: ./run\n"
            "     it\n"
            "   Suggestion: install it\n"
            "     or correct its name\n"
            "   | line 3\n   | line 4\n   | line 5\n   | line 6\n   | line 7\n"
            "   | line 8\n   | line 9\n   | line 10\n   | line 11\n   | line 12\n"
            "   Log: /elsewhere/a.out, /elsewhere/a.err\n"
            "   Skipped because of it: b0, b1, b2, b3, b4, b5, b6, b7, b8, b9 and 2 more\n"
            "   Next: rustchain run 'my mission.yaml'\n");
}

TEST(Failure, OfNothingIsNothing) {
  Told told;
  told.printed(told.add("a", "command"), "true", 1, "");
  EXPECT_EQ(render_failure(told.report(), {}), "");
}

TEST(Summary, ColoursOnlyWhereAsked) {
  Told told;
  told.printed(told.add("a", "command"), "true", 1, "out");
  RenderOptions options;
  options.color = true;
  EXPECT_EQ(render_summary(told.report(), options),
            "✅ a     1.0s  \x1b[2mout\x1b[0m\n"
            "\n"
            "\x1b[1m✅ Mission completed successfully in 1.0s (1 step)\x1b[0m\n");
}

TEST(Lines, AreSafeToShow) {
  EXPECT_EQ(clean_line("a\tb\x07", 10), "a b ");
  EXPECT_EQ(clean_line("\x1b]0;title\x07x\x1b[1;31my\x1b[", 10), "xy");
  EXPECT_EQ(clean_line("\xff\xc3\xa9\xc2\x9b\xed\xa0\x80", 10),
            "\xef\xbf\xbd\xc3\xa9 \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(clean_line("ééééé", 5), "ééééé");
  EXPECT_EQ(clean_line("éééééé", 5), "éééé…");
  EXPECT_EQ(clean_line("\x1b", 5), "");
}

TEST(JsonReport, IsWhole) {
  Told told;
  StepIndex verify = told.add("verify", "command", {"a"});
  told.run.steps[0].name = "Verify";
  told.run.steps[0].inferred = {"b"};
  StepResult failed = StepResult::failure(FailureKind::exit_code, "exit code 2");
  failed.output = {{"exit_code", 2}, {"stdout", "\xff"}};
  failed.stdout_file = "/r/verify.out";
  failed.limits_enforced = true;
  told.tell(LimitWarning{verify, "max_memory_mb", 420.5, 512, "takes 420.5 MB"});
  told.tell(ProcessKilled{verify, {17, "tough", SIGKILL}, "timeout"});
  told.ended(verify, "grep", 1.5, failed, 2);
  std::get<StepStarted>(told.events[2].what).limits = {512, {}, {}};
  told.tell(StepNotRun{told.add("next", "noop"), Status::skipped, verify, verify, "needs verify"});
  EXPECT_EQ(render_json(told.report(), {}), R"({
  "format_version": 1,
  "run_id": "20261120-060409-abcd",
  "mission": {
    "name": "Security Audit",
    "version": "1.0",
    "file": "security.yaml"
  },
  "continues": null,
  "outcome": "failed",
  "exit_code": 1,
  "started": "2026-11-20T06:04:09.123Z",
  "duration_ms": 1500,
  "risk": null,
  "counts": {
    "success": 0,
    "partial": 0,
    "failed": 1,
    "skipped": 1,
    "cancelled": 0
  },
  "steps": [
    {
      "id": "verify",
      "name": "Verify",
      "type": "command",
      "status": "failed",
      "reused_from": null,
      "kind": "exit_code",
      "reason": "exit code 2",
      "exit_code": 2,
      "attempts": 2,
      "retries": [],
      "started": "2026-11-20T06:04:09.123Z",
      "duration_ms": 1500,
      "timeout": {
        "seconds": 60.0,
        "how": "auto: base 60 s"
      },
      "limits": {
        "max_memory_mb": 512.0,
        "max_cpu_percent": null,
        "max_disk_io_mb_per_sec": null,
        "by": "cgroup_v2",
        "warnings": [
          {
            "limit": "max_memory_mb",
            "measured": 420.5,
            "allowed": 512.0,
            "message": "takes 420.5 MB"
          }
        ]
      },
      "killed": [
        {
          "pid": 17,
          "command": "tough",
          "signal": "SIGKILL",
          "asked_by": "timeout"
        }
      ],
      "depends_on": [
        "a"
      ],
      "inferred": [
        "b"
      ],
      "output": {
        "exit_code": 2,
        "stdout": "�"
      },
      "warnings": [],
      "background": null,
      "expected": null,
      "files": {
        "stdout": "/r/verify.out",
        "stderr": null
      }
    },
    {
      "id": "next",
      "name": "next",
      "type": "noop",
      "status": "skipped",
      "reused_from": null,
      "kind": null,
      "reason": "needs verify",
      "exit_code": null,
      "attempts": 0,
      "retries": [],
      "started": null,
      "duration_ms": 0,
      "timeout": null,
      "limits": null,
      "killed": [],
      "depends_on": [],
      "inferred": [],
      "output": {},
      "warnings": [],
      "background": null,
      "expected": null,
      "files": {
        "stdout": null,
        "stderr": null
      }
    }
  ]
}
)");
}

TEST(Summary, TellsOfLimitsAndOfWhatHadToBeKilled) {
  Told told;
  StepIndex build = told.add("build", "command");
  StepIndex test = told.add("test", "command");
  told.tell(LimitWarning{build, "max_memory_mb", 420.5, 512, "takes 420.5 MB of memory"});
  told.tell(ProcessKilled{build, {16, "daemon", SIGKILL}, "left_over"});
  for (int pid = 20; pid < 27; ++pid) told.tell(ProcessKilled{test, {pid, "worker", SIGKILL}, "timeout"});
  told.tell(ProcessKilled{test, {17, "sh", SIGTERM}, "timeout"});
  told.tell(ProcessKilled{test, {18, "stuck", 0}, "timeout"});
  told.ended(build, "make", 1, {.limits_enforced = true});
  told.ended(test, "make test", 1, StepResult::failure(FailureKind::timeout, "timed out after 1 s", "wait"));
  for (Event& event : told.events)
    if (auto* started = std::get_if<StepStarted>(&event.what)) started->limits = {512, {}, {}};
  RunReport report = told.report();
  EXPECT_EQ(
      render_summary(report, {}),
      "⚠  build     1.0s\n"
      "      warning: takes 420.5 MB of memory\n"
      "      had to be killed: daemon (pid 16)\n"
      "❌ test      1.0s  timed out after 1 s\n"
      "\n"
      "Limits enforced by cgroup v2: build\n"
      "Limits measured: test\n"
      "❌ Mission failed: 1 of 2 steps failed (2.0s)\n"
      "\n"
      "❌ test timed out after 1 s\n"
      "   Step: security.yaml:14\n"
      "   Command: make test\n"
      "   Suggestion: wait\n"
      "   Processes: could not be ended: stuck (pid 18); had to be killed: worker (pid 20), worker (pid "
      "21), worker (pid 22), worker (pid 23), worker (pid 24) and 2 more; ended on SIGTERM: sh (pid 17)\n"
      "   Next: rustchain run security.yaml\n");
}

TEST(Summary, OfARunThatDidNotStartBecauseItsDirectoryIsTooLarge) {
  Told told;
  StepIndex a = told.add("a", "command");
  RunFinished finished;
  finished.size_limit = "the working directory held 2.0 MB, more than the 1.0 MB of m.yaml:3";
  told.tell(StepNotRun{a, Status::cancelled, k_no_step, k_no_step, finished.size_limit});
  RunReport report = told.report(finished);
  EXPECT_EQ(report.exit_code, ExitCode::step_failed);
  EXPECT_EQ(
      render_summary(report, {}),
      "⏭  a        -  not started: the working directory held 2.0 MB, more than the 1.0 MB of m.yaml:3\n"
      "\n"
      "❌ Mission failed: the working directory is too large; 0 of 1 step failed, 1 cancelled (0ms)\n"
      "\n"
      "   Context: the working directory held 2.0 MB, more than the 1.0 MB of m.yaml:3\n"
      "   Suggestion: delete what isn't needed there, or raise working_directory_size_limit\n");
}

TEST(Reporters, AreFoundByName) {
  std::vector<std::string_view> names;
  for (const Reporter& reporter : reporters()) names.push_back(reporter.name);
  EXPECT_EQ(names, (std::vector<std::string_view>{"text", "json", "junit", "markdown", "html", "github"}));
}

}  // namespace
}  // namespace rustchain
