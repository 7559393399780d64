// Which commands walk a directory tree, and which build or test: what their time depends on.
#include "engine/deadline.hpp"
#include "mission/resolve.hpp"
#include "util/path.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>

namespace rustchain {
namespace {

// A program whose running time grows with the tree that it walks.
struct Walker {
  std::string_view names;
  std::string_view only_with;     // letters of short options without which it walks none; empty: always
  std::string_view with_value;    // letters of short options that take the next word
  bool pattern = false;           // its first word is a pattern, unless -e or -f gives one
  bool until_expression = false;  // its paths end at the first word that begins with -, ( or !
};
constexpr auto k_walkers = std::to_array<Walker>({
    {"grep egrep fgrep", "rR", "efmABCdD", true, false},
    {"rgrep", "", "efmABCdD", true, false},
    {"rg ag ack", "", "efmABCgtTjMGr", true, false},
    {"fd fdfind", "", "etdEjxXcS", true, false},
    {"find", "", "", false, true},
    {"du", "", "dBtX", false, false},
    {"tree", "", "LIPoH", false, false},
    {"ls", "R", "ITw", false, false},
    {"wc", "", "", false, false},
});

// Programs that build or test. A word after the colon: only with this argument.
constexpr std::string_view k_builders =
    "make gmake ninja samu cmake:--build cargo go:build go:test go:install go:vet go:run go:generate npm "
    "pnpm yarn "
    "npx bun pytest py.test tox nox mvn mvnw gradle gradlew dotnet ctest bazel bazelisk buck2 meson:compile "
    "meson:test scons ant sbt msbuild xcodebuild swift:build swift:test zig:build stack cabal mix:test rake "
    "jest "
    "mocha vitest phpunit rspec tsc docker:build podman:build just task python:pytest python3:pytest "
    "python:unittest python3:unittest";

// Programs that only start another.
constexpr std::string_view k_wrappers = "sudo nice ionice nohup time env stdbuf command exec xargs timeout";

std::string program_name(std::string_view word) {
  std::string name = file_name(word);
  if (name.size() > 4 && to_lower(name.substr(name.size() - 4)) == ".exe") name.resize(name.size() - 4);
  return name;
}

using Command = std::vector<std::string>;

// Past wrappers, their options, and assignments; a number after `timeout` or `nice -n` is theirs too.
Command without_wrappers(Command words) {
  std::size_t at = 0;
  bool wrapped = false;
  for (; at < words.size(); ++at) {
    const std::string& word = words[at];
    bool theirs = wrapped && !word.empty() && (word[0] == '-' || (word[0] >= '0' && word[0] <= '9'));
    bool assignment = word.find('=') != std::string::npos && word.find('=') < word.find('/');
    if (has_word(k_wrappers, program_name(word)))
      wrapped = true;
    else if (!theirs && !assignment)
      break;
  }
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(at));
  return words;
}

// The simple commands that the step starts. Where a script is quoted in odd ways some may be misread: that
// costs nothing but a limit that is less fitting.
std::vector<Command> commands(const Effects& effects) {
  std::vector<Command> found;
  for (const Effects::Execution& execution : effects.executes) {
    if (execution.script.empty()) {
      found.push_back(without_wrappers(execution.argv));
      continue;
    }
    std::string script = execution.script;
    for (char& c : script)
      if (std::string_view("|;&\n()").find(c) != std::string_view::npos) c = '\n';
    for (std::string_view line : split(script, '\n')) found.push_back(without_wrappers(split_words(line)));
  }
  std::erase_if(found, [](const Command& command) { return command.empty(); });
  return found;
}

bool is_short_option(const std::string& word) {
  return word.size() > 1 && word[0] == '-' && word[1] != '-';
}

const Walker* walker(const Command& command) {
  std::string name = program_name(command.front());
  for (const Walker& row : k_walkers) {
    if (!has_word(row.names, name)) continue;
    if (row.only_with.empty()) return &row;
    for (const std::string& word : command) {
      if (word == "--recursive" || word == "--dereference-recursive") return &row;
      if (is_short_option(word) && word.find_first_of(row.only_with) != std::string::npos) return &row;
    }
  }
  return nullptr;
}

void add_paths(const Command& command, const Walker& walker, std::vector<std::string>& paths) {
  bool pattern = walker.pattern;
  bool options = true;
  std::size_t before = paths.size();
  for (std::size_t i = 1; i < command.size(); ++i) {
    const std::string& word = command[i];
    if (word.empty()) continue;
    if (options && word == "--") {
      options = false;
    } else if (walker.until_expression && (word[0] == '(' || word[0] == '!' || word[0] == '-')) {
      if (word != "-L" && word != "-H" && word != "-P") break;
    } else if (options && word[0] == '-') {
      bool gives_pattern = is_short_option(word)
                               ? word.find_first_of("ef") != std::string::npos
                               : word.starts_with("--regexp") || word.starts_with("--file=");
      if (gives_pattern && walker.with_value.find('f') != std::string_view::npos) pattern = false;
      if (is_short_option(word) && walker.with_value.find(word.back()) != std::string_view::npos) ++i;
    } else if (word.find_first_of("<>") != std::string::npos) {
      if (word.find_first_not_of("0123456789<>&") == std::string::npos) ++i;
    } else if (pattern) {
      pattern = false;
    } else {
      paths.push_back(word);
    }
  }
  if (paths.size() == before && program_name(command.front()) != "wc") paths.emplace_back(".");
}

}  // namespace

std::vector<std::string> walked_trees(const Effects& effects) {
  std::vector<std::string> paths;
  for (const Command& command : commands(effects))
    if (const Walker* row = walker(command)) add_paths(command, *row, paths);
  std::vector<std::string> unique;
  for (std::string& path : paths)
    if (std::find(unique.begin(), unique.end(), path) == unique.end()) unique.push_back(std::move(path));
  return unique;
}

std::string build_program(const Effects& effects) {
  for (const Command& command : commands(effects)) {
    std::string name = program_name(command.front());
    for (std::string_view row : words(k_builders)) {
      std::size_t colon = row.find(':');
      if (row.substr(0, colon) != name) continue;
      if (colon == std::string_view::npos) return name;
      std::string_view argument = row.substr(colon + 1);
      if (std::find(command.begin() + 1, command.end(), argument) != command.end())
        return name + " " + std::string(argument);
    }
  }
  return {};
}

}  // namespace rustchain
