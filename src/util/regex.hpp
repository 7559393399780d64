// Regular expressions that can't be slow: time is at most (pattern) x (text), memory doesn't grow with the
// text. std::regex recurses with the length of what it matches and can take exponential time, so it isn't
// used on files and outputs of any size.
#pragma once

#include "rustchain/result.hpp"

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rustchain {

// The common ground of Perl, Python and ECMAScript: . [] () (?:) (?i) | * + ? {n,m} and their lazy forms, ^ $
// at the ends of lines, \A \z, \b \B, \d \w \s and their opposites, \n \t \r \xHH \uHHHH, [:alpha:] and the
// like. Texts are UTF-8; \d, \w, \s and (?i) know ASCII only. No back references and no look-around: they
// can't be matched in linear time.
class Regex {
 public:
  // Fails with what is wrong with the pattern.
  static Result<Regex> make(std::string_view pattern);

  struct Match {
    static constexpr std::size_t k_none = static_cast<std::size_t>(-1);
    std::vector<std::size_t> slots;  // begin and end of the whole, then of each group; k_none: took no part

    std::size_t begin() const { return slots[0]; }
    std::size_t end() const { return slots[1]; }
    std::string_view group(std::size_t i, std::string_view text) const;
  };
  // The first match that begins at `from` or later; the earlier alternative wins. False: there is none.
  bool find(std::string_view text, std::size_t from, Match& match) const;
  std::size_t groups() const { return groups_; }

 private:
  friend class RegexCompiler;
  friend class RegexMatcher;

  struct Instruction {
    enum class Op : std::uint8_t {
      character,  // `value`, a code point
      any,        // but a newline
      any_at_all,
      one_of,  // `value`: index into sets_
      split,   // go on at `value`, else at `other`
      jump,    // to `value`
      save,    // the place, in slot `value`
      line_begin,
      line_end,
      text_begin,
      text_end,
      word_edge,
      no_word_edge,
      match,
    };
    Op op = Op::match;
    std::uint32_t value = 0;
    std::uint32_t other = 0;
    bool fold = false;  // ASCII letters of either case
  };
  struct Set {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges;
    bool negated = false;
  };

  Regex() = default;
  bool takes(const Instruction& instruction, std::uint32_t character) const;

  std::vector<Instruction> program_;
  std::vector<Set> sets_;
  std::size_t groups_ = 0;
  std::bitset<256> first_;  // bytes that a match may begin with
  bool skips_ = false;      // first_ is worth looking at: a match is never empty
};

// A replacement: $1, ${1} or \1 is a group, $0 or $& the whole match, $$ a dollar, \n \t a newline and a tab.
std::string expand_replacement(std::string_view replacement, std::string_view text,
                               const Regex::Match& match);

}  // namespace rustchain
