// rustchain runs: what was recorded, and whether it still is what it was.
#include "cli/commands.hpp"
#include "cli/mission_input.hpp"
#include "cli/past_runs.hpp"
#include "journal/large_values.hpp"
#include "report/lines.hpp"
#include "report/report.hpp"
#include "util/format.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {
namespace {

constexpr std::size_t k_listed = 20;

std::string outcome_word(const PastRun& run) {
  return run.running ? "running" : std::string(to_string(run.report.outcome));
}

std::string_view icon(const PastRun& run) {
  if (run.running) return "⏳";
  switch (run.report.outcome) {
    case RunOutcome::success: return "✅";
    case RunOutcome::failed: return "❌";
    case RunOutcome::completed_with_warnings:
    case RunOutcome::interrupted: break;
  }
  return "⚠ ";
}

// What a reader should know of the journal itself; empty: it is whole.
std::string state_of(const PastRun& run) {
  if (!run.journal.broken.empty()) return "its journal is damaged: " + run.journal.broken;
  if (run.running) return {};
  if (run.journal.torn_bytes > 0)
    return "its journal ends within a line (" + format_count(run.journal.torn_bytes, "byte") +
           "), which is left out: the power went, or the disk was full";
  if (!run.journal.finished())
    return "its journal ends before the run does: rustchain was killed, the disk was full, or the end was "
           "cut "
           "off";
  return {};
}

std::string steps_of(const RunReport& report) {
  const std::uint32_t good = report.count(Status::success) + report.count(Status::partial);
  const auto all = std::count_if(report.steps.begin(), report.steps.end(),
                                 [](const StepReport& step) { return step.parent == k_no_step; });
  return format_count(good) + "/" + format_count(static_cast<std::uint64_t>(all));
}

OrderedJson to_json(const PastRun& run) {
  OrderedJson json;
  json["run_id"] = run.id;
  json["mission"] = {{"name", run.report.run.mission}, {"file", run.report.run.file}};
  json["outcome"] = outcome_word(run);
  json["exit_code"] = run.running ? OrderedJson() : OrderedJson(static_cast<int>(run.report.exit_code));
  json["started"] = format_time(run.report.started);
  json["duration_ms"] = static_cast<std::int64_t>(run.report.duration_seconds * 1000);
  json["continues"] =
      run.report.run.continues.empty() ? OrderedJson() : OrderedJson(run.report.run.continues);
  json["journal"] = state_of(run).empty() ? OrderedJson() : OrderedJson(state_of(run));
  json["folder"] = run.folder;
  return json;
}

ExitCode list(App& app, const RunsOptions& options, const PastRuns& runs) {
  std::vector<std::string> ids = runs.ids();
  const std::size_t shown = options.all ? ids.size() : std::min(ids.size(), k_listed);
  OrderedJson json = OrderedJson::array();
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    const std::string& id = ids[ids.size() - 1 - i];
    auto run = runs.load(id);
    if (!run) {
      text += "-  " + id + (runs.recorded(id) ? "  its journal can't be read\n" : "  not recorded\n");
      continue;
    }
    json.push_back(to_json(*run));
    std::string word = outcome_word(*run);
    if (word == "completed_with_warnings") word = "warnings";
    const std::string time = format_duration(run->report.duration_seconds);
    text += std::string(icon(*run)) + ' ' + id + "  " + word +
            std::string(11 - std::min<std::size_t>(word.size(), 11), ' ') + "  " +
            std::string(7 - std::min<std::size_t>(time.size(), 7), ' ') + time + "  " +
            steps_of(run->report) + " steps  " + clean_line(run->report.run.file, 200) +
            (run->journal.broken.empty() ? "" : "  (its journal is damaged)") + "\n";
  }
  if (options.output == OutputFormat::json) {
    app.console.out(dump(json));
    return ExitCode::success;
  }
  app.console.out(text);
  if (ids.empty()) app.console.err("There are no runs in " + runs.state() + "\n");
  if (shown < ids.size())
    app.console.err("... and " + format_count(ids.size() - shown, "older run") + "; --all shows them\n");
  return ExitCode::success;
}

ExitCode show(App& app, const RunsOptions& options, const PastRuns& runs) {
  auto id = runs.find(options.runs.empty() ? "last" : options.runs.front());
  if (!id) return tell(app, id.error());
  auto run = runs.load_whole(*id);
  if (!run) return tell(app, run.error());
  const Sources sources = runs.sources(*id);
  RenderOptions render{false, &sources, app.console.columns()};
  if (options.output == OutputFormat::json) {
    app.console.out(render_json(run->report, render));
    return ExitCode::success;
  }
  const RunStarted& started = run->report.run;
  std::string text = "Run: " + run->id + "\nMission: " + clean_line(started.mission, 200) + " (" +
                     clean_line(started.file, 200) + ")\nStarted: " + format_time(run->report.started) + "\n";
  if (!started.continues.empty()) text += "Continues: " + started.continues + "\n";
  text += "Folder: " + run->folder + "\n";
  if (run->running) text += "It is still running; this is how far it is.\n";
  if (const std::string state = state_of(*run); !state.empty()) text += "⚠ " + state + "\n";
  render.color = app.console.out_color();
  app.console.out(text + "\n" + render_summary(run->report, render));
  return ExitCode::success;
}

