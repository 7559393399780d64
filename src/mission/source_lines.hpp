// The text of a mission by its lines, and changes to single places of it.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/node.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

// Instead of `length` bytes at `at`: `text`.
struct Patch {
  std::size_t at = 0;
  std::size_t length = 0;
  std::string text;
};
using Patches = std::vector<Patch>;

class SourceLines {
 public:
  explicit SourceLines(const std::string& text);

  // Lines count from 1.
  std::size_t count() const { return starts_.size() - 1; }
  std::string_view line(std::size_t number) const;  // without its end; empty past the last
  std::size_t offset(std::size_t line) const;       // past the last: the end of the text
  std::size_t offset(const Location& at) const;
  bool is_json() const;
  // The character at a place; NUL: none there.
  char at(const Location& place) const;
  // The bytes that a scalar takes, its quotes included, where it is written on one line as its text says;
  // nullopt: it isn't (an alias, a merged value, a text of several lines).
  std::optional<std::size_t> length_of(const Node& scalar) const;
  // The last line from `first` on, before `next`, that belongs to a list's element whose dash stands after so
  // many blanks: what follows are blank lines and comments.
  std::size_t last_of(std::size_t first, std::size_t next, std::size_t indent) const;
  // The first of the comments and blank lines that stand right above a line; the line itself if there are
  // none.
  std::size_t first_comment_above(std::size_t line) const;
  // Full-line comments of [first, next), trimmed; those that are part of a text in `node` left out.
  std::vector<std::string_view> comments(std::size_t first, std::size_t next, const Node& node) const;
  std::vector<std::string_view> comments_at_top() const;
  // Of patches that overlap the first counts. Their line ends become those of the text.
  std::string patched(Patches patches) const;

 private:
  const std::string& text_;
  std::vector<std::size_t> starts_;  // of each line, and the end of the text
};

}  // namespace rustchain
