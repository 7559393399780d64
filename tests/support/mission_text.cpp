// For tests of what reads missions: a few step types that do nothing, and YAML to Mission in one call.
#include "support/mission_text.hpp"

#include "mission/load.hpp"
#include "mission/read.hpp"

#include <array>

namespace rustchain::testing {
namespace {

constexpr auto k_command = std::to_array<KeySpec>({
    {.name = "command", .required = true, .doc = "What to run.", .example = "make"},
    {.name = "args", .types = k_list, .element = k_string, .doc = "Its arguments.", .example = "[-n, all]"},
    {.name = "shell", .types = k_boolean | k_string, .default_value = "false", .doc = "Run by a shell."},
    {.name = "env", .types = k_map, .element = k_string, .doc = "Variables."},
    {.name = "working_dir", .doc = "Where.", .old_names = "working_directory"},
    {.name = "expect_exit_codes",
     .types = k_list,
     .element = k_integer,
     .default_value = "[0]",
     .doc = "Good exit codes.",
     .example = "[0, 1]"},
    {.name = "max_output_bytes", .types = k_size, .default_value = "1MiB", .doc = "Kept.", .example = "10MB"},
    {.name = "report_level", .doc = "How much is told.", .words = "summary normal detailed"},
    {.name = "chunk_size",
     .types = k_integer,
     .doc = "Files at a time.",
     .aliases = "max_files",
     .minimum = 1},
});
constexpr auto k_http = std::to_array<KeySpec>({
    {.name = "url", .required = true, .doc = "Where.", .example = "http://localhost/"},
    {.name = "timeout_seconds", .types = k_number, .doc = "The limit."},
    {.name = "headers",
     .types = k_map,
     .element = k_string,
     .doc = "Headers.",
     .example = "{Accept: text/plain}"},
});
constexpr auto k_llm = std::to_array<KeySpec>({
    {.name = "prompt", .doc = "What is asked."},
    {.name = "messages", .types = k_list, .element = k_map, .doc = "A conversation."},
    {.name = "temperature", .types = k_number, .doc = "How daring."},
});
constexpr auto k_create_file = std::to_array<KeySpec>({
    {.name = "path", .required = true, .doc = "The file.", .example = "out.txt"},
    {.name = "content", .default_value = "\"\"", .doc = "What it holds."},
    {.name = "append", .types = k_boolean, .default_value = "false", .doc = "Add to it."},
});
constexpr auto k_noop = std::to_array<KeySpec>({{.name = "message", .doc = "Shown."}});

void check_llm(const Step& step, Diagnostics& problems) {
  if (step.parameters.find("prompt") || step.parameters.find("messages")) return;
  problems.add({.code = "RC0499", .message = "no prompt and no messages", .at = step.type.at});
}

constexpr StepType k_command_type{.name = "command",
                                  .summary = "Runs a program.",
                                  .example = "- id: build\n  step_type: command\n",
                                  .parameters = k_command,
                                  .main_output = "stdout",
                                  .output_fields = "exit_code stdout stderr"};
constexpr StepType k_http_type{.name = "http",
                               .aliases = "web",
                               .old_names = "http_request",
                               .summary = "Asks a server.",
                               .parameters = k_http};
constexpr StepType k_llm_type{
    .name = "llm", .summary = "Asks a model.", .parameters = k_llm, .check = check_llm};
constexpr StepType k_create_file_type{
    .name = "create_file", .summary = "Writes a file.", .parameters = k_create_file};
constexpr StepType k_noop_type{.name = "noop", .summary = "Does nothing.", .parameters = k_noop};
constexpr StepType k_mission_type{
    .name = "mission", .summary = "Runs a mission.", .later = "run the missions one after another"};

}  // namespace

const StepTypes& fake_types() {
  static constexpr std::array<const StepType*, 6> k_types = {
      &k_command_type, &k_http_type, &k_llm_type, &k_create_file_type, &k_noop_type, &k_mission_type};
  static const StepTypes types(k_types);
  return types;
}

Node parse(const std::string& yaml) {
  Diagnostics problems;
  return load_yaml(yaml, 0, problems).value_or(Node{});
}

ReadText read_text(const std::string& yaml) {
  ReadText result;
  if (std::optional<Node> document = load_yaml(yaml, 0, result.problems))
    result.mission = read_mission(std::move(*document), fake_types(), result.problems);
  return result;
}

std::vector<std::string> lines(Diagnostics problems) {
  problems.sort();
  std::vector<std::string> all;
  for (const Diagnostic& problem : problems.all()) {
    std::string line = std::to_string(problem.at.line) + ":" + std::to_string(problem.at.column);
    line += problem.severity == Severity::error ? " error " : " warning ";
    line += std::string(problem.code) + ": " + problem.message;
    if (!problem.help.empty()) line += " (" + problem.help + ")";
    for (const Diagnostic::Note& note : problem.notes)
      line += " [" + std::to_string(note.at.line) + ": " + note.text + "]";
    all.push_back(line);
  }
  return all;
}

std::vector<std::string> problems_of_steps(const std::string& steps) {
  return lines(read_text("name: m\nversion: '1.0'\nsteps:\n" + steps).problems);
}

std::vector<std::string> problems_of_top(const std::string& top) {
  return lines(
      read_text("name: m\nversion: '1.0'\n" + top + "steps:\n  - {id: a, name: A, step_type: noop}\n")
          .problems);
}

}  // namespace rustchain::testing
