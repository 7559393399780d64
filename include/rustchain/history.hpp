// What earlier runs can tell of a step that may run now.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace rustchain {

// How long the last successful runs of the step with this definition (StepBasis) took, in seconds; at most
// k_most_earlier_runs. From any thread, for each step that starts. An empty function: nothing is known of
// any.
using History = std::function<std::vector<double>(const std::string& definition)>;
inline constexpr std::size_t k_most_earlier_runs = 10;

inline std::vector<double> earlier_seconds(const History& history, const std::string& definition) {
  if (!history) return {};
  std::vector<double> seconds = history(definition);
  if (seconds.size() > k_most_earlier_runs) seconds.resize(k_most_earlier_runs);
  return seconds;
}

// How long a step will take if it goes as it did before.
struct Expectation {
  double seconds = 0;  // the median
  double slowest = 0;
  std::uint32_t runs = 0;  // that it is taken from
};

// nullopt: there were none.
inline std::optional<Expectation> expectation(std::vector<double> seconds) {
  if (seconds.empty()) return std::nullopt;
  std::sort(seconds.begin(), seconds.end());
  return Expectation{seconds[seconds.size() / 2], seconds.back(), static_cast<std::uint32_t>(seconds.size())};
}

}  // namespace rustchain
