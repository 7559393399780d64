// The tables of a step's keys: the step itself, its dependencies and its retry policy.
#include "mission/keys.hpp"
#include "mission/read.hpp"
#include "util/text.hpp"

#include <array>

namespace rustchain {
namespace {

// A limit of zero would end every step at once.
constexpr double k_least_seconds = 0.001;

constexpr auto k_on_failure_keys = std::to_array<KeySpec>({
    {.name = "use_default_value",
     .types = k_any,
     .doc = "Run, and let references to the failed step give this value.",
     .example = "none"},
    {.name = "retry_with_alternative",
     .doc = "Run this step, which otherwise never runs, in the place of the failed one.",
     .example = "fetch_from_mirror"},
});

constexpr auto k_dependency_keys = std::to_array<KeySpec>({
    {.name = "step",
     .required = true,
     .doc = "The id of the step that is needed.",
     .example = "build",
     .aliases = "id",
     .old_names = "step_id"},
    {.name = "required",
     .types = k_boolean,
     .default_value = "true",
     .doc = "Whether this step is skipped when that one doesn't succeed.",
     .example = "false"},
    {.name = "on_failure",
     .types = k_string | k_map,
     .doc = "What a failure of that step means here; skip when it is required, else log_warning.",
     .example = "log_warning",
     .words = "skip log_warning use_default_value retry_with_alternative",
     .keys = k_on_failure_keys},
    {.name = "default_value",
     .types = k_any,
     .doc = "With use_default_value: what references to the failed step give.",
     .example = "none"},
    {.name = "alternative",
     .doc = "With retry_with_alternative: the id of the step that runs in its place.",
     .example = "fetch_from_mirror"},
});

constexpr auto k_step_keys = std::to_array<KeySpec>({
    {.name = "id",
     .required = true,
     .doc = "The step's name in references and dependencies: letters, digits, _ and -, once in the mission.",
     .example = "run_tests"},
    {.name = "name",
     .doc = "What people are shown; the id where it isn't given.",
     .example = "Run the tests"},
    {.name = "description",
     .doc = "What the step is for.",
     .example = "All unit tests, without the slow ones"},
    {.name = "step_type",
     .required = true,
     .doc = "What kind of work the step does; `rustchain steps` lists the types.",
     .example = "command",
     .old_names = "type"},
    {.name = "parameters",
     .types = k_map,
     .default_value = "{}",
     .doc = "What the step type needs to know; `rustchain steps TYPE` lists its parameters.",
     .example = "{command: make}"},
    {.name = "depends_on",
     .types = k_list,
     .element = k_string | k_map,
     .default_value = "[]",
     .doc = "The steps that must have ended before this one starts.",
     .example = "[build]",
     .old_names = "dependencies",
     .keys = k_dependency_keys},
    {.name = "dependency_strategy",
     .default_value = "all_required",
     .doc = "Run when every required dependency succeeded, when any did, or in any case.",
     .example = "best_effort",
     .words = "all_required any_required best_effort"},
    {.name = "continue_on_dependency_failure",
     .types = k_boolean,
     .default_value = "false",
     .doc = "Run although a required dependency failed.",
     .example = "true"},
    {.name = "continue_on_error",
     .types = k_boolean,
     .default_value = "false",
     .doc = "A failure of this step doesn't fail the run.",
     .example = "true"},
    {.name = "when",
     .doc = "A condition; where it is false, the step is skipped.",
     .example = "\"{build.status} == success\""},
    {.name = "timeout_seconds",
     .types = k_number | k_string,
     .doc = "The limit of one attempt in seconds, or auto to have it found.",
     .example = "120",
     .old_names = "timeout",
     .words = "auto",
     .minimum = k_least_seconds},
    {.name = "timeout_strategy",
     .doc =
         "fixed keeps to the limit; adaptive extends it while the step still works; fixed where a number is "
         "given.",
     .example = "adaptive",
     .words = "fixed adaptive"},
    {.name = "base_timeout_seconds",
     .types = k_number,
     .doc = "Adaptive: the limit of a step that walks no tree; 60, for builds and test runners 300.",
     .example = "90",
     .minimum = k_least_seconds},
    {.name = "max_timeout_seconds",
     .types = k_number,
     .doc = "Adaptive: the limit never grows past this; 300, or five times a larger base.",
     .example = "600",
     .minimum = k_least_seconds},
    {.name = "size_factor",
     .types = k_number,
     .default_value = "1",
     .doc = "Adaptive: how much each megabyte of the walked tree lengthens the limit.",
     .example = "2"},
    {.name = "idle_timeout_seconds",
     .types = k_number,
     .doc = "Stop the step when it prints nothing for so long.",
     .example = "60",
     .minimum = k_least_seconds},
    {.name = "grace_seconds",
     .types = k_number,
     .default_value = "5",
     .doc = "How long a step that is told to stop may take before it is killed.",
     .example = "10"},
    {.name = "retry",
     .types = k_map,
     .doc = "When and how often a failed attempt is repeated; config.retry where it isn't given.",
     .example = "{max_attempts: 3}",
     .keys = k_retry_keys},
    {.name = "repeat_count",
     .types = k_integer,
     .default_value = "1",
     .doc = "How often the step's work is done; its outputs are collected in order.",
     .example = "10",
     .minimum = 1},
    {.name = "delay_between_repeats_ms",
     .types = k_number,
     .default_value = "0",
     .doc = "The pause between two repeats in milliseconds.",
     .example = "500"},
    {.name = "foreach",
     .types = k_list | k_map | k_string,
     .doc = "Run the step once for each element of a list, a reference to one, or {glob: PATTERN}, as {item} "
            "and {index}.",
     .example = "[debug, release]"},
    {.name = "env",
     .types = k_map,
     .element = k_string,
     .default_value = "{}",
     .doc = "Environment variables of the step, added to the mission's.",
     .example = "{CI: \"true\"}"},
    {.name = "working_dir",
     .doc = "Where the step runs; config.working_directory where it isn't given.",
     .example = "build",
     .old_names = "working_directory"},
    {.name = "template",
     .doc = "The named step body of the mission's templates that this step fills in.",
     .example = "lint"},
    {.name = "with",
     .types = k_map,
     .doc = "The values for the holes of the template.",
     .example = "{directory: src}"},
    {.name = "substitute",
     .types = k_boolean,
     .default_value = "true",
     .doc = "false takes the parameters as they stand, references and all.",
     .example = "false"},
    {.name = "idempotent",
     .types = k_boolean,
     .default_value = "true",
     .doc = "false says that running the step a second time does harm.",
     .example = "false"},
});

constexpr auto k_places = std::to_array<KeyPlace>({
    {"in a step", &step_keys},
    {"in config", &config_keys},
    {"at the top level", &mission_keys},
    {"in retry", &retry_keys},
    {"in an entry of depends_on", &dependency_keys},
    {"in resource_limits", &resource_limit_keys},
});

}  // namespace

bool may_stand_in_parameters(std::string_view key) {
  constexpr std::string_view k_keys =
      "timeout_seconds timeout_strategy base_timeout_seconds max_timeout_seconds size_factor "
      "idle_timeout_seconds grace_seconds retry repeat_count delay_between_repeats_ms";
  return has_word(k_keys, key);
}

std::span<const KeySpec> step_keys() {
  return k_step_keys;
}
std::span<const KeySpec> retry_keys() {
  return k_retry_keys;
}
std::span<const KeySpec> dependency_keys() {
  return k_dependency_keys;
}
std::span<const KeySpec> on_failure_keys() {
  return k_on_failure_keys;
}
std::span<const KeyPlace> key_places() {
  return k_places;
}

}  // namespace rustchain
