// A queue between threads: the only place where they meet.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace rustchain {

template <class T>
class Mailbox {
 public:
  void post(T message) {
    {
      std::lock_guard lock(mutex_);
      queue_.push_back(std::move(message));
    }
    arrived_.notify_one();
  }

  // Blocks until there is a message.
  T take() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return !queue_.empty(); });
    return pop();
  }

  // Blocks until there is a message or the time has come.
  std::optional<T> take_until(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    if (!arrived_.wait_until(lock, deadline, [this] { return !queue_.empty(); })) return std::nullopt;
    return pop();
  }

  // Never blocks.
  std::optional<T> take_if_there() {
    std::lock_guard lock(mutex_);
    if (queue_.empty()) return std::nullopt;
    return pop();
  }

  // Blocks as take() does, and leaves the message there.
  void wait() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return !queue_.empty(); });
  }
  void wait_until(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    arrived_.wait_until(lock, deadline, [this] { return !queue_.empty(); });
  }

 private:
  T pop() {
    T message = std::move(queue_.front());
    queue_.pop_front();
    return message;
  }

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<T> queue_;
};

}  // namespace rustchain
