// What keeps a text from being read as YAML at all: its encoding, control characters.
#pragma once

#include "rustchain/diagnostic.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace rustchain {

// The first thing that is wrong, if there is any. Linear time, and fast.
std::optional<Diagnostic> text_problem(std::string_view text, std::uint32_t file);

// Line and column of an offset; the end of the text belongs to its last line that is not empty. Linear time:
// for the one place where reading ends.
Location place_of(std::string_view text, std::size_t offset, std::uint32_t file);

}  // namespace rustchain
