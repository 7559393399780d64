// The record of a run: a line for each event, each carrying the hash of the one before.
#pragma once

#include "rustchain/event.hpp"
#include "rustchain/services.hpp"

#include "journal/large_values.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace rustchain {

inline constexpr int k_journal_version = 1;

// A line is {"seq":N,"at":...,"event":...,"prev":HASH,"hash":HASH}: the event as event_to_json has it, the
// line's number from 1 on, the hash of the line before (of the first: 64 zeros), and last the SHA-256 of all
// bytes of this line before `,"hash"`. The first line also has "format_version" after its number. So whatever
// is changed, taken out, doubled or moved breaks the chain. It finds accidents and edits, not an attacker who
// writes the whole file anew.
class JournalWriter : public Observer {
 public:
  using Append = std::function<Result<Done, Failure>(std::string_view line)>;

  // `keep` is asked to keep a large text of a step's output; `result` is that step's.
  using Keep = std::function<std::optional<std::string>(const StepResult& result, std::string_view text)>;
  JournalWriter(Append append, Keep keep) : append_(std::move(append)), keep_(std::move(keep)) {}

  void on(const Event& event) override;
  // Why the record ends before the run does; empty: it doesn't.
  const std::string& failure() const { return failure_; }

 private:
  void add(const Event& event);

  Append append_;
  Keep keep_;
  std::uint64_t lines_ = 0;
  std::string line_;  // the last one
  std::string last_hash_ = std::string(64, '0');
  std::string failure_;
};

// Events that are told to people while they happen, and not recorded.
bool is_live_only(const Event& event);

}  // namespace rustchain
