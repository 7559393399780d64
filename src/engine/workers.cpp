// The threads that run the steps' work.
#include "engine/workers.hpp"

#include <exception>
#include <system_error>

namespace rustchain {
namespace {

StepResult internal_error(const StepType& type, std::string_view what) {
  return StepResult::failure(
      FailureKind::invalid,
      "internal error in step type " + std::string(type.name) + ": " + std::string(what),
      "this is a bug of rustchain, not of the mission: please report it with this message");
}

}  // namespace

void run_job(Job& job, Watch& watch, Services& services) {
  Watched& watched = *job.watched;
  StepContext context{
      .step = *job.step,
      .parameters = job.prepared.parameters,
      .shell_values = job.prepared.shell_values,
      .working_directory = job.prepared.working_directory,
      .mission_directory = job.mission_directory,
      .env = job.prepared.env,
      .shell = job.prepared.shell,
      .output_base = job.output_base,
      .grace = Seconds(job.prepared.limit.grace_seconds),
      .limits = job.limits,
      .dependencies = job.prepared.dependencies,
      .stop = watched.stop(),
      .on_progress =
          [&](const Progress& progress) {
            watched.gave_progress(progress, services.clock.steady());
            job.on_progress(progress);
          },
      .on_process = [&](int process) { watched.started_process(process); },
      .on_text =
          [&](std::string_view text) {
            watched.gave_output(services.clock.steady());
            job.on_text(text);
          },
      .services = services,
  };
  watch.begin(job.watched);
  try {
    job.result = job.type->run(context);
  } catch (const std::exception& error) {
    job.result = internal_error(*job.type, error.what());
  } catch (...) {
    job.result = internal_error(*job.type, "unknown");
  }
  watch.end(job.watched);
}

Workers::Workers(std::size_t most, Watch& watch, Services& services, std::function<void(Job&)> ended)
    : most_(most), watch_(watch), services_(services), ended_(std::move(ended)) {}

Workers::~Workers() {
  for (std::size_t i = 0; i < threads_.size(); ++i) jobs_.post(nullptr);
  for (std::thread& thread : threads_) thread.join();
}

bool Workers::give(Job& job, std::size_t running) {
  if (threads_.size() < most_ && threads_.size() < running) {
    try {
      threads_.emplace_back([this] { work(); });
    } catch (const std::system_error&) {
      // The system has no more threads: the job waits for one of those that are there.
      if (threads_.empty()) return false;
    }
  }
  jobs_.post(&job);
  return true;
}

void Workers::work() {
  while (Job* job = jobs_.take()) {
    run_job(*job, watch_, services_);
    ended_(*job);
  }
}

}  // namespace rustchain
