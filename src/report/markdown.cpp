// Markdown as GitHub and GitLab read it: for a job's summary, a comment, a wiki. Bounded: at most k_most_rows
// rows and the outputs of the first failures, so it stays below 1 MiB whatever the run was.
#include "report/excerpt.hpp"
#include "report/failure.hpp"
#include "report/lines.hpp"
#include "report/markup.hpp"
#include "report/report.hpp"
#include "report/words.hpp"
#include "util/format.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <vector>

namespace rustchain {
namespace {

constexpr std::size_t k_most_rows = 300;
constexpr std::size_t k_most_outputs = 10;
constexpr std::size_t k_output_room = 8 << 10;
constexpr std::size_t k_widest = 300;

// Text that is no Markdown, in a line of its own or a table's cell.
std::string plain(std::string_view text, std::size_t width = k_widest) {
  std::string safe;
  const std::string line = clean_line(trim(text), width);
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '<' || c == '>' || c == '&' || c == '@') {
      // Also keeps a name from being mentioned.
      safe += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : "&#64;";
      continue;
    }
    // A bare address stays text, too.
    const bool address = c == ':' && line.compare(i, 3, "://") == 0;
    if (address || std::string_view("\\`*_[]#|~$").find(c) != std::string_view::npos) safe += '\\';
    safe += c;
  }
  if (!safe.empty() && (safe[0] == '-' || safe[0] == '+' || safe[0] == '=')) safe.insert(0, 1, '\\');
  return safe;
}

// Text as code within a line: the fence is longer than any run of backticks in it.
std::string code(std::string_view text, std::size_t width = k_widest) {
  const std::string line = clean_line(trim(text), width);
  if (line.empty()) return {};
  std::size_t longest = 0, run = 0;
  for (char c : line) longest = std::max(longest, run = c == '`' ? run + 1 : 0);
  const std::string fence(longest + 1, '`');
  const std::string_view blank = line.front() == '`' || line.back() == '`' ? " " : "";
  return fence + std::string(blank) + line + std::string(blank) + fence;
}

std::string fenced(std::string_view text) {
  std::size_t longest = 0, run = 0;
  for (char c : text) longest = std::max(longest, run = c == '`' ? run + 1 : 0);
  const std::string fence(std::max<std::size_t>(3, longest + 1), '`');
  return fence + "text\n" + std::string(text) + (text.ends_with('\n') ? "" : "\n") + fence + "\n";
}

// In a table a bar ends the cell, even within code.
std::string in_cell(const std::string& text) {
  return replace_all(text, "|", "\\|");
}

void add_failure(std::string& out, const RunReport& report, const RenderOptions& options) {
  const FailureBlock block = failure_of_run(report, options);
  if (block.empty()) return;
  if (!block.headline.empty()) out += "### " + plain(block.headline, 1000) + "\n\n";
  auto add = [&](const std::vector<FailureBlock::Line>& lines) {
    for (const FailureBlock::Line& line : lines) {
      const bool is_code = line.label == "Command" || line.label == "Next" || line.label == "Step" ||
                           line.label == "Request" || line.label == "Path";
      const bool several = trim(line.text).find('\n') != std::string_view::npos;
      out += "- **" + std::string(line.label) + ":** ";
      if (is_code && !several) {
        out += code(line.text, 2000) + "\n";
      } else {
        // A list item goes on as long as its lines are indented.
        std::string text;
        for (std::string_view piece : split(trim(line.text), '\n'))
          text += (text.empty() ? "" : "<br>") + (is_code ? code(piece, 1000) : plain(piece, 1000));
        out += text + "\n";
      }
    }
  };
  add(block.what);
  if (!block.quoted.empty()) {
    std::string quoted;
    for (const std::string& line : block.quoted) quoted += clean_line(line, 1000) + "\n";
    out += "\n" + fenced(quoted) + "\n";
  }
  add(block.next);
  out += "\n";
}

void add_table(std::string& out, const RunReport& report) {
  const bool all = report.steps.size() <= k_most_rows;
  std::size_t rows = 0, left_out = 0;
  out += "| | step | time | |\n|---|---|---:|---|\n";
  for (const auto& [index, depth] : in_tree_order(report)) {
    const StepReport& step = report.steps[index];
    if (!all && plain_success(step)) continue;
    if (rows == k_most_rows) {
      ++left_out;
      continue;
    }
    ++rows;
    std::string indent;
    for (std::uint32_t i = 0; i < std::min(depth, 10u); ++i) indent += "&nbsp;&nbsp;";
    const bool printed = plain_success(step) && step.reused_from.empty();
    std::string said = printed ? code(step_reason(step), 120) : plain(step_reason(step));
    for (const LimitWarning& warning : step.limit_warnings) said += "<br>warning: " + plain(warning.message);
    for (const std::string& warning : step.result.warnings) said += "<br>warning: " + plain(warning);
    if (printed) said = in_cell(said);
    out += "| " + std::string(icon(step)) + " | " + indent + in_cell(code(step.info.id, 100)) + " | " +
           (step.started ? format_duration(step.duration_seconds) : "-") + " | " + said + " |\n";
  }
  out += "\n";
  if (!all) {
    const auto plain_ones =
        static_cast<std::size_t>(std::count_if(report.steps.begin(), report.steps.end(), plain_success));
    out += format_count(plain_ones, "step") + " more succeeded.";
    if (left_out > 0) out += " " + format_count(left_out, "step") + " more did not simply succeed.";
    out += "\n\n";
  }
}

void add_outputs(std::string& out, const RunReport& report) {
  std::size_t shown = 0;
  for (const StepReport& step : report.steps) {
    if (!step.ended || step.status != Status::failed) continue;
    const std::vector<Excerpt> texts = excerpts(step, k_output_room);
    if (texts.empty()) continue;
    if (++shown > k_most_outputs) return;
    out += "<details><summary>Output of " + markup(clean_line(step.info.id, 100)) + "</summary>\n\n";
    for (const Excerpt& text : texts) out += std::string(text.label) + ":\n\n" + fenced(text.joined()) + "\n";
    out += "</details>\n\n";
  }
}

}  // namespace

std::string render_markdown(const RunReport& report, const RenderOptions& options) {
  std::string out = "## " + plain(report.run.mission) + "\n\n" + plain(outcome_line(report), 1000) + "\n\n";
  add_failure(out, report, options);
  add_table(out, report);
  add_outputs(out, report);
  out += "Run " + code(report.run.run_id) + " of " + code(report.run.file) + ", started " +
         plain(format_time(report.started).substr(0, 19)) + "Z";
  if (!report.run.continues.empty()) out += ", continues " + code(report.run.continues);
  if (!report.running) out += ", exit code " + std::to_string(static_cast<int>(report.exit_code));
  if (report.run.risk) out += ", risk " + std::to_string(report.run.risk->score) + "/100";
  return out + "\n";
}

}  // namespace rustchain
