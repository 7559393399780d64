// --resume, --from and --only: what a run takes from an earlier one of the same mission.
#include "cli/continue_run.hpp"

#include "cli/mission_input.hpp"
#include "cli/past_runs.hpp"
#include "mission/suggest.hpp"
#include "util/format.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rustchain {
namespace {

class Continuation {
 public:
  Continuation(App& app, const ResumeOptions& options, const MissionFile& file)
      : app_(app),
        options_(options),
        file_(file),
        runs_(app),
        path_(path_of_mission(app, file.mission.file)) {}

  // nullptr: nothing is taken from another run.
  Result<std::unique_ptr<EarlierRun>> find() {
    for (const auto* ids : {&options_.from, &options_.only, &options_.accept_repeat})
      for (const std::string& id : *ids)
        if (!find_step(id)) return unknown_step(id);
    auto run = options_.resume && !options_.resume->empty() ? named() : newest();
    if (!run) return run.error();
    ResumeWishes wishes;
    wishes.from = {options_.from.begin(), options_.from.end()};
    wishes.only = {options_.only.begin(), options_.only.end()};
    wishes.accepted = {options_.accept_repeat.begin(), options_.accept_repeat.end()};
    // Whoever names a step for it to run has said so.
    for (const auto* ids : {&options_.from, &options_.only}) wishes.accepted.insert(ids->begin(), ids->end());
    add_needed(wishes);
    if (!*run) return without_earlier(std::move(wishes));
    auto earlier =
        std::make_unique<EarlierRun>(chain(std::move(**run)), std::move(wishes),
                                     [this_runs = runs_](const RunReport& told, const std::string& name) {
                                       return this_runs.value(told.run.directory, name);
                                     });
    if (auto problem = missing_results(*earlier)) return *problem;
    if (auto problem = not_again(*earlier)) return *problem;
    return earlier;
  }

 private:
  const Step* find_step(const std::string& id) const {
    for (const auto* steps : {&file_.mission.steps, &file_.mission.finally})
      for (const Step& step : *steps)
        if (step.id.value == id) return &step;
    return nullptr;
  }

  Error unknown_step(const std::string& id) const {
    std::vector<std::string_view> known;
    for (const auto* steps : {&file_.mission.steps, &file_.mission.finally})
      for (const Step& step : *steps) known.push_back(step.id.value);
    auto near = nearest(id, known, 5);
    return {file_.mission.file + " has no step '" + id + "'",
            near ? "did you mean '" + *near + "'?"
                 : "`rustchain graph " + shell_quote(file_.mission.file) + "` shows its steps"};
  }

  using Found = Result<std::optional<PastRun>>;

  Found named() const {
    auto id = runs_.find(*options_.resume);
    if (!id) return id.error();
    if (runs_.running(*id))
      return Error{"run " + *id + " is still running", "wait for its end, or interrupt it"};
    auto run = runs_.load(*id);
    if (!run) return run.error();
    if (run->report.run.path != path_)
      return Error{"run " + *id + " is one of " + run->report.run.file + ", not of " + file_.mission.file,
                   "`rustchain runs list` shows the runs of each mission"};
    return std::optional<PastRun>(std::move(*run));
  }

  // --from and --only work from a success too.
  Found newest() const {
    const bool wanted = options_.resume.has_value();
    const bool only_steps = !options_.from.empty() || !options_.only.empty();
    constexpr std::size_t k_most_tried = 100;
    std::string unread;
    for (const std::string& id :
         path_.empty() ? std::vector<std::string>() : runs_.of_mission(path_, k_most_tried)) {
      auto run = runs_.load(id);
      if (!run) {
        unread = run.error().message;
        continue;
      }
      if (wanted && !only_steps && nothing_left(run->report))
        return Error{
            "there is nothing to continue: " + id + ", the last run of " + file_.mission.file + ", succeeded",
            "leave --resume out to run all of it anew, or name an older run: --resume RUN"};
      return std::optional<PastRun>(std::move(*run));
    }
    if (!wanted) return std::optional<PastRun>();
    if (auto running = running_one())
      return Error{"the only run of " + file_.mission.file + ", " + *running + ", is still running",
                   "wait for its end, or interrupt it"};
    return Error{"there is no run of " + file_.mission.file + " to continue in " + runs_.state() +
                     (unread.empty() ? "" : " (" + unread + ")"),
                 "leave --resume out; `rustchain runs list` shows the runs that there are"};
  }

  std::optional<std::string> running_one() const {
    for (const std::string& id : runs_.ids()) {
      if (!runs_.running(id)) continue;
      auto run = runs_.load(id);
      if (run && run->report.run.path == path_) return id;
    }
    return std::nullopt;
  }

  // What the steps of --only need, and what that needs.
  void add_needed(ResumeWishes& wishes) const {
    auto add = [&](const std::vector<Step>& steps, const Graph& graph) {
      std::vector<StepIndex> todo;
      for (StepIndex i = 0; i < steps.size(); ++i)
        if (wishes.only.contains(steps[i].id.value)) todo.push_back(i);
      while (!todo.empty()) {
        const StepIndex at = todo.back();
        todo.pop_back();
        for (const Edge& edge : graph.needs[at]) {
          const std::string& id = steps[edge.step].id.value;
          if (!wishes.only.contains(id) && wishes.taken.insert(id).second) todo.push_back(edge.step);
        }
      }
    };
    add(file_.mission.steps, file_.graph);
    add(file_.mission.finally, file_.finally_graph);
  }

