// Where the marks of a text stand in the file.
#include "mission/mark_places.hpp"

#include "mission/references.hpp"

#include <algorithm>
#include <string>

namespace rustchain {

TextMarks::TextMarks(const Source* source, std::size_t offset, Location at)
    : source_(source),
      from_(offset),
      line_begin_(offset - std::min<std::size_t>(offset, at.column - 1)),
      at_(at) {}

std::optional<Location> TextMarks::find(std::size_t index, std::string_view raw) {
  if (source_ == nullptr) return std::nullopt;
  std::string_view text = source_->text;
  while (next_ <= index) {
    std::optional<Mark> mark = next_mark(text, from_);
    if (!mark) {
      source_ = nullptr;
      return std::nullopt;
    }
    begin_ = mark->reference.begin;
    from_ = mark->reference.end;
    ++next_;
  }
  if (text.substr(begin_, from_ - begin_) != raw) return std::nullopt;
  for (std::size_t end; (end = text.find('\n', line_begin_)) < begin_; line_begin_ = end + 1) ++at_.line;
  at_.column = static_cast<std::uint32_t>(begin_ - line_begin_ + 1);
  return at_;
}

TextMarks MarkPlaces::marks_of(Location text) {
  const Source* source = source_of(text);
  if (source == nullptr || text.column == 0) return {nullptr, 0, {1, 1, 0}};
  std::size_t offset = offset_of(text);
  // An alias: its text stands elsewhere. No document is one, and other files may begin with a star.
  if (offset > 0 && offset < source->text.size() && source->text[offset] == '*') source = nullptr;
  return {source, offset, text};
}

Location MarkPlaces::text_in(Location text, std::string_view part) {
  const Source* source = source_of(text);
  if (source == nullptr || text.column == 0) return text;
  const std::string_view file = source->text;
  const std::size_t from = offset_of(text);
  const std::size_t found = file.find(part, from);
  if (found == std::string_view::npos) return text;
  Location at = text;
  for (std::size_t i = from; i < found; ++i) {
    ++at.column;
    if (file[i] != '\n') continue;
    ++at.line;
    at.column = 1;
  }
  return at;
}

Location MarkPlaces::offset_in(const Text& text, std::size_t offset) {
  const Source* source = source_of(text.at);
  if (source == nullptr) return text.at;
  std::size_t begin = offset_of(text.at);
  std::string_view file = source->text;
  if (begin < file.size()) {
    bool quote = (file[begin] == '"' || file[begin] == '\'') &&
                 (text.value.empty() || text.value.front() != file[begin]);
    if (quote || file.substr(begin, text.value.size()) != text.value) ++begin;
  }
  if (begin > file.size() || file.substr(begin, offset) != std::string_view(text.value).substr(0, offset) ||
      std::string_view(text.value).substr(0, offset).find('\n') != std::string_view::npos)
    return text.at;
  Location at = text.at;
  at.column += static_cast<std::uint32_t>(begin - offset_of(text.at) + offset);
  return at;
}

const Source* MarkPlaces::source_of(Location at) const {
  return at.line > 0 && at.file < sources_.size() ? &sources_[at.file] : nullptr;
}

std::size_t MarkPlaces::offset_of(Location at) {
  if (lines_.size() < sources_.size()) lines_.resize(sources_.size());
  std::vector<std::size_t>& lines = lines_[at.file];
  const std::string& text = sources_[at.file].text;
  if (lines.empty()) {
    lines.push_back(0);
    for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', end + 1))
      lines.push_back(end + 1);
  }
  std::size_t line = std::min<std::size_t>(at.line, lines.size()) - 1;
  return std::min(lines[line] + at.column - 1, text.size());
}

}  // namespace rustchain
