// Text to Node tree: the one place that knows YAML. Everything that is no YAML, or past a bound, ends here.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/node.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace rustchain {

struct LoadBounds {
  std::size_t file_bytes = 64u << 20;
  std::size_t depth = 200;              // of nesting
  std::size_t nodes = 20'000'000;       // of the document
  std::size_t alias_nodes = 1'000'000;  // that aliases may add
};

// The one document in `text`, or nullopt with at least one error in `problems`. Aliases are copied in, merge
// keys (`<<`) merged. Every key of a map is a scalar, and no two are the same: what breaks that is an error
// in `problems` and left out of the tree. A text without a value gives null, line 0. `file` is the index of
// the text in Sources. Time and memory are linear in the size of the text.
std::optional<Node> load_yaml(const std::string& text, std::uint32_t file, Diagnostics& problems,
                              const LoadBounds& bounds = {});

}  // namespace rustchain
