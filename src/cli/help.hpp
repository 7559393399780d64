// What the commands and their options are called and do, as plain data and as --help.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

struct OptionHelp {
  std::vector<std::string> names;  // "-q", "--quiet"
  std::string value;               // what it takes: "FILE", "text|json"; empty: nothing
  std::string doc;
};

struct CommandHelp {
  std::string_view name;
  std::string_view operands;
  std::string_view summary;
  std::string_view examples;  // lines
  std::vector<OptionHelp> options;
};

// All commands, in the order in which people are shown them; each with the options that every command takes.
std::vector<CommandHelp> describe_commands();
// The options that stand without a command too.
std::vector<OptionHelp> describe_common_options();

// The exit codes as a few lines, without an indent.
std::string_view exit_code_help();

// What --help prints. `command` empty: of the program as a whole.
std::string help_page(std::string_view command);

}  // namespace rustchain
