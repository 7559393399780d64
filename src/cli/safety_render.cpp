// The judge's verdict on missions as text, diagnostics and JSON.
#include "cli/mission_safety.hpp"
#include "mission/render.hpp"
#include "steps/support.hpp"
#include "util/json_text.hpp"
#include "util/text.hpp"

#include <string_view>

namespace rustchain {
namespace {

std::string sentence(const MissionFinding& finding) {
  std::string text = "step '" + finding.step + "' " + std::string(finding.rule->what);
  if (!finding.subject.empty()) text += ": " + shown(finding.subject, 120);
  return text;
}

}  // namespace

std::string verdict_line(const MissionVerdict& verdict) {
  std::string risk =
      "risk " + std::to_string(verdict.score) + "/100, " + std::string(risk_level(verdict.score));
  if (!verdict.blocked) return "✅ Mission passes safety validation (" + risk + ")\n";
  std::string text = "❌ Mission is refused by the safety check (" + risk + "; mode " +
                     std::string(word_of(verdict.mode)) + ")\n";
  if (!verdict.arithmetic.empty()) text += "   risk " + verdict.arithmetic + "\n";
  text += "   help: 'rustchain explain RULE' tells why and what is safer";
  if (verdict.requests > 0)
    text += "; the mission asks to have " + std::to_string(verdict.requests) +
            " of this allowed: --accept-allow or 'rustchain safety approve' says yes";
  return text + "\n";
}

std::string verdict_lines(const std::vector<JudgedMission>& all) {
  std::string text;
  for (const JudgedMission& one : all) {
    if (&one != &all.front() && !one.verdict.blocked) continue;
    if (&one != &all.front()) text += one.file->mission.file + ":\n";
    text += verdict_line(one.verdict);
  }
  return text;
}

Diagnostics to_diagnostics(const MissionVerdict& verdict, bool all) {
  Diagnostics problems;
  for (const MissionFinding& finding : verdict.findings) {
    const bool worth = finding.blocks || !finding.allowed.empty() || finding.rule->score >= 25;
    if (!worth && !all) continue;
    Diagnostic one;
    one.code = finding.rule->id;
    one.severity = finding.blocks                     ? Severity::error
                   : worth && finding.allowed.empty() ? Severity::warning
                                                      : Severity::note;
    one.message = sentence(finding);
    if (!finding.allowed.empty()) one.message += " (allowed: " + shown(finding.allowed) + ")";
    one.at = finding.at;
    one.help = finding.rule->safer;
    problems.add(std::move(one));
  }
  return problems;
}

void show_findings(App& app, const MissionFile& file, const Diagnostics& findings) {
  if (findings.all().empty()) return;
  app.console.err(render_diagnostics(findings, file.sources, app.console.err_color()));
}

void show_findings(App& app, const std::vector<JudgedMission>& all) {
  for (const JudgedMission& one : all) show_findings(app, *one.file, to_diagnostics(one.verdict));
}

OrderedJson to_json(const std::vector<JudgedMission>& all) {
  OrderedJson json = to_json(all.front().verdict, all.front().file->sources);
  if (all.size() == 1) return json;
  OrderedJson others = OrderedJson::array();
  for (const JudgedMission& one : all) {
    if (&one == &all.front()) continue;
    OrderedJson other = to_json(one.verdict, one.file->sources);
    other["file"] = one.file->mission.file;
    others.push_back(std::move(other));
  }
  json["missions"] = std::move(others);
  return json;
}

OrderedJson to_json(const MissionVerdict& verdict, const Sources& sources) {
  OrderedJson list = OrderedJson::array();
  for (const MissionFinding& finding : verdict.findings) {
    list.push_back(
        {{"rule", finding.rule->id},
         {"score", finding.rule->score},
         {"step", finding.step},
         {"line", finding.at.line},
         {"column", finding.at.line == 0 ? 0 : column_in_characters(finding.at, sources)},
         {"what", finding.rule->what},
         {"subject", finding.subject},
         {"why", finding.rule->why},
         {"safer", finding.rule->safer},
         {"blocks", finding.blocks},
         {"allowed", finding.allowed.empty() ? OrderedJson(nullptr) : OrderedJson(finding.allowed)}});
  }
  return {{"mode", word_of(verdict.mode)},    {"verdict", risk_of(verdict).verdict},
          {"score", verdict.score},           {"level", risk_level(verdict.score)},
          {"arithmetic", verdict.arithmetic}, {"findings", std::move(list)}};
}

}  // namespace rustchain
