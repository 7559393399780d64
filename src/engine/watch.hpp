// The thread that ends what takes too long: steps at their limits, and all of them at the limit of the run or
// when somebody interrupts it. So whoever runs a step's work may simply wait for it.
#pragma once

#include "rustchain/services.hpp"
#include "rustchain/stop.hpp"

#include "engine/deadline.hpp"
#include "engine/limits.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace rustchain {

// One run of a step's work, as the watch sees it. Shared by the watch and the one who runs it.
class Watched {
 public:
  Watched(StepLimit limit, std::vector<std::string> trees, StepBounds bounds = {})
      : limit_(std::move(limit)), trees_(std::move(trees)), bounds_(std::move(bounds)) {}

  const Stop& stop() const { return stop_; }
  // Signs of life, told by the step's callbacks. From any thread.
  void gave_output(SteadyTime now) { last_output_ = now.time_since_epoch().count(); }
  void gave_progress(const Progress& progress, SteadyTime now) {
    if (bytes_.exchange(progress.bytes) != progress.bytes) gave_output(now);
  }
  void started_process(int process);
  // Why it was stopped, as a sentence without its subject; empty: it wasn't, or not because of its own limit.
  // To be asked when the work has ended.
  const std::string& message() const { return message_; }
  const std::string& help() const { return help_; }

 private:
  friend class Watch;

  StepLimit limit_;
  const std::vector<std::string> trees_;  // absolute; what is measured when the limit draws near
  const StepBounds bounds_;
  Stop stop_;
  std::atomic<SteadyTime::rep> last_output_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
  std::atomic<std::uint64_t> tree_bytes_ = 0;
  std::atomic<bool> ended_ = false;
  std::mutex mutex_;
  std::vector<int> new_processes_;
  std::string message_;
  std::string help_;
  // The watch's thread alone looks at these once the work has begun.
  std::optional<Deadline> deadline_;
  std::optional<LimitCheck> limits_;
  bool measuring_ = false;
  struct Seen {
    int process = 0;
    TreeUsage usage;
  };
  std::vector<Seen> processes_;
  TreeUsage ended_usage_;  // of those that are gone, as far as it was seen
};

// Everything that ran was told to end. `phase` is the one that it ran in.
struct Stopping {
  StopReason reason = StopReason::none;
  int signal = 0;
  bool at_once = false;
  std::uint32_t phase = 0;
  std::string why = {};  // of a limit of the whole run, as a clause; empty: the reason says it
};

class Watch {
 public:
  // `tell` is called before anything is stopped for the run's limit or an interrupt, from whichever thread;
  // it must not call back.
  Watch(Services& services, std::function<void(const Stopping&)> tell);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // By the thread that runs the work, right before and right after.
  void begin(const std::shared_ptr<Watched>& watched);
  void end(const std::shared_ptr<Watched>& watched);

  void limit_run(SteadyTime at);
  // Steps that begin from now on are not stopped for what ended the steps before. The limit of the run is
  // over. A second interrupt stays in force.
  void next_phase();
  // From any thread. The first stops what runs, any further one at once.
  void interrupt(int signal);
  // The first phase is past a limit of its own; `why` is a clause. Later ones are left alone. From any
  // thread.
  void stop_run(std::string why);

 private:
  void work();
  SteadyTime next_look(const Watched& watched) const;
  void look_at(Watched& watched, SteadyTime now);
  TreeUsage usage_of(Watched& watched);
  void measure(const std::shared_ptr<Watched>& watched);
  void stop_all(const Stopping& stopping);
  void stop(Watched& watched, const Stopping& stopping);
  void wake_at(SteadyTime at);

  struct Measuring {
    std::thread thread;
    std::shared_ptr<std::atomic<bool>> done;
  };

  Services& services_;
  const std::function<void(const Stopping&)> tell_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool closing_ = false;
  bool woken_ = false;
  SteadyTime wakes_at_ = SteadyTime::max();
  std::optional<SteadyTime> run_limit_;
  std::uint32_t phase_ = 0;
  int interrupts_ = 0;
  std::optional<Stopping> stopping_;  // of this phase
  std::vector<std::shared_ptr<Watched>> watched_;
  std::list<Measuring> measuring_;
  std::thread thread_;
};

}  // namespace rustchain
