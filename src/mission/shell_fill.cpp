// Reads a shell text as far as it takes to know how each place of it is quoted.
#include "mission/shell_fill.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace rustchain {
namespace {

constexpr int k_deepest = 64;
constexpr std::size_t k_look_around = 256;  // bytes that are searched for the neighbours of a word

bool is_one_of(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_arithmetic_operator(std::string_view word) {
  return word.size() == 3 &&
         (word == "-eq" || word == "-ne" || word == "-lt" || word == "-le" || word == "-gt" || word == "-ge");
}

// NAME[...: an index, which bash computes.
bool opens_index(std::string_view word) {
  std::size_t bracket = word.find('[');
  if (bracket == 0 || bracket == std::string_view::npos) return false;
  return std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(bracket), is_name_char) &&
         word.find(']') == std::string_view::npos;
}

class Filler {
 public:
  Filler(std::string_view text, const ShellVariable& variable, int depth, bool here_document)
      : text_(text), variable_(variable), depth_(depth) {
    stack_.push_back({here_document ? Kind::here_document : Kind::bare});
  }

  std::string fill() {
    out_.reserve(text_.size() + 64);
    while (at_ < text_.size()) step();
    return std::move(out_);
  }
  // Whether any reference was replaced.
  bool replaced() const { return replaced_; }

 private:
  enum class Kind : std::uint8_t {
    bare,           // commands: the whole, $( ), ( )
    double_quotes,  // "..."
    here_document,  // the body of one whose delimiter isn't quoted
    expansion,      // ${...}
    arithmetic,     // $((...)), ((...)), $[...]
  };
  enum class Operand : std::uint8_t { word, pattern, index };

  struct HereDocument {
    std::string delimiter;
    bool quoted = false;
    bool strip_tabs = false;
    std::size_t word_begin = 0;  // in out_: the delimiter as it was written
    std::size_t word_end = 0;
  };

  struct Frame {
    Kind kind = Kind::bare;
    // bare
    bool in_parentheses = false;
    bool command_position = true;  // the next word is a command or a keyword
    bool in_test = false;          // within [[ ]]
    bool after_in = false;         // the word before was `in`
    std::size_t cases = 0;         // open case ... esac
    std::size_t word = k_no_word;  // where the current word begins in the text
    std::vector<HereDocument> pending = {};
    // expansion
    bool quoted = false;  // within double quotes or a here-document
    Operand operand = Operand::word;
    // arithmetic
    std::string_view close = {};
    std::size_t open = 0;  // parentheses within
  };
  static constexpr std::size_t k_no_word = ~std::size_t{0};

  Frame& top() { return stack_.back(); }
  char next(std::size_t ahead = 1) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  void copy(std::size_t count) {
    count = std::min(count, text_.size() - at_);
    out_ += text_.substr(at_, count);
    at_ += count;
  }

  void step() {
    if (mark()) return;
    switch (top().kind) {
      case Kind::bare: return bare();
      case Kind::double_quotes:
      case Kind::here_document: return quoted();
      case Kind::expansion: return expansion();
      case Kind::arithmetic: return arithmetic();
    }
  }

  // ---- references

  bool mark() {
    if (text_[at_] != '{' && text_[at_] != '$') return false;
    std::optional<Mark> mark = mark_at(text_, at_);
    if (!mark) return false;
    begin_word();
    put(*mark, "");
    return true;
  }

  // Writes what stands for a mark; `before` in front of it if it is replaced by a value.
  void put(const Mark& mark, std::string_view before) {
    std::string_view raw = raw_of(mark);
    at_ = mark.reference.end;
    if (mark.kind != Mark::Kind::reference) {
      out_ += mark.kind == Mark::Kind::escaped ? raw.substr(1) : raw;
      return;
    }
    ShellPlace place = place_of(mark.reference);
    std::optional<std::string> name = variable_(mark.reference, raw, place);
    if (!name) {
      out_ += raw;
      return;
    }
    replaced_ = true;
    out_ += before;
    bool quotes = top().kind == Kind::bare;
    if (top().kind == Kind::expansion)
      quotes = !top().quoted || (top().operand == Operand::pattern && !in_here_document());
    write_variable(*name, quotes);
  }

