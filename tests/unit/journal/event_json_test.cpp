#include "journal/event_json.hpp"

#include "util/json_text.hpp"

#include <limits>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

const WallTime k_at = WallTime(std::chrono::milliseconds(1'795'154'649'123));
const std::string k_head = R"({"at":"2026-11-20T06:04:09.123Z","event":")";

FileMark mark(std::string path) {
  return {std::move(path), true, 12, 1'795'154'649'000'000'001, "ab12"};
}
const std::string k_mark =
    R"({"path":"/a","there":true,"size":12,"modified":1795154649000000001,"hash":"ab12"})";

StepBasis basis() {
  return {"d1", "p1", {{"CC", "e1"}}, {mark("/a")}, {{"lint", "failed"}}, {"/b"}};
}
const std::string k_basis = R"({"definition":"d1","parameters":"p1","env":[["CC","e1"]],"reads":[)" + k_mark +
                            R"(],"needs":[["lint","failed"]],"changes":["/b"]})";

StepResult result() {
  StepResult result = StepResult::failure(FailureKind::exit_code, "it failed", "mend it");
  result.output = {{"exit_code", 2}, {"stdout", "a\tb\n"}};
  result.facts = {"a fact"};
  result.hints = {{Hint::Kind::mission, "another way"}};
  result.details = {"a line"};
  result.warnings = {"a warning"};
  result.stdout_file = "/o.out";
  result.stderr_file = "/o.err";
  result.stopped = {{7, "make", 15}};
  result.left_over = {{8, "cc", 9}};
  result.limits_enforced = true;
  return result;
}
const std::string k_result =
    R"("kind":"exit_code","output":{"exit_code":2,"stdout":"a\tb\n"},"error":"it failed","help":"mend it",)"
    R"("facts":["a fact"],"hints":[{"kind":"mission","text":"another way"}],"details":["a line"],)"
    R"("warnings":["a warning"],"stdout_file":"/o.out","stderr_file":"/o.err",)"
    R"("stopped":[{"pid":7,"command":"make","signal":15}],"left_over":[{"pid":8,"command":"cc","signal":9}],)"
    R"("limits_enforced":true)";

RunStarted::StepInfo info() {
  return {"build[0]", "Build", "command", {3, 5, 1}, {"a"}, {"b"}, "inner.yaml"};
}
const std::string k_info =
    R"({"id":"build[0]","name":"Build","type":"command","at":{"line":3,"column":5,"file":1},)"
    R"("depends_on":["a"],"inferred":["b"],"file":"inner.yaml"})";

// Every kind of event with every field set, and the whole of its text.
std::vector<std::pair<Event, std::string>> all_events() {
  RunStarted run{"id1", "A mission", "1.2", "m.yaml", "/s/runs/id1", 4, {false, true, false}, {info()}};
  run.risk = Risk{5, "passed"};
  run.path = "/w/m.yaml";
  run.continues = "id0";
  run.again = "rustchain run m.yaml --resume";
  StepStarted started{2,       3,          "make", {60.5, "auto"}, Expectation{1.5, 2.5, 3}, {100, 50, 2.5},
                      basis(), "it is new"};
  StepFinished finished{2, result(), 3, 0.125, true, {mark("/a")}, true};
  finished.result.status = Status::partial;
  StepReused reused{2, "id0", result(), 2, 0.25, "make", basis(), {mark("/a")}};
  reused.result.status = Status::success;
  return {
      {{k_at, run},
       R"(run_started","run_id":"id1","path":"/w/m.yaml","file":"m.yaml","mission":"A mission","version":"1.2",)"
       R"("directory":"/s/runs/id1","max_parallel":4,"continues":"id0","again":"rustchain run m.yaml --resume",)"
       R"("risk":{"score":5,"verdict":"passed"},"hints":{"provide_command_optimizations":true},"steps":[)" +
           k_info + "]}"},
      {{k_at, StepAdded{5, 2, 9, info(), "h#2"}},
       R"(step_added","step":5,"parent":2,"siblings":9,"info":)" + k_info + R"(,"item":"h#2"})"},
      {{k_at, started},
       R"(step_started","step":2,"attempt":3,"basis":)" + k_basis +
           R"(,"what":"make","why":"it is new","timeout":{"seconds":60.5,"how":"auto"},)"
           R"("expected":{"seconds":1.5,"slowest":2.5,"runs":3},)"
           R"("limits":{"max_memory_mb":100,"max_cpu_percent":50,"max_disk_io_mb_per_sec":2.5}})"},
      {{k_at, StepProgressed{2, {10, 2, "last"}}},
       R"(step_progress","step":2,"progress":{"bytes":10,"lines":2,"last_line":"last"}})"},
      {{k_at, StepWrote{2, "a \"word\""}}, R"(step_output","step":2,"text":"a \"word\""})"},
      {{k_at, LimitWarning{2, "max_memory_mb", 82.5, 100, "takes much"}},
       R"(limit_warning","step":2,"limit":"max_memory_mb","measured":82.5,"allowed":100,"message":"takes much"})"},
      {{k_at, ProcessKilled{2, {7, "make", 9}, "timeout"}},
       R"(process_killed","step":2,"process":{"pid":7,"command":"make","signal":9},"asked_by":"timeout"})"},
      {{k_at, StepRetried{2, 1, 0.5, FailureKind::network, "refused"}},
       R"(step_retry","step":2,"attempt":1,"delay_seconds":0.5,"kind":"network","error":"refused"})"},
      {{k_at, finished},
       R"(step_finished","step":2,"status":"partial","seconds":0.125,"attempts":3,"allowed":true,"masked":true,)" +
           k_result + R"(,"wrote":[)" + k_mark + "]}"},
      {{k_at, reused},
       R"(step_reused","step":2,"run":"id0","status":"success","seconds":0.25,"attempts":2,"basis":)" +
           k_basis + R"(,"what":"make",)" + k_result + R"(,"wrote":[)" + k_mark + "]}"},
      {{k_at, StepNotRun{2, Status::cancelled, 1, k_no_step, "why"}},
       R"(step_skipped","step":2,"status":"cancelled","needs":1,"cause":4294967295,"reason":"why"})"},
      {{k_at, BackgroundEnded{2, true, "exit code 1", {3, 4}}},
       R"(background_ended","step":2,"early":true,"how":"exit code 1","during":[3,4]})"},
      {{k_at, RunStopping{StopReason::fail_fast, true}},
       R"(run_stopping","reason":"fail_fast","at_once":true})"},
      {{k_at, RunFinished{true, 15, 2.5, "too large"}},
       R"(run_finished","seconds":2.5,"time_limit":true,"signal":15,"size_limit":"too large"})"},
  };
}

