// Whole directory trees: deleting and copying. One or two descriptors are open at a time, whatever the depth:
// the way up is "..", and it is checked that it leads where the way down came from.
#include "platform/file_tree_posix.hpp"

#include "platform/file_support_posix.hpp"
#include "util/path.hpp"

#include <array>
#include <cerrno>
#include <memory>

#include <fcntl.h>
#include <unistd.h>

namespace rustchain {
namespace {

using Kind = DirectoryEntry::Kind;

constexpr int k_open_directory = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;

struct Level {
  std::string name;
  std::vector<DirectoryEntry> entries;  // still to be done
  struct stat from {};
  struct stat to {};  // copying only
};

bool same_file(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

std::string path_of(const std::string& root, const std::vector<Level>& levels, const std::string& name = {}) {
  std::string path = root;
  for (std::size_t i = 1; i < levels.size(); ++i) path += "/" + levels[i].name;
  return name.empty() ? path : path + "/" + name;
}

// The kind of an entry, asked for where the directory didn't tell.
Kind kind_at(int directory, const DirectoryEntry& entry) {
  struct stat status {};
  if (entry.kind != Kind::unknown) return entry.kind;
  if (::fstatat(directory, entry.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return Kind::other;
  return kind_of(status);
}

// Opens the parent of `here`; its error is ESTALE when that isn't `expected` (it was moved meanwhile).
int go_up(FileHandle& here, const struct stat& expected) {
  FileHandle up = open_file(here.get(), "..", k_open_directory);
  struct stat status {};
  if (!up || ::fstat(up.get(), &status) != 0) return errno;
  if (!same_file(status, expected)) return ESTALE;
  here = std::move(up);
  return 0;
}

// Lists the directory that `here` is, as a level of its own.
int enter(const FileHandle& here, std::string name, std::vector<Level>& levels) {
  Level level;
  level.name = std::move(name);
  if (::fstat(here.get(), &level.from) != 0) return errno;
  FileHandle listing = open_file(here.get(), ".", k_open_directory);
  if (!listing) return errno;
  int error = list_directory(std::move(listing), level.entries);
  levels.push_back(std::move(level));
  return error;
}

}  // namespace

Result<Done, Failure> remove_tree(const std::string& path) {
  std::vector<Level> levels;
  auto fail = [&](int error, const std::string& name = {}) {
    return file_failure(error, "delete", path_of(path, levels, name));
  };
  FileHandle here = open_file(AT_FDCWD, path.c_str(), k_open_directory);
  if (!here) return fail(errno);
  if (int error = enter(here, {}, levels); error != 0) return fail(error);
  while (!levels.empty()) {
    if (levels.back().entries.empty()) {
      std::string name = std::move(levels.back().name);
      levels.pop_back();
      if (levels.empty()) break;
      if (int error = go_up(here, levels.back().from); error != 0) return fail(error);
      if (::unlinkat(here.get(), name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT)
        return fail(errno, name);
      continue;
    }
    DirectoryEntry entry = std::move(levels.back().entries.back());
    levels.back().entries.pop_back();
    if (kind_at(here.get(), entry) == Kind::directory) {
      FileHandle below = open_file(here.get(), entry.name.c_str(), k_open_directory);
      if (below) {
        here = std::move(below);
        if (int error = enter(here, entry.name, levels); error != 0) return fail(error);
        continue;
      }
      // One that can't be read may still be empty.
      int error = errno;
      if (error != ENOENT && ::unlinkat(here.get(), entry.name.c_str(), AT_REMOVEDIR) != 0)
        return fail(error, entry.name);
    } else if (::unlinkat(here.get(), entry.name.c_str(), 0) != 0 && errno != ENOENT) {
      return fail(errno, entry.name);
    }
  }
  here.close();
  if (::rmdir(path.c_str()) != 0 && errno != ENOENT) return fail(errno);
  return Done{};
}

namespace {

class TreeCopy {
 public:
  explicit TreeCopy(const CopyRequest& request) : request_(request) {}

  Result<std::uint64_t, Failure> run();

 private:
  bool copy_entry(int from, const char* from_name, int to, const char* to_name, bool follow);
  bool copy_bytes(int from, int to);
  bool copy_link(int from, const char* from_name, int to, const char* to_name);
  void finish(int to, const struct stat& status) const;
  bool fail_read(int error, const std::string& name = {}) {
    failure_ = file_failure(error, "read", path_of(request_.from, levels_, name));
    return false;
  }
  bool fail_write(int error, const std::string& name = {}) {
    failure_ = file_failure(error, "write", path_of(request_.shown_to, levels_, name));
    return false;
  }
  bool walk(FileHandle from, FileHandle to);
  bool enter_both(const FileHandle& from, const FileHandle& to, const std::string& name);

  const CopyRequest& request_;
  std::vector<Level> levels_;
  std::uint64_t bytes_ = 0;
  Failure failure_;
  std::string entry_;  // the name that is being copied, for messages
  std::unique_ptr<std::array<char, 1 << 18>> buffer_ = std::make_unique<std::array<char, 1 << 18>>();
};

// Owner, mode and times, as far as they are wanted and allowed. The owner comes first: a change of owner
// takes special mode bits away.
void TreeCopy::finish(int to, const struct stat& status) const {
  if (request_.preserve && (status.st_uid != ::geteuid() || status.st_gid != ::getegid())) {
    // Only root may do this; the copy is right without.
    [[maybe_unused]] int ignored = ::fchown(to, status.st_uid, status.st_gid);
  }
  ::fchmod(to, status.st_mode & (request_.preserve ? 07777 : 0777));
  if (request_.preserve) {
    struct timespec times[2] = {{0, UTIME_OMIT}, {status.st_mtime, 0}};
    ::futimens(to, times);
  }
}

bool TreeCopy::copy_bytes(int from, int to) {
  for (;;) {
    ssize_t got = ::read(from, buffer_->data(), buffer_->size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_read(errno, entry_);
    if (got == 0) return true;
    if (int error = write_all(to, {buffer_->data(), static_cast<std::size_t>(got)}); error != 0)
      return fail_write(error, entry_);
    bytes_ += static_cast<std::uint64_t>(got);
  }
}

bool TreeCopy::copy_link(int from, const char* from_name, int to, const char* to_name) {
  std::string target(4096, '\0');
  ssize_t size = ::readlinkat(from, from_name, target.data(), target.size());
  if (size < 0) return fail_read(errno, entry_);
  target.resize(static_cast<std::size_t>(size));
  if (::symlinkat(target.c_str(), to, to_name) != 0) return fail_write(errno, entry_);
  return true;
}

bool TreeCopy::copy_entry(int from, const char* from_name, int to, const char* to_name, bool follow) {
  struct stat status {};
  if (::fstatat(from, from_name, &status, follow ? 0 : AT_SYMLINK_NOFOLLOW) != 0)
    return fail_read(errno, entry_);
  if (S_ISLNK(status.st_mode)) return copy_link(from, from_name, to, to_name);
  if (S_ISDIR(status.st_mode)) {
    FileHandle source = open_file(from, from_name, O_RDONLY | O_DIRECTORY | (follow ? 0 : O_NOFOLLOW));
    if (!source) return fail_read(errno, entry_);
    if (::mkdirat(to, to_name, 0700) != 0) return fail_write(errno, entry_);
    FileHandle target = open_file(to, to_name, k_open_directory);
    if (!target) return fail_write(errno, entry_);
    return walk(std::move(source), std::move(target));
  }
  // O_NONBLOCK: what has become a pipe meanwhile must not hold this up.
  FileHandle source = open_file(from, from_name, O_RDONLY | O_NONBLOCK | (follow ? 0 : O_NOFOLLOW));
  if (!source) return fail_read(errno, entry_);
  if (::fstat(source.get(), &status) != 0) return fail_read(errno, entry_);
  if (!S_ISREG(status.st_mode)) {
    failure_ = {
        FailureKind::file_error,
        "can't copy '" + path_of(request_.from, levels_, entry_) + "': it is a pipe, socket or device",
        "copy files and directories only"};
    return false;
  }
  FileHandle target = open_file(to, to_name, O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (!target) return fail_write(errno, entry_);
  if (!copy_bytes(source.get(), target.get())) return false;
  finish(target.get(), status);
  // A single file is made safe against power loss; for trees that would cost seconds.
  if (levels_.empty() && ::fsync(target.get()) != 0 && errno != EINVAL) return fail_write(errno, entry_);
  if (int error = target.close(); error != 0) return fail_write(error, entry_);
  return true;
}

bool TreeCopy::enter_both(const FileHandle& from, const FileHandle& to, const std::string& name) {
  struct stat status {};
  if (::fstat(to.get(), &status) != 0) return fail_write(errno);
  int error = enter(from, name, levels_);
  if (error != 0) return fail_read(error);
  levels_.back().to = status;
  return true;
}

bool TreeCopy::walk(FileHandle from, FileHandle to) {
  if (!enter_both(from, to, {})) return false;
  for (;;) {
    if (levels_.back().entries.empty()) {
      finish(to.get(), levels_.back().from);
      levels_.pop_back();
      if (levels_.empty()) return true;
      if (int error = go_up(from, levels_.back().from); error != 0) return fail_read(error);
      if (int error = go_up(to, levels_.back().to); error != 0) return fail_write(error);
      continue;
    }
    DirectoryEntry entry = std::move(levels_.back().entries.back());
    levels_.back().entries.pop_back();
    entry_ = entry.name;
    const char* name = entry.name.c_str();
    if (kind_at(from.get(), entry) != Kind::directory) {
      if (!copy_entry(from.get(), name, to.get(), name, false)) return false;
      continue;
    }
    FileHandle below = open_file(from.get(), name, k_open_directory);
    if (!below) return fail_read(errno, entry.name);
    if (::mkdirat(to.get(), name, 0700) != 0) return fail_write(errno, entry.name);
    FileHandle copy = open_file(to.get(), name, k_open_directory);
    if (!copy) return fail_write(errno, entry.name);
    from = std::move(below);
    to = std::move(copy);
    if (!enter_both(from, to, entry.name)) return false;
  }
}

Result<std::uint64_t, Failure> TreeCopy::run() {
  if (!copy_entry(AT_FDCWD, request_.from.c_str(), AT_FDCWD, request_.to.c_str(), request_.follow))
    return failure_;
  return bytes_;
}

}  // namespace

Result<std::uint64_t, Failure> copy_tree(const CopyRequest& request) {
  return TreeCopy(request).run();
}

}  // namespace rustchain