  void write_variable(const std::string& name, bool quotes) {
    if (quotes) out_ += '"';
    out_ += "${";
    out_ += name;
    out_ += '}';
    if (quotes) out_ += '"';
  }

  std::string_view raw_of(const Mark& mark) const {
    return text_.substr(mark.reference.begin, mark.reference.end - mark.reference.begin);
  }

  bool in_here_document() const {
    for (std::size_t i = stack_.size(); i-- > 0;) {
      if (stack_[i].kind == Kind::here_document) return true;
      if (stack_[i].kind != Kind::expansion) return false;
    }
    return false;
  }

  ShellPlace place_of(const Reference& reference) {
    if (depth_ > k_deepest) return ShellPlace::forbidden;
    const Frame& frame = top();
    if (frame.kind == Kind::arithmetic) return ShellPlace::arithmetic;
    if (frame.kind == Kind::expansion && frame.operand == Operand::index) return ShellPlace::arithmetic;
    // The word around it: bare, or in double quotes of a bare text.
    const Frame* bare = &frame;
    if (frame.kind == Kind::double_quotes && stack_.size() > 1) bare = &stack_[stack_.size() - 2];
    if (bare->kind != Kind::bare) return ShellPlace::data;
    if (bare->word != k_no_word &&
        opens_index(text_.substr(bare->word, std::min(reference.begin - bare->word, k_look_around))))
      return ShellPlace::arithmetic;
    if (bare->in_test && beside_arithmetic_operator(reference.begin, reference.end))
      return ShellPlace::arithmetic;
    return ShellPlace::data;
  }

  // [[ a -eq b ]]: bash computes a and b.
  bool beside_arithmetic_operator(std::size_t begin, std::size_t end) const {
    auto is_space = [&](std::size_t at) { return is_blank(text_[at]) || text_[at] == '\n'; };
    std::size_t least = begin > k_look_around ? begin - k_look_around : 0;
    while (begin > least && !is_space(begin - 1)) --begin;
    while (begin > least && is_space(begin - 1)) --begin;
    if (begin >= 3 && is_arithmetic_operator(text_.substr(begin - 3, 3))) return true;
    std::size_t most = std::min(text_.size(), end + k_look_around);
    while (end < most && !is_space(end)) ++end;
    while (end < most && is_space(end)) ++end;
    return is_arithmetic_operator(text_.substr(end, 3));
  }

  // A backslash, followed by whatever.
  void backslash(bool quotes) {
    std::optional<Mark> mark;
    if (next() == '{' || next() == '$') mark = mark_at(text_, at_ + 1);
    if (!mark) {
      if (next() != '\n') begin_word();
      return copy(2);
    }
    begin_word();
    if (mark->kind == Mark::Kind::reference && mark->reference.form != Reference::Form::dollar) {
      // The shell would take the backslash away in front of a brace that is bare, and keep it within quotes.
      std::size_t length = out_.size();
      bool before = std::exchange(replaced_, false);
      ++at_;
      put(*mark, quotes ? "\\\\" : "");
      if (!replaced_) out_.insert(length, 1, '\\');
      replaced_ = replaced_ || before;
      return;
    }
    // \${x}: the writer says that it is none, to the shell and to us.
    out_ += '\\';
    std::string_view raw = raw_of(*mark);
    out_ += mark->kind == Mark::Kind::escaped ? raw.substr(1) : raw;
    at_ = mark->reference.end;
  }

  // ---- bare text

  void begin_word() {
    if (top().kind == Kind::bare && top().word == k_no_word) top().word = at_;
  }

  void end_word() {
    Frame& frame = top();
    if (frame.kind != Kind::bare || frame.word == k_no_word) return;
    std::string_view word = text_.substr(frame.word, at_ - frame.word);
    frame.word = k_no_word;
    bool was_in = std::exchange(frame.after_in, false);
    if (word.size() > 6) {
      frame.command_position = false;
      return;
    }
    if (word == "esac" && frame.cases > 0 && (frame.command_position || was_in)) {
      --frame.cases;
      frame.command_position = true;
      return;
    }
    if (word == "in") frame.after_in = true;
    if (word == "]]") frame.in_test = false;
    if (!frame.command_position) return;
    if (word == "case") ++frame.cases;
    if (word == "[[") frame.in_test = true;
    constexpr std::string_view k_before_commands[] = {"for",   "if", "then", "else", "elif", "do",   "while",
                                                      "until", "!",  "{",    "}",    "time", "done", "fi"};
    frame.command_position = std::find(std::begin(k_before_commands), std::end(k_before_commands), word) !=
                             std::end(k_before_commands);
  }

