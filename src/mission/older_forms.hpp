// Whole files in another form than a mission of today.
#pragma once

#include "rustchain/node.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace rustchain {

// What was changed: one sentence, and the line of the old text; 0: the file as a whole.
struct MigrationNote {
  std::uint32_t line = 0;
  std::string text;
};
using MigrationNotes = std::vector<MigrationNote>;

// A mission wrapped in `mission:`, or a list of `tasks:` with an `op` each, becomes the tree of a mission
// with `name`, `version` and `steps`. False: it is neither, and the document is as it was. In both forms
// commands are texts for a shell, and nothing in any text refers to a step.
bool rewrite_older_form(Node& document, MigrationNotes& notes);

}  // namespace rustchain
