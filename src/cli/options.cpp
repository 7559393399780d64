// What was typed: the arguments as plain structs. The one place that knows CLI11.
#include "cli/options.hpp"

#include "rustchain/version.hpp"

#include "mission/suggest.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace rustchain {
namespace {

// ---- options that several commands take

template <class T>
struct Choice {
  std::string_view word;
  T value;
};

// An option that takes one of a few words. `later`: words that the contract knows and this version doesn't.
template <class T, std::size_t N>
CLI::Option* add_choice(CLI::App& app, const std::string& names, T& target,
                        const std::array<Choice<T>, N>& choices, std::string_view later,
                        const std::string& help) {
  std::string type;
  for (const Choice<T>& choice : choices) type += (type.empty() ? "" : "|") + std::string(choice.word);
  auto set = [&target, choices, later = std::string(later), type, names](const std::string& given) {
    for (const Choice<T>& choice : choices) {
      if (choice.word == given) {
        target = choice.value;
        return;
      }
    }
    std::string flag = names.substr(names.rfind(',') + 1);
    if (has_word(later, given)) throw CLI::ValidationError(flag + " " + given + " isn't in this version");
    throw CLI::ValidationError(flag + " takes " + replace_all(type, "|", ", ") + "; not '" + given + "'");
  };
  return app.add_option_function<std::string>(names, set, help)->type_name(type)->take_last();
}

constexpr std::array k_output_formats = {Choice<OutputFormat>{"text", OutputFormat::text},
                                         Choice<OutputFormat>{"json", OutputFormat::json}};

void add_output(CLI::App& app, OutputFormat& target) {
  add_choice(app, "--output", target, k_output_formats, "jsonl", "What standard output gets");
}

// NAME=VALUE, each time the option is given.
void add_pairs(CLI::App& app, const std::string& flag, const std::string& type,
               std::vector<std::pair<std::string, std::string>>& target, const std::string& help) {
  auto add = [&target, refusal = flag + " takes " + type + "; not '"](const std::vector<std::string>& given) {
    for (const std::string& pair : given) {
      std::size_t sign = pair.find('=');
      if (sign == std::string::npos || sign == 0)
        throw CLI::ValidationError(std::string(refusal).append(pair) + "'");
      target.emplace_back(pair.substr(0, sign), pair.substr(sign + 1));
    }
  };
  app.add_option_function<std::vector<std::string>>(flag, add, help)
      ->type_name(type)
      ->allow_extra_args(false);
}

void add_input(CLI::App& app, InputOptions& input) {
  add_pairs(app, "--var", "NAME=VALUE", input.vars, "Set a variable of the mission; may be given again");
  app.add_option("--vars-file", input.vars_files,
                 "Set the variables that stand in this YAML file (--var wins)")
      ->type_name("FILE")
      ->allow_extra_args(false);
  app.add_flag("--strict", input.strict, "Turn warnings into errors");
}

void add_safety(CLI::App& app, InputOptions& input) {
  std::string& safety = input.safety;
  static constexpr std::array modes = {
      Choice<std::string_view>{"permissive", "permissive"}, Choice<std::string_view>{"standard", "standard"},
      Choice<std::string_view>{"strict", "strict"}, Choice<std::string_view>{"off", "off"}};
  auto set = [&safety](const std::string& given) {
    for (const auto& mode : modes)
      if (mode.word == given) safety = given;
    if (safety != given)
      throw CLI::ValidationError("--safety takes permissive, standard, strict, off; not '" + given + "'");
  };
  app.add_option_function<std::string>("--safety", set, "How strictly to judge (standard)")
      ->type_name("permissive|standard|strict|off")
      ->take_last();
  app.add_flag_callback(
      "-s,--skip-safety", [&safety] { safety = "off"; }, "The same as --safety off");
  app.add_flag("--accept-allow", input.accept_allow, "Allow what the mission asks for under safety.allow");
}

void add_max_parallel(CLI::App& app, std::optional<std::uint32_t>& target) {
  auto set = [&target](const std::string& given) {
    std::uint32_t number = 0;
    auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), number);
    if (error != std::errc() || end != given.data() + given.size() || number == 0)
      throw CLI::ValidationError("--max-parallel takes a whole number from 1 on; not '" + given + "'");
    target = number;
  };
  app.add_option_function<std::string>("--max-parallel", set,
                                       "Run at most so many steps at once, whatever the mission says")
      ->type_name("N")
      ->take_last();
}

CLI::Option* add_missions(CLI::App& app, std::vector<std::string>& missions) {
  return app.add_option("MISSION", missions)->required();
}

