// Shells and other interpreters: where their program comes from, and what it does as far as its text tells.
#include "safety/hosts.hpp"
#include "safety/marks.hpp"
#include "safety/programs.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <cctype>

namespace rustchain {
namespace {

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// `name` as a word of its own, followed by a call's parenthesis, a quote or a blank.
std::size_t find_call(std::string_view code, std::string_view name, std::size_t from = 0) {
  for (std::size_t at = code.find(name, from); at != std::string_view::npos; at = code.find(name, at + 1)) {
    std::size_t end = at + name.size();
    if (at > 0 && is_word_character(code[at - 1]) && is_word_character(name.front())) continue;
    if (end < code.size() && is_word_character(code[end])) continue;
    while (end < code.size() && (code[end] == ' ' || code[end] == '\t')) ++end;
    if (end < code.size() && std::string_view("(\"'`{[$%").find(code[end]) != std::string_view::npos)
      return at;
    if (name.ends_with('(')) return at;
  }
  return std::string_view::npos;
}

bool calls_any(std::string_view code, std::string_view names) {
  for (std::string_view name : words(names))
    if (find_call(code, name) != std::string_view::npos) return true;
  return false;
}

constexpr std::string_view k_shell_calls =
    "system exec execSync execFile execFileSync spawn spawnSync popen popen2 popen3 Popen run call "
    "check_call check_output "
    "getoutput shell_exec passthru proc_open eval qx execute capture2 capture3 backtick execvp execv execl "
    "execlp fork_exec "
    "do_shell Exec Command pipeline";
constexpr std::string_view k_delete_calls =
    "rmtree remove unlink rmdir removedirs rm_rf rm_r rm rmSync rmdirSync unlinkSync rimraf rimrafSync "
    "remove_tree "
    "delete_file emptyDirSync remove_entry remove_dir remove_dir_all remove_file removeSync";
constexpr std::string_view k_write_calls =
    "write_text write_bytes writeFile writeFileSync appendFile appendFileSync createWriteStream "
    "file_put_contents copyFile "
    "copyFileSync copy copyfile copy2 move rename renameSync symlink";
constexpr std::string_view k_read_calls =
    "open read_text read_bytes readFile readFileSync readlines createReadStream file_get_contents fopen "
    "readfile slurp read "
    "File.read File.open IO.read Path cat load parse_file File";

// Quoted texts that follow one another in a list: ["rm", "-rf", "/"].
std::vector<std::string> listed_commands(std::string_view code) {
  std::vector<std::string> commands;
  for (std::size_t at = 0; (at = code.find('[', at)) != std::string_view::npos; ++at) {
    std::size_t end = code.substr(0, at + 2000).find(']', at);
    if (end == std::string_view::npos) continue;
    std::vector<std::string> words_ = string_literals(code.substr(at, end - at));
    if (words_.size() >= 2) commands.push_back(shell_join(words_));
    if (commands.size() > 50) break;
  }
  return commands;
}

bool has_camel_deletion(std::string_view code) {
  for (std::string_view verb : {".delete", ".destroy", ".drop", ".clear", ".purge", ".truncate"}) {
    for (std::size_t at = code.find(verb); at != std::string_view::npos; at = code.find(verb, at + 1)) {
      std::size_t end = at + verb.size();
      if (end >= code.size()) break;
      if (code[end] >= 'A' && code[end] <= 'Z') {
        std::string_view rest = code.substr(end, 12);
        if (rest.starts_with("Timeout") || rest.starts_with("Interval") || rest.starts_with("Property") ||
            rest.starts_with("Cookie"))
          continue;
        return true;
      }
      if (code.substr(end).starts_with("_all") || code.substr(end).starts_with("_database") ||
          code.substr(end).starts_with("_table") || code.substr(end).starts_with("_index") ||
          code.substr(end).starts_with("_bucket"))
        return true;
    }
  }
  return false;
}

struct Interpreter {
  std::string_view programs;
  std::string_view language;
  std::string_view values;  // short options with a value
  std::string_view code;    // letters whose value is code
  std::string_view long_code;
  std::string_view long_values;
  std::string_view module = {};  // letters that name a module to run: no code follows
};

constexpr Interpreter k_interpreters[] = {
    {"python python2 python3 pypy pypy3 ipython", "python", "cmWX", "c", "", "check-hash-based-pycs", "m"},
    {"node nodejs bun tsx ts-node", "javascript", "eprC", "ep", "eval print",
     "require import title loader experimental-loader env-file conditions input-type"},
    {"deno", "javascript", "", "", "", ""},
    {"perl", "perl", "eEIMm", "eE", "", ""},
    {"ruby irb", "ruby", "eIrCE", "e", "", ""},
    {"php", "php", "rcdfBRFEz", "rBRE", "", ""},
    {"lua luajit", "lua", "el", "e", "", ""},
    {"julia", "julia", "eELpC", "eE", "eval print", "project"},
    {"rscript r", "r", "e", "e", "", ""},
    {"osascript", "applescript", "el", "e", "", ""},
    {"tclsh expect", "tcl", "c", "c", "", ""},
    {"groovy scala elixir iex", "jvm", "e", "e", "eval", ""},
};

const Interpreter* find_interpreter(std::string_view name) {
  for (const Interpreter& interpreter : k_interpreters)
    if (has_word(interpreter.programs, name)) return &interpreter;
  // python3.11, ruby2.7
  std::size_t end = name.find_last_not_of("0123456789.");
  if (end != std::string_view::npos && end + 1 < name.size())
    return find_interpreter(name.substr(0, end + 1));
  return nullptr;
}

}  // namespace

std::vector<std::string> string_literals(std::string_view code) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < code.size() && all.size() < 500; ++i) {
    char quote = code[i];
    if (quote != '\'' && quote != '"' && quote != '`') continue;
    // An apostrophe in a word is none.
    if (quote == '\'' && i > 0 && std::isalpha(static_cast<unsigned char>(code[i - 1])) != 0 &&
        i + 1 < code.size() && std::isalpha(static_cast<unsigned char>(code[i + 1])) != 0 &&
        code[i - 1] != 'r' && code[i - 1] != 'b' && code[i - 1] != 'f')
      continue;
    std::string text;
    std::size_t at = i + 1;
    while (at < code.size() && code[at] != quote) {
      if (code[at] == '\\' && at + 1 < code.size()) {
        char c = code[++at];
        if (c == 'n' || c == 't') {
          text += ' ';
        } else if (c == 'x' && at + 2 < code.size()) {
          text += static_cast<char>(std::strtol(std::string(code.substr(at + 1, 2)).c_str(), nullptr, 16));
          at += 2;
        } else if (c >= '0' && c <= '7' && at + 2 < code.size() && code[at + 1] >= '0' &&
                   code[at + 1] <= '7') {
          text += static_cast<char>(std::strtol(std::string(code.substr(at, 3)).c_str(), nullptr, 8));
          at += 2;
        } else {
          text += c;
        }
      } else {
        text += code[at];
      }
      ++at;
    }
    if (at >= code.size()) break;
    for (char& c : text)
      if (static_cast<unsigned char>(c) < 0x20 && k_marks.find(c) == std::string_view::npos) c = ' ';
    all.push_back(std::move(text));
    i = at;
  }
  return all;
}

