// Interpreters other than shells: where their program comes from.
#include "safety/marks.hpp"
#include "safety/programs.hpp"
#include "safety/tables.hpp"
#include "util/text.hpp"

namespace rustchain {
namespace {

constexpr InterpreterRow k_rows[] = {
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

const InterpreterRow* find_interpreter(std::string_view name) {
  if (auto found = find_in<k_rows>(name); !found.empty()) return &k_rows[found[0].row];
  // python3.11, ruby2.7
  std::size_t end = name.find_last_not_of("0123456789.");
  if (end != std::string_view::npos && end + 1 < name.size())
    return find_interpreter(name.substr(0, end + 1));
  return nullptr;
}

// print "rm -rf " $1: a command is made of each line.
std::string printed_commands(std::string_view program) {
  const std::size_t print = program.find("print");
  if (print == std::string_view::npos) return {};
  const std::size_t quote = program.find_first_not_of("f( \t", print + 5);
  if (quote == std::string_view::npos || program[quote] != '"') return {};
  const std::vector<std::string> literals = string_literals(program.substr(quote));
  if (literals.empty() || literals[0].find(' ') == std::string::npos) return {};
  const std::string fed(1, k_fed);
  return replace_all(replace_all(literals[0], "%s", fed), "%d", fed) + fed + "\n";
}

}  // namespace

bool is_interpreter(std::string_view program) {
  return find_interpreter(program) != nullptr;
}

std::span<const InterpreterRow> interpreter_rows() {
  return k_rows;
}

Stream run_interpreter(Walk& walk, const Arguments& argv, const Stream& input) {
  const std::string name = program_name(argv[0].text);
  const InterpreterRow& interpreter = *find_interpreter(name);
  Stream unknown{std::string(1, k_unknown)};
  if (walk.is_off(&interpreter)) return unknown;
  if (name == "deno") {
    if (argv.size() == 1 && input.attached) walk.run_code("javascript", input.text, argv[0].at);
    if (argv.size() > 2 && argv[1].text == "eval")
      walk.run_code("javascript", argv.back().text, argv.back().at);
    Parsed own = parse_arguments(argv, 2, {"cL", "config import-map log-level", false, true});
    if (argv.size() > 2 && argv[1].text == "run" && !own.operands.empty()) {
      if (own.operands[0].text.find("://") != std::string::npos)
        walk.find("net.pipe_to_shell", own.operands[0].at, own.operands[0].text);
      walk.run_file(own.operands[0], "javascript", own.operands[0].at);
    }
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
    if (name == "perl")
      for (const GivenOption& module : own.options)
        if (module.name == "M" && module.value) text.insert(0, "use " + *module.value + "; ");
    walk.run_code(interpreter.language, text, at);
  }
  if (code) {
    // perl -pe CODE FILE...: the files are gone through, and with -i written.
    const bool loops = (name == "perl" || name == "ruby") && own.has("npi");
    for (std::size_t i = own.first_operand; loops && i < argv.size(); ++i) {
      if (own.has("i"))
        walk.write(argv[i]);
      else
        walk.read(argv[i]);
    }
    return unknown;
  }
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
        if (text.find(' ') != std::string::npos)
          (void)walk.run_text(text.ends_with(' ') ? text + k_fed : text, at, {"", true, false});
    if (files)
      for (const std::string& text : string_literals(program)) walk.read({text, at});
    if (prints)
      for (const std::string& text : string_literals(program))
        if (text.starts_with('/') || text.starts_with('~') || text.starts_with('.')) walk.write({text, at});
    if (program.find("/inet/") != std::string::npos) walk.find("net.remote_shell", at, program);
    if (has_mark(program, k_tainted)) walk.find("taint.code", at, program);
  }
  for (std::size_t i = first; i < own.operands.size(); ++i) {
    walk.read(own.operands[i]);
    if (own.value("i", "include") == "inplace") walk.write(own.operands[i]);
  }
  if (std::string commands = printed_commands(program); !commands.empty()) return {std::move(commands)};
  return {std::string(1, has_mark(input.text, k_downloaded) ? k_downloaded : k_unknown), false, input.secret};
}

}  // namespace rustchain
