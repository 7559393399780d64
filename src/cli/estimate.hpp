// A look at the trees that steps will walk, before anything runs: execution_strategy.
#pragma once

#include "rustchain/effects.hpp"
#include "rustchain/json.hpp"
#include "rustchain/mission.hpp"
#include "rustchain/services.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace rustchain {

struct WalkedTree {
  std::string path;  // as the step names it
  TreeSize size;
};

inline constexpr std::uint64_t k_large_bytes = 1'000'000'000;
inline constexpr std::uint64_t k_large_files = 100'000;
inline bool is_large(const TreeSize& size) {
  return size.bytes > k_large_bytes || size.files > k_large_files;
}
// "20,000 files in 300 directories, 500.0 MB below src".
std::string describe(const WalkedTree& tree);

// What execution_strategy.warn_on_large_operations says of it.
std::string large_warning(const std::string& step, const WalkedTree& tree);

// Measures each tree once. `enough` ends a measurement early; two seconds for all of them do in any case.
class Estimator {
 public:
  Estimator(Services& services, const std::string& directory, const Mission& mission,
            std::function<bool(const TreeSize&)> enough);

  // The trees that are there and whose names are known; `effects` and `parameters` are the step's.
  std::vector<WalkedTree> walked(const Step& step, const Effects& effects, const Json& parameters);

 private:
  Services& services_;
  std::string directory_;  // the mission's; empty: it isn't known yet
  std::function<bool(const TreeSize&)> enough_;
  SteadyTime begin_;
  std::map<std::string, TreeSize> measured_;
};

}  // namespace rustchain
