// sed: what its script reads, writes and runs.
#include "safety/marks.hpp"
#include "safety/programs.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <cctype>

namespace rustchain {
namespace {

// Where the text goes on behind the delimiter that ends a part.
std::size_t behind(std::string_view script, std::size_t at, char delimiter) {
  for (; at < script.size() && script[at] != delimiter; ++at)
    if (script[at] == '\\') ++at;
  return std::min(at + 1, script.size());
}

void judge_script(Walk& walk, std::string_view script, ShellSpan at) {
  std::size_t i = 0;
  // What a command takes to the end of its line.
  auto line = [&] {
    const std::size_t begin = i;
    i = std::min(script.find('\n', i), script.size());
    return trim(script.substr(begin, i - begin));
  };
  auto writes = [&] { walk.write({std::string(line()), at}); };
  while (i < script.size()) {
    const char c = script[i++];
    if (c == '/') {
      i = behind(script, i, '/');
    } else if (c == '\\' && i < script.size()) {
      i = behind(script, i + 1, script[i]);
    } else if ((c == 's' || c == 'y') && i < script.size()) {
      const char delimiter = script[i];
      i = behind(script, behind(script, i + 1, delimiter), delimiter);
      for (; i < script.size() && std::isalnum(static_cast<unsigned char>(script[i])) != 0; ++i) {
        if (script[i] == 'e') walk.find("code.unverifiable", at, script);
        if (script[i] != 'w') continue;
        ++i;
        writes();
        break;
      }
    } else if (c == 'w' || c == 'W') {
      writes();
    } else if (c == 'r' || c == 'R') {
      walk.read({std::string(line()), at});
    } else if (c == 'e') {
      const std::string_view command = line();
      if (command.empty()) walk.find("code.unverifiable", at, script);
      (void)walk.run_text(command, at, {});
    } else if (c == 'a' || c == 'i' || c == 'c') {
      (void)line();
    } else if (c == ':' || c == 'b' || c == 't' || c == 'T') {
      i = std::min(script.find_first_of(";\n", i), script.size());
    }
  }
}

// s/^/rm -rf /, s/.*/rm "&"/: a command is made of each line.
std::string lines_made(std::string_view script, const Stream& input) {
  if (script.size() < 5 || script[0] != 's') return {};
  const std::size_t begin = behind(script, 2, script[1]), end = behind(script, begin, script[1]);
  const std::string_view pattern = script.substr(2, begin - 3);
  if (end <= begin || !has_word("^ .* ^.* ^.*$", pattern)) return {};
  std::string made(script.substr(begin, end - begin - 1));
  if (pattern == "^") made += '&';
  if (made.find('\\') != std::string::npos) return {};
  std::string all;
  const std::string fed(1, k_fed);
  const bool known = input.attached && !has_mark(input.text, k_marks);
  for (std::string_view one : split(known ? std::string_view(input.text) : fed, '\n'))
    if (!one.empty()) all += replace_all(made, "&", one) + "\n";
  return all;
}

}  // namespace

Stream run_sed(Walk& walk, const Arguments& argv, const Stream& input) {
  Parsed own = parse_arguments(argv, 1, {"efl", "expression file line-length", false, false});
  Arguments scripts;
  for (const GivenOption& option : own.options) {
    if ((option.name == "e" || option.name == "expression") && option.value)
      scripts.push_back({*option.value, option.at});
    if ((option.name == "f" || option.name == "file") && option.value) walk.read({*option.value, option.at});
  }
  const bool given = own.has("ef", "expression file");
  if (!given && !own.operands.empty()) scripts.push_back(own.operands[0]);
  for (const Argument& script : scripts) judge_script(walk, script.text, script.at);
  if (own.has("i", "in-place"))
    for (std::size_t i = given ? 0 : 1; i < own.operands.size(); ++i) walk.write(own.operands[i]);
  Stream output = run_reader(walk, argv, input);
  if (scripts.size() == 1 && own.operands.size() == (given ? 0U : 1U))
    if (std::string text = lines_made(scripts[0].text, input); !text.empty()) output.text = std::move(text);
  return output;
}

}  // namespace rustchain
