// What a mistake in YAML means to the person who made it.
#pragma once

#include "rustchain/diagnostic.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rustchain {

// Where the parser gave up, and the parser's own words, become the place of the mistake, what is wrong and
// how to mend it. An empty `parser_message` means: here stands something after the end of the document.
Diagnostic yaml_problem(std::string_view text, std::size_t offset, std::string_view parser_message,
                        std::uint32_t file);

// What keeps a text from being read as YAML at all: its encoding, control characters. Nothing if all is well.
// Linear time, and fast.
struct TextProblem {
  bool found = false;
  Diagnostic diagnostic = {};
};
TextProblem text_problem(std::string_view text, std::uint32_t file);

Location place_of(std::string_view text, std::size_t offset, std::uint32_t file);

}  // namespace rustchain
