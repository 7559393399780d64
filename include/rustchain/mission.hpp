// A mission as plain data: what the file says, defaults filled in, every value with the place where it
// stands.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/node.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rustchain {

// A text and where it stands.
struct Text {
  std::string value;
  Location at;

  bool empty() const { return value.empty(); }
};

using TextMap = std::vector<std::pair<Text, Text>>;  // in file order, keys unique

enum class DependencyStrategy : std::uint8_t { all_required, any_required, best_effort };

// What a failed dependency means for the step that needs it.
enum class OnFailure : std::uint8_t { skip, log_warning, use_default_value, retry_with_alternative };

struct Dependency {
  Text step;
  bool required = true;
  OnFailure on_failure = OnFailure::skip;
  Node default_value;  // use_default_value: what references to `step` give then
  Text alternative;    // retry_with_alternative: the step that runs in its place
};

enum class Backoff : std::uint8_t { fixed, exponential };

struct RetryPolicy {
  std::uint32_t max_attempts = 1;  // the first one counted
  double delay_seconds = 1;
  Backoff backoff = Backoff::fixed;
  double max_delay_seconds = 60;
  bool jitter = false;
  std::vector<Text> retry_on;  // failure kinds; empty: any
};

enum class TimeoutStrategy : std::uint8_t { fixed, adaptive };

// What the mission says about how long a step may take. What isn't there is decided where the limit is set.
struct TimeoutPolicy {
  std::optional<double> seconds;  // absent: "auto"
  TimeoutStrategy strategy = TimeoutStrategy::adaptive;
  Location at;  // where the limit is written; line 0: nowhere
  std::optional<double> base_seconds;
  std::optional<double> max_seconds;
  std::optional<double> size_factor;
  std::optional<double> idle_seconds;
  std::optional<double> grace_seconds;
};

struct ResourceLimits {
  std::optional<double> max_memory_mb;
  std::optional<double> max_cpu_percent;  // of one core; 200 = two cores
  std::optional<double> max_disk_io_mb_per_sec;

  bool any() const { return max_memory_mb || max_cpu_percent || max_disk_io_mb_per_sec; }
};

struct Monitoring {
  double check_interval_seconds = 5;
  double warn_threshold_percent = 80;
  bool kill_on_exceed = true;
};

struct Step {
  Text id;
  std::string name;  // the id where none is given
  std::string description;
  Text type;        // canonical name ("command"), at the place where it is written
  Node parameters;  // a map; aliases are already replaced by the names of the step type's table
  std::vector<Dependency> depends_on;  // as written; what is inferred stands in the Graph
  DependencyStrategy strategy = DependencyStrategy::all_required;
  bool continue_on_dependency_failure = false;
  bool continue_on_error = false;
  bool substitute = true;
  bool idempotent = true;
  std::optional<Text> when;
  TimeoutPolicy timeout;
  std::optional<RetryPolicy> retry;  // absent: the mission's
  std::uint32_t repeat_count = 1;
  double delay_between_repeats_ms = 0;
  std::optional<Node> foreach;  // a list, a map {glob: ...} or a text with one reference
  TextMap env;
  Text working_directory;  // empty: the mission's
};

// A typed input of the mission, given by --var.
struct Input {
  Text name;
  std::string type;  // string, number, integer, boolean, list, map
  std::optional<Node> default_value;
  bool required = false;
  std::string description;
};

struct Config {
  std::optional<double> timeout_seconds;  // of the whole run
  Location timeout_at;
  TimeoutPolicy step_timeout;  // of the steps that name none
  bool fail_fast = false;
  std::uint32_t max_parallel_steps = 1;
  Text working_directory;  // empty: where rustchain was started
  Text shell;              // empty: the platform's
  std::optional<RetryPolicy> retry;
  ResourceLimits limits;
  std::optional<std::uint64_t> working_directory_size_limit;  // bytes
  Location working_directory_size_limit_at;
  Monitoring monitoring;
  bool infer_dependencies = true;
};

// Which looks ahead `plan` takes, and which hints a failure prints.
struct ExecutionStrategy {
  bool analyze_before_run = false;
  bool estimate_resource_usage = false;
  bool warn_on_large_operations = false;
};
struct ErrorHandling {
  bool suggest_alternatives = true;
  bool provide_command_optimizations = true;
  bool offer_mission_restructuring = true;
};

struct Mission {
  std::string file;  // the path as typed; "<stdin>"
  std::string name;
  std::string version = "1.0";
  std::string description;
  std::vector<std::pair<std::string, Node>> vars;  // those of the command line already put in
  std::vector<Input> inputs;
  TextMap env;
  std::vector<Text> secrets;
  Config config;
  ExecutionStrategy execution_strategy;
  ErrorHandling error_handling;
  Node safety;  // the mission's own policy, read by src/safety
  std::vector<Text> next_missions;
  std::vector<Step> steps;
  std::vector<Step> finally;
};

}  // namespace rustchain
