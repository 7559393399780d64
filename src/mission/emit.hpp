// Node trees back to YAML, for people to read.
#pragma once

#include "rustchain/node.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace rustchain {

// A scalar on one line, quoted where it must be to be read back as the same value.
std::string emit_scalar(const Node& node);
// A string, as emit_scalar would write it.
std::string emit_text(std::string_view text);
// Lines in block style, each indented by so many blanks and ended: what load_yaml reads as the same value.
// Texts of several lines become literals (|) where YAML allows it, short lists of scalars stand in brackets.
std::string emit_yaml(const Node& node, std::size_t indent = 0);

}  // namespace rustchain