  void bare() {
    char c = text_[at_];
    switch (c) {
      case '\\': return backslash(false);
      case '\'': begin_word(); return single_quotes();
      case '"':
        begin_word();
        stack_.push_back({Kind::double_quotes});
        return copy(1);
      case '`': begin_word(); return backquotes(false);
      case '$': begin_word(); return dollar();
      case '#':
        if (top().word != k_no_word) return copy(1);
        return copy(std::min(text_.find('\n', at_), text_.size()) - at_);
      case '\n':
        end_word();
        top().command_position = true;
        copy(1);
        return here_documents();
      case ';':
      case '&':
      case '|':
        end_word();
        top().command_position = true;
        return copy(1);
      case '(': return open_parenthesis();
      case ')': return close_parenthesis();
      case '<':
      case '>': return redirection();
      default: break;
    }
    if (is_blank(c))
      end_word();
    else
      begin_word();
    copy(1);
  }

  void open_parenthesis() {
    end_word();
    if (top().command_position && next() == '(') {
      push_arithmetic("))");
      return copy(2);
    }
    push_commands();
    copy(1);
  }

  void close_parenthesis() {
    end_word();
    if (top().cases == 0 && top().in_parentheses) stack_.pop_back();
    // What follows a subshell or the pattern of a case is a command; the rest of a word goes on as a word.
    if (top().kind == Kind::bare) top().command_position = true;
    copy(1);
  }

  void push_commands() {
    Frame frame;
    frame.in_parentheses = true;
    stack_.push_back(std::move(frame));
  }

  void push_arithmetic(std::string_view close) {
    Frame frame;
    frame.kind = Kind::arithmetic;
    frame.close = close;
    stack_.push_back(std::move(frame));
  }

  void redirection() {
    end_word();
    if (text_.substr(at_, 3) == "<<<") return copy(3);
    if (text_.substr(at_, 2) != "<<") return copy(1);
    copy(2);
    HereDocument document;
    if (at_ < text_.size() && text_[at_] == '-') {
      document.strip_tabs = true;
      copy(1);
    }
    while (at_ < text_.size() && is_blank(text_[at_])) copy(1);
    document.word_begin = out_.size();
    char quote = 0;
    for (; at_ < text_.size(); copy(1)) {
      char c = text_[at_];
      if (quote != 0) {
        if (c == quote)
          quote = 0;
        else
          document.delimiter += c;
        continue;
      }
      if (c == '\n' || is_blank(c) || is_one_of(c, ";&|<>()")) break;
      if (c == '\'' || c == '"') {
        quote = c;
        document.quoted = true;
      } else if (c == '\\' && at_ + 1 < text_.size()) {
        document.quoted = true;
        copy(1);
        document.delimiter += text_[at_];
      } else {
        document.delimiter += c;
      }
    }
    document.word_end = out_.size();
    top().pending.push_back(std::move(document));
  }

  // ---- quotes

  // '...': a value can only stand between two such pieces.
  void single_quotes() {
    copy(1);
    while (at_ < text_.size() && text_[at_] != '\'') {
      std::optional<Mark> mark;
      if (text_[at_] == '{' || text_[at_] == '$') mark = mark_at(text_, at_);
      if (!mark) {
        copy(1);
        continue;
      }
      std::string_view raw = raw_of(*mark);
      std::optional<std::string> name;
      if (mark->kind == Mark::Kind::reference)
        name = variable_(mark->reference, raw, place_of(mark->reference));
      at_ = mark->reference.end;
      if (name) {
        replaced_ = true;
        out_ += '\'';
        write_variable(*name, true);
        out_ += '\'';
      } else {
        out_ += mark->kind == Mark::Kind::escaped ? raw.substr(1) : raw;
      }
    }
    copy(1);
  }

