// The directory of a judged path is opened without following links and held; the file is then named by it
// (/proc/self/fd/7/name), so that nothing above the file can be exchanged any more.
#include "platform/judged_files.hpp"
#include "platform/platform.hpp"
#include "util/path.hpp"
#include "util/text.hpp"

#include <cerrno>
#include <type_traits>
#include <utility>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace rustchain {
namespace {

constexpr int k_hold = O_PATH | O_DIRECTORY | O_NOFOLLOW;

FileHandle open_part_by_part(const std::string& path) {
  FileHandle at = open_file(AT_FDCWD, "/", k_hold);
  for (std::string_view part : split(path, '/')) {
    if (part.empty()) continue;
    FileHandle below = open_file(at.get(), std::string(part).c_str(), k_hold);
    // A link isn't a directory: the system says ENOTDIR of both.
    struct stat status {};
    if (!below && errno == ENOTDIR &&
        ::fstatat(at.get(), std::string(part).c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0)
      errno = S_ISLNK(status.st_mode) ? ELOOP : ENOTDIR;
    if (!below) return {};
    at = std::move(below);
  }
  return at;
}

// `itself`: a link in the last place is what is meant, not what it leads to.
enum class Use { existing, made, itself };

// A judged file, for as long as it is used.
struct Held {
  std::string path;   // by the descriptor; empty: it wasn't judged
  std::string shown;  // its directory, for messages
  FileHandle directory = {};
  int error = 0;
};

class JudgedFiles : public Files {
 public:
  JudgedFiles(Files& files, const JudgedPaths& judged)
      : plain_(files), judged_(judged), unlinked_(make_files(false)) {}

  std::optional<FileStatus> status(const std::string& path) override { return plain_.status(path); }
  Result<Done, Failure> make_directories(const std::string& path) override {
    return plain_.make_directories(path);
  }
  Result<std::vector<DirectoryItem>, Failure> list(const std::string& directory) override {
    return plain_.list(directory);
  }
  Result<std::vector<std::string>, Failure> glob(const std::string& pattern,
                                                 const std::string& directory) override {
    return plain_.glob(pattern, directory);
  }
  TreeSize tree_size(const std::string& path, const std::function<bool(const TreeSize&)>& enough) override {
    return plain_.tree_size(path, enough);
  }

  Result<std::string, Failure> read(const std::string& path, std::uint64_t most) override {
    return with<std::string>("read", path, Use::existing,
                             [&](Files& files, const std::string& held) { return files.read(held, most); });
  }
  Result<Written, Failure> write(const WriteRequest& request) override {
    return with<Written>("write", request.path, Use::made, [&](Files& files, const std::string& held) {
      WriteRequest one = request;
      one.path = held;
      return files.write(one);
    });
  }
  Result<bool, Failure> remove(const std::string& path, bool recursive) override {
    return with<bool>("delete", path, Use::itself,
                      [&](Files& files, const std::string& held) { return files.remove(held, recursive); });
  }
  Result<std::uint64_t, Failure> append_file(const std::string& from, const std::string& to) override {
    return both(
        "append to", from, Use::existing, to,
        [](Files& files, const std::string& a, const std::string& b) { return files.append_file(a, b); });
  }
  Result<std::uint64_t, Failure> copy(const std::string& from, const std::string& to,
                                      bool overwrite) override {
    return both("copy", from, Use::existing, to,
                [&](Files& files, const std::string& a, const std::string& b) {
                  return files.copy(a, b, overwrite);
                });
  }
  Result<std::uint64_t, Failure> move(const std::string& from, const std::string& to,
                                      bool overwrite) override {
    return both("move", from, Use::itself, to, [&](Files& files, const std::string& a, const std::string& b) {
      return files.move(a, b, overwrite);
    });
  }

 private:
  Held hold(const std::string& path, Use how) const {
    const std::string real = judged_.real(path);
    if (real.empty() || real == "/") return {};
    Held held{{}, parent_directory(real)};
    held.directory = how == Use::made ? make_real_directory(held.shown) : open_real_directory(held.shown);
    if (!held.directory) {
      held.error = errno;
      return held;
    }
    struct stat status {};
    if (how != Use::itself &&
        ::fstatat(held.directory.get(), file_name(real).c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISLNK(status.st_mode)) {
      held.error = ELOOP;
      return held;
    }
    held.path = "/proc/self/fd/" + std::to_string(held.directory.get());
    // Without /proc there is no such name.
    if (::access(held.path.c_str(), F_OK) != 0) return {};
    held.path += "/" + file_name(real);
    return held;
  }

  static Failure shown(Failure failure, const Held& held) {
    const std::string inner = parent_directory(held.path);
    failure.message = replace_all(failure.message, inner, held.shown);
    failure.help = replace_all(failure.help, inner, held.shown);
    return failure;
  }
  static Failure refused(std::string_view action, const std::string& path, int error) {
    if (error != ELOOP) return file_failure(error, action, path);
    return {FailureKind::safety,
            "can't " + std::string(action) + " '" + path +
                "': a symbolic link was put into its path after the safety check",
            "see what else changes that directory, and run the mission again"};
  }

  template <class T, class Act>
  Result<T, Failure> with(std::string_view action, const std::string& path, Use how, const Act& act) {
    Held held = hold(path, how);
    if constexpr (std::is_same_v<T, bool>)
      if (held.error == ENOENT || held.error == ENOTDIR) return false;  // nothing to delete
    if (held.error != 0) return refused(action, path, held.error);
    if (held.path.empty()) return act(plain_, path);
    Result<T, Failure> result = act(*unlinked_, held.path);
    return result ? result : Result<T, Failure>(shown(result.error(), held));
  }

  template <class Act>
  Result<std::uint64_t, Failure> both(std::string_view action, const std::string& from, Use how,
                                      const std::string& to, const Act& act) {
    return with<std::uint64_t>(action, from, how, [&](Files&, const std::string& a) {
      return with<std::uint64_t>(action, to, Use::made, [&](Files& files, const std::string& b) {
        return act(a == from ? files : *unlinked_, a, b);
      });
    });
  }

  Files& plain_;
  const JudgedPaths& judged_;
  std::unique_ptr<Files> unlinked_;
};

}  // namespace

FileHandle open_real_directory(const std::string& path, bool openat2) {
  struct open_how how {};
  how.flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
  how.resolve = RESOLVE_NO_SYMLINKS;
  if (openat2) {
    const long opened = ::syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof how);
    if (opened >= 0) return FileHandle(static_cast<int>(opened));
    // Older than Linux 5.6, or kept from programs in a container.
    if (errno != ENOSYS && errno != EPERM) return {};
  }
  return open_part_by_part(path);
}

FileHandle make_real_directory(const std::string& path) {
  FileHandle there = open_real_directory(path);
  if (there || errno != ENOENT || path == "/") return there;
  FileHandle above = make_real_directory(parent_directory(path));
  const std::string name = file_name(path);
  if (!above || (::mkdirat(above.get(), name.c_str(), 0777) != 0 && errno != EEXIST)) return {};
  return open_file(above.get(), name.c_str(), k_hold);
}

std::unique_ptr<Files> make_judged_files(Files& files, const JudgedPaths& judged) {
  return std::make_unique<JudgedFiles>(files, judged);
}

}  // namespace rustchain
