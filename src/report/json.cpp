// The JSON report: format_version 1, keys always in this order, all of them always there.
#include "report/report.hpp"
#include "report/words.hpp"
#include "util/format.hpp"

#include <cmath>
#include <csignal>
#include <unordered_map>
#include <vector>

namespace rustchain {
namespace {

using Ordered = nlohmann::ordered_json;

constexpr int k_format_version = 1;

Ordered milliseconds(double seconds) {
  return static_cast<std::int64_t>(std::llround(seconds * 1000));
}

Ordered text_or_null(const std::string& text) {
  return text.empty() ? Ordered(nullptr) : Ordered(text);
}

Ordered exit_code(const StepReport& step) {
  const Json& output = step.result.output;
  if (!step.ended || !output.is_object()) return nullptr;
  auto found = output.find("exit_code");
  return found != output.end() && found->is_number_integer() ? Ordered(found->get<std::int64_t>())
                                                             : Ordered(nullptr);
}

Ordered limits(const StepReport& step) {
  if (!step.limits.any()) return nullptr;
  auto number = [](const std::optional<double>& limit) { return limit ? Ordered(*limit) : Ordered(nullptr); };
  Ordered warnings = Ordered::array();
  for (const LimitWarning& warning : step.limit_warnings) {
    warnings.push_back({{"limit", warning.limit},
                        {"measured", warning.measured},
                        {"allowed", warning.allowed},
                        {"message", warning.message}});
  }
  Ordered json;
  json["max_memory_mb"] = number(step.limits.max_memory_mb);
  json["max_cpu_percent"] = number(step.limits.max_cpu_percent);
  json["max_disk_io_mb_per_sec"] = number(step.limits.max_disk_io_mb_per_sec);
  json["by"] = step.result.limits_enforced ? "cgroup_v2" : "measured";
  json["warnings"] = std::move(warnings);
  return json;
}

Ordered retries(const StepReport& step) {
  Ordered list = Ordered::array();
  for (const Retry& retry : step.retries) {
    list.push_back({{"attempt", retry.attempt},
                    {"kind", to_string(retry.kind)},
                    {"error", retry.error},
                    {"delay_ms", milliseconds(retry.delay_seconds)}});
  }
  return list;
}

Ordered killed(const StepReport& step) {
  Ordered list = Ordered::array();
  for (const ProcessKilled& one : step.killed) {
    Ordered signal = nullptr;  // it could not be ended
    if (one.process.signal == SIGTERM) signal = "SIGTERM";
    if (one.process.signal == SIGKILL) signal = "SIGKILL";
    list.push_back({{"pid", one.process.pid},
                    {"command", one.process.command},
                    {"signal", std::move(signal)},
                    {"asked_by", one.asked_by}});
  }
  return list;
}

using Children = std::unordered_map<StepIndex, std::vector<StepIndex>>;

Ordered step_json(const RunReport& report, StepIndex index, const Children& children) {
  const StepReport& step = report.steps[index];
  Ordered json;
  json["id"] = step.info.id;
  json["name"] = step.info.name;
  json["type"] = step.info.type;
  json["status"] = status_word(step);
  json["reused_from"] = text_or_null(step.reused_from);
  bool failed = step.result.kind != FailureKind::none;
  json["kind"] = failed ? Ordered(to_string(step.result.kind)) : Ordered(nullptr);
  json["reason"] = text_or_null(step.reason.empty() ? step.result.error : step.reason);
  json["exit_code"] = exit_code(step);
  json["attempts"] = step.attempts;
  json["retries"] = retries(step);
  json["started"] = step.started ? Ordered(format_time(step.started_at)) : Ordered(nullptr);
  json["duration_ms"] = milliseconds(step.duration_seconds);
  Ordered timeout = nullptr;
  if (step.started) {
    timeout = {{"seconds", step.timeout.seconds ? Ordered(*step.timeout.seconds) : Ordered(nullptr)},
               {"how", step.timeout.how}};
  }
  json["timeout"] = std::move(timeout);
  json["limits"] = limits(step);
  json["killed"] = killed(step);
  json["depends_on"] = step.info.depends_on;
  json["inferred"] = step.info.inferred;
  json["output"] = Ordered(step.result.output);
  json["warnings"] = step.result.warnings;
  Ordered background = nullptr;
  if (step.background) background = {{"early", step.background->early}, {"end", step.background->how}};
  json["background"] = std::move(background);
  Ordered expected = nullptr;
  if (step.expected) expected = {{"seconds", step.expected->seconds}, {"earlier_runs", step.expected->runs}};
  json["expected"] = std::move(expected);
  json["files"] = {{"stdout", text_or_null(step.result.stdout_file)},
                   {"stderr", text_or_null(step.result.stderr_file)}};
  // Items of a foreach and the steps of a mission; only where there are any.
  if (auto inner = children.find(index); inner != children.end()) {
    Ordered& list = json["steps"] = Ordered::array();
    for (StepIndex child : inner->second) list.push_back(step_json(report, child, children));
  }
  return json;
}

}  // namespace

std::string render_json(const RunReport& report, const RenderOptions&) {
  Ordered json;
  json["format_version"] = k_format_version;
  json["run_id"] = report.run.run_id;
  json["mission"] = {
      {"name", report.run.mission}, {"version", report.run.version}, {"file", report.run.file}};
  json["continues"] = text_or_null(report.run.continues);
  json["outcome"] = outcome_word(report);
  json["exit_code"] = report.running ? Ordered(nullptr) : Ordered(static_cast<int>(report.exit_code));
  json["started"] = format_time(report.started);
  json["duration_ms"] = milliseconds(report.duration_seconds);
  json["risk"] = nullptr;
  if (const auto& risk = report.run.risk) json["risk"] = {{"score", risk->score}, {"verdict", risk->verdict}};
  Ordered counts = Ordered::object();
  for (Status status : {Status::success, Status::partial, Status::failed, Status::skipped, Status::cancelled})
    counts[std::string(to_string(status))] = report.count(status);
  json["counts"] = std::move(counts);
  json["steps"] = Ordered::array();
  Children children;
  for (StepIndex i = 0; i < report.steps.size(); ++i)
    if (report.steps[i].parent != k_no_step) children[report.steps[i].parent].push_back(i);
  for (StepIndex i = 0; i < report.steps.size(); ++i)
    if (report.steps[i].parent == k_no_step) json["steps"].push_back(step_json(report, i, children));
  return json.dump(2, ' ', false, Ordered::error_handler_t::replace) + "\n";
}

}  // namespace rustchain
