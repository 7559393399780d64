// Programs that print what they are given or what stands in files: what goes through a pipe stays known.
#include "safety/marks.hpp"
#include "safety/programs.hpp"
#include "util/base64.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <optional>

namespace rustchain {
namespace {

std::string passed_on(const Stream& input) {
  for (char mark : {k_downloaded, k_tainted, k_fed})
    if (input.text.find(mark) != std::string::npos) return std::string(1, mark);
  return std::string(1, k_unknown);
}

// \n, \t, \x41, \101 as echo -e and printf take them.
std::string unescape(std::string_view text) {
  std::string all;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      all += text[i];
      continue;
    }
    char c = text[++i];
    constexpr std::string_view letters = "abfnrtv\\\"'", values = "\a\b\f\n\r\t\v\\\"'";
    if (std::size_t letter = letters.find(c); letter != std::string_view::npos) {
      all += values[letter];
    } else if (c == 'x' || (c >= '0' && c <= '7')) {
      unsigned base = c == 'x' ? 16 : 8, value = 0;
      std::size_t at = c == 'x' ? i + 1 : i, most = at + (c == 'x' ? 2 : c == '0' ? 4 : 3);
      for (; at < text.size() && at < most; ++at) {
        char d = text[at];
        unsigned digit = d >= '0' && d <= '9'                     ? unsigned(d - '0')
                         : (d | 0x20) >= 'a' && (d | 0x20) <= 'f' ? unsigned((d | 0x20) - 'a' + 10)
                                                                  : 99;
        if (digit >= base) break;
        value = value * base + digit;
      }
      i = at - 1;
      // NUL ends an item of a list.
      const bool kept = value >= 0x20 || value == '\n' || value == '\t' || value == 0;
      all += kept ? static_cast<char>(value) : '\x7f';
    } else {
      all.append("\\").append(1, c);
    }
  }
  return all;
}

// The characters of tr's SET: ranges and escapes; classes aren't known.
std::optional<std::string> set_of(std::string_view given) {
  if (given.find("[:") != std::string_view::npos || given.find("[=") != std::string_view::npos)
    return std::nullopt;
  const std::string text = unescape(given);
  std::string all;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i + 2 < text.size() && text[i + 1] == '-' && text[i] <= text[i + 2]) {
      for (char c = text[i]; c < text[i + 2]; ++c) all += c;
      all += text[i + 2];
      i += 2;
    } else {
      all += text[i];
    }
  }
  return all;
}

// tr SET1 SET2, tr -d SET1.
std::string translated(const Parsed& own, const std::string& text) {
  std::string unknown(1, k_unknown);
  const bool deletes = own.has("d", "delete");
  if (own.has("cCs", "complement squeeze-repeats") || own.operands.size() != (deletes ? 1 : 2))
    return unknown;
  std::optional<std::string> from_set = set_of(own.operands[0].text);
  std::optional<std::string> to_set = deletes ? std::string() : set_of(own.operands[1].text);
  if (!from_set || !to_set || (!deletes && to_set->empty())) return unknown;
  std::string all;
  for (char c : text) {
    std::size_t at = from_set->find(c);
    if (at == std::string::npos)
      all += c;
    else if (!deletes)
      all += (*to_set)[std::min(at, to_set->size() - 1)];
  }
  return all;
}

