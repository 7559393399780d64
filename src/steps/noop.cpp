// Step type noop: does nothing; a place where other steps meet.
#include "steps/registry.hpp"
#include "steps/support.hpp"

#include <array>

namespace rustchain {
namespace {

constexpr auto k_keys = std::to_array<KeySpec>({
    {.name = "message",
     .default_value = "\"\"",
     .doc = "A text that the step gives as its output.",
     .example = "all checks are done"},
});

Effects effects(const Step&, const Json&) {
  return {};
}

StepResult run(const StepContext& context) {
  StepResult result;
  result.output = {{"message", text_of(context.parameters, "message")}};
  return result;
}

}  // namespace

const StepType k_noop_step = {
    .name = "noop",
    .summary = "Does nothing: a place where other steps meet, or a message.",
    .example = R"(- id: checked
  name: All checks are done
  step_type: noop
  depends_on: [lint, test]
  parameters:
    message: all checks are done
)",
    .parameters = k_keys,
    .main_output = "message",
    .output_fields = "message",
    .effects = effects,
    .run = run,
};

}  // namespace rustchain
