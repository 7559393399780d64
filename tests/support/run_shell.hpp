// Runs a text in a real shell, for tests of what such a text means.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace rustchain::testing {

// The shells of this machine that read POSIX shell texts: /bin/sh, and bash where there is one.
std::vector<std::string> posix_shells();

// What `shell -c script` prints to standard output, with these variables in its environment besides PATH; if
// it doesn't end with exit code 0, "exit code N" and what it printed to standard error.
std::string run_shell(const std::string& shell, const std::string& script,
                      const std::vector<std::pair<std::string, std::string>>& variables);

}  // namespace rustchain::testing
