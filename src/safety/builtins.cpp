// The shell's own commands, and the variables that programs obey.
#include "safety/marks.hpp"
#include "safety/walk.hpp"
#include "safety/word_index.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace rustchain {
namespace {

constexpr std::string_view k_builtins[] = {
    "cd pushd chdir popd eval trap source . unset alias read readarray mapfile export declare typeset "
    "local readonly "
    "set true false : exit return break continue shift wait jobs bg fg umask ulimit shopt setopt hash "
    "getopts let "
    "times unalias enable zmodload test [ [[ (("};

constexpr std::string_view k_hooks =
    "LD_PRELOAD LD_AUDIT LD_LIBRARY_PATH DYLD_INSERT_LIBRARIES DYLD_LIBRARY_PATH BASH_ENV ENV ZDOTDIR "
    "PROMPT_COMMAND "
    "GIT_SSH GIT_SSH_COMMAND GIT_EXTERNAL_DIFF GIT_PROXY_COMMAND GIT_ASKPASS SSH_ASKPASS GIT_EXEC_PATH "
    "GIT_TEMPLATE_DIR "
    "NODE_OPTIONS PYTHONSTARTUP PERL5OPT PERL5DB RUBYOPT JAVA_TOOL_OPTIONS _JAVA_OPTIONS PYTHONINSPECT";

// Their value is a command, which others start.
constexpr std::string_view k_commands =
    "PAGER MANPAGER GIT_PAGER EDITOR VISUAL GIT_EDITOR GIT_SEQUENCE_EDITOR BROWSER LESSOPEN LESSCLOSE";

}  // namespace

void Walk::environment(const std::string& name, const std::string& value, ShellSpan at) {
  if (value.empty()) return;
  if (has_word(k_commands, name) && !has_mark(value)) (void)run_text(value, at, {});
  if (has_word(k_hooks, name)) {
    // A file that this text wrote itself was judged when it was written.
    if (name == "BASH_ENV" || name == "ENV") {
      auto known = written_->find(place(value).path);
      if (known != written_->end() && !has_mark(known->second)) {
        (void)run_text(known->second, at, {});
        return;
      }
      if (name == "ENV" && value.find('/') == std::string::npos) return;
    }
    if (name == "NODE_OPTIONS" && value.find("require") == std::string::npos &&
        value.find("import") == std::string::npos && value.find("-r") == std::string::npos &&
        value.find("inspect") == std::string::npos && value.find("loader") == std::string::npos)
      return;
    if (name == "LD_LIBRARY_PATH" || name == "DYLD_LIBRARY_PATH") {
      if (place(value.substr(0, value.find(':'))).kind != PlaceKind::temporary) return;
    }
    if (name.starts_with("GIT_SSH") && program_name(value.substr(0, value.find(' '))) == "ssh" &&
        value.find("ProxyCommand") == std::string::npos && value.find("LocalCommand") == std::string::npos)
      return;
    find("env.hook", at, name + "=" + value);
    if (name == "GIT_SSH_COMMAND" || name == "PROMPT_COMMAND") (void)run_text(value, at, {});
    return;
  }
  if (name == "HISTFILE" && value == "/dev/null") find("fs.write.outside", at, name + "=" + value);
  if (name == "PATH") {
    std::string first = value.substr(0, value.find(':'));
    if (!first.empty() && (first[0] != '/' || first == "/tmp" || place(first).kind == PlaceKind::temporary) &&
        !has_mark(first) && place(first).kind != PlaceKind::inside)
      find("env.hook", at, name + "=" + value);
  }
  if (name.starts_with("GIT_CONFIG_KEY_") || name == "GIT_CONFIG_PARAMETERS") {
    for (std::string_view key :
         {"sshcommand", "hookspath", "fsmonitor", "editor", "pager", "helper", "askpass", "textconv"})
      if (to_lower(value).find(key) != std::string::npos) find("git.execute", at, value);
  }
}

void Walk::given_environment(const std::string& name, const std::string& value) {
  environment(name, value, {});
  set(name, {value});
}

void Walk::change_directory(std::string_view to) {
  if (to.empty()) {
    directory_ = places_.home;
    return;
  }
  Place there = place(to);
  if (there.kind == PlaceKind::unknown || has_mark(there.path, k_marks) || there.path.size() > k_longest_path)
    directory_.clear();
  else
    directory_ = there.path;
}

