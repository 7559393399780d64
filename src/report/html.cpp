// The HTML report: one file that needs nothing else and reaches nothing else. Whatever the run gave goes
// through markup(), and a policy allows this style and this script alone.
#include "rustchain/version.hpp"

#include "report/excerpt.hpp"
#include "report/failure.hpp"
#include "report/html_parts.hpp"
#include "report/lines.hpp"
#include "report/markup.hpp"
#include "report/report.hpp"
#include "report/words.hpp"
#include "util/base64.hpp"
#include "util/format.hpp"
#include "util/sha256.hpp"
#include "util/text.hpp"
#include "util/utf8.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>
#include <vector>

namespace rustchain {
namespace {

constexpr std::size_t k_longest = 2000;

struct Mark {
  std::string_view name;   // the class
  std::string_view glyph;  // for those who see no colours
  std::string_view words;
};

Mark mark_of(const StepReport& step) {
  constexpr Mark good = {"good", "✓", "succeeded"}, warnings = {"warn", "!", "succeeded with warnings"};
  if (step.pending)
    return step.started ? Mark{"live", "…", "is still running"} : Mark{"idle", "–", "has not started yet"};
  if (!step.ended)
    return step.started ? Mark{"bad", "✗", "was running when the record ended"}
                        : Mark{"idle", "–", "not started"};
  if (!step.reused_from.empty()) return {"reused", "↺", "reused from an earlier run"};
  switch (step.status) {
    case Status::success: return has_warnings(step) ? warnings : good;
    case Status::partial: return {"warn", "!", "partial"};
    case Status::failed:
      return step.allowed ? Mark{"warn", "!", "failed, which was allowed"} : Mark{"bad", "✗", "failed"};
    case Status::skipped: return {"idle", "–", "skipped"};
    case Status::cancelled: break;
  }
  return {"idle", "–", step.started ? "interrupted" : "cancelled"};
}

// The source expression of a policy that allows just this text.
std::string hash_source(std::string_view text) {
  std::string bytes;
  const std::string hex = sha256(text);
  auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
  return "'sha256-" + base64_encode(bytes) + "'";
}

std::string line(std::string_view text, std::size_t most = k_longest) {
  return markup(clean_line(trim(text), most));
}
std::string lines(std::string_view text, std::size_t most = k_longest) {
  const std::string_view begin = utf8_prefix(trim(text), most);
  return markup(clean_text(begin)) + (begin.size() < trim(text).size() ? " …" : "");
}
std::string code(std::string_view text, std::size_t most = k_longest) {
  return text.empty() ? "" : "<code>" + lines(text, most) + "</code>";
}

// What the line of a step says: of one that did well but for warnings, the first of these.
std::string said_of(const StepReport& step) {
  if (!step.ended || step.status != Status::success || !has_warnings(step)) return step_reason(step);
  return step.limit_warnings.empty() ? step.result.warnings[0] : step.limit_warnings[0].message;
}

class Rows {
 public:
  explicit Rows(std::string& out) : out_(out), begin_(out.size()) {}
  // `value` is markup; an empty one is no row.
  void add(std::string_view label, const std::string& value) {
    if (value.empty()) return;
    if (out_.size() == begin_) out_ += "<dl class=\"rows\">";
    out_ += "<dt>" + std::string(label) + "<dd>" + value;
  }
  void end() {
    if (out_.size() != begin_) out_ += "</dl>\n";
  }

