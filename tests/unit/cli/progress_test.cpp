#include "cli/progress.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using namespace std::chrono_literals;

News news(News::Kind kind, StepIndex step, SteadyTime at, std::string text, Progress progress = {}) {
  return {kind, step, at, std::move(text), std::move(progress), {}};
}

const SteadyTime k_start = SteadyTime(1000s);

TEST(PlainProgress, TellsTheStartAndTheEndOfAStep) {
  auto view = make_plain_progress({{"build", false}});
  EXPECT_EQ(view->on(news(News::Kind::started, 0, k_start, "make all")), "▶ build: make all\n");
  EXPECT_EQ(view->on(news(News::Kind::ended, 0, k_start + 1s, "✅ build (1.0s)\n")), "✅ build (1.0s)\n");
  EXPECT_EQ(view->next_tick(), SteadyTime::max());
}

TEST(PlainProgress, SaysEveryTenSecondsThatAStepGoesOn) {
  auto view = make_plain_progress({{"search", false}, {"quiet", true}});
  (void)view->on(news(News::Kind::started, 0, k_start, "grep"));
  (void)view->on(news(News::Kind::started, 1, k_start, "sleep"));
  EXPECT_EQ(view->next_tick(), k_start + 10s);
  EXPECT_EQ(view->tick(k_start + 9s), "");
  EXPECT_EQ(view->tick(k_start + 10s), "⏳ search still running (10.0s elapsed)\n");
  EXPECT_EQ(view->tick(k_start + 11s), "");
  (void)view->on(news(News::Kind::progressed, 0, k_start + 12s, "", {4096, 1204, "a\x1b[31mred"}));
  EXPECT_EQ(view->tick(k_start + 20s),
            "⏳ search still running (20.0s elapsed, 1,204 lines, last: a␛[31mred)\n");
}

TEST(PlainProgress, SaysHowLongItTookBefore) {
  auto view = make_plain_progress({{"search", false}});
  News started = news(News::Kind::started, 0, k_start, "grep");
  started.expected_seconds = 95;
  (void)view->on(started);
  EXPECT_EQ(view->tick(k_start + 10s), "⏳ search still running (10.0s elapsed of about 1m 35s)\n");
}

TEST(TerminalProgress, SaysHowLongItTookBefore) {
  auto view = make_terminal_progress({{"a", false}}, {true, 60, 24}, false);
  News started = news(News::Kind::started, 0, k_start, "make");
  started.expected_seconds = 95;
  (void)view->on(started);
  EXPECT_EQ(view->tick(k_start + 10s), "⏳ a 10.0s of about 1m 35s: make\n");
}

TEST(TerminalProgress, DrawsRunningStepsBelowWhatHasHappened) {
  auto view = make_terminal_progress({{"a", false}, {"b", false}}, {true, 40, 24}, false);
  (void)view->on(news(News::Kind::started, 0, k_start, "make"));
  EXPECT_EQ(view->tick(k_start), "⏳ a 0ms: make\n");
  EXPECT_EQ(view->next_tick(), k_start + 100ms);
  EXPECT_EQ(view->tick(k_start + 50ms), "");
  (void)view->on(news(News::Kind::started, 1, k_start + 50ms, "a command that is much longer than the line"));
  EXPECT_EQ(view->tick(k_start + 100ms),
            "\x1b[1A\r\x1b[J⏳ a 100ms: make\n⏳ b 50ms: a command that is much lo...\n");
  (void)view->on(news(News::Kind::ended, 0, k_start + 110ms, "✅ a (110ms)\n"));
  EXPECT_EQ(view->tick(k_start + 110ms),
            "\x1b[2A\r\x1b[J✅ a (110ms)\n⏳ b 60ms: a command that is much lo...\n");
  (void)view->on(news(News::Kind::ended, 1, k_start + 120ms, "✅ b (70ms)\n"));
  EXPECT_EQ(view->tick(k_start + 120ms), "\x1b[1A\r\x1b[J✅ b (70ms)\n");
  EXPECT_EQ(view->next_tick(), SteadyTime::max());
}

TEST(TerminalProgress, NeverFillsTheScreen) {
  std::vector<ProgressStep> steps(20, {"s", false});
  auto view = make_terminal_progress(steps, {true, 40, 6}, false);
  for (StepIndex i = 0; i < 20; ++i) (void)view->on(news(News::Kind::started, i, k_start, "x"));
  EXPECT_EQ(view->tick(k_start), "⏳ s 0ms: x\n⏳ s 0ms: x\n⏳ ... and 18 more\n");
}

