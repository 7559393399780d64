// Cgroups v2, as cgroups(7) and the kernel's Documentation/admin-guide/cgroup-v2.rst describe them.
#include "platform/cgroup.hpp"
#include "platform/owned_fd.hpp"

#include <array>
#include <cerrno>
#include <cmath>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

namespace rustchain {
namespace {

constexpr std::size_t k_most_bytes = 1 << 20;
constexpr int k_removals = 20;

std::string read_file(const std::string& path) {
  OwnedFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  std::array<char, 4096> piece;
  while (file && text.size() < k_most_bytes) {
    ssize_t got = read(file.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
  return text;
}

bool write_file(const std::string& path, std::string_view text) {
  OwnedFd file(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  return file && write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

// Takes what stands before `mark` off the text; the mark goes too.
std::string_view take(std::string_view& text, char mark) {
  std::size_t end = text.find(mark);
  std::string_view first = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return first;
}

bool has_word(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    std::string_view one = take(list, ' ');
    if (!one.empty() && one.back() == '\n') one.remove_suffix(1);
    if (one == word) return true;
  }
  return false;
}

// Mount points have blanks and the like as \040.
std::string unescape(std::string_view text) {
  auto digit = [&](std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] < '8'; };
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && digit(at + 1) && digit(at + 2) && digit(at + 3)) {
      plain += static_cast<char>((text[at + 1] - '0') * 64 + (text[at + 2] - '0') * 8 + (text[at + 3] - '0'));
      at += 3;
    } else {
      plain += text[at];
    }
  }
  return plain;
}

// Our path in the hierarchy of version 2: the line "0::/user.slice/...".
std::optional<std::string> own_path(std::string_view text) {
  while (!text.empty()) {
    std::string_view line = take(text, '\n');
    if (line.starts_with("0::/") && !line.starts_with("0::/..")) return std::string(line.substr(3));
  }
  return std::nullopt;
}

struct Place {
  std::string root;  // where the hierarchy is mounted
  std::string own;   // our cgroup; begins with the root
};

// 41 31 0:38 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw
std::optional<Place> find_place(const CgroupFiles& files) {
  std::optional<std::string> path = own_path(read_file(files.own));
  if (!path) return std::nullopt;
  std::string mounts = read_file(files.mounts);
  std::string_view rest = mounts;
  while (!rest.empty()) {
    std::string_view line = take(rest, '\n');
    std::size_t dash = line.find(" - ");
    if (dash == std::string_view::npos || !line.substr(dash + 3).starts_with("cgroup2 ")) continue;
    for (int field = 0; field < 3; ++field) take(line, ' ');
    std::string root = unescape(take(line, ' '));
    std::string point = unescape(take(line, ' '));
    if (root == "/") root.clear();
    if (!path->starts_with(root) || (path->size() > root.size() && (*path)[root.size()] != '/')) continue;
    std::string below = path->substr(root.size());
    Place place{point, below == "/" ? point : point + below};
    if (access(place.own.c_str(), F_OK) == 0) return place;
  }
  return std::nullopt;
}

bool gives_on(const std::string& directory, const ProcessLimits& limits) {
  std::string given = read_file(directory + "/cgroup.subtree_control");
  if (limits.memory_bytes > 0 && !has_word(given, "memory")) return false;
  if (limits.cpu_percent > 0 && !has_word(given, "cpu")) return false;
  return access(directory.c_str(), W_OK) == 0;
}

// No file: the controller isn't given to this cgroup, so it can have no limit.
bool is_unlimited(const std::string& file) {
  std::string limit = read_file(file);
  return limit.empty() || limit.starts_with("max");
}

}  // namespace

std::optional<std::string> find_limiting_cgroup(const CgroupFiles& files, const ProcessLimits& limits) {
  std::optional<Place> place = find_place(files);
  if (!place) return std::nullopt;
  if (gives_on(place->own, limits)) return place->own;
  if (place->own == place->root) return std::nullopt;
  for (const char* limit : {"/memory.max", "/memory.high", "/cpu.max"})
    if (!is_unlimited(place->own + limit)) return std::nullopt;
  std::string above = place->own.substr(0, place->own.rfind('/'));
  if (gives_on(above, limits)) return above;
  return std::nullopt;
}

std::optional<std::string> make_cgroup(const std::string& parent, const std::string& name,
                                       const ProcessLimits& limits) {
  std::string directory = parent + "/" + name;
  if (mkdir(directory.c_str(), 0755) != 0) return std::nullopt;
  bool done = true;
  if (limits.memory_bytes > 0) {
    done = write_file(directory + "/memory.max", std::to_string(limits.memory_bytes));
    // Where there is swap, a limit of memory alone would only make the step slow; not every kernel has these.
    write_file(directory + "/memory.swap.max", "0");
    write_file(directory + "/memory.oom.group", "1");
  }
  if (limits.cpu_percent > 0) {
    // At least what the kernel takes: 1 ms of each 100 ms.
    auto quota = std::llround(std::max(1.0, std::min(limits.cpu_percent, 1e9)) * 1000);
    done = done && write_file(directory + "/cpu.max", std::to_string(quota) + " 100000");
  }
  if (done) return directory;
  rmdir(directory.c_str());
  return std::nullopt;
}

bool enter_cgroup(const char* directory) {
  int place = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
  int list = openat(place, "cgroup.procs", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  bool entered = write(list, "0", 1) == 1;
  close(list);
  close(place);
  return entered;
}

bool has_processes(const std::string& directory) {
  return !read_file(directory + "/cgroup.procs").empty();
}

bool was_out_of_memory(const std::string& directory) {
  std::string events = read_file(directory + "/memory.events");
  std::string_view rest = events;
  while (!rest.empty()) {
    std::string_view line = take(rest, '\n');
    std::string_view name = take(line, ' ');
    if (name == "oom_kill" && line != "0") return true;
  }
  return false;
}

bool remove_cgroup(const std::string& directory) {
  // The kernel needs a moment to let go of a process that was waited for.
  for (int i = 0; i < k_removals; ++i) {
    if (rmdir(directory.c_str()) == 0) return true;
    if (errno != EBUSY) return errno == ENOENT;
    timespec pause{0, 1'000'000};
    nanosleep(&pause, nullptr);
  }
  return false;
}

}  // namespace rustchain
