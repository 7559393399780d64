// The thread that ends what takes too long.
#include "engine/watch.hpp"

#include <algorithm>

namespace rustchain {

void Watched::started_process(int process) {
  std::lock_guard lock(mutex_);
  new_processes_.push_back(process);
}

Watch::Watch(Services& services, std::function<void(const Stopping&)> tell)
    : services_(services), tell_(std::move(tell)), thread_([this] { work(); }) {}

Watch::~Watch() {
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
    woken_ = true;
  }
  changed_.notify_one();
  thread_.join();
  for (Measuring& measuring : measuring_) measuring.thread.join();
}

// With the mutex held. A thread that sleeps until an earlier time anyway isn't woken: most steps end long
// before their limits, and then beginning one costs nothing.
void Watch::wake_at(SteadyTime at) {
  if (at >= wakes_at_) return;
  wakes_at_ = at;
  woken_ = true;
  changed_.notify_one();
}

void Watch::begin(const std::shared_ptr<Watched>& watched) {
  SteadyTime now = services_.clock.steady();
  watched->gave_output(now);
  watched->deadline_.emplace(watched->limit_, now);
  watched->limits_.emplace(watched->bounds_.limits, watched->bounds_.monitoring, now);
  std::lock_guard lock(mutex_);
  watched_.push_back(watched);
  if (stopping_) stop(*watched, *stopping_);
  wake_at(std::min(next_look(*watched), watched->deadline_->measure_from()));
}

void Watch::end(const std::shared_ptr<Watched>& watched) {
  std::lock_guard lock(mutex_);
  watched->ended_ = true;
  std::erase(watched_, watched);
}

void Watch::limit_run(SteadyTime at) {
  std::lock_guard lock(mutex_);
  run_limit_ = at;
  wake_at(at);
}

void Watch::next_phase() {
  std::lock_guard lock(mutex_);
  ++phase_;
  run_limit_.reset();
  if (interrupts_ < 2) stopping_.reset();
}

// With the mutex held. Telling comes first: the news is there before the end of any step that it stops.
void Watch::stop_all(const Stopping& stopping) {
  stopping_ = stopping;
  tell_(stopping);
  for (const std::shared_ptr<Watched>& watched : watched_) stop(*watched, stopping);
}

// With the mutex held.
void Watch::stop(Watched& watched, const Stopping& stopping) {
  if (!stopping.why.empty() && !watched.stop_.requested())
    watched.message_ = "was running when " + stopping.why;
  if (stopping.at_once)
    watched.stop_.request_at_once(stopping.reason);
  else
    watched.stop_.request(stopping.reason);
}

void Watch::interrupt(int signal) {
  std::lock_guard lock(mutex_);
  ++interrupts_;
  stop_all({StopReason::interrupt, signal, interrupts_ > 1, phase_});
}

void Watch::stop_run(std::string why) {
  std::lock_guard lock(mutex_);
  if (!stopping_ && phase_ == 0) stop_all({StopReason::resource_limit, 0, false, phase_, std::move(why)});
}

void Watch::measure(const std::shared_ptr<Watched>& watched) {
  for (auto measuring = measuring_.begin(); measuring != measuring_.end();) {
    bool done = *measuring->done;
    if (done) measuring->thread.join();
    measuring = done ? measuring_.erase(measuring) : std::next(measuring);
  }
  auto done = std::make_shared<std::atomic<bool>>(false);
  // Its own copy: the watch's thread changes the deadline meanwhile.
  auto measure = [this, watched, done, deadline = *watched->deadline_] {
    std::uint64_t before = 0;
    for (const std::string& tree : watched->trees_) {
      TreeSize size = services_.files.tree_size(tree, [&](const TreeSize& so_far) {
        watched->tree_bytes_ = before + so_far.bytes;
        return watched->ended_ || deadline.enough(static_cast<double>(before + so_far.bytes) / 1e6);
      });
      before += size.bytes;
      watched->tree_bytes_ = before;
    }
    *done = true;
  };
  try {
    measuring_.push_back({std::thread(measure), done});
  } catch (const std::system_error&) {
    // No thread to be had: the size then plays no part.
  }
}

