// rustchain explain: what a diagnostic, a safety rule, a failure kind or an exit code means, and what to do.
#include "rustchain/diagnostic.hpp"
#include "rustchain/exit_code.hpp"
#include "rustchain/step_result.hpp"

#include "cli/commands.hpp"
#include "cli/mission_input.hpp"
#include "mission/suggest.hpp"
#include "safety/judge.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {
namespace {

std::string indent(std::string_view text) {
  std::string all;
  for (std::string_view line : split(text, '\n'))
    all += line.empty() ? "\n" : "  " + std::string(line) + "\n";
  return all;
}

std::string page(const DiagnosticCode& row) {
  std::string text = std::string(row.code) + ": " + std::string(row.title) + "\n";
  if (!row.why.empty()) text += "\nWhy\n" + indent(row.why);
  if (!row.example.empty()) text += "\nExample\n" + indent(row.example);
  if (!row.cure.empty()) text += "\nCure\n" + indent(row.cure);
  return text;
}

std::string page(const FailureKindRow& row) {
  std::string text = std::string(row.word) + " (failure kind): " + std::string(row.meaning) + "\n";
  if (!row.cure.empty()) text += "\nCure\n" + indent(row.cure);
  return text;
}

std::string page(const ExitCodeRow& row) {
  return "exit code " + std::to_string(static_cast<int>(row.code)) + " (" + std::string(row.name) +
         "): " + std::string(row.meaning) + "\n";
}

std::string page(const SafetyRule& rule) {
  std::string text = std::string(rule.id) + " (safety rule): " + std::string(rule.what) + "\n\nScore " +
                     std::to_string(rule.score) + ", " + std::string(risk_level(rule.score));
  if (rule.catastrophic)
    text += "; nothing can allow it";
  else if (blocks(rule, SafetyMode::standard))
    text += "; blocks in standard mode";
  else if (blocks(rule, SafetyMode::strict))
    text += "; blocks in strict mode";
  text += "\n";
  if (!rule.why.empty()) text += "\nWhy\n" + indent(rule.why);
  if (!rule.matches.empty()) text += "\nFound in\n" + indent(rule.matches);
  if (!rule.spares.empty()) text += "\nNot found in\n" + indent(rule.spares);
  if (!rule.safer.empty()) text += "\nSafer\n" + indent(rule.safer);
  return text;
}

std::string upper(std::string_view word) {
  std::string text(word);
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::string row(std::string left, std::string_view right, std::size_t width) {
  left.resize(std::max(left.size() + 1, width), ' ');
  return "  " + left + std::string(right) + "\n";
}

std::string overview() {
  std::string text = "'rustchain explain WORD' tells more of each.\n\nDiagnostics:\n";
  for (const DiagnosticCode& code : diagnostic_codes()) text += row(std::string(code.code), code.title, 8);
  text += "\nFailure kinds:\n";
  for (const FailureKindRow& kind : k_failure_kinds)
    if (kind.kind != FailureKind::none) text += row(std::string(kind.word), kind.meaning, 19);
  text += "\nSafety rules: 'rustchain safety rules' lists them.\n";
  text += "\nExit codes:\n";
  for (const ExitCodeRow& code : k_exit_codes)
    text += row(std::to_string(static_cast<int>(code.code)), code.meaning, 5);
  return text;
}

OrderedJson overview_json() {
  OrderedJson json;
  json["format_version"] = 1;
  json["diagnostics"] = OrderedJson::array();
  for (const DiagnosticCode& code : diagnostic_codes()) {
    json["diagnostics"].push_back({{"code", code.code},
                                   {"title", code.title},
                                   {"why", code.why},
                                   {"example", code.example},
                                   {"cure", code.cure}});
  }
  json["failure_kinds"] = OrderedJson::array();
  for (const FailureKindRow& kind : k_failure_kinds)
    json["failure_kinds"].push_back({{"kind", kind.word}, {"meaning", kind.meaning}, {"cure", kind.cure}});
  json["exit_codes"] = OrderedJson::array();
  for (const ExitCodeRow& code : k_exit_codes) {
    json["exit_codes"].push_back(
        {{"code", static_cast<int>(code.code)}, {"name", code.name}, {"meaning", code.meaning}});
  }
  return json;
}

std::string explain(const std::string& word) {
  std::string text;
  std::string_view between = "\n";
  for (const DiagnosticCode& code : diagnostic_codes())
    if (code.code == upper(word)) text += page(code);
  for (const FailureKindRow& kind : k_failure_kinds)
    if (kind.word == to_lower(word) && kind.kind != FailureKind::none) text += page(kind);
  if (const SafetyRule* rule = find_safety_rule(to_lower(word))) text += page(*rule);
  for (const ExitCodeRow& code : k_exit_codes) {
    if (code.name == to_lower(word) || std::to_string(static_cast<int>(code.code)) == word)
      text += (text.empty() ? "" : std::string(between)) + page(code);
  }
  return text;
}

std::string near_words(const std::string& word) {
  std::vector<std::string_view> known;
  for (const DiagnosticCode& code : diagnostic_codes()) known.push_back(code.code);
  for (const FailureKindRow& kind : k_failure_kinds) known.push_back(kind.word);
  for (const ExitCodeRow& code : k_exit_codes) known.push_back(code.name);
  for (const SafetyRule& rule : safety_rules()) known.push_back(rule.id);
  std::string spelt = upper(word).starts_with("RC") ? upper(word) : to_lower(word);
  auto near = nearest(spelt, known, 6);
  return near ? "did you mean '" + *near + "'?" : "'rustchain explain' lists all of them";
}

}  // namespace

ExitCode command(App& app, const ExplainOptions& options) {
  if (options.output == OutputFormat::json) {
    app.console.out(dump(overview_json()));
    return ExitCode::success;
  }
  std::string text = options.word.empty() ? overview() : explain(options.word);
  if (text.empty()) {
    app.console.err("error: nothing is known of '" + options.word + "'\n  help: " + near_words(options.word) +
                    "\n");
    return ExitCode::usage;
  }
  app.console.out(text);
  return ExitCode::success;
}

}  // namespace rustchain