TEST(EventJson, WritesEveryEventWithAllOfItsFields) {
  std::vector<bool> seen(std::variant_size_v<decltype(Event::what)>);
  for (const auto& [event, text] : all_events()) {
    EXPECT_EQ(event_to_json(event), k_head + text);
    seen[event.what.index()] = true;
  }
  EXPECT_EQ(std::count(seen.begin(), seen.end(), false), 0);
}

TEST(EventJson, ReadsBackWhatItWrote) {
  for (const auto& [event, text] : all_events()) {
    auto json = parse_json(k_head + text);
    ASSERT_TRUE(json.ok()) << text;
    auto back = event_from_json(*json);
    ASSERT_TRUE(back.ok()) << text << back.error().message;
    EXPECT_EQ(back->what.index(), event.what.index());
    EXPECT_EQ(event_to_json(*back), k_head + text);
  }
}

TEST(EventJson, LeavesOutWhatIsEmpty) {
  EXPECT_EQ(event_to_json({k_at, StepFinished{}}),
            k_head + R"(step_finished","step":0,"status":"success","seconds":0,"attempts":1})");
  EXPECT_EQ(event_to_json({k_at, StepStarted{}}),
            k_head + R"(step_started","step":0,"attempt":1,"basis":{},"timeout":{}})");
}

TEST(EventJson, WritesNumbersSuchThatTheyComeBack) {
  auto written = [](double seconds) {
    const std::string text = event_to_json({k_at, RunFinished{.duration_seconds = seconds}});
    const std::size_t begin = text.find("\"seconds\":") + 10;
    return text.substr(begin, text.find_first_of(",}", begin) - begin);
  };
  EXPECT_EQ(written(0.001567626), "0.001567626");
  EXPECT_EQ(written(3600), "3600");
  EXPECT_EQ(written(60.05), "60.05");
  EXPECT_EQ(written(1e-9), "0.000000001");
  EXPECT_EQ(written(-2.5), "-2.5");
  EXPECT_EQ(written(1e300), "1e+300");
  EXPECT_EQ(written(std::numeric_limits<double>::quiet_NaN()), "0");
  std::mt19937_64 random(7);
  for (int i = 0; i < 20000; ++i) {
    const double seconds = static_cast<double>(random() >> (i % 60)) / (i % 3 == 0   ? 1e9
                                                                        : i % 3 == 1 ? 1e12
                                                                                     : 7);
    ASSERT_EQ(std::stod(written(seconds)), seconds);
  }
}

TEST(EventJson, IsAlwaysOneLineOfUtf8) {
  std::string text = event_to_json({k_at, StepWrote{0, std::string("a\n\x01\xff\0b", 6)}});
  EXPECT_EQ(text, k_head + "step_output\",\"step\":0,\"text\":\"a\\n\\u0001\xef\xbf\xbd\\u0000b\"}");
}

TEST(EventJson, RefusesWhatIsNoEvent) {
  auto error = [](const char* text) {
    auto json = parse_json(text);
    auto event = event_from_json(*json);
    return event.ok() ? std::string("none") : event.error().message;
  };
  const std::string head = R"({"at":"2026-11-20T06:04:09.123Z","event":)";
  EXPECT_EQ(error("[]"), "it is no JSON object");
  EXPECT_EQ(error(R"({"at":"soon","event":"run_finished"})"), "its time can't be read");
  EXPECT_EQ(error((head + R"("step_danced"})").c_str()), "there is no event 'step_danced'");
  EXPECT_EQ(error((head + R"("step_skipped","step":1,"status":"fine"})").c_str()),
            "'fine' is no word that is known here");
  EXPECT_EQ(error((head + R"("step_output","step":"1"})").c_str()), "a number was to be there");
  EXPECT_EQ(error((head + R"("run_finished","later":{"a":1}})").c_str()), "none");
}

}  // namespace
}  // namespace rustchain
