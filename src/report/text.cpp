// The summary at the end of a run: a line for each step, the outcome, and last the failure block.
#include "util/text.hpp"

#include "report/lines.hpp"
#include "report/report.hpp"
#include "util/format.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace rustchain {
namespace {

// Beyond so many steps only those are shown that are no plain successes, and of these at most so many.
constexpr std::size_t k_all_shown = 200;
constexpr std::size_t k_most_shown = 50;
constexpr std::size_t k_widest_id = 32;
constexpr std::size_t k_least_shown = 8;  // columns; less of what a step printed helps nobody

// What people want to see of a step that went well: the field of its output with the text that it gave.
struct Shown {
  std::string_view type;
  const char* field;
};
constexpr std::array k_shown = {Shown{"command", "stdout"}, Shown{"llm", "content"},
                                Shown{"read_file", "content"}, Shown{"mission", "name"},
                                Shown{"noop", "message"}};

bool has_warnings(const StepReport& step) {
  return !step.result.warnings.empty() || !step.limit_warnings.empty();
}

bool plain_success(const StepReport& step) {
  return step.ended && step.status == Status::success && !has_warnings(step);
}

// The first line that isn't empty, and how many more there are.
std::string first_line(std::string_view text, bool whole) {
  std::string line;
  std::size_t more = 0;
  bool found = false;
  for (std::string_view piece : split(trim(text), '\n')) {
    if (found)
      ++more;
    else if (!trim(piece).empty()) {
      line = trim(piece);
      found = true;
    }
  }
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

std::string_view icon(const StepReport& step) {
  if (!step.ended) return "⚠";
  switch (step.status) {
    case Status::success: return has_warnings(step) ? "⚠" : "✅";
    case Status::partial: return "⚠";
    case Status::failed: return step.allowed ? "⚠" : "❌";
    case Status::skipped: return "⏭";
    case Status::cancelled: break;
  }
  return step.started ? "⚠" : "⏭";
}

// Of a foreach: how many items it had; of an item: which one it is, too.
std::string given_of(const StepReport& step) {
  std::string said = given(step);
  if (!is_item(step) || said == step.info.name) return said;
  return said.empty() ? step.info.name : step.info.name + ": " + said;
}

// What the line says beside id and time.
std::string reason(const StepReport& step) {
  if (!step.ended) return step.started ? "was running when rustchain itself ended" : "was not started";
  std::string tried = step.attempts > 1 ? " (attempt " + std::to_string(step.attempts) + ")" : "";
  switch (step.status) {
    case Status::success: return given_of(step) + tried;
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

std::string padded(const std::string& text, std::size_t width, bool left) {
  std::size_t has = width_of(text);
  std::string blanks(has < width ? width - has : 0, ' ');
  return left ? text + blanks : blanks + text;
}

// The help of a failure, where nothing else on the screen gives it.
std::string_view help_of(const StepReport& step) {
  return step.ended && step.status == Status::failed ? std::string_view(step.result.help) : "";
}

// `block`: the failure block has more on the step.
void add_step(const StepReport& step, std::size_t id_width, std::size_t indent, bool block,
              const RenderOptions& options, std::string& out) {
  std::string time = step.started ? format_duration(step.duration_seconds) : "-";
  std::size_t used = indent + 3 + id_width + 2 + 7 + 2;
  std::size_t room = options.columns > used ? options.columns - used : 0;
  std::string line = std::string(indent, ' ') + std::string(icon(step));
  // Two columns wide in most terminals, but not all of them.
  if (line.ends_with("⚠") || line.ends_with("⏭")) line += ' ';
  line += ' ' + padded(clean_line(step.info.id, k_widest_id), id_width, true) + "  " + padded(time, 7, false);
  // A reason is worth a second line; what a step printed is not.
  std::string said;
  if (!plain_success(step))
    said = clean_line(reason(step), std::max<std::size_t>(room, 400));
  else if (room >= k_least_shown)
    said = clean_line(reason(step), room);
  if (!said.empty()) line += "  " + (plain_success(step) ? dim(said, options.color) : said);
  out += line + "\n";
  auto warn = [&](std::string_view warning) {
    out += std::string(indent, ' ') +
           "      warning: " + clean_line(warning, std::max<std::size_t>(options.columns, 40) - 15) + "\n";
  };
  for (const LimitWarning& warning : step.limit_warnings) warn(warning.message);
  for (const std::string& warning : step.result.warnings) warn(warning);
  if (std::string killed = killed_words(step, false); !block && !killed.empty())
    out += std::string(indent, ' ') + "      " + killed + "\n";
}

// By what the steps that had limits were held to them.
void add_limits(const RunReport& report, const RenderOptions& options, std::string& out) {
  constexpr std::size_t most = 10;
  for (bool enforced : {true, false}) {
    std::vector<std::string> ids;
    std::size_t count = 0;
    for (const StepReport& step : report.steps) {
      if (!step.ended || !step.limits.any() || step.result.limits_enforced != enforced || ++count > most)
        continue;
      ids.push_back(clean_line(step.info.id, k_widest_id));
    }
    if (count == 0) continue;
    std::string line = enforced ? "Limits enforced by cgroup v2: " : "Limits measured: ";
    line += join(ids, ", ");
    if (count > most) line += " and " + format_count(count - most) + " more";
    out += dim(line, options.color) + "\n";
  }
}

// The lines of the summary: of each step, and below it of its items or of the steps of its mission. What lies
// deeper is told by the line of the one that it belongs to.
class StepLines {
 public:
  StepLines(const RunReport& report, const RenderOptions& options, std::string& out)
      : options_(options), out_(out) {
    for (const StepReport& step : report.steps) {
      if (step.parent == k_no_step)
        top_.push_back(&step);
      else if (report.steps[step.parent].parent == k_no_step)
        children_[&report.steps[step.parent]].push_back(&step);
    }
    // The failure block has the help of the first failure; what was said once helps the others too.
    StepIndex first = report.first_failure();
    if (first == k_no_step) return;
    origin_ = &report.steps[report.origin(first)];
    told_.insert(help_of(*origin_));
    told_.insert(help_of(report.steps[first]));
  }

  void add() { add(top_, 0); }

 private:
  void add(const std::vector<const StepReport*>& steps, std::size_t indent) {
    bool all = steps.size() <= k_all_shown;
    std::vector<const StepReport*> shown;
    std::size_t interesting = 0;
    for (const StepReport* step : steps) {
      if (!all && plain_success(*step)) continue;
      ++interesting;
      if (all || shown.size() < k_most_shown) shown.push_back(step);
    }
    std::size_t id_width = 0;
    for (const StepReport* step : shown)
      id_width = std::max(id_width, width_of(clean_line(step->info.id, k_widest_id)));
    const std::string margin(indent, ' ');
    if (std::size_t plain = steps.size() - interesting; !all && plain > 0)
      out_ += margin + "✅ " + format_count(plain, indent == 0 ? "step" : "item") + " succeeded\n";
    for (const StepReport* step : shown) {
      bool block = step == origin_;
      add_step(*step, id_width, indent, block, options_, out_);
      std::string_view help = help_of(*step);
      if (!help.empty() && told_.insert(help).second)
        out_ += margin + "      help: " + clean_line(help, 2000) + "\n";
      if (auto children = children_.find(step); children != children_.end())
        add(children->second, indent + 3);
    }
    if (shown.size() < interesting) {
      out_ += margin + "   ... and " + format_count(interesting - shown.size()) +
              " more that did not simply succeed; --output json lists all\n";
    }
  }

  const RenderOptions& options_;
  std::string& out_;
  const StepReport* origin_ = nullptr;  // of the first failure
  std::vector<const StepReport*> top_;
  std::unordered_map<const StepReport*, std::vector<const StepReport*>> children_;
  std::unordered_set<std::string_view> told_;
};

std::uint32_t total_of(const RunReport& report) {
  std::uint32_t total = 0;
  for (std::uint32_t count : report.counts) total += count;
  return total;
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

std::string outcome_line(const RunReport& report) {
  std::string time = format_duration(report.duration_seconds);
  std::string total = format_count(total_of(report), "step");
  std::string others;
  switch (report.outcome) {
    case RunOutcome::success:
      others = counted(report, {{Status::skipped, "skipped"}});
      if (!others.empty()) total = format_count(report.count(Status::success), "step") + ", " + others;
      return "✅ Mission completed successfully in " + time + " (" + total + ")";
    case RunOutcome::completed_with_warnings:
      others = counted(report, {{Status::failed, "with continue_on_error failed"},
                                {Status::partial, "partial"},
                                {Status::skipped, "skipped"}});
      return "⚠ Mission completed with warnings in " + time + " (" + total +
             (others.empty() ? "" : ": " + others) + ")";
    case RunOutcome::failed: {
      std::uint32_t failed = 0;
      for (const StepReport& step : report.steps)
        failed += step.parent == k_no_step && step.status == Status::failed && !step.allowed;
      others = counted(report, {{Status::skipped, "skipped"}, {Status::cancelled, "cancelled"}});
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
  std::string done = format_count(report.count(Status::success) + report.count(Status::partial));
  return "⚠ Mission interrupted after " + time + ": " + done + " of " + total + " done" +
         (others.empty() ? "" : ", " + others);
}

}  // namespace

std::string render_summary(const RunReport& report, const RenderOptions& options) {
  std::string out;
  StepLines(report, options, out).add();
  if (!report.steps.empty()) out += "\n";
  add_limits(report, options, out);
  out += bold(outcome_line(report), options.color) + "\n";
  std::string failure = render_failure(report, options);
  if (!failure.empty()) out += "\n" + failure;
  return out;
}

}  // namespace rustchain
