// A process that outlives the step that started it.
#include "rustchain/background.hpp"

#include <system_error>
#include <utility>

namespace rustchain {

BackgroundProcess::BackgroundProcess(Processes& processes, ProcessRequest request)
    : processes_(processes), keep_bytes_(request.keep_bytes), on_output_(std::move(request.on_output)) {
  request.on_output = [this](int stream, std::string_view bytes) { add(stream, bytes); };
  request.with_left_over = true;
  request.on_running = [this] {
    std::lock_guard lock(mutex_);
    state_.started = true;
    changed_.notify_all();
  };
  try {
    thread_ = std::thread([this, whole = std::move(request)] { work(whole); });
  } catch (const std::system_error&) {
    end_ = Failure{FailureKind::file_error, "the system has no more threads", "run less at the same time"};
    state_.ended = true;
  }
}

BackgroundProcess::~BackgroundProcess() {
  stop_.request_at_once(StopReason::run_over);
  if (thread_.joinable()) thread_.join();
}

void BackgroundProcess::work(const ProcessRequest& request) {
  Result<ProcessEnd, Failure> end = processes_.run(request, stop_);
  std::function<void()> tell;
  {
    std::lock_guard lock(mutex_);
    end_ = std::move(end);
    state_.ended = true;
    tell = std::move(on_end_);
    changed_.notify_all();
  }
  if (tell) tell();
}

void BackgroundProcess::add(int stream, std::string_view bytes) {
  std::lock_guard lock(mutex_);
  if (let_go_) return;
  std::string& text = stream == 1 ? state_.out : state_.err;
  text.append(bytes.substr(0, keep_bytes_ - std::min(keep_bytes_, text.size())));
  if (on_output_) on_output_(stream, bytes);
  changed_.notify_all();
}

BackgroundProcess::State BackgroundProcess::state() const {
  std::lock_guard lock(mutex_);
  return state_;
}

bool BackgroundProcess::wait(Seconds most, const std::function<bool(const State&)>& enough) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, most,
                    [&] { return state_.ended || std::exchange(woken_, false) || enough(state_); });
  return enough(state_);
}

void BackgroundProcess::wake() {
  std::lock_guard lock(mutex_);
  woken_ = true;
  changed_.notify_all();
}

const Result<ProcessEnd, Failure>& BackgroundProcess::end() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return end_.has_value(); });
  return *end_;
}

void BackgroundProcess::let_go(std::function<void()> on_end) {
  {
    std::lock_guard lock(mutex_);
    let_go_ = true;
    on_output_ = {};
    if (!state_.ended) {
      on_end_ = std::move(on_end);
      return;
    }
  }
  on_end();
}

}  // namespace rustchain
