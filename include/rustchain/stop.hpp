// The one way to tell running work that it shall end, and why.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string_view>

namespace rustchain {

enum class StopReason : std::uint8_t {
  none,
  timeout,         // the step's own limit
  idle_timeout,    // the step gave no sign of life for too long
  run_timeout,     // the limit of the whole run
  resource_limit,  // the step took more than it may
  interrupt,       // Ctrl-C, SIGTERM
  fail_fast,       // another step failed
  run_over,        // every step has ended; what outlived its step ends too
};
constexpr std::string_view to_string(StopReason reason) {
  constexpr std::array<std::string_view, 8> words = {"none",        "timeout",        "idle_timeout",
                                                     "run_timeout", "resource_limit", "interrupt",
                                                     "fail_fast",   "run_over"};
  return words[static_cast<std::size_t>(reason)];
}

// Owned by the engine, one for each running step; may be asked from any thread, and requested from any
// thread. The first reason wins. `at_once` asks for no grace (a second Ctrl-C); it may follow a request.
class Stop {
 public:
  Stop() = default;
  Stop(const Stop&) = delete;
  Stop& operator=(const Stop&) = delete;

  // The callbacks on token() run in the caller's thread.
  void request(StopReason reason) {
    auto none = StopReason::none;
    reason_.compare_exchange_strong(none, reason);
    source_.request_stop();
  }
  void request_at_once(StopReason reason) {
    request(reason);
    at_once_.request_stop();
  }

  bool requested() const { return source_.stop_requested(); }
  StopReason reason() const { return reason_.load(); }
  bool at_once() const { return at_once_.stop_requested(); }
  // To be woken: std::stop_callback on these. The callback must be short and must not block.
  std::stop_token token() const { return source_.get_token(); }
  std::stop_token at_once_token() const { return at_once_.get_token(); }

 private:
  std::atomic<StopReason> reason_ = StopReason::none;
  std::stop_source source_;
  std::stop_source at_once_;
};

}  // namespace rustchain
