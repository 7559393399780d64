// What a command step would do, as far as its words tell.
#include "steps/command_effects.hpp"

#include "steps/command_line.hpp"
#include "steps/shell_scan.hpp"
#include "steps/support.hpp"
#include "util/glob.hpp"
#include "util/path.hpp"
#include "util/text.hpp"

namespace rustchain {
namespace {

// Programs whose first operand is a script.
constexpr std::string_view k_interpreters =
    "sh bash dash ash zsh ksh fish python python2 python3 pypy pypy3 node nodejs deno perl ruby php lua "
    "Rscript "
    "source .";
// Their options that take the next word with them, or the program itself.
constexpr std::string_view k_code_options = "-c -e -m -r -E --eval -p -pe -ne -lc -xc -ec";
constexpr std::string_view k_options_with_value = "-W -X -O -o -I --require --import";
// Programs for which -o is the file that they write.
constexpr std::string_view k_dash_o =
    "gcc g++ cc c++ clang clang++ ld rustc go curl sort pandoc dot protoc javac as nasm gfortran objcopy gpg "
    "xsltproc asciidoctor";
// What stands after --output where it is a format and no file.
constexpr std::string_view k_formats =
    "json yaml text table wide name tsv csv xml html plain short none github";

void add(std::vector<std::string>& paths, std::string_view path) {
  if (path.empty() || path == "-" || path.starts_with("/dev/")) return;
  paths.emplace_back(path);
}

void add_words(const std::vector<std::string>& words, Effects& effects) {
  if (words.empty()) return;
  const std::string program = file_name(words.front());
  if (words.front().find('/') != std::string::npos && !words.front().starts_with('/'))
    add(effects.reads, words.front());
  if (has_word(k_interpreters, program)) {
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (has_word(k_code_options, words[i])) break;
      if (has_word(k_options_with_value, words[i])) {
        ++i;
      } else if (!words[i].starts_with('-')) {
        add(effects.reads, words[i]);
        break;
      }
    }
  }
  const bool dash_o = has_word(k_dash_o, program);
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--") break;
    const bool last = i + 1 == words.size();
    if (!last && dash_o && word == "-o") add(effects.writes, words[i + 1]);
    if (!last && program == "wget" && (word == "-O" || word == "--output-document"))
      add(effects.writes, words[i + 1]);
    if (!last && word == "--output" && !has_word(k_formats, words[i + 1])) add(effects.writes, words[i + 1]);
    constexpr std::string_view output = "--output=";
    if (word.starts_with(output) && !has_word(k_formats, std::string_view(word).substr(output.size())))
      add(effects.writes, std::string_view(word).substr(output.size()));
  }
}

}  // namespace

Effects command_effects(const Step& step, const Json& parameters) {
  Effects effects;
  for (const CommandLine& line : command_lines(step, parameters, "/bin/sh")) {
    effects.executes.push_back({start_arguments(line), line.script, {}});
    if (line.place == "windows") effects.executes.back().platform = line.place;
    if (!line.is_script()) {
      add_words(line.argv, effects);
      continue;
    }
    for (const ShellCommand& command : scan_shell(line.script)) {
      add_words(command.words, effects);
      for (const std::string& path : command.reads) add(effects.reads, path);
      for (const std::string& path : command.writes) add(effects.writes, path);
    }
  }
  add(effects.reads, text_of(parameters, "stdin_file"));
  if (!is_given(parameters, "files") || !parameters["files"].is_object())
    for (const std::string& file : list_of(parameters, "files"))
      if (!is_glob(file) && !has_reference(file)) add(effects.reads, file);
  add(effects.writes, text_of(parameters, "output_file"));
  return effects;
}

}  // namespace rustchain
