// A mission that is run as the work of a step.
#include "engine/inner_run.hpp"

#include "rustchain/report.hpp"

#include "engine/basis.hpp"
#include "engine/results.hpp"
#include "mission/load.hpp"
#include "mission/mission_file.hpp"
#include "mission/render.hpp"
#include "mission/sub_missions.hpp"
#include "mission/value.hpp"
#include "util/path.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <csignal>
#include <optional>
#include <stop_token>
#include <utility>

namespace rustchain {
namespace {

// Far past any sane use.
constexpr std::size_t k_deepest = 20;

class Both : public Observer {
 public:
  Both(Observer& first, const std::function<void(const Event&)>& second) : first_(first), second_(second) {}
  void on(const Event& event) override {
    first_.on(event);
    second_(event);
  }

 private:
  Observer& first_;
  const std::function<void(const Event&)>& second_;
};

std::string own_file(const RunSetup& setup) {
  return setup.mission_directory + "/" + file_name(setup.mission.file);
}

Services inner_services(const StepContext& context) {
  Services services = context.services;
  for (const auto& [name, value] : context.env) services.environment.set(name, value);
  return services;
}

// Whether `mask` covers every value that `inner` does.
bool all_hidden(const Mask& inner, const Mask* mask) {
  return std::all_of(inner.values().begin(), inner.values().end(), [&](const std::string& value) {
    return !Mask::can_mask(value) || (mask && mask->text(value) == "***");
  });
}

StepResult invalid_mission(const MissionFile& file) {
  const Diagnostic* first = nullptr;
  for (const Diagnostic& problem : file.problems.all())
    if (!first && problem.severity == Severity::error) first = &problem;
  StepResult result = StepResult::failure(
      FailureKind::invalid,
      "the mission " + file.mission.file + " is invalid: " + (first ? first->message : std::string()),
      "`rustchain validate " + shell_quote(file.mission.file) + "` shows all that is wrong with it");
  const std::string shown = render_diagnostics(file.problems, file.sources, false);
  for (std::string_view line : split(shown, '\n'))
    if (!trim(line).empty() && result.details.size() < 10) result.details.emplace_back(line);
  return result;
}

Json outputs_of(const Mission& mission, const StepTypes& types, const RunReport& report) {
  Json outputs = Json::object();
  auto main_of = [&](const StepReport& step) {
    return main_output(types.find(step.info.type), step.result.output);
  };
  const std::size_t first_of_finally = mission.steps.size();
  for (StepIndex i = 0; i < report.steps.size(); ++i) {
    const StepReport& step = report.steps[i];
    if (!step.ended || !step.started) continue;
    if (step.parent == k_no_step) {
      const Step& written = i < first_of_finally ? mission.steps[i] : mission.finally[i - first_of_finally];
      outputs[step.info.id] = written.foreach ? Json::array() : main_of(step);
    } else if (const StepReport& parent = report.steps[step.parent]; parent.parent == k_no_step) {
      Json& list = outputs[parent.info.id];
      if (list.is_array() && step.info.id.starts_with(parent.info.id + "[")) list.push_back(main_of(step));
    }
  }
  return outputs;
}

// The run that all results come from; empty: a step ran. Services start again whenever their mission does.
std::string reused_from(const Mission& mission, const RunReport& report) {
  std::string run;
  for (StepIndex i = 0; i < report.steps.size(); ++i) {
    const StepReport& step = report.steps[i];
    run = std::max(run, step.reused_from);
    if (step.parent != k_no_step || !step.started || !step.reused_from.empty()) continue;
    if (i >= mission.steps.size() || !is_service(mission.steps[i])) return {};
  }
  return run;
}

StepResult result_of(const MissionFile& file, const StepTypes& types, const RunReport& report) {
  StepResult result;
  Json counts = Json::object();
  for (Status status : {Status::success, Status::partial, Status::failed, Status::skipped, Status::cancelled})
    counts[std::string(to_string(status))] = report.count(status);
  result.output = {{"name", file.mission.name},
                   {"file", file.mission.file},
                   {"status", to_string(report.outcome)},
                   {"counts", std::move(counts)},
                   {"outputs", outputs_of(file.mission, types, report)}};

  if (!report.size_limit.empty()) {
    result.status = Status::failed;
    result.kind = FailureKind::resource_limit;
    result.error = report.size_limit;
  } else if (StepIndex failed = report.first_failure(); failed != k_no_step || report.time_limit) {
    result.status = Status::failed;
    result.kind = FailureKind::timeout;
    result.error = "the mission reached its limit (timeout_seconds of config)";
    if (failed != k_no_step) {
      const StepReport& step = report.steps[report.origin(failed)];
      result.kind = report.steps[failed].result.kind;
      result.error = step.info.id + (step.result.kind == FailureKind::timeout ? " " : " failed: ") +
                     (step.result.error.empty() ? failure_words(step.result) : step.result.error);
      result.help = step.result.help;
      result.details = step.result.details;
    }
  } else if (report.count(Status::cancelled) > 0) {
    result.status = Status::cancelled;
    result.kind = FailureKind::interrupted;
    result.error = "was interrupted";
  } else if (report.outcome == RunOutcome::completed_with_warnings) {
    result.warnings.push_back("the mission completed with warnings");
  }
  return result;
}

}  // namespace

InnerEnd run_inner(const InnerRun& run, const std::string& path, const Json& vars) {
  const RunSetup& outer = run.outer;
  const StepContext& context = run.context;
  Files& files = context.services.files;
  const std::string start = outer.start_directory.empty() ? outer.working_directory : outer.start_directory;

  // What people are shown is the path as they would type it.
  std::string shown = normalise_path(resolve_path(parent_directory(outer.mission.file), path));
  std::string absolute = normalise_path(resolve_path(outer.mission_directory, path));
  if (!files.status(absolute)) {
    std::string there = normalise_path(resolve_path(context.working_directory, path));
    if (!files.status(there)) {
      return StepResult::failure(FailureKind::file_error, "there is no mission " + absolute,
                                 "the path is seen from the directory of the mission that names it, and then "
                                 "from the working directory");
    }
    absolute = there;
    shown = context.working_directory == start ? normalise_path(path) : absolute;
  }

  std::vector<std::string> way = outer.outer_missions;
  way.push_back(own_file(outer));
  if (std::find(way.begin(), way.end(), absolute) != way.end() || way.size() > k_deepest) {
    std::string circle;
    for (const std::string& file : way) circle += file + " -> ";
    return StepResult::failure(FailureKind::invalid,
                               (way.size() > k_deepest ? "missions run each other too deeply: "
                                                       : "missions run each other in a circle: ") +
                                   circle + absolute,
                               "take one of these steps out");
  }

  const std::uint64_t most = LoadBounds{}.file_bytes + 1;
  auto text = files.read(absolute, most);
  if (!text) return StepResult::failure(text.error().kind, text.error().message, text.error().help);
  MissionOptions options;
  for (const auto& [name, value] : vars.items()) options.vars.values.emplace_back(name, to_node(value));
  options.vars.by_step = true;
  options.variable = [&](std::string_view name) -> std::optional<std::string> {
    for (const auto& [key, value] : context.env)
      if (key == name) return value;
    return context.services.variable(name);
  };
  options.read_file = [&](const std::string& name) -> Result<std::string> {
    auto read = files.read(resolve_path(start, name), most);
    if (read) return std::move(*read);
    return Error{read.error().message, read.error().help};
  };
  options.directory = context.working_directory;
  options.mission_directory = parent_directory(absolute);
  MissionFile file = open_mission(shown, std::move(*text), outer.types, options);
  if (!file.valid()) return invalid_mission(file);

  Services services = inner_services(context);
  if (!all_hidden(file.mask, services.mask)) {
    return StepResult::failure(FailureKind::invalid,
                               "the mission " + shown +
                                   " has secrets that this run doesn't hide: it was not "
                                   "known before the run that this mission would be run",
                               "name them under `secrets` of " + outer.mission.file + " too");
  }
  RunSetup setup{.mission = file.mission,
                 .graph = file.graph,
                 .finally_graph = file.finally_graph,
                 .types = outer.types,
                 .services = services,
                 .run_id = outer.run_id,
                 .run_directory = run.run_directory,
                 .working_directory = context.working_directory,
                 .mission_directory = parent_directory(absolute),
                 .shell = outer.shell,
                 .platform = outer.platform,
                 .max_parallel = std::max(1u, file.mission.config.max_parallel_steps),
                 .history = outer.history,
                 .outer_missions = std::move(way),
                 .start_directory = start,
                 .hash = outer.hash,
                 .earlier = outer.earlier,
                 .key_prefix = run.key + "/",
                 .why_anew = run.why_anew,
                 .needed = run.needed};
  if (outer.make_judge) {
    setup.judge = outer.make_judge(file);
    setup.make_judge = outer.make_judge;
  }
  ReportBuilder builder;
  Both observer(builder, run.on_event);
  {
    Engine engine(setup, observer);
    std::stop_callback stop(context.stop.token(), [&] { engine.interrupt(SIGTERM); });
    std::stop_callback at_once(context.stop.at_once_token(), [&] { engine.interrupt(SIGTERM); });
    engine.run();
  }
  RunReport report = std::move(builder).report();
  InnerEnd end = result_of(file, outer.types, report);
  end.reused_from = reused_from(file.mission, report);
  return end;
}

}  // namespace rustchain
