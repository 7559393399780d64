// Regular expressions, by RE2. The one place that knows it.
#include "util/regex.hpp"

#include <algorithm>
#include <utility>

#include <re2/re2.h>

namespace rustchain {
namespace {

constexpr std::int64_t k_program_bytes = 8 << 20;
constexpr std::size_t k_most_groups = 1000;

// What is wrong, as the end of a sentence.
std::string problem(const re2::RE2& compiled) {
  const std::string& piece = compiled.error_arg();
  switch (compiled.error_code()) {
    case re2::RE2::ErrorBadEscape:
      if (piece.size() == 2 && piece[1] >= '1' && piece[1] <= '9')
        return "the back reference " + piece + " is not supported";
      return piece + " means nothing here";
    case re2::RE2::ErrorBadCharClass: return "'" + piece + "' is no class of characters";
    case re2::RE2::ErrorBadCharRange: return "the range '" + piece + "' goes backwards";
    case re2::RE2::ErrorMissingBracket: return "there is a '[' without its ']'";
    case re2::RE2::ErrorMissingParen: return "there is a '(' without its ')'";
    case re2::RE2::ErrorUnexpectedParen: return "there is a ')' without its '('";
    case re2::RE2::ErrorTrailingBackslash: return "it ends with a backslash";
    case re2::RE2::ErrorRepeatArgument: return "'" + piece + "' has nothing before it to repeat";
    case re2::RE2::ErrorRepeatSize: return "the repeat count '" + piece + "' is too high or goes backwards";
    case re2::RE2::ErrorRepeatOp: return "'" + piece + "' repeats a repetition";
    case re2::RE2::ErrorBadPerlOp:
      if (piece.starts_with("(?=") || piece.starts_with("(?!")) return "looking ahead is not supported";
      if (piece.starts_with("(?<"))
        return "looking behind is not supported, and a group is named by (?P<name>...)";
      return "'" + piece + "' is not supported";
    case re2::RE2::ErrorBadUTF8: return "it is no valid UTF-8";
    case re2::RE2::ErrorBadNamedCapture: return "the name of a group is wrong: " + piece;
    case re2::RE2::ErrorPatternTooLarge: return "it is too long";
    default: return compiled.error();
  }
}

}  // namespace

Result<Regex> Regex::make(std::string_view pattern, Anchors anchors) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(k_program_bytes);
  std::string text = (anchors == Anchors::lines ? "(?m)" : "") + std::string(pattern);
  auto compiled = std::make_shared<const re2::RE2>(text, options);
  std::string wrong;
  if (!compiled->ok())
    wrong = problem(*compiled);
  else if (static_cast<std::size_t>(compiled->NumberOfCapturingGroups()) > k_most_groups)
    wrong = "it has too many groups";
  if (wrong.empty()) return Regex(std::move(compiled));
  return Error{"the regular expression '" + std::string(pattern) + "' can't be read: " + wrong,
               "a backslash before . ( ) [ ] { } | * + ? ^ $ takes them as they are"};
}

bool Regex::find(std::string_view text, std::size_t from, Match& match) const {
  std::vector<re2::StringPiece> found(groups() + 1);
  re2::StringPiece all(text.data(), text.size());
  if (from > text.size() || !compiled_->Match(all, from, text.size(), re2::RE2::UNANCHORED, found.data(),
                                              static_cast<int>(found.size())))
    return false;
  match.slots.assign(2 * found.size(), Match::k_none);
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i].data() == nullptr) continue;
    match.slots[2 * i] = static_cast<std::size_t>(found[i].data() - text.data());
    match.slots[2 * i + 1] = match.slots[2 * i] + found[i].size();
  }
  return true;
}

bool Regex::found_in(std::string_view text) const {
  return compiled_->Match(re2::StringPiece(text.data(), text.size()), 0, text.size(), re2::RE2::UNANCHORED,
                          nullptr, 0);
}

std::size_t Regex::groups() const {
  return static_cast<std::size_t>(compiled_->NumberOfCapturingGroups());
}

std::string_view Regex::Match::group(std::size_t i, std::string_view text) const {
  if (2 * i + 1 >= slots.size() || slots[2 * i] == k_none) return {};
  return text.substr(slots[2 * i], slots[2 * i + 1] - slots[2 * i]);
}

std::string expand_replacement(std::string_view replacement, std::string_view text,
                               const Regex::Match& match) {
  std::string expanded;
  auto is_digit = [&](std::size_t i) {
    return i < replacement.size() && replacement[i] >= '0' && replacement[i] <= '9';
  };
  // The number at `i`, at most two digits; moves `i` past it.
  auto group_at = [&](std::size_t& i) {
    std::size_t number = static_cast<std::size_t>(replacement[i++] - '0');
    if (is_digit(i)) number = number * 10 + static_cast<std::size_t>(replacement[i++] - '0');
    expanded += match.group(number, text);
  };
  for (std::size_t i = 0; i < replacement.size();) {
    char c = replacement[i];
    if (c == '$' && is_digit(i + 1)) {
      group_at(++i);
    } else if (c == '$' && i + 1 < replacement.size() &&
               (replacement[i + 1] == '&' || replacement[i + 1] == '$')) {
      expanded += replacement[i + 1] == '$' ? std::string_view("$") : match.group(0, text);
      i += 2;
    } else if (c == '$' && i + 1 < replacement.size() && replacement[i + 1] == '{' && is_digit(i + 2)) {
      std::size_t end = i + 2;
      while (is_digit(end) && end < i + 4) ++end;
      if (end < replacement.size() && replacement[end] == '}') {
        group_at(i += 2);
        ++i;
      } else {
        expanded += replacement[i++];
      }
    } else if (c == '\\' && i + 1 < replacement.size()) {
      char next = replacement[i + 1];
      if (is_digit(i + 1)) {
        group_at(++i);
        continue;
      }
      expanded += next == 'n' ? '\n' : next == 't' ? '\t' : next;
      i += 2;
    } else {
      expanded += replacement[i++];
    }
  }
  return expanded;
}

}  // namespace rustchain