 private:
  std::string& out_;
  std::size_t begin_;
};

bool is_code(std::string_view label) {
  constexpr std::array labels = {"Command", "Request", "Path", "Next", "Step", "Log"};
  return std::find(labels.begin(), labels.end(), label) != labels.end();
}

void add_failure(std::string& out, const RunReport& report, const RenderOptions& options) {
  const FailureBlock block = failure_of_run(report, options);
  if (block.empty()) return;
  out += "<section class=\"failure\" aria-labelledby=\"h-fail\">\n<h2 id=\"h-fail\">";
  if (block.headline.empty()) {
    out += "The run did not start";
  } else {
    out += "<a href=\"#" + html_anchor(report.origin(report.first_failure())) + "\">" + line(block.headline) +
           "</a>";
  }
  out += "</h2>\n";
  auto add = [&](const std::vector<FailureBlock::Line>& what) {
    Rows rows(out);
    for (const FailureBlock::Line& one : what)
      rows.add(one.label, is_code(one.label) ? code(one.text) : lines(one.text));
    rows.end();
  };
  add(block.what);
  if (!block.quoted.empty()) {
    std::string quoted;
    for (const std::string& one : block.quoted) quoted += clean_line(one, k_longest) + "\n";
    out += "<pre>" + markup(quoted) + "</pre>\n";
  }
  add(block.next);
  out += "</section>\n";
}

// The steps as nested lists, in one walk.
class Steps {
 public:
  Steps(const RunReport& report, const RenderOptions& options, std::string& out)
      : report_(report),
        options_(options),
        out_(out),
        room_(excerpt_room(report)),
        most_(std::min(k_longest, 2 * room_)) {
    for (StepIndex i = 0; i < report.steps.size(); ++i)
      if (report.steps[i].parent == k_no_step) by_id_.emplace(report.steps[i].info.id, i);
    // What leads to a failure is open.
    open_.assign(report.steps.size(), false);
    std::size_t opened = 0;
    for (StepIndex i = 0; i < report.steps.size() && opened < k_most_open; ++i) {
      if (mark_of(report.steps[i]).name != "bad") continue;
      ++opened;
      for (StepIndex at = i; at != k_no_step; at = report.steps[at].parent) open_[at] = true;
    }
  }

  void add() {
    const std::vector<PlacedStep> placed = in_tree_order(report_);
    out_ += "<ol class=\"steps\">\n";
    for (std::size_t i = 0; i < placed.size(); ++i) {
      begin(placed[i].step);
      const std::uint32_t next = i + 1 < placed.size() ? placed[i + 1].depth : 0;
      if (next > placed[i].depth) {
        out_ += "<ol class=\"steps\">\n";
        continue;
      }
      out_ += "</div></details></li>\n";
      for (std::uint32_t depth = placed[i].depth; depth > next; --depth)
        out_ += "</ol></div></details></li>\n";
    }
    out_ += "</ol>\n";
  }

 private:
  static constexpr std::size_t k_most_open = 20;
  // Details are given as long as the rest of the steps has room for a line each.
  static constexpr std::size_t k_most_bytes = 9 << 20;
  static constexpr std::size_t k_of_a_line = 500;

  // Everything of the step but its end, where the steps within it stand.
  void begin(StepIndex index) {
    const StepReport& step = report_.steps[index];
    const Mark mark = mark_of(step);
    out_ += "<li class=\"" + std::string(mark.name) + "\"><details id=\"" + html_anchor(index) + "\"" +
            (open_[index] ? " open" : "") + "><summary><span class=\"mark\" aria-hidden=\"true\">" +
            std::string(mark.glyph) + "</span><span class=\"id\">" + markup(clean_line(step.info.id, 200)) +
            "<span class=\"off\"> " + std::string(mark.words) + "</span></span><span class=\"said\">" +
            markup(clean_line(said_of(step), 160)) + "</span><span class=\"time\">" +
            (step.started ? format_duration(step.duration_seconds) : "–") +
            "</span></summary><div class=\"body\">";
    if (out_.size() + k_of_a_line * (report_.steps.size() - ++told_) > k_most_bytes) {
      out_ += "<p class=\"cut\">Left out: the report would be too large. The JSON report has everything.</p>";
      return;
    }
    Rows rows(out_);
    if (step.info.name != step.info.id) rows.add("Name", line(step.info.name));
    rows.add("Type", line(step.info.type));
    rows.add("Place", line(step_place(step, report_, options_.sources)));
    rows.add("Does", code(step.what, most_));
    rows.add("Needs", links(step.info.depends_on));
    rows.add("Inferred", links(step.info.inferred));
    if (!step.reused_from.empty()) {
      rows.add("Reused", "from " + line(step.reused_from) + ", where it took " +
                             format_duration(step.duration_seconds));
    } else if (!step.pending && !plain_success(step)) {
      add_end(rows, step);
    }
    if (step.attempts > 1) rows.add("Attempts", attempts(step));
    if (step.started && !step.timeout.how.empty()) {
      rows.add("Limit", (step.timeout.seconds ? format_seconds(*step.timeout.seconds) + ": " : "") +
                            line(step.timeout.how));
    }
    if (step.expected)
      rows.add("Expected", format_duration(step.expected->seconds) + ", from " +
                               format_count(step.expected->runs, "earlier run"));
    for (const LimitWarning& warning : step.limit_warnings) rows.add("Warning", line(warning.message));
    for (const std::string& warning : step.result.warnings) rows.add("Warning", lines(warning, most_));
    rows.add("Processes", line(killed_words(step, true)));
    if (step.background) rows.add("Background", line(step.background->how));
    rows.add("Gave", other_output(step));
    for (const std::string* file : {&step.result.stdout_file, &step.result.stderr_file})
      if (!file->empty()) rows.add("Kept in", code(short_path(*file, report_)));
    rows.end();
    for (const Excerpt& excerpt : excerpts(step, room_)) add_output(excerpt);
  }

