// The text of a mission by its lines, and changes to single places of it.
#include "mission/source_lines.hpp"

#include "util/text.hpp"

#include <algorithm>
#include <unordered_map>

namespace rustchain {
namespace {

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

// Texts in block style by the line on which they begin: how deep the key or dash before them stands.
void find_blocks(const Node& node, std::size_t indent, std::unordered_map<std::size_t, std::size_t>& blocks) {
  if (node.is_scalar() && node.style == Node::Style::block) blocks[node.at.line] = indent;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    bool value = node.is_map() && i % 2 == 1;
    std::size_t column = value ? node.items[i - 1].at.column : node.items[i].at.column;
    find_blocks(node.items[i], value && column > 0 ? column - 1 : indent, blocks);
  }
}

}  // namespace

SourceLines::SourceLines(const std::string& text) : text_(text) {
  starts_.push_back(0);
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n') starts_.push_back(i + 1);
  if (starts_.back() != text.size()) starts_.push_back(text.size());
}

std::size_t SourceLines::offset(std::size_t line) const {
  return line == 0 ? 0 : starts_[std::min(line, starts_.size()) - 1];
}

std::size_t SourceLines::offset(const Location& at) const {
  return std::min(text_.size(), offset(at.line) + (at.column > 0 ? at.column - 1 : 0));
}

std::string_view SourceLines::line(std::size_t number) const {
  std::size_t begin = offset(number);
  std::string_view line = std::string_view(text_).substr(begin, offset(number + 1) - begin);
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  return line;
}

bool SourceLines::is_json() const {
  std::string_view text = trim(text_);
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  return trim(text).starts_with('{');
}

char SourceLines::at(const Location& place) const {
  std::size_t at = offset(place);
  return place.line > 0 && at < text_.size() ? text_[at] : '\0';
}

std::optional<std::size_t> SourceLines::length_of(const Node& scalar) const {
  if (scalar.at.line == 0 || scalar.text.empty()) return std::nullopt;
  std::string_view rest = line(scalar.at.line);
  if (scalar.at.column == 0 || scalar.at.column > rest.size()) return std::nullopt;
  rest.remove_prefix(scalar.at.column - 1);
  std::size_t quotes = rest.front() == '"' || rest.front() == '\'' ? 1 : 0;
  if (!rest.substr(quotes).starts_with(scalar.text)) return std::nullopt;
  std::string_view after = rest.substr(quotes + scalar.text.size());
  if (quotes && !after.starts_with(rest.front())) return std::nullopt;
  if (!quotes && !after.empty() && std::string_view(" \t:,]}").find(after.front()) == std::string_view::npos)
    return std::nullopt;
  return scalar.text.size() + 2 * quotes;
}

std::size_t SourceLines::last_of(std::size_t first, std::size_t next, std::size_t indent) const {
  std::size_t last = first;
  for (std::size_t number = first; number < next && number <= count(); ++number) {
    std::string_view content = trim(line(number));
    if (content.empty()) continue;
    // A comment no deeper than the dash belongs to what comes next.
    if (number > first && content.front() == '#' && indent_of(line(number)) <= indent) continue;
    last = number;
  }
  return last;
}

std::size_t SourceLines::first_comment_above(std::size_t number) const {
  while (number > 1) {
    std::string_view above = trim(line(number - 1));
    if (!above.empty() && above.front() != '#') break;
    --number;
  }
  return number;
}

std::vector<std::string_view> SourceLines::comments(std::size_t first, std::size_t next,
                                                    const Node& node) const {
  std::unordered_map<std::size_t, std::size_t> blocks;
  find_blocks(node, 0, blocks);
  std::vector<std::string_view> all;
  std::optional<std::size_t> block;
  for (std::size_t number = first; number < next && number <= count(); ++number) {
    std::string_view content = trim(line(number));
    if (block && !content.empty() && indent_of(line(number)) <= *block) block.reset();
    if (!block && content.starts_with('#')) all.push_back(content);
    if (auto found = blocks.find(number); found != blocks.end()) block = found->second;
  }
  return all;
}

std::vector<std::string_view> SourceLines::comments_at_top() const {
  std::vector<std::string_view> all;
  for (std::size_t number = 1; number <= count(); ++number) {
    std::string_view content = trim(line(number));
    if (!content.empty() && content.front() != '#') break;
    all.push_back(content);
  }
  return all;
}

std::string SourceLines::patched(Patches patches) const {
  std::stable_sort(patches.begin(), patches.end(), [](const Patch& a, const Patch& b) {
    return a.at != b.at ? a.at < b.at : a.length < b.length;
  });
  const bool crlf = starts_.size() > 1 && std::string_view(text_).substr(0, starts_[1]).ends_with("\r\n");
  std::string result;
  std::size_t from = 0;
  for (std::size_t i = 0; i < patches.size(); ++i) {
    const Patch& patch = patches[i];
    bool again =
        i > 0 && patch.at == patches[i - 1].at && patch.length == patches[i - 1].length && patch.length > 0;
    if (again || patch.at < from) continue;
    result.append(text_, from, patch.at - from);
    result += crlf ? replace_all(patch.text, "\n", "\r\n") : patch.text;
    from = patch.at + patch.length;
  }
  return result.append(text_, from);
}

}  // namespace rustchain