std::string program_name(std::string_view word) {
  std::size_t slash = word.find_last_of("/\\");
  std::string name = to_lower(slash == std::string_view::npos ? word : word.substr(slash + 1));
  for (std::string_view end : {".exe", ".cmd", ".bat", ".com"})
    if (name.ends_with(end) && name.size() > end.size()) name.resize(name.size() - end.size());
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

bool is_interpreter(std::string_view program) {
  return find_interpreter(program) != nullptr;
}

// ---- code in other languages

void Walk::run_code(std::string_view language, std::string_view code, ShellSpan at) {
  if (!spend()) return;
  if (has_mark(code, std::string_view(&k_tainted, 1))) find("taint.code", at, code);
  if (has_mark(code, std::string_view(&k_downloaded, 1))) find("net.pipe_to_shell", at, code);
  if (has_mark(code) && code.find_first_not_of(std::string(k_marks) + " \n") == std::string_view::npos) {
    find(code[0] == k_fed ? "code.dynamic" : "code.unverifiable", at, "");
    return;
  }
  std::vector<std::string> literals = string_literals(code);
  if (code.find("64") != std::string_view::npos) {
    const std::size_t plain = literals.size();
    for (std::size_t i = 0; i < plain; ++i)
      if (literals[i].size() >= 4)
        if (std::optional<std::string> decoded = decode_base64_text(literals[i]))
          literals.push_back(*decoded);
  }
  auto each = [&](std::size_t most, auto&& use) {
    for (std::size_t i = 0; i < literals.size() && i < most; ++i)
      if (!literals[i].empty()) use(Argument{literals[i], at});
  };
  if (language == "applescript" && code.find("shell script") != std::string_view::npos)
    each(60, [&](const Argument& text) { (void)run_text(text.text, at, {"", true, false}); });
  // Shell commands: a text that is given to a call which starts programs.
  const bool backquotes =
      (language == "ruby" || language == "perl" || language == "php" || language == "julia") &&
      code.find('`') != std::string_view::npos;
  if (backquotes || calls_any(code, k_shell_calls) || code.find("%x") != std::string_view::npos) {
    each(60, [&](const Argument& text) {
      if (text.text.find_first_of(" /") != std::string::npos)
        (void)run_text(text.text, at, {"", true, false});
    });
    for (const std::string& command : listed_commands(code)) (void)run_text(command, at, {"", true, false});
    // execSync, spawn with the words as separate arguments.
    for (std::string_view name :
         {"spawn", "spawnSync", "execFile", "execFileSync", "system", "execlp", "execl"}) {
      std::size_t call = find_call(code, name);
      if (call == std::string_view::npos) continue;
      std::size_t end = code.substr(0, call + 2000).find(')', call);
      std::vector<std::string> words_ =
          string_literals(code.substr(call, end == std::string_view::npos ? 2000 : end - call));
      if (words_.size() >= 2) (void)run_text(shell_join(words_), at, {"", true, false});
    }
  }
  if (calls_any(code, k_delete_calls) ||
      (language == "perl" && code.find("unlink ") != std::string_view::npos)) {
    const bool tree = calls_any(code, "rmtree rm_rf rm_r rimraf rimrafSync remove_tree remove_dir_all") ||
                      code.find("recursive") != std::string_view::npos;
    each(60, [&](const Argument& text) {
      if (text.text.find_first_of("/~.*") == std::string::npos || text.text.find(' ') != std::string::npos)
        return;
      Argument path = text;
      std::replace(path.text.begin(), path.text.end(), '*', k_many);
      remove(path, tree);
    });
  }
  if (calls_any(code, k_write_calls) ||
      ((calls_any(code, "open fopen File.open") &&
        (code.find("'w") != std::string_view::npos || code.find("\"w") != std::string_view::npos ||
         code.find("'a'") != std::string_view::npos || code.find("\"a\"") != std::string_view::npos)))) {
    each(60, [&](const Argument& text) {
      if (text.text.find('/') != std::string::npos || text.text.starts_with('.'))
        if (text.text.find(' ') == std::string::npos && text.text.find("://") == std::string::npos)
          write(text);
    });
  }
  if (calls_any(code, k_read_calls) || language == "awk" || code.find('<') != std::string_view::npos) {
    each(60, [&](const Argument& text) {
      if (text.text.find(' ') == std::string::npos && text.text.find("://") == std::string::npos) read(text);
    });
  }
  auto mentions = [&](std::string_view list) {
    for (std::string_view word : words(list))
      if (code.find(word) != std::string_view::npos) return true;
    return false;
  };
  const bool socket = mentions(
      "socket( socket. Socket fsockopen Sockets TCPSocket net.connect net.Socket inet/tcp INET pfsockopen");
  if (socket && mentions("/bin/sh /bin/bash /bin/zsh cmd.exe subprocess pty.spawn IO.popen exec( system( "
                         "run( spawn( child_process os.dup2 STDIN"))
    find("net.remote_shell", at, code);
  const bool fetches = mentions(
      "urlopen requests.get urllib http.get https.get fetch( Net::HTTP open-uri file_get_contents('http "
      "file_get_contents(\"http LWP:: axios");
  if (fetches && calls_any(code, "exec eval system execSync compile Function spawn instance_eval"))
    find("net.pipe_to_shell", at, code);
  if (has_camel_deletion(code)) find("infra.destroy", at, code);
  for (const std::string& literal : literals)
    if (literal.starts_with("http://") || literal.starts_with("https://")) {
      UrlFacts facts = look_at_url(literal);
      if (facts.kind == HostKind::metadata) find("url.metadata", at, literal);
    }
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
  if (has_mark(content, std::string_view(&k_downloaded, 1))) {
    find(process ? "net.pipe_to_shell" : "net.download_and_run", at, process ? "" : path.text);
    return;
  }
  if (has_mark(content, std::string_view(&k_tainted, 1))) find("taint.content", at, path.text);
  if (language == "sh" || content.starts_with("#!/bin/") || content.starts_with("#!/usr/bin/env bash") ||
      content.starts_with("#!/usr/bin/env sh") || language.empty())
    (void)run_text(content, at, {});
  else
    run_code(language, content, at);
}

// ---- the interpreters

Stream run_shell(Walk& walk, const Arguments& argv, const Stream& input) {
  // Letters with a value come in bundles of their own (-lc, -xec); the script is the first operand after -c.
  bool command = false, checks = false, standard_input = false;
  std::size_t at = 1;
  for (; at < argv.size(); ++at) {
    const std::string& word = argv[at].text;
    if (word == "--") {
      ++at;
      break;
    }
    if (word == "-" || word.size() < 2 || (word[0] != '-' && word[0] != '+')) break;
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
    if (argv[at].text == "/dev/stdin") {
      walk.find("code.unverifiable", argv[at].at, argv[at].text);
    } else {
      walk.run_file(argv[at], "sh", argv[at].at);
    }
    return {std::string(1, k_unknown)};
  }
  if (input.attached) return walk.run_text(input.text, argv[0].at, {"", true, false});
  return {std::string(1, k_unknown)};
}

Stream run_interpreter(Walk& walk, const Arguments& argv, const Stream& input) {
  const std::string name = program_name(argv[0].text);
  const Interpreter& interpreter = *find_interpreter(name);
  Stream unknown{std::string(1, k_unknown)};
  if (name == "deno") {
    if (argv.size() > 2 && argv[1].text == "eval")
      walk.run_code("javascript", argv.back().text, argv.back().at);
    return unknown;
  }
  Parsed own =
      parse_arguments(argv, 1, {interpreter.values, std::string_view(interpreter.long_values), false, true});
  bool code = false;
  for (std::size_t i = 0; i < own.options.size(); ++i) {
    const GivenOption& option = own.options[i];
    const bool is_code = option.name.size() == 1
                             ? interpreter.code.find(option.name[0]) != std::string_view::npos
                             : has_word(interpreter.long_code, option.name);
    if (!is_code) {
      if (option.name.size() == 1 && interpreter.module.find(option.name[0]) != std::string_view::npos)
        return unknown;
      if (has_word("require import loader experimental-loader", option.name) ||
          (option.name == "r" && name == "node")) {
        if (option.value && (option.value->starts_with('.') || option.value->starts_with('/')))
          walk.run_file({*option.value, option.at}, "javascript", option.at);
      }
      continue;
    }
    code = true;
    // -pe CODE, -ne CODE: the letter before took the next one for its value.
    std::string text = option.value.value_or("");
    ShellSpan at = option.at;
    if ((text == "e" || !option.value) && own.first_operand < argv.size()) {
      text = argv[own.first_operand].text;
      at = argv[own.first_operand].at;
    }
    walk.run_code(interpreter.language, text, at);
  }
  if (code) return unknown;
  if (!own.operands.empty() && own.operands[0].text != "-") {
    walk.run_file(own.operands[0], interpreter.language, own.operands[0].at);
    return unknown;
  }
  if (own.has("hVv", "help version") && !input.attached) return unknown;
  if (input.attached) walk.run_code(interpreter.language, input.text, argv[0].at);
  return unknown;
}

Stream run_awk(Walk& walk, const Arguments& argv, const Stream& input) {
  Parsed own =
      parse_arguments(argv, 1, {"fFvieE", "file field-separator assign source include exec", false, false});
  std::size_t first = 0;
  std::string program;
  ShellSpan at = argv[0].at;
  if (const GivenOption* source = own.find("e", "source"); source != nullptr && source->value) {
    program = *source->value;
    at = source->at;
  } else if (own.has("f", "file")) {
  } else if (!own.operands.empty()) {
    program = own.operands[0].text;
    at = own.operands[0].at;
    first = 1;
  }
  // Patterns between slashes are no code.
  if (!program.empty()) {
    const bool runs = program.find("system") != std::string::npos || program.find('|') != std::string::npos;
    const bool files = program.find("getline") != std::string::npos;
    const bool prints = program.find('>') != std::string::npos;
    if (runs)
      for (const std::string& text : string_literals(program))
        if (text.find(' ') != std::string::npos) (void)walk.run_text(text, at, {"", true, false});
    if (files)
      for (const std::string& text : string_literals(program)) walk.read({text, at});
    if (prints)
      for (const std::string& text : string_literals(program))
        if (text.starts_with('/') || text.starts_with('~') || text.starts_with('.')) walk.write({text, at});
    if (program.find("/inet/") != std::string::npos) walk.find("net.remote_shell", at, program);
    if (has_mark(program, std::string_view(&k_tainted, 1))) walk.find("taint.code", at, program);
  }
  for (std::size_t i = first; i < own.operands.size(); ++i) walk.read(own.operands[i]);
  return {std::string(1, has_mark(input.text, std::string_view(&k_downloaded, 1)) ? k_downloaded : k_unknown),
          false, input.secret};
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
  if (encoded) walk.find("code.unverifiable", argv[0].at, "-EncodedCommand");
  if (text.empty() && input.attached) text = input.text;
  if (has_mark(text, std::string_view(&k_tainted, 1))) walk.find("taint.shell", argv[0].at, text);
  const std::string lower = to_lower(text);
  if ((lower.find("iex") != std::string::npos || lower.find("invoke-expression") != std::string::npos) &&
      (lower.find("download") != std::string::npos || lower.find("iwr") != std::string::npos ||
       lower.find("invoke-webrequest") != std::string::npos || lower.find("irm ") != std::string::npos ||
       lower.find("invoke-restmethod") != std::string::npos))
    walk.find("net.pipe_to_shell", argv[0].at, text);
  std::string simple;
  for (char c : text) simple += c == '|' || c == ';' || c == '&' ? '\n' : c;
  for (std::string_view line : split(simple, '\n')) {
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
    if (!command.empty()) (void)walk.run(command, {"", true, false});
  }
  return {std::string(1, k_unknown)};
}

}  // namespace rustchain
