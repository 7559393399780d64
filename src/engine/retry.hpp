// Whether a step that failed is tried again, and after how long. Pure.
#pragma once

#include "rustchain/mission.hpp"
#include "rustchain/services.hpp"
#include "rustchain/step_result.hpp"

#include <cstdint>
#include <string_view>

namespace rustchain {

// Whether one of the words (failure kinds, "exit_code:75", "http_status:503", "any") means this failure.
bool matches_failure(std::string_view word, const StepResult& result);

// `attempt` counts from 1 and is the one that gave `result`. What can't be otherwise the next time (invalid,
// safety, dependency) is tried again only where retry_on names it; what the user ended never.
bool should_retry(const RetryPolicy& policy, std::uint32_t attempt, const StepResult& result);

// How long to wait before the next attempt, never more than max_delay_seconds. fixed: delay_seconds;
// exponential: doubled with each attempt; with jitter times a number from 0.5 to 1 (`random`: 64 random
// bits). A server that says Retry-After with its 429 or 503 is given at least that much time.
Seconds retry_delay(const RetryPolicy& policy, std::uint32_t attempt, const StepResult& result,
                    std::uint64_t random, WallTime now);

}  // namespace rustchain
