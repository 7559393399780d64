// spawn_loop N COMMAND...: runs a command N times, one after another, its two outputs caught by pipes. The
// least that any runner of captured commands has to do.
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace {

bool run(char** argv) {
  int out[2];
  int err[2];
  if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) return false;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
  pid_t child = 0;
  int error = posix_spawn(&child, argv[0], &actions, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(out[1]);
  close(err[1]);
  pollfd pipes[2] = {{out[0], POLLIN, 0}, {err[0], POLLIN, 0}};
  char buffer[65536];
  for (int open = error == 0 ? 2 : 0; open > 0;) {
    if (poll(pipes, 2, -1) < 0) continue;
    for (pollfd& pipe : pipes) {
      if (pipe.fd < 0 || pipe.revents == 0 || read(pipe.fd, buffer, sizeof buffer) > 0) continue;
      pipe.fd = -1;
      --open;
    }
  }
  close(out[0]);
  close(err[0]);
  int status = 0;
  return error == 0 && waitpid(child, &status, 0) == child && status == 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: spawn_loop N COMMAND...\n");
    return 2;
  }
  for (int i = std::atoi(argv[1]); i > 0; --i)
    if (!run(argv + 2)) return 1;
  return 0;
}
