// What a running step takes, held against resource_limits. Pure: whoever asks brings the time and the
// figures.
#pragma once

#include "rustchain/event.hpp"
#include "rustchain/mission.hpp"
#include "rustchain/services.hpp"

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace rustchain {

// What a step is held to, and who is told.
struct StepBounds {
  ResourceLimits limits;
  Monitoring monitoring;
  std::function<void(LimitWarning)> warn;  // the warning's step is left to the one who is told
};

// The part of the limits that the system can see to itself; none where passing them is allowed.
ProcessLimits enforceable(const ResourceLimits& limits, const Monitoring& monitoring);

// "512.0 MB of memory, 200 % of a core"; empty: there are none.
std::string describe(const ResourceLimits& limits);

struct LimitVerdict {
  std::vector<LimitWarning> warnings;
  std::optional<LimitWarning> stop;  // the limit that the step is to be stopped for
};

// One running step against its limits. Memory counts as it is at a look; CPU and disk as means over at least
// a second (or the interval, if that is shorter): starting a program is no offence.
class LimitCheck {
 public:
  LimitCheck(const ResourceLimits& limits, const Monitoring& monitoring, SteadyTime start);

  // First after 100 ms, then after pauses that double up to the interval, and are twenty times as long as a
  // look takes at least. SteadyTime::max(): never.
  SteadyTime next_look() const { return next_look_; }
  // `begun` and `done`: when the usage was begun and ended to be measured. It only grows, memory aside.
  LimitVerdict look(SteadyTime begun, SteadyTime done, const TreeUsage& usage);

 private:
  enum Which : std::size_t { memory, cpu, disk };
  struct Limit {
    std::optional<double> allowed;
    bool warned_near = false;
    bool warned_past = false;
  };

  void judge(Which which, double measured, bool enforced, LimitVerdict& verdict);

  std::array<Limit, 3> limits_;
  Monitoring monitoring_;
  Seconds gap_;
  SteadyTime next_look_;
  SteadyTime rates_begun_;  // when the usage was measured that rates are counted from
  TreeUsage before_;
};

}  // namespace rustchain
