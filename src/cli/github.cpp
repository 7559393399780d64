// What `run` does for GitHub Actions beside its work.
#include "cli/github.hpp"

#include "report/github.hpp"
#include "util/path.hpp"

namespace rustchain {
namespace {

constexpr std::uint64_t k_most_summary = 1 << 20;  // what GitHub takes for one step of a job

bool is_on_github(const App& app) {
  return app.services.variable("GITHUB_ACTIONS").value_or("") == "true";
}

}  // namespace

void mask_on_github(App& app, const MissionFile& file) {
  if (!is_on_github(app)) return;
  app.console.err(render_masks(file.mask.values()));
  for (const MissionFile& next : file.next) mask_on_github(app, next);
}

void tell_github(App& app, const RunReport& report, const RenderOptions& options) {
  if (is_on_github(app)) app.console.err(render_github(report, options));
  std::string path = app.services.variable("GITHUB_STEP_SUMMARY").value_or("");
  if (path.empty()) return;
  path = resolve_path(app.directory, path);
  const std::string text = render_markdown(report, options) + "\n";
  auto there = app.services.files.status(path);
  if (there && there->size + text.size() > k_most_summary) {
    app.console.err("⚠ The job's summary has no room for this run: GitHub takes 1 MiB\n");
    return;
  }
  auto written = app.services.files.write({.path = path, .bytes = text, .mode = {}, .append = true});
  if (!written) app.console.err("⚠ can't add to the job's summary: " + written.error().message + "\n");
}

}  // namespace rustchain
