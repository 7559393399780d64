// What people are shown while a run goes on. Events come from the engine's thread; one thread of its own
// shows them, so that a slow terminal holds up no step and only one thread writes to it.
#pragma once

#include "rustchain/event.hpp"

#include "cli/console.hpp"
#include "util/mailbox.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace rustchain {

struct ProgressStep {
  std::string id;
  bool silent = false;  // progress_callback: false
  bool quiet = false;   // one of so many that its start and its success are no news
};

// An event cut down to what is shown of it.
struct News {
  enum class Kind : std::uint8_t { added, started, progressed, wrote, said, ended, over };
  Kind kind = Kind::said;
  StepIndex step = k_no_step;
  SteadyTime at{};
  // started: what the step does; progressed: how many of its items have ended; wrote: a piece of an answer;
  // said, ended: whole lines
  std::string text;
  Progress progress;
  std::optional<double> expected_seconds = {};  // started: as long as it took before
  ProgressStep added = {};                      // the one that `step` will be
};

// Turns news into text for standard error. Each call gives what is to be written now.
class ProgressView {
 public:
  virtual ~ProgressView() = default;
  virtual std::string on(const News& news) = 0;
  // To be called when its time has come, and after the last of several on().
  virtual std::string tick(SteadyTime now) = 0;
  virtual SteadyTime next_tick() const = 0;
};

// A line for each thing that happens, and one every ten seconds for a step that goes on.
std::unique_ptr<ProgressView> make_plain_progress(std::vector<ProgressStep> steps);
// The same, but running steps have a line each at the bottom of the terminal, which is drawn over.
std::unique_ptr<ProgressView> make_terminal_progress(std::vector<ProgressStep> steps,
                                                     const Terminal& terminal, bool color);

class ProgressObserver : public Observer {
 public:
  // `view` shows the steps by their index in the run.
  ProgressObserver(Console& console, Clock& clock, std::vector<ProgressStep> steps, bool verbose);
  ~ProgressObserver() override;  // returns when all is shown
  ProgressObserver(const ProgressObserver&) = delete;
  ProgressObserver& operator=(const ProgressObserver&) = delete;

  void on(const Event& event) override;
  // From any thread: somebody has interrupted the run. The engine may tell of it only when a step has ended.
  void interrupted(bool again);

 private:
  void say(News::Kind kind, StepIndex step, std::string text);
  void add(const StepAdded& added);
  void count(StepIndex step);
  void show();

  Console& console_;
  Clock& clock_;
  struct Family {
    StepIndex parent = k_no_step;
    std::uint32_t children = 0;
    std::uint32_t ended = 0;
  };
  std::vector<ProgressStep> steps_;
  std::unordered_map<StepIndex, Family> families_;  // of steps that have a parent or are one
  bool verbose_;
  std::unique_ptr<ProgressView> view_;
  Mailbox<News> mailbox_;
  std::thread thread_;
};

// The line that a finished step gets: "✅ build (1.2s)".
std::string finished_line(const std::string& id, const StepFinished& finished);
// The first line, made fit for a terminal, at most `most` columns wide.
std::string shorten(std::string_view text, std::size_t most);

}  // namespace rustchain
