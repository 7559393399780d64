// What was typed: the arguments as plain structs.
#include "cli/options.hpp"

#include "rustchain/version.hpp"

#include "cli/command_table.hpp"
#include "cli/help.hpp"
#include "cli/option_kinds.hpp"
#include "mission/suggest.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <string_view>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace rustchain {
namespace {

OptionsEnd wrong(const std::string& message, const std::string& help) {
  return {ExitCode::usage, "error: " + message + "\n" + (help.empty() ? "" : "  help: " + help + "\n")};
}

// The place of the first argument that is neither an option nor an option's value.
std::size_t find_command_word(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--color") {
      ++i;
    } else if (arguments[i].empty() || arguments[i][0] != '-' || arguments[i] == "-") {
      return i;
    }
  }
  return arguments.size();
}

OptionsEnd unknown_command(const std::string& word) {
  std::vector<std::string_view> names = {"mission", "help"};
  for (const CommandRow& row : command_table()) names.push_back(row.name);
  if (auto near = nearest(word, names, 5))
    return wrong("there is no command '" + word + "'", "did you mean 'rustchain " + *near + "'?");
  // The beginning of one, as people shorten it or end it otherwise.
  for (std::string_view longer : names)
    if (word.size() > 2 && longer.starts_with(word.substr(0, word.size() - 1)))
      return wrong("there is no command '" + word + "'",
                   "did you mean 'rustchain " + std::string(longer) + "'?");
  bool file = word.ends_with(".yaml") || word.ends_with(".yml") || word.ends_with(".json");
  return wrong("there is no command '" + word + "'",
               file ? "to run a mission: rustchain run " + shell_quote(word)
                    : "'rustchain --help' lists the commands");
}

OptionsEnd unknown_option(const std::string& given, const CLI::App& app, std::string_view command) {
  std::string name = given.substr(0, given.find('='));
  std::string whose = command.empty() ? "rustchain" : "rustchain " + std::string(command);
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    if (!option->get_group().empty())
      for (const std::string& known : option->get_lnames()) names.push_back("--" + known);
  std::vector<std::string_view> known(names.begin(), names.end());
  std::string message = "'" + whose + "' has no option '" + name + "'";
  if (auto near = nearest(name, known, 6)) return wrong(message, "did you mean '" + *near + "'?");
  for (const std::string& longer : names)
    if (name.size() > 3 && longer.starts_with(name)) return wrong(message, "did you mean '" + longer + "'?");
  return wrong(message, "'" + whose + " --help' lists the options");
}

// The arguments of `command` into what its declaration bound to the app.
std::optional<OptionsEnd> read(CLI::App& app, std::vector<std::string> arguments, const CommandRow* command,
                               const Globals& globals) {
  std::string whose = command != nullptr ? "rustchain " + std::string(command->name) : "rustchain";
  std::string see = "'" + whose + " --help' shows how";
  std::reverse(arguments.begin(), arguments.end());
  std::optional<OptionsEnd> problem;
  try {
    app.parse(arguments);
  } catch (const CLI::RequiredError&) {
    problem =
        command != nullptr && command->operands.starts_with("MISSION")
            ? wrong("'" + whose + "' needs a mission file",
                    "name one, or '-' for standard input; 'rustchain list' shows those of a directory")
            : wrong("'" + whose + "' needs more: " + std::string(command != nullptr ? command->operands : ""),
                    see);
  } catch (const CLI::ValidationError& error) {
    problem = wrong(error.what(), see);
  } catch (const CLI::ArgumentMismatch& error) {
    std::string what = error.what();
    problem =
        wrong("option '" + what.substr(0, what.find(':')) + "' of '" + whose + "' lacks its value", see);
  } catch (const CLI::ParseError& error) {
    problem = wrong(error.what(), see);
  }
  if (globals.help) {
    return OptionsEnd{ExitCode::success, help_page(command != nullptr ? command->name : "")};
  }
  if (globals.version) return OptionsEnd{ExitCode::success, "rustchain " + std::string(version()) + "\n"};
  // An option that isn't known explains best why another argument is missing or too many.
  for (const std::string& extra : app.remaining()) {
    if (extra.size() > 1 && extra[0] == '-' && extra != "--")
      return unknown_option(extra, app, command != nullptr ? command->name : "");
  }
  if (problem) return problem;
  std::vector<std::string> extras = app.remaining();
  std::erase(extras, "--");
  if (extras.empty()) return std::nullopt;
  return wrong("'" + whose + "' has no use for '" + extras.front() + "'", see);
}

