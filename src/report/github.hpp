// Workflow commands of GitHub Actions: lines that its log turns into annotations and masks.
#pragma once

#include "rustchain/diagnostic.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace rustchain {

struct Annotation {
  Severity severity = Severity::error;  // a note is a notice
  std::string file;                     // as seen from the repository; empty: nowhere
  std::uint32_t line = 0;               // 0: the file as a whole
  std::uint32_t column = 0;             // in characters; 0: unknown
  std::string title;
  std::string message;
};

inline constexpr std::size_t k_most_annotations = 10;
// GitHub shows ten of a kind for a step: the worst ones, those of a kind in their order.
std::string render_annotations(std::vector<Annotation> all);

// Has GitHub mask the values (each line of them) in the log from here on.
std::string render_masks(std::span<const std::string> values);

}  // namespace rustchain
