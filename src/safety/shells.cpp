// Shells, and files that are run: where their text comes from.
#include "safety/marks.hpp"
#include "safety/programs.hpp"
#include "util/text.hpp"

#include <algorithm>

namespace rustchain {

std::string program_name(std::string_view word) {
  for (char separator : {'/', '\\'}) word.remove_prefix(word.rfind(separator) + 1);
  std::string name = to_lower(word);
  while (name.size() > 4 && name[name.size() - 4] == '.' &&
         has_word(".exe .cmd .bat .com", std::string_view(name).substr(name.size() - 4)))
    name.resize(name.size() - 4);
  return name;
}

std::vector<std::string> split_shell_words(std::string_view text) {
  std::vector<std::string> all;
  ShellSpan none{0, 0};
  ShellScript script = read_shell(text, &none);
  for (const ShellItem& item : script.items)
    for (const ShellWord& word : item.words) {
      std::string plain;
      for (const ShellPiece& piece : word.pieces)
        plain += piece.kind == ShellPiece::Kind::text ? piece.text : std::string(1, k_unknown);
      all.push_back(std::move(plain));
    }
  return all;
}

void Walk::run_file(const Argument& path, std::string_view language, ShellSpan at) {
  if (path.text == "-") return;
  Place there = place(path.text);
  if (is_secret(there) && language != "sh") read(path);
  if (path.text.find(k_tainted) != std::string::npos) find("taint.program", at, path.text);
  auto known = written_->find(there.path);
  if (known == written_->end()) return;
  const std::string content = known->second;
  const bool process = path.text.starts_with("/dev/fd/");
  if (has_mark(content, k_downloaded)) {
    find(process ? "net.pipe_to_shell" : "net.download_and_run", at, process ? "" : path.text);
    return;
  }
  if (has_mark(content, k_tainted)) find("taint.content", at, path.text);
  if (language == "sh" || content.starts_with("#!/bin/") || content.starts_with("#!/usr/bin/env bash") ||
      content.starts_with("#!/usr/bin/env sh") || language.empty())
    (void)run_text(content, at, {});
  else
    run_code(language, content, at);
}

Stream run_shell(Walk& walk, const Arguments& argv, const Stream& input) {
  // Letters with a value come in bundles of their own (-lc, -xec); the script is the first operand after -c.
  bool command = false, checks = false, standard_input = false;
  std::size_t at = 1;
  for (; at < argv.size(); ++at) {
    const std::string& word = argv[at].text;
    if (word == "--" || word == "-") {
      ++at;
      break;
    }
    if (word.size() < 2 || (word[0] != '-' && word[0] != '+')) break;
    if (word.starts_with("--")) {
      if (word == "--init-file" || word == "--rcfile") {
        if (at + 1 < argv.size()) walk.run_file(argv[at + 1], "sh", argv[at].at);
        ++at;
      } else if (word.starts_with("--init-file=") || word.starts_with("--rcfile=")) {
        walk.run_file({word.substr(word.find('=') + 1), argv[at].at}, "sh", argv[at].at);
      } else if (word == "--help" || word == "--version") {
        return {};
      }
      continue;
    }
    bool value = false;
    for (std::size_t i = 1; i < word.size(); ++i) {
      if (word[i] == 'o' || word[i] == 'O') {
        value = i + 1 == word.size();
        break;
      }
      command = command || word[i] == 'c';
      checks = checks || (word[i] == 'n' && word[0] == '-');
      standard_input = standard_input || word[i] == 's';
    }
    if (value) ++at;
  }
  if (checks) return {std::string(1, k_unknown)};
  if (command) {
    if (at < argv.size() && argv[at].text == "--") ++at;
    if (at >= argv.size()) return {};
    std::vector<std::string> positional;
    for (std::size_t i = at + 1; i < argv.size(); ++i) positional.push_back(argv[i].text);
    return walk.run_text(argv[at].text, argv[at].at, input, &positional);
  }
  if (at < argv.size() && !standard_input) {
    if (argv[at].text == "/dev/stdin" && input.attached) {
      return walk.run_text(input.text, argv[0].at, {"", true, false});
    } else if (argv[at].text == "/dev/stdin") {
      walk.find("code.unverifiable", argv[at].at, argv[at].text);
    } else {
      walk.run_file(argv[at], "sh", argv[at].at);
    }
    return {std::string(1, k_unknown)};
  }
  if (input.attached) return walk.run_text(input.text, argv[0].at, {"", true, false});
  return {std::string(1, k_unknown)};
}

// make, just: the recipes of a file that was written before, or that comes through the pipe.
Stream run_make(Walk& walk, const Arguments& argv, const Stream& input) {
  Parsed own = parse_arguments(
      argv, 1, {"CfIjloW", "file makefile directory eval jobs justfile working-directory", false, false});
  Stream unknown{std::string(1, k_unknown)};
  if (own.has("nqhv", "just-print dry-run recon question help version list")) return unknown;
  std::string directory = own.value("C", "directory working-directory");
  if (!directory.empty()) directory += "/";
  std::vector<std::string> files = {"Makefile", "makefile", "GNUmakefile", "justfile", "Justfile"};
  if (const GivenOption* file = own.find("f", "file makefile justfile"); file != nullptr && file->value)
    files = {*file->value};
  std::string text = own.value("", "eval");
  for (const std::string& file : files) {
    auto known = walk.written().find(walk.place(directory + file).path);
    if (known != walk.written().end()) text += "\n" + known->second;
    if ((file == "-" || file == "/dev/stdin") && input.attached) text += "\n" + input.text;
  }
  for (std::string_view line : split(text, '\n')) {
    if (!line.starts_with('\t') && !line.starts_with(' ')) continue;
    std::string recipe(trim(line));
    recipe.erase(0, std::min(recipe.find_first_not_of("@-+"), recipe.size()));
    (void)walk.run_text(replace_all(recipe, "$$", "$"), argv[0].at, {});
  }
  return unknown;
}

// cmd /c TEXT, powershell -Command TEXT: words and separators only.
Stream run_windows_shell(Walk& walk, const Arguments& argv, const Stream& input) {
  std::string text;
  bool encoded = false;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string lower = to_lower(argv[i].text);
    if (text.empty() && (lower == "/c" || lower == "/k" || lower == "/s" || lower == "/q" || lower == "/d" ||
                         lower == "-c" || lower == "-command" || lower == "-noprofile" || lower == "-nop" ||
                         lower == "-noninteractive" || lower == "-nologo" || lower == "-sta"))
      continue;
    // A script on another machine.
    if (text.empty() && lower == "-file" && i + 1 < argv.size() &&
        (argv[i + 1].text.starts_with("\\\\") || argv[i + 1].text.starts_with("//")))
      walk.find("net.download_and_run", argv[i + 1].at, argv[i + 1].text);
    if (text.empty() && (lower == "-executionpolicy" || lower == "-ep" || lower == "-windowstyle" ||
                         lower == "-w" || lower == "-file")) {
      ++i;
      continue;
    }
    if (text.empty() && (lower == "-encodedcommand" || lower == "-enc" || lower == "-e" || lower == "-ec")) {
      encoded = true;
      if (i + 1 < argv.size()) {
        if (std::optional<std::string> decoded = decode_base64_text(argv[i + 1].text))
          text = replace_all(*decoded, "\x7f", "");
        ++i;
      }
      continue;
    }
    text.append(text.empty() ? "" : " ").append(argv[i].text);
  }
  for (std::string_view home : {"$HOME", "$home", "$env:HOME"}) text = replace_all(text, home, "~");
  if (encoded) walk.find("net.pipe_to_shell", argv[0].at, "-EncodedCommand");
  if (text.empty() && input.attached) text = input.text;
  if (has_mark(text, k_tainted)) walk.find("taint.shell", argv[0].at, text);
  const std::string lower = to_lower(text);
  if ((lower.find("iex") != std::string::npos || lower.find("invoke-expression") != std::string::npos) &&
      (lower.find("download") != std::string::npos || lower.find("iwr") != std::string::npos ||
       lower.find("invoke-webrequest") != std::string::npos || lower.find("irm ") != std::string::npos ||
       lower.find("invoke-restmethod") != std::string::npos))
    walk.find("net.pipe_to_shell", argv[0].at, text);
  Arguments before;  // what stands before the pipe
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find_first_of("|;&\n", begin), text.size());
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    const bool fed = begin > 0 && text[begin - 1] == '|';
    begin = end + 1;
    Arguments command;
    std::string word;
    char quote = 0;
    for (char c : std::string(trim(line)) + " ") {
      if (quote != 0 ? c == quote : c == '"' || c == '\'') {
        quote = quote != 0 ? '\0' : c;
      } else if (quote == 0 && (c == ' ' || c == '\t' || c == '(' || c == ')' || c == '{' || c == '}')) {
        if (!word.empty()) command.push_back({word, argv[0].at});
        word.clear();
      } else {
        word += c == '*' ? k_many : c;
      }
    }
    // Get-ChildItem C:\ | Remove-Item: what is found is what is removed.
    if (fed && !command.empty() && !before.empty() &&
        has_word("remove-item rm ri del rd rmdir erase clear-content", program_name(command[0].text)) &&
        std::none_of(command.begin() + 1, command.end(),
                     [](const Argument& one) { return one.text[0] != '-'; }))
      for (std::size_t i = 1; i < before.size(); ++i) command.push_back(before[i]);
    if (!command.empty()) (void)walk.run(command, {"", true, false});
    if (!fed) before = std::move(command);
  }
  return {std::string(1, k_unknown)};
}

}  // namespace rustchain
