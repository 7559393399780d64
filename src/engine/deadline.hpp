// How long a step may take: which limit it gets, how that was found, and when it is reached. Pure: whoever
// asks brings the time and the facts.
#pragma once

#include "rustchain/effects.hpp"
#include "rustchain/event.hpp"
#include "rustchain/mission.hpp"
#include "rustchain/services.hpp"
#include "rustchain/stop.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rustchain {

// What is known of a step when its limit is chosen.
struct TimeoutFacts {
  const Effects& effects;
  std::optional<double> tree_mb;             // below the directories that it walks; absent: not measured
  std::vector<double> earlier_seconds = {};  // of successful runs of the same step; empty: none are known
};

struct StepLimit {
  std::optional<double> seconds;  // of one run of the step's work; absent: none
  bool adaptive = false;
  double base_seconds = 0;  // adaptive: before the size of a tree counts
  double max_seconds = 0;   // adaptive: as far as signs of life carry it
  double size_factor = 0;   // per MB (10^6 bytes) of the tree; 0: size plays no part
  std::string how;          // "timeout_seconds in m.yaml:14", "auto: base 60 s"
  std::optional<double> idle_seconds;
  std::string idle_how;
  double grace_seconds = 5;
};

// limit = min(max, base x max(1, size_factor x MB)). base: what the mission says, else 300 s for builds, test
// runners and llm steps, 60 s for all others; at least three times the slowest earlier run. max: what the
// mission says, else 300 s, or five times the base where that is 300 s or more.
StepLimit choose_timeout(const Mission& mission, const Step& step, const TimeoutFacts& facts);

// The directories that the step's commands walk, as they name them ("." where they name none); empty: no
// command is known to walk a tree.
std::vector<std::string> walked_trees(const Effects& effects);
// The name of the build tool or test runner that the step starts; empty: none.
std::string build_program(const Effects& effects);

// "key in m.yaml:14".
std::string limit_place(std::string_view key, const Location& at, const Mission& mission);

// What a running step has shown of itself.
struct Signs {
  SteadyTime last_output{};  // when it last gave some; before that: its start
  Seconds cpu{};             // taken so far by all of its processes
  std::uint64_t io_bytes = 0;
  double tree_mb = 0;  // as far as measured
};

// One running step against its limit.
class Deadline {
 public:
  Deadline(StepLimit limit, SteadyTime start);

  // When somebody should look again; SteadyTime::max(): never.
  SteadyTime next_look(SteadyTime last_output) const;
  // From when on the size of the tree is worth measuring; SteadyTime::max(): never.
  SteadyTime measure_from() const;
  // The size beyond which the limit no longer grows.
  bool enough(double tree_mb) const;
  // StopReason::timeout or idle_timeout: the step is to be stopped now.
  StopReason look(SteadyTime now, const Signs& signs);
  // What the stop that look() asked for is for: "timed out after 60 s (limit: ...)".
  std::string message(StopReason reason) const;
  // What to do about it.
  std::string help(StopReason reason) const;

 private:
  SteadyTime after_start(double seconds) const;

  StepLimit limit_;
  SteadyTime start_;
  SteadyTime limit_at_ = SteadyTime::max();
  SteadyTime look_at_ = SteadyTime::max();
  Seconds interval_{};
  bool extended_ = false;
  double counted_mb_ = 0;
  SteadyTime looked_at_;
  Signs before_;
};

}  // namespace rustchain
