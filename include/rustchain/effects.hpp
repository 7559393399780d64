// What a step would do to the world, as far as it can be told without doing it: the common ground of plan,
// inference of dependencies, and the safety judge.
#pragma once

#include "rustchain/mission.hpp"

#include <string>
#include <utility>
#include <vector>

namespace rustchain {

struct Effects {
  // A program with its arguments, or a text that a shell reads. `argv` is what the executor would start.
  struct Execution {
    std::vector<std::string> argv;
    std::string script;         // not empty: `argv` is the shell, this is what it is given
    std::string platform = {};  // of a command for one platform alone
  };

  std::vector<Execution> executes;
  std::vector<std::string> reads;     // paths as the step has them, references and all
  std::vector<std::string> writes;    // paths
  std::vector<std::string> deletes;   // paths
  std::vector<std::string> connects;  // URLs
  std::vector<std::string> missions;  // mission files that are run, seen from the mission's own directory
  std::string method;                 // of the request to `connects`; empty: GET
  std::vector<std::string> sends;     // texts that go there: bodies, prompts
  bool credentials = false;           // goes there too
  // What is known of what is written: path and text.
  std::vector<std::pair<std::string, std::string>> contents;
};

}  // namespace rustchain
