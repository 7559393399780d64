// Looks from time to time how much a directory holds.
#pragma once

#include "rustchain/services.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace rustchain {

// Its thread spends a thirtieth of the time at most with looking; one look ends as soon as it has seen too
// much.
class SizeWatch {
 public:
  SizeWatch(Files& files, std::string directory, std::uint64_t most_bytes, Seconds interval);
  ~SizeWatch();
  SizeWatch(const SizeWatch&) = delete;
  SizeWatch& operator=(const SizeWatch&) = delete;

  // Looks once, in the calling thread. True: it holds too much.
  bool look();
  // What the last look saw.
  std::uint64_t bytes() const { return bytes_; }
  // From now on. `too_large` is called once at most, from the watching thread.
  void begin(std::function<void()> too_large);
  // Ends a look that goes on, and the watching. From any thread.
  void end();

 private:
  void work(const std::function<void()>& too_large);

  Files& files_;
  const std::string directory_;
  const std::uint64_t most_bytes_;
  const Seconds interval_;
  std::atomic<std::uint64_t> bytes_ = 0;
  std::atomic<bool> ending_ = false;
  Seconds took_{};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::thread thread_;
};

}  // namespace rustchain
