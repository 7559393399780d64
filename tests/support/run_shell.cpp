// Runs a text in a real shell.
#include "support/run_shell.hpp"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rustchain::testing {
namespace {

struct File {
  std::FILE* file = std::tmpfile();
  ~File() {
    if (file) std::fclose(file);
  }
  std::string text() const {
    std::rewind(file);
    std::string all;
    char buffer[65536];
    while (std::size_t got = std::fread(buffer, 1, sizeof buffer, file)) all.append(buffer, got);
    return all;
  }
};

}  // namespace

std::vector<std::string> posix_shells() {
  std::vector<std::string> shells = {"/bin/sh"};
  for (const char* more : {"/bin/bash", "/usr/local/bin/bash"})
    if (access(more, X_OK) == 0) {
      shells.emplace_back(more);
      break;
    }
  return shells;
}

std::string run_shell(const std::string& shell, const std::string& script,
                      const std::vector<std::pair<std::string, std::string>>& variables) {
  File out;
  File error;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, fileno(out.file), 1);
  posix_spawn_file_actions_adddup2(&actions, fileno(error.file), 2);

  std::vector<std::string> environment = {"PATH=/usr/bin:/bin"};
  for (const auto& [name, value] : variables) environment.push_back(name + "=" + value);
  std::vector<char*> env;
  for (std::string& one : environment) env.push_back(one.data());
  env.push_back(nullptr);
  std::string program = shell, option = "-c", text = script;
  char* argv[] = {program.data(), option.data(), text.data(), nullptr};
  pid_t child = 0;
  int failed = posix_spawn(&child, shell.c_str(), &actions, nullptr, argv, env.data());
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("can't start " + shell);
  int status = 0;
  while (waitpid(child, &status, 0) < 0) continue;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return out.text();
  return "exit code " + std::to_string(WEXITSTATUS(status)) + ": " + error.text();
}

}  // namespace rustchain::testing