// ---- the subcommands

void declare_run(CLI::App& app, Options& options) {
  auto& run = options.command.emplace<RunOptions>();
  add_missions(app, run.missions);
  app.add_flag("-d,--dry-run", run.dry_run, "Show what would run, and do nothing (= rustchain plan)");
  add_input(app, run.input);
  add_max_parallel(app, run.max_parallel);
  add_safety(app, run.input);
  add_pairs(app, "--report", "FORMAT=PATH", run.reports,
            "Write a report of the run (json, text); may be given again");
  auto* record = app.add_option("--record", run.record, "Keep every exchange with a server on this tape");
  auto* replay = app.add_option("--replay", run.replay, "Take the servers' answers from this tape");
  for (CLI::Option* tape : {record, replay}) tape->type_name("TAPE")->take_last();
  add_output(app, run.output);
  app.add_flag("--detailed-exitcode", run.detailed_exit_code, "Give 10, not 0, when there were warnings");
}

void declare_validate(CLI::App& app, Options& options) {
  auto& validate = options.command.emplace<ValidateOptions>();
  add_missions(app, validate.missions);
  add_input(app, validate.input);
  add_safety(app, validate.input);
  static constexpr std::array formats = {
      Choice<CheckFormat>{"text", CheckFormat::text}, Choice<CheckFormat>{"json", CheckFormat::json},
      Choice<CheckFormat>{"github", CheckFormat::github}, Choice<CheckFormat>{"sarif", CheckFormat::sarif}};
  add_choice(app, "--output,--format", validate.format, formats, "", "What standard output gets");
}

void declare_plan(CLI::App& app, Options& options) {
  auto& plan = options.command.emplace<PlanOptions>();
  add_missions(app, plan.missions);
  add_input(app, plan.input);
  add_safety(app, plan.input);
  add_max_parallel(app, plan.max_parallel);
  add_output(app, plan.output);
}

void declare_graph(CLI::App& app, Options& options) {
  auto& graph = options.command.emplace<GraphOptions>();
  app.add_option("MISSION", graph.mission)->required();
  add_input(app, graph.input);
  static constexpr std::array formats = {
      Choice<GraphFormat>{"text", GraphFormat::text}, Choice<GraphFormat>{"mermaid", GraphFormat::mermaid},
      Choice<GraphFormat>{"dot", GraphFormat::dot}, Choice<GraphFormat>{"json", GraphFormat::json}};
  add_choice(app, "--output,--format", graph.format, formats, "", "How to draw it");
}

void declare_list(CLI::App& app, Options& options) {
  auto& list = options.command.emplace<ListOptions>();
  app.add_option("PATH", list.path);
  add_output(app, list.output);
}

void declare_steps(CLI::App& app, Options& options) {
  auto& steps = options.command.emplace<StepsOptions>();
  app.add_option("TYPE", steps.type);
  add_output(app, steps.output);
}

void declare_doctor(CLI::App& app, Options& options) {
  auto& doctor = options.command.emplace<DoctorOptions>();
  app.add_option("MISSION", doctor.missions);
  add_input(app, doctor.input);
  add_output(app, doctor.output);
}

void declare_explain(CLI::App& app, Options& options) {
  auto& explain = options.command.emplace<ExplainOptions>();
  app.add_option("WORD", explain.word);
  add_output(app, explain.output);
}

void declare_migrate(CLI::App& app, Options& options) {
  auto& migrate = options.command.emplace<MigrateOptions>();
  app.add_option("MISSION", migrate.mission)->required();
}

void declare_safety(CLI::App& app, Options& options) {
  auto& safety = options.command.emplace<SafetyOptions>();
  static constexpr std::array verbs = {Choice<SafetyOptions::Verb>{"check", SafetyOptions::Verb::check},
                                       Choice<SafetyOptions::Verb>{"explain", SafetyOptions::Verb::explain},
                                       Choice<SafetyOptions::Verb>{"rules", SafetyOptions::Verb::rules},
                                       Choice<SafetyOptions::Verb>{"approve", SafetyOptions::Verb::approve}};
  add_choice(app, "VERB", safety.verb, verbs, "", "")->required();
  app.add_option("OPERAND", safety.operands);
  add_input(app, safety.input);
  add_safety(app, safety.input);
  static constexpr std::array formats = {
      Choice<CheckFormat>{"text", CheckFormat::text}, Choice<CheckFormat>{"json", CheckFormat::json},
      Choice<CheckFormat>{"github", CheckFormat::github}, Choice<CheckFormat>{"sarif", CheckFormat::sarif}};
  add_choice(app, "--output,--format", safety.format, formats, "", "What standard output gets");
  app.add_flag("--json-lines", safety.json_lines,
               "With '-': each line is a JSON string, each answer one JSON object a line");
}

