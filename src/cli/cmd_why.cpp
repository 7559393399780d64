// rustchain why: what decided over a step, and what was otherwise in the run before.
#include "cli/commands.hpp"
#include "cli/mission_input.hpp"
#include "cli/past_runs.hpp"
#include "journal/resume.hpp"
#include "mission/suggest.hpp"
#include "report/lines.hpp"
#include "util/format.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rustchain {
namespace {

constexpr std::size_t k_long = 2000;
constexpr std::size_t k_looked_at = 500;

const StepReport* find_step(const RunReport& report, const std::string& id) {
  for (const StepReport& step : report.steps)
    if (step.info.id == id) return &step;
  return nullptr;
}

Error unknown_step(const PastRun& run, const std::string& id) {
  std::vector<std::string_view> known;
  for (const StepReport& step : run.report.steps) known.push_back(step.info.id);
  auto near = nearest(id, known, 5);
  return {"run " + run.id + " has no step '" + id + "'",
          near ? "did you mean '" + *near + "'?" : "`rustchain runs show " + run.id + "` lists its steps"};
}

// The run that it continues, else the one of the mission before it.
std::optional<PastRun> run_before(const PastRuns& runs, const PastRun& run) {
  std::vector<std::string> ids;
  if (!run.report.run.continues.empty())
    ids = {run.report.run.continues};
  else if (!run.report.run.path.empty())
    ids = runs.of_mission(run.report.run.path, k_looked_at);
  for (const std::string& id : ids) {
    if (id >= run.id) continue;
    auto before = runs.load(id);
    if (before) return std::move(*before);
  }
  return std::nullopt;
}

// "needs a (success), b (failed)".
std::string needs_of(const RunReport& report, const StepReport& step) {
  std::vector<std::string> needs;
  for (const auto* ids : {&step.info.depends_on, &step.info.inferred})
    for (const std::string& id : *ids)
      if (const StepReport* needed = find_step(report, id))
        needs.push_back(id + " (" + std::string(to_string(needed->status)) + ")");
  return join(needs, ", ");
}

// Why the step came to run, or didn't: one sentence without its subject.
std::string reason_of(const PastRun& run, const StepReport& step) {
  if (!step.reused_from.empty())
    return "was reused from " + step.reused_from +
           ": it succeeded there, and neither it nor what it reads, writes and needs has changed since";
  if (!step.started) {
    if (!step.ended) return run.running ? "has not started yet" : "was not started: the run ended before";
    return "did not run: " + (step.reason.empty() ? std::string(to_string(step.status)) : step.reason);
  }
  if (!step.why.empty()) return "ran because " + step.why;
  if (!run.report.run.continues.empty() && step.parent == k_no_step)
    return "ran: its parts were looked at one by one";
  const std::string needs = needs_of(run.report, step);
  if (step.parent != k_no_step) return "ran as a part of " + run.report.steps[step.parent].info.id;
  return needs.empty() ? "ran: it needs no other step" : "ran once what it needs had ended: " + needs;
}

std::vector<std::string> differences(const StepReport& then, const StepReport& now) {
  std::vector<std::string> list;
  if (then.what != now.what && !then.what.empty() && !now.what.empty())
    list.push_back("its work: " + clean_line(then.what, k_long) + " -> " + clean_line(now.what, k_long));
  const bool comparable = !then.basis.parameters.empty() && !now.basis.parameters.empty();
  if (comparable && then.basis.definition != now.basis.definition) list.emplace_back("it was edited");
  if (comparable && then.basis.parameters != now.basis.parameters &&
      then.basis.definition == now.basis.definition)
    list.emplace_back("a value that it refers to has changed");
  auto names = [&](const auto& from, const auto& against, const char* what) {
    for (const auto& [name, hash] : from) {
      auto same = [&, &key = name](const auto& other) { return other.first == key; };
      auto found = std::find_if(against.begin(), against.end(), same);
      if (found == against.end())
        list.push_back("env " + name + " " + what);
      else if (found->second != hash && std::string_view(what) == "is new")
        list.push_back("env " + name + " has another value");
    }
  };
  names(now.basis.env, then.basis.env, "is new");
  names(then.basis.env, now.basis.env, "is gone");
  for (const FileMark& mark : now.basis.reads) {
    auto same = [&](const FileMark& other) { return other.path == mark.path; };
    auto found = std::find_if(then.basis.reads.begin(), then.basis.reads.end(), same);
    if (found == then.basis.reads.end())
      list.push_back("it reads " + mark.path + ", and didn't then");
    else if (!found->same_as(mark))
      list.push_back(mark.path + ", which it reads, " +
                     (!found->there ? "is there now"
                      : !mark.there ? "is gone"
                                    : "has changed"));
  }
  if (then.ended && now.ended && then.status != now.status)
    list.push_back("it ended as " + std::string(to_string(now.status)) + ", not as " +
                   std::string(to_string(then.status)));
  return list;
}

}  // namespace

