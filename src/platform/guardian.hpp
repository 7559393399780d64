// The guardian: a small process of our own that stands between the runner and one running step.
//
// It is this program, started again with a hidden argument. It takes one step at a time over a socket, starts
// it, and adopts every process that the step's processes leave behind, so that it always knows whether one is
// left. When the socket ends because the runner died, whatever the way, it kills all of them and ends. As it
// is small, starting a step costs the same however large the runner is.
//
// A step is in the guardian's session, away from the runner's terminal: Ctrl-C and Ctrl-Z reach the runner
// only, and a step goes on while the runner is suspended.
#pragma once

#include "platform/owned_fd.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace rustchain {

inline constexpr const char* k_guardian_argument = "--guard-processes";
inline constexpr int k_guardian_socket = 3;

// The guardian's work, in its process; gives its exit code.
int run_guardian();

// ---- what is said over the socket. Both ends are the same program.

enum class Word : std::uint32_t {
  // from the runner
  start,     // StartHead and texts, each with its NUL: directory, program, cgroup (empty: ours), arguments,
             // environment; with three descriptors: stdin, stdout, stderr. The cgroup is the guardian's to
             // remove.
  stop,      // SIGTERM now, SIGKILL after the grace
  kill_now,  // SIGKILL now
  // from the guardian, as News
  started,  // only of a step with_left_over
  not_started,
  ended,
};
// From the runner, before `size` bytes.
struct MessageHead {
  Word word = Word::start;
  std::uint32_t run = 0;  // number of the step on this socket
  std::uint32_t size = 0;
};

struct StartHead {
  std::uint32_t arguments = 0;
  std::uint32_t variables = 0;
  std::uint32_t with_left_over = 0;  // 1: the step goes on until no process of it is left
  std::int64_t grace_ms = 0;
};

// Where starting a step can fail.
enum class StartPhase : std::uint32_t { process, directory, program };
struct NotStarted {
  StartPhase phase = StartPhase::process;
  std::int32_t error = 0;  // errno
};

struct StepEnded {
  std::int32_t status = 0;        // of the main process, as wait gives it
  std::uint32_t was_stopped = 0;  // 1: the runner's word came while the main process was alive
  std::uint32_t abandoned = 0;    // 1: some can't be ended; this guardian takes no more steps
  std::uint32_t in_cgroup = 0;
  std::uint32_t out_of_memory = 0;  // 1: the kernel ended it for the cgroup's limit
  std::int64_t cpu_us = 0;
  std::uint64_t peak_memory_bytes = 0;
  std::uint32_t rows = 0;
};
struct ToldRow {
  std::int32_t pid = 0;
  std::int32_t signal = 0;  // 0: it could not be ended
  char name[16] = {};
};
inline constexpr std::size_t k_most_told_rows = 1000;

// From the guardian, before the rows of what has ended: of one size, so that most are read in one go.
struct News {
  Word word = Word::ended;
  NotStarted not_started;
  StepEnded ended;
};

// Blocking; false: the other end is gone.
bool send_whole(int socket, const void* bytes, std::size_t size);
bool receive_whole(int socket, void* bytes, std::size_t size);

// ---- what each system does in its own way (guardian_linux.cpp, guardian_macos.cpp)

std::string own_program();  // a path that starts this program again
// Makes the calling process the new parent of its descendants' orphans. False: this system can't.
bool adopt_orphans();
// Of recvmsg, that descriptors come as ones that are closed on exec; 0: this system can't.
extern const int k_flags_to_receive;
void name_process(const char* name);
void close_all_from(int first);
bool open_pipe(OwnedFd& read_end, OwnedFd& write_end);  // these are closed on exec
bool open_socket_pair(OwnedFd& one, OwnedFd& other);
void grow_pipe(int pipe);       // as far as the system lets us
std::uint64_t resident_unit();  // of rusage::ru_maxrss, in bytes

struct Birth {
  int in = -1;
  int out = -1;
  int err = -1;
  const char* directory = nullptr;
  const char* program = nullptr;
  const char* cgroup = nullptr;  // empty: the caller's
  char** arguments = nullptr;    // [0] is left free for a shell; ends with a null pointer
  char** environment = nullptr;
};
struct Born {
  int pid = -1;  // -1: the next two say why
  StartPhase phase = StartPhase::process;
  int error = 0;
  bool in_cgroup = false;
};
// Starts a process in a group of its own, with default signals, that dies with the caller where the system
// can do that.
Born give_birth(const Birth& birth);

}  // namespace rustchain
