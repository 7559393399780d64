// The way from a file's text to a mission that is known to be right: load, compose, read, check.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/effects.hpp"
#include "rustchain/mission.hpp"
#include "rustchain/node.hpp"
#include "rustchain/plan.hpp"
#include "rustchain/step_type.hpp"

#include "mission/compose.hpp"
#include "mission/inputs.hpp"
#include "mission/known_values.hpp"
#include "mission/secrets.hpp"
#include "util/mask.hpp"

#include <string>
#include <utility>
#include <vector>

namespace rustchain {

struct MissionFile {
  Sources sources;  // the file itself, then the bases that it extends
  Mission mission;
  Graph graph;                          // of mission.steps
  Graph finally_graph;                  // of mission.finally
  std::vector<Effects> effects = {};    // of both, in order, as far as they are known before the run
  Diagnostics problems;                 // sorted; the mission may run if there are no errors
  std::vector<MissionFile> inner = {};  // that it runs as steps, as far as they are known; each once
  std::vector<MissionFile> next = {};   // that run after it
  Mask mask = {};  // of its secrets and those of `inner`; sources and problems show none of them

  bool valid() const { return !problems.has_errors(); }
};

struct MissionOptions {
  bool strict = false;
  GivenVars vars;  // --var and --vars-file, later ones win; or those of the step that runs the mission
  ReadFile read_file = {};      // for files that belong to the mission; empty: there are none to be had
  FindFilesIn find_files = {};  // for missions that are run as steps
  std::string directory = {};   // absolute: where the mission is seen from; empty: only the run will tell
  std::string mission_directory = {};  // absolute; empty: as the mission's name says
  Variable variable = {};              // of the environment; empty: none is known
  bool more_env = false;               // what runs the mission as a step may set others
};

// `name` is what people are shown. Never throws; whatever is wrong stands in `problems`.
MissionFile open_mission(std::string name, std::string text, const StepTypes& types,
                         const MissionOptions& options = {});

}  // namespace rustchain
