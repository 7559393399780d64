// Reads and evaluates a condition in one go; what can't decide any more is read without being evaluated.
#include "mission/condition.hpp"

#include "mission/condition_lexer.hpp"
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

using Token = ConditionToken;

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

// Where a '(' follows `before`: what other tools' functions are here.
std::string help_for_call(std::string_view before) {
  constexpr std::pair<std::string_view, std::string_view> k_calls[] = {
      {"always", "leave `when` out, and write `dependency_strategy: best_effort`"},
      {"success", "leave `when` out: a step runs only when what it needs has succeeded"},
      {"failure", "write {ID.status} == failed, and `dependency_strategy: best_effort`"},
      {"failed", "write {ID.status} == failed, and `dependency_strategy: best_effort`"},
      {"cancelled", "put the step under `finally:`, which always runs"},
      {"contains", "write {ID} contains \"text\""},
      {"exists", "let a command step `test -e FILE` tell, and compare its {ID.exit_code}"},
  };
  for (auto [name, help] : k_calls)
    if (to_lower(before).ends_with(name)) return std::string(help);
  return "there are no functions; operators are ==, !=, <, <=, >, >=, contains, matches, in, and, or, not";
}

class Condition {
 public:
  // Without values it is only read.
  Condition(std::string_view text, const Names* names, const Values* values, bool in_foreach)
      : text_(text), lexer_(text), names_(names), values_(values), in_foreach_(in_foreach) {}

  bool evaluate() {
    bool value = either(values_ != nullptr, 0);
    if (!error() && token() != Token::end) unexpected();
    return value;
  }
  const std::optional<ConditionError>& error() const { return lexer_.error(); }
  const std::optional<Failure>& failure() const { return failure_; }
  ConditionWords take_words() { return std::move(words_); }

 private:
  Token token() const { return lexer_.token(); }
  void problem(std::size_t offset, std::string message, std::string help = {}) {
    lexer_.problem(offset, std::move(message), std::move(help));
  }

  void unexpected() {
    if (token() == Token::right_parenthesis) return problem(lexer_.begin(), "there is a ')' without a '('");
    if (token() == Token::word || token() == Token::quoted || token() == Token::reference)
      return problem(
          lexer_.begin(), "there is no operator before '" + lexer_.spelling() + "'",
          "operators are ==, !=, <, <=, >, >=, contains, matches, in, and, or, not; a text of several "
          "words needs quotes");
    const bool call = token() == Token::left_parenthesis;
    problem(lexer_.begin(), "'" + lexer_.spelling() + "' doesn't belong here",
            call ? help_for_call(trim(text_.substr(0, lexer_.begin()))) : "");
  }

  // ---- and, or, not

  bool either(bool active, int depth) {
    bool value = both(active, depth);
    while (token() == Token::word_or && !error()) {
      lexer_.advance();
      // Both sides are read whatever the first says.
      bool right = both(active && !value && !failure_, depth);
      value = value || right;
    }
    return value;
  }

  bool both(bool active, int depth) {
    bool value = negation(active, depth);
    while (token() == Token::word_and && !error()) {
      lexer_.advance();
      bool right = negation(active && value && !failure_, depth);
      value = value && right;
    }
    return value;
  }

  bool negation(bool active, int depth) {
    bool negated = false;
    while (token() == Token::word_not && !error()) {
      negated = !negated;
      lexer_.advance();
    }
    return comparison(active, depth) != negated;
  }

