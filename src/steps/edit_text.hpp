// The edits of edit_file on a text in memory. Pure.
#pragma once

#include "util/regex.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rustchain {

enum class EditOperation : std::uint8_t {
  write,          // the content is the whole file
  replace,        // what is found, by the replacement
  append,         // the content at the end, on a line of its own
  prepend,        // at the beginning, on a line of its own
  insert_after,   // after the line that holds what is found
  insert_before,  // before it
  remove,         // the lines that hold what is found
};
// By its name in a mission ("delete" is remove).
std::optional<EditOperation> edit_operation(std::string_view name);
bool needs_target(EditOperation operation);  // `find` or `regex`

struct Edit {
  EditOperation operation = EditOperation::write;
  std::string find;            // not used if there is a regex
  std::optional<Regex> regex;  // `replacement` may refer to its groups
  std::string replacement;
  std::string content;
  std::uint64_t count = 0;  // at most so many; 0: all
};

struct Edited {
  std::string text;
  std::uint64_t changes = 0;  // of what was searched for; 0: it isn't there
};
Edited apply_edit(const Edit& edit, std::string_view text);

// Where `find` would probably have been, for a person; empty: nothing in the text is like it. Looks at the
// first 50,000 lines.
std::string nearest_place(std::string_view text, std::string_view find);

}  // namespace rustchain
