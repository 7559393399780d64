// What became of steps and runs, in the words that all formats for people share.
#include "report/words.hpp"

#include "report/lines.hpp"
#include "util/format.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace rustchain {
namespace {

// What people want to see of a step that went well: the field of its output with the text that it gave.
struct Shown {
  std::string_view type;
  const char* field;
};
constexpr std::array k_shown = {Shown{"command", "stdout"}, Shown{"llm", "content"},
                                Shown{"read_file", "content"}, Shown{"mission", "name"},
                                Shown{"noop", "message"}};

// The first line that isn't empty, and how many more there are.
std::string first_line(std::string_view text, bool whole) {
  text = trim(text);
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string line(trim(text.substr(0, end)));
  const auto more =
      static_cast<std::size_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(end), text.end(), '\n'));
  if (more > 0) line += whole ? " (+" + format_count(more, "line") + ")" : " (and more)";
  return line;
}

std::string given(const StepReport& step) {
  for (const Shown& row : k_shown) {
    if (row.type != step.info.type) continue;
    const Json& output = step.result.output;
    auto field = output.is_object() ? output.find(row.field) : output.end();
    if (field == output.end() || !field->is_string())
      return row.type == "noop" ? step.what : std::string();  // of a foreach: how many items
    return first_line(field->get_ref<const std::string&>(), !output.value("truncated", false));
  }
  return step.what;
}

bool is_item(const StepReport& step) {
  return step.parent != k_no_step && step.info.id.ends_with(']');
}

// Of a foreach: how many items it had; of an item: which one it is, too.
std::string given_of(const StepReport& step) {
  std::string said = given(step);
  if (!is_item(step) || said == step.info.name) return said;
  return said.empty() ? step.info.name : step.info.name + ": " + said;
}

std::size_t total_of(const RunReport& report) {
  return static_cast<std::size_t>(
      std::count_if(report.steps.begin(), report.steps.end(),
                    [](const StepReport& step) { return step.parent == k_no_step; }));
}

std::string counted(const RunReport& report,
                    std::initializer_list<std::pair<Status, std::string_view>> rows) {
  std::string list;
  for (const auto& [status, word] : rows) {
    if (report.count(status) == 0) continue;
    if (!list.empty()) list += ", ";
    list += format_count(report.count(status)) + " " + std::string(word);
  }
  return list;
}

// An answer of a model that passed its check only when it was asked again.
std::string repaired(const StepReport& step) {
  const Json& output = step.result.output;
  auto found = output.is_object() ? output.find("repairs") : output.end();
  if (found == output.end() || !found->is_number_unsigned() || *found == 0) return {};
  return " (after " + format_count(found->get<std::uint64_t>(), "repair") + ")";
}

}  // namespace

bool has_warnings(const StepReport& step) {
  return !step.result.warnings.empty() || !step.limit_warnings.empty();
}

bool plain_success(const StepReport& step) {
  return step.ended && step.status == Status::success && !has_warnings(step);
}

std::string_view icon(const StepReport& step) {
  if (step.pending) return "⏳";
  if (!step.ended) return "⚠";
  if (!step.reused_from.empty()) return "♻";
  switch (step.status) {
    case Status::success: return has_warnings(step) ? "⚠" : "✅";
    case Status::partial: return "⚠";
    case Status::failed: return step.allowed ? "⚠" : "❌";
    case Status::skipped: return "⏭";
    case Status::cancelled: break;
  }
  return step.started ? "⚠" : "⏭";
}

std::string step_reason(const StepReport& step) {
  if (step.pending) return step.started ? "is still running" : "has not started yet";
  if (!step.ended) return step.started ? "was running when the record ended" : "was not started";
  if (!step.reused_from.empty()) return "reused from " + step.reused_from;
  std::string tried = step.attempts > 1 ? " (attempt " + std::to_string(step.attempts) + ")" : "";
  switch (step.status) {
    case Status::success: return given_of(step) + repaired(step) + tried;
    case Status::partial: {
      std::string said = step.result.error.empty() ? given_of(step) : step.result.error;
      return "partial" + tried + (said.empty() ? "" : ": " + said);
    }
    case Status::failed:
      return (is_item(step) ? step.info.name + ": " : "") +
             (step.allowed ? "failed (continue_on_error): " : "") + failure_clause(step) + tried;
    case Status::skipped: return "skipped: " + step.reason;
    case Status::cancelled: break;
  }
  return step.started ? failure_clause(step) : "not started: " + step.reason;
}

