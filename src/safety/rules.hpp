// The rules of the safety judge: one row each, and what is found by them.
#pragma once

#include "safety/shell.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

struct SafetyRule {
  std::string_view id;        // "fs.delete.root"; its beginning up to the first dot is the category
  int score = 0;              // 0 to 100
  bool catastrophic = false;  // nothing can allow it
  bool unverifiable = false;  // says that something can't be known, not that it is bad
  std::string_view what;      // half a sentence: "deletes the root directory"
  std::string_view why;
  std::string_view safer;
  // Commands, one a line; the unit tests hold the judge to them. `\n` in them is the end of a line.
  std::string_view matches;
  std::string_view spares;  // look alike and don't match

  std::string_view category() const { return id.substr(0, id.find('.')); }
};

std::span<const SafetyRule> safety_rules();
const SafetyRule* find_safety_rule(std::string_view id);

struct SafetyFinding {
  const SafetyRule* rule = nullptr;
  std::string subject;  // what it is about: a path, a command; may be empty
  ShellSpan at;         // in the text that was judged
};

}  // namespace rustchain
