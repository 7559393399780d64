// A look ahead before the first step starts.
#include "cli/preflight.hpp"

#include "mission/resolve.hpp"
#include "steps/command_hints.hpp"
#include "steps/command_line.hpp"
#include "steps/near_programs.hpp"
#include "steps/registry.hpp"
#include "steps/support.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <span>

namespace rustchain {
namespace {

// Words that may bring a program which isn't there yet.
bool may_install(const Effects& effects) {
  for (const Effects::Execution& run : effects.executes) {
    if (run.script.find("install") != std::string::npos) return true;
    for (const std::string& word : run.argv)
      if (word.find("install") != std::string::npos || word == "apk" || word == "pacman") return true;
  }
  return false;
}

bool sets_path(const Step& step, const Json& parameters) {
  for (const auto& entry : step.env)
    if (entry.first.value == "PATH") return true;
  return is_given(parameters, "env") && parameters["env"].is_object() && parameters["env"].contains("PATH");
}

// What the step will look up in PATH; nullopt: nothing, or that can't be told yet.
std::optional<std::vector<std::string>> sure_argv(const Step& step, const Json& parameters,
                                                  std::string_view platform) {
  if (step.when || step.foreach || sets_path(step, parameters)) return std::nullopt;
  const std::vector<CommandLine> lines = command_lines(step, parameters, "/bin/sh");
  if (fallback_of(lines) != nullptr) return std::nullopt;
  Result<CommandLine, Failure> line = choose_command(lines, platform, flag_of(parameters, "detect_platform"));
  if (!line || line->is_script() || line->argv.empty()) return std::nullopt;
  const std::string& program = line->argv.front();
  if (program.empty() || program.find_first_of("/{$ \t") != std::string::npos) return std::nullopt;
  return line->argv;
}

}  // namespace

std::vector<MissingProgram> missing_programs(const MissionFile& file, Services& services,
                                             const std::string& directory) {
  std::vector<MissingProgram> missing;
  for (const auto& entry : file.mission.env)
    if (entry.first.value == "PATH") return missing;
  const std::string path = services.variable("PATH").value_or("/bin:/usr/bin");
  std::map<std::string, std::optional<std::size_t>> seen;  // program -> its place among the missing ones
  DefaultValues defaults;
  auto look = [&](const std::vector<Step>& steps, std::span<const Effects> effects, const Graph& graph) {
    for (StepIndex i = 0; i < steps.size(); ++i) {
      const StepType* type = step_types().find(steps[i].type.value);
      if (type != &k_command_step) continue;
      if (may_install(effects[i])) return false;
      if (graph.alternative[i]) continue;
      const Json parameters = unresolved_parameters(steps[i], *type, defaults);
      std::optional<std::vector<std::string>> argv = sure_argv(steps[i], parameters, services.platform);
      if (!argv) continue;
      auto [known, is_new] = seen.try_emplace(argv->front());
      if (is_new && !services.processes.find_program(argv->front(), path, directory)) {
        known->second = missing.size();
        missing.push_back(
            {argv->front(),
             {},
             missing_program_help(*argv, near_program(services, argv->front(), path, directory))});
      }
      if (known->second) missing[*known->second].steps.push_back(steps[i].id.value);
    }
    return true;
  };
  const std::span<const Effects> effects = file.effects;
  const std::size_t first = file.mission.steps.size();
  if (look(file.mission.steps, effects.first(first), file.graph))
    (void)look(file.mission.finally, effects.subspan(first), file.finally_graph);
  return missing;
}

}  // namespace rustchain
