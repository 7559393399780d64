// JUnit XML: the mission is a suite, each step a test case. What all readers agree on: valid by the schemas
// of Jenkins (junit-4.xsd, junit-10.xsd), so skips and retries are texts.
#include "report/excerpt.hpp"
#include "report/failure.hpp"
#include "report/lines.hpp"
#include "report/markup.hpp"
#include "report/report.hpp"
#include "report/words.hpp"
#include "util/format.hpp"

#include <algorithm>
#include <cstdint>

namespace rustchain {
namespace {

constexpr std::size_t k_longest = 1000;

enum class Verdict : std::uint8_t { passed, skipped, failure, error };

Verdict verdict_of(const StepReport& step) {
  if (!step.ended) return step.started && !step.pending ? Verdict::error : Verdict::skipped;
  switch (step.status) {
    case Status::success:
    case Status::partial: return Verdict::passed;
    case Status::failed:
      if (step.allowed) return Verdict::skipped;  // neither good nor a failure of the run
      return step.result.kind == FailureKind::timeout ? Verdict::error : Verdict::failure;
    case Status::skipped: return Verdict::skipped;
    case Status::cancelled: break;
  }
  return step.started ? Verdict::error : Verdict::skipped;
}

std::string one_line(std::string_view text) {
  return markup(clean_line(text, k_longest));
}

void attribute(std::string& out, std::string_view name, std::string_view value) {
  out += ' ';
  out += name;
  out += "=\"" + one_line(value) + '"';
}

std::string seconds(double duration) {
  return format_number(duration > 0 ? duration : 0);
}

std::string failure_text(const RunReport& report, StepIndex index, const RenderOptions& options) {
  const FailureBlock block = failure_of_step(report, index, options);
  std::string text;
  for (const FailureBlock::Line& line : block.what) text += std::string(line.label) + ": " + line.text + "\n";
  for (const std::string& line : block.quoted) text += "| " + line + "\n";
  for (const FailureBlock::Line& line : block.next) text += std::string(line.label) + ": " + line.text + "\n";
  return clean_text(text);
}

// What is to be said of a step beside its end, then what it printed.
std::string output_text(const StepReport& step, std::size_t room) {
  std::string text;
  if (step.status == Status::partial || !step.reused_from.empty()) text += step_reason(step) + "\n";
  for (const Retry& retry : step.retries) {
    text += "attempt " + std::to_string(retry.attempt) + " failed (" + std::string(to_string(retry.kind)) +
            "): " + retry.error + "; tried again after " + format_seconds(retry.delay_seconds) + "\n";
  }
  for (const LimitWarning& warning : step.limit_warnings) text += "warning: " + warning.message + "\n";
  for (const std::string& warning : step.result.warnings) text += "warning: " + warning + "\n";
  text = clean_text(text);
  for (const Excerpt& excerpt : excerpts(step, room))
    if (excerpt.label != "stderr") text += excerpt.joined();
  return text;
}

void element(std::string& out, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  out += "      <" + std::string(name) + ">" + markup(text) + "</" + std::string(name) + ">\n";
}

void add_case(std::string& out, const RunReport& report, StepIndex index, const RenderOptions& options,
              std::size_t room) {
  const StepReport& step = report.steps[index];
  out += "    <testcase";
  std::string classname = report.run.mission;
  if (step.parent != k_no_step) classname += "." + report.steps[step.parent].info.id;
  attribute(out, "classname", classname);
  attribute(out, "name", step.info.id);
  attribute(out, "time", seconds(step.reused_from.empty() ? step.duration_seconds : 0));
  out += ">\n";
  switch (Verdict verdict = verdict_of(step)) {
    case Verdict::passed: break;
    case Verdict::skipped: element(out, "skipped", clean_line(step_reason(step), k_longest)); break;
    case Verdict::failure:
    case Verdict::error: {
      const std::string_view name = verdict == Verdict::failure ? "failure" : "error";
      const bool failed = step.ended && step.status == Status::failed;
      out += "      <" + std::string(name);
      attribute(out, "type", failed ? to_string(step.result.kind) : "interrupted");
      attribute(out, "message", failed ? failure_clause(step) : step_reason(step));
      out += ">" + markup(failure_text(report, index, options)) + "</" + std::string(name) + ">\n";
    }
  }
  element(out, "system-out", output_text(step, room));
  for (const Excerpt& excerpt : excerpts(step, room))
    if (excerpt.label == "stderr") element(out, "system-err", excerpt.joined());
  out += "    </testcase>\n";
}

}  // namespace

std::string render_junit(const RunReport& report, const RenderOptions& options) {
  std::size_t tests = report.steps.size(), failures = 0, errors = 0, skipped = 0;
  for (const StepReport& step : report.steps) {
    const Verdict verdict = verdict_of(step);
    failures += verdict == Verdict::failure ? 1 : 0;
    errors += verdict == Verdict::error ? 1 : 0;
    skipped += verdict == Verdict::skipped ? 1 : 0;
  }
  // A run can end badly without a step that did (interrupted between two of them): its suite isn't green.
  const bool bad = report.outcome == RunOutcome::failed || report.outcome == RunOutcome::interrupted;
  const bool run_itself = bad && failures + errors == 0;
  if (run_itself) ++tests, ++errors;

  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  std::string counts = " tests=\"" + std::to_string(tests) + "\" failures=\"" + std::to_string(failures) +
                       "\" errors=\"" + std::to_string(errors) + "\" time=\"" +
                       seconds(report.duration_seconds) + "\"";
  out += "<testsuites";
  attribute(out, "name", report.run.mission);
  out += counts + ">\n  <testsuite";
  attribute(out, "name", report.run.mission);
  out += counts + " skipped=\"" + std::to_string(skipped) + "\"";
  // The schemas know no time zones: UTC.
  attribute(out, "timestamp", format_time(report.started).substr(0, 19));
  out += ">\n    <properties>\n";
  auto property = [&](std::string_view name, std::string_view value) {
    out += "      <property name=\"" + std::string(name) + "\" value=\"" + one_line(value) + "\"/>\n";
  };
  property("run_id", report.run.run_id);
  property("file", report.run.file);
  property("version", report.run.version);
  if (!report.run.continues.empty()) property("continues", report.run.continues);
  property("outcome", outcome_word(report));
  if (!report.running) property("exit_code", std::to_string(static_cast<int>(report.exit_code)));
  if (report.run.risk)
    property("risk", std::to_string(report.run.risk->score) + "/100, " + report.run.risk->verdict);
  out += "    </properties>\n";
  const std::size_t room = excerpt_room(report);
  for (const PlacedStep& placed : in_tree_order(report)) add_case(out, report, placed.step, options, room);
  if (run_itself) {
    out += "    <testcase";
    attribute(out, "classname", report.run.mission);
    out += " name=\"(the run)\" time=\"" + seconds(report.duration_seconds) + "\">\n      <error";
    attribute(out, "type", outcome_word(report));
    attribute(out, "message", outcome_line(report));
    out += ">" + markup(clean_text(render_failure(report, {}))) + "</error>\n    </testcase>\n";
  }
  return out + "  </testsuite>\n</testsuites>\n";
}

}  // namespace rustchain
