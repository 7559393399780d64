// rustchain run: missions, one after another.
#include "rustchain/report.hpp"

#include "cli/commands.hpp"
#include "cli/continue_run.hpp"
#include "cli/github.hpp"
#include "cli/mission_input.hpp"
#include "cli/mission_safety.hpp"
#include "cli/reporter.hpp"
#include "cli/run_mission.hpp"
#include "cli/run_tape.hpp"
#include "platform/platform.hpp"
#include "report/lines.hpp"
#include "report/report.hpp"
#include "util/format.hpp"
#include "util/path.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace rustchain {
namespace {

// What the judge said of each mission; nothing with --safety off.
using Risks = std::unordered_map<const MissionFile*, Risk>;

ExitCode exit_code_of(const RunReport& report, const RunOptions& options) {
  if (report.outcome == RunOutcome::completed_with_warnings)
    return options.detailed_exit_code ? ExitCode::completed_with_warnings : ExitCode::success;
  return report.exit_code;
}

bool reports_are_known(App& app, const RunOptions& options) {
  for (const auto& [format, path] : options.reports) {
    if (find_reporter(app, format) == nullptr) return false;
    if (!path.empty()) continue;
    app.console.err("error: --report " + format + "= names no file\n");
    return false;
  }
  return true;
}

bool write_reports(App& app, const RunOptions& options, const RunReport& report,
                   const RenderOptions& render) {
  bool all = true;
  for (const auto& [format, path] : options.reports) {
    std::string text = find_reporter(app, format)->render(report, render);
    auto written =
        app.services.files.write({.path = resolve_path(app.directory, path), .bytes = text, .mode = {}});
    if (written) continue;
    tell_unwritten(app, format, written.error());
    all = false;
  }
  return all;
}

// All missions are read and checked before the first one runs.
std::vector<MissionFile> open_all(App& app, const RunOptions& options, const MissionOptions& inputs) {
  std::vector<MissionFile> files;
  for (const std::string& path : options.missions) {
    files.push_back(open_mission_with_others(app, path, inputs));
    mask_on_github(app, files.back());
    show_problems(app, files.back());
  }
  return files;
}

// One document for one mission, a list for several.
std::string wrap(const std::vector<std::string>& documents) {
  if (documents.size() == 1) return documents[0];
  std::string text = "[";
  for (const std::string& document : documents)
    text += (&document == &documents.front() ? "\n" : ",\n") + document;
  return text + "]\n";
}

// One run of several. A failure ends the chain that it belongs to: a mission of the command line and what is
// to run after it.
struct Queued {
  const MissionFile* file = nullptr;
  std::size_t chain = 0;
};

void add_with_next(const MissionFile& file, std::size_t chain, std::vector<Queued>& queue) {
  queue.push_back({&file, chain});
  for (const MissionFile& next : file.next) add_with_next(next, chain, queue);
}

// What became of each of several missions, a line each.
class Missions {
 public:
  void ran(const std::string& file, const RunReport& report) {
    std::string said = report.run.mission;
    std::string_view icon = "✅";
    if (report.outcome == RunOutcome::completed_with_warnings) icon = "⚠ ";
    if (report.outcome == RunOutcome::interrupted) icon = "⚠ ", said += ": interrupted";
    if (report.outcome == RunOutcome::failed) {
      icon = "❌";
      if (StepIndex failed = report.first_failure(); failed != k_no_step) {
        const StepReport& step = report.steps[report.origin(failed)];
        said += ": " + step.info.id + " failed: " + failure_clause(step);
      } else {
        said += ": the run reached its time limit";
      }
    }
    rows_.push_back({icon, file, format_duration(report.duration_seconds), std::move(said)});
  }
  void left(const std::string& file, std::string why) {
    rows_.push_back({"⏭ ", file, "-", "not run: " + std::move(why)});
  }

  std::string render() const {
    constexpr std::size_t k_widest_file = 60;
    constexpr std::size_t k_longest = 400;
    std::size_t width = 0;
    for (const Row& row : rows_) width = std::max(width, width_of(clean_line(row.file, k_widest_file)));
    std::string text = "\nMissions:\n";
    for (const Row& row : rows_) {
      std::string file = clean_line(row.file, k_widest_file);
      file.append(width - width_of(file), ' ');
      std::string time(row.time.size() < 7 ? 7 - row.time.size() : 0, ' ');
      text += std::string(row.icon) + ' ' + file + "  " + time + row.time + "  " +
              clean_line(row.said, k_longest) + "\n";
    }
    return text;
  }