struct ReaderRow {
  std::string_view programs;
  OptionTable options;
};
constexpr ReaderRow k_readers[] = {
    {"head tail", {"cns", "bytes lines pid sleep-interval", false, false}},
    {"cut", {"bcdf", "bytes characters delimiter fields output-delimiter", false, false}},
    {"sort", {"kStoT", "key field-separator output buffer-size temporary-directory", false, false}},
    {"uniq", {"fsw", "skip-fields skip-chars check-chars", false, false}},
    {"od", {"AjNtSw", "address-radix skip-bytes read-bytes format strings", false, false}},
    {"hexdump hd", {"efns", "format length skip", false, false}},
    {"xxd", {"cglos", "", false, false}},
    {"strings", {"nteTs", "bytes radix encoding", false, false}},
    {"fold fmt pr", {"wlhoN", "width", false, false}},
    {"column", {"cosNT", "separator output-separator table-columns", false, false}},
    {"paste", {"d", "delimiters", false, false}},
    {"join", {"aeijotv12", "", false, false}},
    {"split csplit", {"abClnf", "lines bytes number suffix-length prefix", false, false}},
    {"expand", {"t", "tabs", false, false}},
    {"iconv", {"fto", "from-code to-code output", false, false}},
    {"jq yq xq", {"LF", "arg argjson slurpfile rawfile indent from-file", false, false}},
    {"sed gsed", {"ef", "expression file line-length", false, false}},
    {"less more bat batcat", {"", "language theme style", false, false}},
};

OptionTable reader_options(std::string_view program) {
  for (const ReaderRow& row : k_readers)
    if (has_word(row.programs, program)) return row.options;
  return {};
}

}  // namespace

Stream run_echo(Walk&, const Arguments& argv, const Stream&) {
  std::size_t i = 1;
  bool newline = true, escapes = false;
  for (; i < argv.size() && argv[i].text.size() > 1 && argv[i].text[0] == '-' &&
         argv[i].text.find_first_not_of("neE", 1) == std::string::npos;
       ++i) {
    newline = newline && argv[i].text.find('n') == std::string::npos;
    escapes = escapes || argv[i].text.find('e') != std::string::npos;
  }
  std::string text;
  for (std::size_t first = i; i < argv.size(); ++i) text.append(i > first ? " " : "").append(argv[i].text);
  if (escapes) text = unescape(text);
  return {text + (newline ? "\n" : "")};
}

Stream run_printf(Walk&, const Arguments& argv, const Stream&) {
  std::size_t at = argv.size() > 1 && argv[1].text == "--" ? 2 : 1;
  if (at < argv.size() && argv[at].text == "-v") return {};
  if (at >= argv.size()) return {};
  const std::string format = argv[at++].text;
  std::string text;
  do {
    const std::size_t before = at;
    for (std::size_t i = 0; i < format.size(); ++i) {
      if (format[i] == '\\') {
        std::size_t end = i + 1;
        while (end < format.size() && end < i + 5 &&
               (format[i + 1] == 'x' || (format[i + 1] >= '0' && format[i + 1] <= '7')) &&
               std::string_view("x0123456789abcdefABCDEF").find(format[end]) != std::string_view::npos)
          ++end;
        end = std::max(end, std::min(i + 2, format.size()));
        text += unescape(std::string_view(format).substr(i, end - i));
        i = end - 1;
      } else if (format[i] == '%' && i + 1 < format.size()) {
        std::size_t end = format.find_first_not_of("-+ #0123456789.*", i + 1);
        if (end == std::string::npos) break;
        if (format[end] == '%')
          text += '%';
        else if (at < argv.size())
          text += format[end] == 'b' ? unescape(argv[at++].text) : argv[at++].text;
        i = end;
      } else {
        text += format[i];
      }
    }
    if (at == before) break;
  } while (at < argv.size() && text.size() < 65536);
  return {text};
}

Stream run_cat(Walk& walk, const Arguments& argv, const Stream& input) {
  Parsed own = parse_arguments(argv, 1, {});
  if (own.operands.empty())
    return {input.text.empty() && !input.attached ? std::string(1, k_unknown) : input.text, true,
            input.secret};
  Stream all;
  for (const Argument& operand : own.operands) {
    if (operand.text == "-") {
      all.text += input.text;
      all.secret = all.secret || input.secret;
      continue;
    }
    const Place place = walk.place(operand.text);
    all.secret = walk.read(operand) || all.secret || walk.holds_secret(place.path);
    auto known = walk.written().find(place.path);
    if (all.text.size() > k_longest_stream) break;
    all.text += known != walk.written().end() ? known->second : std::string(1, k_unknown);
  }
  return all;
}

