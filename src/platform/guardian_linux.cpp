// The guardian's needs as Linux meets them.
#include "platform/cgroup.hpp"
#include "platform/guardian.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rustchain {
namespace {

// Shared with the child, which runs in our memory until it execs.
struct Cradle {
  const Birth& birth;
  int parent;
  StartPhase phase = StartPhase::process;
  int error = 0;
  bool in_cgroup = false;
};

int fail(Cradle& cradle, StartPhase phase) {
  cradle.phase = phase;
  cradle.error = errno;
  _exit(127);
}

// As long as a program is being written by another process it can't be started; that passes.
int exec_patiently(const char* program, char** arguments, char** environment) {
  for (int tries = 0; tries < 20; ++tries) {
    execve(program, arguments, environment);
    if (errno != ETXTBSY) break;
    usleep(10'000);
  }
  return errno;
}

int be_born(void* memory) {
  Cradle& cradle = *static_cast<Cradle*>(memory);
  const Birth& birth = cradle.birth;
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != cradle.parent) _exit(127);
  cradle.in_cgroup = *birth.cgroup != '\0' && enter_cgroup(birth.cgroup);
  if (dup2(birth.in, 0) < 0 || dup2(birth.out, 1) < 0 || dup2(birth.err, 2) < 0)
    return fail(cradle, StartPhase::process);
  if (chdir(birth.directory) != 0) return fail(cradle, StartPhase::directory);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);

  int error = exec_patiently(birth.program, birth.arguments + 1, birth.environment);
  if (error == ENOEXEC) {  // a script without a first line: what execvp does
    static char shell[] = "/bin/sh";
    birth.arguments[0] = shell;
    birth.arguments[1] = const_cast<char*>(birth.program);
    execve(shell, birth.arguments, birth.environment);
    error = errno;
  }
  errno = error;
  return fail(cradle, StartPhase::program);
}

}  // namespace

std::string own_program() {
  return "/proc/self/exe";
}

bool adopt_orphans() {
  return prctl(PR_SET_CHILD_SUBREAPER, 1) == 0;
}

const int k_flags_to_receive = MSG_CMSG_CLOEXEC;

void name_process(const char* name) {
  prctl(PR_SET_NAME, name);
}

void close_all_from(int first) {
  if (syscall(SYS_close_range, first, ~0U, 0) == 0) return;
  for (int number = first; number < 65536; ++number) close(number);
}

bool open_pipe(OwnedFd& read_end, OwnedFd& write_end) {
  std::array<int, 2> ends;
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  read_end.reset(ends[0]);
  write_end.reset(ends[1]);
  return true;
}

bool open_socket_pair(OwnedFd& one, OwnedFd& other) {
  std::array<int, 2> ends;
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return false;
  one.reset(ends[0]);
  other.reset(ends[1]);
  return true;
}

// More than this fits no cache well, and what an ordinary user's pipes may take together is bounded.
void grow_pipe(int pipe) {
  fcntl(pipe, F_SETPIPE_SZ, 256 * 1024);
}

std::uint64_t resident_unit() {
  return 1024;
}

Born give_birth(const Birth& birth) {
  alignas(16) static std::array<char, 256 * 1024> stack;
  Cradle cradle{.birth = birth, .parent = getpid()};
  // As vfork, with a stack of its own: the caller sleeps until the child has left our memory.
  int pid = clone(be_born, stack.data() + stack.size(), CLONE_VM | CLONE_VFORK | SIGCHLD, &cradle);
  if (pid < 0) return {-1, StartPhase::process, errno};
  if (cradle.error == 0) return {.pid = pid, .in_cgroup = cradle.in_cgroup};
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return {-1, cradle.phase, cradle.error};
}

}  // namespace rustchain
