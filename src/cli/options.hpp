// What was typed: the arguments as plain structs, one for each subcommand. Nothing here looks at a file.
#pragma once

#include "rustchain/exit_code.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace rustchain {

enum class ColorChoice : std::uint8_t { automatic, always, never };
enum class OutputFormat : std::uint8_t { text, json, jsonl };  // jsonl: of run alone
enum class CheckFormat : std::uint8_t { text, json, github, sarif };
enum class GraphFormat : std::uint8_t { text, mermaid, dot, json };

struct CommonOptions {
  bool quiet = false;
  bool verbose = false;
  ColorChoice color = ColorChoice::automatic;
};

// Whatever opens a mission takes these.
struct InputOptions {
  std::vector<std::pair<std::string, std::string>> vars;  // --var NAME=VALUE
  std::vector<std::string> vars_files;
  bool strict = false;
  std::string safety;         // --safety MODE; empty: not given
  bool accept_allow = false;  // what the mission asks to have allowed
};

// What a run, or the plan of one, takes from an earlier run.
struct ResumeOptions {
  // The run that is continued: its id, the beginning of one, or `last`; empty: the newest of the mission that
  // did not succeed. Not given: none is, but --from and --only take the newest.
  std::optional<std::string> resume;
  std::vector<std::string> from;  // step ids, as the following ones
  std::vector<std::string> only;
  std::vector<std::string> accept_repeat;

  bool any() const { return resume || !from.empty() || !only.empty(); }
};

struct RunOptions {
  std::vector<std::string> missions;
  InputOptions input;
  ResumeOptions earlier;
  std::optional<std::uint32_t> max_parallel;
  std::vector<std::pair<std::string, std::string>> reports;  // format, path
  OutputFormat output = OutputFormat::text;
  bool detailed_exit_code = false;
  std::string record;    // the tape that is written; empty: none
  std::string replay;    // the tape that answers in the place of the servers; empty: none
  bool dry_run = false;  // never left set: such a run is given back as PlanOptions
};

struct ValidateOptions {
  std::vector<std::string> missions;
  InputOptions input;
  CheckFormat format = CheckFormat::text;
};

struct PlanOptions {
  std::vector<std::string> missions;
  InputOptions input;
  ResumeOptions earlier;
  std::optional<std::uint32_t> max_parallel;
  OutputFormat output = OutputFormat::text;
};

struct GraphOptions {
  std::string mission;
  InputOptions input;
  GraphFormat format = GraphFormat::text;
};

struct ListOptions {
  std::string path;  // a directory or a file; empty: missions/ if it is there, else the working directory
  OutputFormat output = OutputFormat::text;
};

struct StepsOptions {
  std::string type;  // empty: all
  OutputFormat output = OutputFormat::text;
};

struct NewOptions {
  std::string name;  // of the template; empty: all are listed
  std::string file;  // "-": standard output; empty: NAME.yaml
  OutputFormat output = OutputFormat::text;
};

struct CompletionOptions {
  enum class Target : std::uint8_t { bash, zsh, fish, man };
  Target target = Target::bash;
};

struct SchemaOptions {
  bool strict = false;
};

struct MigrateOptions {
  std::string mission;
};

struct DoctorOptions {
  std::vector<std::string> missions;
  InputOptions input;
  OutputFormat output = OutputFormat::text;
};

struct ExplainOptions {
  std::string word;  // empty: all
  OutputFormat output = OutputFormat::text;
};

struct SafetyOptions {
  enum class Verb : std::uint8_t { check, explain, rules, approve };
  Verb verb = Verb::check;
  std::vector<std::string>
      operands;  // missions, "-" for commands from standard input, or the command to explain
  InputOptions input;
  CheckFormat format = CheckFormat::text;
  bool json_lines = false;
};

struct RunsOptions {
  enum class Verb : std::uint8_t { list, show, verify, prune };
  Verb verb = Verb::list;
  std::vector<std::string> runs;  // ids, beginnings of them, or `last`
  bool all = false;
  std::optional<std::uint32_t> keep;
  bool dry_run = false;
  OutputFormat output = OutputFormat::text;
};

struct WhyOptions {
  std::string run;
  std::string step;
  OutputFormat output = OutputFormat::text;
};

struct ReportOptions {
  std::string run;
  std::string format = "text";
  std::string path;  // empty: standard output
};

struct Options {
  CommonOptions common;
  std::variant<RunOptions, ValidateOptions, PlanOptions, GraphOptions, ListOptions, StepsOptions, NewOptions,
               SchemaOptions, CompletionOptions, MigrateOptions, DoctorOptions, SafetyOptions, ExplainOptions,
               RunsOptions, WhyOptions, ReportOptions>
      command;
};

// There is nothing to do but to print this: help and version on standard output (success), else what is wrong
// with the command line on standard error (usage).
struct OptionsEnd {
  ExitCode code = ExitCode::usage;
  std::string text;
};

// `arguments` without the program's name.
std::variant<Options, OptionsEnd> parse_options(const std::vector<std::string>& arguments);

}  // namespace rustchain
