// The way from a file's text to a mission that is known to be right: load, compose, read, check.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/mission.hpp"
#include "rustchain/node.hpp"
#include "rustchain/plan.hpp"
#include "rustchain/step_type.hpp"

#include "mission/compose.hpp"
#include "mission/secrets.hpp"
#include "util/mask.hpp"

#include <string>
#include <utility>
#include <vector>

namespace rustchain {

struct MissionFile {
  Sources sources;  // the file itself, then the bases that it extends
  Mission mission;
  Graph graph;           // of mission.steps
  Graph finally_graph;   // of mission.finally
  Diagnostics problems;  // sorted; the mission may run if there are no errors
  Mask mask;             // of the mission's secrets; sources and problems show none of them

  bool valid() const { return !problems.has_errors(); }
};

struct MissionOptions {
  bool strict = false;
  std::vector<std::pair<std::string, Node>> vars;  // --var and --vars-file, later ones win
  ReadFile read_file = {};  // for the files that the mission extends; empty: there are none to be had
  Variable variable = {};   // of the environment, for the values of secrets; empty: none is known
};

// `name` is what people are shown. Never throws; whatever is wrong stands in `problems`.
MissionFile open_mission(std::string name, std::string text, const StepTypes& types,
                         const MissionOptions& options = {});

}  // namespace rustchain
