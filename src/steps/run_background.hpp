// `background: true`: a process that lives until the run ends, and how it is known that it is ready.
#pragma once

#include "rustchain/step_result.hpp"
#include "rustchain/step_type.hpp"

#include "steps/command_line.hpp"

#include <array>

namespace rustchain {

inline constexpr auto k_ready_keys = std::to_array<KeySpec>({
    {.name = "http",
     .doc = "A URL; ready when it is answered with a status of 200 to 299.",
     .example = "http://127.0.0.1:8080/health",
     .aliases = "url"},
    {.name = "port",
     .types = k_integer,
     .doc = "A TCP port of this machine; ready when connections to it are taken.",
     .example = "8080",
     .minimum = 1},
    {.name = "output",
     .doc = "A regular expression; ready when a line of its output matches.",
     .example = "listening on",
     .aliases = "regex"},
    {.name = "timeout_seconds",
     .types = k_number,
     .default_value = "60",
     .doc = "How long it may take to be ready; then it is stopped, and the step fails.",
     .example = "20"},
});
// The rules of `background` and `ready` beyond the tables.
void check_background(const Step& step, Diagnostics& problems);

// "until the run ends; ready when port 8080 takes connections, within 60 s"; empty: it is an ordinary
// command.
std::string background_plan(const Json& parameters);

// Starts it, waits until it is ready, and hands it to the run. A process that could not be started is a
// Failure; one that ends too early or isn't ready in time has ended when this returns, with a failure that
// shows what it printed.
Result<StepResult, Failure> run_background(const StepContext& context, const CommandLine& line,
                                           ProcessRequest request);

}  // namespace rustchain