std::optional<std::string> decode_base64_text(std::string_view text) {
  std::string plain;
  for (char c : text) plain += c == '-' ? '+' : c == '_' ? '/' : c;
  std::optional<std::string> decoded = base64_decode(plain);
  if (!decoded) return std::nullopt;
  // Digits of the URL alphabet in a text that is decoded as the plain one are dropped by some decoders.
  for (char& c : *decoded)
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') c = '\x7f';
  return decoded;
}

Stream run_base64(Walk& walk, const Arguments& argv, const Stream& input) {
  Parsed own = parse_arguments(argv, 1, {"wi", "wrap", false, false});
  Stream output{passed_on(input), false, input.secret};
  for (const Argument& operand : own.operands) output.secret = walk.read(operand) || output.secret;
  const bool decodes = own.has("dD", "decode");
  if (!decodes) return output;
  output.text = std::string(1, k_downloaded);
  if (own.operands.empty() && input.attached && !has_mark(input.text)) {
    std::string text = input.text;
    if (std::optional<std::string> decoded = decode_base64_text(text)) {
      walk.keep_decoded(*decoded);
      output.text = *decoded;
    }
  }
  return output;
}

// gunzip, openssl, xxd -r: what comes out was never seen.
Stream run_decoder(Walk& walk, const Arguments& argv, const Stream& input) {
  const std::string name = program_name(argv[0].text);
  Parsed own = parse_arguments(argv, 1, {"io", "in out", name == "openssl", false});
  for (const GivenOption& option : own.options) {
    if (!option.value) continue;
    if (option.name == "in" || (option.name == "i" && name != "xxd")) walk.read({*option.value, option.at});
    // A key that openssl makes is where its owner wants it.
    if (option.name == "out" || option.name == "o")
      if (name != "openssl" || walk.place(*option.value).kind != PlaceKind::inside)
        walk.write({*option.value, option.at});
  }
  bool secret = input.secret;
  if (name != "openssl")
    for (const Argument& operand : own.operands) secret = walk.read(operand) || secret;
  const bool connects = name == "openssl" && !own.operands.empty() && own.operands[0].text == "s_client";
  const bool decodes = connects || (name == "openssl" ? own.has("", "d") || own.has("d")
                                                      : name != "xxd" || own.has("r", "revert"));
  return {decodes ? std::string(1, k_downloaded) : passed_on(input), false, secret};
}

Stream run_tee(Walk& walk, const Arguments& argv, const Stream& input) {
  Parsed own = parse_arguments(argv, 1, {});
  for (const Argument& operand : own.operands)
    if (operand.text.starts_with("/dev/fd/") == false) walk.write(operand, input.text);
  return input;
}

// Programs whose operands are files that they show, or of which they show a part.
Stream run_reader(Walk& walk, const Arguments& argv, const Stream& input) {
  const std::string name = program_name(argv[0].text);
  Parsed own = parse_arguments(argv, 1, reader_options(name));
  std::size_t first = 0;
  if ((name == "sed" || name == "gsed") && !own.has("ef", "expression file")) first = 1;
  if (name == "jq" || name == "yq" || name == "xq") first = own.has("f", "from-file") ? 0 : 1;
  if (name == "tr") first = own.operands.size();
  Stream output{passed_on(input), false, input.secret};
  for (std::size_t i = first; i < own.operands.size(); ++i) {
    // less +!command
    if (own.operands[i].text.starts_with("+!"))
      (void)walk.run_text(std::string_view(own.operands[i].text).substr(2), own.operands[i].at, {});
    if (walk.read(own.operands[i])) output.secret = true;
  }
  if (const GivenOption* file = own.find("o", "output"); name == "sort" && file != nullptr && file->value)
    walk.write({*file->value, file->at});
  // What only cuts or orders known text leaves nothing new in it.
  if (first >= own.operands.size() && input.attached && !has_mark(input.text, k_marks) &&
      has_word("sort uniq head tail", name))
    output.text = input.text;
  if (name == "tr" && input.attached && !has_mark(input.text)) output.text = translated(own, input.text);
  if (name == "rev" && own.operands.empty() && input.attached && !has_mark(input.text)) {
    std::string all;
    for (std::string_view line : split(input.text, '\n')) {
      std::string turned(line);
      std::reverse(turned.begin(), turned.end());
      all += turned + "\n";
    }
    output.text = all;
  }
  return output;
}

