// One run of one mission, with all that listens to it.
#pragma once

#include "rustchain/engine.hpp"
#include "rustchain/report.hpp"

#include "cli/commands.hpp"
#include "cli/continue_run.hpp"
#include "journal/tape.hpp"
#include "mission/mission_file.hpp"

#include <csignal>
#include <mutex>
#include <optional>

namespace rustchain {

class ProgressObserver;

// Hands signals to the engine that runs now; those that come between two runs, to the next.
class Interrupts {
 public:
  void on_signal(int signal);
  // `progress` may be nullptr; the person who interrupts is told at once, whatever the engine waits for.
  void attach(Engine* engine, ProgressObserver* progress);
  bool any();

 private:
  std::mutex mutex_;
  Engine* engine_ = nullptr;
  ProgressObserver* progress_ = nullptr;
  int signal_ = 0;
};

// `earlier`: what it continues; nullptr: it takes nothing from another run.
RunReport run_mission(App& app, const RunOptions& options, const MissionFile& file, std::optional<Risk> risk,
                      const EarlierRun* earlier, Interrupts& interrupts, Tape& tape);

}  // namespace rustchain
