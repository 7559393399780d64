// The way from a file's text to a mission that is known to be right.
#include "mission/mission_file.hpp"

#include "mission/check.hpp"
#include "mission/compose.hpp"
#include "mission/content_files.hpp"
#include "mission/graph.hpp"
#include "mission/inputs.hpp"
#include "mission/load.hpp"
#include "mission/read.hpp"
#include "mission/references.hpp"
#include "mission/resolve.hpp"
#include "mission/variables.hpp"
#include "util/path.hpp"

#include <span>
#include <unordered_set>
#include <utility>

namespace rustchain {
namespace {

void hide_secrets(MissionFile& file, const Names& names, const Variable& variable) {
  if (file.mission.secrets.empty()) return;
  file.mask = Mask(secret_values(file.mission, names, variable, file.problems));
  if (file.mask.empty()) return;
  file.problems.rewrite([&](const std::string& text) { return file.mask.text(text); });
  for (Source& source : file.sources) source.text = file.mask.in_place(source.text);
}

Directories directories_of(const MissionFile& file, const MissionOptions& options) {
  if (!options.mission_directory.empty()) return {options.directory, options.mission_directory};
  const std::string& name = file.mission.file;
  if (name.starts_with('<')) return {options.directory, options.directory};
  return {options.directory, normalise_path(parent_directory(resolve_path(options.directory, name)))};
}

}  // namespace

MissionFile open_mission(std::string name, std::string text, const StepTypes& types,
                         const MissionOptions& options) {
  MissionFile file;
  file.sources.push_back({std::move(name), std::move(text)});
  if (options.strict) file.problems.be_strict();

  std::optional<Node> document = load_yaml(file.sources.front().text, 0, file.problems);
  if (document && !compose(*document, file.sources, options.read_file, file.problems)) document.reset();
  if (document) file.mission = read_mission(std::move(*document), types, file.problems);
  file.mission.file = file.sources.front().name;
  if (document) {
    apply_vars(file.mission, options.vars, file.problems);
    Names names(file.mission);
    const Directories directories = directories_of(file, options);
    std::unordered_set<std::string> later(options.vars.later.begin(), options.vars.later.end());
    fill_variables(file.mission, names, {options.variable, options.more_env, directories.mission},
                   file.sources, later, file.problems);
    check_inputs(file.mission, options.vars, later, file.problems);
    read_content_files(file.mission, file.sources, types, names, directories, options.read_file,
                       file.problems);
    file.effects = known_effects(file.mission, types);
    const std::span<const Effects> effects = file.effects;
    const std::size_t first_finally = file.mission.steps.size();
    file.graph =
        build_graph(file.mission, file.mission.steps, effects.first(first_finally), names, file.problems);
    file.finally_graph =
        build_graph(file.mission, file.mission.finally, effects.subspan(first_finally), names, file.problems);
    check_references(file.mission, types, names, file.sources, file.problems);
    hide_secrets(file, names, options.variable);
  }
  file.problems.sort();
  return file;
}

}  // namespace rustchain
