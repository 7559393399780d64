// Progress on a terminal: what has happened scrolls by, what goes on stands below and is drawn over.
#include "cli/progress.hpp"
#include "util/format.hpp"
#include "util/utf8.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace rustchain {
namespace {

constexpr std::chrono::milliseconds k_frame(100);
constexpr std::chrono::milliseconds k_answer_frame(16);  // while somebody reads along with an answer

class TerminalProgress : public ProgressView {
 public:
  TerminalProgress(std::vector<ProgressStep> steps, const Terminal& terminal, bool color)
      : steps_(std::move(steps)),
        columns_(std::max(20u, terminal.columns)),
        most_lines_(terminal.rows > 4 ? terminal.rows - 3 : 1),
        color_(color) {}

  std::string on(const News& news) override {
    switch (news.kind) {
      case News::Kind::added: steps_.push_back(news.added); break;
      case News::Kind::started:
        running_[news.step] = {news.at, news.text, {}, {}, news.expected_seconds, {}, {}, 0};
        break;
      case News::Kind::progressed:
        if (auto found = running_.find(news.step); found == running_.end())
          break;
        else if (news.text.empty())
          found->second.progress = news.progress;
        else
          found->second.what = news.text;
        break;
      case News::Kind::wrote:
        write(news);
        next_frame_ = std::min(next_frame_, last_frame_ + k_answer_frame);
        break;
      case News::Kind::ended:
        if (auto found = running_.find(news.step); found != running_.end()) {
          if (!found->second.answer.empty()) quote(news.step, found->second.answer);
          running_.erase(found);
        }
        scrolled_ += news.text;
        break;
      case News::Kind::said: scrolled_ += news.text; break;
      case News::Kind::over: running_.clear(); break;
    }
    return {};
  }

  std::string tick(SteadyTime now) override {
    bool clear = running_.empty() && drawn_ > 0;
    if (scrolled_.empty() && !clear && (running_.empty() || now < next_frame_)) return {};
    last_frame_ = now;
    next_frame_ = now + k_frame;
    std::string text = erase() + std::exchange(scrolled_, {});
    return text + draw(now);
  }

  SteadyTime next_tick() const override { return running_.empty() ? SteadyTime::max() : next_frame_; }

 private:
  struct Running {
    SteadyTime started;
    std::string what;
    Progress progress;
    std::string answer;  // the unfinished last line of what it writes
    std::optional<double> expected_seconds;
    SteadyTime first_piece;  // of its answer
    SteadyTime last_piece;
    std::uint32_t pieces = 0;
  };

  std::string dim(const std::string& text) const { return color_ ? "\x1b[2m" + text + "\x1b[0m" : text; }

  // Where several run, each line says whose it is.
  void quote(StepIndex step, std::string_view line) {
    std::string whose = running_.size() > 1 ? steps_[step].id + " " : "";
    scrolled_ += dim("  " + whose + "│ " + visible(line)) + "\n";
  }

  void write(const News& news) {
    const StepIndex step = news.step;
    auto found = running_.find(step);
    if (found == running_.end()) return;
    if (found->second.pieces++ == 0) found->second.first_piece = news.at;
    found->second.last_piece = news.at;
    std::string& answer = found->second.answer;
    answer += news.text;
    std::size_t begin = 0;
    for (std::size_t end; (end = answer.find('\n', begin)) != std::string::npos; begin = end + 1)
      quote(step, std::string_view(answer).substr(begin, end - begin));
    answer.erase(0, begin);
  }

  std::string erase() {
    if (drawn_ == 0) return {};
    return "\x1b[" + std::to_string(std::exchange(drawn_, 0)) + "A\r\x1b[J";
  }

  std::string draw(SteadyTime now) {
    std::string text;
    for (const auto& [index, step] : running_) {
      if (drawn_ + 1 == most_lines_ && running_.size() > most_lines_) {
        text += "⏳ ... and " + std::to_string(running_.size() - drawn_) + " more\n";
        ++drawn_;
        break;
      }
      text += line(index, step, now) + "\n";
      ++drawn_;
    }
    return text;
  }

  // Servers send a token in a piece, mostly: so "about". The number of the server comes with its last piece.
  static std::string rate(const Running& step) {
    constexpr double k_long_enough = 0.5;  // seconds
    const double seconds = Seconds(step.last_piece - step.first_piece).count();
    if (step.pieces < 2 || seconds < k_long_enough) return {};
    const double per_second = (step.pieces - 1) / seconds;
    return ", about " + format_number(std::round(per_second * 10) / 10) + " tokens/s";
  }

  std::string line(StepIndex index, const Running& step, SteadyTime now) const {
    std::string head = steps_[index].id + " " + format_duration(Seconds(now - step.started).count());
    if (step.expected_seconds) head += " of about " + format_duration(*step.expected_seconds);
    std::string tail = step.what;
    if (!steps_[index].silent) {
      if (step.progress.lines > 0) head += ", " + format_count(step.progress.lines, "line");
      head += rate(step);
      if (!step.progress.last_line.empty()) tail = step.progress.last_line;
      if (!step.answer.empty()) tail = step.answer;
    }
    // One column stays free: some terminals wrap when the last one is filled.
    return "⏳ " + shorten(tail.empty() ? head : head + ": " + tail, columns_ - 4);
  }

  std::vector<ProgressStep> steps_;
  std::size_t columns_;
  std::size_t most_lines_;
  bool color_;
  std::map<StepIndex, Running> running_;
  std::string scrolled_;   // whole lines that are to be written above the running steps
  std::size_t drawn_ = 0;  // lines of the last frame
  SteadyTime last_frame_{};
  SteadyTime next_frame_{};
};

}  // namespace

std::unique_ptr<ProgressView> make_terminal_progress(std::vector<ProgressStep> steps,
                                                     const Terminal& terminal, bool color) {
  return std::make_unique<TerminalProgress>(std::move(steps), terminal, color);
}

}  // namespace rustchain
