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

// What became of one item of a foreach.
struct ItemEnd {
  Json item;
  Ended how = {StepResult{.status = Status::cancelled}, {}, 0, 0};
};

// Steps are counted as in events: in file order, those of `finally` last.
class Results {
 public:
  explicit Results(const RunSetup& setup);

  void ended(StepIndex step, Ended how);
  // Those of a foreach; to be told before its end.
  void items_ended(StepIndex step, std::vector<ItemEnd> items) { items_[step] = std::move(items); }
  const Ended* find(StepIndex step) const { return steps_[step] ? &*steps_[step] : nullptr; }
  std::optional<StepIndex> last_ended() const { return last_ended_; }
  const Step& step(StepIndex index) const;
  const StepType* type(StepIndex index) const;

  // The step as references see it: the type's own fields, then status, output, kind, error, duration_ms and
  // attempts. A type's own `status` is kept as status_code. Of a foreach: `output` is the list of its items'
  // main outputs, `items` that of the items as if each were a step, `counts` how they ended, stdout and
  // stderr those of all items one after the other, each other field of the type a list.
  Json value(StepIndex step) const;
  // The main output as a text; of a failed step: its error and what it printed.
  std::string text(StepIndex step) const;

 private:
  const Mission& mission_;
  const StepTypes& types_;
  Json value_of(const StepType* type, const Ended& ended) const;
  Json foreach_value(StepIndex step) const;
  std::string text_of(const StepType* type, const Ended& ended) const;

  std::vector<std::optional<Ended>> steps_;
  std::unordered_map<StepIndex, std::vector<ItemEnd>> items_;
  mutable std::unordered_map<StepIndex, std::string> texts_of_items_;  // text() of steps with foreach
  std::optional<StepIndex> last_ended_;
};

// What a bare reference to a step of this type gives.
Json main_output(const StepType* type, const Json& output);
// "exit code 2", "timed out", "HTTP status 503", "3 items": a failure in two or three words.
std::string failure_words(const StepResult& result);

// One item of a foreach, as the texts of its step see it; of another step: none.
struct Item {
  const Json* value = nullptr;
  std::size_t index = 0;
};

// The values as one step sees them.
class StepValues : public Values {
 public:
  StepValues(const RunSetup& setup, const Results& results, std::uint32_t attempt);
  // For one item of a foreach, which must outlive this.
  void set_item(const Item& item) { item_ = item; }
  bool has_item() const { return item_.value != nullptr; }

  Result<Json, Failure> value(const Meaning& meaning) const override;
  std::optional<std::string> written(const Meaning& meaning) const override {
    return written_variable(setup_.mission, meaning.name);
  }

  // References to `step` give this instead (use_default_value).
  void replace(StepIndex step, Json value) { defaults_.insert_or_assign(step, std::move(value)); }
  // References to `step` give what `by` gave (retry_with_alternative).
  void replace_by(StepIndex step, StepIndex by) { stand_ins_.insert_or_assign(step, by); }
  // A variable of the mission's or the step's own env; later ones win over earlier ones and the runner's.
  void set_env(std::string name, std::string value) { env_.emplace_back(std::move(name), std::move(value)); }
  const std::vector<std::pair<std::string, std::string>>& env() const { return env_; }
  std::vector<std::pair<std::string, std::string>> take_env() { return std::move(env_); }
  // Whether the time, a random id or the number of the attempt was asked for: they say nothing of the step.
  bool asked_passing() const { return asked_passing_; }
  // From now on they are the same in all runs.
  void hold_passing() { hold_passing_ = true; }
  // Whether a variable that isn't set is an empty text (conditions) or a failure (everything else).
  void allow_unset(bool allow) { allow_unset_ = allow; }

 private:
  Result<Json, Failure> step_value(StepIndex step) const;
  Json passing(Json value) const;
  Result<Json, Failure> environment(const std::string& name) const;

  const RunSetup& setup_;
  const Results& results_;
  std::uint32_t attempt_;
  bool allow_unset_ = false;
  bool hold_passing_ = false;
  mutable bool asked_passing_ = false;
  Item item_;
  std::unordered_map<StepIndex, Json> defaults_;
  std::unordered_map<StepIndex, StepIndex> stand_ins_;
  std::vector<std::pair<std::string, std::string>> env_;
};

}  // namespace rustchain
