// The threads that run the steps' work.
#include "engine/workers.hpp"

#include "engine/inner_run.hpp"
#include "util/format.hpp"

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

// A look at the trees that the work was walking; bounded, as the step has ended.
void add_trees(const std::vector<std::string>& trees, Services& services, StepResult& result) {
  constexpr std::uint64_t k_most_files = 200'000;
  constexpr Seconds k_longest(0.5);
  const SteadyTime begin = services.clock.steady();
  TreeSize all{.complete = true};
  for (const std::string& tree : trees) {
    TreeSize size = services.files.tree_size(tree, [&](const TreeSize& so_far) {
      return so_far.files > k_most_files || services.clock.steady() - begin > k_longest;
    });
    all.files += size.files;
    all.directories += size.directories;
    all.bytes += size.bytes;
    all.complete = all.complete && size.complete;
  }
  if (all.files == 0) return;
  result.facts.push_back(
      "it was walking " + std::string(all.complete ? "" : "at least ") + format_count(all.files, "file") +
      " in " + (all.directories == 1 ? "1 directory" : format_count(all.directories) + " directories") +
      " (" + format_size(all.bytes) + ")");
}

}  // namespace

void run_job(Job& job, Watch& watch, Services& services) {
  Watched& watched = *job.watched;
  StepContext context{
      .step = *job.step,
      .parameters = job.prepared->parameters,
      .shell_values = job.prepared->shell_values,
      .working_directory = job.prepared->working_directory,
      .mission_directory = job.setup->mission_directory,
      .env = job.prepared->env,
      .shell = job.prepared->shell,
      .output_base = job.output_base,
      .grace = Seconds(job.prepared->limit.grace_seconds),
      .limits = job.limits,
      .dependencies = job.prepared->dependencies,
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
      .keep = [&](std::unique_ptr<BackgroundProcess> process) { job.kept.push_back(std::move(process)); },
      .run_mission =
          [&](const std::string& file, const Json& vars) {
            InnerEnd end = run_inner({*job.setup, context, job.output_base, job.key, job.why_anew, job.needed,
                                      [&](const Event& event) {
                                        watched.gave_output(services.clock.steady());
                                        job.on_event(event);
                                      }},
                                     file, vars);
            job.reused_from = std::move(end.reused_from);
            return std::move(end.result);
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
  const StopReason stopped = watched.stop().reason();
  if (stopped == StopReason::timeout || stopped == StopReason::idle_timeout)
    add_trees(job.prepared->trees, services, job.result);
}

Workers::Workers(std::size_t most, Watch& watch, Services& services, std::function<Job*(Job&)> ended)
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
    do {
      run_job(*job, watch_, services_);
      job = ended_(*job);
    } while (job);
  }
}

}  // namespace rustchain
