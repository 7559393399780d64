// Step type move_file.
#include "steps/registry.hpp"
#include "steps/support.hpp"
#include "steps/transfer.hpp"

#include <array>

namespace rustchain {
namespace {

constexpr auto k_keys = std::to_array<KeySpec>({
    {.name = "source",
     .required = true,
     .doc = "The file or directory to move; a symbolic link is moved itself.",
     .example = "out.log",
     .aliases = "src",
     .old_names = "from source_path"},
    {.name = "destination",
     .required = true,
     .doc =
         "Its new path, or a directory to put it into: one that exists, or a path with a slash at its end.",
     .example = "logs/2026-11.log",
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
  add_path(parameters, "source", effects.deletes);
  add_path(parameters, "destination", effects.writes);
  return effects;
}

StepResult run(const StepContext& context) {
  return transfer(context, true);
}

}  // namespace

const StepType k_move_file_step = {
    .name = "move_file",
    .summary = "Moves or renames a file or a directory, across file systems too.",
    .example = R"(- id: keep_log
  name: Keep the log
  step_type: move_file
  parameters:
    source: out.log
    destination: logs/2026-11.log
)",
    .parameters = k_keys,
    .main_output = "destination",
    .output_fields = "source destination size overwritten",
    .check = check_transfer,
    .effects = effects,
    .run = run,
};

}  // namespace rustchain
