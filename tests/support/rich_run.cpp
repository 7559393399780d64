#include "support/rich_run.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

namespace rustchain::testing {
namespace {

const WallTime k_begin{std::chrono::milliseconds(1'795'154'649'123)};

class Teller {
 public:
  void at(double seconds) {
    now_ = k_begin + std::chrono::duration_cast<WallTime::duration>(Seconds(seconds));
  }
  template <class What>
  void tell(What what) {
    events_.push_back({now_, std::move(what)});
  }
  std::vector<Event> take() { return std::move(events_); }

 private:
  WallTime now_ = k_begin;
  std::vector<Event> events_;
};

RunStarted::StepInfo info(std::string id, std::string name, std::string type, std::uint32_t line,
                          std::vector<std::string> needs = {}, std::vector<std::string> inferred = {}) {
  return {std::move(id), std::move(name),  std::move(type),
          {line, 5, 0},  std::move(needs), std::move(inferred)};
}

StepResult printed(std::string out, int exit_code = 0, std::string err = {}) {
  StepResult result;
  result.output = {{"exit_code", exit_code}, {"stdout", std::move(out)}, {"stderr", std::move(err)}};
  return result;
}

std::string numbered_lines(int count) {
  std::string text;
  for (int i = 1; i <= count; ++i) text += "line " + std::to_string(i) + "\n";
  return text;
}

}  // namespace

std::vector<Event> rich_run() {
  enum : StepIndex { fetch, build, check, flaky, search, lint, inner, hostile, report, publish, clean };
  RunStarted run;
  run.run_id = "20261120T060409123Z-9f2c1a";
  run.mission = "Nightly <audit> & release";
  run.version = "1.2";
  run.file = "missions/nightly.yaml";
  run.directory = "/home/someone/project/.rustchain/runs/20261120T060409123Z-9f2c1a";
  run.max_parallel = 4;
  run.risk = Risk{35, "passed"};
  run.steps = {info("fetch", "Fetch the sources", "http", 10),
               info("build", "Build each part", "command", 14, {"fetch"}),
               info("check", "Check the whole", "command", 22, {"build"}),
               info("flaky", "Ask the model", "llm", 30, {"fetch"}),
               info("search", "Search for secrets", "command", 38, {}, {"fetch"}),
               info("lint", "Lint", "command", 46, {"fetch"}),
               info("inner", "The other mission", "mission", 52, {"build"}),
               info("hostile", k_hostile, "command", 58),
               info("report", "Write the report", "create_file", 64, {"check", "flaky"}, {"search"}),
               info("publish", "Publish", "command", 70, {"report"}),
               info("clean", "Clean up", "command", 78)};
  Teller teller;
  teller.tell(run);

  teller.tell(
      StepStarted{fetch, 1, "GET https://example.org/sources.tar", {30.0, "the default of http steps"}, {}});
  teller.tell(StepStarted{hostile, 1, "printf '%s' " + k_hostile, {60.0, "auto: base 60 s"}, {}});
  teller.at(0.4);
  teller.tell(StepFinished{hostile, printed(k_hostile + "\n``` fence ```\n| a | b |\n"), 1, 0.4});
  teller.at(1.25);
  StepResult fetched;
  fetched.output = {{"status", 200}, {"body", "{\"files\": 12}"}, {"bytes", 13}};
  teller.tell(StepFinished{fetch, fetched, 1, 1.25});

  teller.tell(
      StepStarted{build, 1, "make {item}", {600.0, "timeout_seconds in missions/nightly.yaml:17"}, {}});
  const StepIndex item = 11;
  for (StepIndex i = 0; i < 3; ++i) {
    const std::string number = std::to_string(i);
    RunStarted::StepInfo part = info("build[" + number + "]", "part " + number, "command", 14);
    teller.tell(StepAdded{item + i, build, 3, part});
    teller.tell(StepStarted{item + i, 1, "make part" + number, {600.0, "as build"}, {}});
  }
  teller.tell(StepStarted{
      flaky, 1, "POST http://localhost:11434/api/chat", {120.0, "auto: base 120 s"}, Expectation{4, 9, 5}});
  teller.tell(StepStarted{
      search, 1, "grep -r token .", {2.0, "timeout_seconds in missions/nightly.yaml:41"}, {}, {512, {}, {}}});
  teller.tell(StepStarted{lint, 1, "lint `src` | tee log", {60.0, "auto: base 60 s"}, {}});
  teller.at(1.5);
  teller.tell(LimitWarning{search, "max_memory_mb", 420.5, 512,
                           "takes 420.5 MB of memory, 82 % of what max_memory_mb allows"});
  teller.tell(StepFinished{lint,
                           [] {
                             StepResult failed = StepResult::failure(
                                 FailureKind::exit_code, "exit code 1: 3 `problems` | 2 kinds", "fix them");
                             failed.output = {{"exit_code", 1}, {"stdout", "a.c:1: *bad*\n"}, {"stderr", ""}};
                             return failed;
                           }(),
                           1, 0.25, true});
  teller.at(2);
  teller.tell(StepRetried{flaky, 1, 1.5, FailureKind::llm_error, "the server answered 503 (busy)"});
  teller.tell(StepFinished{item, printed("part 0\n"), 1, 0.75});
  teller.tell(StepFinished{item + 1, printed(numbered_lines(500)), 1, 0.75});
  teller.at(3.25);
  StepResult partial = printed("found 2\n");
  partial.status = Status::partial;
  partial.kind = FailureKind::timeout;
  partial.error = "timed out after 2 s; what it gave until then is used";
  partial.warnings = {"grep: some files can't be read"};
  teller.tell(ProcessKilled{search, {4711, "grep", SIGTERM}, "timeout"});
  teller.tell(StepFinished{search, partial, 1, 2});
  teller.at(3.5);
  teller.tell(StepStarted{
      flaky, 2, "POST http://localhost:11434/api/chat", {120.0, "auto: base 120 s"}, Expectation{4, 9, 5}});
  teller.tell(StepFinished{item + 2, printed("part 2\n"), 1, 2.25});
  StepResult built;
  built.output = Json::array();
  teller.tell(StepFinished{build, built, 1, 2.25});
  teller.tell(StepStarted{
      check, 1, "./check --all\n--deep", {5.0, "timeout_seconds in missions/nightly.yaml:25"}, {}});
  teller.tell(StepStarted{inner, 1, "missions/other.yaml", {{}, "none: no limit was given"}, {}});
  const StepIndex within = 14;
  RunStarted::StepInfo deep = info("inner/test", "Test", "command", 7);
  deep.file = "missions/other.yaml";
  teller.tell(StepAdded{within, inner, 1, deep});
  teller.tell(StepStarted{within, 1, "make test", {60.0, "auto: base 60 s"}, {}});
  teller.at(6);
  StepResult answered;
  answered.output = {{"content", "All is well, says the model.\n"}, {"model", "phi3"}};
  teller.tell(StepFinished{flaky, answered, 2, 4.75});
  StepResult red = StepResult::failure(FailureKind::exit_code, "exit code 2: make: the tests failed",
                                       "read what it printed");
  red.output = {{"exit_code", 2}, {"stdout", ""}, {"stderr", "FAIL: a_test\nmake: *** [test] Error 1\n"}};
  red.details = {"FAIL: a_test", "make: *** [test] Error 1"};
  red.stderr_file = run.directory + "/inner_test.err";
  teller.tell(StepFinished{within, red, 1, 2.5});
  teller.tell(StepFinished{
      inner, StepResult::failure(FailureKind::dependency, "its step test failed (exit code 2)"), 1, 2.5});
  teller.at(8.5);
  StepResult late = StepResult::failure(
      FailureKind::timeout, "timed out after 5 s (limit: timeout_seconds in missions/nightly.yaml:25)",
      "timeout_seconds: auto, or 180");
  late.facts = {"it was walking 1,247 files", "it had printed 1,000 lines until then"};
  late.hints = {{Hint::Kind::command, "chunk_size: 100 with parallel: true splits the work"}};
  late.output = {{"exit_code", nullptr},
                 {"stdout", numbered_lines(1000)},
                 {"stderr", "warning: slow\n"},
                 {"truncated", false}};
  late.details = {"line 999", "line 1000"};
  late.stdout_file = run.directory + "/check.out";
  teller.tell(StepFinished{check, late, 1, 5});
  teller.tell(StepNotRun{report, Status::skipped, check, check, "needs check, which failed (timed out)"});
  teller.tell(StepNotRun{publish, Status::skipped, report, check,
                         "needs report, which was skipped because check failed (timed out)"});
  teller.tell(StepStarted{clean, 1, "rm -rf build", {60.0, "auto: base 60 s"}, {}});
  teller.at(8.6);
  teller.tell(StepFinished{clean, printed(""), 1, 0.1});
  teller.tell(RunFinished{false, 0, 8.6});
  return teller.take();
}

RunReport report_of(const std::vector<Event>& events) {
  ReportBuilder builder;
  for (const Event& event : events) builder.on(event);
  return builder.report();
}

std::string golden(const std::string& name, const std::string& actual) {
  const std::filesystem::path path =
      std::filesystem::path(RUSTCHAIN_SOURCE_DIR) / "tests/unit/report/golden" / name;
  if (std::getenv("RUSTCHAIN_ACCEPT") != nullptr) std::ofstream(path, std::ios::binary) << actual;
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace rustchain::testing
