// A step type: one row of functions and tables. See docs/architecture.md on how to add one.
#pragma once

#include "rustchain/background.hpp"
#include "rustchain/diagnostic.hpp"
#include "rustchain/effects.hpp"
#include "rustchain/json_fwd.hpp"
#include "rustchain/keys.hpp"
#include "rustchain/mission.hpp"
#include "rustchain/services.hpp"
#include "rustchain/status.hpp"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rustchain {

struct StepResult;

// What a text of a step's parameters is read by, which says how a reference in it is filled in.
enum class TextKind : std::uint8_t {
  plain,  // the value is put in place
  words,  // split into words first as a shell splits them; then each value stays within its word
  shell,  // the value reaches the shell as a variable, never as text: it can't become syntax
};

// A dependency's output, for steps that are given what came before them (llm: context auto).
struct ContextItem {
  std::string step;  // id
  std::string name;
  Status status = Status::success;
  std::string text;  // main output; of a failed step: its error and what it printed
};

// All that a step's work gets. Lives as long as the call.
struct StepContext {
  const Step& step;
  // By the names of the type's table, references filled in, defaults put in; types as the table says. A text
  // of kind words is a list of strings here.
  const Json& parameters;
  // Variables that the shell texts among the parameters refer to: values of any size, without NUL bytes.
  std::vector<std::pair<std::string, std::string>> shell_values;
  std::string working_directory;  // absolute; exists, or the step's work fails
  std::string mission_directory;  // absolute
  std::vector<std::pair<std::string, std::string>>
      env;                  // the mission's and the step's, added to the runner's
  std::string shell;        // program that shell texts are given to
  std::string output_base;  // what the step prints is kept at this path + ".out" and ".err"; empty: nowhere
  Seconds grace{5};         // between SIGTERM and SIGKILL
  ProcessLimits limits;     // of each process tree that the step starts
  std::vector<ContextItem> dependencies;  // ended ones, in the order written; inferred ones too
  const Stop& stop;                       // requested when the step shall end; its work then returns soon
  OnProgress on_progress;
  std::function<void(int process)> on_process;    // to be called with each process that the step starts
  std::function<void(std::string_view)> on_text;  // pieces of an answer as it is written, for people
  // Takes a process that shall outlive the step: the run ends it when every step has ended.
  std::function<void(std::unique_ptr<BackgroundProcess>)> keep;
  // Runs the mission of this file, which is seen from the mission's directory and then from the working
  // directory, with these variables (a map). Its steps are told as this step's.
  std::function<StepResult(const std::string& file, const Json& vars)> run_mission = {};
  Services& services;
};

struct StepType {
  std::string_view name;
  std::string_view aliases = {};    // accepted as they are, separated by blanks
  std::string_view old_names = {};  // accepted with a warning
  std::string_view summary;         // one sentence
  std::string_view example;         // a step in YAML, whole
  std::span<const KeySpec> parameters;
  std::string_view main_output;    // the field of the output that a bare {id} gives
  std::string_view output_fields;  // separated by blanks
  std::string_view later = {};     // not empty: known to the format, not to this version
  bool runs_missions = false;      // its work is to run the file of its parameter `mission`

  // Rules that go beyond the table. The parameters are as written.
  void (*check)(const Step& step, Diagnostics& problems) = nullptr;
  // How a text of parameter `key` is read. nullptr: plain.
  TextKind (*text_kind)(const Step& step, std::string_view key) = nullptr;
  // What the step would do, from parameters in the shape of StepContext::parameters; references that are not
  // filled in yet stand there as they were written.
  Effects (*effects)(const Step& step, const Json& parameters) = nullptr;
  // The step's work, once. May block; returns soon after the stop was requested. Throws nothing.
  StepResult (*run)(const StepContext& context) = nullptr;
};

// The step types that there are, in the order in which people are shown them.
class StepTypes {
 public:
  explicit StepTypes(std::span<const StepType* const> types) : types_(types) {}
  // By name, alias or old name.
  const StepType* find(std::string_view name) const;
  std::span<const StepType* const> all() const { return types_; }

 private:
  std::span<const StepType* const> types_;
};

}  // namespace rustchain
