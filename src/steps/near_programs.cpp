// Programs whose names are near to one that isn't there.
#include "steps/near_programs.hpp"

#include "mission/suggest.hpp"
#include "util/path.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace rustchain {
namespace {

constexpr std::size_t k_shortest = 4;

// `python3` for `python`, `pip3.11` for `pip`.
bool is_version_of(std::string_view program, std::string_view name) {
  return program.size() > name.size() && program.starts_with(name) &&
         program.find_first_not_of("0123456789.", name.size()) == std::string_view::npos;
}

}  // namespace

std::string near_program(Services& services, const std::string& name, const std::string& path,
                         const std::string& directory) {
  if (name.empty() || name.find('/') != std::string::npos) return {};
  std::vector<std::string> names;
  for (std::string_view element : split(path, ':')) {
    if (element.empty()) continue;
    Result<std::vector<DirectoryItem>, Failure> items = services.files.list(resolve_path(directory, element));
    if (!items) continue;
    for (DirectoryItem& item : *items)
      if (item.kind == DirectoryItem::Kind::file || item.kind == DirectoryItem::Kind::link)
        names.push_back(std::move(item.name));
  }
  std::sort(names.begin(), names.end());
  auto is_there = [&](const std::string& program) {
    return services.processes.find_program(program, path, directory).has_value();
  };
  std::string version;  // the shortest: python3 before python3.11
  for (const std::string& program : names)
    if (is_version_of(program, name) && (version.empty() || program.size() < version.size()) &&
        is_there(program))
      version = program;
  if (!version.empty() || name.size() < k_shortest) return version;
  const std::vector<std::string_view> known(names.begin(), names.end());
  std::optional<std::string> near = nearest(name, known);
  return near && is_there(*near) ? *near : std::string();
}

}  // namespace rustchain
