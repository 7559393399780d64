// Puts shell variables in the place of the references of a text that a shell reads. Pure.
#pragma once

#include "mission/references.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace rustchain {

enum class ShellPlace : std::uint8_t {
  data,        // any value may stand there
  arithmetic,  // the shell computes with it: only a whole number can't become code
  forbidden,   // no value can be put there safely ($'...', a here-document with an odd delimiter)
};

// The name of the shell variable that holds the value of a reference; nullopt: it stays as it is written.
using ShellVariable =
    std::function<std::optional<std::string>(const Reference&, std::string_view raw, ShellPlace)>;

// `text` in the language of POSIX shells with what bash adds. Each reference becomes "${NAME}" in the way
// that its place asks for: quoted where the text is bare, so that the value stays one word and is read as
// nothing but data. References in comments and those behind a backslash (\${x}) stay. Calls `variable` in the
// order of the text, from 0 to a few times for each reference. Linear time; nesting of here-documents and
// backquotes is followed to a depth of 64, what is deeper is forbidden.
std::string fill_shell(std::string_view text, const ShellVariable& variable);

}  // namespace rustchain
