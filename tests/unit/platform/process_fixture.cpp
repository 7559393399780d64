#include "unit/platform/process_fixture.hpp"

#include "platform/process_tree.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rustchain {

ProcessFixture::ProcessFixture() {
  std::string pattern = temporary_directory() + "/rustchain-process-XXXXXX";
  directory_ = std::filesystem::canonical(mkdtemp(pattern.data()));
  token_ = std::to_string(getpid()) + "-" + std::to_string(random_bits());
  mkfifo(fifo().c_str(), 0600);
  fifo_ = open(fifo().c_str(), O_RDWR | O_CLOEXEC);
}

ProcessFixture::~ProcessFixture() {
  EXPECT_TRUE(alive().empty());
  close(fifo_);
  std::filesystem::remove_all(directory_);
}

ProcessRequest ProcessFixture::helper(std::vector<std::string> actions) const {
  ProcessRequest request;
  request.argv = std::move(actions);
  request.argv.insert(request.argv.begin(), RUSTCHAIN_PROCESS_HELPER);
  request.environment = {{k_token_name, token_}, {"PATH", "/usr/bin:/bin"}};
  request.working_directory = directory_;
  return request;
}

ProcessEnd ProcessFixture::run(const ProcessRequest& request) {
  Result<ProcessEnd, Failure> end = processes_->run(request, stop_);
  if (end) return std::move(*end);
  ADD_FAILURE() << end.error().message;
  return {};
}

Failure ProcessFixture::failure(const ProcessRequest& request) {
  Result<ProcessEnd, Failure> end = processes_->run(request, stop_);
  if (!end) return end.error();
  ADD_FAILURE() << "it did start";
  return {};
}

void ProcessFixture::await(int told) {
  for (; told > 0; --told) {
    pollfd news{fifo_, POLLIN, 0};
    char byte = 0;
    if (poll(&news, 1, 30'000) != 1 || read(fifo_, &byte, 1) != 1) {
      ADD_FAILURE() << "a helper program said nothing";
      return;
    }
  }
}

std::string ProcessFixture::read_file(const std::string& path) const {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void ProcessFixture::write_file(const std::string& path, const std::string& text, unsigned mode) const {
  std::ofstream(path, std::ios::binary) << text;
  chmod(path.c_str(), mode);
}

std::vector<int> ProcessFixture::alive() const {
  std::vector<int> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    int pid = std::atoi(entry.path().filename().c_str());
    if (pid <= 0 || read_file(entry.path() / "environ").find(token_) == std::string::npos) continue;
    std::optional<ProcessInfo> info = process_info(pid);
    if (info && !info->ended) found.push_back(pid);
  }
  return found;
}

bool ProcessFixture::nothing_alive_soon() const {
  auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!alive().empty()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace rustchain
