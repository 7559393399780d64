// Code of other languages than the shell's: what its literals and the names of its calls tell.
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
    "do_shell Exec Command pipeline cmd";
constexpr std::string_view k_delete_calls =
    "rmtree remove unlink rmdir removedirs rm_rf rm_r rm rmSync rmdirSync unlinkSync rimraf rimrafSync "
    "remove_tree "
    "delete_file File.delete Files.delete emptyDirSync remove_entry remove_dir remove_dir_all remove_file "
    "removeSync";
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

// The home directory as languages spell it becomes a literal.
std::string with_home_written_out(std::string_view code) {
  std::string all(code);
  for (std::string_view quote : {"'", "\"", ""})
    for (std::string_view spelling :
         {"os.homedir()", "homedir()", "pathlib.Path.home()", "Path.home()", "process.env.HOME",
          "process.env[?HOME?]", "Deno.env.get(?HOME?)", "os.environ[?HOME?]", "os.environ.get(?HOME?)",
          "os.getenv(?HOME?)", "getenv(?HOME?)", "Dir.home", "ENV.fetch(?HOME?)", "ENV[?HOME?]",
          "$ENV{?HOME?}"})
      all = replace_all(all, replace_all(spelling, "?", quote), "'~'");
  return all;
}

// What a call is given, where all of it is written out; nothing: a variable is in it.
std::vector<std::string> paths_written_out(std::string_view text) {
  const std::string given = with_home_written_out(text);
  std::string word;
  for (std::size_t i = 0; i <= given.size(); ++i) {
    const char c = i < given.size() ? given[i] : ' ';
    if (is_word_character(c)) {
      word += c;
      continue;
    }
    const bool quote = c == '\'' || c == '"' || c == '`';
    const bool prefix = quote && word.size() <= 2;  // r"", f""
    if (!word.empty() && !prefix &&
        !has_word(
            "os path posixpath join Path pathlib expanduser resolve normalize glob recursive force true "
            "false True False ignore_errors missing_ok fs require File Dir shutil",
            word) &&
        word.find_first_not_of("0123456789") != std::string::npos)
      return {};
    word.clear();
    if (!quote) continue;
    while (++i < given.size() && given[i] != c)
      if (given[i] == '\\') ++i;
  }
  std::vector<std::string> paths = string_literals(given);
  const bool parts = given.find("join") != std::string::npos || given.find(" / ") != std::string::npos ||
                     given.find('+') != std::string::npos;
  if (parts && paths.size() > 1) {
    paths[0] = join(paths, "/");
    paths.resize(1);
  }
  return paths;
}

// Path("x").unlink(): what stands between the parentheses before the dot.
std::string_view receiver(std::string_view code, std::size_t dot) {
  if (dot < 2 || code[dot - 1] != ')') return {};
  int open = 0;
  for (std::size_t at = dot; at-- > 0 && at + 300 > dot;) {
    if (code[at] == ')') ++open;
    if (code[at] == '(' && --open == 0) return code.substr(at, dot - at);
  }
  return {};
}

// What calls of these names are given. A variable may hold any text of the code.
std::vector<std::string> call_paths(std::string_view code, std::string_view names,
                                    const std::vector<std::string>& literals) {
  std::vector<std::string> paths;
  for (std::string_view name : words(names))
    for (std::size_t at = find_call(code, name); at != std::string_view::npos;
         at = find_call(code, name, at + 1)) {
      const std::size_t begin = at + name.size();
      int open = 0;
      std::size_t end = begin;
      for (; end < code.size() && end < begin + 2000; ++end) {
        if (code[end] == '(') ++open;
        if (code[end] == ')' && --open <= 0) break;
        if (open == 0 && (code[end] == ';' || code[end] == '\n')) break;
      }
      std::vector<std::string> given = paths_written_out(code.substr(begin, end - begin));
      if (given.empty() && at > 0 && code[at - 1] == '.') given = paths_written_out(receiver(code, at - 1));
      if (given.empty() || paths.size() > 60) return literals;
      for (std::string& path : given) paths.push_back(std::move(path));
    }
  return paths.empty() ? literals : paths;
}