  // $'...' is one text to bash and two to a POSIX shell.
  void dollar_single_quotes() {
    copy(2);
    while (at_ < text_.size() && text_[at_] != '\'') {
      if (text_[at_] == '\\') {
        copy(2);
        continue;
      }
      std::optional<Mark> mark;
      if (text_[at_] == '{' || text_[at_] == '$') mark = mark_at(text_, at_);
      if (!mark) {
        copy(1);
        continue;
      }
      std::string_view raw = raw_of(*mark);
      if (mark->kind == Mark::Kind::reference) (void)variable_(mark->reference, raw, ShellPlace::forbidden);
      copy(raw.size());
    }
    copy(1);
  }

  void quoted() {
    switch (text_[at_]) {
      case '"':
        if (top().kind == Kind::double_quotes) stack_.pop_back();
        return copy(1);
      case '\\': return backslash(true);
      case '`': return backquotes(top().kind == Kind::double_quotes);
      case '$': return dollar();
      default: return copy(1);
    }
  }

  // `...`: the shell takes one layer of backslashes away and reads the rest as commands.
  void backquotes(bool in_double_quotes) {
    std::string inner;
    std::size_t end = at_ + 1;
    for (; end < text_.size() && text_[end] != '`'; ++end) {
      if (text_[end] == '\\' && end + 1 < text_.size()) {
        char c = text_[end + 1];
        if (c == '`' || c == '\\' || c == '$' || (c == '"' && in_double_quotes))
          ++end;
        else
          inner += text_[end++];
      }
      inner += text_[end];
    }
    if (end >= text_.size()) return copy(1);

    std::size_t length = end + 1 - at_;
    if (!next_mark(inner, 0)) return copy(length);
    Filler filler(inner, variable_, depth_ + 1, false);
    std::string filled = filler.too_deep() ? std::string() : filler.fill();
    if (!filler.replaced()) return copy(length);
    replaced_ = true;
    out_ += '`';
    for (char c : filled) {
      if (c == '`' || c == '\\' || (c == '"' && in_double_quotes)) out_ += '\\';
      out_ += c;
    }
    out_ += '`';
    at_ = end + 1;
  }

  // ---- dollars

  void dollar() {
    bool in_quotes = top().kind == Kind::double_quotes || top().kind == Kind::here_document ||
                     (top().kind == Kind::expansion && top().quoted);
    switch (next()) {
      case '(':
        if (next(2) == '(') {
          push_arithmetic("))");
          return copy(3);
        }
        push_commands();
        return copy(2);
      case '[': push_arithmetic("]"); return copy(2);
      case '\'':
        if (in_quotes) return copy(1);
        return dollar_single_quotes();
      case '{': return open_expansion(in_quotes);
      default: return copy(1);
    }
  }

  void open_expansion(bool in_quotes) {
    Frame frame;
    frame.kind = Kind::expansion;
    frame.quoted = in_quotes;
    copy(2);
    if (at_ < text_.size() && (text_[at_] == '#' || text_[at_] == '!') && next() != '}') copy(1);
    std::size_t name = at_;
    while (at_ < text_.size() && is_name_char(text_[at_])) copy(1);
    if (at_ == name && at_ < text_.size() && is_one_of(text_[at_], "@*#?-$!")) copy(1);
    char c = at_ < text_.size() ? text_[at_] : '\0';
    if (c == '[' || (c == ':' && !is_one_of(next(), "-=?+")))
      frame.operand = Operand::index;
    else if (c != '\0' && is_one_of(c, "#%/^,@"))
      frame.operand = Operand::pattern;
    stack_.push_back(std::move(frame));
  }

  void expansion() {
    const Frame& frame = top();
    bool literal_quotes = frame.quoted && frame.operand == Operand::word;
    switch (text_[at_]) {
      case '}': stack_.pop_back(); return copy(1);
      case '\\': return backslash(frame.quoted);
      case '\'': return literal_quotes ? copy(1) : single_quotes();
      case '"': stack_.push_back({Kind::double_quotes}); return copy(1);
      case '`': return backquotes(frame.quoted && !in_here_document());
      case '$': return dollar();
      default: return copy(1);
    }
  }

  void arithmetic() {
    Frame& frame = top();
    char c = text_[at_];
    if (c == '$') return dollar();
    if (c == '`') return backquotes(false);
    if (c == '\\') return copy(2);
    if (frame.close == "]") {
      if (c == ']') stack_.pop_back();
      return copy(1);
    }
    if (c == '(') ++frame.open;
    if (c != ')') return copy(1);
    if (frame.open > 0) {
      --frame.open;
      return copy(1);
    }
    stack_.pop_back();
    if (next() == ')') return copy(2);
    // It was a subshell at the beginning of $( ) or ( ): what follows are commands.
    push_commands();
    copy(1);
  }

