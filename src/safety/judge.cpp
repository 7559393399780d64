// From what was found to a verdict.
#include "safety/judge.hpp"

#include "safety/marks.hpp"
#include "safety/walk.hpp"
#include "util/text.hpp"
#include "util/utf8.hpp"

#include <algorithm>
#include <array>

namespace rustchain {
namespace {

struct ModeRow {
  std::string_view word;
  SafetyMode mode;
  int threshold;
};
constexpr std::array k_modes = {
    ModeRow{"permissive", SafetyMode::permissive, 90}, ModeRow{"standard", SafetyMode::standard, 50},
    ModeRow{"strict", SafetyMode::strict, 25}, ModeRow{"off", SafetyMode::off, 101}};

const ModeRow& row_of(SafetyMode mode) {
  return k_modes[static_cast<std::size_t>(mode)];
}

bool is_hidden(char32_t code) {
  return (code >= 0x200B && code <= 0x200F && code != 0x200D) || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2060 && code <= 0x2069) || code == 0xFEFF || code == 0x00AD || code == 0x180E ||
         (code >= 0xE0000 && code <= 0xE007F) ||
         (code < 0x20 && code != '\n' && code != '\t' && code != '\r') || code == 0x7F;
}

bool is_key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

struct KeyShape {
  std::string_view beginning;
  std::size_t least;  // characters after it
};
// What providers put before their keys, so that they can be found.
constexpr KeyShape k_keys[] = {
    {"ghp_", 30},        {"gho_", 30},   {"ghu_", 30},    {"ghs_", 30},      {"ghr_", 30},
    {"github_pat_", 40}, {"glpat-", 18}, {"sk-ant-", 20}, {"sk-proj-", 20},  {"sk_live_", 20},
    {"rk_live_", 20},    {"xoxb-", 20},  {"xoxp-", 20},   {"xoxa-", 20},     {"AKIA", 16},
    {"ASIA", 16},        {"AIza", 32},   {"npm_", 30},    {"pypi-AgE", 40},  {"dop_v1_", 40},
    {"hf_", 30},         {"SG.", 20},    {"shpat_", 28},  {"dckr_pat_", 20}, {"sk-", 40}};

constexpr std::string_view k_private_key = "-----BEGIN ";

// What a character has to be looked at for: 0: nothing; for one that begins a key, the second characters of
// such keys, each a bit (of its five lowest ones); all bits: it may be hidden.
constexpr std::array<std::uint32_t, 256> find_noteworthy() {
  std::array<std::uint32_t, 256> all{};
  auto add = [&](std::string_view beginning) {
    all[static_cast<unsigned char>(beginning[0])] |= 1U << (beginning[1] & 31);
  };
  for (const KeyShape& shape : k_keys) add(shape.beginning);
  add(k_private_key);
  for (std::size_t c = 0; c < all.size(); ++c)
    if (c < 0x20 || c >= 0x7F) all[c] = ~0U;
  return all;
}
constexpr std::array<std::uint32_t, 256> k_noteworthy = find_noteworthy();

std::uint32_t noteworthy(char c) {
  return k_noteworthy[static_cast<unsigned char>(c)];
}
bool is_noteworthy(std::string_view text, std::size_t at) {
  const std::uint32_t seconds = noteworthy(text[at]);
  return seconds != 0 &&
         (seconds == ~0U || at + 1 == text.size() || ((seconds >> (text[at + 1] & 31)) & 1U) != 0);
}

// The end of the key that begins at `at`; `at`: none does.
std::size_t key_end(std::string_view text, std::size_t at) {
  if (!is_noteworthy(text, at) || (at > 0 && is_key_character(text[at - 1]))) return at;
  for (const KeyShape& shape : k_keys) {
    if (text[at] != shape.beginning[0] || !text.substr(at).starts_with(shape.beginning)) continue;
    std::size_t end = at + shape.beginning.size();
    bool digit = false;
    while (end < text.size() && is_key_character(text[end]))
      digit = digit || (text[end] >= '0' && text[end] <= '9'), ++end;
    if (end - at - shape.beginning.size() >= shape.least && (digit || shape.beginning[0] == 'A')) return end;
  }
  if (text.substr(at).starts_with(k_private_key) &&
      text.substr(at, 60).find("PRIVATE KEY-----") != std::string_view::npos) {
    std::size_t end = text.find("-----END", at);
    return end == std::string_view::npos ? text.size() : end;
  }
  return at;
}

}  // namespace

