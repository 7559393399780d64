// The way from a file's text to a mission that is known to be right.
#include "mission/mission_file.hpp"

#include "mission/check.hpp"
#include "mission/compose.hpp"
#include "mission/graph.hpp"
#include "mission/inputs.hpp"
#include "mission/load.hpp"
#include "mission/read.hpp"
#include "mission/references.hpp"

#include <utility>

namespace rustchain {

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
    file.graph = build_graph(file.mission, file.mission.steps, types, names, file.problems);
    file.finally_graph = build_graph(file.mission, file.mission.finally, types, names, file.problems);
    check_references(file.mission, types, names, file.sources, file.problems);
  }
  file.problems.sort();
  return file;
}

}  // namespace rustchain
