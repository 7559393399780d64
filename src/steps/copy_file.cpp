// Step type copy_file.
#include "steps/registry.hpp"
#include "steps/support.hpp"
#include "steps/transfer.hpp"

#include <array>

namespace rustchain {
namespace {

constexpr auto k_keys = std::to_array<KeySpec>({
    {.name = "source",
     .required = true,
     .doc = "The file or directory to copy.",
     .example = "build/report.html",
     .aliases = "src",
     .old_names = "from source_path"},
    {.name = "destination",
     .required = true,
     .doc = "The path of the copy, or a directory to put it into: one that exists, or a path with a slash at "
            "its end.",
     .example = "public/",
     .aliases = "dest",
     .old_names = "to destination_path target"},
    {.name = "overwrite",
     .types = k_boolean,
     .default_value = "true",
     .doc = "false: an existing destination is a failure; a directory that isn't empty is never replaced.",
     .example = "false"},
});

Effects effects(const Step&, const Json& parameters) {
  Effects effects;
  add_path(parameters, "source", effects.reads);
  add_path(parameters, "destination", effects.writes);
  return effects;
}

StepResult run(const StepContext& context) {
  return transfer(context, false);
}

}  // namespace

const StepType k_copy_file_step = {
    .name = "copy_file",
    .summary = "Copies a file with its mode, or a directory with all that is in it; whole or not at all.",
    .example = R"(- id: publish
  name: Publish the report
  step_type: copy_file
  parameters:
    source: build/report.html
    destination: public/
)",
    .parameters = k_keys,
    .main_output = "destination",
    .output_fields = "source destination size overwritten",
    .check = check_transfer,
    .effects = effects,
    .run = run,
};

}  // namespace rustchain
