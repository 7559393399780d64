// The failure block as data, for every format that shows it.
#pragma once

#include "rustchain/plan.hpp"

#include "report/report.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

// Texts are as the run gave them: who shows them makes them safe.
struct FailureBlock {
  struct Line {
    std::string_view label;  // "Command"
    std::string text;        // may have several lines
  };
  std::string headline;             // "verify timed out after 60 s"; empty: no step failed
  std::vector<Line> what;           // place, command, context, suggestion
  std::vector<std::string> quoted;  // the last lines that show the cause
  std::vector<Line> next;           // logs, what was skipped, what to type next

  bool empty() const { return headline.empty() && what.empty(); }
};

// The step that began the trouble, and what it meant for the others; empty: nothing failed.
FailureBlock failure_of_run(const RunReport& report, const RenderOptions& options);
// One failed step by itself.
FailureBlock failure_of_step(const RunReport& report, StepIndex step, const RenderOptions& options);

}  // namespace rustchain
