// Paths as texts: nothing here looks at the file system.
#include "util/path.hpp"

#include <filesystem>

namespace rustchain {

namespace fs = std::filesystem;

// Where paths are plain texts, taking one apart into its parts first would be most of the work.
constexpr bool k_plain = fs::path::preferred_separator == '/';

std::string resolve_path(std::string_view directory, std::string_view path) {
  if (path.empty()) return {};
  if (!k_plain) return (fs::path(directory) / fs::path(path)).string();
  std::string resolved;
  if (path.front() != '/' && !directory.empty()) {
    resolved = directory;
    if (resolved.back() != '/') resolved += '/';
  }
  return resolved += path;
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
  if (!k_plain) return fs::path(path).filename().string();
  return std::string(path.substr(path.rfind('/') + 1));  // npos + 1 is 0
}

}  // namespace rustchain
