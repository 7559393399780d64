// rustchain schema: the format of missions for editors.
#include "cli/commands.hpp"
#include "cli/mission_input.hpp"
#include "mission/schema.hpp"
#include "steps/registry.hpp"

namespace rustchain {

ExitCode command(App& app, const SchemaOptions& options) {
  app.console.out(mission_schema(step_types(), options.strict).dump(1) + "\n");
  return ExitCode::success;
}

}  // namespace rustchain
