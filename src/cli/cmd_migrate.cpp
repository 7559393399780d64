// rustchain migrate: an older mission in today's format on standard output, what was changed on standard
// error.
#include "cli/commands.hpp"
#include "cli/mission_input.hpp"
#include "mission/migrate.hpp"
#include "mission/render.hpp"
#include "steps/registry.hpp"

#include <string>
#include <utility>

namespace rustchain {

ExitCode command(App& app, const MigrateOptions& options) {
  auto inputs = read_inputs(app, {});
  if (!inputs) return ExitCode::usage;
  MissionFile file = open_mission_at(app, options.mission, *inputs);
  const Source& source = file.sources.front();
  for (const Diagnostic& problem : file.problems.all()) {
    if (problem.code != "RC0001") continue;
    show_problems(app, file);
    return ExitCode::invalid_mission;
  }
  Migration migration = migrate(source.text, step_types());
  if (migration.problems.has_errors()) {
    app.console.err(render_diagnostics(migration.problems, {source}, app.console.err_color()));
    return ExitCode::invalid_mission;
  }
  app.console.out(migration.text);
  if (!app.common.quiet) {
    for (const MigrationNote& note : migration.notes)
      app.console.err((note.line > 0 ? "line " + std::to_string(note.line) + ": " : "") + note.text + "\n");
    if (migration.notes.empty())
      app.console.err("nothing to change: " + source.name + " is in today's format\n");
  }
  MissionFile today = open_mission(source.name, std::move(migration.text), step_types(), *inputs);
  if (today.valid()) return ExitCode::success;
  std::size_t errors = today.problems.errors();
  app.console.err("error: " + std::to_string(errors) + (errors == 1 ? " problem is" : " problems are") +
                  " left that nobody but you can solve\n  help: 'rustchain validate' on the result shows " +
                  (errors == 1 ? "it" : "them") + "\n");
  return ExitCode::invalid_mission;
}

}  // namespace rustchain
