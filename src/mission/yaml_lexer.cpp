// The rough outline of a YAML text: where brackets, quotes, lists and keys begin and end.
#include "mission/yaml_lexer.hpp"

namespace rustchain {

using Kind = YamlToken::Kind;

YamlLexer::YamlLexer(std::string_view text) : text_(text) {
  if (text_.starts_with("\xEF\xBB\xBF")) at_ = line_begin_ = 3;
}

YamlToken YamlLexer::next() {
  skip_blanks();
  if (at_ >= text_.size()) return {Kind::end, text_.size(), text_.size()};

  const char c = text_[at_];
  const bool adjacent_colon = after_key_;
  after_key_ = false;
  if (at_ == line_begin_ && open_.empty() &&
      (text_.substr(at_, 3) == "---" || text_.substr(at_, 3) == "...") && blank_after(3)) {
    parent_ = -1;
    return take(Kind::marker, 3);
  }
  if (c == '[' || c == '{') {
    entry_ = column(at_);
    open_.push_back(at_);
    return take(Kind::open, 1);
  }
  if (c == ']' || c == '}') {
    if (!open_.empty()) open_.pop_back();
    after_key_ = true;
    return take(Kind::close, 1);
  }
  if (c == ',' && !open_.empty()) return take(Kind::comma, 1);
  if (c == ':' && (blank_after(1) || (!open_.empty() && adjacent_colon))) {
    if (open_.empty()) parent_ = entry_;
    return take(Kind::colon, 1);
  }
  if ((c == '-' || c == '?') && open_.empty() && blank_after(1)) {
    parent_ = column(at_);
    return take(c == '-' ? Kind::dash : Kind::question, 1);
  }
  if (c == '\'' || c == '"') return quoted(c);
  if ((c == '|' || c == '>') && open_.empty()) return block();
  if (c == '&' || c == '*' || c == '!') {
    std::size_t end = text_.find_first_of(" \t\r\n,[]{}", at_ + 1);
    if (end == std::string_view::npos) end = text_.size();
    if (c == '*') entry_ = column(at_);
    return take(Kind::name, end - at_);
  }
  return plain();
}

YamlToken YamlLexer::take(Kind kind, std::size_t bytes) {
  YamlToken token{kind, at_, at_ + bytes};
  at_ += bytes;
  return token;
}

bool YamlLexer::blank_after(std::size_t bytes) const {
  std::size_t at = at_ + bytes;
  if (at >= text_.size()) return true;
  char c = text_[at];
  if (c == ' ' || c == '\t' || c == '\n' || c == '\r') return true;
  return !open_.empty() && (c == ',' || c == ']' || c == '}');
}

// Stands behind a line end afterwards.
void YamlLexer::end_line() {
  ++at_;
  line_begin_ = at_;
}

void YamlLexer::skip_blanks() {
  bool blank_before = at_ == line_begin_ || text_[at_ - 1] == ' ' || text_[at_ - 1] == '\t';
  for (; at_ < text_.size(); blank_before = true) {
    char c = text_[at_];
    if (c == '\n') {
      end_line();
    } else if (c == ' ' || c == '\t' || c == '\r') {
      ++at_;
    } else if (c == '#' && blank_before) {
      std::size_t end = text_.find('\n', at_);
      at_ = end == std::string_view::npos ? text_.size() : end;
    } else {
      return;
    }
  }
}

YamlToken YamlLexer::quoted(char quote) {
  YamlToken token{Kind::quoted, at_, at_, false};
  entry_ = column(at_);
  for (++at_; at_ < text_.size(); ++at_) {
    char c = text_[at_];
    if (c == '\n') line_begin_ = at_ + 1;
    if (quote == '"' && c == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n') {
      ++at_;
    } else if (c == quote) {
      if (quote == '\'' && at_ + 1 < text_.size() && text_[at_ + 1] == quote) {
        ++at_;
        continue;
      }
      ++at_;
      token.closed = true;
      break;
    }
  }
  token.end = at_;
  after_key_ = true;
  return token;
}

// Whether a plain value ends at this character of a line.
bool YamlLexer::ends_plain(std::size_t at) const {
  char c = text_[at];
  char after = at + 1 < text_.size() ? text_[at + 1] : '\n';
  bool flow = !open_.empty();
  if (c == ':') {
    if (after == ' ' || after == '\t' || after == '\n' || after == '\r') return true;
    return flow && (after == ',' || after == ']' || after == '}');
  }
  if (c == '#') return at > 0 && (text_[at - 1] == ' ' || text_[at - 1] == '\t');
  return flow && (c == ',' || c == '[' || c == ']' || c == '{' || c == '}');
}

YamlToken YamlLexer::plain() {
  YamlToken token{Kind::plain, at_, at_ + 1};
  entry_ = column(at_);
  bool ended = false;
  ++at_;
  while (!ended) {
    for (; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
      ended = ends_plain(at_);
      if (ended) break;
      if (text_[at_] != ' ' && text_[at_] != '\t' && text_[at_] != '\r') token.end = at_ + 1;
    }
    if (ended || at_ >= text_.size() || !open_.empty()) break;
    // A line that is indented deeper than the key goes on with the value.
    std::size_t line = at_ + 1;
    std::size_t word = line;
    while (word < text_.size() && (text_[word] == ' ' || text_[word] == '\n' || text_[word] == '\r')) {
      if (text_[word] == '\n') line = word + 1;
      ++word;
    }
    if (word >= text_.size() || text_[word] == '#' || static_cast<int>(word - line) <= parent_ ||
        (word == line && (text_.substr(word, 3) == "---" || text_.substr(word, 3) == "..."))) {
      break;
    }
    at_ = word;
    line_begin_ = line;
    ended = ends_plain(at_);
  }
  return token;
}

YamlToken YamlLexer::block() {
  YamlToken token{Kind::block, at_, at_};
  std::size_t end = text_.find('\n', at_);
  while (end != std::string_view::npos) {
    std::size_t line = end + 1;
    std::size_t word = text_.find_first_not_of(' ', line);
    std::size_t ink = text_.find_first_not_of(" \t", line);
    bool empty = ink == std::string_view::npos || text_[ink] == '\n' || text_[ink] == '\r';
    if (!empty && static_cast<int>(word - line) <= parent_) break;
    end = text_.find('\n', line);
  }
  at_ = end == std::string_view::npos ? text_.size() : end;
  token.end = at_;
  return token;
}

}  // namespace rustchain
