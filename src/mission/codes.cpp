// The table of diagnostics: each has a code that never changes its meaning, and a page for `rustchain
// explain`.
#include "rustchain/diagnostic.hpp"

#include <array>

namespace rustchain {
namespace {

// To add one: take the next free number of its range, write the row, use the code where the problem is found.
constexpr auto k_codes = std::to_array<DiagnosticCode>({
    // RC00xx: the file and its YAML
    {.code = "RC0001",
     .title = "the mission file can't be read",
     .why = "There is no such file, it is a directory, or the system refuses access.",
     .example = "",
     .cure = "Correct the path; `rustchain list` shows the missions of a directory."},

    // RC01xx: keys, types and values

    // RC02xx: steps and their dependencies

    // RC03xx: references and conditions

    // RC04xx: rules of step types

    // RC05xx: older shapes, accepted with a warning

    // RC06xx: composition: extends, templates, foreach, mission steps

});

}  // namespace

std::span<const DiagnosticCode> diagnostic_codes() {
  return k_codes;
}

}  // namespace rustchain
