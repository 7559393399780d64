// What the commands and their options are called and do, as plain data and as --help.
#include "cli/help.hpp"

#include "cli/command_table.hpp"
#include "cli/option_kinds.hpp"
#include "util/text.hpp"

namespace rustchain {
namespace {

std::vector<OptionHelp> options_of(const CLI::App& app) {
  std::vector<OptionHelp> options;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional() || option->get_group().empty()) continue;
    OptionHelp help;
    for (const std::string& name : option->get_snames()) help.names.push_back("-" + name);
    for (const std::string& name : option->get_lnames()) help.names.push_back("--" + name);
    if (option->get_expected_max() > 0) help.value = option->get_type_name();
    help.doc = option->get_description();
    options.push_back(std::move(help));
  }
  return options;
}

CommandHelp describe(const CommandRow& row) {
  CLI::App app;
  Options options;
  Globals globals;
  app.set_help_flag();
  row.declare(app, options);
  declare_globals(app, options.common, globals);
  return {row.name, row.operands, row.summary, row.examples, options_of(app)};
}

std::string indent(std::string_view lines) {
  std::string all;
  for (std::string_view line : split(lines, '\n'))
    if (!line.empty()) all += "  " + std::string(line) + "\n";
  return all;
}

std::string row(const std::string& left, std::string_view right) {
  constexpr std::size_t k_width = 30;
  std::string line = "  " + left;
  if (line.size() + 2 > k_width) {
    line += '\n';
    line.append(k_width, ' ');
  } else {
    line.append(k_width - line.size(), ' ');
  }
  return line += std::string(right) + "\n";
}

std::string option_list(const std::vector<OptionHelp>& options) {
  std::string text = "Options:\n";
  for (const OptionHelp& option : options) {
    std::string names = option.names.front().starts_with("--") ? "    " : "";
    for (const std::string& name : option.names) names += (&name == &option.names.front() ? "" : ", ") + name;
    text += row(option.value.empty() ? names : names + " " + option.value, option.doc);
  }
  return text;
}

std::string command_page(const CommandHelp& command) {
  return std::string(command.summary) + "\n\nExamples:\n" + indent(command.examples) + "\nUsage: rustchain " +
         std::string(command.name) + (command.operands.empty() ? "" : " ") + std::string(command.operands) +
         " [options]\n" +
         (command.operands.find("MISSION") != std::string_view::npos ? "  MISSION '-' is standard input.\n"
                                                                     : "") +
         "\n" + option_list(command.options);
}

std::string program_page() {
  std::string text =
      "rustchain runs missions: YAML files whose steps are commands, files, HTTP and LLM calls.\n\n"
      "Examples:\n"
      "  rustchain validate missions/hello_world.yaml   find what is wrong with a mission\n"
      "  rustchain plan missions/hello_world.yaml       see what would run\n"
      "  rustchain run missions/hello_world.yaml        run it\n"
      "\nUsage: rustchain COMMAND [options]\n\nCommands:\n";
  for (const CommandRow& command : command_table()) text += row(std::string(command.name), command.summary);
  return text + "\n" + option_list(describe_common_options()) + "\n" + std::string(exit_code_help()) +
         "'rustchain COMMAND --help' shows a command's options.\n";
}

}  // namespace

std::vector<CommandHelp> describe_commands() {
  std::vector<CommandHelp> commands;
  for (const CommandRow& row : command_table()) commands.push_back(describe(row));
  return commands;
}

std::vector<OptionHelp> describe_common_options() {
  CLI::App app;
  CommonOptions common;
  Globals globals;
  app.set_help_flag();
  declare_globals(app, common, globals);
  return options_of(app);
}

std::string_view exit_code_help() {
  return "Exit codes: 0 success, 1 a step failed, 2 wrong usage, 3 invalid mission, 4 refused by safety, "
         "5 internal error,\n"
         "  124 the run's time limit, 130 and 143 interrupted. 'rustchain explain' tells more.\n";
}

std::string help_page(std::string_view command) {
  const CommandRow* row = find_command(command);
  return row != nullptr ? command_page(describe(*row)) : program_page();
}

}  // namespace rustchain
