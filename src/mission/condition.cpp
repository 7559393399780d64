// Reads and evaluates a condition in one go; what can't decide any more is read without being evaluated.
#include "mission/condition.hpp"

#include "util/regex.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

namespace rustchain {
namespace {

constexpr int k_deepest = 100;       // of parentheses
constexpr std::size_t k_shown = 60;  // bytes of a value in a message

constexpr std::string_view k_true_words = "true yes on always 1";
constexpr std::string_view k_false_words = "false no off never 0";

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

enum class Token : std::uint8_t {
  end,
  reference,
  quoted,
  word,  // bare: a number, true, success ...
  left_parenthesis,
  right_parenthesis,
  left_bracket,
  right_bracket,
  comma,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  word_and,
  word_or,
  word_not,
  word_contains,
  word_matches,
  word_in,
};

bool is_comparison(Token token) {
  return (token >= Token::equal && token <= Token::greater_equal) || token == Token::word_contains ||
         token == Token::word_matches || token == Token::word_in;
}

// A value of the condition, and how it is written.
struct Operand {
  Json value;
  std::string written;
  bool plain_word = false;
  bool reference = false;  // one and nothing else
  std::size_t offset = 0;
};

std::optional<double> number_of(const Json& value) {
  if (value.is_number()) return value.get<double>();
  if (!value.is_string()) return std::nullopt;
  Node node;
  node.kind = Node::Kind::scalar;
  node.text = trim(value.get_ref<const std::string&>());
  double number = 0;
  if (!is_number(node, &number)) return std::nullopt;
  return number;
}

// true and false as texts too; no other word.
std::optional<bool> boolean_of(const Json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (!value.is_string()) return std::nullopt;
  std::string text = to_lower(trim(value.get_ref<const std::string&>()));
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

bool equal(const Json& a, const Json& b) {
  if (a.is_boolean() || b.is_boolean()) {
    auto left = boolean_of(a);
    auto right = boolean_of(b);
    return left && right && *left == *right;
  }
  auto left = number_of(a);
  auto right = number_of(b);
  if (left && right) return *left == *right;
  if (a.is_structured() && b.is_structured()) return a == b;
  return value_text(a) == value_text(b);
}

std::string shown(const Json& value) {
  std::string text = value_text(value);
  if (text.size() > k_shown) text = text.substr(0, k_shown) + "...";
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

class Condition {
 public:
  // Without values it is only read.
  Condition(std::string_view text, const Names* names, const Values* values, bool in_foreach)
      : text_(text), names_(names), values_(values), in_foreach_(in_foreach) {
    advance();
  }

  bool evaluate() {
    bool value = either(values_ != nullptr, 0);
    if (!error_ && token_ != Token::end) unexpected();
    return value;
  }
  const std::optional<ConditionError>& error() const { return error_; }
  const std::optional<Failure>& failure() const { return failure_; }
  std::vector<Comparison> take_comparisons() { return std::move(comparisons_); }

 private:
  // ---- words

  void problem(std::size_t offset, std::string message, std::string help = {}) {
    if (!error_) error_ = ConditionError{offset, std::move(message), std::move(help)};
    token_ = Token::end;
    at_ = text_.size();
  }

  void unexpected() {
    if (token_ == Token::right_parenthesis) return problem(begin_, "there is a ')' without a '('");
    if (token_ == Token::word || token_ == Token::quoted || token_ == Token::reference)
      return problem(
          begin_, "there is no operator before '" + spelling() + "'",
          "operators are ==, !=, <, <=, >, >=, contains, matches, in, and, or, not; a text of several "
          "words needs quotes");
    problem(begin_, "'" + spelling() + "' doesn't belong here");
  }

  std::string spelling() const { return std::string(text_.substr(begin_, at_ - begin_)); }

  void advance() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    begin_ = at_;
    word_.clear();
    if (at_ == text_.size()) {
      token_ = Token::end;
      return;
    }
    char c = text_[at_];
    if (c == '{' || c == '$') {
      if (std::optional<Mark> mark = mark_at(text_, at_); mark && mark->kind == Mark::Kind::reference) {
        at_ = mark->reference.end;
        reference_ = std::move(mark->reference);
        // {a}{b} or {a}-x: one text made of several.
        if (at_ < text_.size() && is_word_char(at_)) return bare_word();
        token_ = Token::reference;
        return;
      }
    }
    if (c == '"' || c == '\'') return quoted(c);
    constexpr std::pair<std::string_view, Token> k_signs[] = {{"==", Token::equal},
                                                              {"!=", Token::not_equal},
                                                              {"<=", Token::less_equal},
                                                              {">=", Token::greater_equal},
                                                              {"&&", Token::word_and},
                                                              {"||", Token::word_or},
                                                              {"<", Token::less},
                                                              {">", Token::greater},
                                                              {"!", Token::word_not},
                                                              {"(", Token::left_parenthesis},
                                                              {")", Token::right_parenthesis},
                                                              {"[", Token::left_bracket},
                                                              {"]", Token::right_bracket},
                                                              {",", Token::comma}};
    for (auto [sign, token] : k_signs)
      if (text_.substr(at_, sign.size()) == sign) {
        at_ += sign.size();
        token_ = token;
        return;
      }
    if (c == '=') return problem(at_, "'=' compares nothing", "write ==");
    if (c == '&' || c == '|')
      return problem(at_, std::string("'") + c + "' is no operator", c == '&' ? "write and" : "write or");
    bare_word();
  }

  bool is_word_char(std::size_t at) const {
    char c = text_[at];
    return !is_blank(c) && std::string_view("\"'()[],=!<>&|").find(c) == std::string_view::npos;
  }

  void bare_word() {
    at_ = begin_;
    while (at_ < text_.size() && is_word_char(at_)) {
      std::optional<Mark> mark;
      if (text_[at_] == '{' || text_[at_] == '$') mark = mark_at(text_, at_);
      at_ = mark ? mark->reference.end : at_ + 1;
    }
    word_ = text_.substr(begin_, at_ - begin_);
    token_ = Token::word;
    constexpr std::pair<std::string_view, Token> k_words[] = {
        {"and", Token::word_and},           {"or", Token::word_or},           {"not", Token::word_not},
        {"contains", Token::word_contains}, {"matches", Token::word_matches}, {"in", Token::word_in}};
    std::string lower = to_lower(word_);
    for (auto [word, token] : k_words)
      if (lower == word) token_ = token;
  }

  void quoted(char quote) {
    // In double quotes a backslash takes the quote and itself as they are; other pairs stay, for patterns.
    std::size_t at = at_ + 1;
    for (; at < text_.size() && text_[at] != quote; ++at) {
      if (quote == '"' && text_[at] == '\\' && at + 1 < text_.size() &&
          (text_[at + 1] == '"' || text_[at + 1] == '\\'))
        ++at;
      word_ += text_[at];
    }
    if (at >= text_.size()) return problem(at_, "the quote is not closed");
    at_ = at + 1;
    token_ = Token::quoted;
  }

  // ---- and, or, not

  bool either(bool active, int depth) {
    bool value = both(active, depth);
    while (token_ == Token::word_or && !error_) {
      advance();
      // Both sides are read whatever the first says.
      bool right = both(active && !value && !failure_, depth);
      value = value || right;
    }
    return value;
  }

  bool both(bool active, int depth) {
    bool value = negation(active, depth);
    while (token_ == Token::word_and && !error_) {
      advance();
      bool right = negation(active && value && !failure_, depth);
      value = value && right;
    }
    return value;
  }

  bool negation(bool active, int depth) {
    bool negated = false;
    while (token_ == Token::word_not && !error_) {
      negated = !negated;
      advance();
    }
    return comparison(active, depth) != negated;
  }

  bool comparison(bool active, int depth) {
    if (token_ == Token::left_parenthesis) {
      std::size_t begin = begin_;
      if (depth == k_deepest) {
        problem(begin, "the parentheses are nested too deep");
        return false;
      }
      advance();
      bool value = either(active, depth + 1);
      if (error_) return false;
      if (token_ != Token::right_parenthesis) {
        if (token_ == Token::end)
          problem(begin, "the '(' is not closed");
        else
          unexpected();
        return false;
      }
      advance();
      return value;
    }
    Operand left = operand(active);
    if (error_) return false;
    Token op = token_;
    bool inverted = false;
    if (op == Token::word_not) {
      // a not in b, a not contains b
      std::size_t at = at_;
      std::size_t begin = begin_;
      advance();
      if (token_ != Token::word_in && token_ != Token::word_contains && token_ != Token::word_matches) {
        at_ = at;
        begin_ = begin;
        token_ = Token::word_not;
        unexpected();
        return false;
      }
      inverted = true;
      op = token_;
    }
    if (!is_comparison(op)) return truth(left, active);
    std::size_t begin = begin_;
    advance();
    Operand right = operand(active);
    if (error_) return false;
    if (is_comparison(token_)) {
      problem(begin_, "two comparisons in a row", "join them with and");
      return false;
    }
    if (op == Token::equal || op == Token::not_equal) {
      remember(left, right);
      remember(right, left);
    }
    std::optional<Regex> pattern;
    if (op == Token::word_matches && !compile(right, active, pattern)) return false;
    if (!active || failure_) return false;
    return compare(left, op, right, pattern, text_.substr(begin, 8)) != inverted;
  }

  void remember(const Operand& reference, const Operand& word) {
    if (!reference.reference || word.reference || !word.value.is_string()) return;
    const std::string& text = word.value.get_ref<const std::string&>();
    if (text.find('{') == std::string::npos) comparisons_.push_back({reference.written, text, word.offset});
  }

  // ---- operands

  Operand operand(bool active) {
    Operand operand;
    operand.offset = begin_;
    switch (token_) {
      case Token::reference:
      case Token::quoted:
      case Token::word: operand = single(active); break;
      case Token::left_bracket: list(active, operand); break;
      case Token::end:
        problem(begin_,
                text_.find_first_not_of(" \t\r\n") == std::string_view::npos ? "the condition is empty"
                                                                             : "the condition ends too early",
                "for example: {build.status} == success");
        break;
      default: problem(begin_, "there is no value before '" + spelling() + "'"); break;
    }
    return operand;
  }

  // A value of one word.
  Operand single(bool active) {
    Operand operand;
    operand.offset = begin_;
    operand.written = spelling();
    operand.reference = token_ == Token::reference;
    if (operand.reference) {
      if (active && !failure_) operand.value = look_up(operand.written);
    } else {
      operand.plain_word = token_ == Token::word;
      operand.value = word_;
      if (active && !failure_ && word_.find('{') != std::string::npos) {
        Result<std::string, Failure> filled = resolve_text(word_, *names_, *values_, in_foreach_);
        if (filled)
          operand.value = std::move(*filled);
        else
          failure_ = filled.error();
      }
    }
    advance();
    return operand;
  }

  void list(bool active, Operand& operand) {
    std::size_t begin = begin_;
    operand.value = Json::array();
    advance();
    while (token_ != Token::right_bracket) {
      if (token_ != Token::reference && token_ != Token::quoted && token_ != Token::word) {
        if (token_ == Token::end)
          problem(begin, "the '[' is not closed");
        else
          unexpected();
        return;
      }
      operand.value.push_back(single(active).value);
      if (token_ == Token::comma)
        advance();
      else if (token_ != Token::right_bracket && token_ != Token::end)
        return problem(begin_, "there is no comma before '" + spelling() + "'");
    }
    advance();
    operand.written = text_.substr(begin, begin_ - begin);
  }

  Json look_up(const std::string& raw) {
    Meaning meaning = names_->meaning(reference_, in_foreach_);
    if (meaning.kind == Meaning::Kind::unknown) return raw;
    Result<Json, Failure> value = reference_value(reference_, meaning, raw, *values_);
    if (value) return std::move(*value);
    failure_ = value.error();
    return {};
  }

  // ---- values

  // A value that stands for itself.
  bool truth(const Operand& operand, bool active) {
    if (operand.plain_word && operand.written.find('{') == std::string::npos) {
      std::string word = to_lower(operand.written);
      if (has_word(k_true_words, word)) return active;
      if (has_word(k_false_words, word)) return false;
      problem(operand.offset, "'" + operand.written + "' is no condition",
              "compare it, for example {" + operand.written + ".status} == success");
      return false;
    }
    if (!active || failure_) return false;
    const Json& value = operand.value;
    switch (value.type()) {
      case Json::value_t::boolean: return value.get<bool>();
      case Json::value_t::null: return false;
      case Json::value_t::string: {
        std::string text = to_lower(trim(value.get_ref<const std::string&>()));
        return !text.empty() && !has_word(k_false_words, text);
      }
      case Json::value_t::array:
      case Json::value_t::object: return !value.empty();
      default: return value.get<double>() != 0;
    }
  }

  // A pattern that is written out is checked without values too.
  bool compile(const Operand& right, bool active, std::optional<Regex>& pattern) {
    bool known = right.value.is_string() && right.written.find('{') == std::string::npos;
    if (!known && (!active || failure_)) return true;
    Result<Regex> compiled = Regex::make(value_text(right.value), Regex::Anchors::text);
    if (compiled) {
      pattern = std::move(*compiled);
      return true;
    }
    if (known) {
      // Braces of the expression itself may have been taken for a reference; its own place is near enough.
      problem(right.offset, compiled.error().message, compiled.error().help);
    } else {
      fail(right.written + ": " + compiled.error().message);
    }
    return false;
  }

  void fail(std::string message, std::string help = {}) {
    if (!failure_) failure_ = Failure{FailureKind::invalid, std::move(message), std::move(help)};
  }

  bool compare(const Operand& left, Token op, const Operand& right, const std::optional<Regex>& pattern,
               std::string_view sign) {
    switch (op) {
      case Token::equal: return equal(left.value, right.value);
      case Token::not_equal: return !equal(left.value, right.value);
      case Token::word_contains: return contains(left, right, left);
      case Token::word_in: return contains(right, left, right);
      case Token::word_matches: return pattern && pattern->found_in(value_text(left.value));
      default: break;
    }
    std::optional<double> a = number_of(left.value);
    std::optional<double> b = number_of(right.value);
    if (!a || !b) {
      const Operand& wrong = a ? right : left;
      std::string name(sign.substr(0, sign.size() > 1 && sign[1] == '=' ? 2 : 1));
      fail("'" + name + "' compares numbers, and " + wrong.written + " is " + shown(wrong.value));
      return false;
    }
    switch (op) {
      case Token::less: return *a < *b;
      case Token::less_equal: return *a <= *b;
      case Token::greater: return *a > *b;
      default: return *a >= *b;
    }
  }

  bool contains(const Operand& whole, const Operand& part, const Operand& named) {
    const Json& value = whole.value;
    switch (value.type()) {
      case Json::value_t::array:
        return std::any_of(value.begin(), value.end(),
                           [&](const Json& one) { return equal(one, part.value); });
      case Json::value_t::object: return value.contains(value_text(part.value));
      case Json::value_t::null: return false;
      case Json::value_t::string:
        return value.get_ref<const std::string&>().find(value_text(part.value)) != std::string::npos;
      default:
        fail(named.written + " is " + shown(value) + ", which holds nothing: a text, a list or a map does");
        return false;
    }
  }

  std::string_view text_;
  const Names* names_;
  const Values* values_;
  const bool in_foreach_;
  std::size_t at_ = 0;
  std::size_t begin_ = 0;  // of the current token
  Token token_ = Token::end;
  std::string word_;  // quoted: without the quotes
  Reference reference_;
  std::optional<ConditionError> error_;
  std::optional<Failure> failure_;
  std::vector<Comparison> comparisons_;
};

}  // namespace

Result<std::vector<Comparison>, ConditionError> check_condition(std::string_view text) {
  Condition condition(text, nullptr, nullptr, false);
  (void)condition.evaluate();
  if (condition.error()) return *condition.error();
  return condition.take_comparisons();
}

Result<bool, Failure> evaluate_condition(std::string_view text, const Names& names, const Values& values,
                                         bool in_foreach) {
  Condition condition(text, &names, &values, in_foreach);
  bool value = condition.evaluate();
  if (condition.error())
    return Failure{FailureKind::invalid, condition.error()->message, condition.error()->help};
  if (condition.failure()) return *condition.failure();
  return value;
}

}  // namespace rustchain
