// The runner's end of a guardian.
#pragma once

#include "rustchain/environment.hpp"

#include "platform/guardian.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

struct StepToStart {
  const std::string& directory;
  const std::string& program;
  const std::string& cgroup;
  const std::vector<std::string>& arguments;
  const Environment& environment;
  std::int64_t grace_ms = 0;
  bool with_left_over = false;
  std::array<int, 3> descriptors;
};

struct GuardianMessage : News {
  std::vector<ToldRow> told;
};

// Not to be used by two threads at once, but for tell().
class GuardianLink {
 public:
  // nullptr: the system can start no more processes; errno says why.
  static std::unique_ptr<GuardianLink> make();
  // Closes the socket, which ends the guardian, and waits for it, unless it was let go.
  ~GuardianLink();
  GuardianLink(const GuardianLink&) = delete;
  GuardianLink& operator=(const GuardianLink&) = delete;

  int pid() const { return pid_; }
  int socket() const { return socket_.get(); }

  bool start(const StepToStart& step);  // false: the guardian is gone
  // `stop` or `kill_now` about the step started last; never blocks. False: to be tried again.
  bool tell(Word word);
  // Blocks. nullopt: the guardian is gone.
  std::optional<GuardianMessage> receive();

  // The guardian stays as long as it has to; the caller sees to its end (waitpid).
  int let_go();
  void kill_guardian();

 private:
  GuardianLink(int pid, OwnedFd socket) : pid_(pid), socket_(std::move(socket)) {}

  int pid_;
  OwnedFd socket_;
  std::uint32_t run_ = 0;
  std::string message_;
};

}  // namespace rustchain
