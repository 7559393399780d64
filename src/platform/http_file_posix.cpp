// The file that an answer's body goes to: whole or not at all.
#include "platform/http_file.hpp"
#include "platform/judged_files.hpp"
#include "util/path.hpp"

#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rustchain {

HttpFile::~HttpFile() {
  if (!temporary_.empty()) unlinkat(directory_.get(), temporary_.c_str(), 0);
}

std::string HttpFile::failed(int error) const {
  return "'" + path_ + "' can't be written: " +
         (error == ELOOP ? "a symbolic link was put into its path after the safety check"
                         : std::generic_category().message(error));
}

std::optional<std::string> HttpFile::open(const std::string& path) {
  path_ = path;
  directory_ = make_real_directory(parent_directory(path));
  if (!directory_) return failed(errno);
  const std::string name = file_name(path);
  struct stat there {};
  const bool exists = fstatat(directory_.get(), name.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0;
  if (exists && S_ISLNK(there.st_mode)) return failed(ELOOP);
  if (name.empty() || (exists && S_ISDIR(there.st_mode))) return failed(EISDIR);

  // O_EXCL and a number that counts up: no other writer has the same file, and the umask has its say.
  for (unsigned number = 0; !file_; ++number) {
    temporary_ = "." + name + "." + std::to_string(getpid()) + "." + std::to_string(number) + ".part";
    file_ = open_file(directory_.get(), temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0666);
    if (file_) break;
    const int error = errno;
    temporary_.clear();
    if (error != EEXIST) return failed(error);
  }
  if (exists && fchmod(file_.get(), there.st_mode & 07777) != 0) return failed(errno);
  return std::nullopt;
}

std::optional<std::string> HttpFile::write(std::string_view bytes) {
  const int error = write_all(file_.get(), bytes);
  return error == 0 ? std::nullopt : std::optional(failed(error));
}

std::optional<std::string> HttpFile::commit() {
  if (fsync(file_.get()) != 0 && errno != EINVAL) return failed(errno);
  if (const int error = file_.close(); error != 0) return failed(error);
  // It takes the place of a link, too, and never what that leads to.
  if (renameat(directory_.get(), temporary_.c_str(), directory_.get(), file_name(path_).c_str()) != 0)
    return failed(errno);
  temporary_.clear();
  return std::nullopt;
}

}  // namespace rustchain
