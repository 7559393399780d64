// What a mistake in YAML means to the person who made it.
#pragma once

#include "rustchain/diagnostic.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rustchain {

// What the parser stumbled over.
enum class YamlFault : std::uint8_t {
  other,
  first_character,  // one that can't begin a value
  alias,            // its name
  anchor,
  tag,
  unknown_alias,
  escape,        // between double quotes
  block_header,  // what stands behind | or >
  value,         // a ':' where none may be
  entry,         // a '-' where no list may begin
  no_colon,      // a text where only a key may be
  key,           // something else than a key
  item,          // something else than an item
  comma,         // something else than a comma or the closing bracket
  content,       // something else than a value
  directive,     // what begins with % in the first column
  after_end,     // something behind the end of the document
};

struct YamlStop {
  std::size_t offset = 0;  // in bytes
  YamlFault fault = YamlFault::other;
  std::string_view words = {};  // the parser's own
};

// Where the parser gave up becomes the place of the mistake, what is wrong and how to mend it.
Diagnostic yaml_problem(std::string_view text, const YamlStop& stop, std::uint32_t file);

}  // namespace rustchain
