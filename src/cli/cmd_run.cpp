// rustchain run: missions, one after another.
#include "rustchain/engine.hpp"
#include "rustchain/report.hpp"

#include "cli/commands.hpp"
#include "cli/estimate.hpp"
#include "cli/github.hpp"
#include "cli/mission_input.hpp"
#include "cli/mission_safety.hpp"
#include "cli/preflight.hpp"
#include "cli/progress.hpp"
#include "cli/run_folder.hpp"
#include "cli/run_tape.hpp"
#include "journal/masked_events.hpp"
#include "mission/resolve.hpp"
#include "mission/suggest.hpp"
#include "platform/platform.hpp"
#include "report/lines.hpp"
#include "report/report.hpp"
#include "steps/registry.hpp"
#include "util/format.hpp"
#include "util/path.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace rustchain {
namespace {

// Hands signals to the engine that runs now; those that come between two runs, to the next.
class Interrupts {
 public:
  void on_signal(int signal) {
    std::lock_guard lock(mutex_);
    if (signal_ == 0) signal_ = signal == SIGINT ? SIGINT : SIGTERM;
    if (engine_ != nullptr) engine_->interrupt(signal_);
  }
  void attach(Engine* engine) {
    std::lock_guard lock(mutex_);
    engine_ = engine;
    if (engine_ != nullptr && signal_ != 0) engine_->interrupt(signal_);
  }
  bool any() {
    std::lock_guard lock(mutex_);
    return signal_ != 0;
  }

 private:
  std::mutex mutex_;
  Engine* engine_ = nullptr;
  int signal_ = 0;
};

class Fork : public Observer {
 public:
  explicit Fork(std::vector<Observer*> observers) : observers_(std::move(observers)) {}
  void on(const Event& event) override {
    for (Observer* observer : observers_) observer->on(event);
  }