// `--resume RUN`, whose RUN may be left out: no mission's file looks like the id of a run.
void join_resume(std::vector<std::string>& arguments) {
  auto is_run = [](const std::string& word) {
    return word == "last" || (!word.empty() && word[0] >= '0' && word[0] <= '9' &&
                              word.find_first_not_of("0123456789abcdefTZ-") == std::string::npos);
  };
  constexpr std::string_view given = "--resume=";
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i].starts_with(given)) {
      arguments[i].replace(0, given.size(), k_resume_run + "=");
    } else if (arguments[i] == "--resume" && i + 1 < arguments.size() && is_run(arguments[i + 1])) {
      arguments[i] = k_resume_run + "=" + arguments[i + 1];
      arguments.erase(arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    }
  }
}

}  // namespace

std::variant<Options, OptionsEnd> parse_options(const std::vector<std::string>& arguments) {
  std::vector<std::string> rest = arguments;
  std::string word;
  auto take_word = [&] {
    std::size_t at = find_command_word(rest);
    if (at == rest.size()) return std::string();
    std::string taken = rest[at];
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(at));
    return taken;
  };
  word = take_word();
  if (word == "help") {
    word = take_word();
    rest = {"--help"};
  }
  if (word == "mission") {  // as the predecessor spelt it
    std::string verb = take_word();
    if (verb != "validate" && verb != "list" && verb != "info") {
      return wrong(
          "'rustchain mission' takes validate, list or info" + (verb.empty() ? "" : "; not '" + verb + "'"),
          "the same commands stand alone too: rustchain validate, rustchain list");
    }
    word = verb == "validate" ? "validate" : "list";
  }

  Options options;
  Globals globals;
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  const CommandRow* command = find_command(word);
  if (command != nullptr) command->declare(app, options);
  if (word == "run" || word == "plan") join_resume(rest);
  declare_globals(app, options.common, globals);
  if (command == nullptr && !word.empty()) return unknown_command(word);
  if (auto end = read(app, std::move(rest), command, globals)) return *end;
  if (command == nullptr) return OptionsEnd{ExitCode::usage, help_page("")};

  if (auto* run = std::get_if<RunOptions>(&options.command)) {
    const bool tape = !run->record.empty() || !run->replay.empty();
    if (!run->record.empty() && !run->replay.empty())
      return wrong("--record and --replay can't both be", "leave one of the two out");
    if (tape && run->dry_run)
      return wrong("a --dry-run asks no server, so it needs no tape", "leave one of the two out");
    if (run->dry_run) {
      if (!run->reports.empty())
        return wrong("--report has nothing to tell of a --dry-run", "leave one of the two out");
      options.command = PlanOptions{std::move(run->missions), std::move(run->input), std::move(run->earlier),
                                    run->max_parallel, run->output};
    } else if (run->missions.size() > 1 && !run->reports.empty()) {
      return wrong("--report takes one mission at a time: its file holds one run",
                   "run each mission on its own, or use --output json");
    }
  }
  const auto takes_one = [](const auto& chosen) {
    return !chosen.earlier.any() || chosen.missions.size() < 2;
  };
  const auto* run = std::get_if<RunOptions>(&options.command);
  const auto* plan = std::get_if<PlanOptions>(&options.command);
  if ((run && !takes_one(*run)) || (plan && !takes_one(*plan)))
    return wrong("--resume, --from and --only take one mission at a time", "name each mission on its own");
  return options;
}

}  // namespace rustchain
