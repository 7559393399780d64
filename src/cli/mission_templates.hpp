// The missions to start from, which CMake takes from missions/templates.
#pragma once

#include <span>
#include <string_view>

namespace rustchain {

struct MissionTemplate {
  std::string_view name;
  std::string_view text;  // the file, byte for byte
};
std::span<const MissionTemplate> mission_templates();

}  // namespace rustchain
