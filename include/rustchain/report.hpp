// What is known of a run when it has ended: the fold of its events, and the input of every renderer.
#pragma once

#include "rustchain/event.hpp"
#include "rustchain/exit_code.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

enum class RunOutcome : std::uint8_t { success, completed_with_warnings, failed, interrupted };
constexpr std::string_view to_string(RunOutcome outcome) {
  constexpr std::array<std::string_view, 4> words = {"success", "completed_with_warnings", "failed",
                                                     "interrupted"};
  return words[static_cast<std::size_t>(outcome)];
}

// An attempt that failed and was followed by another.
struct Retry {
  std::uint32_t attempt = 1;
  WallTime ended{};
  double delay_seconds = 0;  // from then to the next attempt
  FailureKind kind = FailureKind::none;
  std::string error;
};

struct StepReport {
  RunStarted::StepInfo info;
  bool started = false;
  bool ended = false;
  bool pending = false;  // it has not ended, and its run goes on while this is told
  Status status = Status::cancelled;
  StepResult result;   // of one that ran
  std::string what;    // the command line, the URL ...
  std::string reason;  // of one that didn't run
  StepIndex cause = k_no_step;
  StepIndex parent = k_no_step;  // of an item of a foreach, and of a step of a mission that a step ran
  bool allowed = false;          // its failure doesn't fail the run
  std::uint32_t attempts = 0;
  std::vector<Retry> retries;
  WallTime started_at{};
  std::uint32_t began_as = 0;  // 1: the first step of the run that started, or was reused
  std::uint32_t ended_as = 0;  // 1: the first step of the run that ended, 2: the second ...
  double duration_seconds = 0;
  TimeoutChosen timeout;
  ResourceLimits limits;
  std::vector<LimitWarning> limit_warnings;
  std::vector<ProcessKilled> killed;
  std::optional<Expectation> expected;
  std::optional<BackgroundEnded> background;  // of a step whose process outlived it
  std::string reused_from;                    // the run that it ran in; empty: it wasn't reused
  std::string why;                            // as in StepStarted
  std::string item;                           // as in StepAdded
  StepBasis basis;
  std::vector<FileMark> wrote;
  bool masked = false;
};

struct RunReport {
  RunStarted run;
  WallTime started{};
  double duration_seconds = 0;
  RunOutcome outcome = RunOutcome::interrupted;
  ExitCode exit_code = ExitCode::internal_error;
  bool time_limit = false;
  std::string size_limit;  // as in RunFinished
  int signal = 0;
  bool finished = false;  // it came to its end, whatever that was
  bool running = false;   // it goes on while this is told: its outcome is not known yet
  std::vector<StepReport> steps;
  std::array<std::uint32_t, 5> counts{};  // by Status; steps without a parent
  std::uint32_t reused = 0;               // of them: not run, as an earlier run's result holds

  std::uint32_t count(Status status) const { return counts[static_cast<std::size_t>(status)]; }
  // The step that began the trouble: the first that failed and isn't allowed to; k_no_step: none.
  StepIndex first_failure() const;
  // Where the failure of a step began: itself, or the first of its items or inner steps that failed.
  StepIndex origin(StepIndex failed) const;
};

// Takes events as they come; report() is right at any time (a run without its end is interrupted).
class ReportBuilder : public Observer {
 public:
  void on(const Event& event) override;
  RunReport report() const& { return ReportBuilder(*this).report(); }
  RunReport report() &&;  // uses the builder up

 private:
  RunReport report_;
  std::uint32_t began_ = 0;
  std::uint32_t ended_ = 0;
};

}  // namespace rustchain
