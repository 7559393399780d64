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

}  // namespace rustchain
