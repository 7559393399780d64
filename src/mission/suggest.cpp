// Did you mean: the known word that a mistyped one was probably meant to be.
#include "mission/suggest.hpp"

#include "util/text.hpp"

#include <algorithm>
#include <utility>

namespace rustchain {

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t most) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > most) return most + 1;

  // Three rows of the usual table, of which only the band of width 2 * most + 1 can hold a small number.
  const std::size_t far = most + 1;
  std::vector<std::size_t> before(b.size() + 1, far), last(b.size() + 1, far), row(b.size() + 1, far);
  for (std::size_t j = 0; j <= std::min(b.size(), most); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t from = i > most ? i - most : 0;
    std::size_t to = std::min(b.size(), i + most);
    std::size_t least = far;
    if (from > 0) row[from - 1] = far;
    for (std::size_t j = from; j <= to; ++j) {
      std::size_t cost = j == 0 ? i : far;
      if (j > 0) {
        cost = std::min(row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
          cost = std::min(cost, before[j - 2] + 1);
      }
      cost = std::min(cost, last[j] + 1);
      row[j] = std::min(cost, far);
      least = std::min(least, row[j]);
    }
    if (to < b.size()) row[to + 1] = far;
    if (least > most) return far;
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string_view>& known,
                                   std::size_t two_from) {
  std::size_t most = word.size() >= two_from ? 2 : 1;
  std::string lower = to_lower(word);
  std::string_view best;
  std::size_t best_distance = most + 1;
  for (std::string_view candidate : known) {
    std::size_t distance =
        std::min(edit_distance(word, candidate, most), edit_distance(lower, to_lower(candidate), most) + 1);
    // A distance as long as the word itself means that the two have nothing in common.
    if (distance >= best_distance || distance >= std::max(word.size(), candidate.size())) continue;
    best = candidate;
    best_distance = distance;
  }
  if (best_distance > most) return std::nullopt;
  return std::string(best);
}

}  // namespace rustchain
