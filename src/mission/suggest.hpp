// Did you mean: the known word that a mistyped one was probably meant to be.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

// Insertions, deletions, replacements and swaps of neighbours that turn one into the other; more than `most`
// is given as most + 1.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t most);

// The nearest of `known`, if it is near enough: distance 1, or 2 from `two_from` letters on. Case counts as
// one edit in all.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string_view>& known,
                                   std::size_t two_from = 6);

}  // namespace rustchain
