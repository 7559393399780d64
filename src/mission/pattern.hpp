// Regular expressions that no text can make slow: all ways are followed at once, one character after another.
#pragma once

#include "rustchain/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rustchain {

struct PatternError {
  std::size_t offset = 0;
  std::string message;
};

// What most regular expressions have in common: . [] [^] () (?:) | * + ? {m,n} and their lazy forms, ^ $ \b
// \B \d \w \s and their opposites, \n \t \r \xHH, and at the beginning flags: (?i) letters in either case
// (ASCII), (?m) ^ and $ at every line, (?s) a dot is a line end too. Characters are those of UTF-8. There are
// no references back and no look around.
class Pattern {
 public:
  static Result<Pattern, PatternError> compile(std::string_view text);

  // Whether it matches anywhere in the text. Takes time in proportion to both sizes multiplied.
  bool found_in(std::string_view text) const;

 private:
  friend class PatternCompiler;
  using Ranges = std::vector<std::pair<char32_t, char32_t>>;
  struct Set {
    Ranges ranges;
    bool negated = false;
  };
  enum class Op : std::uint8_t {
    set,    // a character of sets_[a]
    split,  // a and b
    jump,   // a
    text_begin,
    text_end,
    line_begin,
    line_end,
    word_edge,
    no_word_edge,
    match,
  };
  struct Instruction {
    Op op = Op::match;
    std::uint32_t a = 0;
    std::uint32_t b = 0;
  };

  bool in_set(std::uint32_t set, char32_t c) const;

  std::vector<Instruction> program_;
  std::vector<Set> sets_;
  bool any_case_ = false;
};

}  // namespace rustchain
