// The table of commands: what each takes, and how it is explained.
#pragma once

#include "cli/options.hpp"

#include <span>
#include <string_view>

namespace CLI {
class App;
}

namespace rustchain {

// Help, completion and the manual page come from these rows and from what they declare.
struct CommandRow {
  std::string_view name;
  std::string_view operands;
  std::string_view summary;
  std::string_view examples;  // lines
  void (*declare)(CLI::App& app, Options& options);
};

std::span<const CommandRow> command_table();
// nullptr: there is no such command.
const CommandRow* find_command(std::string_view name);

struct Globals {
  bool help = false;
  bool version = false;
};
// The options that every command takes, and that stand without one too.
void declare_globals(CLI::App& app, CommonOptions& common, Globals& globals);

}  // namespace rustchain
