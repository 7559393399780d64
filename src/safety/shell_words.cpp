// The reader of shell texts: blanks, here-documents, words and what they are made of.
#include "safety/shell_reader.hpp"

#include <utility>

namespace rustchain {
namespace {

using Kind = ShellPiece::Kind;

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_name(char c) {
  return is_name_start(c) || is_digit(c);
}

void append_utf8(std::string& text, unsigned code) {
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | (code >> 6));
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    text += static_cast<char>(0xE0 | ((code >> 12) & 0x0F));
    text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  }
}

}  // namespace

void ShellReader::skip_blanks() {
  while (!done()) {
    if (is_blank(peek())) {
      ++at_;
    } else if (peek() == '\\' && peek(1) == '\n') {
      at_ += 2;
    } else if (peek() == '\\' && peek(1) == '\r' && peek(2) == '\n') {
      at_ += 3;
    } else if (peek() == '#' && (at_ == 0 || ends_word(text_[at_ - 1]))) {
      while (!done() && peek() != '\n') ++at_;
    } else {
      return;
    }
  }
}

void ShellReader::newline() {
  ++at_;
  read_documents();
}

void ShellReader::skip_space() {
  for (skip_blanks(); peek() == '\n' && !done(); skip_blanks()) newline();
}

void ShellReader::read_documents() {
  while (!documents_.empty()) {
    Document document = std::move(documents_.front());
    documents_.pop_front();
    const std::size_t begin = at_;
    std::string body;
    bool found = false;
    while (!done() && !found) {
      std::size_t end = std::min(text_.find('\n', at_), text_.size());
      std::string_view line = text_.substr(at_, end - at_);
      at_ = std::min(end + 1, text_.size());
      if (document.strip_tabs) line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
      std::string_view bare = line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
      found = bare == document.delimiter;
      if (!found) body.append(line).append("\n");
    }
    if (!found) incomplete_ = true;
    document.body->span = span_from(begin);
    if (document.quoted) {
      document.body->pieces.push_back(make_piece(Kind::text, true, std::move(body)));
      continue;
    }
    // The lines without their tabs are another text: what is in it stands at the document's place.
    if (depth_ >= k_shell_nesting) {
      too_deep_ = true;
      continue;
    }
    ShellReader inner(body, &document.body->span, depth_ + 1);
    inner.double_quoted(document.body->pieces, "");
    too_deep_ = too_deep_ || inner.too_deep_;
  }
}

ShellPiece& ShellReader::text_piece(std::vector<ShellPiece>& pieces, bool quoted) {
  if (pieces.empty() || pieces.back().kind != Kind::text || pieces.back().quoted != quoted)
    pieces.push_back(make_piece(Kind::text, quoted, {}));
  return pieces.back();
}

ShellWord ShellReader::word() {
  ShellWord result;
  const std::size_t begin = at_;
  while (!done()) {
    char c = peek();
    if ((c == '<' || c == '>') && peek(1) == '(') {
      ShellPiece piece = make_piece(Kind::process, true, std::string(1, c));
      at_ += 2;
      piece.script = in_parentheses();
      result.pieces.push_back(std::move(piece));
      continue;
    }
    if (c == '(' && at_ > begin) {
      // NAME=( ... ), or a pattern such as +(a|b).
      char before = text_[at_ - 1];
      if (before == '=' && result.pieces.size() == 1 && result.elements.empty()) {
        elements(result);
        continue;
      }
      if (std::string_view("?*+@!").find(before) != std::string_view::npos) {
        pattern_group(text_piece(result.pieces, false).text);
        continue;
      }
    }
    if (ends_word(c)) break;
    word_character(result.pieces);
  }
  result.span = span_from(begin);
  return result;
}

void ShellReader::elements(ShellWord& result) {
  Deeper deeper(*this);
  for (++at_;;) {
    skip_space();
    if (done() || peek() == ')') break;
    const std::size_t before = at_;
    result.elements.push_back(word());
    if (at_ == before) ++at_;
  }
  if (done()) incomplete_ = true;
  ++at_;
}

void ShellReader::pattern_group(std::string& text) {
  int depth = 0;
  do {
    if (peek() == '(') ++depth;
    if (peek() == ')') --depth;
    text += text_[at_++];
  } while (!done() && depth > 0 && peek() != '\n');
}

