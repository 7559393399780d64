// What may stand where on the command line, and the completion of bash.
#include "cli/completion.hpp"

#include "rustchain/diagnostic.hpp"
#include "rustchain/exit_code.hpp"
#include "rustchain/step_result.hpp"

#include "cli/mission_templates.hpp"
#include "safety/rules.hpp"
#include "steps/registry.hpp"
#include "util/text.hpp"

namespace rustchain {
namespace {

using Kind = Candidates::Kind;

std::vector<std::string> step_type_names() {
  std::vector<std::string> names;
  for (const StepType* type : step_types().all()) names.emplace_back(type->name);
  return names;
}

std::vector<std::string> explained_words() {
  std::vector<std::string> all;
  for (const DiagnosticCode& code : diagnostic_codes()) all.emplace_back(code.code);
  for (const FailureKindRow& kind : k_failure_kinds)
    if (kind.kind != FailureKind::none) all.emplace_back(kind.word);
  for (const SafetyRule& rule : safety_rules()) all.emplace_back(rule.id);
  for (const ExitCodeRow& code : k_exit_codes) all.push_back(std::to_string(static_cast<int>(code.code)));
  return all;
}

std::vector<std::string> template_names() {
  std::vector<std::string> names;
  for (const MissionTemplate& row : mission_templates()) names.emplace_back(row.name);
  return names;
}

// ---- bash

std::string bash_reply(const Candidates& wanted) {
  switch (wanted.kind) {
    case Kind::nothing: return ":";
    case Kind::words: return "_rustchain_words '" + join(wanted.words, " ") + "'";
    case Kind::missions: return "_rustchain_missions";
    case Kind::files: return "_rustchain_files";
    case Kind::directories: return "_rustchain_directories";
    case Kind::runs: return "_rustchain_runs";
  }
  return ":";
}

constexpr std::string_view k_bash_head =
    R"bash(# bash completion of rustchain, made by `rustchain completion bash`

_rustchain_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur"); }
_rustchain_directories() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -d -- "$cur")
}
_rustchain_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -f -- "$cur")
}
_rustchain_missions() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -d -- "$cur"; compgen -f -- "$cur" | grep -E '\.(ya?ml|json)$' | grep -v '\.tape\.json$')
}
_rustchain_runs() {
  local runs=${RUSTCHAIN_STATE_DIR:-.rustchain}/runs
  [ -d "$runs" ] && _rustchain_words "$(command ls -- "$runs")"
}

_rustchain() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} name="" place=0 i word
  COMPREPLY=()
  # bash takes --flag=value apart at the equals sign.
  if [ "$cur" = = ]; then
    cur=
  elif [ "$prev" = = ]; then
    prev=${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case $word in
      =) ((i++)) ;;
      -*) if [ "${COMP_WORDS[i+1]}" != = ] && _rustchain_takes "$word"; then ((i++)); fi ;;
      *) if [ -z "$name" ]; then name=$word; else ((place++)); fi ;;
    esac
  done
)bash";

}  // namespace

Candidates candidates(std::string_view value) {
  struct Row {
    std::string_view value;
    Kind kind;
  };
  static constexpr Row k_rows[] = {{"MISSION", Kind::missions}, {"FILE", Kind::files},
                                   {"TAPE", Kind::files},       {"PATH", Kind::files},
                                   {"DIR", Kind::directories},  {"RUN", Kind::runs}};
  if (value.find('|') != std::string_view::npos) {
    Candidates found{Kind::words, {}};
    for (std::string_view word : split(value, '|')) found.words.emplace_back(word);
    return found;
  }
  if (value == "TYPE") return {Kind::words, step_type_names()};
  if (value == "WORD") return {Kind::words, explained_words()};
  if (value == "TEMPLATE") return {Kind::words, template_names()};
  for (const Row& row : k_rows)
    if (row.value == value) return {row.kind, {}};
  return {};
}  // namespace rustchain

std::vector<Candidates> operand_candidates(const CommandHelp& command) {
  std::vector<Candidates> all;
  for (std::string_view operand : words(command.operands)) {
    std::string name = replace_all(replace_all(replace_all(operand, "[", ""), "]", ""), "...", "");
    // What `safety` works on: a mission, or a command.
    all.push_back(candidates(name == "OPERAND" ? "MISSION" : name));
  }
  return all;
}

std::string bash_completion(const std::vector<CommandHelp>& commands) {
  std::string names;
  std::string takes;
  std::string cases;
  for (const CommandHelp& command : commands) {
    names += (names.empty() ? "" : " ") + std::string(command.name);
    std::string flags;
    std::string values;
    for (const OptionHelp& option : command.options) {
      for (const std::string& name : option.names) flags += (flags.empty() ? "" : " ") + name;
      if (option.value.empty()) continue;
      std::string spellings;
      for (const std::string& name : option.names) {
        spellings += (spellings.empty() ? "" : "|") + name;
        if (takes.find(name + " ") == std::string::npos) takes += name + " ";
      }
      values += "        " + spellings + ") " + bash_reply(candidates(option.value)) + "; return ;;\n";
    }
    cases += "    " + std::string(command.name) + ")\n      case $prev in\n" + values + "      esac\n";
    cases += "      if [[ $cur == -* ]]; then _rustchain_words '" + flags + "'; return; fi\n";
    std::vector<Candidates> operands = operand_candidates(command);
    cases += "      case $place in\n";
    const bool repeats = command.operands.ends_with("...") || command.operands.ends_with("...]");
    for (std::size_t i = 0; i < operands.size(); ++i) {
      const bool last = i + 1 == operands.size();
      cases +=
          "        " + (last && repeats ? "*" : std::to_string(i)) + ") " + bash_reply(operands[i]) + " ;;\n";
    }
    cases += "      esac ;;\n";
  }
  std::string common;
  for (const OptionHelp& option : describe_common_options())
    for (const std::string& name : option.names) common += " " + name;
  return std::string(k_bash_head) + "  case $name in\n    '' | help) _rustchain_words '" + names + common +
         "' ;;\n" + cases + "  esac\n}\n\n_rustchain_takes() { [[ ' " + takes +
         "' == *\" $1 \"* ]]; }\n\ncomplete -F _rustchain rustchain\n";
}

}  // namespace rustchain
