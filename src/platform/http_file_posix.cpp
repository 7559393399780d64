// The file that an answer's body goes to: whole or not at all.
#include "platform/http_file.hpp"
#include "util/path.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rustchain {

HttpFile::~HttpFile() {
  if (descriptor_ >= 0) close(descriptor_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

std::string HttpFile::failed(int error) const {
  return "'" + shown_ + "' can't be written: " + std::generic_category().message(error);
}

std::optional<std::string> HttpFile::open(const std::string& path) {
  shown_ = path;
  std::error_code error;
  std::filesystem::create_directories(parent_directory(path), error);
  if (error) return failed(error.value());
  path_ = std::filesystem::weakly_canonical(path, error).string();
  if (error) return failed(error.value());
  if (std::filesystem::is_directory(path_, error)) return failed(EISDIR);

  // O_EXCL and a number that counts up: no other writer has the same file, and the umask has its say.
  for (unsigned number = 0;; ++number) {
    std::string name = parent_directory(path_) + "/." + file_name(path_) + "." + std::to_string(getpid()) +
                       "." + std::to_string(number) + ".part";
    descriptor_ = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ >= 0) {
      temporary_ = name;
      break;
    }
    if (errno != EEXIST) return failed(errno);
  }
  struct stat there {};
  if (stat(path_.c_str(), &there) == 0 && fchmod(descriptor_, there.st_mode & 07777) != 0)
    return failed(errno);
  return std::nullopt;
}

std::optional<std::string> HttpFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed(errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return std::nullopt;
}

std::optional<std::string> HttpFile::commit() {
  if (fsync(descriptor_) != 0 && errno != EINVAL) return failed(errno);
  int closed = close(descriptor_);
  descriptor_ = -1;
  if (closed != 0) return failed(errno);
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) return failed(errno);
  temporary_.clear();
  return std::nullopt;
}

}  // namespace rustchain
