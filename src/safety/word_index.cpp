// Finds the rows of a table that name a word.
#include "safety/word_index.hpp"

namespace rustchain {

std::span<const IndexedWord> find_word(std::span<const IndexedWord> words,
                                       std::span<const std::uint16_t, 257> drawers, std::string_view word) {
  const std::uint32_t hash = hash_of(word);
  const std::size_t drawer = hash >> 24;
  const std::size_t end = drawers[drawer + 1];
  std::size_t first = drawers[drawer];
  while (first < end && (words[first].hash != hash || words[first].word != word)) ++first;
  std::size_t last = first;
  while (last < end && words[last].word == word) ++last;
  return words.subspan(first, last - first);
}

}  // namespace rustchain