bool has_one_of(std::string_view code, std::string_view names) {
  for (std::string_view name : words(names))
    for (std::size_t at = code.find(name); at != std::string_view::npos; at = code.find(name, at + 1)) {
      const std::size_t end = at + name.size();
      if (at > 0 && is_word_character(code[at - 1]) && is_word_character(name[0])) continue;
      if (end == code.size() || !is_word_character(code[end])) return true;
    }
  return false;
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

std::string without_literals(std::string_view code) {
  std::string bare;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (c == '/' && code.substr(i).starts_with("//") && (i == 0 || code[i - 1] != ':')) {
      i = std::min(code.find('\n', i), code.size());
    } else if (c == '/' && code.substr(i).starts_with("/*")) {
      i = std::min(code.find("*/", i + 2), code.size() - 2) + 1;
    } else if (c == '\'' || c == '"' || c == '`') {
      bare += c;
      while (++i < code.size() && code[i] != c)
        if (code[i] == '\\') ++i;
      bare += c;
    } else {
      bare += c;
    }
  }
  return bare;
}

void Walk::run_code(std::string_view language, std::string_view code, ShellSpan at) {
  if (!spend()) return;
  if (has_mark(code, k_tainted)) find("taint.code", at, code);
  if (has_mark(code, k_downloaded) || was_decoded(code)) find("net.pipe_to_shell", at, code);
  if (has_mark(code) && all_marks(code)) {
    find(code[0] == k_fed ? "code.dynamic" : "code.unverifiable", at, "");
    return;
  }
  // require('net').connect: net.connect.
  std::string flat;
  if (language == "javascript" && code.find("require(") != std::string_view::npos) {
    flat = code;
    for (std::string_view module : {"net", "http", "https", "fs", "child_process", "os", "path"})
      for (std::string_view quote : {"'", "\""})
        flat = replace_all(
            flat, "require(" + std::string(quote) + std::string(module) + std::string(quote) + ")", module);
    code = flat;
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
         {"spawn", "spawnSync", "execFile", "execFileSync", "system", "execlp", "execl", "cmd"}) {
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
    std::vector<std::string> paths = call_paths(code, k_delete_calls, literals);
    if (paths.size() > 60) paths.resize(60);
    for (std::string& path : paths) {
      if (path.find_first_of("/~.*") == std::string::npos || path.find(' ') != std::string::npos) continue;
      std::replace(path.begin(), path.end(), '*', k_many);
      remove({std::move(path), at}, tree);
    }
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
  auto holds_any = [](std::string_view text, std::string_view list) {
    for (std::string_view word : words(list))
      if (text.find(word) != std::string_view::npos) return true;
    return false;
  };
  const std::string bare = without_literals(code);
  auto mentions = [&](std::string_view list) { return holds_any(code, list); };
  auto calls = [&](std::string_view list) { return holds_any(bare, list); };
  const bool socket = mentions(
      "socket( socket. Socket fsockopen Sockets TCPSocket net.connect net.Socket inet/tcp INET pfsockopen");
  if (socket && mentions("/bin/sh /bin/bash /bin/zsh cmd.exe subprocess pty.spawn IO.popen exec( system( "
                         "run( spawn( child_process os.dup2 STDIN"))
    find("net.remote_shell", at, code);
  const bool fetches = mentions(
      "urlopen requests.get urllib http.get https.get fetch( Net::HTTP open-uri file_get_contents('http "
      "file_get_contents(\"http LWP:: axios");
  if (calls("requests.delete( httpx.delete( axios.delete( session.delete(") ||
      (fetches && mentions("'DELETE' \"DELETE\"")))
    find("net.delete", at, code);
  if (mentions("boto3 google.cloud azure.") &&
      (mentions(".delete_ .terminate_ .begin_delete") || calls(".delete( .terminate(")))
    find("infra.destroy", at, code);
  if (language == "applescript" && mentions("tell") && has_one_of(code, "restart sleep shut"))
    find("host.power", at, code);
  // Not the method of a pattern: /x/.exec(text).
  const std::string no_methods =
      mentions("child_process") ? std::string(code) : replace_all(code, ".exec(", "(");
  const bool decodes = mentions(
      "b64decode a85decode b85decode atob( decode64 base64_decode decode_base64 fromhex unhexlify 'base64') "
      "\"base64\") hex2bin gzinflate str_rot13 marshal.loads zlib.decompress unpack(");
  if ((fetches && has_one_of(no_methods, "eval exec system execSync Function spawn instance_eval")) ||
      (decodes && has_one_of(no_methods, "eval exec Function instance_eval execSync system")))
    find("net.pipe_to_shell", at, code);
  if (has_one_of(code, "fork") && has_one_of(code, "while loop until for") && !mentions("wait"))
    find("proc.fork_bomb", at, code);
  if (has_camel_deletion(code)) find("infra.destroy", at, code);
  for (const std::string& literal : literals)
    if (literal.starts_with("http://") || literal.starts_with("https://")) {
      UrlFacts facts = look_at_url(literal);
      if (facts.kind == HostKind::metadata) find("url.metadata", at, literal);
    }
}

}  // namespace rustchain