void ShellReader::word_character(std::vector<ShellPiece>& pieces) {
  char c = peek();
  if (c == '\\') {
    ++at_;
    if (done()) return;
    if (peek() != '\n') text_piece(pieces, true).text += peek();
    ++at_;
  } else if (c == '\'') {
    std::size_t end = text_.find('\'', at_ + 1);
    if (end == std::string_view::npos) incomplete_ = true;
    end = std::min(end, text_.size());
    text_piece(pieces, true).text += text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
  } else if (c == '"') {
    ++at_;
    text_piece(pieces, true);  // "" is a word
    double_quoted(pieces, "\"");
  } else if (c == '$' && peek(1) == '\'') {
    at_ += 2;
    ansi_quoted(text_piece(pieces, true).text);
  } else if (c == '$' && peek(1) == '"') {
    ++at_;
  } else if (c == '$' || c == '`') {
    expansion(pieces, false);
  } else {
    // As far as nothing means anything; a brace may end the operand of ${...}.
    std::size_t end = at_ + 1;
    while (end < text_.size() && shell_character(text_[end]) == ShellCharacter::plain && text_[end] != '}')
      ++end;
    text_piece(pieces, false).text += text_.substr(at_, end - at_);
    at_ = end;
  }
}

void ShellReader::double_quoted(std::vector<ShellPiece>& pieces, std::string_view end) {
  while (!done()) {
    char c = peek();
    if (!end.empty() && c == end[0]) {
      ++at_;
      return;
    }
    // The text ends here, as it may where cmd reads it: "C:\" is a whole word there.
    if (c == '\\' && !end.empty() && peek(1) == end[0] && at_ + 2 == text_.size()) {
      text_piece(pieces, true).text += c;
      at_ += 2;
      return;
    }
    if (c == '\\' && std::string_view("$`\"\\\n").find(peek(1)) != std::string_view::npos &&
        at_ + 1 < text_.size()) {
      if (peek(1) != '\n') text_piece(pieces, true).text += peek(1);
      at_ += 2;
    } else if (c == '$' || c == '`') {
      expansion(pieces, true);
    } else {
      const std::size_t special = std::min(text_.find_first_of("\"\\$`", at_ + 1), text_.size());
      text_piece(pieces, true).text += text_.substr(at_, special - at_);
      at_ = special;
    }
  }
  if (!end.empty()) incomplete_ = true;
}

void ShellReader::ansi_quoted(std::string& text) {
  auto number = [&](unsigned base, int most) {
    unsigned value = 0;
    for (int i = 0; i < most && !done(); ++i, ++at_) {
      char c = peek();
      unsigned digit = is_digit(c)              ? static_cast<unsigned>(c - '0')
                       : (c >= 'a' && c <= 'f') ? static_cast<unsigned>(c - 'a' + 10)
                       : (c >= 'A' && c <= 'F') ? static_cast<unsigned>(c - 'A' + 10)
                                                : 99u;
      if (digit >= base) break;
      value = value * base + digit;
    }
    return value;
  };
  while (!done() && peek() != '\'') {
    if (peek() != '\\') {
      text += text_[at_++];
      continue;
    }
    ++at_;
    char c = peek();
    constexpr std::string_view letters = "abefnrtv", values = "\a\b\x1b\f\n\r\t\v";
    if (is_digit(c) && c < '8') {
      text += static_cast<char>(number(8, 3));
    } else if (c == 'x') {
      ++at_;
      text += static_cast<char>(number(16, 2));
    } else if (c == 'u' || c == 'U') {
      ++at_;
      append_utf8(text, number(16, c == 'u' ? 4 : 8));
    } else {
      std::size_t letter = letters.find(c);
      if (!done()) text += letter == std::string_view::npos ? c : values[letter];
      ++at_;
    }
  }
  if (done()) incomplete_ = true;
  ++at_;
}

