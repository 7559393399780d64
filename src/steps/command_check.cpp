// The rules of a command step that its table can't say.
#include "steps/command_check.hpp"

#include "steps/command_hints.hpp"
#include "steps/command_line.hpp"
#include "steps/run_background.hpp"
#include "steps/support.hpp"
#include "util/text.hpp"

namespace rustchain {
namespace {

bool given(const Step& step, std::string_view key) {
  const Node* node = step.parameters.find(key);
  return node != nullptr && !node->is_null();
}

// A command with its args, which stand beside it in `owner`; `key` is where, as for command_text_kind.
void check_command(const Node& owner, const std::string& key, const Step& step, Diagnostics& problems) {
  const Node* command = owner.find("command");
  if (command == nullptr || !command->is_scalar() || command->is_null()) return;
  if (trim(command->text).empty())
    return add_problem(problems, "RC0401", Severity::error, *command, "the command is empty",
                       "write what is to be run");
  const Node* args = owner.find("args");
  if (args == nullptr || !args->is_list() || command_text_kind(step, key) != TextKind::plain) return;
  for (const Node& arg : args->items) {
    if (!arg.is_scalar() || arg.text.starts_with("~/")) continue;
    std::string mistake = quoting_mistake({command->text, arg.text});
    if (mistake.empty()) continue;
    add_problem(problems, "RC0402", Severity::warning, arg,
                "no shell reads `" + shown(arg.text, 40) + "` in args", std::move(mistake));
    return;
  }
}

// What runs on a platform, or in place of a program that is missing: a text, or {command, args}.
void check_entry(const Node* entry, const std::string& key, const Step& step, Diagnostics& problems) {
  if (entry == nullptr || entry->is_null()) return;
  if (entry->is_map())
    check_command(*entry, key + ".command", step, problems);
  else if (entry->is_scalar() && trim(entry->text).empty())
    add_problem(problems, "RC0401", Severity::error, *entry, "the command for " + key + " is empty",
                "write what is to be run there, or take it away");
}

}  // namespace

void check_command_step(const Step& step, Diagnostics& problems) {
  bool any = given(step, "command");
  for (std::string_view key : {"platform_commands", "unix", "linux", "macos", "windows"})
    any = any || given(step, key);
  if (!any)
    add_problem(problems, "RC0401", Severity::error, step.parameters,
                "step '" + step.id.value + "' has no command", "add `command: ...` to its parameters");
  check_command(step.parameters, "command", step, problems);
  const Node* grouped = step.parameters.find("platform_commands");
  for (std::string_view key : {"unix", "linux", "macos", "windows", "fallback_command"}) {
    check_entry(step.parameters.find(key), std::string(key), step, problems);
    if (grouped != nullptr && grouped->is_map())
      check_entry(grouped->find(key), "platform_commands." + std::string(key), step, problems);
  }
  if (given(step, "stdin") && given(step, "stdin_file"))
    add_problem(problems, "RC0403", Severity::warning, *step.parameters.find("stdin"),
                "`stdin` has no effect beside `stdin_file`", "keep one of them");
  check_background(step, problems);
}

}  // namespace rustchain