// grep and its kin: the first operand is a pattern unless an option gives it.
Stream run_searcher(Walk& walk, const Arguments& argv, const Stream& input) {
  const std::string name = program_name(argv[0].text);
  const bool rg = name == "rg" || name == "ag" || name == "ack";
  Parsed own = parse_arguments(
      argv, 1,
      {rg ? "efABCmgtTjMrEd" : "efABCmdD",
       rg ? "regexp file after-context before-context context max-count glob iglob type type-not threads "
            "max-columns replace encoding max-depth ignore-file pre sort sortr color colors"
          : "regexp file after-context before-context context max-count include exclude exclude-dir "
            "exclude-from label binary-files devices directories color",
       false, false});
  if (own.has("hV", "help version") && own.operands.empty() && (name == "rg" || own.has("V", "help version")))
    return {};
  bool pattern = false, lists = false;
  for (const GivenOption& option : own.options) {
    if (option.name == "e" || option.name == "regexp") pattern = true;
    if (option.name == "f" || (option.name.size() > 2 && option.name == "file")) {
      pattern = true;
      if (option.value) walk.read({*option.value, option.at});
    }
    if (option.name == "files" || option.name == "type-list") lists = true;
    if (option.name == "pre" && option.value) (void)walk.run({{*option.value, option.at}}, {});
  }
  Stream output{passed_on(input), false, input.secret};
  for (std::size_t i = pattern || lists ? 0 : 1; i < own.operands.size(); ++i) {
    if (walk.read(own.operands[i])) output.secret = true;
  }
  return output;
}

// Programs whose answer is known well enough.
Stream run_small_output(Walk& walk, const Arguments& argv, const Stream& input) {
  const std::string name = program_name(argv[0].text);
  if (name == "ssh-agent")
    if (Parsed own = parse_arguments(argv, 1, {"aEtOP", "", false, true}); own.first_operand < argv.size())
      return walk.run(from(argv, own.first_operand), input);
  if (name == "pwd") return {walk.variable("PWD").value_or(walk.place(".").path) + "\n"};
  if (name == "which") {
    Parsed own = parse_arguments(argv, 1, {});
    if (own.operands.empty() || has_mark(own.operands[0].text)) return {std::string(1, k_unknown)};
    return {"/usr/bin/" + program_name(own.operands[0].text) + "\n"};
  }
  if (name == "mktemp") return {"/tmp/tmp.XXXX\n"};
  if (name == "basename" || name == "dirname") {
    Parsed own = parse_arguments(argv, 1, {"s", "suffix", false, false});
    if (own.operands.empty() || has_mark(own.operands[0].text)) return {std::string(1, k_unknown)};
    const std::string& path = own.operands[0].text;
    std::size_t slash = path.rfind('/');
    if (name == "basename") return {path.substr(slash + 1)};
    return {slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash)};
  }
  if (name == "realpath" || name == "readlink") {
    Parsed own = parse_arguments(argv, 1, {});
    if (!own.operands.empty()) return {own.operands.back().text};
  }
  // What was typed once.
  if (name == "history" || name == "fc") return {std::string(1, k_fed), false, true};
  if (name == "whoami") return {"you"};
  if (name == "date" || name == "uname" || name == "hostname" || name == "id" || name == "nproc" ||
      name == "seq")
    return {"0"};
  // Programs that print settings for the shell that asked.
  if (has_word("ssh-agent dircolors direnv brew pyenv rbenv nodenv goenv starship zoxide fnm keychain "
               "thefuck mise asdf "
               "opam conda luarocks resize tput register-python-argcomplete",
               name))
    return {""};
  return {std::string(1, k_unknown)};
}

}  // namespace rustchain
