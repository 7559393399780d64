// Renderers of a run: pure functions of its report. To add one, write its function and its row in
// reporters().
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/report.hpp"

#include <span>
#include <string>
#include <string_view>

namespace rustchain {

struct RenderOptions {
  bool color = false;
  const Sources* sources = nullptr;  // of the mission, for the lines of failed steps; may be absent
  unsigned columns = 100;
};

// What `run` prints at the end: outcome, counts, a line for each step, and last, once, the failure block.
std::string render_summary(const RunReport& report, const RenderOptions& options);
// The failure block alone: what failed, where, why, what was skipped because of it, what to type next.
std::string render_failure(const RunReport& report, const RenderOptions& options);
// The JSON report, format_version 1: docs/schemas/report.schema.json.
std::string render_json(const RunReport& report, const RenderOptions& options);
// JUnit XML, valid by the schemas that Jenkins publishes.
std::string render_junit(const RunReport& report, const RenderOptions& options);
// Markdown, always less than 1 MiB.
std::string render_markdown(const RunReport& report, const RenderOptions& options);
// One HTML file that needs no network: outcome, failure, timeline, graph, and each step with what it printed.
std::string render_html(const RunReport& report, const RenderOptions& options);
// Annotations for the log of GitHub Actions: the ten worst.
std::string render_github(const RunReport& report, const RenderOptions& options);

struct Reporter {
  std::string_view name;     // as in --report NAME=PATH
  std::string_view summary;  // one sentence
  std::string (*render)(const RunReport&, const RenderOptions&);
};
std::span<const Reporter> reporters();

}  // namespace rustchain
