// Paths as texts: nothing here looks at the file system.
#include "util/path.hpp"

#include <filesystem>

namespace rustchain {

namespace fs = std::filesystem;

std::string resolve_path(std::string_view directory, std::string_view path) {
  if (path.empty()) return {};
  return (fs::path(directory) / fs::path(path)).string();
}

std::string normalise_path(std::string_view path) {
  std::string normal = fs::path(path).lexically_normal().string();
  if (normal.size() > 1 && normal.back() == '/') normal.pop_back();
  return normal;
}

std::string parent_directory(std::string_view path) {
  fs::path parent = fs::path(path).parent_path();
  return parent.empty() ? "." : parent.string();
}

std::string expand_home(std::string_view path, std::string_view home) {
  if (home.empty() || (path != "~" && !path.starts_with("~/"))) return std::string(path);
  return std::string(home) + std::string(path.substr(1));
}

std::string file_name(std::string_view path) {
  return fs::path(path).filename().string();
}

}  // namespace rustchain
