// What the file functions of POSIX systems share.
#include "platform/file_support_posix.hpp"

#include "util/path.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

namespace rustchain {

FileHandle::~FileHandle() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

int FileHandle::close() {
  int descriptor = std::exchange(descriptor_, -1);
  // After EINTR the descriptor is gone on Linux; closing again could hit another's.
  return ::close(descriptor) == 0 || errno == EINTR ? 0 : errno;
}

FileHandle open_file(int directory, const char* path, int flags, unsigned mode) {
  for (;;) {
    int descriptor = ::openat(directory, path, flags | O_CLOEXEC, mode);
    if (descriptor >= 0 || errno != EINTR) return FileHandle(descriptor);
  }
}

Failure file_failure(int error, std::string_view action, const std::string& path) {
  Failure failure{FailureKind::file_error, {}, {}};
  std::string why;
  std::string parent = parent_directory(path);
  switch (error) {
    case EACCES:
    case EPERM:
      failure.kind = FailureKind::permission_denied;
      why = "the system does not allow it";
      failure.help =
          "look at owner and mode of the path and of its directory: ls -ld '" + path + "' '" + parent + "'";
      break;
    case EROFS:
      why = "the file system is read-only";
      failure.help = "choose a path on a file system that can be written";
      break;
    case ENOSPC:
      why = "the disk is full";
      failure.help = "free some space; df -h '" + parent + "' shows how much there is";
      break;
    case EDQUOT:
      why = "the disk quota is used up";
      failure.help = "free some space, or ask for a larger quota";
      break;
    case ENOENT:
      why = "there is no such file or directory";
      failure.help = "check the path, or add a step that makes it";
      break;
    case ENOTDIR:
      why = "a part of the path is a file, not a directory";
      failure.help = "check each part of the path";
      break;
    case EISDIR:
      why = "it is a directory";
      failure.help = "name a file in it";
      break;
    case EEXIST:
      why = "it is already there";
      failure.help = "set overwrite: true, or choose another path";
      break;
    case ENOTEMPTY:
      why = "it is a directory that is not empty";
      failure.help = "delete it first, or choose another path";
      break;
    case ENAMETOOLONG:
      why = "the name is too long";
      failure.help = "choose a shorter name";
      break;
    case ELOOP:
      why = "its symbolic links go round in a circle";
      failure.help = "look at the links: ls -l '" + path + "'";
      break;
    case EMFILE:
    case ENFILE:
      why = "too many files are open";
      failure.help = "run fewer steps at once, or raise the limit with ulimit -n";
      break;
    case EFBIG:
      why = "the file would be larger than the system allows";
      failure.help = "look at the limit: ulimit -f";
      break;
    case EBUSY:
    case ETXTBSY:
      why = "it is in use";
      failure.help = "end the program that uses it, or unmount it";
      break;
    case EIO:
      why = "the disk reports an error";
      failure.help = "look at the system's log: dmesg";
      break;
    default: why = std::generic_category().message(error);
  }
  failure.message = "can't " + std::string(action) + " '" + path + "': " + why;
  return failure;
}

DirectoryEntry::Kind kind_of(const struct stat& status) {
  if (S_ISREG(status.st_mode)) return DirectoryEntry::Kind::file;
  if (S_ISDIR(status.st_mode)) return DirectoryEntry::Kind::directory;
  if (S_ISLNK(status.st_mode)) return DirectoryEntry::Kind::link;
  return DirectoryEntry::Kind::other;
}

int list_directory(FileHandle directory, std::vector<DirectoryEntry>& entries) {
  DIR* opened = ::fdopendir(directory.get());
  if (opened == nullptr) return errno;
  directory.release();
  std::unique_ptr<DIR, int (*)(DIR*)> stream(opened, &::closedir);
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(opened);
    if (entry == nullptr) return errno;
    std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    DirectoryEntry::Kind kind = DirectoryEntry::Kind::other;
    switch (entry->d_type) {
      case DT_REG: kind = DirectoryEntry::Kind::file; break;
      case DT_DIR: kind = DirectoryEntry::Kind::directory; break;
      case DT_LNK: kind = DirectoryEntry::Kind::link; break;
      case DT_UNKNOWN: kind = DirectoryEntry::Kind::unknown; break;
      default: break;
    }
    entries.push_back({std::string(name), kind});
  }
}

int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t written = ::write(descriptor, bytes.data(), std::min<std::size_t>(bytes.size(), 1 << 30));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace rustchain
