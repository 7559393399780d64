// The failure block: what failed, where, why, what was skipped because of it, what to type next.
#include "report/failure.hpp"

#include "report/lines.hpp"
#include "util/format.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace rustchain {
namespace {

constexpr std::size_t k_most_named = 10;
constexpr std::size_t k_most_details = 10;

constexpr std::size_t k_long = 2000;

std::string named(const std::vector<std::string>& ids) {
  std::vector<std::string> first(
      ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(std::min(ids.size(), k_most_named)));
  std::string text = join(first, ", ");
  if (ids.size() > first.size()) text += " and " + format_count(ids.size() - first.size()) + " more";
  return text;
}

std::string_view work_label(const std::string& type) {
  if (type == "command") return "Command";
  if (type == "http" || type == "llm") return "Request";
  if (type == "mission") return "Mission";
  return "Path";
}

bool is_shown(Hint::Kind kind, const ErrorHandling& hints) {
  switch (kind) {
    case Hint::Kind::alternative: return hints.suggest_alternatives;
    case Hint::Kind::command: return hints.provide_command_optimizations;
    case Hint::Kind::mission: break;
  }
  return hints.offer_mission_restructuring;
}

// What is known of the step beside its error.
std::string context(const StepReport& step) {
  std::vector<std::string> facts;
  if (step.attempts > 1)
    facts.push_back("it was tried " + format_count(step.attempts) + " times in " +
                    format_duration(step.duration_seconds));
  facts.insert(facts.end(), step.result.facts.begin(), step.result.facts.end());
  return join(facts, "; ");
}

std::vector<std::string> files_of(const StepReport& step, const RunReport& report) {
  std::vector<std::string> files;
  for (const std::string* file : {&step.result.stdout_file, &step.result.stderr_file})
    if (!file->empty()) files.push_back(clean_line(short_path(*file, report), 1000));
  return files;
}

void add(std::vector<FailureBlock::Line>& lines, std::string_view label, std::string text) {
  if (!trim(text).empty()) lines.push_back({label, std::move(text)});
}

// The text goes on below its own beginning.
void write(std::string& out, const FailureBlock::Line& line) {
  std::string head = "   " + std::string(line.label) + ": ";
  for (std::string_view piece : split(trim(line.text), '\n')) {
    out += head + clean_line(piece, k_long) + "\n";
    head = "     ";
  }
}

}  // namespace

FailureBlock failure_of_step(const RunReport& report, StepIndex index, const RenderOptions& options) {
  const StepReport& step = report.steps[index];
  FailureBlock block;
  // "verify timed out after 60 s" is a sentence; "verify exit code 2" is none.
  bool sentence = step.result.kind == FailureKind::timeout && !step.result.error.empty();
  block.headline = step.info.id + (sentence ? " " : " failed: ") + failure_clause(step);
  add(block.what, "Step", step_place(step, report, options.sources));
  add(block.what, work_label(step.info.type), step.what);
  add(block.what, "Context", context(step));
  add(block.what, "Suggestion",
      step.result.help.empty() ? std::string(describe(step.result.kind).cure) : step.result.help);
  add(block.what, "Processes", killed_words(step, true));
  const std::vector<std::string>& details = step.result.details;
  block.quoted.assign(details.end() - static_cast<std::ptrdiff_t>(std::min(details.size(), k_most_details)),
                      details.end());
  add(block.next, "Log", join(files_of(step, report), ", "));
  return block;
}

FailureBlock failure_of_run(const RunReport& report, const RenderOptions& options) {
  StepIndex first = report.first_failure();
  FailureBlock block;
  if (first == k_no_step) {
    // A run that didn't start: no step failed, and still it did.
    if (report.size_limit.empty()) return block;
    add(block.what, "Context", report.size_limit);
    add(block.what, "Suggestion", "delete what isn't needed there, or raise working_directory_size_limit");
    return block;
  }
  const StepIndex origin = report.origin(first);
  block = failure_of_step(report, origin, options);
  std::unordered_set<StepIndex> way;  // from the step down to where it began
  for (StepIndex i = origin; i != k_no_step; i = report.steps[i].parent) way.insert(i);

  std::vector<std::string> skipped;
  std::vector<std::string> analyses;
  std::vector<std::string> failed_too;
  for (StepIndex i = 0; i < report.steps.size(); ++i) {
    const StepReport& other = report.steps[i];
    if (other.cause != k_no_step && way.contains(other.cause) && !other.started)
      skipped.push_back(other.info.id);
    bool works_on_results = other.info.type == "llm" || other.info.type == "create_file";
    if (other.cause != k_no_step && other.status == Status::skipped && works_on_results)
      analyses.push_back(other.info.id);
    bool beside = other.parent == k_no_step || other.parent == first;
    if (beside && !way.contains(i) && other.status == Status::failed && !other.allowed)
      failed_too.push_back(other.info.id);
  }

  add(block.next, "Skipped because of it", named(skipped));
  add(block.next, "Failed too", named(failed_too));
  for (const Hint& hint : report.steps[origin].result.hints)
    if (is_shown(hint.kind, report.run.hints)) add(block.next, "Alternative", hint.text);
  if (!analyses.empty() && is_shown(Hint::Kind::mission, report.run.hints)) {
    add(block.next, "Alternative",
        "dependency_strategy: best_effort lets " + analyses.front() + " work on what is there");
  }
  if (report.running) return block;
  if (!report.run.again.empty())
    add(block.next, "Next", report.run.again);
  else if (!report.run.file.empty() && report.run.file != "-" && report.run.file.front() != '<')
    add(block.next, "Next", "rustchain run " + shell_quote(report.run.file));
  return block;
}

std::string render_failure(const RunReport& report, const RenderOptions& options) {
  const FailureBlock block = failure_of_run(report, options);
  std::string out;
  if (!block.headline.empty()) out += red(clean_line("❌ " + block.headline, k_long), options.color) + "\n";
  for (const FailureBlock::Line& line : block.what) write(out, line);
  for (const std::string& line : block.quoted)
    out += dim("   | " + clean_line(line, std::max(options.columns, 60u) - 5), options.color) + "\n";
  for (const FailureBlock::Line& line : block.next) write(out, line);
  return out;
}

}  // namespace rustchain