const SafetyMode* find_safety_mode(std::string_view word) {
  for (const ModeRow& row : k_modes)
    if (row.word == word) return &row.mode;
  return nullptr;
}

std::string_view word_of(SafetyMode mode) {
  return row_of(mode).word;
}

SafetyMode stricter(SafetyMode mode) {
  return mode == SafetyMode::permissive ? SafetyMode::standard
         : mode == SafetyMode::standard ? SafetyMode::strict
                                        : mode;
}

bool blocks(const SafetyRule& rule, SafetyMode mode) {
  if (rule.catastrophic) return true;
  if (rule.unverifiable) return mode == SafetyMode::strict;
  return rule.score >= row_of(mode).threshold;
}

std::string_view risk_level(int score) {
  return score >= 90 ? "critical" : score >= 50 ? "high" : score >= 25 ? "medium" : "low";
}

SafetyScore score_of(const std::vector<SafetyFinding>& findings) {
  SafetyScore score;
  const SafetyFinding* worst = nullptr;
  for (const SafetyFinding& finding : findings)
    if (worst == nullptr || finding.rule->score > worst->rule->score) worst = &finding;
  if (worst == nullptr) return score;
  score.score = worst->rule->score;
  score.arithmetic = std::to_string(score.score) + " " + std::string(worst->rule->id);
  std::vector<std::string_view> categories = {worst->rule->category()};
  for (const SafetyFinding& finding : findings) {
    if (categories.size() > 3) break;
    std::string_view category = finding.rule->category();
    if (std::find(categories.begin(), categories.end(), category) != categories.end()) continue;
    categories.push_back(category);
    score.score += 5;
    score.arithmetic += " + 5 " + std::string(category);
  }
  score.score = std::min(score.score, 100);
  return score;
}

void judge_characters(std::string_view text, std::vector<SafetyFinding>& findings, std::string_view off) {
  bool hidden = off == "text.hidden", key = off == "secret.literal";
  for (std::size_t i = 0; !(hidden && key);) {
    while (i < text.size() && !is_noteworthy(text, i)) ++i;
    if (i == text.size()) break;
    if (noteworthy(text[i]) == ~0U) {
      Character character = character_at(text, i);
      if (!hidden && is_hidden(character.code)) {
        hidden = true;
        findings.push_back(
            {find_safety_rule("text.hidden"),
             "",
             {static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i + character.bytes)}});
      }
      i += character.bytes;
      continue;
    }
    if (!key) {
      std::size_t end = key_end(text, i);
      if (end > i) {
        key = true;
        findings.push_back({find_safety_rule("secret.literal"),
                            std::string(text.substr(i, 4)) + "***",
                            {static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(end)}});
        i = end;
        continue;
      }
    }
    ++i;
  }
}

std::string mask_keys(std::string_view text) {
  std::string masked;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = key_end(text, i);
    if (end == i) {
      masked += text[i++];
      continue;
    }
    masked += "***";
    i = end;
  }
  return masked;
}

std::vector<SafetyFinding> judge_line(std::string_view line, const SafetyPlaces& places,
                                      std::string_view off) {
  Walk walk(places);
  walk.switch_off(off);
  const std::string text = without_controls(std::string(line));
  std::string_view bare = trim(text);
  std::size_t blank = bare.find_first_of(" \t\n");
  std::string_view first = bare.substr(0, blank);
  std::string_view rest = blank == std::string_view::npos ? std::string_view() : trim(bare.substr(blank));
  const bool one_more = !rest.empty() && rest.find_first_of(" \t\n") == std::string_view::npos;
  const bool path = one_more && rest.find_first_of("./~") != std::string_view::npos;
  const bool scheme = blank == std::string_view::npos && bare.find("://") != std::string_view::npos &&
                      bare.find('=') > bare.find("://");
  if (scheme)
    walk.effect("connect", bare);
  else if (one_more && (first == "write" || first == "delete" ||
                        (first == "read" && (path || is_secret_name(rest) || rest == "config"))))
    walk.effect(first, rest);
  else
    walk.script(text);
  std::vector<SafetyFinding> findings = walk.findings();
  judge_characters(line, findings, off);
  return findings;
}

}  // namespace rustchain
