// Recursive descent over the characters of a shell text. The nesting is bounded, and nothing is read twice
// but the inside of backquotes, which is read once a level.
#include "safety/shell.hpp"

#include "util/text.hpp"

#include <algorithm>
#include <deque>
#include <utility>

namespace rustchain {
namespace {

using Kind = ShellPiece::Kind;

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_name(char c) {
  return is_name_start(c) || is_digit(c);
}
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}
bool ends_word(char c) {
  return is_blank(c) || std::string_view("\n|&;<>()").find(c) != std::string_view::npos;
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

ShellPiece make_piece(Kind kind, bool quoted, std::string text) {
  ShellPiece piece;
  piece.kind = kind;
  piece.quoted = quoted;
  piece.text = std::move(text);
  return piece;
}

class Reader {
 public:
  Reader(std::string_view text, const ShellSpan* all_at, int depth)
      : text_(text), all_at_(all_at), depth_(depth) {
    match_parentheses();
  }

  ShellScript read() {
    ShellScript script;
    while (at_ < text_.size()) {
      std::vector<ShellItem> more = list("");
      std::move(more.begin(), more.end(), std::back_inserter(script.items));
      if (at_ < text_.size()) {  // a ')' or a keyword that closes nothing
        incomplete_ = true;
        if (peek() == ')' || rest(at_).starts_with(";;"))
          ++at_;
        else
          (void)word();
      }
    }
    read_documents();
    script.too_deep = too_deep_;
    script.incomplete = incomplete_;
    return script;
  }

 private:
  struct Deeper {
    explicit Deeper(Reader& outer) : reader(outer) {
      if (++outer.depth_ > k_shell_nesting) {
        outer.too_deep_ = true;
        outer.at_ = outer.text_.size();
      }
    }
    ~Deeper() { --reader.depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    Reader& reader;
  };
  struct Document {
    std::shared_ptr<ShellWord> body;
    std::string delimiter;
    bool quoted;
    bool strip_tabs;
  };

  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool follows(std::string_view what) const { return rest(at_).starts_with(what); }
  std::string_view rest(std::size_t at) const { return text_.substr(std::min(at, text_.size())); }
  bool done() const { return at_ >= text_.size(); }
  ShellSpan span_from(std::size_t begin) const {
    if (all_at_ != nullptr) return *all_at_;
    return {static_cast<std::uint32_t>(std::min(begin, text_.size())),
            static_cast<std::uint32_t>(std::min(at_, text_.size()))};
  }

  // Where each '(' would be closed, quotes aside: tells $((1+2)) from $((cmd) | cmd).
  void match_parentheses() {
    if (text_.find("((") == std::string_view::npos) return;
    closes_.assign(text_.size(), 0);
    std::vector<std::uint32_t> open;
    for (std::uint32_t i = 0; i < text_.size(); ++i) {
      if (text_[i] == '(') open.push_back(i);
      if (text_[i] != ')' || open.empty()) continue;
      closes_[open.back()] = i;
      open.pop_back();
    }
  }
  bool is_arithmetic(std::size_t first) const {
    return first + 1 < text_.size() && text_[first] == '(' && text_[first + 1] == '(' && !closes_.empty() &&
           closes_[first] != 0 && closes_[first + 1] + 1 == closes_[first];
  }

  // ---- blanks, comments, the ends of lines

  void skip_blanks() {
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

  void newline() {
    ++at_;
    read_documents();
  }

  void skip_space() {
    for (skip_blanks(); peek() == '\n' && !done(); skip_blanks()) newline();
  }

  void read_documents() {
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
      Reader inner(body, &document.body->span, depth_ + 1);
      inner.double_quoted(document.body->pieces, "");
      too_deep_ = too_deep_ || inner.too_deep_;
    }
  }

  // ---- words

  ShellPiece& text_piece(std::vector<ShellPiece>& pieces, bool quoted) {
    if (pieces.empty() || pieces.back().kind != Kind::text || pieces.back().quoted != quoted)
      pieces.push_back(make_piece(Kind::text, quoted, {}));
    return pieces.back();
  }

  ShellWord word() {
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

  void elements(ShellWord& result) {
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

  void pattern_group(std::string& text) {
    int depth = 0;
    do {
      if (peek() == '(') ++depth;
      if (peek() == ')') --depth;
      text += text_[at_++];
    } while (!done() && depth > 0 && peek() != '\n');
  }

  void word_character(std::vector<ShellPiece>& pieces) {
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
      text_piece(pieces, false).text += c;
      ++at_;
    }
  }

  // Up to `end`, which is passed; an empty one: up to the end of the text.
  void double_quoted(std::vector<ShellPiece>& pieces, std::string_view end) {
    while (!done()) {
      char c = peek();
      if (!end.empty() && c == end[0]) {
        ++at_;
        return;
      }
      if (c == '\\' && std::string_view("$`\"\\\n").find(peek(1)) != std::string_view::npos &&
          at_ + 1 < text_.size()) {
        if (peek(1) != '\n') text_piece(pieces, true).text += peek(1);
        at_ += 2;
      } else if (c == '$' || c == '`') {
        expansion(pieces, true);
      } else {
        text_piece(pieces, true).text += c;
        ++at_;
      }
    }
    if (!end.empty()) incomplete_ = true;
  }

  void ansi_quoted(std::string& text) {
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

  // At a '$' or a backquote.
  void expansion(std::vector<ShellPiece>& pieces, bool quoted) {
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

  ShellPiece backquotes(bool quoted) {
    const std::size_t begin = at_++;
    std::string inside;
    while (!done() && peek() != '`') {
      if (peek() == '\\' &&
          (peek(1) == '`' || peek(1) == '\\' || peek(1) == '$' || (quoted && peek(1) == '"')))
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

  // `first`: the first of its two parentheses.
  ShellPiece arithmetic(std::size_t first, bool quoted) {
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

  ShellPiece braced_variable(bool quoted) {
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

  std::vector<ShellItem> in_parentheses() {
    Deeper deeper(*this);
    std::vector<ShellItem> items = list("");
    while (!done() && peek() != ')') {  // a keyword that closes nothing
      incomplete_ = true;
      if (follows(";;"))
        at_ += 2;
      else
        (void)word();
      std::vector<ShellItem> more = list("");
      std::move(more.begin(), more.end(), std::back_inserter(items));
    }
    if (done()) incomplete_ = true;
    ++at_;
    return items;
  }

  // ---- commands

  // The keyword that stands here, if any.
  std::string_view keyword() const {
    if (done()) return {};
    std::size_t end = at_;
    while (end < text_.size() && !ends_word(text_[end])) ++end;
    std::string_view found = text_.substr(at_, end - at_);
    constexpr std::string_view known =
        "if then elif else fi for while until do done case esac { } ! function time select in coproc [[";
    return has_word(known, found) ? found : std::string_view();
  }

  // Commands up to a ')', a ";;" or a keyword that is in `stops` or closes something else.
  std::vector<ShellItem> list(std::string_view stops) {
    std::vector<ShellItem> items;
    bool conditional = false;
    while (true) {
      skip_space();
      if (done() || peek() == ')' || follows(";;")) return items;
      std::string_view here = keyword();
      if (has_word(stops, here) || has_word("then elif else fi do done esac }", here)) return items;
      if (follows("&&") || follows("||")) {
        at_ += 2;
        conditional = true;
        continue;
      }
      if (peek() == ';' || peek() == '&' || peek() == '|') {
        ++at_;
        conditional = false;
        continue;
      }
      ShellItem item = pipeline();
      item.conditional = std::exchange(conditional, false);
      skip_blanks();
      item.background = peek() == '&' && peek(1) != '&';
      items.push_back(std::move(item));
    }
  }

  ShellItem pipeline() {
    const std::size_t begin = at_;
    std::vector<ShellItem> stages;
    while (true) {
      skip_space();
      if (done() || peek() == ')') break;
      const std::size_t before = at_;
      stages.push_back(command());
      skip_blanks();
      if (at_ == before) ++at_;
      if (peek() != '|' || peek(1) == '|') break;
      at_ += peek(1) == '&' ? 2 : 1;
    }
    if (stages.size() == 1) return std::move(stages[0]);
    ShellItem item{.kind = ShellItem::Kind::pipeline};
    item.children = std::move(stages);
    item.span = span_from(begin);
    return item;
  }

  ShellItem command() {
    Deeper deeper(*this);
    const std::size_t begin = at_;
    ShellItem item;
    std::string_view here = keyword();
    if (done()) return item;
    if (here == "!") {
      ++at_;
      skip_blanks();
      return command();
    }
    if (here == "coproc") {
      at_ += here.size();
      skip_blanks();
      return command();
    }
    if (peek() == '(') {
      if (is_arithmetic(at_)) {
        item.words.push_back({{arithmetic(at_, true)}, {}, span_from(begin)});
        item.words.insert(item.words.begin(),
                          ShellWord{{make_piece(Kind::text, true, "((")}, {}, span_from(begin)});
        return item;
      }
      ++at_;
      item.kind = ShellItem::Kind::subshell;
      item.children = in_parentheses();
    } else if (here == "{") {
      ++at_;
      item.kind = ShellItem::Kind::group;
      item.children = list("}");
      close("}");
    } else if (here == "if") {
      read_if(item);
    } else if (here == "while" || here == "until") {
      at_ += here.size();
      item.kind = ShellItem::Kind::loop;
      item.children = list("do");
      read_body(item);
    } else if (here == "for" || here == "select") {
      at_ += here.size();
      read_for(item);
    } else if (here == "case") {
      at_ += here.size();
      read_case(item);
    } else if (here == "function") {
      at_ += here.size();
      skip_blanks();
      item.name = word().plain();
      skip_blanks();
      if (follows("()")) at_ += 2;
      read_function(item);
      return item;
    } else {
      read_simple(item);
      return item;
    }
    read_redirects(item);
    item.span = span_from(begin);
    return item;
  }

  void close(std::string_view word) {
    skip_space();
    if (keyword() == word)
      at_ += word.size();
    else
      incomplete_ = true;
  }

  ShellItem group(std::vector<ShellItem> items) {
    ShellItem item{.kind = ShellItem::Kind::group};
    item.children = std::move(items);
    return item;
  }

  void read_if(ShellItem& item) {
    item.kind = ShellItem::Kind::choice;
    at_ += 2;
    for (std::string_view next = "if"; next == "if" || next == "elif" || next == "else";) {
      if (next != "else") {
        item.children.push_back(group(list("then")));
        close("then");
      }
      item.children.push_back(group(list("elif else fi")));
      skip_space();
      next = keyword();
      if (next == "elif" || next == "else") at_ += next.size();
    }
    close("fi");
  }

  void read_body(ShellItem& item) {
    skip_space();
    if (peek() == ';') ++at_;
    skip_space();
    if (keyword() == "{") {
      ++at_;
      item.children.push_back(group(list("}")));
      close("}");
      return;
    }
    close("do");
    item.children.push_back(group(list("done")));
    close("done");
  }

  void read_for(ShellItem& item) {
    item.kind = ShellItem::Kind::loop;
    skip_blanks();
    if (is_arithmetic(at_)) {
      item.words.push_back({{arithmetic(at_, true)}, {}, span_from(at_)});
    } else {
      item.name = word().plain();
      skip_space();
      if (keyword() == "in") {
        at_ += 2;
        for (skip_blanks(); !done() && !ends_word(peek()); skip_blanks()) item.words.push_back(word());
      } else {
        item.words.push_back({{make_piece(Kind::variable, true, "@")}, {}, span_from(at_)});
      }
    }
    read_body(item);
  }

  void read_case(ShellItem& item) {
    item.kind = ShellItem::Kind::choice;
    skip_blanks();
    item.words.push_back(word());
    close("in");
    while (true) {
      skip_space();
      if (done() || keyword() == "esac") break;
      if (peek() == '(') ++at_;
      for (skip_space(); !done() && peek() != ')'; skip_space()) {
        const std::size_t before = at_;
        (void)word();
        if (at_ == before) ++at_;
      }
      ++at_;
      item.children.push_back(group(list("esac")));
      skip_space();
      if (follows(";;"))
        at_ += peek(2) == '&' ? 3 : 2;
      else if (keyword() != "esac")
        break;
    }
    close("esac");
  }

  // After the name and its "()".
  void read_function(ShellItem& item) {
    item.kind = ShellItem::Kind::function;
    skip_space();
    if (!done()) item.children.push_back(command());
  }

  void read_simple(ShellItem& item) {
    const std::size_t begin = at_;
    bool brackets = keyword() == "[[";
    while (true) {
      skip_blanks();
      if (done()) break;
      char c = peek();
      if (brackets && !item.words.empty()) {
        // Within [[ ]] operators compare; they neither redirect nor end the command.
        if (c == '\n' || c == ';') break;
        if (ends_word(c) && !((c == '<' || c == '>') && peek(1) == '(')) {
          ++at_;
          continue;
        }
      } else {
        if (redirect(item)) continue;
        if (ends_word(c) && !((c == '<' || c == '>') && peek(1) == '(')) {
          if (c == '(' && item.words.size() == 1 && peek(1) == ')' && !item.words[0].is_quoted()) {
            item.name = item.words[0].plain();
            item.words.clear();
            at_ += 2;
            read_function(item);
            return;
          }
          break;
        }
      }
      const std::size_t before = at_;
      item.words.push_back(word());
      if (brackets && item.words.back().plain() == "]]") brackets = false;
      if (at_ == before) ++at_;
    }
    item.span = span_from(begin);
  }

  void read_redirects(ShellItem& item) {
    for (skip_blanks(); !done() && redirect(item); skip_blanks()) {
    }
  }

  bool redirect(ShellItem& item) {
    std::size_t at = at_;
    while (at < text_.size() && is_digit(text_[at]) && at - at_ < 4) ++at;
    const bool numbered = at > at_;
    std::string_view rest_ = rest(at);
    std::string_view operation;
    for (std::string_view known : {"<<<", "<<-", "&>>", "<<", "<>", "<&", ">>", ">|", ">&", "&>", "<", ">"})
      if (operation.empty() && rest_.starts_with(known)) operation = known;
    if (operation.empty() || (numbered && operation[0] == '&')) return false;
    if ((operation == "<" || operation == ">") && rest_.substr(1).starts_with("(")) return false;
    ShellRedirect redirect;
    redirect.operation = operation;
    if (numbered) redirect.descriptor = std::stoi(std::string(text_.substr(at_, at - at_)));
    at_ = at + operation.size();
    skip_blanks();
    redirect.target = word();
    if (operation == "<<" || operation == "<<-") {
      redirect.body = std::make_shared<ShellWord>();
      documents_.push_back(
          {redirect.body, redirect.target.plain(), redirect.target.is_quoted(), operation == "<<-"});
    }
    item.redirects.push_back(std::move(redirect));
    return true;
  }

  std::string_view text_;
  const ShellSpan* all_at_;
  int depth_;
  std::size_t at_ = 0;
  bool too_deep_ = false;
  bool incomplete_ = false;
  std::vector<std::uint32_t> closes_;
  std::deque<Document> documents_;
};

}  // namespace

std::string ShellWord::plain() const {
  std::string all;
  for (const ShellPiece& piece : pieces) {
    if (piece.kind != Kind::text) return {};
    all += piece.text;
  }
  return all;
}

bool ShellWord::is_quoted() const {
  return std::any_of(pieces.begin(), pieces.end(), [](const ShellPiece& piece) { return piece.quoted; });
}

ShellScript read_shell(std::string_view text, const ShellSpan* all_at, int depth) {
  ShellScript script;
  if (text.size() > k_shell_bytes || depth > k_shell_nesting) {
    script.too_long = text.size() > k_shell_bytes;
    script.too_deep = !script.too_long;
    return script;
  }
  return Reader(text, all_at, depth).read();
}

}  // namespace rustchain
