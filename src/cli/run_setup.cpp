// What every run of a mission is set up with.
#include "cli/run_setup.hpp"

#include "cli/mission_input.hpp"
#include "platform/platform.hpp"

#include <algorithm>
#include <string>

namespace rustchain {

RunSetup run_setup(App& app, const MissionFile& file, const StepTypes& types, Services& services) {
  const Mission& mission = file.mission;
  return {.mission = mission,
          .graph = file.graph,
          .finally_graph = file.finally_graph,
          .types = types,
          .services = services,
          .run_id = {},
          .run_directory = {},
          .working_directory = app.directory,
          .mission_directory = directory_of_mission(app, mission.file),
          .shell = default_shell(),
          .platform = std::string(platform_name()),
          .max_parallel = std::max(1u, mission.config.max_parallel_steps)};
}

}  // namespace rustchain
