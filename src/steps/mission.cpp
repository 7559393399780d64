// Step type mission: known to the format, not to this version.
#include "steps/registry.hpp"
#include "steps/support.hpp"

#include <array>

namespace rustchain {
namespace {

constexpr std::string_view k_later =
    "name both missions on the command line, as in `rustchain run FIRST SECOND`, or copy the other mission's "
    "steps into this one";

constexpr auto k_keys = std::to_array<KeySpec>({
    {.name = "mission",
     .required = true,
     .doc = "The mission file to run as one step.",
     .example = "missions/lint.yaml",
     .aliases = "path file"},
    {.name = "vars",
     .types = k_map,
     .default_value = "{}",
     .doc = "Values for the variables of that mission.",
     .example = "{target: release}"},
});

Effects effects(const Step&, const Json& parameters) {
  Effects effects;
  add_path(parameters, "mission", effects.reads);
  return effects;
}

StepResult run(const StepContext&) {
  return StepResult::failure(FailureKind::invalid, "this version can't run a mission as a step",
                             std::string(k_later));
}

}  // namespace

const StepType k_mission_step = {
    .name = "mission",
    .summary = "Runs another mission as one step.",
    .example = R"(- id: lint
  step_type: mission
  parameters:
    mission: missions/lint.yaml
)",
    .parameters = k_keys,
    .main_output = "status",
    .output_fields = "status counts outputs",
    .later = k_later,
    .effects = effects,
    .run = run,
};

}  // namespace rustchain
