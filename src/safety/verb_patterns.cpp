// Whether what a program is told fits a row of the table of verbs.
#include "safety/verb_patterns.hpp"

#include "util/text.hpp"

#include <algorithm>

namespace rustchain {
namespace {

// As often a word is compared before a pattern is given up.
constexpr int k_most_steps = 400;

bool word_fits(PatternWord pattern, std::string_view text, std::string_view word) {
  using Kind = PatternWord::Kind;
  const std::string_view bare = text.substr(pattern.at, pattern.length);
  switch (pattern.kind) {
    case Kind::exact: return word == bare;
    case Kind::begins: return word.starts_with(bare);
    case Kind::ends: return word.size() > bare.size() && word.ends_with(bare);
    case Kind::contains: return word.find(bare) != std::string_view::npos;
    default: return true;
  }
}

// The first letter of a word as a bit; words with the same bit may fit.
std::uint32_t initial(std::string_view word) {
  return word.empty() ? 0 : 1U << (word[0] & 31);
}
std::uint32_t initial(PatternWord pattern, std::string_view text) {
  const bool known = pattern.kind == PatternWord::Kind::exact || pattern.kind == PatternWord::Kind::begins;
  return known ? initial(text.substr(pattern.at, pattern.length)) : ~0U;
}

bool word_fits(std::string_view pattern, std::string_view word) {
  return word_fits(pattern_word(pattern), pattern, word);
}

// One alternative, from `word` to its last; nullptr: it is at its end.
bool alternative_fits(const PatternWord* word, std::string_view text, std::span<const SubCommand> given,
                      int& steps) {
  if (++steps > k_most_steps) return false;
  if (word == nullptr) return true;
  auto after = [](const PatternWord* one) { return one->last ? nullptr : one + 1; };
  if (word->kind == PatternWord::Kind::skip) {
    const PatternWord* first = after(word);
    if (first == nullptr) return true;
    for (std::size_t skip = 0; skip < given.size(); ++skip)
      if (word_fits(*first, text, given[skip].text) &&
          alternative_fits(after(first), text, given.subspan(skip + 1), steps))
        return true;
    return false;
  }
  if (given.empty()) return false;
  if (word_fits(*word, text, given[0].text) && alternative_fits(after(word), text, given.subspan(1), steps))
    return true;
  return !given[0].sure && alternative_fits(word, text, given.subspan(1), steps);
}

// -xdf: letters, and not a word such as -Force.
bool is_bundle(std::string_view word) {
  if (word.size() < 3 || word.size() > 6 || word[0] != '-' || word[1] == '-') return false;
  const bool upper = word[1] >= 'A' && word[1] <= 'Z';
  return !upper || word.size() < 5 || word.substr(2) != to_lower(word.substr(2));
}

bool has_option(std::span<const Argument> argv, std::string_view option) {
  const std::size_t equals = option.find('=');
  const std::string_view name = option.substr(0, equals);
  const bool letter = option.size() == 2 && option[0] == '-' && option[1] != '-';
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string_view word = argv[i].text;
    if (word == option) return true;
    if (equals != std::string_view::npos) {
      // -X=DELETE: the option and its value, however they are written.
      const std::string_view value = option.substr(equals + 1);
      if (!word.starts_with(name)) continue;
      std::string_view rest = word.substr(name.size());
      if (rest.empty() && i + 1 < argv.size() && word_fits(value, argv[i + 1].text)) return true;
      if (rest.starts_with('=')) rest.remove_prefix(1);
      if (!rest.empty() && word_fits(value, rest)) return true;
      continue;
    }
    if (word_fits(option, word)) return true;
    if (letter && is_bundle(word) && word.find(option[1], 1) != std::string_view::npos) return true;
    if (option.starts_with("--") && word.starts_with(option) && word.size() > option.size() &&
        word[option.size()] == '=' && !word.ends_with("=false"))
      return true;
  }
  return false;
}

}  // namespace

std::vector<SubCommand> sub_commands(std::span<const Argument> argv) {
  constexpr std::size_t most = 8;
  std::vector<SubCommand> all;
  all.reserve(std::min(argv.size(), most));
  bool after_option = false, sure_seen = false;
  for (std::size_t i = 1; i < argv.size() && all.size() < most; ++i) {
    const std::string_view word = argv[i].text;
    if (word == "--") break;
    if (word.size() > 1 && word[0] == '-') {
      after_option = word.find('=') == std::string_view::npos;
      continue;
    }
    if (after_option && sure_seen) {
      after_option = false;
      continue;
    }
    all.push_back({word, !after_option});
    sure_seen = sure_seen || !after_option;
    after_option = false;
  }
  return all;
}

bool verbs_fit(std::string_view text, std::span<const PatternWord> pattern,
               std::span<const SubCommand> given) {
  if (pattern.empty()) return true;
  // Most alternatives ask for a word that begins with another letter than any that is given.
  std::uint32_t initials = given.empty() ? ~0U : 0;
  for (const SubCommand& one : given) initials |= initial(one.text);
  bool begins = true;
  for (const PatternWord& word : pattern) {
    const bool skips = word.kind == PatternWord::Kind::skip && !word.last;
    int steps = 0;
    if (begins && (initial(skips ? (&word)[1] : word, text) & initials) != 0 &&
        alternative_fits(&word, text, given, steps))
      return true;
    begins = word.last;
  }
  return false;
}

bool options_fit(std::string_view options, std::span<const Argument> argv) {
  bool wanted = false, found = false;
  for (std::size_t at = 0; at < options.size();) {
    const std::size_t end = std::min(options.find(' ', at), options.size());
    const std::string_view option = options.substr(at, end - at);
    at = end + 1;
    if (option[0] == '!') {
      if (has_option(argv, option.substr(1))) return false;
      continue;
    }
    wanted = true;
    found = found || has_option(argv, option);
  }
  return !wanted || found;
}

}  // namespace rustchain