// The shell's own commands. `done`: there is nothing left to run.
Stream Walk::builtin(const std::string& name, Arguments& argv, const Stream& input, bool& done) {
  done = is_in<k_builtins>(name);
  if (!done) return {};
  if (name == "cd" || name == "pushd" || name == "chdir") {
    std::size_t i = 1;
    while (i < argv.size() && argv[i].text.size() > 1 && argv[i].text[0] == '-') ++i;
    if (i < argv.size() && argv[i].text == "-")
      directory_.clear();
    else
      change_directory(i < argv.size() ? argv[i].text : std::string());
    return {};
  }
  if (name == "popd") {
    directory_ = places_.base;
    return {};
  }
  if (name == "eval")
    return run_text(joined(std::span(argv).subspan(argv.size() > 1 && argv[1].text == "--" ? 2 : 1)),
                    argv[0].at, input);
  if (name == "trap") {
    std::size_t i = argv.size() > 1 && argv[1].text == "--" ? 2 : 1;
    if (argv.size() > i + 1 && argv[i].text != "-" && !argv[i].text.empty()) traps_.push_back(argv[i]);
    return {};
  }
  if (name == "source" || name == ".") {
    if (argv.size() > 1 && argv[1].text == "/dev/stdin" && input.attached)
      return run_text(input.text, argv[0].at, {});
    if (argv.size() > 1) run_file(argv[1], "sh", argv[0].at);
    return {};
  }
  // What is typed isn't to be known afterwards.
  if ((name == "unset" &&
       std::any_of(argv.begin(), argv.end(), [](const Argument& one) { return one.text == "HISTFILE"; })) ||
      (name == "set" && argv.size() > 2 && argv[1].text == "+o" && argv[2].text == "history"))
    find("fs.write.outside", argv[0].at, joined(argv));
  // enable -f FILE: code that the shell loads into itself.
  if (name == "enable" && argv.size() > 2 && argv[1].text.starts_with("-f"))
    find("env.hook", argv[0].at, joined(argv));
  if (name == "unset") {
    for (std::size_t i = 1; i < argv.size(); ++i) set(argv[i].text, {""});
    return {};
  }
  if (name == "alias") {
    for (std::size_t i = 1; i < argv.size(); ++i)
      if (std::size_t equals = argv[i].text.find('='); equals != std::string::npos)
        aliases_[argv[i].text.substr(0, equals)] = argv[i].text.substr(equals + 1);
    return {};
  }
  if (name == "unalias") {
    for (std::size_t i = 1; i < argv.size(); ++i) aliases_.erase(argv[i].text);
    return {};
  }
  if (name == "read" || name == "readarray" || name == "mapfile") {
    const bool lines = name != "read";
    Parsed own = parse_arguments(argv, 1, {lines ? "dnOsuCc" : "adinNptu", "", false, false});
    const std::string unknown(1, input.attached ? k_fed : k_unknown);
    const bool known = input.attached && !has_mark(input.text) && !variable("IFS") && !own.has("dnNsO");
    // One word a variable, the rest of the line to the last; a loop reads line after line.
    for (std::size_t i = 0; i < own.operands.size(); ++i) {
      std::vector<std::string> values;
      for (std::string_view line : split(trim(input.text), '\n')) {
        if (!known || values.size() >= 32) break;
        for (std::size_t before = 0; before < i && !lines; ++before) {
          line.remove_prefix(std::min(line.find_first_of(" \t"), line.size()));
          line = trim(line);
        }
        if (i + 1 < own.operands.size() && !lines) line = line.substr(0, line.find_first_of(" \t"));
        values.emplace_back(trim(line));
      }
      if (values.empty()) values.push_back(unknown);
      set(own.operands[i].text, std::move(values));
    }
    if (own.has("a")) set(own.value("a"), {unknown});
    return {};
  }
  if (name == "set") {
    std::size_t at = 1, bytes = 0;
    while (at < argv.size() && argv[at].text != "--") ++at;
    if (at == argv.size()) return {};
    positional_ = nullptr;
    for (const Argument& one : argv) bytes += one.text.size();
    if (argv.size() > 100 || bytes > 4096 || !spend(bytes)) return {};
    positional_ = &set_positional_.emplace_back();
    for (; at < argv.size(); ++at) set_positional_.back().push_back(argv[at].text);
    return {};
  }
  if (name == "export" || name == "declare" || name == "typeset" || name == "local" || name == "readonly") {
    for (std::size_t i = 1; i < argv.size(); ++i) {
      std::size_t equals = argv[i].text.find('=');
      if (equals == std::string::npos || argv[i].text[0] == '-') continue;
      environment(argv[i].text.substr(0, equals), argv[i].text.substr(equals + 1), argv[i].at);
      set(argv[i].text.substr(0, equals), {argv[i].text.substr(equals + 1)});
    }
    return {};
  }
  // The others do nothing that matters here.
  return {};
}

}  // namespace rustchain
