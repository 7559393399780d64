// What the steps that have ended gave, and every other value that texts of a mission can refer to.
#pragma once

#include "rustchain/engine.hpp"
#include "rustchain/json.hpp"
#include "rustchain/step_result.hpp"

#include "mission/resolve.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace rustchain {

// How one step ended.
struct Ended {
  StepResult result;
  std::string reason;  // of one that didn't run
  std::uint32_t attempts = 0;
  double duration_seconds = 0;
};

// Steps are counted as in events: in file order, those of `finally` last.
class Results {
 public:
  explicit Results(const RunSetup& setup);

  void ended(StepIndex step, Ended how);
  const Ended* find(StepIndex step) const { return steps_[step] ? &*steps_[step] : nullptr; }
  std::optional<StepIndex> last_ended() const { return last_ended_; }
  const Step& step(StepIndex index) const;
  const StepType* type(StepIndex index) const;

  // The step as references see it: the type's own fields, then status, output, kind, error, duration_ms and
  // attempts. A type's own `status` is kept as status_code.
  Json value(StepIndex step) const;
  // The main output as a text; of a failed step: its error and what it printed.
  std::string text(StepIndex step) const;

 private:
  const Mission& mission_;
  const StepTypes& types_;
  std::vector<std::optional<Ended>> steps_;
  std::optional<StepIndex> last_ended_;
};

// "exit code 2", "timed out", "HTTP status 503": a failure in two or three words.
std::string failure_words(const StepResult& result);

// The values as one step sees them.
class StepValues : public Values {
 public:
  StepValues(const RunSetup& setup, const Results& results, std::uint32_t attempt);

  Result<Json, Failure> value(const Meaning& meaning) const override;

  // References to `step` give this instead (use_default_value).
  void replace(StepIndex step, Json value) { defaults_.insert_or_assign(step, std::move(value)); }
  // References to `step` give what `by` gave (retry_with_alternative).
  void replace_by(StepIndex step, StepIndex by) { stand_ins_.insert_or_assign(step, by); }
  // A variable of the mission's or the step's own env; later ones win over earlier ones and the runner's.
  void set_env(std::string name, std::string value) { env_.emplace_back(std::move(name), std::move(value)); }
  const std::vector<std::pair<std::string, std::string>>& env() const { return env_; }
  std::vector<std::pair<std::string, std::string>> take_env() { return std::move(env_); }
  // Whether a variable that isn't set is an empty text (conditions) or a failure (everything else).
  void allow_unset(bool allow) { allow_unset_ = allow; }

 private:
  Result<Json, Failure> step_value(StepIndex step) const;
  Result<Json, Failure> environment(const std::string& name) const;

  const RunSetup& setup_;
  const Results& results_;
  std::uint32_t attempt_;
  bool allow_unset_ = false;
  std::unordered_map<StepIndex, Json> defaults_;
  std::unordered_map<StepIndex, StepIndex> stand_ins_;
  std::vector<std::pair<std::string, std::string>> env_;
};

}  // namespace rustchain
