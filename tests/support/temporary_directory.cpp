#include "support/temporary_directory.hpp"

#include <set>

namespace rustchain {

std::string TemporaryDirectory::listing() const {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path_)) {
    std::string name = entry.path().lexically_relative(path_).string();
    bool is_directory = entry.symlink_status().type() == std::filesystem::file_type::directory;
    names.insert(is_directory ? name + "/" : name);
  }
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : " ") + name;
  return all;
}

}  // namespace rustchain