  bool comparison(bool active, int depth) {
    if (token() == Token::left_parenthesis) {
      std::size_t begin = lexer_.begin();
      if (depth == k_deepest) {
        problem(begin, "the parentheses are nested too deep");
        return false;
      }
      lexer_.advance();
      bool value = either(active, depth + 1);
      if (error()) return false;
      if (token() != Token::right_parenthesis) {
        if (token() == Token::end)
          problem(begin, "the '(' is not closed");
        else
          unexpected();
        return false;
      }
      lexer_.advance();
      return value;
    }
    Operand left = operand(active);
    if (error()) return false;
    Token op = token();
    bool inverted = false;
    if (op == Token::word_not) {
      // a not in b, a not contains b
      const std::size_t at = lexer_.at();
      const std::size_t begin = lexer_.begin();
      lexer_.advance();
      if (token() != Token::word_in && token() != Token::word_contains && token() != Token::word_matches) {
        lexer_.go_back(Token::word_not, begin, at);
        unexpected();
        return false;
      }
      inverted = true;
      op = token();
    }
    if (!is_comparison(op)) return truth(left, active);
    std::size_t begin = lexer_.begin();
    lexer_.advance();
    Operand right = operand(active);
    if (error()) return false;
    if (is_comparison(token())) {
      problem(lexer_.begin(), "two comparisons in a row", "join them with and");
      return false;
    }
    for (const Operand* operand : {&left, &right})
      if (operand->plain_word) words_.bare.push_back({operand->written, operand->offset, operand == &left});
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
    if (text.find('{') == std::string::npos)
      words_.comparisons.push_back({reference.written, text, word.offset});
  }

  // ---- operands

  Operand operand(bool active) {
    Operand operand;
    operand.offset = lexer_.begin();
    switch (token()) {
      case Token::reference:
      case Token::quoted:
      case Token::word: operand = single(active); break;
      case Token::left_bracket: list(active, operand); break;
      case Token::end:
        problem(lexer_.begin(),
                text_.find_first_not_of(" \t\r\n") == std::string_view::npos ? "the condition is empty"
                                                                             : "the condition ends too early",
                "for example: {build.status} == success");
        break;
      default: problem(lexer_.begin(), "there is no value before '" + lexer_.spelling() + "'"); break;
    }
    return operand;
  }

  // A value of one word.
  Operand single(bool active) {
    Operand operand;
    operand.offset = lexer_.begin();
    operand.written = lexer_.spelling();
    operand.reference = token() == Token::reference;
    if (operand.reference) {
      if (active && !failure_) operand.value = look_up(operand.written);
    } else {
      operand.plain_word = token() == Token::word;
      operand.value = lexer_.word();
      if (active && !failure_ && lexer_.word().find('{') != std::string::npos) {
        Result<std::string, Failure> filled = resolve_text(lexer_.word(), *names_, *values_, in_foreach_);
        if (filled)
          operand.value = std::move(*filled);
        else
          failure_ = filled.error();
      }
    }
    lexer_.advance();
    return operand;
  }

  void list(bool active, Operand& operand) {
    std::size_t begin = lexer_.begin();
    operand.value = Json::array();
    lexer_.advance();
    while (token() != Token::right_bracket) {
      if (token() != Token::reference && token() != Token::quoted && token() != Token::word) {
        if (token() == Token::end)
          problem(begin, "the '[' is not closed");
        else
          unexpected();
        return;
      }
      operand.value.push_back(single(active).value);
      if (token() == Token::comma)
        lexer_.advance();
      else if (token() != Token::right_bracket && token() != Token::end)
        return problem(lexer_.begin(), "there is no comma before '" + lexer_.spelling() + "'");
    }
    lexer_.advance();
    operand.written = text_.substr(begin, lexer_.begin() - begin);
  }

  Json look_up(const std::string& raw) {
    Meaning meaning = names_->meaning(lexer_.reference(), in_foreach_);
    if (meaning.kind == Meaning::Kind::unknown) return raw;
    Result<Json, Failure> value = reference_value(lexer_.reference(), meaning, raw, *values_);
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
  ConditionLexer lexer_;
  const Names* names_;
  const Values* values_;
  const bool in_foreach_;
  std::optional<Failure> failure_;
  ConditionWords words_;
};

}  // namespace

Result<ConditionWords, ConditionError> check_condition(std::string_view text) {
  Condition condition(text, nullptr, nullptr, false);
  (void)condition.evaluate();
  if (condition.error()) return *condition.error();
  return condition.take_words();
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
