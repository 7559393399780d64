// What an earlier run of a mission means for the steps of the one that continues it.
#pragma once

#include "rustchain/event.hpp"
#include "rustchain/mission.hpp"
#include "rustchain/services.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace rustchain {

// Of the steps that a step needs, the one that ran last, and the run in which it did. Ids of runs sort by
// time.
struct LastNeeded {
  std::string step;
  std::string run;  // empty: none of them ran, as far as is known
};

// A step that may run now, its references filled in.
struct StepQuestion {
  // Names the step in all runs: "build", "build[HASH OF THE ITEM]", "lint/check".
  const std::string& key;
  const Step& step;
  const StepBasis& basis;
  // Its work is that of its items, or of the steps of a mission: each of them is asked about by itself.
  bool has_parts = false;
  std::string why_anew = {};            // it must run again whatever it did before; empty: that is to be seen
  LastNeeded needed = {};               // its own result must not be older
  std::vector<std::string> needs = {};  // keys of the steps that it needs: none may have begun after it
  std::function<FileMark(const std::string& path)> mark = {};  // of a file as it is now
};

// The result of an earlier run that still holds.
struct Reuse {
  std::string run;  // the one in which the step really ran
  StepResult result;
  std::uint32_t attempts = 1;
  double duration_seconds = 0;
  std::string what = {};
  std::vector<FileMark> wrote = {};
};

struct Decision {
  std::optional<Reuse> reuse = {};
  std::string why = {};                 // of one that runs: why it isn't reused
  bool parts_too = false;               // of one that has parts: the same holds for all of them
  std::optional<Failure> refused = {};  // it may not run a second time
};

class Earlier {
 public:
  virtual ~Earlier() = default;
  // From any thread. Why the step isn't run at all; nullopt: it may be.
  virtual std::optional<std::string> left_out(const std::string& key) const = 0;
  virtual Decision decide(const StepQuestion& question) const = 0;
};

}  // namespace rustchain
