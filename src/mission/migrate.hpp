// Missions in older shapes, rewritten into today's format.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/step_type.hpp"

#include "mission/older_forms.hpp"

#include <string>

namespace rustchain {

struct Migration {
  std::string text;      // the mission in today's format; the text itself where nothing is old
  MigrationNotes notes;  // in the order of the file
  Diagnostics problems;  // not empty of errors: this is no mission of any shape, and `text` is empty
};

// Changes only what is old, with the comments and the layout of everything else as they were. A step that
// must be put together anew keeps its full-line comments, ahead of it. Only for files that are one block of
// another shape (`mission:`, `tasks:`, JSON with old steps) is everything written anew, as YAML. What it
// gives reads back as exactly the mission that was meant, and migrating it again changes nothing.
Migration migrate(const std::string& text, const StepTypes& types);

}  // namespace rustchain
