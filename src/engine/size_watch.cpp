// Looks from time to time how much a directory holds.
#include "engine/size_watch.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace rustchain {
namespace {

constexpr double k_pause_by_look = 30;
constexpr Seconds k_longest_pause{1e6};

}  // namespace

SizeWatch::SizeWatch(Files& files, std::string directory, std::uint64_t most_bytes, Seconds interval)
    : files_(files),
      directory_(std::move(directory)),
      most_bytes_(most_bytes),
      interval_(std::min(interval, k_longest_pause)) {}

SizeWatch::~SizeWatch() {
  end();
  if (thread_.joinable()) thread_.join();
}

bool SizeWatch::look() {
  auto began = std::chrono::steady_clock::now();
  TreeSize size = files_.tree_size(
      directory_, [&](const TreeSize& so_far) { return ending_ || so_far.bytes > most_bytes_; });
  took_ = std::chrono::steady_clock::now() - began;
  bytes_ = size.bytes;
  return size.bytes > most_bytes_;
}

void SizeWatch::begin(std::function<void()> too_large) {
  try {
    thread_ = std::thread([this, too_large = std::move(too_large)] { work(too_large); });
  } catch (const std::system_error&) {
    // No thread to be had: the look before the start was the only one.
  }
}

void SizeWatch::end() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
}

void SizeWatch::work(const std::function<void()>& too_large) {
  std::unique_lock lock(mutex_);
  for (;;) {
    Seconds pause = std::clamp(k_pause_by_look * took_, interval_, k_longest_pause);
    if (changed_.wait_for(lock, pause, [this] { return ending_.load(); })) return;
    lock.unlock();
    bool over = look() && !ending_;
    if (over) too_large();
    lock.lock();
    if (over) return;
  }
}

}  // namespace rustchain
