// The completions of zsh and fish.
#include "cli/completion.hpp"
#include "util/text.hpp"

namespace rustchain {
namespace {

using Kind = Candidates::Kind;

// ---- zsh

// A text within single quotes, where [ ] and : mean something to _arguments.
std::string zsh_text(std::string_view text) {
  std::string safe;
  for (char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') safe += '\\';
    safe += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return safe;
}

std::string zsh_action(const Candidates& wanted) {
  switch (wanted.kind) {
    case Kind::nothing: return " ";
    case Kind::words: return "(" + join(wanted.words, " ") + ")";
    case Kind::missions: return "_files -g \"*.(yaml|yml|json)(-.)\"";
    case Kind::files: return "_files";
    case Kind::directories: return "_files -/";
    case Kind::runs: return "_files -W ${RUSTCHAIN_STATE_DIR\\:-.rustchain}/runs -/";
  }
  return " ";
}

std::string zsh_option(const OptionHelp& option) {
  std::string all;
  std::string value =
      option.value.empty() ? "" : ":" + zsh_text(option.value) + ":" + zsh_action(candidates(option.value));
  for (const std::string& name : option.names)
    all += " \\\n        '*" + name + "[" + zsh_text(option.doc) + "]" + value + "'";
  return all;
}

// ---- fish

std::string fish_text(std::string_view text) {
  return "'" + replace_all(replace_all(text, "\\", "\\\\"), "'", "\\'") + "'";
}

std::string fish_candidates(const Candidates& wanted) {
  switch (wanted.kind) {
    case Kind::nothing: return " -x";
    case Kind::words: return " -x -a " + fish_text(join(wanted.words, " "));
    case Kind::missions: return " -x -a '(__fish_complete_suffix .yaml .yml .json)'";
    case Kind::files: return " -r -F";
    case Kind::directories: return " -x -a '(__fish_complete_directories)'";
    case Kind::runs: return " -x -a '(__rustchain_runs)'";
  }
  return {};
}

std::string fish_option(const OptionHelp& option, const std::string& condition) {
  std::string line = "complete -c rustchain" + condition;
  for (const std::string& name : option.names)
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (!option.value.empty()) line += fish_candidates(candidates(option.value));
  return line + " -d " + fish_text(option.doc) + "\n";
}

}  // namespace

std::string zsh_completion(const std::vector<CommandHelp>& commands) {
  std::string described;
  std::string cases;
  for (const CommandHelp& command : commands) {
    std::string name(command.name);
    described += "    '" + name + ":" + zsh_text(command.summary) + "'\n";
    cases += "      " + name + ")\n        _arguments -s";
    for (const OptionHelp& option : command.options) cases += zsh_option(option);
    std::vector<Candidates> operands = operand_candidates(command);
    const bool repeats = command.operands.ends_with("...") || command.operands.ends_with("...]");
    for (std::size_t i = 0; i < operands.size(); ++i) {
      const bool last = i + 1 == operands.size();
      std::string place = last && repeats ? "*" : std::to_string(i + 1);
      cases += " \\\n        '" + place + ":" + zsh_text(words(command.operands)[i]) + ":" +
               zsh_action(operands[i]) + "'";
    }
    cases += " ;;\n";
  }
  std::string common;
  for (const OptionHelp& option : describe_common_options()) common += zsh_option(option);
  return "#compdef rustchain\n# zsh completion of rustchain, made by `rustchain completion zsh`\n\n"
         "_rustchain() {\n  local curcontext=$curcontext state line\n  local -a commands\n  commands=(\n" +
         described + "  )\n  _arguments -C -s" + common +
         " \\\n        '1:command:->command' '*::operand:->operand'\n"
         "  case $state in\n    command) _describe command commands ;;\n    operand)\n      case $words[1] "
         "in\n" +
         cases +
         "      esac ;;\n  esac\n}\n\n"
         "if [ \"$funcstack[1]\" = _rustchain ]; then\n  _rustchain \"$@\"\nelse\n  compdef _rustchain "
         "rustchain\nfi\n";
}

std::string fish_completion(const std::vector<CommandHelp>& commands) {
  std::string text =
      "# fish completion of rustchain, made by `rustchain completion fish`\n\n"
      "function __rustchain_runs\n  set -l place .rustchain\n"
      "  set -q RUSTCHAIN_STATE_DIR; and set place $RUSTCHAIN_STATE_DIR\n"
      "  command ls -- $place/runs 2>/dev/null\nend\n\ncomplete -c rustchain -f\n";
  for (const OptionHelp& option : describe_common_options())
    text += fish_option(option, " -n __fish_use_subcommand");
  for (const CommandHelp& command : commands) {
    std::string name(command.name);
    text += "\ncomplete -c rustchain -n __fish_use_subcommand -a " + name + " -d " +
            fish_text(command.summary) + "\n";
    const std::string condition = " -n '__fish_seen_subcommand_from " + name + "'";
    for (const OptionHelp& option : command.options) text += fish_option(option, condition);
    // fish doesn't count operands: each of them is offered in every place.
    for (const Candidates& operand : operand_candidates(command))
      if (operand.kind != Kind::nothing)
        text += "complete -c rustchain" + condition + replace_all(fish_candidates(operand), " -r -F", " -F") +
                "\n";
  }
  return text;
}

}  // namespace rustchain