std::vector<PlacedStep> in_tree_order(const RunReport& report) {
  std::vector<std::vector<StepIndex>> within(report.steps.size());
  std::vector<PlacedStep> left;  // the next one last
  for (StepIndex i = 0; i < report.steps.size(); ++i) {
    const StepIndex parent = report.steps[i].parent;
    if (parent == k_no_step)
      left.push_back({i, 0});
    else
      within[parent].push_back(i);
  }
  std::reverse(left.begin(), left.end());
  std::vector<PlacedStep> placed;
  placed.reserve(report.steps.size());
  while (!left.empty()) {
    const PlacedStep one = left.back();
    left.pop_back();
    placed.push_back(one);
    const std::vector<StepIndex>& inner = within[one.step];
    for (auto it = inner.rbegin(); it != inner.rend(); ++it) left.push_back({*it, one.depth + 1});
  }
  return placed;
}

std::string_view status_word(const StepReport& step) {
  if (step.pending) return step.started ? "running" : "waiting";
  return to_string(step.status);
}

std::string_view outcome_word(const RunReport& report) {
  return report.running ? "running" : to_string(report.outcome);
}

std::string outcome_line(const RunReport& report) {
  std::string time = format_duration(report.duration_seconds);
  const std::string reused = report.reused > 0 ? ", " + format_count(report.reused) + " of them reused" : "";
  std::string total = format_count(total_of(report), "step");
  std::string done = format_count(report.count(Status::success) + report.count(Status::partial));
  std::string others;
  if (report.running) {
    others = counted(report, {{Status::failed, "failed"}, {Status::skipped, "skipped"}});
    return "⏳ Mission is still running after " + time + ": " + done + " of " + total + " done" + reused +
           (others.empty() ? "" : ", " + others);
  }
  switch (report.outcome) {
    case RunOutcome::success:
      others = counted(report, {{Status::skipped, "skipped"}});
      if (!others.empty()) total = format_count(report.count(Status::success), "step") + ", " + others;
      return "✅ Mission completed successfully in " + time + " (" + total + reused + ")";
    case RunOutcome::completed_with_warnings:
      others = counted(report, {{Status::failed, "with continue_on_error failed"},
                                {Status::partial, "partial"},
                                {Status::skipped, "skipped"}});
      return "⚠ Mission completed with warnings in " + time + " (" + total + reused +
             (others.empty() ? "" : ": " + others) + ")";
    case RunOutcome::failed: {
      std::uint32_t failed = 0;
      for (const StepReport& step : report.steps)
        failed += step.parent == k_no_step && step.status == Status::failed && !step.allowed;
      others = counted(report, {{Status::skipped, "skipped"}, {Status::cancelled, "cancelled"}});
      if (report.reused > 0) others += (others.empty() ? "" : ", ") + format_count(report.reused) + " reused";
      if (std::uint32_t allowed = report.count(Status::failed) - failed; allowed > 0)
        others += (others.empty() ? "" : ", ") + format_count(allowed) + " with continue_on_error failed";
      std::string what =
          format_count(failed) + " of " + total + " failed" + (others.empty() ? "" : ", " + others);
      if (report.time_limit) what = "the run reached its time limit; " + what;
      if (!report.size_limit.empty()) what = "the working directory is too large; " + what;
      return "❌ Mission failed: " + what + " (" + time + ")";
    }
    case RunOutcome::interrupted: break;
  }
  others = counted(
      report, {{Status::failed, "failed"}, {Status::skipped, "skipped"}, {Status::cancelled, "cancelled"}});
  return "⚠ Mission interrupted after " + time + ": " + done + " of " + total + " done" + reused +
         (others.empty() ? "" : ", " + others);
}

}  // namespace rustchain
