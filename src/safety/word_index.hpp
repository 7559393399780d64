// Finds the rows of a table that name a word. The index is made when the program is compiled: a check of one
// mission asks for few words, and must not pay for putting all tables in order.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace rustchain {

struct IndexedWord {
  std::string_view word;
  std::uint16_t row = 0;
};

// Most words differ in length, which is looked at in no time.
constexpr bool stands_before(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

// The names of a row, blanks between; a table may be a list of names only.
constexpr std::string_view names_of(std::string_view row) {
  return row;
}
template <typename Row>
constexpr std::string_view names_of(const Row& row) {
  return row.programs;
}

template <typename Visit>
constexpr void each_word(std::string_view text, Visit visit) {
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text.find(' ', at);
    if (end == std::string_view::npos) end = text.size();
    if (end > at) visit(text.substr(at, end - at));
    at = end + 1;
  }
}

template <typename Row, std::size_t Rows>
consteval std::size_t count_words(const Row (&rows)[Rows]) {
  std::size_t count = 0;
  for (const Row& row : rows) each_word(names_of(row), [&](std::string_view) { ++count; });
  return count;
}

// `Words` is count_words(rows).
template <std::size_t Words, typename Row, std::size_t Rows>
consteval std::array<IndexedWord, Words> index_words(const Row (&rows)[Rows]) {
  std::array<IndexedWord, Words> index;
  std::size_t at = 0;
  for (std::size_t row = 0; row < Rows; ++row)
    each_word(names_of(rows[row]), [&](std::string_view word) {
      index[at++] = {word, static_cast<std::uint16_t>(row)};
    });
  std::sort(index.begin(), index.end(), [](const IndexedWord& a, const IndexedWord& b) {
    return a.word != b.word ? stands_before(a.word, b.word) : a.row < b.row;
  });
  return index;
}

// The rows that name `word`, in the table's order.
constexpr std::span<const IndexedWord> find_word(std::span<const IndexedWord> index, std::string_view word) {
  auto first = std::lower_bound(
      index.begin(), index.end(), word,
      [](const IndexedWord& one, std::string_view other) { return stands_before(one.word, other); });
  auto last = first;
  while (last != index.end() && last->word == word) ++last;
  return {first, last};
}

}  // namespace rustchain