  void add_end(Rows& rows, const StepReport& step) {
    rows.add(step.ended && step.status == Status::failed ? "Failed" : "Ended",
             lines(step_reason(step), most_));
    if (step.status != Status::failed) return;
    std::string facts;
    for (const std::string& fact : step.result.facts) facts += (facts.empty() ? "" : "\n") + fact;
    rows.add("Context", lines(facts, most_));
    rows.add("Suggestion", lines(step.result.help, most_));
    for (const Hint& hint : step.result.hints) rows.add("Alternative", lines(hint.text, most_));
  }

  std::string links(const std::vector<std::string>& ids) const {
    std::string all;
    for (const std::string& id : ids) {
      if (!all.empty()) all += ", ";
      auto found = by_id_.find(id);
      if (found == by_id_.end())
        all += line(id);
      else
        all += "<a href=\"#" + html_anchor(found->second) + "\">" + line(id) + "</a>";
    }
    return all;
  }

  static std::string attempts(const StepReport& step) {
    std::string all = "<ol>";
    for (const Retry& retry : step.retries)
      all +=
          "<li>failed: " + line(retry.error) + "; tried again after " + format_seconds(retry.delay_seconds);
    return all + "<li>" + std::string(mark_of(step).words) + "</ol>";
  }

  // What its type gives beside texts: "status: 200, bytes: 13".
  std::string other_output(const StepReport& step) const {
    const Json& output = step.result.output;
    if (!output.is_object()) return {};
    std::string all;
    for (const auto& [key, value] : output.items()) {
      if (value.is_string() || value.is_null()) continue;  // the texts are shown by themselves
      if (key == "truncated" || key.ends_with("_bytes") || (value.is_structured() && value.empty())) continue;
      all +=
          (all.empty() ? "" : ", ") + key + ": " + value.dump(-1, ' ', false, Json::error_handler_t::replace);
      if (all.size() > room_) break;
    }
    return markup(clean_line(all, std::min(room_, k_longest)));
  }

  void add_output(const Excerpt& excerpt) {
    const std::string label(excerpt.label);
    auto block = [&](const std::string& text) { out_ += "<pre tabindex=\"0\">" + markup(text) + "</pre>"; };
    out_ += "<h3>" + label + "</h3>";
    block(excerpt.head);
    if (!excerpt.left_out.empty()) {
      out_ += "<p class=\"cut\">" + excerpt.left_out + "</p>";
      block(excerpt.tail);
    }
  }

