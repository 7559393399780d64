// Recursive descent over the characters of a shell text (safety/shell.hpp). The nesting is bounded, and
// nothing is read twice but the inside of backquotes, which is read once a level.
#pragma once

#include "safety/shell.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <memory>

namespace rustchain {

inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
inline bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

// What a character means where nothing is quoted.
enum class ShellCharacter : std::uint8_t { plain, ends_word, quotes_or_expands };
constexpr std::array<ShellCharacter, 256> shell_characters() {
  std::array<ShellCharacter, 256> all{};
  for (unsigned char c : std::string_view(" \t\r\n|&;<>()")) all[c] = ShellCharacter::ends_word;
  for (unsigned char c : std::string_view("\\'\"$`")) all[c] = ShellCharacter::quotes_or_expands;
  return all;
}
inline constexpr std::array<ShellCharacter, 256> k_shell_characters = shell_characters();
inline ShellCharacter shell_character(char c) {
  return k_shell_characters[static_cast<unsigned char>(c)];
}
inline bool ends_word(char c) {
  return shell_character(c) == ShellCharacter::ends_word;
}
inline ShellPiece make_piece(ShellPiece::Kind kind, bool quoted, std::string text) {
  ShellPiece piece;
  piece.kind = kind;
  piece.quoted = quoted;
  piece.text = std::move(text);
  return piece;
}

class ShellReader {
 public:
  ShellReader(std::string_view text, const ShellSpan* all_at, int depth);
  ShellScript read();

 private:
  struct Deeper {
    explicit Deeper(ShellReader& outer) : reader(outer) {
      if (++outer.depth_ > k_shell_nesting) {
        outer.too_deep_ = true;
        outer.at_ = outer.text_.size();
      }
    }
    ~Deeper() { --reader.depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    ShellReader& reader;
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

  void match_parentheses();
  bool is_arithmetic(std::size_t first) const;

  // ---- blanks, comments, the ends of lines
  void skip_blanks();
  void newline();
  void skip_space();
  void read_documents();

  // ---- words
  ShellPiece& text_piece(std::vector<ShellPiece>& pieces, bool quoted);
  ShellWord word();
  void elements(ShellWord& result);
  void pattern_group(std::string& text);
  void word_character(std::vector<ShellPiece>& pieces);
  // Up to `end`, which is passed; an empty one: up to the end of the text.
  void double_quoted(std::vector<ShellPiece>& pieces, std::string_view end);
  void ansi_quoted(std::string& text);
  // At a '$' or a backquote.
  void expansion(std::vector<ShellPiece>& pieces, bool quoted);
  ShellPiece backquotes(bool quoted);
  // `first`: the first of its two parentheses.
  ShellPiece arithmetic(std::size_t first, bool quoted);
  ShellPiece braced_variable(bool quoted);
  std::vector<ShellItem> in_parentheses();

  // ---- commands
  // The keyword that stands here, if any.
  std::string_view keyword() const;
  // Commands up to a ')', a ";;" or a keyword that is in `stops` or closes something else.
  std::vector<ShellItem> list(std::string_view stops);
  ShellItem pipeline();
  ShellItem command();
  void close(std::string_view word);
  ShellItem group(std::vector<ShellItem> items);
  void read_if(ShellItem& item);
  void read_body(ShellItem& item);
  void read_for(ShellItem& item);
  void read_case(ShellItem& item);
  // After the name and its "()".
  void read_function(ShellItem& item);
  void read_simple(ShellItem& item);
  void read_redirects(ShellItem& item);
  bool redirect(ShellItem& item);

  std::string_view text_;
  const ShellSpan* all_at_;
  int depth_;
  std::size_t at_ = 0;
  bool too_deep_ = false;
  bool incomplete_ = false;
  std::vector<std::uint32_t> closes_;
  std::deque<Document> documents_;
};

}  // namespace rustchain