struct Verdict {
  std::string id;
  std::size_t events = 0;
  std::string broken;  // empty: nothing was changed
  std::string note;
};

Verdict verify_one(const PastRuns& runs, const std::string& id) {
  Verdict verdict{id, 0, {}, {}};
  auto text = runs.journal(id);
  if (!text || text->find('\n') == std::string::npos) {
    verdict.note = text ? "its journal ends within its first line" : text.error().message;
    return verdict;
  }
  auto run = runs.load(id);
  if (!run) {
    verdict.broken = run.error().message;
    return verdict;
  }
  verdict.events = run->journal.events.size();
  verdict.note = state_of(*run);
  verdict.broken = run->journal.broken;
  if (!verdict.broken.empty()) return verdict;
  const auto* started = std::get_if<RunStarted>(&run->journal.events.front().what);
  if (started == nullptr || started->run_id != id) verdict.broken = "it is the journal of another run";
  for (std::size_t i = 0; i + 1 < run->journal.events.size(); ++i)
    if (std::holds_alternative<RunFinished>(run->journal.events[i].what))
      verdict.broken = "line " + std::to_string(i + 2) + " follows the end of the run";
  auto read = [&](const std::string& name) { return runs.value(run->folder, name); };
  for (StepReport& step : run->report.steps) {
    auto lost = bring_back(step.result.output, read);
    if (lost && lost->empty() && verdict.note.empty())
      verdict.note = "output of " + step.info.id + " could not be kept";
    else if (lost && !lost->empty() && verdict.broken.empty())
      verdict.broken = *lost + ", which holds output of " + step.info.id + ", is gone or was changed";
  }
  return verdict;
}

ExitCode verify(App& app, const RunsOptions& options, const PastRuns& runs) {
  std::vector<std::string> ids;
  for (const std::string& given : options.runs) {
    auto id = runs.find(given);
    if (!id) return tell(app, id.error());
    ids.push_back(std::move(*id));
  }
  if (ids.empty()) ids = runs.ids();
  OrderedJson json = OrderedJson::array();
  std::string text;
  bool all = true;
  for (const std::string& id : ids) {
    const Verdict verdict = verify_one(runs, id);
    const bool good = verdict.broken.empty();
    all = all && good;
    json.push_back({{"run_id", id},
                    {"whole", good},
                    {"events", verdict.events},
                    {"broken", good ? OrderedJson() : OrderedJson(verdict.broken)},
                    {"note", verdict.note.empty() || !good ? OrderedJson() : OrderedJson(verdict.note)}});
    if (!good)
      text += "❌ " + id + ": " + verdict.broken + "\n";
    else
      text += (verdict.note.empty() ? "✅ " : "⚠  ") + id + ": " + format_count(verdict.events, "event") +
              ", none changed, removed or moved" + (verdict.note.empty() ? "" : "; " + verdict.note) + "\n";
  }
  app.console.out(options.output == OutputFormat::json ? dump(json) : text);
  if (ids.empty()) app.console.err("There are no runs in " + runs.state() + "\n");
  return all ? ExitCode::success : ExitCode::step_failed;
}

ExitCode prune(App& app, const RunsOptions& options, const PastRuns& runs) {
  if (!options.keep || !options.runs.empty())
    return tell(app,
                {"'rustchain runs prune' takes --keep N, and no runs", "--keep 20 leaves the newest 20"});
  std::vector<std::string> ids = runs.ids();
  if (ids.size() > *options.keep)
    ids.resize(ids.size() - *options.keep);
  else
    ids.clear();
  std::vector<std::string> deleted;
  std::vector<std::string> running;
  std::uint64_t bytes = 0;
  ExitCode code = ExitCode::success;
  for (std::string& id : ids) {
    if (runs.running(id)) {
      running.push_back(std::move(id));
      continue;
    }
    const std::string folder = runs.folder(id);
    const std::uint64_t size =
        app.services.files.tree_size(folder, [](const TreeSize&) { return false; }).bytes;
    if (!options.dry_run) {
      if (auto removed = app.services.files.remove(folder, true); !removed) {
        (void)tell(app, {removed.error().message, removed.error().help});
        code = ExitCode::internal_error;
        continue;
      }
    }
    bytes += size;
    deleted.push_back(std::move(id));
  }
  if (options.output == OutputFormat::json) {
    app.console.out(
        dump({{"dry_run", options.dry_run}, {"deleted", deleted}, {"running", running}, {"bytes", bytes}}));
    return code;
  }
  std::string text;
  if (options.dry_run)
    for (const std::string& id : deleted) text += id + "\n";
  text += std::string(options.dry_run ? "Would delete " : "Deleted ") + format_count(deleted.size(), "run") +
          (deleted.empty() ? "" : " (" + format_size(bytes) + ")") + "\n";
  for (const std::string& id : running) text += id + " stays: it is still running\n";
  app.console.out(text);
  return code;
}

}  // namespace

ExitCode command(App& app, const RunsOptions& options) {
  const PastRuns runs(app);
  switch (options.verb) {
    case RunsOptions::Verb::list: return list(app, options, runs);
    case RunsOptions::Verb::show: return show(app, options, runs);
    case RunsOptions::Verb::verify: return verify(app, options, runs);
    case RunsOptions::Verb::prune: break;
  }
  return prune(app, options, runs);
}

}  // namespace rustchain
