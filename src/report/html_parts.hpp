// The parts of the HTML report.
#pragma once

#include "rustchain/report.hpp"

#include <string>
#include <string_view>

namespace rustchain {

extern const std::string_view k_html_style;
extern const std::string_view k_html_script;

// How a step is marked: "good", "warn", "bad" or "idle" (it didn't run to its end, and is no failure).
std::string_view html_mark(const StepReport& step);
// The same for people: "succeeded", "succeeded with warnings", "failed" ...
std::string_view html_mark_words(const StepReport& step);
// "s12": where the page tells of the step.
std::string html_anchor(StepIndex step);

// When each step ran, attempts and the pauses between them: an SVG within a section; empty: nothing ran.
std::string html_timeline(const RunReport& report);
// What needs what: an SVG within a section, or a sentence where there is too much to draw; empty: one step.
std::string html_graph(const RunReport& report);

}  // namespace rustchain
