// The table of reporters.
#include "report/report.hpp"

#include <array>

namespace rustchain {

std::span<const Reporter> reporters() {
  static constexpr std::array k_reporters = {
      Reporter{"text", "what `run` prints at its end", &render_summary},
      Reporter{"json", "one JSON document with every step, format_version 1", &render_json},
      Reporter{"junit", "JUnit XML: the mission is a suite, each step a test case", &render_junit},
      Reporter{"markdown", "Markdown for a job's summary or a comment", &render_markdown},
      Reporter{"html", "one HTML file: outcome, failure, timeline, graph, every step", &render_html},
      Reporter{"github", "annotations for the log of GitHub Actions, the ten worst", &render_github},
  };
  return k_reporters;
}

}  // namespace rustchain
