// Fills in the references of a step's texts with values. Pure: the values are handed in.
#pragma once

#include "rustchain/effects.hpp"
#include "rustchain/json.hpp"
#include "rustchain/mission.hpp"
#include "rustchain/services.hpp"
#include "rustchain/step_type.hpp"

#include "mission/references.hpp"
#include "mission/value.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace rustchain {

// Where values come from at run time.
class Values {
 public:
  virtual ~Values() = default;
  // The value that the meaning stands for, path not yet walked: of a step, its whole result as
  // {status, output, stdout, ...}, where `output` is what a bare id gives; a Failure (kind invalid) says why
  // there is none.
  virtual Result<Json, Failure> value(const Meaning& meaning) const = 0;
  // What a variable's value is where a text is wanted: 1.10 and 007 as they are written. nullopt: as value()
  // says.
  virtual std::optional<std::string> written(const Meaning&) const { return std::nullopt; }
};
// The value of `{mission.NAME}`; nullopt: there is none of that name.
std::optional<Json> mission_value(const Mission& mission, const std::string& directory,
                                  std::string_view name);
// Values::written() of a mission's own variable.
std::optional<std::string> written_variable(const Mission& mission, const std::string& name);

// What the tables of the types give to parameters that a step doesn't have: read once for many steps.
class DefaultValues {
 public:
  const Json& of(const StepType& type);  // {} or {name: value}

 private:
  std::unordered_map<const StepType*, Json> values_;
};

struct Resolved {
  Json parameters;                                                // StepContext::parameters
  std::vector<std::pair<std::string, std::string>> shell_values;  // StepContext::shell_values
  bool filled = false;  // a value was filled in: they are more than the step says
};

// All parameters of the step: references filled in, the table's defaults put in, values as the table wants
// them (sizes as bytes). A text within a map is asked for as "key.inner" (StepType::text_kind); the elements
// of a list are asked for as the list, and are never split into words. Null counts as not given.
Result<Resolved, Failure> resolve_parameters(const Step& step, const StepType& type, const Names& names,
                                             const Values& values, DefaultValues& defaults);
// The same with references left as they were written: what can be known before the run.
Json unresolved_parameters(const Step& step, const StepType& type, DefaultValues& defaults);
// What the steps of the mission and then those of its `finally` do, as far as that is known before the run.
std::vector<Effects> known_effects(const Mission& mission, const StepTypes& types);
// A value of any shape outside the parameters (foreach): references filled in, one that stands alone keeps
// its value's type.
Result<Json, Failure> resolve_value(const Node& node, const Names& names, const Values& values,
                                    bool in_foreach = false);
// The value of a reference that has a meaning: found, and its path walked. Texts that hold JSON are walked
// too; a name that isn't a field of a step is looked for in its main output.
Result<Json, Failure> reference_value(const Reference& reference, const Meaning& meaning,
                                      std::string_view raw, const Values& values);
// The same as a text within a text.
Result<std::string, Failure> reference_text(const Reference& reference, const Meaning& meaning,
                                            std::string_view raw, const Values& values);
// One text (env, working_dir, when).
Result<std::string, Failure> resolve_text(std::string_view text, const Names& names, const Values& values,
                                          bool in_foreach = false);

// Splits a command line as a POSIX shell splits words: quotes and backslashes are taken away, references stay
// in one piece. `shell_syntax` tells whether it holds operators, expansions or globs that only a shell can
// do.
std::vector<std::string> split_words(std::string_view line);
bool shell_syntax(std::string_view line);

}  // namespace rustchain