ExitCode command(App& app, const WhyOptions& options) {
  const PastRuns runs(app);
  auto id = runs.find(options.run);
  if (!id) return tell(app, id.error());
  auto run = runs.load(*id);
  if (!run) return tell(app, run.error());
  const StepReport* step = find_step(run->report, options.step);
  if (step == nullptr) return tell(app, unknown_step(*run, options.step));

  const std::string reason = reason_of(*run, *step);
  const std::optional<PastRun> before = run_before(runs, *run);
  const StepReport* then = before ? find_step(before->report, options.step) : nullptr;
  // What was reused from a run is the same as there.
  std::vector<std::string> changes;
  if (then != nullptr && step->reused_from.empty()) changes = differences(*then, *step);

  if (options.output == OutputFormat::json) {
    OrderedJson json;
    json["run_id"] = run->id;
    json["step"] = step->info.id;
    json["status"] = to_string(step->status);
    json["reason"] = reason;
    json["reused_from"] = step->reused_from.empty() ? OrderedJson() : OrderedJson(step->reused_from);
    json["what"] = step->what;
    json["timeout"] = {
        {"seconds", step->timeout.seconds ? OrderedJson(*step->timeout.seconds) : OrderedJson()},
        {"how", step->timeout.how}};
    json["compared_with"] = then != nullptr ? OrderedJson(before->id) : OrderedJson();
    json["changes"] = changes;
    app.console.out(dump(json));
    return ExitCode::success;
  }
  std::string text = step->info.id + " " + reason + "\n";
  auto line = [&](std::string_view label, const std::string& said) {
    if (!said.empty()) text += "  " + std::string(label) + ": " + clean_line(said, k_long) + "\n";
  };
  line("Work", step->what);
  if (step->started && step->parent == k_no_step) line("Needs", needs_of(run->report, *step));
  if (step->ended && step->started)
    line("Ended", std::string(to_string(step->status)) + " after " + format_duration(step->duration_seconds) +
                      (step->result.error.empty() ? "" : ": " + step->result.error));
  if (step->started)
    line("Limit", (step->timeout.seconds ? format_seconds(*step->timeout.seconds) : "none") +
                      (step->timeout.how.empty() ? "" : " (" + step->timeout.how + ")"));
  if (step->expected)
    line("Expected", format_duration(step->expected->seconds) + ", from " +
                         format_count(step->expected->runs, "earlier run"));
  if (then != nullptr && step->reused_from.empty()) {
    text += "Compared with " + before->id + ":\n";
    for (const std::string& change : changes) text += "  " + clean_line(change, k_long) + "\n";
    if (changes.empty()) text += "  nothing that is known of it has changed\n";
  } else if (before && then == nullptr) {
    text += "In " + before->id + ", the run before, there was no such step\n";
  }
  app.console.out(text);
  return ExitCode::success;
}

}  // namespace rustchain