 private:
  std::vector<Observer*> observers_;
};

std::vector<ProgressStep> progress_steps(const Mission& mission) {
  std::vector<ProgressStep> all;
  for (const std::vector<Step>* steps : {&mission.steps, &mission.finally}) {
    for (const Step& step : *steps) {
      bool shown = true;
      if (const Node* callback = step.parameters.find("progress_callback")) is_boolean(*callback, &shown);
      all.push_back({step.id.value, !shown});
    }
  }
  return all;
}

// The run goes on: steps that don't need these still do their work.
void warn_of_missing_programs(App& app, const MissionFile& file) {
  constexpr std::size_t most_steps = 5;
  for (MissingProgram& missing : missing_programs(file, app.services, app.directory)) {
    const std::size_t steps = missing.steps.size();
    if (steps > most_steps) missing.steps.resize(most_steps);
    app.console.err(
        file.mask.text("⚠ The program `" + missing.program + "` was not found; it is needed by " +
                       join(missing.steps, ", ") +
                       (steps > most_steps ? " and " + std::to_string(steps - most_steps) + " more" : "") +
                       "\n  help: " + missing.help + "\n"));
  }
}

// Looks no further than it takes to know that a tree is large.
void warn_of_large_trees(App& app, const MissionFile& file) {
  if (!file.mission.execution_strategy.warn_on_large_operations) return;
  Estimator estimator(app.services, app.directory, file.mission, is_large);
  for (const std::vector<Step>* steps : {&file.mission.steps, &file.mission.finally}) {
    for (const Step& step : *steps) {
      const StepType* type = step_types().find(step.type.value);
      if (type == nullptr || type->effects == nullptr) continue;
      const Json parameters = unresolved_parameters(step, *type).parameters;
      for (const WalkedTree& tree : estimator.walked(step, type->effects(step, parameters), parameters))
        if (is_large(tree.size))
          app.console.err(file.mask.text("⚠ " + large_warning(step.id.value, tree) + "\n"));
    }
  }
}

// What the judge said of each mission; nothing with --safety off.
using Risks = std::unordered_map<const MissionFile*, Risk>;

RunReport run_one(App& app, const RunOptions& options, const MissionFile& file, const Risks& risks,
                  Interrupts& interrupts, Tape& tape) {
  const Mission& mission = file.mission;
  if (!app.common.quiet) {
    warn_of_missing_programs(app, file);
    warn_of_large_trees(app, file);
  }
  RunFolder folder = make_run_folder(app.services, app.directory, temporary_directory());
  if (!folder.warning.empty()) app.console.err("⚠ " + folder.warning + "\n");

  std::unique_ptr<HttpClient> taped = taped_client(app, options, tape, file.mask);
  Services services{app.services.clock,       app.services.files,
                    app.services.processes,   taped ? *taped : app.services.http,
                    app.services.environment, app.services.random,
                    app.services.platform};
  if (!file.mask.empty()) services.mask = &file.mask;
  RunSetup setup{
      .mission = mission,
      .graph = file.graph,
      .finally_graph = file.finally_graph,
      .types = step_types(),
      .services = services,
      .run_id = folder.id,
      .run_directory = folder.path,
      .working_directory = app.directory,
      .mission_directory = directory_of_mission(app, mission.file),
      .shell = default_shell(),
      .platform = std::string(platform_name()),
      .max_parallel = std::max(1u, options.max_parallel.value_or(mission.config.max_parallel_steps)),
      .judge = make_step_judge(app, file, options.input.safety, options.input.accept_allow),
      .make_judge = [&app, &options, handed = handed_on(app, file, {})](const MissionFile& inner) {
        return make_step_judge(app, inner, options.input.safety, options.input.accept_allow, handed);
      }};
  if (auto risk = risks.find(&file); risk != risks.end()) setup.risk = risk->second;
  ReportBuilder builder;
  std::vector<Observer*> observers = {&builder};
  std::unique_ptr<ProgressObserver> progress;
  if (!app.common.quiet) {
    progress = std::make_unique<ProgressObserver>(app.console, app.services.clock, progress_steps(mission),
                                                  app.common.verbose);
    observers.push_back(progress.get());
  }
  Fork fork(std::move(observers));
  MaskedEvents masked(file.mask, fork);
  Engine engine(setup, file.mask.empty() ? static_cast<Observer&>(fork) : masked);
  interrupts.attach(&engine);
  engine.run();
  interrupts.attach(nullptr);
  progress.reset();

  // A run that printed nothing leaves nothing; a folder that holds something isn't removed by this.
  std::error_code ignored;
  if (!folder.path.empty()) std::filesystem::remove(folder.path, ignored);
  return builder.report();
}

ExitCode exit_code_of(const RunReport& report, const RunOptions& options) {
  if (report.outcome == RunOutcome::completed_with_warnings)
    return options.detailed_exit_code ? ExitCode::completed_with_warnings : ExitCode::success;
  return report.exit_code;
}

const Reporter* find_reporter(std::string_view name) {
  for (const Reporter& reporter : reporters())
    if (reporter.name == name) return &reporter;
  return nullptr;
}

bool reports_are_known(App& app, const RunOptions& options) {
  for (const auto& [format, path] : options.reports) {
    if (find_reporter(format) != nullptr && !path.empty()) continue;
    std::vector<std::string_view> known;
    std::string list;
    for (const Reporter& reporter : reporters()) {
      known.push_back(reporter.name);
      list += (list.empty() ? "" : ", ") + std::string(reporter.name);
    }
    auto near = nearest(format, known, 5);
    if (find_reporter(format) != nullptr) {
      app.console.err("error: --report " + format + "= names no file\n");
    } else {
      app.console.err("error: there is no report format '" + format +
                      "'\n  help: " + (near ? "did you mean '" + *near + "'?" : "there are " + list) + "\n");
    }
    return false;
  }
  return true;
}

bool write_reports(App& app, const RunOptions& options, const RunReport& report,
                   const RenderOptions& render) {
  bool all = true;
  for (const auto& [format, path] : options.reports) {
    std::string text = find_reporter(format)->render(report, render);
    auto written =
        app.services.files.write({.path = resolve_path(app.directory, path), .bytes = text, .mode = {}});
    if (written) continue;
    app.console.err("error: can't write the " + format + " report: " + written.error().message + "\n");
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
    RunReport report = run_one(app, options, file, risks, interrupts, tape);
    missions.ran(name, report);
    RenderOptions render{false, &file.sources, app.console.columns()};
    bool written = write_reports(app, options, report, render);
    tell_github(app, report, render);
    if (json) {
      documents.push_back(render_json(report, render));
    } else {
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
  if (queue.size() > 1 && !json) app.console.out(missions.render());
  if (json) app.console.out(wrap(documents));
  return code;
}

}  // namespace rustchain
