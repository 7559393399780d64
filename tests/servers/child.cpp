#include "servers/child.hpp"

#include "support/loopback_server.hpp"

#include <chrono>
#include <cstdlib>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rustchain::testing {

Child::Child(const Setup& setup) {
  std::vector<char*> argv;
  for (const std::string& word : setup.argv) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  pid_ = fork();
  if (pid_ != 0) return;
  setpgid(0, 0);
  for (const auto& [name, value] : setup.environment) setenv(name.c_str(), value.c_str(), 1);
  if (chdir(setup.directory.c_str()) != 0) _exit(126);
  auto open_as = [](const std::filesystem::path& file, int number) {
    int opened = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (opened < 0 || dup2(opened, number) < 0) _exit(126);
  };
  int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, 0);
  open_as(setup.out, 1);
  open_as(setup.err, 2);
  execv(argv[0], argv.data());
  _exit(127);
}

Child::~Child() {
  if (waited_for_ || pid_ <= 0) return;
  kill(-pid_, SIGKILL);
  wait();
}

int Child::wait() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  waited_for_ = true;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool Child::has_ended() {
  siginfo_t seen{};
  return waitid(P_PID, static_cast<id_t>(pid_), &seen, WEXITED | WNOHANG | WNOWAIT) == 0 && seen.si_pid != 0;
}

namespace {

Child::Setup with_port(std::vector<std::string> argv, int port, const std::filesystem::path& directory) {
  for (std::string& word : argv)
    if (std::size_t at = word.find("PORT"); at != std::string::npos)
      word.replace(at, 4, std::to_string(port));
  return {std::move(argv), directory, {}, directory / "server.out", directory / "server.err"};
}

bool takes_connections(int port) {
  int number = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  bool taken = connect(number, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(number);
  return taken;
}

}  // namespace

IndependentServer::IndependentServer(std::vector<std::string> argv, const std::filesystem::path& directory)
    : port_(free_port()), child_(with_port(std::move(argv), port_, directory)) {}

bool IndependentServer::ready() {
  auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (std::chrono::steady_clock::now() < deadline) {
    if (takes_connections(port_)) return true;
    if (child_.has_ended()) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

}  // namespace rustchain::testing
