// What a command step starts.
#include "steps/command_line.hpp"

#include "mission/resolve.hpp"
#include "steps/support.hpp"
#include "util/path.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace rustchain {
namespace {

// In the order of the effects: on most machines the first one given is the one that runs.
constexpr std::array<std::string_view, 4> k_platforms = {"linux", "unix", "macos", "windows"};

constexpr std::string_view k_grouped = "platform_commands";

struct ShellChoice {
  enum class Mode { where_needed, always, never };
  Mode mode = Mode::where_needed;
  std::string program;  // empty: the mission's
};

ShellChoice shell_choice(std::string_view word) {
  using Mode = ShellChoice::Mode;
  if (word.empty()) return {Mode::where_needed, {}};
  const std::string lower = to_lower(word);
  if (has_word("true yes on", lower)) return {Mode::always, {}};
  if (has_word("false no off", lower)) return {Mode::never, {}};
  return {Mode::always, std::string(word)};
}

ShellChoice shell_as_written(const Step& step) {
  const Node* shell = scalar(step, "shell");
  return shell_choice(shell != nullptr ? std::string_view(shell->text) : std::string_view());
}

bool is_entry(std::string_view key) {
  return key == "fallback_command" ||
         std::find(k_platforms.begin(), k_platforms.end(), key) != k_platforms.end();
}

bool has_arguments(const Node* args) {
  return args != nullptr && !args->is_null() && (args->is_scalar() || args->size() > 0);
}

TextKind kind_of(const Step& step, const Node* text, bool with_arguments) {
  ShellChoice shell = shell_as_written(step);
  if (shell.mode == ShellChoice::Mode::always) return TextKind::shell;
  if (with_arguments) return TextKind::plain;
  if (shell.mode == ShellChoice::Mode::where_needed && text != nullptr && text->is_scalar() &&
      shell_syntax(text->text))
    return TextKind::shell;
  return TextKind::words;
}

// The line that `value` stands for: a text, a list of words, or {command, args}; `args`, if there are any,
// follow it.
std::optional<CommandLine> line_of(const Step& step, std::string_view place, std::string_view key,
                                   const Json& value, const Json* args, const std::string& shell) {
  if (value.is_object()) {
    auto inner = value.find("command");
    if (inner == value.end()) return std::nullopt;
    return line_of(step, place, std::string(key) + ".command", *inner, given(value, "args"), shell);
  }
  CommandLine line;
  line.place = place;
  if (value.is_array()) {
    for (const Json& word : value)
      line.argv.push_back(word.is_string() ? word.get<std::string>() : word.dump());
  } else if (value.is_string() && command_text_kind(step, key) == TextKind::shell) {
    line.script = value.get<std::string>();
    line.shell = shell;
  } else {
    line.argv.push_back(value.is_string() ? value.get<std::string>() : value.dump());
  }
  if (args)
    for (std::string& word : list_of(*args)) line.argv.push_back(std::move(word));
  return line;
}

}  // namespace

std::string CommandLine::name() const {
  if (!is_script()) return argv.empty() ? std::string() : argv.front();
  return shown(trim(script), 60);
}

TextKind command_text_kind(const Step& step, std::string_view key) {
  const Node* owner = &step.parameters;
  if (key.starts_with(k_grouped) && key.substr(k_grouped.size()).starts_with('.')) {
    owner = owner->find(k_grouped);
    key.remove_prefix(k_grouped.size() + 1);
  }
  if (owner == nullptr) return TextKind::plain;
  if (std::size_t dot = key.find('.'); dot != std::string_view::npos) {
    if (!is_entry(key.substr(0, dot))) return TextKind::plain;
    owner = owner->find(key.substr(0, dot));
    key.remove_prefix(dot + 1);
    if (owner == nullptr) return TextKind::plain;
  } else if (is_entry(key)) {
    return kind_of(step, owner->find(key), false);
  }
  const Node* args = owner->find("args");
  if (key == "args") return args != nullptr && args->is_scalar() ? TextKind::words : TextKind::plain;
  if (key != "command") return TextKind::plain;
  return kind_of(step, owner->find("command"), has_arguments(args));
}

