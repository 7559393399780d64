// rustchain run: missions, one after another.
#include "rustchain/engine.hpp"
#include "rustchain/report.hpp"

#include "cli/commands.hpp"
#include "cli/estimate.hpp"
#include "cli/mission_input.hpp"
#include "cli/mission_safety.hpp"
#include "cli/preflight.hpp"
#include "cli/progress.hpp"
#include "cli/run_folder.hpp"
#include "mission/resolve.hpp"
#include "mission/suggest.hpp"
#include "platform/platform.hpp"
#include "report/report.hpp"
#include "steps/registry.hpp"
#include "util/path.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
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
    app.console.err("⚠ The program `" + missing.program + "` was not found; it is needed by " +
                    join(missing.steps, ", ") +
                    (steps > most_steps ? " and " + std::to_string(steps - most_steps) + " more" : "") +
                    "\n  help: " + missing.help + "\n");
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
        if (is_large(tree.size)) app.console.err("⚠ " + large_warning(step.id.value, tree) + "\n");
    }
  }
}

RunReport run_one(App& app, const RunOptions& options, const MissionFile& file, const std::string& path,
                  Interrupts& interrupts) {
  const Mission& mission = file.mission;
  if (!app.common.quiet) {
    warn_of_missing_programs(app, file);
    warn_of_large_trees(app, file);
  }
  RunFolder folder = make_run_folder(app.services, app.directory, temporary_directory());
  if (!folder.warning.empty()) app.console.err("⚠ " + folder.warning + "\n");

  RunSetup setup{
      .mission = mission,
      .graph = file.graph,
      .finally_graph = file.finally_graph,
      .types = step_types(),
      .services = app.services,
      .run_id = folder.id,
      .run_directory = folder.path,
      .working_directory = app.directory,
      .mission_directory = directory_of_mission(app, path),
      .shell = default_shell(),
      .platform = std::string(platform_name()),
      .max_parallel = std::max(1u, options.max_parallel.value_or(mission.config.max_parallel_steps)),
      .judge = make_step_judge(app, file, options.input.safety, options.input.accept_allow)};
  ReportBuilder builder;
  std::vector<Observer*> observers = {&builder};
  std::unique_ptr<ProgressObserver> progress;
  if (!app.common.quiet) {
    progress = std::make_unique<ProgressObserver>(app.console, app.services.clock, progress_steps(mission),
                                                  app.common.verbose);
    observers.push_back(progress.get());
  }
  Fork fork(std::move(observers));
  Engine engine(setup, fork);
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
    files.push_back(open_mission_at(app, path, inputs));
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

// Nothing runs when one of the missions is refused.
bool pass_safety(App& app, const RunOptions& options, std::vector<MissionFile>& files, bool json,
                 std::vector<std::string>& documents) {
  bool passed = true;
  for (MissionFile& file : files) {
    MissionVerdict verdict =
        judge(app, file, options.input.safety, options.input.accept_allow, file.problems);
    passed = passed && !verdict.blocked && file.valid();
    const bool tells = verdict.blocked || (options.input.safety != "off" && !app.common.quiet);
    if (tells) show_findings(app, file, to_diagnostics(verdict));
    if (verdict.blocked) app.console.err(verdict_line(verdict));
    if (!json) continue;
    OrderedJson document = validation_json(file);
    document["safety"] = to_json(verdict, file.sources);
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
  if (!pass_safety(app, options, files, json, documents)) {
    if (json) app.console.out(wrap(documents));
    return ExitCode::refused_by_safety;
  }
  documents.clear();

  Interrupts interrupts;
  SignalWatch watch([&interrupts](int signal) { interrupts.on_signal(signal); });
  ExitCode code = ExitCode::success;
  for (std::size_t i = 0; i < files.size() && !interrupts.any(); ++i) {
    if (files.size() > 1 && !app.common.quiet) {
      app.console.err("Mission " + std::to_string(i + 1) + " of " + std::to_string(files.size()) + ": " +
                      options.missions[i] + "\n");
    }
    RunReport report = run_one(app, options, files[i], options.missions[i], interrupts);
    RenderOptions render{false, &files[i].sources, app.console.columns()};
    bool written = write_reports(app, options, report, render);
    if (json) {
      documents.push_back(render_json(report, render));
    } else {
      render.color = app.console.out_color();
      app.console.out(render_summary(report, render));
    }
    ExitCode one = exit_code_of(report, options);
    if (one == ExitCode::success && !written) one = ExitCode::internal_error;
    // The first that isn't a success is the answer; a warning gives way to what is worse.
    if (code == ExitCode::success || (code == ExitCode::completed_with_warnings && one != ExitCode::success))
      code = one;
  }
  if (json) app.console.out(wrap(documents));
  return code;
}

}  // namespace rustchain
