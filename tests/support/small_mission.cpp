// Missions for the tests of what steps mean to each other.
#include "support/small_mission.hpp"

#include "mission/load.hpp"
#include "mission/resolve.hpp"

#include <array>
#include <stdexcept>

namespace rustchain::testing {
namespace {

Text text_of(const Node* node) {
  return node ? Text{node->text, node->at} : Text{};
}

bool flag_of(const Node* node, bool absent = false) {
  bool value = absent;
  if (node && !is_boolean(*node, &value)) throw std::runtime_error("no boolean: " + node->text);
  return value;
}

OnFailure on_failure_of(const std::string& word) {
  if (word == "skip") return OnFailure::skip;
  if (word == "log_warning") return OnFailure::log_warning;
  if (word == "use_default_value") return OnFailure::use_default_value;
  if (word == "retry_with_alternative") return OnFailure::retry_with_alternative;
  throw std::runtime_error("no on_failure: " + word);
}

Dependency dependency_of(const Node& node) {
  Dependency dependency;
  if (!node.is_map()) {
    dependency.step = {node.text, node.at};
    return dependency;
  }
  dependency.step = text_of(node.find("step"));
  dependency.required = flag_of(node.find("required"), true);
  dependency.alternative = text_of(node.find("alternative"));
  if (const Node* value = node.find("default_value")) dependency.default_value = *value;
  if (const Node* word = node.find("on_failure"))
    dependency.on_failure = on_failure_of(word->text);
  else if (!dependency.required)
    dependency.on_failure = OnFailure::log_warning;
  return dependency;
}

Step step_of(const Node& node) {
  Step step;
  step.id = text_of(node.find("id"));
  step.name = step.id.value;
  step.type = node.find("type") ? text_of(node.find("type")) : Text{"command", node.at};
  if (const Node* parameters = node.find("parameters")) step.parameters = *parameters;
  if (const Node* needs = node.find("depends_on"))
    for (const Node& one : needs->items) step.depends_on.push_back(dependency_of(one));
  std::string strategy = text_of(node.find("strategy")).value;
  if (strategy == "any_required") step.strategy = DependencyStrategy::any_required;
  if (strategy == "best_effort") step.strategy = DependencyStrategy::best_effort;
  step.continue_on_dependency_failure = flag_of(node.find("continue_on_dependency_failure"));
  step.continue_on_error = flag_of(node.find("continue_on_error"));
  step.substitute = flag_of(node.find("substitute"), true);
  if (const Node* when = node.find("when")) step.when = text_of(when);
  if (const Node* foreach = node.find("foreach")) step.foreach = *foreach;
  if (const Node* env = node.find("env"))
    for (std::size_t i = 0; i < env->size(); ++i)
      step.env.emplace_back(text_of(&env->key(i)), text_of(&env->value(i)));
  step.working_directory = text_of(node.find("working_dir"));
  return step;
}

constexpr std::array k_command_keys = {
    KeySpec{.name = "command", .types = k_string},
    KeySpec{.name = "args", .types = k_list, .element = k_string},
    KeySpec{.name = "shell", .types = k_boolean | k_string, .default_value = "false"},
    KeySpec{.name = "count", .types = k_integer, .minimum = 1},
    KeySpec{.name = "seconds", .types = k_number},
    KeySpec{.name = "flag", .types = k_boolean},
    KeySpec{.name = "size", .types = k_size, .default_value = "1MiB"},
    KeySpec{.name = "list", .types = k_list},
    KeySpec{.name = "either", .types = k_list | k_string},
    KeySpec{.name = "mode", .types = k_string, .default_value = "fast", .words = "fast slow"},
    KeySpec{.name = "codes", .types = k_list, .element = k_integer, .default_value = "[0]"},
    KeySpec{.name = "options", .types = k_map, .element = k_any},
    KeySpec{.name = "reads", .types = k_list, .element = k_string},
    KeySpec{.name = "writes", .types = k_list, .element = k_string},
    KeySpec{.name = "deletes", .types = k_list, .element = k_string},
};
constexpr std::array k_create_file_keys = {
    KeySpec{.name = "path", .types = k_string, .required = true},
    KeySpec{.name = "content", .types = k_string, .default_value = "\"\""},
};
constexpr std::array k_http_keys = {
    KeySpec{.name = "url", .types = k_string, .required = true},
    KeySpec{.name = "body", .types = k_string | k_map | k_list},
};

TextKind command_text(const Step& step, std::string_view key) {
  if (key != "command") return TextKind::plain;
  const Node* shell = step.parameters.find("shell");
  if (shell && shell->text == "true") return TextKind::shell;
  return step.parameters.find("args") ? TextKind::plain : TextKind::words;
}

void add_paths(const Json& parameters, const char* key, std::vector<std::string>& paths) {
  auto found = parameters.find(key);
  if (found == parameters.end()) return;
  for (const Json& path : *found) paths.push_back(path.get<std::string>());
}

Effects command_effects(const Step& step, const Json& parameters) {
  Effects effects;
  add_paths(parameters, "reads", effects.reads);
  add_paths(parameters, "writes", effects.writes);
  add_paths(parameters, "deletes", effects.deletes);
  auto command = parameters.find("command");
  if (command == parameters.end()) return effects;
  Effects::Execution execution;
  if (command_text(step, "command") == TextKind::shell) {
    execution = {{"/bin/sh", "-c"}, command->get<std::string>()};
  } else if (command->is_array()) {
    execution.argv = command->get<std::vector<std::string>>();
  } else {
    execution.argv = {command->get<std::string>()};
    add_paths(parameters, "args", execution.argv);
  }
  effects.executes.push_back(std::move(execution));
  return effects;
}

Effects create_file_effects(const Step&, const Json& parameters) {
  Effects effects;
  effects.writes.push_back(parameters.at("path").get<std::string>());
  return effects;
}

const StepType k_command = {.name = "command",
                            .summary = "Runs a program.",
                            .example = "",
                            .parameters = k_command_keys,
                            .main_output = "stdout",
                            .output_fields = "command args exit_code stdout stderr",
                            .text_kind = command_text,
                            .effects = command_effects};
const StepType k_create_file = {.name = "create_file",
                                .summary = "Writes a file.",
                                .example = "",
                                .parameters = k_create_file_keys,
                                .main_output = "path",
                                .output_fields = "path size created",
                                .effects = create_file_effects};
const StepType k_http = {.name = "http",
                         .summary = "Asks a server.",
                         .example = "",
                         .parameters = k_http_keys,
                         .main_output = "body",
                         .output_fields = "status headers body json url"};

}  // namespace

SmallMission small_mission(const std::string& yaml) {
  SmallMission small;
  small.sources.push_back({"m.yaml", yaml});
  Diagnostics problems;
  std::optional<Node> document = load_yaml(yaml, 0, problems);
  if (!document) throw std::runtime_error("no YAML: " + in_lines(problems));
  small.mission.file = "m.yaml";
  if (const Node* vars = document->find("vars"))
    for (std::size_t i = 0; i < vars->size(); ++i)
      small.mission.vars.emplace_back(vars->key(i).text, vars->value(i));
  small.mission.config.infer_dependencies = flag_of(document->find("infer_dependencies"), true);
  small.mission.config.working_directory = text_of(document->find("working_directory"));
  if (const Node* steps = document->find("steps"))
    for (const Node& node : steps->items) small.mission.steps.push_back(step_of(node));
  if (const Node* steps = document->find("finally"))
    for (const Node& node : steps->items) small.mission.finally.push_back(step_of(node));
  return small;
}

const StepTypes& small_types() {
  static const std::array<const StepType*, 3> rows = {&k_command, &k_create_file, &k_http};
  static const StepTypes types(rows);
  return types;
}

std::string in_lines(const Diagnostics& problems) {
  std::string lines;
  auto place = [](Location at) { return std::to_string(at.line) + ":" + std::to_string(at.column); };
  for (const Diagnostic& problem : problems.all()) {
    constexpr std::array<std::string_view, 3> k_words = {"note", "warning", "error"};
    lines += std::string(problem.code) + " " +
             std::string(k_words[static_cast<std::size_t>(problem.severity)]) + " " + place(problem.at) +
             "+" + std::to_string(problem.length) + " " + problem.message;
    if (!problem.help.empty()) lines += " | " + problem.help;
    for (const Diagnostic::Note& note : problem.notes) lines += " | note " + place(note.at) + " " + note.text;
    lines += "\n";
  }
  return lines;
}

}  // namespace rustchain::testing
