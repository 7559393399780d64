// One run of one mission, with all that listens to it.
#include "cli/run_mission.hpp"

#include "cli/estimate.hpp"
#include "cli/mission_input.hpp"
#include "cli/mission_safety.hpp"
#include "cli/past_runs.hpp"
#include "cli/preflight.hpp"
#include "cli/progress.hpp"
#include "cli/run_folder.hpp"
#include "cli/run_record.hpp"
#include "cli/run_setup.hpp"
#include "cli/run_tape.hpp"
#include "engine/deadline.hpp"
#include "journal/event_json.hpp"
#include "journal/masked_events.hpp"
#include "mission/resolve.hpp"
#include "platform/judged_files.hpp"
#include "platform/platform.hpp"
#include "steps/registry.hpp"
#include "util/json_text.hpp"
#include "util/overloaded.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace rustchain {

void Interrupts::on_signal(int signal) {
  std::lock_guard lock(mutex_);
  const bool again = signal_ != 0;
  if (!again) signal_ = signal == SIGINT ? SIGINT : SIGTERM;
  if (progress_ != nullptr) progress_->interrupted(again);
  if (engine_ != nullptr) engine_->interrupt(signal_);
}

void Interrupts::attach(Engine* engine, ProgressObserver* progress) {
  std::lock_guard lock(mutex_);
  engine_ = engine;
  progress_ = progress;
  if (engine_ == nullptr || signal_ == 0) return;
  if (progress_ != nullptr) progress_->interrupted(false);
  engine_->interrupt(signal_);
}

bool Interrupts::any() {
  std::lock_guard lock(mutex_);
  return signal_ != 0;
}

namespace {

class Fork : public Observer {
 public:
  explicit Fork(std::vector<Observer*> observers) : observers_(std::move(observers)) {}
  void on(const Event& event) override {
    for (Observer* observer : observers_) observer->on(event);
  }

 private:
  std::vector<Observer*> observers_;
};

// --output jsonl: every event on standard output as it happens, with the id of its step.
class JsonLines : public Observer {
 public:
  explicit JsonLines(Console& console) : console_(console) {}
  void on(const Event& event) override {
    std::string line = event_to_json(event);
    std::visit(Overloaded{[&](const RunStarted& run) {
                            for (const RunStarted::StepInfo& step : run.steps) ids_.push_back(step.id);
                          },
                          [&](const StepAdded& added) { ids_.push_back(added.info.id); },
                          [&](const auto& what) {
                            if constexpr (requires { what.step; }) {
                              line.pop_back();
                              line += ",\"id\":" + dump_json(ids_.at(what.step)) + "}";
                            }
                          }},
               event.what);
    console_.out(line + "\n");
    console_.flush();
  }

 private:
  Console& console_;
  std::vector<std::string> ids_;
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
  DefaultValues defaults;
  StepIndex index = 0;
  for (const std::vector<Step>* steps : {&file.mission.steps, &file.mission.finally}) {
    for (const Step& step : *steps) {
      const Effects& effects = file.effects[index++];
      if (walked_trees(effects).empty()) continue;
      const StepType& type = *step_types().find(step.type.value);
      const Json parameters = unresolved_parameters(step, type, defaults);
      for (const WalkedTree& tree : estimator.walked(step, effects, parameters))
        if (is_large(tree.size))
          app.console.err(file.mask.text("⚠ " + large_warning(step.id.value, tree) + "\n"));
    }
  }
}

}  // namespace

RunReport run_mission(App& app, const RunOptions& options, const MissionFile& file, std::optional<Risk> risk,
                      const EarlierRun* earlier, Interrupts& interrupts, Tape& tape) {
  const Mission& mission = file.mission;
  if (!app.common.quiet) {
    warn_of_missing_programs(app, file);
    warn_of_large_trees(app, file);
  }
  const bool has_key = read_state_key(app) != nullptr;
  RunFolder folder = make_run_folder(app.services, app.directory, temporary_directory());
  if (!folder.warning.empty()) app.console.err("⚠ " + folder.warning + "\n");
  std::unique_ptr<RunRecord> record = RunRecord::begin(app, folder, file);

  JudgedPaths seen;
  const std::unique_ptr<Files> files = make_judged_files(app.services.files, seen);
  const std::unique_ptr<HttpClient> http = make_judged_http(app.services.http, seen);
  const std::unique_ptr<HttpClient> taped = taped_client(*files, *http, options, tape, file.mask);
  Services services{app.services.clock,       *files,
                    app.services.processes,   taped ? *taped : *http,
                    app.services.environment, app.services.random,
                    app.services.platform};
  if (!file.mask.empty()) services.mask = &file.mask;
  RunSetup setup = run_setup(app, file, step_types(), services);
  setup.run_id = folder.id;
  setup.run_directory = folder.path;
  if (options.max_parallel) setup.max_parallel = *options.max_parallel;
  setup.history = earlier_durations(app, path_of_mission(app, mission.file));
  setup.judge = make_step_judge(app, file, options.input.safety, options.input.accept_allow, seen);
  setup.make_judge = [&app, &options, &seen, handed = handed_on(app, file, {})](const MissionFile& inner) {
    return make_step_judge(app, inner, options.input.safety, options.input.accept_allow, seen, handed);
  };
  setup.risk = std::move(risk);
  // One that can't be recorded may continue another all the same.
  const std::unique_ptr<KeyedHash> key = record ? nullptr : read_state_key(app);
  setup.hash = record ? &record->hash() : key.get();
  if (record) setup.again = command_to_continue(options, mission.file);
  if (earlier && setup.hash) {
    setup.earlier = earlier;
    setup.continues = earlier->report().run.run_id;
    if (!has_key && !setup.continues.empty()) setup.why_anew = k_key_is_gone;
  }
  ReportBuilder builder;
  std::vector<Observer*> observers = {&builder};
  std::unique_ptr<ProgressObserver> progress;
  if (!app.common.quiet) {
    progress = std::make_unique<ProgressObserver>(app.console, app.services.clock, progress_steps(mission),
                                                  app.common.verbose);
    observers.push_back(progress.get());
  }
  if (record) observers.push_back(&record->observer());
  JsonLines lines(app.console);
  if (options.output == OutputFormat::jsonl) observers.push_back(&lines);
  Fork fork(std::move(observers));
  MaskedEvents masked(file.mask, fork);
  Engine engine(setup, file.mask.empty() ? static_cast<Observer&>(fork) : masked);
  interrupts.attach(&engine, progress.get());
  engine.run();
  interrupts.attach(nullptr, nullptr);
  progress.reset();
  RunReport report = std::move(builder).report();
  if (record && !record->end(app)) report.run.again.clear();

  // A run that printed nothing leaves nothing; a folder that holds something isn't removed by this.
  std::error_code ignored;
  if (!folder.path.empty()) std::filesystem::remove(folder.path, ignored);
  return report;
}

}  // namespace rustchain
