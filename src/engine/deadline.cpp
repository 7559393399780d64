// How long a step may take.
#include "engine/deadline.hpp"

#include "util/format.hpp"

#include <algorithm>

namespace rustchain {
namespace {

constexpr double k_base = 60;
constexpr double k_long_base = 300;
constexpr double k_max = 300;

double slowest(const std::vector<double>& seconds) {
  return seconds.empty() ? 0 : *std::max_element(seconds.begin(), seconds.end());
}

// The step's word, else the config's.
template <class T>
std::optional<T> first_of(const std::optional<T>& step, const std::optional<T>& config) {
  return step ? step : config;
}

}  // namespace

std::string limit_place(std::string_view key, const Location& at, const Mission& mission) {
  std::string place(key);
  if (at.line == 0) return place;
  // Only the mission's own file has a name here; other files are those that it is made from.
  if (at.file == 0) return place + " in " + mission.file + ":" + std::to_string(at.line);
  return place + " in line " + std::to_string(at.line) + " of a file that it extends";
}

StepLimit choose_timeout(const Mission& mission, const Step& step, const TimeoutFacts& facts) {
  const TimeoutPolicy& own = step.timeout;
  const TimeoutPolicy& common = mission.config.step_timeout;
  bool named = own.seconds || own.at.line != 0;
  const TimeoutPolicy& ruling = named ? own : common;
  std::string_view key = named ? "timeout_seconds" : "step_timeout_seconds";

  StepLimit limit;
  limit.grace_seconds = first_of(own.grace_seconds, common.grace_seconds).value_or(5);
  limit.idle_seconds = first_of(own.idle_seconds, common.idle_seconds);
  if (limit.idle_seconds) limit.idle_how = "idle_timeout_seconds";

  // The steps of a mission have limits of their own.
  if (!facts.effects.missions.empty() && !own.seconds) return limit;
  if (ruling.seconds && ruling.strategy == TimeoutStrategy::fixed) {
    limit.seconds = *ruling.seconds;
    limit.how = limit_place(key, ruling.at, mission);
    return limit;
  }

  std::string why;
  std::optional<double> base = first_of(own.base_seconds, common.base_seconds);
  double most = k_max;
  if (base) {
    if (ruling.seconds) most = *ruling.seconds;
    why = " (base_timeout_seconds)";
  } else if (ruling.seconds) {
    base = ruling.seconds;
    why = " (" + limit_place(key, ruling.at, mission) + ")";
  } else if (std::string build = build_program(facts.effects); !build.empty()) {
    base = k_long_base;
    why = " for builds and tests (" + build + ")";
  } else if (step.type.value == "llm") {
    base = k_long_base;
    why = " for llm steps";
  }
  limit.base_seconds = base.value_or(k_base);

  if (double earlier = 3 * slowest(facts.earlier_seconds); earlier > limit.base_seconds) {
    limit.base_seconds = earlier;
    why = " (3 x the slowest of " + format_count(facts.earlier_seconds.size(), "earlier run") + ")";
  }
  if (most == k_max && limit.base_seconds >= k_max) most = 5 * limit.base_seconds;
  limit.max_seconds =
      std::max(first_of(own.max_seconds, common.max_seconds).value_or(most), limit.base_seconds);

  std::vector<std::string> trees = walked_trees(facts.effects);
  if (!trees.empty()) limit.size_factor = first_of(own.size_factor, common.size_factor).value_or(1);

  if (ruling.strategy == TimeoutStrategy::fixed && named) {
    limit.seconds = limit.base_seconds;
    limit.how = "fixed: base " + format_seconds(limit.base_seconds) + why;
    return limit;
  }
  limit.adaptive = true;
  double times = std::max(1.0, limit.size_factor * facts.tree_mb.value_or(0));
  limit.seconds = std::min(limit.max_seconds, limit.base_seconds * times);
  if (times > 1) {
    limit.how = "auto: " + format_seconds(limit.base_seconds) + " x " + format_number(times) + " for " +
                format_number(*facts.tree_mb) + " MB below " + trees.front();
  } else {
    limit.how = "auto: base " + format_seconds(limit.base_seconds) + why;
  }
  return limit;
}

Deadline::Deadline(StepLimit limit, SteadyTime start)
    : limit_(std::move(limit)), start_(start), looked_at_(start) {
  if (!limit_.seconds) return;
  limit_at_ = after_start(*limit_.seconds);
  look_at_ = limit_at_;
  if (!limit_.adaptive || limit_.max_seconds <= *limit_.seconds) return;
  // A look shortly before the limit, so that there is something to compare with when it is reached.
  interval_ = Seconds(std::min(5.0, *limit_.seconds / 10));
  look_at_ = after_start(*limit_.seconds - interval_.count());
}

SteadyTime Deadline::after_start(double seconds) const {
  // A hundred years are for ever; beyond that the clock's numbers end.
  if (!(seconds < 3.2e9)) return SteadyTime::max();
  return start_ + std::chrono::duration_cast<SteadyTime::duration>(Seconds(seconds));
}

SteadyTime Deadline::next_look(SteadyTime last_output) const {
  if (!limit_.idle_seconds || !(*limit_.idle_seconds < 3.2e9)) return look_at_;
  SteadyTime idle_at =
      last_output + std::chrono::duration_cast<SteadyTime::duration>(Seconds(*limit_.idle_seconds));
  return std::min(look_at_, idle_at);
}

SteadyTime Deadline::measure_from() const {
  bool matters =
      limit_.adaptive && limit_.size_factor > 0 && limit_.seconds && *limit_.seconds < limit_.max_seconds;
  return matters ? after_start(*limit_.seconds / 2) : SteadyTime::max();
}

bool Deadline::enough(double tree_mb) const {
  return limit_.base_seconds * limit_.size_factor * tree_mb >= limit_.max_seconds;
}

StopReason Deadline::look(SteadyTime now, const Signs& signs) {
  if (limit_.idle_seconds && Seconds(now - signs.last_output).count() >= *limit_.idle_seconds)
    return StopReason::idle_timeout;
  if (now < look_at_) return StopReason::none;
  if (limit_.adaptive) {
    double times = std::max(1.0, limit_.size_factor * signs.tree_mb);
    double seconds = std::min(limit_.max_seconds, limit_.base_seconds * times);
    if (times > 1 && !extended_ && seconds > *limit_.seconds) {
      limit_.seconds = seconds;
      counted_mb_ = signs.tree_mb;
      limit_at_ = after_start(seconds);
    }
    bool alive =
        signs.last_output > looked_at_ || signs.cpu > before_.cpu || signs.io_bytes > before_.io_bytes;
    SteadyTime last = after_start(limit_.max_seconds);
    if (now >= limit_at_ && alive && now < last && interval_.count() > 0) {
      limit_at_ = std::min(last, now + std::chrono::duration_cast<SteadyTime::duration>(interval_));
      extended_ = true;
    }
  }
  looked_at_ = now;
  before_ = signs;
  if (now >= limit_at_) return StopReason::timeout;
  SteadyTime shortly_before = limit_at_ - std::chrono::duration_cast<SteadyTime::duration>(interval_);
  look_at_ = now < shortly_before ? shortly_before : limit_at_;
  return StopReason::none;
}

std::string Deadline::message(StopReason reason) const {
  if (reason == StopReason::idle_timeout)
    return "gave no output for " + format_seconds(*limit_.idle_seconds) + " (limit: " + limit_.idle_how + ")";
  double seconds = Seconds(limit_at_ - start_).count();
  std::string how = limit_.how;
  if (counted_mb_ > 0) {
    how = "auto: " + format_seconds(limit_.base_seconds) + " x " +
          format_number(limit_.size_factor * counted_mb_) + " for at least " + format_number(counted_mb_) +
          " MB";
  }
  if (extended_) {
    how += limit_at_ >= after_start(limit_.max_seconds) ? ", extended to its maximum"
                                                        : ", extended while it showed life";
  }
  return "timed out after " + format_seconds(seconds) + " (limit: " + how + ")";
}

std::string Deadline::help(StopReason reason) const {
  if (reason == StopReason::idle_timeout) return "raise idle_timeout_seconds if such a silence is normal";
  if (limit_.adaptive) return "give the step a timeout_seconds of its own, or a larger max_timeout_seconds";
  return "raise timeout_seconds, or set it to auto, which waits on while the step shows life";
}

}  // namespace rustchain