 private:
  struct Row {
    std::string_view icon;
    std::string file;
    std::string time;
    std::string said;
  };
  std::vector<Row> rows_;
};

// Nothing runs when one of the missions, or of those that they run, is refused.
bool pass_safety(App& app, const RunOptions& options, std::vector<MissionFile>& files, bool json,
                 std::vector<std::string>& documents, Risks& risks) {
  bool passed = true;
  for (MissionFile& file : files) {
    const std::vector<JudgedMission> verdicts =
        judge_all(app, file, options.input.safety, options.input.accept_allow);
    const bool refused = any_refused(verdicts);
    if (options.input.safety != "off")
      for (const JudgedMission& one : verdicts) risks.emplace(one.file, risk_of(one.verdict));
    passed = passed && !refused && file.valid();
    if (refused || (options.input.safety != "off" && !app.common.quiet)) show_findings(app, verdicts);
    if (refused) app.console.err(verdict_lines(verdicts));
    if (!json) continue;
    OrderedJson document = validation_json(file);
    document["safety"] = to_json(verdicts);
    documents.push_back(dump(document));
  }
  return passed;
}

}  // namespace

ExitCode command(App& app, const RunOptions& options) {
  if (!reports_are_known(app, options)) return ExitCode::usage;
  if (app.directory.empty()) {
    app.console.err("error: the working directory is gone\n  help: change to one that is there\n");
    return ExitCode::usage;
  }
  auto inputs = read_inputs(app, options.input);
  if (!inputs) return ExitCode::usage;
  std::vector<MissionFile> files = open_all(app, options, *inputs);
  bool json = options.output == OutputFormat::json;
  std::vector<std::string> documents;
  if (std::any_of(files.begin(), files.end(), [](const MissionFile& file) { return !file.valid(); })) {
    for (const MissionFile& file : files) documents.push_back(dump(validation_json(file)));
    if (json) app.console.out(wrap(documents));
    return ExitCode::invalid_mission;
  }
  Risks risks;
  if (!pass_safety(app, options, files, json, documents, risks)) {
    if (json) app.console.out(wrap(documents));
    return ExitCode::refused_by_safety;
  }
  documents.clear();
  const Continued continued = continue_run(app, options.earlier, files.front());
  if (continued.refused) return ExitCode::usage;
  if (continued.earlier) tell_continued(app, files.front(), *continued.earlier);

  std::vector<Queued> queue;
  for (std::size_t i = 0; i < files.size(); ++i) add_with_next(files[i], i, queue);

  Tape tape;
  if (!load_tape(app, options, tape)) return ExitCode::usage;
  Interrupts interrupts;
  SignalWatch watch([&interrupts](int signal) { interrupts.on_signal(signal); });
  ExitCode code = ExitCode::success;
  Missions missions;
  const MissionFile* broken = nullptr;  // where the chain of the mission before was broken
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const MissionFile& file = *queue[i].file;
    const std::string& name = file.mission.file;
    if (i > 0 && queue[i].chain != queue[i - 1].chain) broken = nullptr;
    if (interrupts.any() || broken) {
      missions.left(name, interrupts.any() ? "interrupted" : broken->mission.file + " did not succeed");
      continue;
    }
    if (queue.size() > 1 && !app.common.quiet) {
      app.console.err("Mission " + std::to_string(i + 1) + " of " + std::to_string(queue.size()) + ": " +
                      name + "\n");
    }
    // What follows a mission that is continued begins anew.
    const EarlierRun* earlier = i == 0 ? continued.earlier.get() : nullptr;
    std::optional<Risk> risk;
    if (auto judged = risks.find(&file); judged != risks.end()) risk = judged->second;
    RunReport report = run_mission(app, options, file, std::move(risk), earlier, interrupts, tape);
    missions.ran(name, report);
    RenderOptions render{false, &file.sources, app.console.columns()};
    bool written = write_reports(app, options, report, render);
    tell_github(app, report, render);
    if (json) {
      documents.push_back(render_json(report, render));
    } else if (options.output == OutputFormat::text) {
      render.color = app.console.out_color();
      app.console.out(render_summary(report, render));
    }
    ExitCode one = exit_code_of(report, options);
    if (report.exit_code != ExitCode::success) broken = &file;
    if (one == ExitCode::success && !written) one = ExitCode::internal_error;
    // The first that isn't a success is the answer; a warning gives way to what is worse.
    if (code == ExitCode::success || (code == ExitCode::completed_with_warnings && one != ExitCode::success))
      code = one;
  }
  if (!close_tape(app, options, tape) && code == ExitCode::success) code = ExitCode::internal_error;
  if (queue.size() > 1 && options.output == OutputFormat::text) app.console.out(missions.render());
  if (json) app.console.out(wrap(documents));
  return code;
}

}  // namespace rustchain
