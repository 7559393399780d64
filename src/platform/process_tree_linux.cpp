// What /proc tells about processes.
#include "platform/owned_fd.hpp"
#include "platform/process_tree.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

namespace rustchain {
namespace {

// Files of /proc have no size to ask for. nullopt: can't be opened.
std::optional<std::string> read_whole(const std::string& path) {
  OwnedFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return std::nullopt;
  std::string text;
  std::array<char, 4096> piece;
  for (;;) {
    ssize_t got = read(file.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
}

std::string_view next_word(std::string_view& text) {
  std::size_t begin = text.find_first_not_of(" \n");
  if (begin == std::string_view::npos) return text = {};
  std::size_t end = text.find_first_of(" \n", begin);
  std::string_view word = text.substr(begin, end - begin);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end);
  return word;
}

std::uint64_t to_number(std::string_view word) {
  std::int64_t number = 0;  // some fields may be negative
  std::from_chars(word.data(), word.data() + word.size(), number);
  return static_cast<std::uint64_t>(number);
}

template <class Visit>
void each_number_in(const std::string& directory, Visit visit) {
  std::unique_ptr<DIR, int (*)(DIR*)> open_directory(opendir(directory.c_str()), closedir);
  if (!open_directory) return;
  while (dirent* entry = readdir(open_directory.get())) {
    int number = static_cast<int>(to_number(entry->d_name));
    if (number > 0) visit(number);
  }
}

std::vector<ProcessInfo> all_processes() {
  std::vector<ProcessInfo> all;
  each_number_in("/proc", [&](int pid) {
    if (std::optional<ProcessInfo> info = process_info(pid)) all.push_back(std::move(*info));
  });
  return all;
}

// False: this kernel has no such list.
bool add_children(int pid, std::vector<int>& children) {
  bool known = true;
  std::string tasks = "/proc/" + std::to_string(pid) + "/task";
  each_number_in(tasks, [&](int thread) {
    std::optional<std::string> list = read_whole(tasks + "/" + std::to_string(thread) + "/children");
    if (!list) {
      if (errno == ENOENT && access((tasks + "/" + std::to_string(thread) + "/stat").c_str(), F_OK) == 0)
        known = false;
      return;
    }
    std::string_view rest = *list;
    for (std::string_view word = next_word(rest); !word.empty(); word = next_word(rest))
      children.push_back(static_cast<int>(to_number(word)));
  });
  return known;
}

}  // namespace

std::optional<ProcessInfo> process_info(int pid) {
  std::optional<std::string> text = read_whole("/proc/" + std::to_string(pid) + "/stat");
  if (!text) return std::nullopt;
  // 24268 (a name (of its own) choice) S 1 ...
  std::size_t name_begin = text->find('(');
  std::size_t name_end = text->rfind(')');
  if (name_begin == std::string::npos || name_end == std::string::npos) return std::nullopt;
  std::string_view rest = std::string_view(*text).substr(name_end + 1);
  std::array<std::string_view, 25> field;  // numbered as in proc(5)
  for (std::size_t number = 3; number < field.size(); ++number) field[number] = next_word(rest);
  if (field[24].empty()) return std::nullopt;

  static const long ticks = sysconf(_SC_CLK_TCK);
  static const long page = sysconf(_SC_PAGESIZE);
  auto time = [](std::string_view word) {
    return std::chrono::microseconds(to_number(word) * 1'000'000 / static_cast<std::uint64_t>(ticks));
  };
  ProcessInfo info;
  info.pid = pid;
  info.name = text->substr(name_begin + 1, name_end - name_begin - 1);
  char state = field[3].front();
  info.parent = static_cast<int>(to_number(field[4]));
  info.group = static_cast<int>(to_number(field[5]));
  info.session = static_cast<int>(to_number(field[6]));
  info.stopped = state == 'T' || state == 't';
  // The first thread of a process may end before the others.
  info.ended = state == 'X' || (state == 'Z' && to_number(field[20]) <= 1);
  info.cpu = time(field[14]) + time(field[15]);
  info.children_cpu = time(field[16]) + time(field[17]);
  info.started = to_number(field[22]);
  info.memory_bytes = to_number(field[24]) * static_cast<std::uint64_t>(page);
  return info;
}

std::vector<ProcessInfo> descendants(int root) {
  std::vector<ProcessInfo> found;
  std::vector<int> children;
  if (!add_children(root, children)) return descendants_by_scan(root);
  std::unordered_set<int> seen{root};
  for (std::size_t at = 0; at < children.size(); ++at) {
    if (!seen.insert(children[at]).second) continue;
    std::optional<ProcessInfo> info = process_info(children[at]);
    if (!info || info->ended) continue;
    found.push_back(std::move(*info));
    add_children(children[at], children);
  }
  return found;
}

std::vector<ProcessInfo> descendants_by_scan(int root) {
  std::vector<ProcessInfo> all = all_processes();
  std::unordered_map<int, std::vector<const ProcessInfo*>> children;
  for (const ProcessInfo& info : all) children[info.parent].push_back(&info);
  std::vector<ProcessInfo> found;
  std::vector<int> parents{root};
  std::unordered_set<int> seen{root};
  for (std::size_t at = 0; at < parents.size(); ++at) {
    for (const ProcessInfo* child : children[parents[at]]) {
      if (!seen.insert(child->pid).second) continue;
      parents.push_back(child->pid);
      if (!child->ended) found.push_back(*child);
    }
  }
  return found;
}

std::optional<std::uint64_t> memory_share(int pid) {
  std::optional<std::string> text = read_whole("/proc/" + std::to_string(pid) + "/smaps_rollup");
  if (!text) return std::nullopt;
  std::size_t line = text->find("\nPss:");
  if (line == std::string::npos) return std::nullopt;
  std::string_view rest = std::string_view(*text).substr(line + 5);
  return to_number(next_word(rest)) * 1024;
}

ProcessIo process_io(int pid) {
  ProcessIo io;
  std::optional<std::string> text = read_whole("/proc/" + std::to_string(pid) + "/io");
  if (!text) return io;
  std::string_view rest = *text;
  std::uint64_t to_disk = 0;
  std::uint64_t cancelled = 0;
  for (std::string_view word = next_word(rest); !word.empty(); word = next_word(rest)) {
    std::uint64_t number = to_number(next_word(rest));
    if (word == "rchar:") io.read_bytes = number;
    if (word == "wchar:") io.written_bytes = number;
    if (word == "read_bytes:") io.disk_bytes = number;
    if (word == "write_bytes:") to_disk = number;
    if (word == "cancelled_write_bytes:") cancelled = number;
  }
  io.disk_bytes += to_disk > cancelled ? to_disk - cancelled : 0;
  return io;
}

void end_abandoned(int session, std::uint64_t since, const std::function<bool(int pid)>& is_ours) {
  int self = getpid();
  auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  while (std::chrono::steady_clock::now() < deadline) {
    std::vector<ProcessInfo> all = all_processes();
    std::unordered_set<int> doomed;
    for (bool more = true; more;) {  // as many rounds as the tree is deep at worst
      more = false;
      for (const ProcessInfo& info : all) {
        if (info.pid == self || info.pid == session || doomed.contains(info.pid)) continue;
        if (info.ended && info.parent != self) continue;
        bool orphan = info.parent == self && info.started >= since && !is_ours(info.pid);
        if (info.session != session && !orphan && !doomed.contains(info.parent)) continue;
        doomed.insert(info.pid);
        more = true;
      }
    }
    if (doomed.empty()) return;
    for (int pid : doomed) kill(pid, SIGKILL);
    timespec pause{0, 2'000'000};
    nanosleep(&pause, nullptr);
    for (int pid : doomed) waitpid(pid, nullptr, WNOHANG);
  }
}

}  // namespace rustchain
