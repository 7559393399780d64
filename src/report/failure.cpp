// The failure block: what failed, where, why, what was skipped because of it, what to type next.
#include "report/lines.hpp"
#include "report/report.hpp"
#include "util/format.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <unordered_set>

namespace rustchain {
namespace {

constexpr std::size_t k_most_named = 10;
constexpr std::size_t k_most_details = 10;

class Block {
 public:
  explicit Block(const RenderOptions& options) : options_(options) {}

  void headline(const StepReport& step) {
    // "verify timed out after 60 s" is a sentence; "verify exit code 2" is none.
    bool sentence = step.result.kind == FailureKind::timeout && !step.result.error.empty();
    std::string text = "❌ " + step.info.id + (sentence ? " " : " failed: ") + failure_clause(step);
    out_ += red(clean_line(text, k_long), options_.color) + "\n";
  }

  void line(std::string_view label, std::string_view text) {
    if (text.empty()) return;
    // The text goes on below its own beginning.
    std::string indent(3, ' ');
    std::string head = indent + std::string(label) + ": ";
    for (std::string_view piece : split(trim(text), '\n')) {
      out_ += head + clean_line(piece, k_long) + "\n";
      head = indent + "  ";
    }
  }

  void quoted(const std::vector<std::string>& lines) {
    std::size_t from = lines.size() > k_most_details ? lines.size() - k_most_details : 0;
    for (std::size_t i = from; i < lines.size(); ++i)
      out_ += dim("   | " + clean_line(lines[i], std::max(options_.columns, 60u) - 5), options_.color) + "\n";
  }

  void names(std::string_view label, const std::vector<std::string>& ids) {
    if (ids.empty()) return;
    std::vector<std::string> first(
        ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(std::min(ids.size(), k_most_named)));
    std::string text = join(first, ", ");
    if (ids.size() > first.size()) text += " and " + format_count(ids.size() - first.size()) + " more";
    line(label, text);
  }

  std::string take() { return std::move(out_); }

 private:
  static constexpr std::size_t k_long = 2000;

  const RenderOptions& options_;
  std::string out_;
};

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

// A run that didn't start: no step failed, and still it did.
std::string render_refusal(const RunReport& report, const RenderOptions& options) {
  if (report.size_limit.empty()) return {};
  Block block(options);
  block.line("Context", report.size_limit);
  block.line("Suggestion", "delete what isn't needed there, or raise working_directory_size_limit");
  return block.take();
}

std::vector<std::string> files_of(const StepReport& step, const RunReport& report) {
  std::vector<std::string> files;
  for (const std::string* file : {&step.result.stdout_file, &step.result.stderr_file})
    if (!file->empty()) files.push_back(clean_line(short_path(*file, report), 1000));
  return files;
}

}  // namespace

std::string render_failure(const RunReport& report, const RenderOptions& options) {
  StepIndex first = report.first_failure();
  if (first == k_no_step) return render_refusal(report, options);
  const StepIndex origin = report.origin(first);
  const StepReport& step = report.steps[origin];
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

  Block block(options);
  block.headline(step);
  block.line("Step", step_place(step, report, options.sources));
  block.line(work_label(step.info.type), step.what);
  block.line("Context", context(step));
  block.line("Suggestion", step.result.help.empty() ? describe(step.result.kind).cure : step.result.help);
  block.line("Processes", killed_words(step, true));
  block.quoted(step.result.details);
  block.line("Log", join(files_of(step, report), ", "));
  block.names("Skipped because of it", skipped);
  block.names("Failed too", failed_too);
  for (const Hint& hint : step.result.hints)
    if (is_shown(hint.kind, report.run.hints)) block.line("Alternative", hint.text);
  if (!analyses.empty() && is_shown(Hint::Kind::mission, report.run.hints)) {
    block.line("Alternative",
               "dependency_strategy: best_effort lets " + analyses.front() + " work on what is there");
  }
  if (!report.run.file.empty() && report.run.file != "-" && report.run.file.front() != '<')
    block.line("Next", "rustchain run " + shell_quote(report.run.file));
  return block.take();
}

}  // namespace rustchain
