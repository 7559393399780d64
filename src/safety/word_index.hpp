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
  std::uint32_t hash = 0;
  std::uint16_t row = 0;
};

// Of a word's length and four of its characters: multiplicative hashing (Knuth, TAOCP 3, 6.4), whose highest
// bits are the best.
constexpr std::uint32_t hash_of(std::string_view word) {
  if (word.empty()) return 0;
  auto at = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(word[i])); };
  const std::size_t last = word.size() - 1;
  const std::uint32_t packed =
      at(0) | at(last) << 8U | at(word.size() / 2) << 16U | at(last < 1 ? 0 : 1) << 24U;
  return (packed ^ static_cast<std::uint32_t>(word.size()) << 5U) * 2654435761U;
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

// The words of a table by their hashes, in 256 drawers by the highest byte.
template <std::size_t Words>
struct WordIndex {
  std::array<IndexedWord, Words> words;
  std::array<std::uint16_t, 257> drawers;  // where each begins, and where the last ends
};

// `Words` is count_words(rows).
template <std::size_t Words, typename Row, std::size_t Rows>
consteval WordIndex<Words> index_words(const Row (&rows)[Rows]) {
  WordIndex<Words> index;
  std::size_t at = 0;
  for (std::size_t row = 0; row < Rows; ++row)
    each_word(names_of(rows[row]), [&](std::string_view word) {
      index.words[at++] = {word, hash_of(word), static_cast<std::uint16_t>(row)};
    });
  std::sort(index.words.begin(), index.words.end(), [](const IndexedWord& a, const IndexedWord& b) {
    if (a.hash != b.hash) return a.hash < b.hash;
    return a.word != b.word ? a.word < b.word : a.row < b.row;
  });
  at = 0;
  for (std::size_t drawer = 0; drawer < 256; ++drawer) {
    index.drawers[drawer] = static_cast<std::uint16_t>(at);
    while (at < Words && index.words[at].hash >> 24 == drawer) ++at;
  }
  index.drawers[256] = static_cast<std::uint16_t>(at);
  return index;
}

// The rows that name `word`, in the table's order.
std::span<const IndexedWord> find_word(std::span<const IndexedWord> words,
                                       std::span<const std::uint16_t, 257> drawers, std::string_view word);

template <const auto& rows>
inline constexpr auto k_index = index_words<count_words(rows)>(rows);

// `rows` stands at namespace scope.
template <const auto& rows>
std::span<const IndexedWord> find_in(std::string_view word) {
  return find_word(k_index<rows>.words, k_index<rows>.drawers, word);
}
template <const auto& rows>
bool is_in(std::string_view word) {
  return !find_in<rows>(word).empty();
}

}  // namespace rustchain
