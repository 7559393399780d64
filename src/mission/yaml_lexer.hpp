// The rough outline of a YAML text: where brackets, quotes, lists and keys begin and end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace rustchain {

struct YamlToken {
  enum class Kind : std::uint8_t {
    end,     // of the text
    quoted,  // in ' or "
    plain,
    block,     // after | or >
    open,      // [ or {
    close,     // ] or }
    comma,     // between brackets
    colon,     // after a key
    dash,      // of a list
    question,  // before a key
    name,      // &anchor, *alias or !tag
    marker,    // --- or ...
  };

  Kind kind = Kind::end;
  std::size_t begin = 0;
  std::size_t end = 0;
  bool closed = true;  // quoted: whether there is a closing quote
};

// Finds its way also through texts that are no YAML, so it serves to say what is wrong with them, and to
// rewrite what the parser wouldn't take. It never decides what a value is. Linear time, one pass.
class YamlLexer {
 public:
  explicit YamlLexer(std::string_view text);

  YamlToken next();
  // Offsets of the brackets that are open here, outermost first.
  const std::vector<std::size_t>& open() const { return open_; }

 private:
  void skip_blanks();
  void end_line();
  YamlToken take(YamlToken::Kind kind, std::size_t bytes);
  YamlToken quoted(char quote);
  YamlToken plain();
  YamlToken block();
  bool blank_after(std::size_t bytes) const;
  bool ends_plain(std::size_t at) const;
  int column(std::size_t at) const { return static_cast<int>(at - line_begin_); }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_begin_ = 0;
  int parent_ = -1;        // column of the key or dash that what follows belongs to
  int entry_ = 0;          // column of the last value that may turn out to be a key
  bool after_key_ = true;  // a quoted key between brackets may be followed by a colon without a blank
  std::vector<std::size_t> open_;
};

}  // namespace rustchain
