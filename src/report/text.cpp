// The summary at the end of a run: a line for each step, the outcome, and last the failure block.
#include "util/text.hpp"

#include "report/lines.hpp"
#include "report/report.hpp"
#include "report/words.hpp"
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
  std::string time = step.started && step.reused_from.empty() ? format_duration(step.duration_seconds) : "-";
  std::size_t used = indent + 3 + id_width + 2 + 7 + 2;
  std::size_t room = options.columns > used ? options.columns - used : 0;
  std::string line = std::string(indent, ' ') + std::string(icon(step));
  // Two columns wide in most terminals, but not all of them.
  if (line.ends_with("⚠") || line.ends_with("⏭") || line.ends_with("♻")) line += ' ';
  line += ' ' + padded(clean_line(step.info.id, k_widest_id), id_width, true) + "  " + padded(time, 7, false);
  // A reason is worth a second line; what a step printed is not.
  std::string said;
  if (!plain_success(step))
    said = clean_line(step_reason(step), std::max<std::size_t>(room, 400));
  else if (room >= k_least_shown)
    said = clean_line(step_reason(step), room);
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

}  // namespace

std::string render_summary(const RunReport& report, const RenderOptions& options) {
  std::string out;
  StepLines(report, options, out).add();
  if (!report.steps.empty()) out += "\n";
  add_limits(report, options, out);
  out += bold(outcome_line(report), options.color) + "\n";
  std::string failure = render_failure(report, options);
  if (failure.empty() && !report.running && report.outcome == RunOutcome::interrupted &&
      !report.run.again.empty())
    out += "   Next: " + clean_line(report.run.again, 2000) + "\n";
  if (!failure.empty()) out += "\n" + failure;
  return out;
}

}  // namespace rustchain
