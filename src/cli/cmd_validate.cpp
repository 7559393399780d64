// rustchain validate: everything that can be known of missions without running them.
#include "cli/commands.hpp"
#include "cli/mission_input.hpp"
#include "cli/mission_safety.hpp"
#include "mission/render.hpp"
#include "report/github.hpp"
#include "util/utf8.hpp"

#include <algorithm>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace rustchain {
namespace {

void list_inferred(std::string& text, const std::vector<Step>& steps, const Graph& graph) {
  for (std::size_t i = 0; i < graph.needs.size(); ++i) {
    for (const Edge& edge : graph.needs[i]) {
      if (edge.why == Edge::Why::written) continue;
      text += "  Inferred: " + steps[i].id.value + " needs " + steps[edge.step].id.value +
              (edge.why == Edge::Why::path ? " (reads " : " (refers to ") + edge.detail + ")\n";
    }
  }
}

std::string verdict(const MissionFile& file) {
  if (!file.valid()) {
    std::size_t errors = file.problems.errors();
    return "❌ Mission file is invalid: " + std::to_string(errors) + (errors == 1 ? " error\n" : " errors\n");
  }
  const Mission& mission = file.mission;
  std::string text = "✅ Mission file is valid!\n  Name: " + mission.name + "\n  Version: " + mission.version +
                     "\n  Steps: " + std::to_string(mission.steps.size()) + "\n";
  if (!mission.finally.empty()) text += "  Finally: " + std::to_string(mission.finally.size()) + "\n";
  list_inferred(text, mission.steps, file.graph);
  list_inferred(text, mission.finally, file.finally_graph);
  return text;
}

// The ten worst: no more will be shown.
void annotate(const Diagnostics& problems, const Sources& sources, std::vector<Annotation>& all) {
  std::vector<const Diagnostic*> worst;
  for (const Diagnostic& problem : problems.all()) worst.push_back(&problem);
  std::stable_sort(worst.begin(), worst.end(), [](const Diagnostic* a, const Diagnostic* b) {
    return static_cast<int>(a->severity) > static_cast<int>(b->severity);
  });
  if (worst.size() > k_most_annotations) worst.resize(k_most_annotations);
  for (const Diagnostic* each : worst) {
    const Diagnostic& problem = *each;
    Annotation one;
    one.severity = problem.severity;
    one.file = sources[problem.at.file].name;
    one.line = problem.at.line;
    one.column = problem.at.line > 0 ? column_in_characters(problem.at, sources) : 0;
    one.title = problem.code;
    one.message = problem.message + (problem.help.empty() ? "" : "\n" + problem.help);
    all.push_back(std::move(one));
  }
}

}  // namespace

ExitCode command(App& app, const ValidateOptions& options) {
  auto inputs = read_inputs(app, options.input);
  if (!inputs) return ExitCode::usage;
  bool valid = true, refused = false;
  std::vector<std::pair<const MissionFile*, MissionVerdict>> verdicts;
  std::deque<MissionFile> files;
  OrderedJson documents = OrderedJson::array();
  std::vector<Annotation> notes;
  for (const std::string& path : options.missions) {
    MissionFile& file = files.emplace_back(open_mission_with_others(app, path, *inputs));
    const bool judges = file.valid() && options.input.safety != "off";
    std::vector<JudgedMission> safety;
    if (judges) safety = judge_all(app, file, options.input.safety, options.input.accept_allow);
    valid = valid && file.valid();
    refused = refused || any_refused(safety);
    if (options.format == CheckFormat::json) {
      documents.push_back(validation_json(file));
      if (judges) documents.back()["safety"] = to_json(safety);
      continue;
    }
    if (options.format == CheckFormat::sarif) {
      for (JudgedMission& one : safety) verdicts.emplace_back(one.file, std::move(one.verdict));
      if (!judges) verdicts.emplace_back(&file, MissionVerdict{});
      continue;
    }
    if (options.format == CheckFormat::github) {
      if (!judges) annotate(file.problems, file.sources, notes);
      for (const JudgedMission& one : safety) {
        annotate(one.file->problems, one.file->sources, notes);
        annotate(to_diagnostics(one.verdict), one.file->sources, notes);
      }
      continue;
    }
    if (!app.common.quiet)
      app.console.out(visible_lines("🔍 Validating mission file: " + file.sources[0].name + "\n"));
    show_problems(app, file);
    if (app.common.quiet) continue;
    app.console.out(visible_lines(file.mask.text(verdict(file))));
    if (judges) {
      show_findings(app, safety);
      app.console.out(visible_lines(verdict_lines(safety)));
    }
  }
  if (options.format == CheckFormat::github) app.console.out(render_annotations(std::move(notes)));
  if (options.format == CheckFormat::sarif) app.console.out(to_sarif(verdicts));
  if (options.format == CheckFormat::json)
    app.console.out(dump(documents.size() == 1 ? documents[0] : documents));
  return !valid ? ExitCode::invalid_mission : refused ? ExitCode::refused_by_safety : ExitCode::success;
}

}  // namespace rustchain
