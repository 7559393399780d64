// What the end of a step's work means.
#include "engine/outcome.hpp"

#include "engine/deadline.hpp"
#include "util/format.hpp"
#include "util/utf8.hpp"

#include <array>
#include <cmath>

namespace rustchain {
namespace {

constexpr std::size_t k_status_count = static_cast<std::size_t>(Status::cancelled) + 1;

std::string run_limit_words(const Mission& mission) {
  return "the run reached its limit of " + format_seconds(mission.config.timeout_seconds.value_or(0)) + " (" +
         limit_place("timeout_seconds", mission.config.timeout_at, mission) + ")";
}

// "failed (exit code 2)", "was skipped".
std::string ending_words(const StepResult& result) {
  switch (result.status) {
    case Status::failed: return "failed (" + failure_words(result) + ")";
    case Status::skipped: return "was skipped";
    case Status::cancelled: return "was cancelled";
    case Status::success:
    case Status::partial: break;
  }
  return "ended as " + std::string(to_string(result.status));
}

}  // namespace

StepResult after_stop(StepResult result, const Watched& watched, const Mission& mission) {
  StopReason reason = watched.stop().reason();
  const std::string& message = watched.message();
  bool limit = reason == StopReason::timeout || reason == StopReason::idle_timeout ||
               reason == StopReason::resource_limit;
  if (result.status == Status::partial && limit && !message.empty()) {
    result.warnings.push_back(message + "; what it gave until then is used");
    return result;
  }
  bool stopped = result.kind == FailureKind::timeout || result.kind == FailureKind::interrupted ||
                 result.kind == FailureKind::resource_limit;
  if (reason == StopReason::none || !stopped) return result;
  switch (reason) {
    case StopReason::timeout:
    case StopReason::idle_timeout:
      result.status = Status::failed;
      result.kind = FailureKind::timeout;
      if (!message.empty()) result.error = message;
      if (!watched.help().empty()) result.help = watched.help();
      break;
    case StopReason::run_timeout:
      result.status = Status::failed;
      result.kind = FailureKind::timeout;
      result.error = "was still running when " + run_limit_words(mission);
      result.help = "raise timeout_seconds of config, or give the run less to do";
      break;
    case StopReason::interrupt:
      result.status = Status::cancelled;
      result.kind = FailureKind::interrupted;
      result.error = "was running when the run was interrupted";
      result.help.clear();
      break;
    case StopReason::fail_fast:
      result.status = Status::cancelled;
      result.kind = FailureKind::interrupted;
      break;
    case StopReason::resource_limit:
      result.status = Status::failed;
      result.kind = FailureKind::resource_limit;
      if (!message.empty()) result.error = message;
      // Without its own word it was the limit of the run's directory.
      result.help = watched.help().empty()
                        ? "delete what isn't needed there, or raise working_directory_size_limit"
                        : watched.help();
      break;
    case StopReason::run_over:
    case StopReason::none: break;
  }
  return result;
}

std::string help_from_earlier_runs(const StepLimit& limit, const std::optional<Expectation>& expected) {
  if (!expected || limit.adaptive || !limit.seconds || *limit.seconds >= 2 * expected->slowest) return {};
  return "timeout_seconds: auto, or " + format_number(std::ceil(expected->slowest / 5) * 10) + " (" +
         format_count(expected->runs, "earlier run") + " took up to " + format_duration(expected->slowest) +
         ")";
}

StepResult merge_repeats(std::vector<Json> outputs, StepResult last, std::string_view main_output) {
  if (!last.output.is_object()) last.output = Json::object();
  std::string main;
  bool texts = !main_output.empty();
  for (const Json& output : outputs) {
    auto field = output.is_object() && texts ? output.find(main_output) : output.end();
    if (field == output.end() || !field->is_string()) {
      texts = false;
      break;
    }
    if (!main.empty() && main.back() != '\n') main += '\n';
    main += field->get_ref<const std::string&>();
  }
  if (texts) last.output[std::string(main_output)] = std::move(main);
  last.output["repeats"] = Json(std::move(outputs));
  return last;
}

StepResult items_result(const Step& step, const std::vector<ItemEnd>& items, StopReason stopped) {
  constexpr std::size_t k_most_named = 5;
  constexpr std::size_t k_longest_error = 120;
  std::array<std::size_t, k_status_count> counts{};
  const StepResult* first = nullptr;
  std::string failures;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const StepResult& result = items[i].how.result;
    std::size_t& count = counts[static_cast<std::size_t>(result.status)];
    ++count;
    if (result.status != Status::failed) continue;
    if (!first) first = &result;
    if (count > k_most_named) continue;
    failures += (count == 1 ? "[" : "; [") + std::to_string(i) + "] " + item_label(items[i].item) + " (" +
                std::string(utf8_prefix(result.error, k_longest_error)) + ")";
  }
  auto count = [&](Status status) { return counts[static_cast<std::size_t>(status)]; };
  const std::size_t good = count(Status::success) + count(Status::partial);
  const std::string total = format_count(items.size(), "item");

