// Where the marks of a text (references.hpp) stand in the file, for carets.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/mission.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace rustchain {

// The marks of one text. They are asked for in order.
class TextMarks {
 public:
  // `source`: the file that the text stands in, from `offset` on, which is the place `at`; nullptr: nowhere.
  TextMarks(const Source* source, std::size_t offset, Location at);
  // The place of mark `index`, which reads `raw`; nullopt: an escape or a fold of YAML hides it.
  std::optional<Location> find(std::size_t index, std::string_view raw);

 private:
  const Source* source_;
  std::size_t from_;
  std::size_t line_begin_;
  Location at_;
  std::size_t next_ = 0;
  std::size_t begin_ = 0;
};

class MarkPlaces {
 public:
  explicit MarkPlaces(const Sources& sources) : sources_(sources) {}
  TextMarks marks_of(Location text);
  // Where `part` of the text at `text` stands first; the text's own place where an escape hides it.
  Location text_in(Location text, std::string_view part);
  // The place of an offset in a text that stands on one line of the file as it is; else that of the text.
  Location offset_in(const Text& text, std::size_t offset);

 private:
  const Source* source_of(Location at) const;
  std::size_t offset_of(Location at);  // in its file

  const Sources& sources_;
  std::vector<std::vector<std::size_t>> lines_;  // by file: where each line begins
};

}  // namespace rustchain
