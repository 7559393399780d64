// The files of a POSIX system: what is written is there whole or not at all.
#include "platform/file_support_posix.hpp"
#include "platform/file_tree_posix.hpp"
#include "platform/platform.hpp"
#include "util/path.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>

namespace rustchain {
namespace {

// Nanoseconds since 1970. macOS calls the field by a name of its own.
template <class Status>
std::int64_t modified_at(const Status& status) {
  auto nanoseconds = [](const auto& time) {
    return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
  };
  if constexpr (requires { status.st_mtim; })
    return nanoseconds(status.st_mtim);
  else
    return nanoseconds(status.st_mtimespec);
}

// A name beside `path` that nobody uses. Long names are cut: the system allows 255 bytes.
std::string name_beside(const std::string& path) {
  static std::atomic<unsigned> count = 0;
  return parent_directory(path) + "/." + file_name(path).substr(0, 180) + "." + std::to_string(::getpid()) +
         "-" + std::to_string(count++) + ".tmp";
}

// Signals that would end the process wait until this does: what is half written is then moved or removed.
class SignalsHeld {
 public:
  SignalsHeld() {
    sigset_t ending;
    sigemptyset(&ending);
    for (int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&ending, number);
    pthread_sigmask(SIG_BLOCK, &ending, &before_);
  }
  ~SignalsHeld() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;

 private:
  sigset_t before_{};
};

// Removes a temporary file or tree unless it has been moved to its place.
class Temporary {
 public:
  explicit Temporary(std::string path) : path_(std::move(path)) {}
  ~Temporary() {
    if (path_.empty() || ::unlink(path_.c_str()) == 0 || errno == ENOENT) return;
    (void)remove_tree(path_).ok();
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  const std::string& path() const { return path_; }
  void keep() { path_.clear(); }

 private:
  const SignalsHeld held_;
  std::string path_;
};

// Where writing to `path` really writes: symlinks followed, also one that points to nothing yet.
Result<std::string, Failure> follow_links(const std::string& path) {
  std::string at = path;
  for (int links = 0; links < 40; ++links) {
    std::string target(4096, '\0');
    ssize_t size = ::readlink(at.c_str(), target.data(), target.size());
    if (size < 0) return at;
    target.resize(static_cast<std::size_t>(size));
    at = resolve_path(parent_directory(at), target);
  }
  return file_failure(ELOOP, "write", path);
}

void sync_directory(const std::string& path) {
  // Makes a rename safe against power loss; not every file system can, and the rename has happened.
  FileHandle directory = open_file(AT_FDCWD, path.c_str(), O_RDONLY | O_DIRECTORY);
  if (directory) ::fsync(directory.get());
}

// Puts `temporary` in its place. Without `overwrite` it fails with EEXIST even if another makes the file just
// now.
int put_in_place(Temporary& temporary, const std::string& path, bool overwrite) {
  if (!overwrite) {
    if (::link(temporary.path().c_str(), path.c_str()) == 0) return 0;
    if (errno == EEXIST) return EEXIST;
    // This file system has no hard links, or it is a directory.
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0) return EEXIST;
  }
  if (::rename(temporary.path().c_str(), path.c_str()) != 0) return errno;
  temporary.keep();
  return 0;
}

class PosixFiles : public Files {
 public:
  explicit PosixFiles(bool follow) : follow_(follow) {}
  std::optional<FileStatus> status(const std::string& path) override;
  Result<std::string, Failure> read(const std::string& path, std::uint64_t most) override;
  Result<Written, Failure> write(const WriteRequest& request) override;
  Result<std::uint64_t, Failure> copy(const std::string& from, const std::string& to,
                                      bool overwrite) override;
  Result<std::uint64_t, Failure> move(const std::string& from, const std::string& to,
                                      bool overwrite) override;
  Result<bool, Failure> remove(const std::string& path, bool recursive) override;
  Result<Done, Failure> make_directories(const std::string& path) override;
  Result<std::vector<std::string>, Failure> glob(const std::string& pattern,
                                                 const std::string& directory) override {
    return find_files(pattern, directory);
  }
  Result<std::uint64_t, Failure> append_file(const std::string& from, const std::string& to) override;
  Result<std::vector<DirectoryItem>, Failure> list(const std::string& directory) override {
    return list_items(directory);
  }
  TreeSize tree_size(const std::string& path, const std::function<bool(const TreeSize&)>& enough) override {
    return measure_tree(path, enough);
  }

