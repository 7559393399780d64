// The tokens of a condition.
#include "mission/condition_lexer.hpp"

#include "util/text.hpp"

#include <utility>

namespace rustchain {
namespace {

using Token = ConditionToken;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

}  // namespace

void ConditionLexer::problem(std::size_t offset, std::string message, std::string help) {
  if (!error_) error_ = ConditionError{offset, std::move(message), std::move(help)};
  token_ = Token::end;
  at_ = text_.size();
}

void ConditionLexer::go_back(ConditionToken token, std::size_t begin, std::size_t at) {
  token_ = token;
  begin_ = begin;
  at_ = at;
}

void ConditionLexer::advance() {
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

bool ConditionLexer::is_word_char(std::size_t at) const {
  char c = text_[at];
  return !is_blank(c) && std::string_view("\"'()[],=!<>&|").find(c) == std::string_view::npos;
}

void ConditionLexer::bare_word() {
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

void ConditionLexer::quoted(char quote) {
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

}  // namespace rustchain
