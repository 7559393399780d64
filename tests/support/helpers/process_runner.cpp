// A runner to be killed by tests: `process_runner GRACE PROGRAM ARGUMENT...` runs the program as a step does;
// SIGTERM stops it, a second one stops it at once.
#include "platform/platform.hpp"

#include <cstdlib>

int main(int argc, char** argv) {
  using namespace rustchain;
  if (int helper = run_as_helper(argc, argv); helper >= 0) return helper;
  Stop stop;
  SignalWatch watch([&](int) {
    if (stop.requested())
      stop.request_at_once(StopReason::interrupt);
    else
      stop.request(StopReason::interrupt);
  });
  ProcessRequest request;
  request.grace = Seconds(std::atof(argv[1]));
  request.argv.assign(argv + 2, argv + argc);
  request.working_directory = "/";
  request.environment = read_environment();
  return make_processes()->run(request, stop).ok() ? 0 : 100;
}
