// What happens in a run, as it happens: everything that is known about a run is a function of its events.
#pragma once

#include "rustchain/history.hpp"
#include "rustchain/plan.hpp"
#include "rustchain/services.hpp"
#include "rustchain/step_result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace rustchain {

// A file as it was at one moment, as far as two moments can be told apart by it.
struct FileMark {
  std::string path;  // absolute
  bool there = false;
  std::uint64_t size = 0;
  std::int64_t modified = 0;  // nanoseconds since 1970
  std::string hash = {};      // keyed, of small files only

  // By content where both know it, else by size and time.
  bool same_as(const FileMark& other) const {
    if (there != other.there || size != other.size) return false;
    return hash.empty() || other.hash.empty() ? modified == other.modified : hash == other.hash;
  }
};

// What a step's work rests on, for a later run to see whether it would be the same work again. Values are
// keyed hashes: they can be compared, not read. All of it is empty in a run that isn't recorded.
struct StepBasis {
  std::string definition;  // of the step as written, its id and its mission's file with it
  std::string parameters;  // of all that its work gets once references are filled in, but for env
  std::vector<std::pair<std::string, std::string>> env = {};    // the mission's and its own: name, hash
  std::vector<FileMark> reads = {};                             // files that it is known to read
  std::vector<std::pair<std::string, std::string>> needs = {};  // that did not succeed: id, status
  std::vector<std::string> changes = {};  // absolute paths that it is known to write or delete
};

// The limit that a step was given and how it was found ("timeout_seconds in m.yaml:14").
struct TimeoutChosen {
  std::optional<double> seconds;  // absent: none
  std::string how;
};

// What the safety judge said of the mission before the run.
struct Risk {
  int score = 0;        // 0 to 100
  std::string verdict;  // "passed": what is refused doesn't start
};

struct RunStarted {
  struct StepInfo {
    std::string id;
    std::string name;
    std::string type;
    Location at;
    std::vector<std::string> depends_on;  // ids, as written
    std::vector<std::string> inferred;    // ids
    std::string file = {};                // where it stands, if that isn't the mission itself
  };
  std::string run_id;
  std::string mission;
  std::string version;
  std::string file;       // as typed
  std::string directory;  // where outputs are kept; empty: nowhere
  std::uint32_t max_parallel = 1;
  ErrorHandling hints;            // which ones are shown
  std::vector<StepInfo> steps;    // those of `finally` last
  std::optional<Risk> risk = {};  // absent: nobody was asked (--safety off)
  std::string path = {};          // of the mission's file, absolute; empty: standard input
  std::string continues = {};     // the run whose results are reused where they still hold
  std::string again = {};         // the command line that will continue this run; empty: nothing can
};

// A step that comes to be while the run goes on: an item of a foreach, or a step of a mission that is run as
// a step. It then starts and ends as any other; the end of its parent comes after it.
struct StepAdded {
  StepIndex step = 0;  // the next number, from the count of RunStarted::steps on
  StepIndex parent = 0;
  std::uint32_t siblings = 1;  // how many the parent is going to have, this one counted
  RunStarted::StepInfo info;   // id: "build[3]", "lint/check"
  std::string item = {};  // of a foreach: the keyed hash of its value, "#2" after it for the second alike
};

struct StepStarted {
  StepIndex step = 0;
  std::uint32_t attempt = 1;
  std::string what;  // the command line, the URL, the path: what a person would call this step's work
  TimeoutChosen timeout;
  std::optional<Expectation> expected;  // from earlier runs
  ResourceLimits limits = {};           // those that it is held to
  StepBasis basis = {};
  std::string why = {};  // where results might have been reused: why this isn't
};

// A step comes near one of its limits, or is past it.
struct LimitWarning {
  StepIndex step = 0;
  std::string limit;  // the key: max_memory_mb, max_cpu_percent, max_disk_io_mb_per_sec
  double measured = 0;
  double allowed = 0;   // both in the key's unit
  std::string message;  // "takes 210.5 MB of memory, 82 % of what max_memory_mb allows"
};

// A process that did not end by itself.
struct ProcessKilled {
  StepIndex step = 0;
  EndedProcess process;
  std::string asked_by;  // a StopReason's word, or left_over: its step had ended without it
};

struct StepProgressed {  // live only: never recorded
  StepIndex step = 0;
  Progress progress;
};

struct StepWrote {  // live only: a piece of an answer
  StepIndex step = 0;
  std::string text;
};

struct StepRetried {
  StepIndex step = 0;
  std::uint32_t attempt = 1;  // the one that failed
  double delay_seconds = 0;
  FailureKind kind = FailureKind::none;
  std::string error;
};

struct StepFinished {
  StepIndex step = 0;
  StepResult result;
  std::uint32_t attempts = 1;
  double duration_seconds = 0;
  bool allowed = false;              // it failed, and continue_on_error says that the run doesn't
  std::vector<FileMark> wrote = {};  // the files of its basis, as they are now
  bool masked = false;               // its output holds *** for secrets (is_echo aside)
};

// A step that was not run, because an earlier run's result still holds. Of a step with items, and of one that
// runs a mission: that holds for all of its parts.
struct StepReused {
  StepIndex step = 0;
  std::string run;  // the one that it ran in
  StepResult result;
  std::uint32_t attempts = 1;  // this and the following: as they were then
  double duration_seconds = 0;
  std::string what = {};
  StepBasis basis = {};
  std::vector<FileMark> wrote = {};
};

struct StepNotRun {
  StepIndex step = 0;
  Status status = Status::skipped;  // or cancelled
  StepIndex needs = k_no_step;
  StepIndex cause = k_no_step;
  std::string reason;  // "needs auth_check, which failed (exit code 2)"
};

// A process that outlived its step (`background: true`) has ended.
struct BackgroundEnded {
  StepIndex step = 0;             // that started it
  bool early = false;             // by itself, before the run was over
  std::string how;                // "exit code 1", "signal 11", "stopped when the run was over"
  std::vector<StepIndex> during;  // early: the steps that ran then, or else the next one
};

// An early end as a sentence.
inline std::string background_words(const BackgroundEnded& ended) {
  return "its background process ended before the run: " + ended.how;
}

struct RunStopping {  // running steps were told to end
  StopReason reason = StopReason::none;
  bool at_once = false;
};

struct RunFinished {
  bool time_limit = false;
  int signal = 0;  // SIGINT, SIGTERM: the one that ended the run
  double duration_seconds = 0;
  std::string size_limit = {};  // how the working directory got too large; empty: it didn't
};

struct Event {
  WallTime at;
  std::variant<RunStarted, StepAdded, StepStarted, StepProgressed, StepWrote, LimitWarning, ProcessKilled,
               StepRetried, StepFinished, StepReused, StepNotRun, BackgroundEnded, RunStopping, RunFinished>
      what;
};

// Is told every event, in order, by one thread at a time.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on(const Event& event) = 0;
};

}  // namespace rustchain