  // ---- here-documents

  void here_documents() {
    std::vector<HereDocument> pending = std::move(top().pending);
    top().pending.clear();
    for (const HereDocument& document : pending) here_document(document);
  }

  void here_document(const HereDocument& document) {
    std::size_t begin = at_;
    std::size_t end = begin;  // of the body
    bool continued = false;
    for (std::size_t line_end = 0; end < text_.size(); end = line_end) {
      line_end = text_.find('\n', end);
      line_end = line_end == std::string_view::npos ? text_.size() : line_end + 1;
      std::string_view line = text_.substr(end, line_end - end);
      if (line.ends_with('\n')) line.remove_suffix(1);
      std::string_view bare_line = line;
      if (document.strip_tabs) bare_line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
      if (!continued && bare_line == document.delimiter) break;
      std::size_t backslashes = line.size() - (line.find_last_not_of('\\') + 1);
      continued = !document.quoted && backslashes % 2 == 1;
    }
    std::string_view body = text_.substr(begin, end - begin);
    at_ = end;
    if (!next_mark(body, 0)) {
      out_ += body;
    } else if (document.quoted) {
      quoted_here_document(document, body);
    } else {
      Filler filler(body, variable_, depth_ + 1, true);
      if (filler.too_deep()) {
        out_ += body;
        return;
      }
      out_ += filler.fill();
      replaced_ = replaced_ || filler.replaced();
    }
  }

  // The shell puts nothing into such a body. With a value to put in, the delimiter loses its quotes, and
  // everything else in the body gets backslashes so that it stays what it is.
  void quoted_here_document(const HereDocument& document, std::string_view body) {
    std::string escaped;
    std::string plain;
    bool found = false;
    const bool can_unquote = !document.delimiter.empty() && depth_ < k_deepest &&
                             std::all_of(document.delimiter.begin(), document.delimiter.end(), is_name_char);
    std::size_t from = 0;
    auto literal = [&](std::string_view text) {
      plain += text;
      for (char c : text) {
        if (c == '\\' || c == '$' || c == '`') escaped += '\\';
        escaped += c;
      }
    };
    while (std::optional<Mark> mark = next_mark(body, from)) {
      const Reference& reference = mark->reference;
      literal(body.substr(from, reference.begin - from));
      std::string_view raw = body.substr(reference.begin, reference.end - reference.begin);
      from = reference.end;
      std::optional<std::string> name;
      if (mark->kind == Mark::Kind::reference)
        name = variable_(reference, raw, can_unquote ? ShellPlace::data : ShellPlace::forbidden);
      if (!name) {
        literal(mark->kind == Mark::Kind::escaped ? raw.substr(1) : raw);
        continue;
      }
      found = true;
      escaped += "${" + *name + "}";
    }
    literal(body.substr(from));
    if (!found) {
      out_ += plain;
      return;
    }
    replaced_ = true;
    std::string word = document.delimiter;
    word.resize(document.word_end - document.word_begin, ' ');  // the same length: no other place moves
    out_.replace(document.word_begin, word.size(), word);
    out_ += escaped;
  }

 public:
  // Asks about every reference of a text that is nested too deep to be read.
  bool too_deep() {
    if (depth_ <= k_deepest) return false;
    std::size_t from = 0;
    while (std::optional<Mark> mark = next_mark(text_, from)) {
      from = mark->reference.end;
      if (mark->kind == Mark::Kind::reference)
        (void)variable_(mark->reference, raw_of(*mark), ShellPlace::forbidden);
    }
    return true;
  }

 private:
  std::string_view text_;
  const ShellVariable& variable_;
  int depth_;
  std::size_t at_ = 0;
  std::string out_;
  bool replaced_ = false;
  std::vector<Frame> stack_;
};

}  // namespace

std::string fill_shell(std::string_view text, const ShellVariable& variable) {
  if (text.find('{') == std::string_view::npos) return std::string(text);  // no reference is in it
  return Filler(text, variable, 0, false).fill();
}

}  // namespace rustchain
