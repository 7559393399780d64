// The edits of edit_file on a text in memory. Pure.
#include "steps/edit_text.hpp"

#include "steps/support.hpp"
#include "util/text.hpp"
#include "util/utf8.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace rustchain {
namespace {

// What was found, and what is to be put in its place.
struct Found {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string replacement;
};

class Search {
 public:
  Search(const Edit& edit, std::string_view text) : edit_(edit), text_(text) {}

  // The next one that begins at `from` or later.
  std::optional<Found> next(std::size_t from) {
    if (!edit_.regex) {
      std::size_t at = edit_.find.empty() ? std::string_view::npos : text_.find(edit_.find, from);
      if (at == std::string_view::npos) return std::nullopt;
      return Found{at, at + edit_.find.size(), edit_.replacement};
    }
    if (!edit_.regex->find(text_, from, match_)) return std::nullopt;
    Found found{match_.begin(), match_.end(), {}};
    if (edit_.operation == EditOperation::replace)
      found.replacement = expand_replacement(edit_.replacement, text_, match_);
    return found;
  }

 private:
  const Edit& edit_;
  std::string_view text_;
  Regex::Match match_;
};

std::string with_newline(std::string_view text) {
  std::string whole(text);
  if (!whole.empty() && whole.back() != '\n') whole += '\n';
  return whole;
}

Edited replace(const Edit& edit, std::string_view text) {
  Edited edited;
  Search search(edit, text);
  std::size_t copied = 0;
  for (std::size_t from = 0; edit.count == 0 || edited.changes < edit.count;) {
    std::optional<Found> found = search.next(from);
    if (!found) break;
    edited.text += text.substr(copied, found->begin - copied);
    edited.text += found->replacement;
    copied = from = found->end;
    ++edited.changes;
    if (found->begin == found->end) {  // go on after the next character, or it would be found for ever
      if (from >= text.size()) break;
      from += std::max<std::size_t>(utf8_length(text, from), 1);
    }
  }
  edited.text += text.substr(copied);
  return edited;
}

// Inserts beside the lines that hold what is found, or removes them.
Edited edit_lines(const Edit& edit, std::string_view text) {
  Edited edited;
  Search search(edit, text);
  std::size_t copied = 0;
  while (edit.count == 0 || edited.changes < edit.count) {
    std::optional<Found> found = search.next(copied);
    if (!found || (edited.changes > 0 && found->begin >= text.size())) break;
    std::size_t newline = found->begin == 0 ? std::string_view::npos : text.rfind('\n', found->begin - 1);
    std::size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
    // A match that ends with a newline holds no part of the next line.
    newline = text.find('\n', std::max(found->begin, found->end - (found->end > found->begin ? 1 : 0)));
    std::size_t end = newline == std::string_view::npos ? text.size() : newline + 1;

    edited.text += text.substr(copied, begin - copied);
    std::string_view line = text.substr(begin, end - begin);
    if (edit.operation == EditOperation::insert_before) {
      edited.text += with_newline(edit.content);
      edited.text += line;
    } else if (edit.operation == EditOperation::insert_after) {
      edited.text += line;
      bool ended = line.ends_with('\n');
      if (!ended) edited.text += '\n';
      edited.text += ended ? with_newline(edit.content) : edit.content;
    }
    copied = end;
    ++edited.changes;
    if (copied >= text.size()) break;
  }
  edited.text += text.substr(copied);
  return edited;
}

}  // namespace

std::optional<EditOperation> edit_operation(std::string_view name) {
  constexpr std::array<std::string_view, 7> names = {"write",        "replace",       "append", "prepend",
                                                     "insert_after", "insert_before", "delete"};
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return static_cast<EditOperation>(i);
  return std::nullopt;
}

bool needs_target(EditOperation operation) {
  return operation != EditOperation::write && operation != EditOperation::append &&
         operation != EditOperation::prepend;
}

