// Paths as texts: nothing here looks at the file system.
#pragma once

#include <string>
#include <string_view>

namespace rustchain {

// `path` seen from `directory`: absolute paths and empty ones stay as they are.
std::string resolve_path(std::string_view directory, std::string_view path);
// Without "//", "/./" and, as far as the text alone tells, "..": "/a/./b//../c" gives "/a/c".
std::string normalise_path(std::string_view path);
std::string parent_directory(std::string_view path);  // "/a/b" gives "/a", "a" gives "."
// "~" and "~/a" seen from `home`; anything else, or an empty `home`, changes nothing.
std::string expand_home(std::string_view path, std::string_view home);
std::string file_name(std::string_view path);  // "/a/b.txt" gives "b.txt"

}  // namespace rustchain
