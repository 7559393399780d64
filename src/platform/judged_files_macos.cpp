// There is no openat2 here, and no way to name a file by a descriptor of its directory.
#include "platform/judged_files.hpp"
#include "platform/platform.hpp"

#include <cerrno>
#include <filesystem>

#include <fcntl.h>

namespace rustchain {

std::unique_ptr<Files> make_judged_files(Files&, const JudgedPaths&) {
  return make_files();
}

FileHandle make_real_directory(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  FileHandle directory = open_file(AT_FDCWD, path.c_str(), O_RDONLY | O_DIRECTORY);
  if (!directory && error) errno = error.value();
  return directory;
}

}  // namespace rustchain