std::vector<CommandLine> command_lines(const Step& step, const Json& parameters, const std::string& shell) {
  std::vector<CommandLine> lines;
  ShellChoice choice = shell_choice(text_of(parameters, "shell"));
  const std::string& program = choice.program.empty() ? shell : choice.program;
  auto add = [&](const Json* value, std::string_view place, std::string_view key, const Json* args) {
    if (!value) return;
    if (std::optional<CommandLine> line = line_of(step, place, key, *value, args, program))
      lines.push_back(std::move(*line));
  };
  // Looked for only where one is there: most steps have none, and this is asked three times for each.
  bool others = false;
  for (const auto& [key, value] : parameters.get_ref<const Json::object_t&>())
    others = others || is_entry(key) || key == k_grouped;
  auto add_plain = [&] {
    // The args of the plain command are no business of the others.
    add(given(parameters, "command"), "command", "command", given(parameters, "args"));
  };
  if (!others) {
    add_plain();
    return lines;
  }
  const Json* grouped = given(parameters, k_grouped);
  if (grouped && !grouped->is_object()) grouped = nullptr;
  for (std::string_view place : k_platforms) {
    if (place == "macos") add_plain();
    if (grouped)
      add(given(*grouped, place), place, std::string(k_grouped) + "." + std::string(place),
          given(*grouped, "args"));
    add(given(parameters, place), place, place, nullptr);
  }
  add(given(parameters, "fallback_command"), "fallback_command", "fallback_command", nullptr);
  return lines;
}

Result<CommandLine, Failure> choose_command(const std::vector<CommandLine>& lines, std::string_view platform,
                                            bool detect_platform) {
  const bool is_unix = platform == "linux" || platform == "macos";
  const CommandLine* plain = nullptr;
  std::vector<std::string> given;
  for (const CommandLine& line : lines) {
    if (line.place == "command") {
      plain = &line;
    } else if (line.place != "fallback_command") {
      if (detect_platform && line.place == platform) return line;
      if (std::find(given.begin(), given.end(), line.place) == given.end()) given.push_back(line.place);
    }
  }
  if (detect_platform && is_unix)
    for (const CommandLine& line : lines)
      if (line.place == "unix") return line;
  if (plain != nullptr) return *plain;
  if (given.empty()) return Failure{FailureKind::invalid, "there is no command to run", "add `command`"};
  return Failure{FailureKind::invalid,
                 "there is no command for " + std::string(platform) + ", only for " + join(given, ", "),
                 "add `" + std::string(platform) + "` to platform_commands, or a plain `command`"};
}

const CommandLine* fallback_of(const std::vector<CommandLine>& lines) {
  for (const CommandLine& line : lines)
    if (line.place == "fallback_command") return &line;
  return nullptr;
}

std::vector<std::string> start_arguments(const CommandLine& line, const std::string& script_file) {
  if (!line.is_script()) return line.argv;
  const std::string name = to_lower(file_name(line.shell));
  std::vector<std::string> all = {line.shell};
  if (name == "cmd" || name == "cmd.exe") {
    all.insert(all.end(), {"/c", line.script});
  } else if (name == "powershell" || name == "pwsh" || name == "powershell.exe" || name == "pwsh.exe") {
    all.insert(all.end(), {"-NoProfile", "-Command", line.script});
  } else if (!script_file.empty()) {
    all.push_back(script_file);
  } else {
    // With arguments the text is a program's beginning: they follow it, each as one word.
    all.insert(all.end(), {"-c", line.argv.empty() ? line.script : line.script + " \"$@\""});
    if (!line.argv.empty()) all.push_back(line.shell);
  }
  all.insert(all.end(), line.argv.begin(), line.argv.end());
  return all;
}

bool is_posix_shell(std::string_view shell) {
  return has_word("sh bash dash ash zsh ksh mksh busybox", file_name(shell));
}

}  // namespace rustchain
