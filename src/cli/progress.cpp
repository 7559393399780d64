// Events to news, and the thread that shows them.
#include "cli/progress.hpp"

#include "util/format.hpp"
#include "util/overloaded.hpp"
#include "util/text.hpp"
#include "util/utf8.hpp"

#include <algorithm>
#include <utility>

namespace rustchain {
namespace {

constexpr std::size_t k_line_columns = 200;
constexpr std::uint32_t k_most_told = 100;  // items of a step whose starts and ends are all told

std::string reason_word(StopReason reason) {
  if (reason == StopReason::run_timeout) return "stopping: the run has reached its time limit";
  if (reason == StopReason::resource_limit) return "stopping: the working directory has become too large";
  if (reason == StopReason::fail_fast) return "stopping: a step failed (fail_fast)";
  return "stopping: " + std::string(to_string(reason));
}

}  // namespace

std::string shorten(std::string_view text, std::size_t most) {
  std::string_view first = trim(text);
  bool cut = first.find('\n') != std::string_view::npos;
  std::string clean = visible(trim(first.substr(0, first.find('\n'))));
  if (display_width(clean) + (cut ? 4 : 0) > most) {
    std::size_t width = 0;
    std::size_t end = 0;
    while (end < clean.size()) {
      Character next = character_at(clean, end);
      std::size_t wide = display_width(next.code);
      if (width + wide + 3 > most) break;
      width += wide;
      end += next.bytes;
    }
    return clean.substr(0, end) + "...";
  }
  return cut ? clean + " ..." : clean;
}

std::string finished_line(const std::string& id, const StepFinished& finished) {
  const StepResult& result = finished.result;
  std::string head = id + " (" + format_duration(finished.duration_seconds) +
                     (finished.attempts > 1 ? ", attempt " + std::to_string(finished.attempts) : "") + ")";
  std::string reason = result.error.empty() ? "" : ": " + shorten(result.error, k_line_columns);
  switch (result.status) {
    case Status::success: return "✅ " + head;
    case Status::partial: return "⚠ " + head + reason + " (partial)";
    case Status::failed:
      return (finished.allowed ? "⚠ " : "❌ ") + head + reason + (finished.allowed ? " (allowed)" : "");
    case Status::skipped: return "⏭ " + head + reason;
    case Status::cancelled: return "⏹ " + head + reason;
  }
  return head;
}

ProgressObserver::ProgressObserver(Console& console, Clock& clock, std::vector<ProgressStep> steps,
                                   bool verbose)
    : console_(console),
      clock_(clock),
      steps_(std::move(steps)),
      verbose_(verbose),
      view_(console.can_redraw() ? make_terminal_progress(steps_, console.err_terminal(), console.err_color())
                                 : make_plain_progress(steps_)),
      thread_([this] { show(); }) {}

ProgressObserver::~ProgressObserver() {
  say(News::Kind::over, k_no_step, {});
  thread_.join();
}

void ProgressObserver::say(News::Kind kind, StepIndex step, std::string text) {
  News news;
  news.kind = kind;
  news.step = step;
  news.at = clock_.steady();
  news.text = std::move(text);
  mailbox_.post(std::move(news));
}

void ProgressObserver::add(const StepAdded& added) {
  const ProgressStep parent = added.parent < steps_.size() ? steps_[added.parent] : ProgressStep{};
  News news;
  news.kind = News::Kind::added;
  news.step = added.step;
  news.added = {added.info.id, parent.silent, parent.quiet || added.siblings > k_most_told};
  steps_.push_back(news.added);
  families_[added.step].parent = added.parent;
  families_[added.parent].children = added.siblings;
  mailbox_.post(std::move(news));
}

// The step has ended: how far its parent is.
void ProgressObserver::count(StepIndex step) {
  auto own = families_.find(step);
  if (own == families_.end() || own->second.parent == k_no_step) return;
  const StepIndex parent = own->second.parent;
  Family& family = families_[parent];
  ++family.ended;
  say(News::Kind::progressed, parent,
      format_count(family.ended) + " of " + format_count(family.children) + " done");
}

void ProgressObserver::on(const Event& event) {
  using Kind = News::Kind;
  std::visit(
      Overloaded{
          [&](const RunStarted& run) {
            if (verbose_ && !run.directory.empty())
              say(Kind::said, k_no_step, "Outputs: " + run.directory + "\n");
          },
          [&](const StepAdded& added) { add(added); },
          [&](const StepStarted& started) {
            std::string what =
                started.attempt > 1 ? "(attempt " + std::to_string(started.attempt) + ") " : "";
            what += shorten(started.what, k_line_columns);
            if (verbose_ && started.timeout.seconds) {
              what +=
                  " (limit " + format_seconds(*started.timeout.seconds) + ": " + started.timeout.how + ")";
            }
            News news;
            news.kind = Kind::started;
            news.step = started.step;
            news.at = clock_.steady();
            news.text = std::move(what);
            if (started.expected) news.expected_seconds = started.expected->seconds;
            mailbox_.post(std::move(news));
          },
          [&](const StepProgressed& progressed) {
            News news;
            news.kind = Kind::progressed;
            news.step = progressed.step;
            news.at = clock_.steady();
            news.progress = progressed.progress;
            mailbox_.post(std::move(news));
          },
          [&](const StepWrote& wrote) { say(Kind::wrote, wrote.step, wrote.text); },
          [&](const LimitWarning& warning) {
            say(Kind::said, warning.step, "⚠ " + steps_[warning.step].id + ": " + warning.message + "\n");
          },
          [](const ProcessKilled&) {},
          [&](const StepRetried& retried) {
            say(Kind::ended, retried.step,
                "🔁 " + steps_[retried.step].id + ": attempt " + std::to_string(retried.attempt) +
                    " failed: " + shorten(retried.error, k_line_columns) + "; next in " +
                    format_seconds(retried.delay_seconds) + "\n");
          },
          [&](const StepFinished& finished) {
            const std::string& id = steps_[finished.step].id;
            bool told = !steps_[finished.step].quiet || finished.result.status == Status::failed;
            std::string text = told ? finished_line(id, finished) + "\n" : "";
            for (const std::string& warning : finished.result.warnings)
              text += "⚠ " + id + ": " + shorten(warning, k_line_columns) + "\n";
            say(Kind::ended, finished.step, std::move(text));
            count(finished.step);
          },
          [&](const StepReused& reused) {
            count(reused.step);
            const bool part = families_.contains(reused.step) && families_[reused.step].parent != k_no_step;
            std::string text;
            if (!part && !steps_[reused.step].quiet)
              text = "♻ " + steps_[reused.step].id + ": reused from " + reused.run + "\n";
            say(Kind::ended, reused.step, std::move(text));
          },
          [&](const StepNotRun& left) {
            count(left.step);
            if (!steps_[left.step].quiet)
              say(Kind::said, left.step,
                  (left.status == Status::cancelled ? "⏹ " : "⏭ ") + steps_[left.step].id + ": " +
                      std::string(to_string(left.status)) +
                      (left.reason.empty() ? "" : ": " + shorten(left.reason, k_line_columns)) + "\n");
          },
          [&](const BackgroundEnded& ended) {
            if (ended.early)
              say(Kind::said, ended.step,
                  "⚠ " + steps_[ended.step].id + ": " + background_words(ended) + "\n");
          },
          [&](const RunStopping& stopping) {
            if (stopping.reason != StopReason::interrupt)  // interrupted() has told it
              say(Kind::said, k_no_step, reason_word(stopping.reason) + "\n");
          },
          [](const RunFinished&) {},
      },
      event.what);
}

void ProgressObserver::interrupted(bool again) {
  say(News::Kind::said, k_no_step,
      again ? "stopping at once\n" : "stopping ... (Ctrl-C again to stop at once)\n");
}

void ProgressObserver::show() {
  constexpr std::size_t k_enough = 1 << 16;
  constexpr std::chrono::hours k_long(1);  // some systems can't wait for the end of time
  for (bool over = false; !over;) {
    std::string text;
    std::optional<News> news = mailbox_.take_until(std::min(view_->next_tick(), clock_.steady() + k_long));
    while (news) {
      text += view_->on(*news);
      over = news->kind == News::Kind::over;
      if (over || text.size() > k_enough) break;
      news = mailbox_.take_until(clock_.steady());
    }
    text += view_->tick(clock_.steady());
    if (!text.empty()) console_.err(text);
  }
}

}  // namespace rustchain
