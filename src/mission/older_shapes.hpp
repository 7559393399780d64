// Missions as they were written for other versions and other runners: what is still read, and what is not.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/node.hpp"

#include <string>
#include <string_view>

namespace rustchain {

// Whether the document is something else than a mission of today: a planning document, several missions, one
// in a form that must be migrated, or nothing at all. Then `problems` has the one error that says so.
bool refuse_document(const Node& document, Diagnostics& problems);

// "CreateFile", "create-file" and "createFile" as "create_file".
std::string snake_case(std::string_view name);

// What does today the work of a step type, or of a tool, that there was once; empty: nothing known.
std::string_view todays_way(std::string_view old_type);

}  // namespace rustchain
