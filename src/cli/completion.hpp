// What completes the commands in a shell, and the manual page: made of the same descriptions as --help. Pure.
#pragma once

#include "cli/help.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

// What may stand in a place of the command line.
struct Candidates {
  enum class Kind : std::uint8_t { nothing, words, missions, files, directories, runs };
  Kind kind = Kind::nothing;
  std::vector<std::string> words;
};
// By what --help calls it: "MISSION", "FILE", "text|json", "TYPE".
Candidates candidates(std::string_view value);

// What `command` takes besides its options, in order; the last one may stand again and again.
std::vector<Candidates> operand_candidates(const CommandHelp& command);

std::string bash_completion(const std::vector<CommandHelp>& commands);
std::string zsh_completion(const std::vector<CommandHelp>& commands);
std::string fish_completion(const std::vector<CommandHelp>& commands);

// rustchain(1), for man.
std::string manual_page(const std::vector<CommandHelp>& commands);

}  // namespace rustchain
