// The guardian's needs as far as macOS meets them: a step's process group is ended as a whole, and its death
// seen; processes that leave the group, and those that outlive a killed guardian, are not found.
// Written by the book, not yet tried on such a machine.
#include "platform/guardian.hpp"
#include "platform/process_tree.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <mach-o/dyld.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rustchain {
namespace {

void close_on_exec(int number) {
  fcntl(number, F_SETFD, FD_CLOEXEC);
}

[[noreturn]] void tell_and_exit(int pipe, StartPhase phase) {
  NotStarted why{phase, errno};
  [[maybe_unused]] ssize_t written = write(pipe, &why, sizeof why);
  _exit(127);
}

}  // namespace

std::string own_program() {
  std::uint32_t size = 0;
  _NSGetExecutablePath(nullptr, &size);
  std::string path(size, '\0');
  if (_NSGetExecutablePath(path.data(), &size) != 0) return {};
  path.resize(std::strlen(path.c_str()));
  return path;
}

bool adopt_orphans() {
  return false;
}

const int k_flags_to_receive = 0;

void name_process(const char*) {}

void close_all_from(int first) {
  for (int number = first; number < getdtablesize(); ++number) close(number);
}

bool open_pipe(OwnedFd& read_end, OwnedFd& write_end) {
  std::array<int, 2> ends;
  if (pipe(ends.data()) != 0) return false;
  for (int end : ends) close_on_exec(end);
  read_end.reset(ends[0]);
  write_end.reset(ends[1]);
  return true;
}

bool open_socket_pair(OwnedFd& one, OwnedFd& other) {
  std::array<int, 2> ends;
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) return false;
  for (int end : ends) close_on_exec(end);
  one.reset(ends[0]);
  other.reset(ends[1]);
  return true;
}

void grow_pipe(int) {}

std::uint64_t resident_unit() {
  return 1;
}

Born give_birth(const Birth& birth) {
  OwnedFd news;
  OwnedFd teller;
  if (!open_pipe(news, teller)) return {-1, StartPhase::process, errno};
  int pid = fork();
  if (pid < 0) return {-1, StartPhase::process, errno};
  if (pid == 0) {
    setpgid(0, 0);
    if (dup2(birth.in, 0) < 0 || dup2(birth.out, 1) < 0 || dup2(birth.err, 2) < 0)
      tell_and_exit(teller.get(), StartPhase::process);
    if (chdir(birth.directory) != 0) tell_and_exit(teller.get(), StartPhase::directory);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    execve(birth.program, birth.arguments + 1, birth.environment);
    if (errno == ENOEXEC) {
      static char shell[] = "/bin/sh";
      birth.arguments[0] = shell;
      birth.arguments[1] = const_cast<char*>(birth.program);
      execve(shell, birth.arguments, birth.environment);
    }
    tell_and_exit(teller.get(), StartPhase::program);
  }
  teller.reset();
  NotStarted why;
  if (!read(news.get(), &why, sizeof why)) return {pid};
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return {-1, why.phase, why.error};
}

std::optional<ProcessInfo> process_info(int) {
  return std::nullopt;
}

std::vector<ProcessInfo> descendants(int) {
  return {};
}

std::vector<ProcessInfo> descendants_by_scan(int) {
  return {};
}

std::optional<std::uint64_t> memory_share(int) {
  return std::nullopt;
}

ProcessIo process_io(int) {
  return {};
}

void end_abandoned(int, std::uint64_t, const std::function<bool(int pid)>&) {}

}  // namespace rustchain