struct CommandRow {
  std::string_view name;
  std::string_view operands;
  std::string_view summary;
  std::string_view examples;  // lines
  void (*declare)(CLI::App& app, Options& options);
};

// To add one: its struct in options.hpp, its declare function, its row, its function in app.cpp.
constexpr auto k_commands = std::to_array<CommandRow>({
    {"run", "MISSION...", "Run missions, one after another.",
     "rustchain run build.yaml\n"
     "rustchain run deploy.yaml --var host=web1 --var retries=3\n"
     "rustchain run tests.yaml --max-parallel 4 --report json=report.json\n"
     "rustchain run review.yaml --record review.tape.json\n"
     "rustchain run review.yaml --replay review.tape.json\n"
     "cat build.yaml | rustchain run -\n",
     declare_run},
    {"validate", "MISSION...", "Say everything that can be known of missions without running them.",
     "rustchain validate build.yaml\n"
     "rustchain validate missions/*.yaml --strict\n"
     "rustchain validate build.yaml --format json\n",
     declare_validate},
    {"plan", "MISSION...",
     "Show what would run, in which order, with which effects and limits. Does nothing.",
     "rustchain plan build.yaml\n"
     "rustchain plan build.yaml --output json\n",
     declare_plan},
    {"graph", "MISSION", "Draw the steps and their dependencies.",
     "rustchain graph build.yaml\n"
     "rustchain graph build.yaml --format mermaid\n"
     "rustchain graph build.yaml --format dot | dot -Tsvg > build.svg\n",
     declare_graph},
    {"list", "[PATH]", "List the missions of a directory (missions/ if it is there, else this one).",
     "rustchain list\n"
     "rustchain list ci --output json\n",
     declare_list},
    {"steps", "[TYPE]", "Show the step types, or all parameters of one with an example.",
     "rustchain steps\n"
     "rustchain steps command\n",
     declare_steps},
    {"migrate", "MISSION",
     "Print an older mission in today's format; what was changed goes to standard error.",
     "rustchain migrate old.yaml > new.yaml\n"
     "rustchain migrate old.json | rustchain validate -\n",
     declare_migrate},
    {"doctor", "[MISSION...]", "Say what this machine has, and what missions need that it hasn't.",
     "rustchain doctor\n"
     "rustchain doctor missions/llm_summary.yaml\n",
     declare_doctor},
    {"safety", "check|explain|rules|approve [OPERAND]...",
     "Judge missions and commands: what is dangerous in them, and why.",
     "rustchain safety check deploy.yaml\n"
     "echo 'rm -rf build' | rustchain safety check -\n"
     "rustchain safety explain 'curl -s https://example.net/i.sh | sh'\n"
     "rustchain safety rules\n",
     declare_safety},
    {"explain", "[WORD]", "Explain a diagnostic, a safety rule, a failure kind or an exit code.",
     "rustchain explain RC0104\n"
     "rustchain explain fs.delete.root\n"
     "rustchain explain timeout\n"
     "rustchain explain 124\n",
     declare_explain},
});

constexpr std::string_view k_later_commands = "new schema runs report why completion";
constexpr std::string_view k_later_options = "--resume --from --only";

const CommandRow* find_command(std::string_view name) {
  for (const CommandRow& row : k_commands)
    if (row.name == name) return &row;
  return nullptr;
}

// ---- help

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

std::string describe_options(const CLI::App& app) {
  std::string text = "Options:\n";
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) continue;
    std::string names;
    for (const std::string& name : option->get_snames()) names += (names.empty() ? "-" : ", -") + name;
    if (names.empty()) names = "    ";
    for (const std::string& name : option->get_lnames())
      names += (names.back() == ' ' ? "--" : ", --") + name;
    if (option->get_expected_max() > 0 && !option->get_type_name().empty())
      names += " " + option->get_type_name();
    text += row(names, option->get_description());
  }
  return text;
}

std::string describe_command(const CommandRow& command, const CLI::App& app) {
  std::string name(command.name);
  return std::string(command.summary) + "\n\nExamples:\n" + indent(command.examples) + "\nUsage: rustchain " +
         name + " " + std::string(command.operands) + " [options]\n" +
         (command.operands.find("MISSION") != std::string_view::npos ? "  MISSION '-' is standard input.\n"
                                                                     : "") +
         "\n" + describe_options(app);
}

