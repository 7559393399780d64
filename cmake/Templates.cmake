# The missions that `rustchain new` writes: missions/templates/*.yaml as a source file. They are read when CMake
# configures, which it does again when one of them changes.
set(template_names basic llm ci audit campaign)
set(template_rows)
foreach(name IN LISTS template_names)
  set(file ${CMAKE_CURRENT_SOURCE_DIR}/missions/templates/${name}.yaml)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} text)
  string(APPEND template_rows "    {\"${name}\", R\"mission(${text})mission\"},\n")
endforeach()
set(template_source ${CMAKE_CURRENT_BINARY_DIR}/generated/mission_templates.cpp)
file(CONFIGURE OUTPUT ${template_source} @ONLY CONTENT [[
// Made from missions/templates by cmake/Templates.cmake.
#include "cli/mission_templates.hpp"

#include <array>

namespace rustchain {
namespace {

constexpr auto k_templates = std::to_array<MissionTemplate>({
@template_rows@});

}  // namespace

std::span<const MissionTemplate> mission_templates() {
  return k_templates;
}

}  // namespace rustchain
]])
