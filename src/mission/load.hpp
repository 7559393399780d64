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
  std::size_t nodes = 40'000'000;       // of the document
  std::size_t alias_nodes = 1'000'000;  // that aliases may add
};

// The one document in `text`, or nullopt with at least one error in `problems`. Aliases are copied in, merge
// keys
// (`<<`) merged. `file` is the index of the text in Sources. Duplicate keys are errors. Time and memory are
// linear in the size of the text.
std::optional<Node> load_yaml(const std::string& text, std::uint32_t file, Diagnostics& problems,
                              const LoadBounds& bounds = {});

}  // namespace rustchain