TEST(TerminalProgress, ShowsAnAnswerLineByLine) {
  auto view = make_terminal_progress({{"ask", false}}, {true, 40, 24}, false);
  (void)view->on(news(News::Kind::started, 0, k_start, "phi3"));
  (void)view->on(news(News::Kind::wrote, 0, k_start, "It is\na to"));
  EXPECT_EQ(view->tick(k_start), "  │ It is\n⏳ ask 0ms: a to\n");
  (void)view->on(news(News::Kind::wrote, 0, k_start, "ol."));
  (void)view->on(news(News::Kind::ended, 0, k_start + 1s, "✅ ask (1.0s)\n"));
  EXPECT_EQ(view->tick(k_start + 1s), "\x1b[1A\r\x1b[J  │ a tool.\n✅ ask (1.0s)\n");
}

TEST(TerminalProgress, AnAnswerDoesNotWaitForTheNextFrame) {
  auto view = make_terminal_progress({{"ask", false}}, {true, 40, 24}, false);
  (void)view->on(news(News::Kind::started, 0, k_start, "phi3"));
  EXPECT_NE(view->tick(k_start), "");
  (void)view->on(news(News::Kind::wrote, 0, k_start + 50ms, "It"));
  EXPECT_LE(view->next_tick(), k_start + 50ms);
  EXPECT_NE(view->tick(k_start + 50ms), "");
  (void)view->on(news(News::Kind::wrote, 0, k_start + 51ms, " is"));
  EXPECT_GT(view->next_tick(), k_start + 51ms);
  EXPECT_EQ(view->tick(k_start + 51ms), "");
}

TEST(TerminalProgress, SaysHowFastAnAnswerComes) {
  auto view = make_terminal_progress({{"ask", false}}, {true, 60, 24}, false);
  (void)view->on(news(News::Kind::started, 0, k_start, "phi3"));
  (void)view->on(news(News::Kind::wrote, 0, k_start + 5s, "It"));
  (void)view->on(news(News::Kind::wrote, 0, k_start + 5100ms, " is"));
  EXPECT_EQ(view->tick(k_start + 6s), "⏳ ask 6.0s: It is\n") << "too early to tell";
  for (int i = 2; i <= 10; ++i) (void)view->on(news(News::Kind::wrote, 0, k_start + 5s + i * 100ms, " a"));
  EXPECT_EQ(view->tick(k_start + 7s),
            "\x1b[1A\r\x1b[J⏳ ask 7.0s, about 10 tokens/s: It is a a a a a a a a a\n");
}

TEST(TerminalProgress, SaysWhoseLineItIsWhereSeveralWrite) {
  auto view = make_terminal_progress({{"ask", false}, {"tell", false}}, {true, 40, 24}, false);
  (void)view->on(news(News::Kind::started, 0, k_start, "phi3"));
  (void)view->on(news(News::Kind::started, 1, k_start, "phi3"));
  (void)view->on(news(News::Kind::wrote, 0, k_start, "It is\n"));
  (void)view->on(news(News::Kind::wrote, 1, k_start, "A tool\nand"));
  EXPECT_EQ(view->tick(k_start), "  ask │ It is\n  tell │ A tool\n⏳ ask 0ms: phi3\n⏳ tell 0ms: and\n");
  (void)view->on(news(News::Kind::ended, 1, k_start + 1s, "✅ tell (1.0s)\n"));
  EXPECT_EQ(view->tick(k_start + 1s), "\x1b[2A\r\x1b[J  tell │ and\n✅ tell (1.0s)\n⏳ ask 1.0s: phi3\n");
}

TEST(Progress, OneLineForAFinishedStep) {
  StepFinished finished;
  finished.duration_seconds = 1.25;
  EXPECT_EQ(finished_line("a", finished), "✅ a (1.2s)");
  finished.attempts = 3;
  finished.result = StepResult::failure(FailureKind::exit_code, "it ended with exit code 2");
  EXPECT_EQ(finished_line("a", finished), "❌ a (1.2s, attempt 3): it ended with exit code 2");
  finished.allowed = true;
  EXPECT_EQ(finished_line("a", finished), "⚠ a (1.2s, attempt 3): it ended with exit code 2 (allowed)");
}

TEST(Progress, ShortensToTheWidth) {
  EXPECT_EQ(shorten("  plain ", 10), "plain");
  EXPECT_EQ(shorten("first\nsecond", 20), "first ...");
  EXPECT_EQ(shorten("0123456789abc", 10), "0123456...");
  EXPECT_EQ(shorten("日本語日本語", 8), "日本...");
}

}  // namespace
}  // namespace rustchain
