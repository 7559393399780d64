// A mission as a whole: each step's effects, what one step writes and another runs, where values come from,
// and the verdict on all of it. Pure.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/effects.hpp"
#include "rustchain/node.hpp"

#include "safety/judge.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace rustchain {

// A step ready to be judged: references are filled in where the value is known, and are marks where it isn't
// (safety/marks.hpp).
struct JudgedStep {
  std::string id;
  std::string type;
  Location at;
  Effects effects;
  // Which of the effects' reads and writes are the step's own: what a command line touches is told by the
  // line.
  std::vector<std::string> reads, writes;
  std::string directory;  // absolute
  std::vector<std::pair<std::string, std::string>>
      variables;                        // that shell texts refer to, and the environment
  std::vector<std::string_view> texts;  // all that is written in the step; the mission owns them
  bool secret_sent = false;             // a secret goes into a prompt or a body
};

struct MissionFinding {
  const SafetyRule* rule = nullptr;
  std::string step;  // id
  Location at;
  std::string subject;
  bool blocks = false;
  std::string allowed;  // the reason why it doesn't block; empty: nothing was allowed
};

// `safety: {mode, allow: [{rule, step, reason, match, expires}]}`: what the mission asks for.
struct SafetyPolicy {
  struct Allow {
    std::string rule, step, reason, match, expires;
    Location at;
  };
  SafetyMode mode = SafetyMode::standard;
  std::vector<Allow> allow;
};
// Whether the entry speaks of this finding. `today`: YYYY-MM-DD.
bool allows(const SafetyPolicy::Allow& allow, const SafetyRule& rule, std::string_view step,
            std::string_view subject, std::string_view today);
// The mode of the mission may only tighten `least`. What is wrong with the node is a diagnostic.
SafetyPolicy read_policy(const Node& safety, SafetyMode least, Diagnostics& problems);

struct MissionVerdict {
  SafetyMode mode = SafetyMode::standard;
  std::vector<MissionFinding> findings;  // in the order of the steps
  int score = 0;
  std::string arithmetic;  // "95 = 90 net.pipe_to_shell (step fetch) + 5 privilege"
  bool blocked = false;
  std::size_t requests = 0;  // blocking findings that the mission asks to have allowed, and nobody has
};

// Files that steps have written so far, and what is known of them.
using WrittenFiles = std::map<std::string, std::string>;
// What one step does, without a verdict. `off`: a rule that isn't looked for (tests).
std::vector<SafetyFinding> judge_step(const JudgedStep& step, const SafetyPlaces& places,
                                      WrittenFiles& written, std::string_view off = {});

// Is given the steps of a mission in their order; one with several items once for each.
class MissionJudge {
 public:
  // `accepted`: the person has said yes to the mission's requests. `today`: YYYY-MM-DD. `policy` and `places`
  // have to outlive it.
  MissionJudge(const SafetyPolicy& policy, const SafetyPlaces& places, bool accepted, std::string today);
  MissionJudge(const MissionJudge&) = delete;
  MissionJudge& operator=(const MissionJudge&) = delete;

  void judge(const JudgedStep& step);
  MissionVerdict verdict() &&;

 private:
  const SafetyPolicy& policy_;
  const SafetyPlaces& places_;
  bool accepted_;
  std::string today_;
  MissionVerdict verdict_;
  WrittenFiles written_;
  int risky_steps_ = 0;  // of a score that standard mode refuses
  // Of the step that was judged last, over all its items:
  std::string step_;
  int step_score_ = 0;
  std::set<std::pair<const SafetyRule*, std::string>> told_;
};

}  // namespace rustchain
