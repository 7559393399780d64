// What goes between the runner and one running step: its input, its output, and the guardian's words.
#pragma once

#include "rustchain/services.hpp"

#include "platform/capture.hpp"
#include "platform/guardian_link.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <span>
#include <string_view>

namespace rustchain {

// The runner's ends of a step's pipes; any may be missing.
struct StepPipes {
  OwnedFd in;
  OwnedFd out;
  OwnedFd err;
};

class ProcessExchange {
 public:
  // `buffer` is for reading. All but the pipes is only looked at, and must outlive this.
  ProcessExchange(const ProcessRequest& request, const Stop& stop, GuardianLink& guardian, StepPipes pipes,
                  std::span<char> buffer);

  // To be called once the guardian was told to start the step. Blocks until it says how that went, and reads
  // what is in the pipes then, not what others may write to them later. nullopt: the guardian is gone.
  std::optional<GuardianMessage> run();

  Captured out() { return out_.finish(); }
  Captured err() { return err_.finish(); }

 private:
  std::optional<GuardianMessage> converse();
  void feed();
  // False: nothing more can come.
  bool read_some(OwnedFd& pipe, Capture& capture, std::size_t most);
  void drain(OwnedFd& pipe, Capture& capture);
  void show_progress(SteadyTime now);

  const ProcessRequest& request_;
  const Stop& stop_;
  GuardianLink& guardian_;
  StepPipes pipes_;
  std::span<char> buffer_;
  std::string_view to_feed_;
  Capture out_;
  Capture err_;
  const Capture* spoke_last_ = nullptr;  // since progress was shown
  SteadyTime next_progress_;
};

}  // namespace rustchain
