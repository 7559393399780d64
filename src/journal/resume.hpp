// Which results of an earlier run still hold. Pure: what is asked of the world comes with the question.
#pragma once

#include "rustchain/earlier.hpp"
#include "rustchain/report.hpp"

#include "journal/large_values.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace rustchain {

struct ResumeWishes {
  std::unordered_set<std::string> from;      // these, and what needs them, run again
  std::unordered_set<std::string> only;      // these run; not empty: nothing else does
  std::unordered_set<std::string> taken;     // what those need: their results are taken, whatever has changed
  std::unordered_set<std::string> accepted;  // may run a second time, though not idempotent
};

// The result of a step in an earlier run.
struct EarlierStep {
  const RunReport* run = nullptr;  // where it is told of
  const StepReport* step = nullptr;
  std::uint64_t order = 0;  // by when steps began, over all runs

  // The run in which its work was done.
  const std::string& ran_in() const {
    return step->reused_from.empty() ? run->run.run_id : step->reused_from;
  }
};

// A run, with those that it continued as far as they are still there: it may have ended before it came to
// steps that they had done.
class EarlierRun : public Earlier {
 public:
  using ReadValueOf =
      std::function<std::optional<std::string>(const RunReport& run, const std::string& name)>;

  // `runs`: the one that is continued first. `read` gives the large values of their outputs.
  EarlierRun(std::vector<RunReport> runs, ResumeWishes wishes, ReadValueOf read);

  std::optional<std::string> left_out(const std::string& key) const override;
  Decision decide(const StepQuestion& question) const override;

  const RunReport& report() const { return runs_.front(); }
  // By StepQuestion::key; nullptr: they know no such step.
  const EarlierStep* find(const std::string& key) const;
  // Started, and not told of their end: what was running when the power went. The innermost ones.
  std::vector<EarlierStep> cut_off() const;

 private:
  void add(const RunReport& run, std::uint64_t first);
  // What is to be said against taking the step's result; empty: nothing.
  std::string against(const EarlierStep& earlier, const StepQuestion& question) const;
  std::string changed_files(const EarlierStep& earlier, const StepQuestion& question) const;
  bool changed_later(const EarlierStep& earlier, const std::string& path) const;

  const std::vector<RunReport> runs_;
  const ResumeWishes wishes_;
  const ReadValueOf read_;
  std::unordered_map<std::string, EarlierStep> by_key_;
  // When the last of the steps began that change the file, by path.
  std::unordered_map<std::string, std::uint64_t> last_change_;
};

// Whether the run did all that it was asked for, and was asked for all of it.
bool nothing_left(const RunReport& run);

// "build" of "build[HASH]", "lint" of "lint/check".
std::string top_of(const std::string& key);

// What a step does when its work starts again on what it may have half done: "it may have changed a.txt".
std::string half_done(const StepReport& step);

// Why the step ended as it did, for somebody who wants it to run: "it failed (exit code 2)".
std::string how_it_ended(const StepReport& step);

}  // namespace rustchain
