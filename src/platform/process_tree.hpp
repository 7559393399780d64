// What the system knows about processes and whose children they are.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace rustchain {

struct ProcessInfo {
  int pid = 0;
  int parent = 0;
  int group = 0;
  int session = 0;
  bool stopped = false;       // by SIGSTOP and the like
  bool ended = false;         // a zombie
  std::uint64_t started = 0;  // tells two processes with one number apart
  std::chrono::microseconds cpu{};
  std::chrono::microseconds children_cpu{};  // of those that it waited for
  std::uint64_t memory_bytes = 0;
  std::string name;
};

// nullopt: there is no such process, or this system doesn't tell.
std::optional<ProcessInfo> process_info(int pid);

// All living processes below `pid`, without itself; parents before their children. A process that is born or
// changes its parent meanwhile may be missing.
std::vector<ProcessInfo> descendants(int pid);
// The same where the kernel keeps no lists of children, from a look at every process there is.
std::vector<ProcessInfo> descendants_by_scan(int pid);

// The memory of a process, pages that it shares with others divided among them. nullopt: the system doesn't
// tell. Costs some 20 to 60 ms for each GB.
std::optional<std::uint64_t> memory_share(int pid);

struct ProcessIo {
  std::uint64_t read_bytes = 0;  // by calls
  std::uint64_t written_bytes = 0;
  std::uint64_t disk_bytes = 0;
};
// With that of the children that it waited for; zeros where the system doesn't tell.
ProcessIo process_io(int pid);

// Ends with SIGKILL what a guardian that was killed has left: all of its session, what descends from that,
// and those among our children that `is_ours` doesn't know and that began at `since` (ProcessInfo::started)
// or later. Gives up after two seconds.
void end_abandoned(int session, std::uint64_t since, const std::function<bool(int pid)>& is_ours);

}  // namespace rustchain
