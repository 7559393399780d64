// The record of a run: what is written is read back, and whatever is done to it is found.
#include "journal/durations.hpp"
#include "journal/event_json.hpp"
#include "journal/reader.hpp"
#include "journal/writer.hpp"

#include <cstdlib>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

const WallTime k_at = WallTime(std::chrono::seconds(1'000'000'000));

class Record {
 public:
  Record()
      : writer([this](std::string_view line) { return append(line); },
               [this](const StepResult&, std::string_view value) -> std::optional<std::string> {
                 if (no_room) return std::nullopt;
                 values.emplace_back(value);
                 return "value-" + std::to_string(values.size());
               }) {}

  template <class What>
  void add(What what) {
    writer.on({k_at, std::move(what)});
  }
  Result<Done, Failure> append(std::string_view line) {
    if (text.size() + line.size() > room)
      return Failure{FailureKind::file_error, "can't write 'journal.jsonl': the disk is full"};
    text += line;
    return Done{};
  }

  std::string text;
  std::size_t room = 1 << 30;
  bool no_room = false;
  std::vector<std::string> values;
  JournalWriter writer;
};

StepFinished finished(StepIndex step, double seconds, Status status = Status::success) {
  StepFinished event{step, {}, 1, seconds};
  event.result.status = status;
  event.result.output = {{"stdout", "line of " + std::to_string(step) + "\n"}, {"exit_code", 0}};
  return event;
}

StepStarted started(StepIndex step, std::string definition) {
  StepStarted event{step, 1, "make"};
  event.basis.definition = std::move(definition);
  return event;
}

std::string small_run(StepIndex steps, bool ends = true) {
  Record record;
  RunStarted run{.run_id = "r1", .mission = "m", .file = "m.yaml"};
  run.path = "/w/m.yaml";
  for (StepIndex i = 0; i < steps; ++i)
    run.steps.push_back({.id = "s" + std::to_string(i), .type = "command"});
  record.add(std::move(run));
  for (StepIndex i = 0; i < steps; ++i) {
    record.add(started(i, "d" + std::to_string(i)));
    record.add(finished(i, 0.5 + i));
  }
  if (ends) record.add(RunFinished{.duration_seconds = 9});
  return record.text;
}

std::size_t line_count(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST(Journal, IsReadBackAsTheSameRun) {
  Journal journal = read_journal(small_run(3));
  EXPECT_EQ(journal.broken, "");
  EXPECT_EQ(journal.torn_bytes, 0u);
  EXPECT_TRUE(journal.finished());
  ASSERT_EQ(journal.events.size(), 8u);
  RunReport report = journal.report();
  EXPECT_EQ(report.outcome, RunOutcome::success);
  EXPECT_EQ(report.steps[2].result.output["stdout"], "line of 2\n");
}

TEST(Journal, LeavesOutWhatIsForTheMomentOnly) {
  Record record;
  record.add(StepProgressed{});
  record.add(StepWrote{0, "text"});
  EXPECT_EQ(record.text, "");
}

TEST(Journal, WithoutItsEndIsThatOfAnInterruptedRun) {
  Journal journal = read_journal(small_run(2, false));
  EXPECT_EQ(journal.broken, "");
  EXPECT_FALSE(journal.finished());
  EXPECT_EQ(journal.report().outcome, RunOutcome::interrupted);
}

// What a power cut can leave: any beginning of the file.
TEST(Journal, CutAtAnyByteOfItsEndGivesTheWholeLinesBeforeThat) {
  const std::string text = small_run(4);
  const Journal whole = read_journal(text);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    const std::string left = text.substr(0, text.size() - cut);
    const Journal journal = read_journal(left);
    ASSERT_EQ(journal.broken, "") << cut;
    ASSERT_EQ(journal.events.size(), line_count(left)) << cut;
    ASSERT_EQ(journal.torn_bytes, left.size() - (left.rfind('\n') + 1)) << cut;
    ASSERT_EQ(journal.finished(), cut == 0) << cut;
    if (journal.events.empty()) continue;
    ASSERT_EQ(event_to_json(journal.events.back()), event_to_json(whole.events[journal.events.size() - 1]));
  }
}

TEST(Journal, EndingInBytesThatNeverReachedTheDiskIsTorn) {
  const std::string text = small_run(2, false);
  const Journal journal = read_journal(text + std::string(300, '\0'));
  EXPECT_EQ(journal.broken, "");
  EXPECT_EQ(journal.torn_bytes, 300u);
  EXPECT_EQ(journal.events.size(), line_count(text));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text.find('\n', at) + 1;
    lines.push_back(text.substr(at, end - at));
    at = end;
  }
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

// A change is found when the chain is broken, or the journal doesn't come to its end any more (a cut).
bool is_found(const std::string& text) {
  Journal journal = read_journal(text);
  return !journal.broken.empty() || journal.torn_bytes > 0 || !journal.finished();
}

// RUSTCHAIN_TORTURE=1 makes it 10,000 changes.
TEST(Journal, AnySingleChangeIsFound) {
  const std::string text = small_run(8);
  const std::vector<std::string> lines = lines_of(text);
  std::mt19937 random(20261120);
  auto below = [&](std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(0, most - 1)(random);
  };
  const int rounds = std::getenv("RUSTCHAIN_TORTURE") ? 10'000 : 800;
  for (int round = 0; round < rounds; ++round) {
    std::string changed = text;
    std::vector<std::string> moved = lines;
    std::string what;
    switch (round % 6) {
      case 0: {
        const std::size_t at = below(text.size());
        changed[at] = static_cast<char>(changed[at] ^ (1 << below(8)));
        what = "bit at " + std::to_string(at);
        break;
      }
      case 1: {
        const std::size_t at = below(text.size());
        changed.erase(at, 1);
        what = "byte taken out at " + std::to_string(at);
        break;
      }
      case 2: {
        const std::size_t at = below(text.size());
        changed.insert(at, 1, static_cast<char>(below(256)));
        what = "byte put in at " + std::to_string(at);
        break;
      }
      case 3: {
        const std::size_t at = below(lines.size());
        moved.erase(moved.begin() + static_cast<std::ptrdiff_t>(at));
        changed = joined(moved);
        what = "line removed: " + std::to_string(at);
        break;
      }
      case 4: {
        const std::size_t at = below(lines.size());
        moved.insert(moved.begin() + static_cast<std::ptrdiff_t>(below(lines.size() + 1)), lines[at]);
        changed = joined(moved);
        what = "line doubled: " + std::to_string(at);
        break;
      }
      default: {
        const std::size_t at = below(lines.size());
        std::swap(moved[at], moved[(at + 1 + below(lines.size() - 1)) % lines.size()]);
        changed = joined(moved);
        what = "lines changed places: " + std::to_string(at);
      }
    }
    ASSERT_TRUE(changed == text || is_found(changed)) << what;
  }
}

TEST(Journal, SaysWhereItWasChanged) {
  std::string text = small_run(2);
  std::string changed = text;
  changed.replace(changed.find("line of 1"), 9, "line of 7");
  EXPECT_EQ(read_journal(changed).broken, "line 5 was changed");
  std::vector<std::string> lines = lines_of(text);
  lines.erase(lines.begin() + 2);
  EXPECT_EQ(read_journal(joined(lines)).broken,
            "line 3 doesn't follow the one before it: lines were removed, added or moved");
  EXPECT_EQ(read_journal(joined(lines)).events.size(), 2u);
}

TEST(Journal, StopsAtTheFirstLineThatCantBeKept) {
  Record record;
  record.add(RunStarted{});
  record.room = record.text.size() + 10;
  record.add(StepStarted{});
  record.room = 1 << 30;
  record.add(StepStarted{});
  EXPECT_EQ(record.writer.failure(), "can't write 'journal.jsonl': the disk is full");
  EXPECT_EQ(line_count(record.text), 1u);
}

TEST(Journal, KeepsLargeOutputsBesideItself) {
  Record record;
  StepFinished event = finished(0, 1);
  const std::string large(k_largest_inline + 1, 'x');
  event.result.output = {{"stdout", large}, {"json", {{"raw", std::string("\xff\xfe")}}}, {"small", "s"}};
  record.add(event);
  ASSERT_EQ(record.values.size(), 2u);
  EXPECT_LT(record.text.size(), 1000u);

  Json output = std::get<StepFinished>(read_journal(record.text).events.at(0).what).result.output;
  EXPECT_EQ(output["small"], "s");
  EXPECT_EQ(output["stdout"]["bytes"].get<int>() + output["json"]["raw"]["bytes"].get<int>(),
            static_cast<int>(large.size()) + 2);
  auto read = [&](const std::string& name) -> std::optional<std::string> {
    return record.values.at(name == "value-1" ? 0 : 1);
  };
  EXPECT_EQ(bring_back(output, read), std::nullopt);
  EXPECT_EQ(output, event.result.output);
}

TEST(Journal, TellsALargeOutputThatWasChanged) {
  Json output = {{"stdout", std::string(k_largest_inline + 1, 'x')}};
  move_out(output, [](std::string_view) { return "build.out"; });
  EXPECT_EQ(bring_back(output, [](const std::string&) { return "other"; }), "build.out");
  EXPECT_EQ(bring_back(output, [](const std::string&) { return std::nullopt; }), "build.out");
}

// The step's end is told all the same.
TEST(Journal, SaysWhereALargeOutputCouldNotBeKept) {
  const std::string large(k_largest_inline + 1, 'x');
  Json output = {{"a", large}, {"b", "small"}, {"c", large}};
  move_out(output, [&, tries = 0](std::string_view) mutable {
    return ++tries == 1 ? std::nullopt : std::optional<std::string>("c.out");
  });
  EXPECT_EQ(output["a"]["$file"], "");
  EXPECT_EQ(bring_back(output, [&](const std::string&) { return large; }), "");
  EXPECT_EQ(output["c"], large);  // what is there is brought back
  move_out(output, [](std::string_view) { return "c.out"; });
  EXPECT_EQ(bring_back(output, [&](const std::string&) { return "other"; }), "c.out");
}

TEST(Journal, AsksForNoFileOutsideOfItsFolder) {
  for (const char* name : {"/etc/passwd", "../other/build.out"}) {
    Json output = {{"$file", name}, {"bytes", 1}, {"sha256", "00"}};
    Json before = output;
    EXPECT_EQ(bring_back(output, [](const std::string&) { return "never"; }), std::nullopt);
    EXPECT_EQ(output, before);
  }
}

TEST(Durations, AreThoseOfSuccessfulStepsByDefinition) {
  Record record;
  record.add(RunStarted{.run_id = "r"});
  record.add(started(0, "d0"));
  record.add(started(1, "d1"));
  record.add(finished(1, 2.5));
  record.add(finished(0, 1.25, Status::failed));
  record.add(started(2, "d1"));
  record.add(finished(2, 3));
  record.add(started(3, ""));
  record.add(finished(3, 4));
  Durations durations;
  add_durations(record.text, durations);
  EXPECT_EQ(durations, (Durations{{"d1", {2.5, 3}}}));
}

TEST(Durations, AreOfTheLastTenRunsAtMost) {
  Durations durations;
  const std::string text = small_run(1);
  for (int i = 0; i < 12; ++i) add_durations(text, durations);
  EXPECT_EQ(durations["d0"].size(), k_most_earlier_runs);
}

TEST(Durations, KnowTheMissionByTheHeadOfTheJournal) {
  const std::string text = small_run(1);
  EXPECT_TRUE(is_journal_of(text, "/w/m.yaml"));
  EXPECT_FALSE(is_journal_of(text, "/w/other.yaml"));
  EXPECT_FALSE(is_journal_of(text, "/m.yaml"));
}

}  // namespace
}  // namespace rustchain