  Result<std::unique_ptr<EarlierRun>> without_earlier(ResumeWishes wishes) const {
    if (!wishes.taken.empty())
      return Error{"--only " + options_.only.front() + " needs the result of " + *wishes.taken.begin() +
                       ", and there is no run of " + file_.mission.file + " to take it from",
                   "name that step too, or run the whole mission once"};
    if (!options_.from.empty())
      return Error{"--from " + options_.from.front() + " needs a run of " + file_.mission.file +
                       " to take the other steps from, and there is none",
                   "run the whole mission once"};
    if (options_.only.empty()) return std::unique_ptr<EarlierRun>();
    return std::make_unique<EarlierRun>(std::vector<RunReport>(1), std::move(wishes), nullptr);
  }

  // The run, then those that it continued.
  std::vector<RunReport> chain(PastRun newest) const {
    if (!newest.journal.broken.empty()) warn_of_breach(newest);
    std::vector<RunReport> reports;
    reports.push_back(std::move(newest.report));
    while (!reports.back().run.continues.empty() && reports.size() < 1000) {
      auto before = runs_.load(reports.back().run.continues);
      if (!before) break;  // deleted; what was reused from it stands in the one after it
      reports.push_back(std::move(before->report));
    }
    return reports;
  }

  void warn_of_breach(const PastRun& run) const {
    app_.console.err("⚠ the journal of " + run.id + " is damaged (" + run.journal.broken +
                     "): what stands before that is used\n");
  }

  std::optional<Error> missing_results(const EarlierRun& earlier) const {
    if (options_.only.empty()) return std::nullopt;
    ResumeWishes wishes;
    wishes.only = {options_.only.begin(), options_.only.end()};
    add_needed(wishes);
    for (const std::string& id : wishes.taken) {
      const EarlierStep* step = earlier.find(id);
      if (step && step->step->ended && step->step->status == Status::success) continue;
      return Error{"--only " + options_.only.front() + " needs the result of " + id + ", but in " +
                       earlier.report().run.run_id + " " +
                       (step ? how_it_ended(*step->step) : std::string("there was no such step")),
                   "name it too: --only " + join(options_.only, " ") + " " + id};
    }
    return std::nullopt;
  }

  // A step that must not run twice and would have to.
  std::optional<Error> not_again(const EarlierRun& earlier) const {
    for (const auto* steps : {&file_.mission.steps, &file_.mission.finally}) {
      for (const Step& step : *steps) {
        const std::string& id = step.id.value;
        const EarlierStep* before = step.idempotent ? nullptr : earlier.find(id);
        if (!before || !before->step->started || before->step->status == Status::success ||
            accepts_repeat(id))
          continue;
        if (before->step->ended && before->step->status == Status::skipped) continue;
        const std::string half = half_done(*before->step);
        return Error{id + " says idempotent: false, and may not run a second time: " +
                         how_it_ended(*before->step) + (half.empty() ? "" : "; " + half),
                     "look at what it did; if it may run again: --accept-repeat " + shell_quote(id)};
      }
    }
    return std::nullopt;
  }

  bool accepts_repeat(const std::string& id) const {
    for (const auto* ids : {&options_.from, &options_.only, &options_.accept_repeat})
      if (std::find(ids->begin(), ids->end(), id) != ids->end()) return true;
    return !options_.only.empty();  // and this isn't one of them
  }

  App& app_;
  const ResumeOptions& options_;
  const MissionFile& file_;
  const PastRuns runs_;
  const std::string path_;
};

}  // namespace

void tell_cut_off(App& app, const MissionFile& file, const EarlierRun& earlier) {
  std::string text;
  for (const EarlierStep& cut : earlier.cut_off()) {
    const std::string half = half_done(*cut.step);
    text += "⚠ " + cut.step->info.id + " was running when that run ended" +
            (cut.step->what.empty() ? "" : ": " + cut.step->what) + "\n" +
            (half.empty() ? "" : "  " + half + "\n");
  }
  app.console.err(file.mask.text(text));
}

void tell_continued(App& app, const MissionFile& file, const EarlierRun& earlier) {
  const RunReport& report = earlier.report();
  if (report.run.run_id.empty()) return;
  if (!app.common.quiet)
    app.console.err("Continues " + report.run.run_id + ": " + format_count(report.count(Status::success)) +
                    " of " + format_count(file.mission.steps.size() + file.mission.finally.size(), "step") +
                    " succeeded there\n");
  tell_cut_off(app, file, earlier);
}

Continued continue_run(App& app, const ResumeOptions& options, const MissionFile& file) {
  if (!options.any()) return {};
  auto earlier = Continuation(app, options, file).find();
  if (!earlier) {
    tell(app, earlier.error());
    return {.refused = true};
  }
  return {.earlier = std::move(*earlier)};
}

std::string command_to_continue(const RunOptions& options, const std::string& file) {
  if (file == "-" || file.starts_with('<')) return {};
  std::vector<std::string> words = {"rustchain", "run", file};
  auto add = [&](const char* option, const std::string& value) {
    words.emplace_back(option);
    words.push_back(value);
  };
  for (const auto& [name, value] : options.input.vars) add("--var", name + "=" + value);
  for (const std::string& path : options.input.vars_files) add("--vars-file", path);
  if (options.input.strict) words.emplace_back("--strict");
  if (!options.input.safety.empty()) add("--safety", options.input.safety);
  if (options.input.accept_allow) words.emplace_back("--accept-allow");
  if (options.max_parallel) add("--max-parallel", std::to_string(*options.max_parallel));
  if (!options.replay.empty()) add("--replay", options.replay);
  for (const auto& [format, path] : options.reports) add("--report", format + "=" + path);
  if (options.detailed_exit_code) words.emplace_back("--detailed-exitcode");
  words.emplace_back("--resume");
  return shell_join(words);
}

}  // namespace rustchain