  const RunReport& report_;
  const RenderOptions& options_;
  std::string& out_;
  std::size_t room_;      // of each output
  std::size_t most_;      // of every other text
  std::size_t told_ = 0;  // steps
  std::vector<bool> open_;
  std::unordered_map<std::string_view, StepIndex> by_id_;
};

void add_filter(std::string& out, const RunReport& report) {
  struct Kind {
    std::string_view name, label;
    std::size_t count = 0;
  };
  std::array kinds = {Kind{"bad", "Failed"},     Kind{"warn", "Warnings"}, Kind{"live", "Running"},
                      Kind{"good", "Succeeded"}, Kind{"reused", "Reused"}, Kind{"idle", "Not run"}};
  for (const StepReport& step : report.steps)
    for (Kind& kind : kinds) kind.count += mark_of(step).name == kind.name ? 1 : 0;
  out +=
      "<div class=\"filter\" role=\"group\" aria-label=\"Which steps to show\" hidden><button "
      "type=\"button\" "
      "data-show=\"all\" aria-pressed=\"true\">All " +
      format_count(report.steps.size()) + "</button>";
  for (const Kind& kind : kinds) {
    if (kind.count == 0) continue;
    out += "<button type=\"button\" data-show=\"" + std::string(kind.name) + "\" aria-pressed=\"false\">" +
           std::string(kind.label) + " " + format_count(kind.count) + "</button>";
  }
  out += "<span role=\"status\" class=\"note\"></span></div>\n";
}

std::string_view outcome_mark(RunOutcome outcome) {
  switch (outcome) {
    case RunOutcome::success: return "good";
    case RunOutcome::failed: return "bad";
    case RunOutcome::completed_with_warnings:
    case RunOutcome::interrupted: break;
  }
  return "warn";
}

void add_header(std::string& out, const RunReport& report) {
  const std::string outcome = outcome_line(report);
  out += "<header>\n<h1>" + line(report.run.mission) + "</h1>\n<p class=\"outcome " +
         std::string(report.running ? "live" : outcome_mark(report.outcome)) + "\">" +
         line(outcome.substr(outcome.find(' ') + 1)) + "</p>\n<dl class=\"facts\">";
  auto fact = [&](std::string_view label, const std::string& value) {
    if (!value.empty()) out += "<div><dt>" + std::string(label) + "</dt><dd>" + value + "</dd></div>";
  };
  const std::string started = format_time(report.started);
  fact("File", line(report.run.file));
  fact("Version", line(report.run.version));
  fact("Started", started.substr(0, 10) + " " + started.substr(11, 8) + " UTC");
  fact("Run", line(report.run.run_id));
  fact("Continues", line(report.run.continues));
  if (!report.running) fact("Exit code", std::to_string(static_cast<int>(report.exit_code)));
  if (report.run.risk) fact("Risk", std::to_string(report.run.risk->score) + "/100");
  out += "</dl>\n</header>\n";
}

}  // namespace

std::string_view html_mark(const StepReport& step) {
  return mark_of(step).name;
}
std::string_view html_mark_words(const StepReport& step) {
  return mark_of(step).words;
}
std::string html_anchor(StepIndex step) {
  return "s" + std::to_string(step);
}

std::string render_html(const RunReport& report, const RenderOptions& options) {
  std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  out +=
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src " +
      hash_source(k_html_style) + "; script-src " + hash_source(k_html_script) +
      "; base-uri 'none'; form-action 'none'\">\n";
  out +=
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<link rel=\"icon\" "
      "href=\"data:,\">\n";
  out += "<title>" + line(report.run.mission) + ": " + replace_all(outcome_word(report), "_", " ") +
         "</title>\n";
  out += "<style>" + std::string(k_html_style) + "</style>\n</head>\n<body>\n";
  out += "<a class=\"skip\" href=\"#h-steps\">Skip to the steps</a>\n";
  add_header(out, report);
  out += "<main>\n";
  add_failure(out, report, options);
  out += html_timeline(report);
  out += html_graph(report);
  out += "<section aria-labelledby=\"h-steps\">\n<h2 id=\"h-steps\">Steps</h2>\n";
  if (report.steps.empty()) {
    out += "<p class=\"note\">There are none.</p>\n";
  } else {
    add_filter(out, report);
    Steps(report, options, out).add();
  }
  out += "</section>\n</main>\n<footer>Made by rustchain " + std::string(version()) +
         ". Times are UTC; secrets are masked.</footer>\n";
  return out + "<script>" + std::string(k_html_script) + "</script>\n</body>\n</html>\n";
}

}  // namespace rustchain
