// rustchain validate: everything that can be known of missions without running them.
#include "cli/commands.hpp"
#include "cli/mission_input.hpp"
#include "cli/mission_safety.hpp"
#include "mission/render.hpp"
#include "util/text.hpp"
#include "util/utf8.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <string>
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

std::string escape(std::string_view text, bool property) {
  std::string safe = replace_all(text, "%", "%25");
  safe = replace_all(replace_all(safe, "\r", "%0D"), "\n", "%0A");
  return property ? replace_all(replace_all(safe, ":", "%3A"), ",", "%2C") : safe;
}

// GitHub shows ten of each kind at most: the worst come first.
std::string annotations(const MissionFile& file, const Diagnostics& problems) {
  constexpr std::size_t k_most = 10;
  std::vector<const Diagnostic*> worst;
  for (const Diagnostic& problem : problems.all()) worst.push_back(&problem);
  std::stable_sort(worst.begin(), worst.end(), [](const Diagnostic* a, const Diagnostic* b) {
    return static_cast<int>(a->severity) > static_cast<int>(b->severity);
  });
  if (worst.size() > k_most) worst.resize(k_most);
  std::string text;
  for (const Diagnostic* problem : worst) {
    constexpr std::array words = {"notice", "warning", "error"};
    text += "::" + std::string(words[static_cast<std::size_t>(problem->severity)]) +
            " file=" + escape(file.sources[problem->at.file].name, true);
    if (problem->at.line > 0) {
      text += ",line=" + std::to_string(problem->at.line) +
              ",col=" + std::to_string(column_in_characters(problem->at, file.sources));
    }
    text += ",title=" + std::string(problem->code) +
            "::" + escape(problem->message + (problem->help.empty() ? "" : "\n" + problem->help), false) +
            "\n";
  }
  return text;
}

}  // namespace

ExitCode command(App& app, const ValidateOptions& options) {
  auto inputs = read_inputs(app, options.input);
  if (!inputs) return ExitCode::usage;
  bool valid = true, refused = false;
  std::vector<std::pair<const MissionFile*, MissionVerdict>> verdicts;
  std::deque<MissionFile> files;
  OrderedJson documents = OrderedJson::array();
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
      if (!judges) app.console.out(visible_lines(annotations(file, file.problems)));
      for (const JudgedMission& one : safety) {
        Diagnostics all = one.file->problems;
        const Diagnostics findings = to_diagnostics(one.verdict);
        for (const Diagnostic& finding : findings.all()) all.add(finding);
        app.console.out(visible_lines(annotations(*one.file, all)));
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
  if (options.format == CheckFormat::sarif) app.console.out(to_sarif(verdicts));
  if (options.format == CheckFormat::json)
    app.console.out(dump(documents.size() == 1 ? documents[0] : documents));
  return !valid ? ExitCode::invalid_mission : refused ? ExitCode::refused_by_safety : ExitCode::success;
}

}  // namespace rustchain
