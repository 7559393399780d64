// A YAML text as the parser can take it, and the way back to the text as it was written.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

// The parser knows YAML 1.1 and counts characters. What JSON and YAML 1.2 allow beyond that, and what is
// harmless, is rewritten for it: escapes of surrogate pairs, characters that it would refuse or take for line
// ends, and tabs on lines without a value.
class ParserText {
 public:
  // `text` is valid UTF-8, and outlives this.
  explicit ParserText(std::string_view text);
  ParserText(const ParserText&) = delete;
  ParserText& operator=(const ParserText&) = delete;

  std::string_view fed() const { return fed_; }
  // Where in the original text the parser's n-th character stands, in bytes. Quick when asked in order.
  std::size_t offset(std::size_t character);
  // A value that the parser has read, as it was meant.
  std::string original(std::string_view value) const;

 private:
  // From here on the fed text is so much shorter than the original one.
  struct Shift {
    std::size_t at = 0;
    std::ptrdiff_t by = 0;
  };

  void rewrite(std::string_view text);
  void blanks(std::string_view text, std::size_t begin, std::size_t end);
  void block(std::string_view text, std::size_t begin, std::size_t end);
  void pairs(std::string_view text, std::size_t begin, std::size_t end);
  void outlaws(std::string_view text, std::size_t begin, std::size_t end);
  void replace(std::string_view text, std::size_t begin, std::size_t end, std::string_view by);

  std::string rewritten_;  // empty: there was no need
  std::size_t copied_ = 0;
  std::vector<Shift> shifts_;
  bool has_stand_ins_ = false;
  std::string_view fed_;
  std::size_t skipped_ = 0;  // byte order marks
  // A character and where it begins in fed_.
  std::size_t character_ = 0;
  std::size_t at_ = 0;
};

}  // namespace rustchain
