// What a step would do to the world, as far as it can be told without doing it: the common ground of plan,
// inference of dependencies, and the safety judge.
#pragma once

#include "rustchain/mission.hpp"

#include <string>
#include <vector>

namespace rustchain {

struct Effects {
  // A program with its arguments, or a text that a shell reads. `argv` is what the executor would start.
  struct Execution {
    std::vector<std::string> argv;
    std::string script;  // not empty: `argv` is the shell, this is what it is given
  };

  std::vector<Execution> executes;
  std::vector<std::string> reads;     // paths as the step has them, references and all
  std::vector<std::string> writes;    // paths
  std::vector<std::string> deletes;   // paths
  std::vector<std::string> connects;  // URLs
  std::vector<std::string> missions;  // mission files that are run, seen from the mission's own directory
};

}  // namespace rustchain
