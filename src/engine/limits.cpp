// What a running step takes, held against resource_limits.
#include "engine/limits.hpp"

#include "util/format.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace rustchain {
namespace {

constexpr Seconds k_first_look{0.1};
constexpr double k_pause_by_look = 20;  // looking at large memories takes its time
constexpr Seconds k_least_mean{1};
// The kernel tells user and system time in hundredths of a second, cut off: what a process had used before
// may be told too small by so much.
constexpr Seconds k_cpu_grain{0.02};
constexpr double k_megabyte = 1e6;

SteadyTime after(SteadyTime from, Seconds by) {
  return from + std::chrono::duration_cast<SteadyTime::duration>(by);
}

std::string size_words(double megabytes) {
  return format_size(static_cast<std::uint64_t>(megabytes * k_megabyte));
}

std::string percent_words(double percent) {
  double grain = percent >= 10 ? 1 : 10;  // a decimal says something about small ones only
  return format_number(std::floor(percent * grain) / grain) + " %";
}

struct LimitWords {
  std::string_view key;
  std::string_view near;  // before the figure, and
  std::string_view past;
  std::string_view of;  // behind it
  std::string (*figure)(double);
};
constexpr std::array k_words = {
    LimitWords{"max_memory_mb", "takes ", "took ", " of memory", size_words},
    LimitWords{"max_cpu_percent", "takes ", "took ", " of a core", percent_words},
    LimitWords{"max_disk_io_mb_per_sec", "reads and writes ", "read and wrote ", " a second on disk",
               size_words},
};

}  // namespace

ProcessLimits enforceable(const ResourceLimits& limits, const Monitoring& monitoring) {
  if (!monitoring.kill_on_exceed) return {};
  return {.memory_bytes =
              static_cast<std::uint64_t>(std::min(limits.max_memory_mb.value_or(0), 1e12) * k_megabyte),
          .cpu_percent = limits.max_cpu_percent.value_or(0)};
}

std::string describe(const ResourceLimits& limits) {
  std::string text;
  std::size_t i = 0;
  for (const auto& limit : {limits.max_memory_mb, limits.max_cpu_percent, limits.max_disk_io_mb_per_sec}) {
    const LimitWords& words = k_words[i++];
    if (limit) text += (text.empty() ? "" : ", ") + words.figure(*limit) + std::string(words.of);
  }
  return text;
}

LimitCheck::LimitCheck(const ResourceLimits& limits, const Monitoring& monitoring, SteadyTime start)
    : limits_{Limit{limits.max_memory_mb}, Limit{limits.max_cpu_percent},
              Limit{limits.max_disk_io_mb_per_sec}},
      monitoring_(monitoring),
      gap_(k_first_look),
      next_look_(limits.any() ? after(start, k_first_look) : SteadyTime::max()),
      rates_begun_(start) {}

LimitVerdict LimitCheck::look(SteadyTime begun, SteadyTime done, const TreeUsage& usage) {
  LimitVerdict verdict;
  if (begun < next_look_) return verdict;
  Seconds interval(std::min(monitoring_.check_interval_seconds, 1e6));
  gap_ = std::min(2 * gap_, interval);
  next_look_ = after(done, std::max(gap_, k_pause_by_look * Seconds(done - begun)));

  judge(memory, static_cast<double>(usage.memory_bytes) / k_megabyte, usage.limits_enforced, verdict);
  Seconds mean = done - rates_begun_;
  if (mean < std::min(k_least_mean, interval)) return verdict;
  Seconds used = usage.cpu - before_.cpu - before_.processes * k_cpu_grain;
  judge(cpu, std::max(0.0, 100 * used / mean), usage.limits_enforced, verdict);
  std::uint64_t moved = usage.disk_bytes - std::min(usage.disk_bytes, before_.disk_bytes);
  judge(disk, static_cast<double>(moved) / k_megabyte / mean.count(), false, verdict);
  rates_begun_ = begun;
  before_ = usage;
  return verdict;
}

void LimitCheck::judge(Which which, double measured, bool enforced, LimitVerdict& verdict) {
  Limit& limit = limits_[which];
  if (!limit.allowed) return;
  const LimitWords& words = k_words[which];
  double allowed = *limit.allowed;
  LimitWarning warning{0, std::string(words.key), measured, allowed, {}};
  // What the system sees to can be passed only by as much as the figures are inexact.
  if (measured > allowed && !enforced) {
    warning.message = std::string(words.past) + words.figure(measured) + std::string(words.of) + "; " +
                      warning.limit + " allows " + words.figure(allowed);
    if (monitoring_.kill_on_exceed) {
      if (!verdict.stop) verdict.stop = std::move(warning);
    } else if (!std::exchange(limit.warned_past, true)) {
      limit.warned_near = true;
      verdict.warnings.push_back(std::move(warning));
    }
    return;
  }
  if (100 * measured < allowed * monitoring_.warn_threshold_percent) return;
  if (std::exchange(limit.warned_near, true)) return;
  warning.message = std::string(words.near) + words.figure(measured) + std::string(words.of) + ", " +
                    percent_words(100 * measured / allowed) + " of what " + warning.limit + " allows (" +
                    words.figure(allowed) + ")";
  verdict.warnings.push_back(std::move(warning));
}

}  // namespace rustchain