 private:
  int no_link() const { return follow_ ? 0 : O_NOFOLLOW; }
  int status_of(const std::string& path, struct stat& status) const {
    return follow_ ? ::stat(path.c_str(), &status) : ::lstat(path.c_str(), &status);
  }
  Result<std::string, Failure> target_of(const std::string& path) const {
    return follow_ ? follow_links(path) : Result<std::string, Failure>(path);
  }
  Result<Written, Failure> append(const WriteRequest& request);
  Result<Written, Failure> write_through(const WriteRequest& request);
  Result<std::uint64_t, Failure> copy_to(const std::string& from, const std::string& to, bool overwrite,
                                         bool moves);

  const bool follow_;
};

std::optional<FileStatus> PosixFiles::status(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  FileStatus result;
  result.kind = S_ISREG(status.st_mode)   ? FileStatus::Kind::file
                : S_ISDIR(status.st_mode) ? FileStatus::Kind::directory
                                          : FileStatus::Kind::other;
  result.size = static_cast<std::uint64_t>(status.st_size);
  result.mode = status.st_mode & 07777;
  result.modified = modified_at(status);
  return result;
}

Result<std::string, Failure> PosixFiles::read(const std::string& path, std::uint64_t most) {
  // O_NONBLOCK: a pipe that nobody writes to must not hold the step for ever.
  FileHandle file = open_file(AT_FDCWD, path.c_str(), O_RDONLY | O_NONBLOCK | no_link());
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0) return file_failure(errno, "read", path);
  if (S_ISDIR(status.st_mode)) return file_failure(EISDIR, "read", path);
  std::string bytes;
  // Files of /proc say that they are empty: read until the end comes.
  std::uint64_t guess = S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) + 1 : 4096;
  while (bytes.size() < most) {
    std::size_t held = bytes.size();
    // Little where little is expected: memory that is cleared for nothing is most of a small file's price.
    std::uint64_t wanted = guess > held ? std::max<std::uint64_t>(guess - held, 4096) : 65536;
    wanted = std::min<std::uint64_t>({wanted, most - held, 1 << 30});
    bytes.resize(held + wanted);
    ssize_t got = ::read(file.get(), bytes.data() + held, wanted);
    bytes.resize(held + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return file_failure(errno, "read", path);
    if (got == 0) break;
  }
  return bytes;
}

Result<Done, Failure> PosixFiles::make_directories(const std::string& path) {
  // From the deepest directory that is there.
  std::vector<std::string> missing;
  std::string at = normalise_path(path);
  struct stat status {};
  while (::stat(at.c_str(), &status) != 0) {
    if (errno != ENOENT) return file_failure(errno, "make the directory", path);
    missing.push_back(at);
    at = parent_directory(at);
    if (at == "." || at == missing.back()) break;
  }
  if (missing.empty() && !S_ISDIR(status.st_mode))
    return Failure{FailureKind::file_error, "can't make the directory '" + path + "': a file has that name",
                   "choose another path, or delete the file"};
  for (; !missing.empty(); missing.pop_back())
    if (::mkdir(missing.back().c_str(), 0777) != 0 && errno != EEXIST)
      return file_failure(errno, "make the directory", missing.back());
  return Done{};
}

Result<Written, Failure> PosixFiles::append(const WriteRequest& request) {
  struct stat before {};
  bool created = ::stat(request.path.c_str(), &before) != 0;
  FileHandle file =
      open_file(AT_FDCWD, request.path.c_str(), O_WRONLY | O_APPEND | O_CREAT | no_link(), 0644);
  if (!file) return file_failure(errno, "write", request.path);
  if (created && request.mode) ::fchmod(file.get(), *request.mode);
  if (::fstat(file.get(), &before) != 0) return file_failure(errno, "write", request.path);
  int error = write_all(file.get(), request.bytes);
  if (error == 0 && request.durable && ::fsync(file.get()) != 0 && errno != EINVAL) error = errno;
  if (error != 0) {
    // Half a piece is worse than none; a device can't be cut, and has nothing to cut.
    if (created) {
      ::unlink(request.path.c_str());
    } else if (S_ISREG(before.st_mode)) {
      [[maybe_unused]] int ignored = ::ftruncate(file.get(), before.st_size);
    }
    return file_failure(error, "write", request.path);
  }
  return Written{static_cast<std::uint64_t>(before.st_size) + request.bytes.size(), created};
}

Result<std::uint64_t, Failure> PosixFiles::append_file(const std::string& from, const std::string& to) {
  FileHandle source = open_file(AT_FDCWD, from.c_str(), O_RDONLY | no_link());
  if (!source) return file_failure(errno, "read", from);
  FileHandle target = open_file(AT_FDCWD, to.c_str(), O_WRONLY | O_APPEND | O_CREAT | no_link(), 0644);
  if (!target) return file_failure(errno, "write", to);
  std::vector<char> buffer(128 * 1024);
  std::uint64_t added = 0;
  for (;;) {
    ssize_t got = ::read(source.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return file_failure(errno, "read", from);
    if (got == 0) break;
    auto bytes = static_cast<std::size_t>(got);
    if (int error = write_all(target.get(), {buffer.data(), bytes}); error != 0)
      return file_failure(error, "write", to);
    added += bytes;
  }
  if (int error = target.close(); error != 0) return file_failure(error, "write", to);
  return added;
}

// To a device or pipe, which can't be replaced.
Result<Written, Failure> PosixFiles::write_through(const WriteRequest& request) {
  FileHandle file = open_file(AT_FDCWD, request.path.c_str(), O_WRONLY | O_NONBLOCK | no_link());
  if (!file) {
    if (errno != ENXIO) return file_failure(errno, "write", request.path);
    return Failure{FailureKind::file_error,
                   "can't write '" + request.path + "': it is a pipe that nobody reads",
                   "start its reader first"};
  }
  ::fcntl(file.get(), F_SETFL, ::fcntl(file.get(), F_GETFL) & ~O_NONBLOCK);
  int error = write_all(file.get(), request.bytes);
  if (error != 0) return file_failure(error, "write", request.path);
  return Written{request.bytes.size(), false};
}

Result<Written, Failure> PosixFiles::write(const WriteRequest& request) {
  auto fail = [&](int error) { return file_failure(error, "write", request.path); };
  if (Result<Done, Failure> made = make_directories(parent_directory(request.path)); !made)
    return made.error();
  if (request.append) return append(request);

  Result<std::string, Failure> target = target_of(request.path);
  if (!target) return target.error();
  struct stat old {};
  bool exists = status_of(*target, old) == 0;
  if (!exists && errno != ENOENT) return fail(errno);
  if (exists && S_ISDIR(old.st_mode)) return fail(EISDIR);
  if (exists && !request.overwrite) return fail(EEXIST);
  if (exists && !S_ISREG(old.st_mode)) return write_through(request);

  Temporary temporary(name_beside(*target));
  FileHandle file =
      open_file(AT_FDCWD, temporary.path().c_str(), O_WRONLY | O_CREAT | O_EXCL, exists ? 0600 : 0644);
  if (!file) return fail(errno);
  int error = write_all(file.get(), request.bytes);
  // A change of owner takes special mode bits away, so the mode comes after it.
  if (exists && (old.st_uid != ::geteuid() || old.st_gid != ::getegid())) [[maybe_unused]]
    int ignored = ::fchown(file.get(), old.st_uid, old.st_gid);
  if (error == 0 && (exists || request.mode) &&
      ::fchmod(file.get(), request.mode ? *request.mode : old.st_mode & 07777) != 0)
    error = errno;
  if (error == 0 && ::fsync(file.get()) != 0 && errno != EINVAL) error = errno;
  int close_error = file.close();
  if (error == 0) error = close_error;
  if (error == 0) error = put_in_place(temporary, *target, request.overwrite);
  if (error != 0) return fail(error);
  sync_directory(parent_directory(*target));
  return Written{request.bytes.size(), !exists};
}

// Through a temporary name beside the target.
Result<std::uint64_t, Failure> PosixFiles::copy_to(const std::string& from, const std::string& to,
                                                   bool overwrite, bool moves) {
  Temporary temporary(name_beside(to));
  Result<std::uint64_t, Failure> copied = copy_tree(
      {.from = from, .to = temporary.path(), .shown_to = to, .follow = !moves && follow_, .preserve = moves});
  if (!copied) return copied;
  int error = put_in_place(temporary, to, overwrite);
  if (error == ENOTEMPTY || (error == EEXIST && overwrite)) return file_failure(ENOTEMPTY, "replace", to);
  if (error != 0) return file_failure(error, "write", to);
  sync_directory(parent_directory(to));
  return copied;
}

// Whether `to` lies in the directory `from`, symlinks and all.
bool lies_within(const std::string& from, const std::string& to) {
  struct stat directory {
  }, above{};
  if (::stat(from.c_str(), &directory) != 0 || !S_ISDIR(directory.st_mode)) return false;
  std::unique_ptr<char, void (*)(void*)> real(::realpath(parent_directory(to).c_str(), nullptr), &std::free);
  if (!real) return false;
  for (std::string at = real.get();; at = parent_directory(at)) {
    if (::stat(at.c_str(), &above) == 0 && above.st_dev == directory.st_dev &&
        above.st_ino == directory.st_ino)
      return true;
    if (at == "/" || at == ".") return false;
  }
}

// What must hold before a copy or move; makes the directory that it goes to.
std::optional<Failure> check_target(Files& files, std::string_view action, const std::string& from,
                                    const std::string& to, bool overwrite, bool follow) {
  struct stat source {
  }, target{};
  if ((follow ? ::stat(from.c_str(), &source) : ::lstat(from.c_str(), &source)) != 0)
    return file_failure(errno, action, from);
  if (Result<Done, Failure> made = files.make_directories(parent_directory(to)); !made) return made.error();
  if (lies_within(from, to))
    return Failure{FailureKind::file_error,
                   "can't " + std::string(action) + " '" + from + "' to '" + to + "': that is inside of it",
                   "choose a destination outside of the source"};
  if (::lstat(to.c_str(), &target) != 0) return std::nullopt;
  if (!overwrite) return file_failure(EEXIST, "write", to);
  if (source.st_dev == target.st_dev && source.st_ino == target.st_ino)
    return Failure{FailureKind::file_error,
                   "can't " + std::string(action) + " '" + from + "' to '" + to + "': they are the same file",
                   "choose another destination"};
  if (S_ISDIR(target.st_mode) && !S_ISDIR(source.st_mode)) return file_failure(EISDIR, "write", to);
  return std::nullopt;
}

Result<std::uint64_t, Failure> PosixFiles::copy(const std::string& from, const std::string& to,
                                                bool overwrite) {
  if (auto failure = check_target(*this, "copy", from, to, overwrite, follow_)) return *failure;
  // A symlink at the destination is written through, as write() does.
  Result<std::string, Failure> target = target_of(to);
  if (!target) return target.error();
  struct stat source {
  }, old{};
  if (::stat(target->c_str(), &old) == 0 && ::stat(from.c_str(), &source) == 0 &&
      source.st_dev == old.st_dev && source.st_ino == old.st_ino)
    return Failure{FailureKind::file_error,
                   "can't copy '" + from + "' to '" + to + "': they are the same file",
                   "choose another destination"};
  return copy_to(from, *target, overwrite, false);
}

Result<std::uint64_t, Failure> PosixFiles::move(const std::string& from, const std::string& to,
                                                bool overwrite) {
  if (auto failure = check_target(*this, "move", from, to, overwrite, false)) return *failure;
  struct stat source {};
  bool is_directory = ::lstat(from.c_str(), &source) == 0 && S_ISDIR(source.st_mode);
  if (::rename(from.c_str(), to.c_str()) == 0) {
    sync_directory(parent_directory(to));
    if (!is_directory) return static_cast<std::uint64_t>(source.st_size);
    return measure_tree(to, {}).bytes;
  }
  if (errno == ENOTEMPTY || errno == EEXIST) return file_failure(ENOTEMPTY, "replace", to);
  if (errno != EXDEV) return file_failure(errno, "move", from);
  Result<std::uint64_t, Failure> copied = copy_to(from, to, overwrite, true);
  if (!copied) return copied;
  if (Result<bool, Failure> removed = remove(from, true); !removed) return removed.error();
  return copied;
}

Result<bool, Failure> PosixFiles::remove(const std::string& path, bool recursive) {
  // "link/" would be the directory that the link points to.
  const std::string exact = normalise_path(path);
  struct stat status {};
  if (::lstat(exact.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return false;
    return file_failure(errno, "delete", path);
  }
  if (S_ISDIR(status.st_mode)) {
    if (!recursive)
      return Failure{FailureKind::file_error, "can't delete '" + path + "': it is a directory",
                     "set recursive: true to delete it with all that is in it"};
    std::unique_ptr<char, void (*)(void*)> real(::realpath(exact.c_str(), nullptr), &std::free);
    if (!real || std::string_view(real.get()) == "/") return file_failure(EBUSY, "delete", path);
    if (Result<Done, Failure> removed = remove_tree(exact); !removed) return removed.error();
    return true;
  }
  if (::unlink(exact.c_str()) != 0 && errno != ENOENT) return file_failure(errno, "delete", path);
  return true;
}

}  // namespace

std::unique_ptr<Files> make_files(bool follow) {
  return std::make_unique<PosixFiles>(follow);
}

}  // namespace rustchain