Edited apply_edit(const Edit& edit, std::string_view text) {
  switch (edit.operation) {
    case EditOperation::write: return {edit.content, 0};
    case EditOperation::append: return {with_newline(text) + edit.content, 0};
    case EditOperation::prepend:
      return {(text.empty() ? edit.content : with_newline(edit.content)) + std::string(text), 0};
    case EditOperation::replace: return replace(edit, text);
    case EditOperation::insert_after:
    case EditOperation::insert_before:
    case EditOperation::remove: break;
  }
  return edit_lines(edit, text);
}

namespace {

constexpr std::size_t k_lines_looked_at = 50'000;
constexpr std::size_t k_bytes_compared = 300;  // of a line

using Pairs = std::array<std::uint8_t, 1024>;  // how often pairs of neighbours occur, by a hash of the pair

// Without blanks, so that indentation doesn't count.
std::size_t count_pairs(std::string_view line, Pairs& pairs) {
  pairs.fill(0);
  std::size_t total = 0;
  unsigned before = 0;
  for (char c : line.substr(0, k_bytes_compared)) {
    if (c == ' ' || c == '\t' || c == '\r') continue;
    unsigned code = static_cast<unsigned char>(c);
    if (before != 0) {
      std::uint8_t& count = pairs[(before * 31 + code) % pairs.size()];
      if (count < 255) ++count, ++total;
    }
    before = code;
  }
  return total;
}

std::string_view without_end(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty() && lines.size() < k_lines_looked_at) {
    std::size_t end = text.find('\n');
    lines.push_back(without_end(text.substr(0, end)));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::string line_told(std::size_t index, std::string_view line) {
  return std::to_string(index + 1) + " is `" + shown(trim(line), 120) + "`";
}

}  // namespace

std::string nearest_place(std::string_view text, std::string_view find) {
  if (find.find('\n') != std::string_view::npos && find.find('\r') == std::string_view::npos &&
      text.find(replace_all(find, "\n", "\r\n")) != std::string_view::npos)
    return "the file's lines end with \\r\\n, those of `find` with \\n";

  const std::vector<std::string_view> lines = lines_of(text);
  std::vector<std::string_view> wanted = lines_of(find);
  while (!wanted.empty() && trim(wanted.front()).empty()) wanted.erase(wanted.begin());
  if (wanted.empty()) return {};

  // Where the first line is there, but not all that follow it.
  if (wanted.size() > 1) {
    std::size_t best = 0, best_at = 0;
    for (std::size_t at = 0; at < lines.size() && best < wanted.size(); ++at) {
      if (!lines[at].ends_with(wanted[0])) continue;
      std::size_t same = 1;
      // Bounded: a file of equal lines must not make this quadratic.
      while (same < std::min<std::size_t>(wanted.size(), 200) && at + same < lines.size() &&
             lines[at + same] == wanted[same])
        ++same;
      if (same > best) best = same, best_at = at;
    }
    if (best > 0 && best < wanted.size() && best_at + best < lines.size())
      return "the first " +
             (best == 1 ? std::string("line of `find` is") : std::to_string(best) + " lines of `find` are") +
             " there, but line " + line_told(best_at + best, lines[best_at + best]);
  }

  Pairs pairs;
  Pairs other;
  const std::size_t size = count_pairs(wanted[0], pairs);
  double best = 0.5;  // less is no likeness
  std::optional<std::size_t> best_at;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    const std::size_t other_size = count_pairs(lines[at], other);
    if (size == 0 || other_size == 0) continue;
    std::size_t common = 0;
    for (std::size_t i = 0; i < pairs.size(); ++i) common += std::min(pairs[i], other[i]);
    double likeness = 2.0 * static_cast<double>(common) / static_cast<double>(size + other_size);
    if (likeness > best) best = likeness, best_at = at;
  }
  if (!best_at) return {};
  return "the nearest line " + line_told(*best_at, lines[*best_at]);
}

}  // namespace rustchain
