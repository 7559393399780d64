#include "platform/judged_files.hpp"

#include "util/path.hpp"

namespace rustchain {
namespace {

std::string without_slash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

}  // namespace

void JudgedPaths::note(const std::string& path, const std::string& real) {
  std::lock_guard lock(mutex_);
  real_[without_slash(path)] = without_slash(real);
}

std::string JudgedPaths::real(const std::string& path) const {
  const std::string exact = without_slash(path);
  std::lock_guard lock(mutex_);
  if (auto found = real_.find(exact); found != real_.end()) return found->second;
  auto above = real_.find(parent_directory(exact));
  return above == real_.end() ? std::string() : resolve_path(above->second, file_name(exact));
}

}  // namespace rustchain
