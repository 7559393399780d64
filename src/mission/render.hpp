// Diagnostics for people and for programs. Pure.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/json_fwd.hpp"

#include <string>

namespace rustchain {

// error[RC0104]: unknown key 'timeout_second'
//   --> mission.yaml:7:5
//    |
//  7 |     timeout_second: 30
//    |     ^^^^^^^^^^^^^^
//    = help: did you mean 'timeout_seconds'?
// Long lines are shown around the place; control characters are shown as what they are, not sent to the
// terminal.
std::string render_diagnostic(const Diagnostic& diagnostic, const Sources& sources, bool color);
// All of them, with an empty line between, and the count at the end where there are several.
std::string render_diagnostics(const Diagnostics& diagnostics, const Sources& sources, bool color);
// A list of {code, severity, message, line, column, help}, columns in characters; `file` is there too where
// it is not the mission itself (a base that it extends).
Json render_diagnostics_json(const Diagnostics& diagnostics, const Sources& sources);
// Column in characters, for people and editors.
std::uint32_t column_in_characters(const Location& at, const Sources& sources);

}  // namespace rustchain
