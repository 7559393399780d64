// Every format over one rich run, by value.
#include "journal/masked_events.hpp"
#include "report/github.hpp"
#include "report/markup.hpp"
#include "report/report.hpp"
#include "support/rich_run.hpp"
#include "util/mask.hpp"

#include <csignal>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using testing::golden;
using testing::report_of;
using testing::rich_run;

class Format : public ::testing::TestWithParam<Reporter> {};
INSTANTIATE_TEST_SUITE_P(All, Format, ::testing::ValuesIn(reporters().begin(), reporters().end()),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_P(Format, OfARichRun) {
  const std::string text = GetParam().render(report_of(rich_run()), {});
  EXPECT_EQ(text, golden(std::string(GetParam().name), text));
}

TEST_P(Format, OfNothingIsStillARun) {
  EXPECT_NO_THROW(GetParam().render(RunReport{}, {}));
  EXPECT_FALSE(GetParam().render(RunReport{}, {}).empty());
}

// Text in every place of every event that a value of the mission can get into.
std::vector<Event> full_of(const std::string& text) {
  std::vector<Event> events = rich_run();
  std::get<RunStarted>(events[0].what).mission += text;
  for (RunStarted::StepInfo& step : std::get<RunStarted>(events[0].what).steps) step.name += text;
  for (Event& event : events) {
    if (auto* added = std::get_if<StepAdded>(&event.what)) added->info.name += text;
    if (auto* started = std::get_if<StepStarted>(&event.what)) started->what += text;
    if (auto* warned = std::get_if<LimitWarning>(&event.what)) warned->message += text;
    if (auto* killed = std::get_if<ProcessKilled>(&event.what)) killed->process.command += text;
    if (auto* retried = std::get_if<StepRetried>(&event.what)) retried->error += text;
    if (auto* left = std::get_if<StepNotRun>(&event.what)) left->reason += text;
    if (auto* ended = std::get_if<StepFinished>(&event.what)) {
      StepResult& result = ended->result;
      if (result.status == Status::failed) result.error += text, result.help += text;
      for (std::string& line : result.details) line += text;
      for (std::string& line : result.warnings) line += text;
      for (std::string& line : result.facts) line += text;
      for (Hint& hint : result.hints) hint.text += text;
      if (result.output.is_object())
        for (auto& [key, value] : result.output.items())
          if (value.is_string()) value = text + value.get<std::string>() + text;
    }
  }
  return events;
}

TEST_P(Format, ShowsNoSecretInAnySpelling) {
  for (const std::string secret : {"s3cr3t-Value", "<a&b>\"c'd\\e`f|g%h", "tür\"<ö>"}) {
    const Mask mask({secret});
    ReportBuilder builder;
    MaskedEvents masked(mask, builder);
    for (const Event& event : full_of(secret)) masked.on(event);
    const std::string text = GetParam().render(builder.report(), {});
    EXPECT_NE(text.find("***"), std::string::npos);
    for (const std::string& spelling :
         {secret, markup(secret), Json(secret).dump(), Json(secret).dump(-1, ' ', true)}) {
      const std::string inner =
          spelling.starts_with('"') ? spelling.substr(1, spelling.size() - 2) : spelling;
      EXPECT_EQ(text.find(inner), std::string::npos) << inner;
    }
    EXPECT_EQ(mask.text(text), text);
  }
}

TEST_P(Format, OfARunThatWasInterruptedBetweenTwoSteps) {
  RunStarted run;
  run.mission = "m";
  run.steps.resize(1);
  run.steps[0].id = "a";
  const RunReport report =
      report_of({{{}, run},
                 {{}, StepNotRun{0, Status::cancelled, k_no_step, k_no_step, "the run was interrupted"}},
                 {{}, RunFinished{false, SIGINT, 1}}});
  const std::string text = GetParam().render(report, {});
  const bool bad = text.find("interrupted") != std::string::npos;
  EXPECT_TRUE(bad) << text;
}

// Two steps: one reused, one that ran or still runs.
RunReport continued_run(bool running) {
  RunStarted run;
  run.run_id = "20260102";
  run.mission = "m";
  run.continues = "20260101";
  run.again = "rustchain run m.yaml --resume";
  run.steps.resize(3);
  run.steps[0].id = "old", run.steps[1].id = "new", run.steps[2].id = "last";
  StepReused reused{0, "20260101", {}, 1, 7};
  reused.result.output = {{"stdout", "from then"}};
  std::vector<Event> events = {{{}, run}, {{}, reused}, {{}, StepStarted{1, 1, "make", {}}}};
  if (!running) {
    events.push_back({{}, StepFinished{1}});
    events.push_back({{}, StepFinished{2}});
    events.push_back({{}, RunFinished{false, 0, 2}});
  }
  RunReport report = report_of(events);
  report.running = running;
  for (StepReport& step : report.steps) step.pending = running && !step.ended;
  return report;
}

TEST_P(Format, TellsWhatWasReused) {
  const std::string name(GetParam().name);
  const std::string text = GetParam().render(continued_run(false), {});
  if (name == "github") return;  // it tells of problems alone
  EXPECT_NE(text.find("20260101"), std::string::npos) << text;
  for (const char* mark : {"reused from", "reused_from"})
    if (text.find(mark) != std::string::npos) return;
  FAIL() << text;
}

TEST_P(Format, SaysNothingUntrueOfARunThatGoesOn) {
  const std::string text = GetParam().render(continued_run(true), {});
  for (const char* untrue : {"interrupted", "cancelled<", "record ended", "--resume", "exit code"})
    EXPECT_EQ(text.find(untrue), std::string::npos) << untrue << "\n" << text;
}

TEST(Html, MarksWhatWasReused) {
  const std::string text = render_html(continued_run(false), {});
  EXPECT_NE(text.find("<li class=\"reused\">"), std::string::npos);
  EXPECT_NE(text.find("<dt>Reused<dd>from 20260101, where it took 7.0s"), std::string::npos);
  EXPECT_NE(text.find("data-show=\"reused\" aria-pressed=\"false\">Reused 1<"), std::string::npos);
  EXPECT_NE(text.find("1 of them reused"), std::string::npos);
}

TEST(Junit, GivesNoTimeToWhatDidNotRun) {
  const std::string text = render_junit(continued_run(false), {});
  EXPECT_NE(text.find("name=\"old\" time=\"0\">\n      <system-out>reused from 20260101\n"),
            std::string::npos)
      << text;
}

TEST(Junit, OfARunThatEndedBadlyIsRed) {
  RunStarted run;
  run.mission = "m";
  run.steps.resize(1);
  run.steps[0].id = "a";
  const RunReport report =
      report_of({{{}, run},
                 {{}, StepNotRun{0, Status::cancelled, k_no_step, k_no_step, "too large"}},
                 {{}, RunFinished{false, 0, 1, "it has 2 MB; 1 MB are allowed"}}});
  const std::string text = render_junit(report, {});
  EXPECT_NE(text.find("tests=\"2\" failures=\"0\" errors=\"1\""), std::string::npos) << text;
  EXPECT_NE(
      text.find("<error type=\"failed\" message=\"❌ Mission failed: the working directory is too large"),
      std::string::npos)
      << text;
}

// A run of so many steps with long texts everywhere.
RunReport large_run(std::size_t steps, std::size_t bytes) {
  RunReport report;
  report.outcome = RunOutcome::failed;
  const std::string text(bytes, 'x');
  for (std::size_t i = 0; i < steps; ++i) {
    StepReport step;
    step.info.id = "step_" + std::to_string(i);
    step.info.type = "command";
    if (i > 0) step.info.depends_on = {"step_" + std::to_string(i / 2)};
    step.started = step.ended = true;
    step.attempts = 1;
    step.duration_seconds = 0.5;
    step.what = "run " + text;
    step.status = i % 2 == 0 ? Status::failed : Status::success;
    step.result = i % 2 == 0 ? StepResult::failure(FailureKind::exit_code, text, text) : StepResult{};
    step.result.details = {text};
    step.result.warnings = {text};
    step.result.output = {{"stdout", text}, {"stderr", text}, {"list", {text}}};
    step.timeout = {60.0, "auto: base 60 s"};
    report.steps.push_back(std::move(step));
  }
  return report;
}

TEST(Html, OfAHugeRunStaysBelowTenMegabytes) {
  const std::string text = render_html(large_run(10'000, 400), {});
  EXPECT_LT(text.size(), 10'000'000u);
  EXPECT_NE(text.find("too many to draw"), std::string::npos);
  EXPECT_NE(text.find("The 250 longest of 10,000 steps"), std::string::npos);
  EXPECT_NE(text.find("id=\"s9999\""), std::string::npos);
}

TEST(Html, HasNothingOfTheRunAsMarkup) {
  RunReport report = report_of(full_of(testing::k_hostile));
  for (StepReport& step : report.steps) step.info.id += testing::k_hostile;
  report.run.file = report.run.version = report.run.run_id = testing::k_hostile;
  const std::string text = render_html(report, {});
  EXPECT_EQ(text.find("<img"), std::string::npos);
  // The one that is the page's own.
  EXPECT_EQ(text.find("</script"), text.rfind("</script"));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos);
}

TEST(Html, ReachesNothingElse) {
  const std::string text = render_html(report_of(rich_run()), {});
  EXPECT_NE(text.find("content=\"default-src 'none'; img-src data:; style-src 'sha256-"), std::string::npos);
  for (const char* what : {" src=\"", "url(http", "@import", "rel=\"stylesheet", " style=\"", " onclick="})
    EXPECT_EQ(text.find(what), std::string::npos) << what;
}

TEST(Markdown, OfALargeRunStaysBelowOneMebibyte) {
  EXPECT_LT(render_markdown(large_run(1'000, 10'000), {}).size(), 1u << 20);
}

TEST(Markup, LetsNoMarkupThrough) {
  EXPECT_EQ(markup("<a b=\"c\">'&amp;\n\t"), "&lt;a b=&quot;c&quot;&gt;&#39;&amp;amp;\n\t");
  EXPECT_EQ(markup(std::string("\x00\x01\x1b\x7f", 4)), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(markup("é\xff\xef\xbf\xbe\xed\xa0\x80"),
            "é\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(Annotations, AreTheTenWorst) {
  std::vector<Annotation> all;
  for (int i = 0; i < 12; ++i)
    all.push_back({Severity::warning, "a.yaml", 1, 0, "w" + std::to_string(i), "m"});
  all.push_back({Severity::error, "dir,1/a:b.yaml", 3, 7, "50% done,\nsaid: x", "100 %\r\nof it::stop"});
  const std::string text = render_annotations(all);
  EXPECT_EQ(
      text.substr(0, text.find('\n') + 1),
      "::error file=dir%2C1/a%3Ab.yaml,line=3,col=7,title=50%25 done%2C␊said%3A x::100 %25␍%0Aof it::stop\n");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 10);
  EXPECT_NE(text.find("title=w8::"), std::string::npos);
  EXPECT_EQ(text.find("title=w9::"), std::string::npos);
}

TEST(Annotations, WithoutAFileNameNone) {
  for (const char* file : {"", "-", "<stdin>"})
    EXPECT_EQ(render_annotations({{Severity::note, file, 4, 2, "t", "m"}}), "::notice title=t::m\n");
}

TEST(Masks, AreCommandsForEachLine) {
  const std::vector<std::string> values = {"pass%word", "first line\r\nsecond line\nab\n"};
  EXPECT_EQ(render_masks(values),
            "::add-mask::pass%25word\n::add-mask::first line\n::add-mask::second line\n");
}

}  // namespace
}  // namespace rustchain