// By the watch's thread.
TreeUsage Watch::usage_of(Watched& watched) {
  {
    std::lock_guard lock(watched.mutex_);
    for (int process : watched.new_processes_) watched.processes_.push_back({process, {}});
    watched.new_processes_.clear();
  }
  TreeUsage all = watched.ended_usage_;
  auto add = [](TreeUsage& sum, const TreeUsage& one) {
    sum.cpu += one.cpu;
    sum.read_bytes += one.read_bytes;
    sum.written_bytes += one.written_bytes;
    sum.disk_bytes += one.disk_bytes;
  };
  std::erase_if(watched.processes_, [&](Watched::Seen& seen) {
    std::optional<TreeUsage> usage = services_.processes.usage(seen.process);
    if (usage) {
      seen.usage = *usage;
      all.memory_bytes += usage->memory_bytes;
      all.processes += usage->processes;
      all.limits_enforced = usage->limits_enforced;
    } else {
      add(watched.ended_usage_, seen.usage);
    }
    add(all, seen.usage);
    return !usage;
  });
  // The system holds each of several to the limits, not all of them together.
  all.limits_enforced = all.limits_enforced && watched.processes_.size() == 1;
  return all;
}

void Watch::look_at(Watched& watched, SteadyTime now) {
  TreeUsage usage = usage_of(watched);
  SteadyTime done = services_.clock.steady();
  LimitVerdict verdict = watched.limits_->look(now, done, usage);
  Signs signs;
  signs.cpu = usage.cpu;
  signs.io_bytes = usage.read_bytes + usage.written_bytes;
  signs.last_output = SteadyTime(SteadyTime::duration(watched.last_output_));
  signs.tree_mb = static_cast<double>(watched.tree_bytes_) / 1e6;
  StopReason reason = watched.deadline_->look(now, signs);

  std::lock_guard lock(mutex_);
  if (watched.ended_ || watched.stop_.requested()) return;
  for (LimitWarning& warning : verdict.warnings) watched.bounds_.warn(std::move(warning));
  if (verdict.stop) {
    watched.message_ = std::move(verdict.stop->message);
    watched.help_ = "raise " + verdict.stop->limit + ", or give the step less to do";
    reason = StopReason::resource_limit;
  } else if (reason != StopReason::none) {
    watched.message_ = watched.deadline_->message(reason);
    watched.help_ = watched.deadline_->help(reason);
  }
  if (reason != StopReason::none) watched.stop_.request(reason);
}

SteadyTime Watch::next_look(const Watched& watched) const {
  SteadyTime last_output{SteadyTime::duration(watched.last_output_)};
  return std::min(watched.deadline_->next_look(last_output), watched.limits_->next_look());
}

void Watch::work() {
  std::unique_lock lock(mutex_);
  while (!closing_) {
    SteadyTime now = services_.clock.steady();
    if (run_limit_ && now >= *run_limit_) {
      run_limit_.reset();
      if (!stopping_) stop_all({StopReason::run_timeout, 0, false, phase_});
    }
    SteadyTime next = run_limit_.value_or(SteadyTime::max());
    std::vector<std::shared_ptr<Watched>> due;
    for (const std::shared_ptr<Watched>& watched : watched_) {
      // Nothing can extend the time of a step that was told to end.
      if (watched->stop_.requested()) continue;
      SteadyTime look_at = next_look(*watched);
      if (!watched->measuring_) {
        SteadyTime from = watched->deadline_->measure_from();
        if (from <= now) {
          watched->measuring_ = true;
          measure(watched);
        } else {
          next = std::min(next, from);
        }
      }
      if (look_at <= now)
        due.push_back(watched);
      else
        next = std::min(next, look_at);
    }
    if (!due.empty()) {
      lock.unlock();
      // Looking asks the system about processes; nobody waits for the mutex meanwhile.
      for (const std::shared_ptr<Watched>& watched : due) look_at(*watched, now);
      due.clear();
      lock.lock();
      continue;
    }
    wakes_at_ = next;
    woken_ = false;
    // The clock may be another than the system's: only differences count.
    if (next == SteadyTime::max()) {
      changed_.wait(lock, [this] { return woken_; });
    } else {
      changed_.wait_until(lock, std::chrono::steady_clock::now() + (next - now), [this] { return woken_; });
    }
  }
}

}  // namespace rustchain
