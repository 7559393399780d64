// A look ahead before the first step starts: programs that steps will need and that aren't there.
#pragma once

#include "rustchain/services.hpp"

#include "mission/mission_file.hpp"

#include <string>
#include <vector>

namespace rustchain {

struct MissingProgram {
  std::string program;
  std::vector<std::string> steps;  // ids
  std::string help;
};

// Programs of command steps that will surely run here: no condition, no fallback, no reference in the name,
// no own PATH, and no earlier step that may bring them.
std::vector<MissingProgram> missing_programs(const MissionFile& file, Services& services,
                                             const std::string& directory);

}  // namespace rustchain
