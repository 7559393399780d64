// rustchain safety: what is dangerous in missions and commands, and why.
#include "cli/commands.hpp"
#include "cli/mission_input.hpp"
#include "cli/mission_safety.hpp"
#include "cli/safety_approvals.hpp"
#include "safety/judge.hpp"
#include "safety/marks.hpp"
#include "safety/walk.hpp"
#include "util/json_text.hpp"
#include "util/text.hpp"
#include "util/utf8.hpp"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

namespace rustchain {
namespace {

SafetyMode mode_of(const SafetyOptions& options) {
  const SafetyMode* mode = find_safety_mode(options.input.safety);
  return mode != nullptr ? *mode : SafetyMode::standard;
}

bool is_blocked(const std::vector<SafetyFinding>& findings, SafetyMode mode) {
  return std::any_of(findings.begin(), findings.end(),
                     [&](const SafetyFinding& finding) { return blocks(*finding.rule, mode); });
}

OrderedJson to_json(const std::vector<SafetyFinding>& findings, SafetyMode mode) {
  SafetyScore score = score_of(findings);
  OrderedJson list = OrderedJson::array();
  for (const SafetyFinding& finding : findings) {
    list.push_back({{"rule", finding.rule->id},
                    {"score", finding.rule->score},
                    {"blocks", blocks(*finding.rule, mode)},
                    {"what", finding.rule->what},
                    {"subject", mask_keys(finding.subject)},
                    {"why", finding.rule->why},
                    {"safer", finding.rule->safer},
                    {"span", {finding.at.begin, finding.at.end}}});
  }
  return {{"verdict", is_blocked(findings, mode) ? "block" : "allow"},
          {"score", score.score},
          {"findings", std::move(list)}};
}

std::string to_text(const SafetyFinding& finding, SafetyMode mode) {
  std::string text = std::string(blocks(*finding.rule, mode) ? "  ❌ " : "  ⚠ ") +
                     std::string(finding.rule->id) + " (" + std::to_string(finding.rule->score) +
                     "): " + std::string(finding.rule->what);
  if (!finding.subject.empty()) text += ": " + mask_keys(finding.subject);
  text += "\n";
  if (!finding.rule->why.empty()) text += "     why: " + std::string(finding.rule->why) + "\n";
  if (!finding.rule->safer.empty()) text += "     safer: " + std::string(finding.rule->safer) + "\n";
  return text;
}

std::string to_text(const std::vector<SafetyFinding>& findings, SafetyMode mode) {
  SafetyScore score = score_of(findings);
  std::string text = std::string(is_blocked(findings, mode) ? "block" : "allow") + "  risk " +
                     std::to_string(score.score) + "/100, " + std::string(risk_level(score.score));
  if (!score.arithmetic.empty()) text += " = " + score.arithmetic;
  text += "\n";
  for (const SafetyFinding& finding : findings) text += to_text(finding, mode);
  return text;
}

// Commands from standard input, one a line, each answered at once.
ExitCode check_lines(App& app, const SafetyOptions& options) {
  const SafetyMode mode = mode_of(options);
  const SafetyPlaces places;
  bool blocked = false, broken = false;
  OrderedJson all = OrderedJson::array();
  for (std::string line; std::getline(std::cin, line);) {
    std::string command = line;
    if (options.json_lines) {
      Result<Json> read = parse_json(line);
      if (!read || !read->is_string()) {
        broken = true;
        app.console.out(OrderedJson{{"verdict", "error"}, {"error", "this line is no JSON string"}}.dump() +
                        "\n");
        continue;
      }
      command = read->get<std::string>();
    } else if (trim(line).empty()) {
      continue;
    }
    OrderedJson answer;
    std::vector<SafetyFinding> findings = judge_line(command, places);
    blocked = blocked || is_blocked(findings, mode);
    if (options.json_lines) {
      app.console.out(to_json(findings, mode).dump(-1, ' ', false, OrderedJson::error_handler_t::replace) +
                      "\n");
    } else if (options.format == CheckFormat::json) {
      OrderedJson one = to_json(findings, mode);
      one["command"] = mask_keys(command);
      all.push_back(std::move(one));
    } else {
      app.console.out(visible_lines("$ " + mask_keys(command) + "\n" + to_text(findings, mode)));
    }
  }
  if (!options.json_lines && options.format == CheckFormat::json) app.console.out(dump(all));
  return broken ? ExitCode::usage : blocked ? ExitCode::refused_by_safety : ExitCode::success;
}

ExitCode explain_command(App& app, const SafetyOptions& options) {
  if (options.operands.size() != 1) {
    app.console.err(
        "error: 'rustchain safety explain' takes one command\n  help: put it into quotes: rustchain safety "
        "explain 'rm -rf build'\n");
    return ExitCode::usage;
  }
  const std::string& command = options.operands[0];
  const SafetyMode mode = mode_of(options);
  const SafetyPlaces places;
  Walk walk(places);
  walk.keep_understood();
  walk.script(without_controls(command));
  std::vector<SafetyFinding> findings = judge_line(command, places);
  if (options.format == CheckFormat::json) {
    OrderedJson json = to_json(findings, mode);
    json["understood"] = OrderedJson::array();
    for (const Understood& one : walk.understood())
      json["understood"].push_back({{"depth", one.depth}, {"command", one.text}});
    app.console.out(dump(json));
  } else {
    std::string text = "$ " + mask_keys(command) + "\nUnderstood as:\n";
    for (const Understood& one : walk.understood())
      text +=
          std::string(2 * static_cast<std::size_t>(std::max(one.depth, 1)), ' ') + mask_keys(one.text) + "\n";
    app.console.out(visible_lines(text + to_text(findings, mode)));
  }
  return is_blocked(findings, mode) ? ExitCode::refused_by_safety : ExitCode::success;
}

ExitCode list_rules(App& app, const SafetyOptions& options) {
  if (options.format == CheckFormat::json) {
    OrderedJson all = OrderedJson::array();
    for (const SafetyRule& rule : safety_rules()) {
      OrderedJson matches = OrderedJson::array(), spares = OrderedJson::array();
      for (std::string_view line : split(rule.matches, '\n'))
        matches.push_back(replace_all(line, "\\n", "\n"));
      for (std::string_view line : split(rule.spares, '\n')) spares.push_back(replace_all(line, "\\n", "\n"));
      all.push_back({{"id", rule.id},
                     {"category", rule.category()},
                     {"score", rule.score},
                     {"severity", risk_level(rule.score)},
                     {"catastrophic", rule.catastrophic},
                     {"unverifiable", rule.unverifiable},
                     {"what", rule.what},
                     {"why", rule.why},
                     {"safer", rule.safer},
                     {"matches", std::move(matches)},
                     {"spares", std::move(spares)}});
    }
    app.console.out(dump({{"format_version", 1}, {"rules", std::move(all)}}));
    return ExitCode::success;
  }
  std::string text =
      "'rustchain explain RULE' tells more of each. Score 50 and more blocks in standard mode; x: nothing "
      "can allow it.\n";
  for (const SafetyRule& rule : safety_rules()) {
    std::string left = "  " + std::string(rule.id);
    left.resize(std::max<std::size_t>(left.size() + 1, 26), ' ');
    std::string score = std::to_string(rule.score);
    left += std::string(3 - std::min<std::size_t>(score.size(), 3), ' ') + score +
            (rule.catastrophic ? "x " : "  ");
    text += left + std::string(rule.what) + "\n";
  }
  app.console.out(text);
  return ExitCode::success;
}

// The same as validate.
ExitCode check_missions(App& app, const SafetyOptions& options) {
  ValidateOptions validate;
  validate.missions = options.operands;
  validate.input = options.input;
  validate.format = options.format;
  return command(app, validate);
}

ExitCode approve_missions(App& app, const SafetyOptions& options) {
  auto inputs = read_inputs(app, options.input);
  if (!inputs) return ExitCode::usage;
  for (const std::string& path : options.operands) {
    MissionFile file = open_mission_at(app, path, *inputs);
    if (file.valid()) (void)judge(app, file, options.input.safety, true, file.problems);
    show_problems(app, file);
    if (!file.valid()) return ExitCode::invalid_mission;
    if (ExitCode code = approve(app, file); code != ExitCode::success) return code;
  }
  return ExitCode::success;
}

}  // namespace

ExitCode command(App& app, const SafetyOptions& options) {
  switch (options.verb) {
    case SafetyOptions::Verb::rules: return list_rules(app, options);
    case SafetyOptions::Verb::explain: return explain_command(app, options);
    default: break;
  }
  if (options.operands == std::vector<std::string>{"-"}) return check_lines(app, options);
  if (options.operands.empty()) {
    app.console.err(
        "error: 'rustchain safety' needs a mission\n  help: name one; 'check -' takes commands from standard "
        "input\n");
    return ExitCode::usage;
  }
  return options.verb == SafetyOptions::Verb::approve ? approve_missions(app, options)
                                                      : check_missions(app, options);
}

}  // namespace rustchain
