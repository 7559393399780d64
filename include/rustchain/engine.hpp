// Runs a mission: takes ready steps from the plan, fills in their references, hands them to workers, and
// tells what happens to an observer.
#pragma once

#include "rustchain/earlier.hpp"
#include "rustchain/event.hpp"
#include "rustchain/history.hpp"
#include "rustchain/mission.hpp"
#include "rustchain/plan.hpp"
#include "rustchain/step_type.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rustchain {

// What a step has become once its references are filled in, as far as a judge needs to know.
struct StepFacts {
  const Json& parameters;  // StepContext::parameters
  const std::vector<std::pair<std::string, std::string>>& shell_values;
  const std::vector<std::pair<std::string, std::string>>& env;
  const std::string& working_directory;
};
// Asked on the loop's thread before each start of a step's work; a Failure ends the step instead.
using StepJudge = std::function<std::optional<Failure>(const Step&, const Effects&, const StepFacts&)>;

// The judge of a mission that is run as a step; from any thread.
struct MissionFile;
using MakeStepJudge = std::function<StepJudge(const MissionFile&)>;

class KeyedHash;  // util/sha256.hpp

struct RunSetup {
  const Mission& mission;
  const Graph& graph;          // of mission.steps
  const Graph& finally_graph;  // of mission.finally
  const StepTypes& types;
  Services& services;
  std::string run_id;
  std::string run_directory;      // absolute; exists; empty: outputs are kept nowhere
  std::string working_directory;  // absolute: where rustchain was started
  std::string mission_directory;  // absolute
  std::string shell;              // the platform's, for missions that name none
  std::string platform;           // linux, macos, windows
  std::uint32_t max_parallel = 1;
  History history = {};
  // Of a mission that is run as a step: the files of those that run it, the outermost first (absolute), and
  // what the name of its own file is seen from (empty: the working directory).
  std::vector<std::string> outer_missions = {};
  std::string start_directory = {};
  StepJudge judge = {};           // empty: every step may run
  MakeStepJudge make_judge = {};  // for missions that are run as steps
  std::optional<Risk> risk = {};  // as in RunStarted
  // Of a run that is recorded: what values are hashed with, the command line that will continue it, and the
  // run that it continues itself.
  const KeyedHash* hash = nullptr;
  std::string again = {};
  std::string continues = {};
  const Earlier* earlier = nullptr;  // nullptr: every step runs
  std::string key_prefix = {};  // of a mission that is run as a step: what the keys of its steps begin with
  std::string why_anew = {};    // none of its steps is reused; empty: that is to be seen
  LastNeeded needed = {};       // by the step that runs this mission
};

class Engine {
 public:
  Engine(const RunSetup& setup, Observer& observer);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Blocks until every step has ended or was cancelled, and every worker has returned. Once only.
  void run();

  // From any thread, at any time: ends the run cleanly; a second time: at once, without grace.
  // `signal` is the one that asked (SIGINT, SIGTERM).
  void interrupt(int signal);

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace rustchain
