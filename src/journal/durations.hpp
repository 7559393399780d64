// How long steps took in earlier runs, out of their journals: read only as far as it must be.
#pragma once

#include "rustchain/history.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rustchain {

// Seconds of successful steps by their definition (StepBasis).
using Durations = std::unordered_map<std::string, std::vector<double>>;

// Adds those of one journal; of each step no more than k_most_earlier_runs are kept, those that came first.
// Doesn't look at the hashes: a wrong guess of a time limit is all that could come of it.
void add_durations(std::string_view journal, Durations& durations);

// Whether this beginning of a journal is of a run of the mission at `path`.
bool is_journal_of(std::string_view head, const std::string& path);

}  // namespace rustchain
