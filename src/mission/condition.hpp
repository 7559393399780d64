// The language of `when`: comparisons, and, or, not, contains, matches, in. Pure.
#pragma once

#include "rustchain/result.hpp"

#include "mission/references.hpp"
#include "mission/resolve.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

// Problems of the text itself, without values: its offset in the text and one sentence.
struct ConditionError {
  std::size_t offset = 0;
  std::string message;
  std::string help;
};
// A reference that is compared with one word, by == or !=.
struct Comparison {
  std::string reference;   // as written
  std::string word;        // without its quotes
  std::size_t offset = 0;  // of the word in the text
};
// A word that is compared, without quotes or braces.
struct BareWord {
  std::string text;
  std::size_t offset = 0;
  bool left = false;  // of its operator
};
struct ConditionWords {
  std::vector<Comparison> comparisons;
  std::vector<BareWord> bare;
};
// Gives what a text that is right compares.
Result<ConditionWords, ConditionError> check_condition(std::string_view text);

// The value of a condition that check_condition finds right. A Failure (kind invalid) where a value doesn't
// fit its operator, or isn't there.
Result<bool, Failure> evaluate_condition(std::string_view text, const Names& names, const Values& values,
                                         bool in_foreach = false);

}  // namespace rustchain
