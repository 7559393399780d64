// Step type mission: another mission as one step.
#include "rustchain/step_result.hpp"

#include "steps/registry.hpp"
#include "steps/support.hpp"

#include <array>

namespace rustchain {
namespace {

constexpr auto k_keys = std::to_array<KeySpec>({
    {.name = "mission",
     .required = true,
     .doc = "The mission file to run as one step, seen from the directory of this mission, else from the "
            "working directory.",
     .example = "missions/lint.yaml",
     .aliases = "path file"},
    {.name = "vars",
     .types = k_map,
     .default_value = "{}",
     .doc = "Values for the variables and inputs of that mission; it sees no others of this one.",
     .example = "{target: release}"},
});

Effects effects(const Step&, const Json& parameters) {
  Effects effects;
  add_path(parameters, "mission", effects.missions);
  return effects;
}

StepResult run(const StepContext& context) {
  return context.run_mission(text_of(context.parameters, "mission"), context.parameters["vars"]);
}

}  // namespace

const StepType k_mission_step = {
    .name = "mission",
    .summary = "Runs another mission as one step.",
    .example = R"(- id: lint
  name: Lint
  step_type: mission
  parameters:
    mission: missions/lint.yaml
)",
    .parameters = k_keys,
    .main_output = "outputs",
    .output_fields = "name file status counts outputs",
    .runs_missions = true,
    .effects = effects,
    .run = run,
};

}  // namespace rustchain
