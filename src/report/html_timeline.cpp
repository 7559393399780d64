// The timeline of the HTML report.
#include "report/html_parts.hpp"
#include "report/lines.hpp"
#include "report/markup.hpp"
#include "report/words.hpp"
#include "util/format.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace rustchain {
namespace {

constexpr std::size_t k_most_rows = 250;
constexpr double k_label = 230;   // pixels
constexpr double k_chart = 750;   // from there on
constexpr double k_margin = 100;  // for the times at the right
constexpr double k_row = 24;
constexpr double k_top = 26;

std::string px(double number) {
  return format_number(std::round(number * 10) / 10);
}

// A round time, so that there are at most eight of it: 1, 2 or 5 times a power of ten below a minute, and of
// minutes and hours what a clock shows.
double tick_of(double seconds) {
  const double least = seconds / 8;
  for (double tick : {10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0,
                      43200.0, 86400.0})
    if (least > 5 && least <= tick) return tick;
  double tick = std::pow(10, std::floor(std::log10(least)));
  for (double factor : {1.0, 2.0, 5.0})
    if (least <= tick * factor) return tick * factor;
  return tick * 10;
}

class Timeline {
 public:
  Timeline(const RunReport& report, double seconds) : report_(report), scale_(k_chart / seconds) {}

  void axis(std::string& out, double seconds, double height) const {
    const double tick = tick_of(seconds);
    for (int i = 0; i * tick <= seconds; ++i) {
      const std::string x = px(k_label + i * tick * scale_);
      out += "<line class=\"grid\" x1=\"" + x + "\" x2=\"" + x + "\" y1=\"" + px(k_top - 6) + "\" y2=\"" +
             px(height) + "\"/><text class=\"tick\" x=\"" + x + "\" y=\"14\">" +
             (i == 0 ? "0" : format_duration(i * tick)) + "</text>";
    }
    out += '\n';
  }

  void row(std::string& out, const PlacedStep& placed, double y) const {
    const StepReport& step = report_.steps[placed.step];
    const double begin = after_start(step.started_at);
    const double end = begin + step.duration_seconds;
    const std::string name = clean_line(step.info.id, 80);
    const std::string time = format_duration(step.duration_seconds);
    out += "<a href=\"#" + html_anchor(placed.step) + "\" class=\"" + std::string(html_mark(step)) +
           "\"><title>" + markup(name) + ": " + std::string(html_mark_words(step)) + ", " + time + ", from " +
           format_duration(begin) + " on</title><rect class=\"row\" y=\"" + px(y) + "\" width=\"" +
           px(k_label + k_chart + k_margin) + "\" height=\"" + px(k_row) + "\"/>";
    const double indent = 12.0 * std::min(placed.depth, 6u);
    out += "<text x=\"" + px(4 + indent) + "\" y=\"" + px(y + 16) + "\">" +
           markup(clean_line(step.info.id, static_cast<std::size_t>(31 - indent / 7))) + "</text>";
    double from = begin;
    for (const Retry& retry : step.retries) {
      const double ended = std::max(from, after_start(retry.ended));
      bar(out, "bar retried", from, ended, y);
      const std::string middle = px(y + k_row / 2);
      from = ended + retry.delay_seconds;
      out += "<line class=\"wait\" x1=\"" + px(x(ended)) + "\" x2=\"" + px(x(std::min(from, end))) +
             "\" y1=\"" + middle + "\" y2=\"" + middle + "\"/>";
    }
    bar(out, "bar", std::min(from, end), end, y);
    out += "<text class=\"time\" x=\"" + px(std::max(x(end), x(begin) + 2) + 6) + "\" y=\"" + px(y + 16) +
           "\">" + time + "</text></a>\n";
  }

 private:
  double after_start(WallTime at) const { return std::max(0.0, Seconds(at - report_.started).count()); }
  double x(double seconds) const { return k_label + std::min(seconds * scale_, k_chart); }
  void bar(std::string& out, std::string_view what, double from, double to, double y) const {
    out += "<rect class=\"" + std::string(what) + "\" x=\"" + px(x(from)) + "\" y=\"" + px(y + 5) +
           "\" width=\"" + px(std::max(2.0, x(to) - x(from))) + "\" height=\"" + px(k_row - 10) +
           "\" rx=\"2\"/>";
  }

  const RunReport& report_;
  double scale_;  // pixels of a second
};

}  // namespace

std::string html_timeline(const RunReport& report) {
  std::vector<PlacedStep> rows;
  double seconds = report.duration_seconds;
  for (const PlacedStep& placed : in_tree_order(report)) {
    const StepReport& step = report.steps[placed.step];
    if (!step.started) continue;
    rows.push_back(placed);
    seconds = std::max(seconds, Seconds(step.started_at - report.started).count() + step.duration_seconds);
  }
  if (rows.empty() || !(seconds > 0)) return {};
  const std::size_t ran = rows.size();
  std::string note;
  if (ran > k_most_rows) {
    auto shorter = [&](const PlacedStep& a, const PlacedStep& b) {
      return report.steps[a.step].duration_seconds < report.steps[b.step].duration_seconds;
    };
    // The longest ones, in the order of the mission.
    std::vector<PlacedStep> longest = rows;
    std::stable_sort(longest.begin(), longest.end(),
                     [&](const PlacedStep& a, const PlacedStep& b) { return shorter(b, a); });
    std::vector<bool> kept(report.steps.size(), false);
    for (std::size_t i = 0; i < k_most_rows; ++i) kept[longest[i].step] = true;
    std::erase_if(rows, [&](const PlacedStep& placed) { return !kept[placed.step]; });
    note = "<p class=\"note\">The " + format_count(k_most_rows) + " longest of " + format_count(ran, "step") +
           " that ran.</p>\n";
  }
  const double height = k_top + k_row * static_cast<double>(rows.size()) + 4;
  const double width = k_label + k_chart + k_margin;
  std::string out = "<section aria-labelledby=\"h-time\">\n<h2 id=\"h-time\">Timeline</h2>\n" + note;
  out +=
      "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Timeline of the steps that ran\">\n";
  out += "<svg class=\"timeline\" width=\"" + px(width) + "\" height=\"" + px(height) + "\" viewBox=\"0 0 " +
         px(width) + " " + px(height) + "\" aria-hidden=\"false\">\n";
  Timeline timeline(report, seconds);
  timeline.axis(out, seconds, height);
  double y = k_top;
  for (const PlacedStep& placed : rows) {
    timeline.row(out, placed, y);
    y += k_row;
  }
  return out + "</svg>\n</div>\n</section>\n";
}

}  // namespace rustchain
