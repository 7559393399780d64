// Progress where nothing can be drawn over: logs, pipes, CI.
#include "cli/progress.hpp"
#include "util/format.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace rustchain {
namespace {

constexpr std::chrono::seconds k_heartbeat(10);

class PlainProgress : public ProgressView {
 public:
  explicit PlainProgress(std::vector<ProgressStep> steps) : steps_(std::move(steps)) {}

  std::string on(const News& news) override {
    switch (news.kind) {
      case News::Kind::added: steps_.push_back(news.added); return {};
      case News::Kind::started:
        running_[news.step] = {news.at, news.at + k_heartbeat, {}, news.expected_seconds, {}};
        if (steps_[news.step].quiet) return {};
        return "▶ " + steps_[news.step].id + (news.text.empty() ? "" : ": " + news.text) + "\n";
      case News::Kind::progressed:
        if (auto found = running_.find(news.step); found != running_.end()) take(news, found->second);
        return {};
      case News::Kind::ended: running_.erase(news.step); return news.text;
      case News::Kind::said: return news.text;
      case News::Kind::wrote:
      case News::Kind::over: return {};
    }
    return {};
  }

  std::string tick(SteadyTime now) override {
    std::string text;
    for (auto& [index, step] : running_) {
      if (now < step.due) continue;
      while (step.due <= now) step.due += k_heartbeat;
      if (!steps_[index].silent) text += heartbeat(steps_[index].id, step, now);
    }
    return text;
  }

  SteadyTime next_tick() const override {
    SteadyTime next = SteadyTime::max();
    for (const auto& [index, step] : running_) next = std::min(next, step.due);
    return next;
  }

 private:
  struct Running {
    SteadyTime started;
    SteadyTime due;
    Progress progress;
    std::optional<double> expected_seconds;
    std::string done;  // of its items
  };

  static void take(const News& news, Running& step) {
    if (news.text.empty())
      step.progress = news.progress;
    else
      step.done = news.text;
  }

  static std::string heartbeat(const std::string& id, const Running& step, SteadyTime now) {
    std::string text =
        "⏳ " + id + " still running (" + format_duration(Seconds(now - step.started).count()) + " elapsed";
    if (step.expected_seconds) text += " of about " + format_duration(*step.expected_seconds);
    if (!step.done.empty()) text += ", " + step.done;
    if (step.progress.lines > 0) text += ", " + format_count(step.progress.lines, "line");
    if (!step.progress.last_line.empty()) text += ", last: " + shorten(step.progress.last_line, 100);
    return text + ")\n";
  }

  std::vector<ProgressStep> steps_;
  std::map<StepIndex, Running> running_;
};

}  // namespace

std::unique_ptr<ProgressView> make_plain_progress(std::vector<ProgressStep> steps) {
  return std::make_unique<PlainProgress>(std::move(steps));
}

}  // namespace rustchain