void ShellReader::expansion(std::vector<ShellPiece>& pieces, bool quoted) {
  if (peek() == '`') {
    pieces.push_back(backquotes(quoted));
    return;
  }
  char next = peek(1);
  if (next == '(' && is_arithmetic(at_ + 1)) {
    pieces.push_back(arithmetic(at_ + 1, quoted));
  } else if (next == '(') {
    at_ += 2;
    ShellPiece piece = make_piece(Kind::command, quoted, {});
    piece.script = in_parentheses();
    pieces.push_back(std::move(piece));
  } else if (next == '[') {  // $[1+2], the old arithmetic
    std::size_t end = std::min(text_.find(']', at_), text_.size());
    pieces.push_back(make_piece(Kind::arithmetic, quoted, {}));
    at_ = std::min(end + 1, text_.size());
  } else if (next == '{') {
    pieces.push_back(braced_variable(quoted));
  } else if (is_name_start(next)) {
    std::size_t end = at_ + 1;
    while (end < text_.size() && is_name(text_[end])) ++end;
    pieces.push_back(make_piece(Kind::variable, quoted, std::string(text_.substr(at_ + 1, end - at_ - 1))));
    at_ = end;
  } else if (next != '\0' &&
             (is_digit(next) || std::string_view("@*#?$!-").find(next) != std::string_view::npos)) {
    pieces.push_back(make_piece(Kind::variable, quoted, std::string(1, next)));
    at_ += 2;
  } else {
    text_piece(pieces, true).text += '$';
    ++at_;
  }
}

ShellPiece ShellReader::backquotes(bool quoted) {
  const std::size_t begin = at_++;
  std::string inside;
  while (!done() && peek() != '`') {
    if (peek() == '\\' && (peek(1) == '`' || peek(1) == '\\' || peek(1) == '$' || (quoted && peek(1) == '"')))
      ++at_;
    inside += peek();
    ++at_;
  }
  if (done()) incomplete_ = true;
  ++at_;
  ShellPiece piece = make_piece(Kind::command, quoted, {});
  ShellSpan span = span_from(begin);
  ShellScript script = read_shell(inside, &span, depth_ + 1);
  too_deep_ = too_deep_ || script.too_deep;
  piece.script = std::move(script.items);
  return piece;
}

ShellPiece ShellReader::arithmetic(std::size_t first, bool quoted) {
  Deeper deeper(*this);
  ShellPiece piece = make_piece(Kind::arithmetic, quoted, {});
  if (done()) return piece;
  const std::size_t end = closes_[first];
  for (at_ = first + 2; at_ + 1 < end && !done();) {
    if (peek() == '$' || peek() == '`')
      expansion(piece.operand, true);
    else
      ++at_;
  }
  at_ = std::max(at_, end + 1);
  return piece;
}

ShellPiece ShellReader::braced_variable(bool quoted) {
  Deeper deeper(*this);
  ShellPiece piece = make_piece(Kind::variable, quoted, {});
  if (done()) return piece;
  at_ += 2;
  if (peek() == '#' && peek(1) != '}') {
    piece.operation = "#";
    ++at_;
  } else if (peek() == '!') {
    piece.indirect = true;
    ++at_;
  }
  if (is_name_start(peek())) {
    while (is_name(peek())) piece.text += text_[at_++];
  } else if (is_digit(peek())) {
    while (is_digit(peek())) piece.text += text_[at_++];
  } else if (!done()) {
    piece.text = text_[at_++];
  }
  if (peek() == '[') {
    std::size_t end = std::min(text_.find_first_of("]}", at_), text_.size());
    at_ = end < text_.size() && text_[end] == ']' ? end + 1 : end;
  }
  constexpr std::string_view operators = ":-=?+%#/^,@";
  while (!done() && operators.find(peek()) != std::string_view::npos && piece.operation.size() < 2 &&
         piece.operation != "#")
    piece.operation += text_[at_++];
  // The operand: a word that may hold blanks, up to the brace.
  while (!done() && peek() != '}') {
    if (peek() == '"') {
      ++at_;
      double_quoted(piece.operand, "\"");
    } else if (peek() == '\'' && quoted) {
      text_piece(piece.operand, true).text += text_[at_++];
    } else if (peek() == '\n' || ends_word(peek())) {
      text_piece(piece.operand, quoted).text += text_[at_++];
    } else {
      word_character(piece.operand);
    }
  }
  if (done()) incomplete_ = true;
  ++at_;
  return piece;
}

}  // namespace rustchain
