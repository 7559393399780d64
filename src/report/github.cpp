// Workflow commands of GitHub Actions: lines that its log turns into annotations and masks.
#include "report/github.hpp"

#include "mission/render.hpp"
#include "report/lines.hpp"
#include "report/report.hpp"
#include "report/words.hpp"
#include "util/mask.hpp"
#include "util/text.hpp"
#include "util/utf8.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

namespace rustchain {
namespace {

constexpr std::size_t k_longest = 2000;

std::string escape(std::string_view text) {
  std::string safe = replace_all(text, "%", "%25");
  return replace_all(replace_all(safe, "\r", "%0D"), "\n", "%0A");
}
std::string escape_property(std::string_view text) {
  return replace_all(replace_all(escape(visible(text)), ":", "%3A"), ",", "%2C");
}

std::string file_of(const StepReport& step, const RunReport& report, const Sources* sources) {
  std::string place = step_place(step, report, sources);
  place.resize(std::min(place.size(), place.rfind(':')));
  return place;
}

// A step whose own steps or items failed only repeats what they say.
std::unordered_set<StepIndex> repeating(const RunReport& report) {
  std::unordered_set<StepIndex> parents;
  for (const StepReport& step : report.steps)
    if (step.parent != k_no_step && step.status == Status::failed && !step.allowed)
      parents.insert(step.parent);
  return parents;
}

}  // namespace

std::string render_annotations(std::vector<Annotation> all) {
  std::stable_sort(all.begin(), all.end(), [](const Annotation& a, const Annotation& b) {
    return static_cast<int>(a.severity) > static_cast<int>(b.severity);
  });
  if (all.size() > k_most_annotations) all.resize(k_most_annotations);
  constexpr std::array words = {"notice", "warning", "error"};
  std::string text;
  for (const Annotation& one : all) {
    text += "::" + std::string(words[static_cast<std::size_t>(one.severity)]) + " ";
    std::string_view file = one.file;
    if (file.starts_with("./")) file.remove_prefix(2);
    // Standard input is no file of the repository.
    if (!file.empty() && file != "-" && !file.starts_with('<')) {
      text += "file=" + escape_property(file) + ",";
      if (one.line > 0) text += "line=" + std::to_string(one.line) + ",";
      if (one.line > 0 && one.column > 0) text += "col=" + std::to_string(one.column) + ",";
    }
    text += "title=" + escape_property(one.title) +
            "::" + escape(visible_lines(utf8_prefix(one.message, k_longest))) + "\n";
  }
  return text;
}

std::string render_masks(std::span<const std::string> values) {
  std::string text;
  for (const std::string& value : values)
    for (std::string_view line : split(value, '\n'))
      if (Mask::can_mask(trim(line))) text += "::add-mask::" + escape(trim(line)) + "\n";
  return text;
}

std::string render_github(const RunReport& report, const RenderOptions& options) {
  std::vector<std::pair<std::uint32_t, Annotation>> all;  // with the order in which the steps ended
  const std::unordered_set<StepIndex> parents = repeating(report);
  for (StepIndex i = 0; i < report.steps.size(); ++i) {
    const StepReport& step = report.steps[i];
    Annotation one;
    one.file = file_of(step, report, options.sources);
    one.line = step.info.at.line;
    if (options.sources && step.info.file.empty() && step.info.at.file < options.sources->size())
      one.column = column_in_characters(step.info.at, *options.sources);
    if (step.ended && step.status == Status::failed && !parents.contains(i)) {
      one.severity = step.allowed ? Severity::warning : Severity::error;
      one.title = step.info.id + " failed";
      one.message = failure_clause(step);
      if (!step.result.help.empty()) one.message += "\n" + step.result.help;
      for (const std::string& line : step.result.details) one.message += "\n| " + line;
    } else if (step.started && !step.pending && (!step.ended || step.status == Status::cancelled)) {
      one.title = step.info.id + " was interrupted";
      one.message = step_reason(step);
    } else if (step.ended && (step.status == Status::partial || has_warnings(step))) {
      one.severity = Severity::warning;
      one.title = step.info.id;
      if (step.status == Status::partial) one.message = step_reason(step);
      for (const LimitWarning& warning : step.limit_warnings)
        one.message += (one.message.empty() ? "" : "\n") + warning.message;
      for (const std::string& warning : step.result.warnings)
        one.message += (one.message.empty() ? "" : "\n") + warning;
    } else {
      continue;
    }
    one.message = clean_text(one.message);
    all.emplace_back(step.ended_as, std::move(one));
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Annotation> list;
  const bool bad =
      !report.running && (report.outcome == RunOutcome::failed || report.outcome == RunOutcome::interrupted);
  if (bad && std::none_of(all.begin(), all.end(),
                          [](const auto& one) { return one.second.severity == Severity::error; }))
    list.push_back({Severity::error, {}, 0, 0, report.run.mission, clean_text(outcome_line(report))});
  for (auto& [order, one] : all) list.push_back(std::move(one));
  return render_annotations(std::move(list));
}

}  // namespace rustchain
