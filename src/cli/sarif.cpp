// SARIF 2.1.0 of what validate finds: problems of missions and findings of the safety check, for code
// scanning.
#include "rustchain/version.hpp"

#include "cli/mission_safety.hpp"
#include "mission/render.hpp"
#include "util/text.hpp"
#include "util/url.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_set>

namespace rustchain {
namespace {

// A path as a reference that is seen from the root of the repository, or a file URI.
std::string uri_of(std::string_view path) {
  if (path.starts_with("./")) path.remove_prefix(2);
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    uri += percent_encode(path.substr(begin, end - begin));
    if (end < path.size()) uri += '/';
    begin = end + 1;
  }
  return uri;
}

OrderedJson place_of(const Location& at, const Sources& sources) {
  OrderedJson place = {{"artifactLocation", {{"uri", uri_of(sources[at.file].name)}}}};
  if (at.line > 0)
    place["region"] = {{"startLine", at.line}, {"startColumn", column_in_characters(at, sources)}};
  return {{"physicalLocation", std::move(place)}};
}

class Sarif {
 public:
  void add(const Diagnostic& problem, const Sources& sources) {
    name_code(problem.code);
    std::string message = problem.message;
    if (!problem.help.empty()) message += "\n" + problem.help;
    results_.push_back(result(problem, message, sources));
  }

  void add(const MissionFinding& finding, const Diagnostic& as_problem, const Sources& sources) {
    name_rule(*finding.rule);
    OrderedJson one = result(as_problem, as_problem.message, sources);
    // It would block, or warn, but for the reason that the mission gives.
    if (!finding.allowed.empty())
      one["suppressions"] =
          OrderedJson::array({OrderedJson{{"kind", "inSource"}, {"justification", finding.allowed}}});
    results_.push_back(std::move(one));
  }

  std::string text() {
    OrderedJson driver = {{"name", "rustchain"}, {"version", version()}, {"rules", std::move(rules_)}};
    OrderedJson run = {{"tool", {{"driver", std::move(driver)}}},
                       {"columnKind", "unicodeCodePoints"},
                       {"results", std::move(results_)}};
    return dump({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                 {"version", "2.1.0"},
                 {"runs", OrderedJson::array({std::move(run)})}});
  }

 private:
  static OrderedJson result(const Diagnostic& problem, const std::string& message, const Sources& sources) {
    constexpr std::array levels = {"note", "warning", "error"};
    return {{"ruleId", problem.code},
            {"level", levels[static_cast<std::size_t>(problem.severity)]},
            {"message", {{"text", message}}},
            {"locations", OrderedJson::array({place_of(problem.at, sources)})}};
  }

  void name_code(std::string_view code) {
    if (!named_.insert(code).second) return;
    for (const DiagnosticCode& row : diagnostic_codes())
      if (row.code == code) name(code, row.title, row.why, row.cure);
  }
  void name_rule(const SafetyRule& rule) {
    if (!named_.insert(rule.id).second) return;
    name(rule.id, rule.what, rule.why, rule.safer);
    rules_.back()["properties"] = {
        {"security-severity", std::to_string(rule.score / 10) + "." + std::to_string(rule.score % 10)}};
  }
  void name(std::string_view id, std::string_view what, std::string_view why, std::string_view cure) {
    OrderedJson rule = {{"id", id}, {"shortDescription", {{"text", what}}}};
    if (!why.empty()) rule["fullDescription"] = {{"text", why}};
    rule["help"] = {{"text", cure.empty() ? "nothing to do" : cure}};
    rules_.push_back(std::move(rule));
  }

  OrderedJson rules_ = OrderedJson::array();
  OrderedJson results_ = OrderedJson::array();
  std::unordered_set<std::string_view> named_;
};

}  // namespace

std::string to_sarif(const std::vector<std::pair<const MissionFile*, MissionVerdict>>& verdicts) {
  Sarif sarif;
  for (const auto& [file, verdict] : verdicts) {
    for (const Diagnostic& problem : file->problems.all()) sarif.add(problem, file->sources);
    // As many as diagnostics are kept.
    const Diagnostics findings = to_diagnostics(verdict, true);
    for (std::size_t i = 0; i < findings.all().size(); ++i)
      sarif.add(verdict.findings[i], findings.all()[i], file->sources);
  }
  return sarif.text();
}

}  // namespace rustchain
