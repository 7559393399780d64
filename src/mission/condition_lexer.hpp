// The tokens of a condition (condition.hpp). Pure.
#pragma once

#include "mission/condition.hpp"
#include "mission/references.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rustchain {

enum class ConditionToken : std::uint8_t {
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

// Stands on one token at a time. After the first problem there is only the end.
class ConditionLexer {
 public:
  explicit ConditionLexer(std::string_view text) : text_(text) { advance(); }

  void advance();
  // Back to a token that was left by advance(): its begin() and at().
  void go_back(ConditionToken token, std::size_t begin, std::size_t at);
  void problem(std::size_t offset, std::string message, std::string help = {});
  const std::optional<ConditionError>& error() const { return error_; }

  ConditionToken token() const { return token_; }
  std::size_t begin() const { return begin_; }
  std::size_t at() const { return at_; }  // behind the token
  std::string spelling() const { return std::string(text_.substr(begin_, at_ - begin_)); }
  const std::string& word() const { return word_; }  // of a quoted text: without the quotes
  const Reference& reference() const { return reference_; }

 private:
  bool is_word_char(std::size_t at) const;
  void bare_word();
  void quoted(char quote);

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t begin_ = 0;
  ConditionToken token_ = ConditionToken::end;
  std::string word_;
  Reference reference_;
  std::optional<ConditionError> error_;
};

}  // namespace rustchain
