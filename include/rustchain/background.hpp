// A process that outlives the step that started it (`background: true`): it runs on a thread of its own, by
// the same Processes::run as any other, until it is told to stop.
#pragma once

#include "rustchain/services.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace rustchain {

class BackgroundProcess {
 public:
  // What is known of it so far.
  struct State {
    bool started = false;
    bool ended = false;
    std::string out;  // what it has printed, each at most `keep_bytes` of the request; nothing more is added
    std::string err;  // once it was let go
  };

  // Starts the process, with_left_over; `processes` must outlive this. Of the request's callbacks `on_output`
  // is called with the lock of state() held, and only until the process is let go.
  BackgroundProcess(Processes& processes, ProcessRequest request);
  ~BackgroundProcess();  // ends it at once, if it hasn't ended, and waits
  BackgroundProcess(const BackgroundProcess&) = delete;
  BackgroundProcess& operator=(const BackgroundProcess&) = delete;

  State state() const;
  // Blocks until `enough` is true, which is asked whenever something is new, the process has ended, wake()
  // was called, or `most` has passed. Gives what `enough` says then.
  bool wait(Seconds most, const std::function<bool(const State&)>& enough);
  void wake();  // from any thread

  // From any thread. It ends as Stop says: TERM, grace, KILL.
  void stop(StopReason reason) { stop_.request(reason); }
  void stop_at_once(StopReason reason) { stop_.request_at_once(reason); }
  // Blocks until it has ended. The Failure: it could not be started.
  const Result<ProcessEnd, Failure>& end();

  // Its step has ended; `on_end` is called once when the process has, from its thread, or from here if that
  // was before. Must not block.
  void let_go(std::function<void()> on_end);

 private:
  void work(const ProcessRequest& request);
  void add(int stream, std::string_view bytes);

  Processes& processes_;
  std::size_t keep_bytes_;
  Stop stop_;
  mutable std::mutex mutex_;  // of all that follows
  std::condition_variable changed_;
  State state_;
  bool let_go_ = false;
  bool woken_ = false;
  std::function<void(int stream, std::string_view bytes)> on_output_;
  std::function<void()> on_end_;
  std::optional<Result<ProcessEnd, Failure>> end_;
  std::thread thread_;
};

}  // namespace rustchain
