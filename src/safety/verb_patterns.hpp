// The patterns of the table of verbs, put into words when the program is compiled, and what fits them.
#pragma once

#include "safety/arguments.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace rustchain {

// A word of a pattern. Where its text stands, without the stars, is told by places in the pattern's.
struct PatternWord {
  enum class Kind : std::uint8_t { exact, begins, ends, contains, any, skip };  // skip: any words, `...`

  std::uint16_t at = 0;
  std::uint8_t length = 0;
  Kind kind = Kind::exact;
  bool last = false;  // of its alternative
};

// `word`: one of a pattern, its place being 0.
constexpr PatternWord pattern_word(std::string_view word) {
  using Kind = PatternWord::Kind;
  if (word == "*") return {.kind = Kind::any, .last = false};
  if (word == "...") return {.kind = Kind::skip, .last = false};
  const bool front = word.starts_with('*'), back = word.size() > 1 && word.ends_with('*');
  PatternWord parsed;
  parsed.at = front ? 1 : 0;
  parsed.length = static_cast<std::uint8_t>(word.size() - (front ? 1U : 0U) - (back ? 1U : 0U));
  parsed.kind = front && back ? Kind::contains : front ? Kind::ends : back ? Kind::begins : Kind::exact;
  return parsed;
}

// Alternatives are separated by '|', their words by blanks.
template <typename Visit>
constexpr void each_pattern_word(std::string_view pattern, Visit visit) {
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t end = std::min(pattern.find_first_of(" |", at), pattern.size());
    PatternWord word = pattern_word(pattern.substr(at, end - at));
    word.at = static_cast<std::uint16_t>(word.at + at);
    word.last = end == pattern.size() || pattern[end] == '|';
    visit(word);
    at = end + 1;
  }
}

// The patterns of all rows of a table (those in their member `verbs`), one after the other.
template <const auto& rows>
struct Patterns {
  static consteval std::size_t count() {
    std::size_t count = 0;
    for (const auto& row : rows) each_pattern_word(row.verbs, [&](PatternWord) { ++count; });
    return count;
  }

  consteval Patterns() {
    std::uint16_t at = 0;
    std::size_t row = 0;
    for (const auto& one : rows) {
      each_pattern_word(one.verbs, [&](PatternWord word) {
        if (word.kind == PatternWord::Kind::exact && word.length == 0) throw "two separators side by side";
        words[at++] = word;
      });
      ends[row++] = at;
    }
  }
  constexpr std::span<const PatternWord> of(std::size_t row) const {
    const std::size_t begin = row == 0 ? 0 : ends[row - 1];
    return std::span(words).subspan(begin, ends[row] - begin);
  }

  std::array<PatternWord, count()> words;
  std::array<std::uint16_t, std::size(rows)> ends;
};

// A word that may be a sub-command. One that follows an option may be the option's value (not `sure`): a
// pattern may pass it over.
struct SubCommand {
  std::string_view text;
  bool sure = true;
};
std::vector<SubCommand> sub_commands(std::span<const Argument> argv);

// Whether the sub-commands begin with one of the pattern's alternatives. `text` is what `pattern` was made
// of; both empty: always.
bool verbs_fit(std::string_view text, std::span<const PatternWord> pattern,
               std::span<const SubCommand> given);
// `options` as in VerbRow.
bool options_fit(std::string_view options, std::span<const Argument> argv);

}  // namespace rustchain