  StepResult result;
  Json& json = result.output["counts"] = Json::object();
  for (std::size_t i = 0; i < counts.size(); ++i)
    json[std::string(to_string(static_cast<Status>(i)))] = counts[i];
  if (first) {
    bool partly = false;
    if (const Node* allow = step.parameters.find("allow_partial_results")) is_boolean(*allow, &partly);
    result.status = partly && good > 0 ? Status::partial : Status::failed;
    if (result.status == Status::failed) result.kind = first->kind;
    result.error = format_count(count(Status::failed)) + " of " + total + " failed: " + failures;
    if (count(Status::failed) > k_most_named)
      result.error += "; and " + format_count(count(Status::failed) - k_most_named) + " more";
    if (count(Status::cancelled) > 0)
      result.error += "; " + format_count(count(Status::cancelled)) + " not done";
    result.help = first->help;
  } else if (count(Status::cancelled) > 0) {
    result.status = Status::cancelled;
    result.kind = FailureKind::interrupted;
    result.error = (stopped == StopReason::none ? "ended after " : "the run was ended after ") +
                   format_count(items.size() - count(Status::cancelled)) + " of " + total;
  } else if (count(Status::partial) > 0) {
    result.status = Status::partial;
    result.error = format_count(count(Status::partial)) + " of " + total + " gave only a part";
  } else if (good == 0 && !items.empty()) {
    result.status = Status::skipped;
  }
  return result;
}

std::string reason_not_run(const Unstarted& unstarted, const Phase& phase, const Results& results,
                           const Mission& mission, StopReason stopped) {
  auto id = [&](StepIndex step) -> const std::string& { return phase.steps[step].id.value; };
  auto ended = [&](StepIndex step) { return step == k_no_step ? nullptr : results.find(phase.first + step); };

  const Ended* cause = ended(unstarted.cause);
  if (unstarted.status == Status::cancelled) {
    if (stopped == StopReason::interrupt) return "the run was interrupted";
    if (stopped == StopReason::run_timeout) return run_limit_words(mission);
    if (cause) return "fail_fast: " + id(unstarted.cause) + " " + ending_words(cause->result);
    if (unstarted.cause != k_no_step) return "fail_fast: an item of " + id(unstarted.cause) + " failed";
    return "fail_fast: another step failed";
  }
  const Ended* needed = ended(unstarted.needs);
  if (!needed) {
    return phase.graph.alternative[unstarted.step] ? "runs only in the place of a step that failed"
                                                   : "none of the steps that it needs succeeded";
  }
  std::string reason = "needs " + id(unstarted.needs) + ", which " + ending_words(needed->result);
  if (cause && unstarted.cause != unstarted.needs)
    reason += " because " + id(unstarted.cause) + " " + ending_words(cause->result);
  return reason;
}

}  // namespace rustchain
