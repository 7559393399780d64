// The threads that run the steps' work, and the work itself as they see it.
#pragma once

#include "rustchain/step_result.hpp"
#include "rustchain/step_type.hpp"

#include "engine/prepare.hpp"
#include "engine/watch.hpp"
#include "util/mailbox.hpp"

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace rustchain {

// One run of a step's work. Whoever runs it owns it until its end is posted.
struct Job {
  const Step* step = nullptr;
  const StepType* type = nullptr;
  // Apart, as a block of more than a kilobyte costs malloc much more.
  std::unique_ptr<Prepared> prepared = std::make_unique<Prepared>();
  std::string output_base;
  std::string key;       // StepQuestion::key
  std::string why_anew;  // of one that has parts: why none of them is reused; empty: that is to be seen
  LastNeeded needed;     // of a mission that it runs
  const RunSetup* setup = nullptr;
  ProcessLimits limits;
  OnProgress on_progress;
  std::function<void(std::string_view)> on_text;
  std::function<void(const Event&)> on_event;  // of a mission that the step runs
  std::shared_ptr<Watched> watched;            // made anew for each run
  StepResult result;
  std::string reused_from;  // the run that the results of all steps of its mission come from; empty: one ran
  std::vector<std::unique_ptr<BackgroundProcess>> kept;  // what the work has left running
};

// Runs the job, watched, in the calling thread. Whatever the step type throws is a failure of the step.
void run_job(Job& job, Watch& watch, Services& services);

// At most `most` threads, started when they are first needed, ended by the destructor.
class Workers {
 public:
  // `ended` is called by the worker that ran the job; it gives the one that this worker runs next, or
  // nullptr.
  Workers(std::size_t most, Watch& watch, Services& services, std::function<Job*(Job&)> ended);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // `running`: how many jobs run or were given, this one counted. False: there is no thread to run it, and
  // none can be started. Not to be called by two threads at once.
  bool give(Job& job, std::size_t running);

 private:
  void work();

  const std::size_t most_;
  Watch& watch_;
  Services& services_;
  const std::function<Job*(Job&)> ended_;
  Mailbox<Job*> jobs_;
  std::vector<std::thread> threads_;
};

}  // namespace rustchain
