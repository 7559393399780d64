// rustchain plan: what would run, in which order, with which effects, limits and reasons. Does nothing.
#include "cli/commands.hpp"
#include "cli/continue_run.hpp"
#include "cli/foresight.hpp"
#include "cli/mission_input.hpp"
#include "cli/mission_safety.hpp"
#include "util/mask_json.hpp"
#include "util/utf8.hpp"

#include <string>
#include <vector>

namespace rustchain {

ExitCode command(App& app, const PlanOptions& options) {
  auto inputs = read_inputs(app, options.input);
  if (!inputs) return ExitCode::usage;
  ExitCode code = ExitCode::success;
  OrderedJson documents = OrderedJson::array();
  for (const std::string& path : options.missions) {
    MissionFile file = open_mission_with_others(app, path, *inputs);
    show_problems(app, file);
    if (!file.valid()) {
      code = ExitCode::invalid_mission;
      if (options.output == OutputFormat::json) documents.push_back(validation_json(file));
      continue;
    }
    const Continued continued = continue_run(app, options.earlier, file);
    if (continued.refused) return ExitCode::usage;
    if (continued.earlier) tell_cut_off(app, file, *continued.earlier);
    const std::vector<JudgedMission> safety =
        judge_all(app, file, options.input.safety, options.input.accept_allow);
    const Foreseen foreseen = foresee(app, file, continued.earlier.get());
    if (options.output == OutputFormat::json) {
      documents.push_back(plan_json(file, options, foreseen));
      documents.back()["safety"] = to_json(safety);
      mask_json(file.mask, documents.back());
    } else {
      show_findings(app, safety);
      app.console.out(
          visible_lines(file.mask.text(plan_text(file, options, foreseen)) + "\n" + verdict_lines(safety)));
    }
  }
  if (options.output == OutputFormat::json)
    app.console.out(dump(documents.size() == 1 ? documents[0] : documents));
  return code;
}

}  // namespace rustchain