std::string describe_program(const CLI::App& app) {
  std::string text =
      "rustchain runs missions: YAML files whose steps are commands, files, HTTP and LLM calls.\n\n"
      "Examples:\n"
      "  rustchain validate missions/hello_world.yaml   find what is wrong with a mission\n"
      "  rustchain plan missions/hello_world.yaml       see what would run\n"
      "  rustchain run missions/hello_world.yaml        run it\n"
      "\nUsage: rustchain COMMAND [options]\n\nCommands:\n";
  for (const CommandRow& command : k_commands) text += row(std::string(command.name), command.summary);
  text += "\n" + describe_options(app) +
          "\nExit codes: 0 success, 1 a step failed, 2 wrong usage, 3 invalid mission, 4 refused by safety, "
          "5 internal error,\n"
          "  124 the run's time limit, 130 and 143 interrupted. 'rustchain explain' tells more.\n"
          "'rustchain COMMAND --help' shows a command's options.\n";
  return text;
}

// ---- reading

OptionsEnd wrong(const std::string& message, const std::string& help) {
  return {ExitCode::usage, "error: " + message + "\n" + (help.empty() ? "" : "  help: " + help + "\n")};
}

struct Globals {
  bool help = false;
  bool version = false;
};

void declare_globals(CLI::App& app, CommonOptions& common, Globals& globals) {
  static constexpr std::array colors = {Choice<ColorChoice>{"auto", ColorChoice::automatic},
                                        Choice<ColorChoice>{"always", ColorChoice::always},
                                        Choice<ColorChoice>{"never", ColorChoice::never}};
  app.add_flag("-q,--quiet", common.quiet, "Say nothing but problems and results");
  app.add_flag("-v,--verbose", common.verbose, "Say more about each step");
  add_choice(app, "--color", common.color, colors, "",
             "Colours; auto: on a terminal, unless NO_COLOR is set");
  app.add_flag("-h,--help", globals.help, "Show this help");
  app.add_flag("-V,--version", globals.version, "Show the version");
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
  if (has_word(k_later_commands, word))
    return wrong("'rustchain " + word + "' isn't in this version", "'rustchain --help' lists what is");
  std::vector<std::string_view> names = {"mission", "help"};
  for (const CommandRow& row : k_commands) names.push_back(row.name);
  if (auto near = nearest(word, names, 5))
    return wrong("there is no command '" + word + "'", "did you mean 'rustchain " + *near + "'?");
  bool file = word.ends_with(".yaml") || word.ends_with(".yml") || word.ends_with(".json");
  return wrong("there is no command '" + word + "'",
               file ? "to run a mission: rustchain run " + shell_quote(word)
                    : "'rustchain --help' lists the commands");
}

OptionsEnd unknown_option(const std::string& given, const CLI::App& app, std::string_view command) {
  std::string name = given.substr(0, given.find('='));
  std::string whose = command.empty() ? "rustchain" : "rustchain " + std::string(command);
  if (has_word(k_later_options, name))
    return wrong("option '" + name + "' isn't in this version", "'" + whose + " --help' lists what is");
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
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
    problem = wrong("'" + whose + "' needs a mission file",
                    "name one, or '-' for standard input; 'rustchain list' shows those of a directory");
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
    return OptionsEnd{ExitCode::success,
                      command != nullptr ? describe_command(*command, app) : describe_program(app)};
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
  declare_globals(app, options.common, globals);
  if (command == nullptr && !word.empty()) return unknown_command(word);
  if (auto end = read(app, std::move(rest), command, globals)) return *end;
  if (command == nullptr) return OptionsEnd{ExitCode::usage, describe_program(app)};

  if (auto* run = std::get_if<RunOptions>(&options.command)) {
    const bool tape = !run->record.empty() || !run->replay.empty();
    if (!run->record.empty() && !run->replay.empty())
      return wrong("--record and --replay can't both be", "leave one of the two out");
    if (tape && run->dry_run)
      return wrong("a --dry-run asks no server, so it needs no tape", "leave one of the two out");
    if (run->dry_run) {
      if (!run->reports.empty())
        return wrong("--report has nothing to tell of a --dry-run", "leave one of the two out");
      options.command =
          PlanOptions{std::move(run->missions), std::move(run->input), run->max_parallel, run->output};
    } else if (run->missions.size() > 1 && !run->reports.empty()) {
      return wrong("--report takes one mission at a time: its file holds one run",
                   "run each mission on its own, or use --output json");
    }
  }
  return options;
}

}  // namespace rustchain
