// rustchain report: a report of a run that was recorded.
#include "cli/commands.hpp"
#include "cli/past_runs.hpp"
#include "cli/reporter.hpp"
#include "util/path.hpp"

namespace rustchain {

ExitCode command(App& app, const ReportOptions& options) {
  const Reporter* reporter = find_reporter(app, options.format);
  if (reporter == nullptr) return ExitCode::usage;
  const PastRuns runs(app);
  auto id = runs.find(options.run);
  if (!id) return tell(app, id.error());
  auto run = runs.load_whole(*id);
  if (!run) return tell(app, run.error());
  if (!run->journal.broken.empty())
    app.console.err("⚠ the journal of " + *id + " is damaged: " + run->journal.broken +
                    "; this is what stands before that\n");
  if (run->running) app.console.err("⚠ run " + *id + " is still running: this is how far it is\n");
  const Sources sources = runs.sources(*id);
  RenderOptions render{options.path.empty() && app.console.out_color(), &sources, app.console.columns()};
  const std::string text = reporter->render(run->report, render);
  if (options.path.empty()) {
    app.console.out(text);
    return ExitCode::success;
  }
  auto written = app.services.files.write(
      {.path = resolve_path(app.directory, options.path), .bytes = text, .mode = {}});
  if (written) return ExitCode::success;
  tell_unwritten(app, options.format, written.error());
  return ExitCode::internal_error;
}

}  // namespace rustchain
