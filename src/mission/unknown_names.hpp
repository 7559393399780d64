// What is said of references to names that nothing stands for.
#pragma once

#include "rustchain/diagnostic.hpp"

#include "mission/references.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace rustchain {

// What reads the text that a reference stands in. In shell and file texts `${x}` is most likely that
// language's.
enum class TextUse : std::uint8_t { plain, shell, file_text, condition };

class UnknownNames {
 public:
  explicit UnknownNames(const Names& names) : names_(names) {}
  // What is wrong with a reference that has no meaning, without its place; nullopt: it may stay as it is.
  std::optional<Diagnostic> look_at(const Reference& reference, std::string_view raw, TextUse use);

 private:
  std::optional<std::string> near_miss(const Reference& reference);

  const Names& names_;
  std::unordered_map<std::string, std::optional<std::string>> near_;
  std::size_t comparisons_ = 0;
};

}  // namespace rustchain
