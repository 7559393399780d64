// A mission as a whole.
#include "safety/mission_judge.hpp"

#include "safety/hosts.hpp"
#include "safety/marks.hpp"
#include "safety/walk.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <utility>

namespace rustchain {
namespace {

std::string text_at(const Node& map, std::string_view key) {
  const Node* value = map.find(key);
  return value != nullptr && value->is_scalar() ? value->text : std::string();
}

}  // namespace

bool allows(const SafetyPolicy::Allow& allow, const SafetyRule& rule, std::string_view step,
            std::string_view subject, std::string_view today) {
  if (allow.rule != rule.id || rule.catastrophic) return false;
  if (!allow.step.empty() && allow.step != step) return false;
  if (!allow.match.empty() && subject.find(allow.match) == std::string_view::npos) return false;
  return allow.expires.empty() || std::string_view(allow.expires) >= today;
}

SafetyPolicy read_policy(const Node& safety, SafetyMode least, Diagnostics& problems) {
  SafetyPolicy policy;
  policy.mode = least;
  auto wrong = [&](const Node& at, std::string message, std::string help) {
    problems.add({.code = "RC0701", .message = std::move(message), .at = at.at, .help = std::move(help)});
  };
  if (const Node* mode = safety.find("mode")) {
    const SafetyMode* known = mode->is_scalar() ? find_safety_mode(mode->text) : nullptr;
    if (known == nullptr)
      wrong(*mode, "there is no safety mode '" + (mode->is_scalar() ? mode->text : std::string("...")) + "'",
            "write permissive, standard or strict");
    else if (*known == SafetyMode::strict && least != SafetyMode::off)
      policy.mode = SafetyMode::strict;
    else if (*known == SafetyMode::standard && least == SafetyMode::permissive)
      policy.mode = SafetyMode::standard;
  }
  const Node* allow = safety.find("allow");
  if (allow == nullptr || allow->is_null()) return policy;
  if (!allow->is_list()) {
    wrong(*allow, "safety.allow takes a list", "write - {rule: ..., step: ..., reason: ...}");
    return policy;
  }
  for (const Node& one : allow->items) {
    SafetyPolicy::Allow entry{text_at(one, "rule"),  text_at(one, "step"),    text_at(one, "reason"),
                              text_at(one, "match"), text_at(one, "expires"), one.at};
    const SafetyRule* rule = find_safety_rule(entry.rule);
    if (rule == nullptr)
      wrong(one,
            entry.rule.empty() ? "this entry of safety.allow names no rule"
                               : "there is no safety rule '" + entry.rule + "'",
            "'rustchain safety rules' lists them");
    else if (rule->catastrophic)
      wrong(one, "nothing can allow " + entry.rule, "change the step");
    else if (entry.reason.empty())
      wrong(one, "this entry of safety.allow gives no reason", "add reason: who accepts the risk, and why");
    else
      policy.allow.push_back(std::move(entry));
  }
  return policy;
}

std::vector<SafetyFinding> judge_step(const JudgedStep& step, const SafetyPlaces& places,
                                      WrittenFiles& written, std::string_view off) {
  Walk walk(places);
  walk.switch_off(off);
  walk.share_written(written);
  if (!step.directory.empty()) walk.set_directory(step.directory);
  for (const auto& [name, value] : step.variables) walk.given_environment(name, value);
  const Effects& effects = step.effects;
  for (const Effects::Execution& execution : effects.executes) {
    if (!execution.script.empty()) {
      std::string shell = execution.argv.empty() ? "sh" : program_name(execution.argv.front());
      if (execution.platform == "windows" && shell == "sh") shell = "cmd";
      if (shell == "powershell" || shell == "pwsh" || shell == "cmd")
        walk.command({shell, shell == "cmd" ? "/c" : "-Command", execution.script});
      else
        walk.script(execution.script);
    } else {
      walk.command(execution.argv);
    }
    if (!step.directory.empty()) walk.set_directory(step.directory);
  }
  for (const std::string& path : step.reads) walk.effect("read", path);
  for (const std::string& path : step.writes) walk.effect("write", path);
  for (const std::string& path : effects.deletes) walk.effect("delete", path);
  for (const std::string& url : effects.connects) {
    walk.effect("connect", url);
    const std::string method = to_lower(effects.method);
    if (method == "delete") walk.find("net.delete", {}, effects.method + " " + url);
    UrlFacts facts = look_at_url(url);
    if (facts.scheme == "http" && facts.kind == HostKind::other &&
        (effects.credentials || !effects.sends.empty()))
      walk.find("url.plain", {}, url);
  }
  if (step.secret_sent) walk.find("secret.prompt", {}, "");
  for (const auto& [path, text] : effects.contents) walk.known_content(path, text);
  if (step.type == "http" || step.type == "llm")
    for (const std::string& path : step.writes)
      walk.known_content(path, std::string(1, step.type == "llm" ? k_tainted : k_downloaded));
  std::vector<SafetyFinding> findings = walk.findings();
  std::vector<SafetyFinding> characters;
  for (std::string_view text : step.texts) {
    judge_characters(text, characters, off);
    if (characters.size() > 8) break;
  }
  for (SafetyFinding& one : characters) {
    const bool known = std::any_of(findings.begin(), findings.end(),
                                   [&](const SafetyFinding& other) { return other.rule == one.rule; });
    if (!known) findings.push_back(std::move(one));
  }
  return findings;
}

MissionJudge::MissionJudge(const SafetyPolicy& policy, const SafetyPlaces& places, bool accepted,
                           std::string today)
    : policy_(policy), places_(places), accepted_(accepted), today_(std::move(today)) {
  verdict_.mode = policy.mode;
}

void MissionJudge::judge(const JudgedStep& step) {
  const std::vector<SafetyFinding> found = judge_step(step, places_, written_);
  if (step.id != step_) {
    step_ = step.id;
    step_score_ = 0;
    told_.clear();
  }
  std::vector<SafetyFinding> counted;
  for (const SafetyFinding& one : found) {
    const bool repeated = !told_.emplace(one.rule, one.subject).second;
    MissionFinding finding{
        one.rule, step.id, step.at, mask_keys(one.subject), blocks(*one.rule, policy_.mode), {}};
    for (const SafetyPolicy::Allow& allow : policy_.allow) {
      if (!allows(allow, *one.rule, step.id, finding.subject, today_)) continue;
      if (accepted_) {
        finding.blocks = false;
        finding.allowed = allow.reason;
      } else if (finding.blocks && !repeated) {
        ++verdict_.requests;
      }
      break;
    }
    verdict_.blocked = verdict_.blocked || finding.blocks;
    if (finding.allowed.empty()) counted.push_back(one);
    if (!repeated) verdict_.findings.push_back(std::move(finding));
  }
  const SafetyScore score = score_of(counted);
  if (score.score >= 50 && step_score_ < 50) ++risky_steps_;
  step_score_ = std::max(step_score_, score.score);
  if (score.score <= verdict_.score) return;
  verdict_.score = score.score;
  const std::size_t end = std::min(score.arithmetic.find(" + "), score.arithmetic.size());
  verdict_.arithmetic =
      score.arithmetic.substr(0, end) + " (step " + step.id + ")" + score.arithmetic.substr(end);
}

MissionVerdict MissionJudge::verdict() && {
  const int others = std::min(verdict_.score >= 50 ? risky_steps_ - 1 : risky_steps_, 3);
  if (others > 0) {
    verdict_.score = std::min(100, verdict_.score + 5 * others);
    verdict_.arithmetic += " + " + std::to_string(5 * others) + " other steps";
  }
  if (!verdict_.arithmetic.empty())
    verdict_.arithmetic = std::to_string(verdict_.score) + " = " + verdict_.arithmetic;
  return std::move(verdict_);
}

}  // namespace rustchain
