// Follows a command: its assignments, what it expands to, and what runs it.
#include "safety/marks.hpp"
#include "safety/tables.hpp"
#include "safety/walk.hpp"
#include "util/glob.hpp"
#include "util/text.hpp"

#include <algorithm>

namespace rustchain {
namespace {

// What they are given goes to other machines, if only as a name that is looked up there.
constexpr std::string_view k_speakers =
    "curl wget nc ncat netcat socat telnet http https xh aria2c fetch lynx ftp dig drill kdig nslookup host "
    "ping ping6 mail mailx mutt sendmail mosquitto_pub websocat";

bool is_assignment(const ShellWord& word) {
  if (word.pieces.empty() || word.pieces[0].kind != ShellPiece::Kind::text || word.pieces[0].quoted)
    return false;
  const std::string& text = word.pieces[0].text;
  std::size_t at = 0;
  while (at < text.size() &&
         (text[at] == '_' || (text[at] >= 'a' && text[at] <= 'z') || (text[at] >= 'A' && text[at] <= 'Z') ||
          (at > 0 && text[at] >= '0' && text[at] <= '9')))
    ++at;
  if (at == 0) return false;
  if (at < text.size() && text[at] == '[') {
    at = text.find(']', at);
    if (at == std::string::npos) return false;
    ++at;
  }
  if (at < text.size() && text[at] == '+') ++at;
  return at < text.size() && text[at] == '=';
}

// What a name becomes that is known in part: r${x}m where x is empty, /bin/r* where the pattern fits.
std::string likely_program(std::string name) {
  if (!has_mark(name, k_marks)) return name;
  std::string bare;
  for (char c : name)
    if (k_marks.find(c) == std::string_view::npos) bare += c;
  if (bare.empty()) return name;
  if (has_mark(name)) return find_program(bare) != nullptr ? bare : name;
  for (char& c : name) c = c == k_one ? '?' : c == k_many ? '*' : c;
  const Glob pattern(name);
  for (std::string_view known : words("rm dd sh bash mkfs shred chmod chown curl wget nc mv cat"))
    if (pattern.matches(known)) return std::string(known);
  return name;
}

}  // namespace

void Walk::assign(const ShellWord& word, bool exported) {
  std::string text = word.pieces[0].text;
  std::size_t equals = text.find('=');
  std::string name = text.substr(0, equals);
  bool append = name.ends_with('+');
  if (append) name.pop_back();
  name = name.substr(0, name.find('['));
  std::vector<std::string> values;
  if (!word.elements.empty()) {
    for (const ShellWord& element : word.elements) {
      Arguments fields;
      expand(element, true, fields);
      for (Argument& field : fields)
        if (values.size() < 32) values.push_back(std::move(field.text));
    }
  } else {
    std::vector<ShellPiece> rest(word.pieces.begin(), word.pieces.end());
    rest[0].text = text.substr(equals + 1);
    if (rest[0].text.empty()) rest.erase(rest.begin());
    values = expand_value(rest, word.span);
  }
  if (append) {
    for (std::string& value : values) value = lookup(name).back() + value;
  }
  if (exported)
    for (const std::string& value : values) environment(name, value, word.span);
  set(name, std::move(values));
}

Stream Walk::simple(const ShellItem& item, const Stream& input) {
  if (!spend()) return {};
  const std::size_t mark = undo_.size();
  std::size_t first = 0;
  while (first < item.words.size() && is_assignment(item.words[first])) ++first;
  if (first == item.words.size()) {
    for (const ShellWord& word : item.words) assign(word, false);
    Stream redirected = redirects(item, input);
    // `< file` alone in $( ) prints the file.
    return item.words.empty() && redirected.attached ? Stream{redirected.text, false, redirected.secret}
                                                     : Stream{};
  }
  const std::string directory = directory_;
  for (std::size_t i = 0; i < first; ++i) assign(item.words[i], true);
  Arguments argv;
  const bool outer_secret = std::exchange(secret_words_, false);
  for (std::size_t i = first; i < item.words.size(); ++i) {
    // NAME=value after export and its kin.
    if (!argv.empty() && is_assignment(item.words[i]) &&
        has_word("export declare typeset local readonly", argv[0].text)) {
      assign(item.words[i], argv[0].text == "export" || argv[0].text == "declare");
      continue;
    }
    expand(item.words[i], true, argv);
  }
  Stream given = redirects(item, input);
  Stream output;
  const bool told = std::exchange(secret_words_, outer_secret) && !argv.empty();
  const std::string program = told ? program_name(argv[0].text) : std::string();
  if (told && has_word(k_speakers, program)) find("net.exfiltrate", item.span, program);
  if (!argv.empty())
    output = is_alias(item.words[first]) ? run_alias(argv, given) : run(std::move(argv), given);
  output.secret = output.secret || (told && has_word("echo printf", program));
  if (first > 0) {
    const std::string now = directory_;
    restore(mark, directory);
    directory_ = now;
  }
  for (const ShellRedirect& redirect : item.redirects) {
    if (redirect.operation[0] != '>' && redirect.operation != "&>") continue;
    if (redirect.descriptor > 1 || redirect.operation == ">&") continue;
    // What a known command printed stands in the file now.
    std::string name = redirect.target.plain();
    if (!name.empty()) {
      const std::string path = place(name).path;
      (*written_)[path] = output.text;
      if (output.secret) secret_files_.insert(path);
    }
    output.text.clear();
  }
  return output;
}

bool Walk::is_alias(const ShellWord& word) const {
  return !aliases_.empty() && !word.is_quoted() && aliases_.contains(word.plain()) &&
         !active_.contains(word.plain());
}

// What an alias stands for, with the words that follow it.
Stream Walk::run_alias(const Arguments& argv, const Stream& input) {
  const std::string name = argv[0].text;
  std::string text = aliases_.at(name);
  for (std::size_t i = 1; i < argv.size(); ++i) text.append(" ").append(shell_join({argv[i].text}));
  if (!spend(text.size())) return {};
  active_.insert(name);
  Stream output = run_text(text, argv[0].at, input);
  active_.erase(name);
  return output;
}

Stream Walk::run(Arguments argv, const Stream& input) {
  if (argv.empty() || !spend()) return {};
  if (++depth_ > k_deepest_run) {
    find("analysis.bound", argv[0].at, "");
    --depth_;
    return {};
  }
  note(argv);
  const std::size_t before = findings_.size();
  Stream output;
  const std::string& word = argv[0].text;
  if (auto function = functions_.find(word); function != functions_.end()) {
    // Once within itself is enough.
    if (++calls_ <= 16 && active_.insert(word).second) {
      std::vector<std::string> positional;
      for (const Argument& argument : argv) positional.push_back(argument.text);
      const std::vector<std::string>* outer = std::exchange(positional_, &positional);
      const std::string name = word;
      output = item(*function->second, input);
      positional_ = outer;
      active_.erase(name);
    }
    --calls_;
  } else if (has_mark(word, k_tainted)) {
    if (tainted_code_ == 0) find("taint.program", argv[0].at, word);
  } else if (has_mark(word, k_downloaded)) {
    find("net.pipe_to_shell", argv[0].at, word);
  } else if (has_mark(word) && all_marks(word)) {
    find(word[0] == k_fed ? "code.dynamic" : "code.unverifiable", argv[0].at, word);
    // What it runs isn't known, what it is given may be a command of its own.
  } else {
    const std::string name = likely_program(program_name(word));
    // What the program's own function is given must be the name that it is known by.
    if (has_mark(word, k_marks)) argv[0].text = word.substr(0, word.rfind('/') + 1) + name;
    bool done = false;
    output = builtin(name, argv, input, done);
    if (!done) {
      if (const ProgramRow* known = find_program(name); known != nullptr && !is_off(known)) {
        output = known->function(*this, argv, input);
        if (output.text.size() > k_longest_stream) output.text = std::string(1, k_unknown);
      } else {
        output.text = std::string(1, has_mark(input.text, k_downloaded) ? k_downloaded
                                     : has_mark(input.text, k_tainted)  ? k_tainted
                                                                        : k_unknown);
        output.secret = input.secret;
        if (word.find('/') != std::string::npos) run_file(argv[0], "", argv[0].at);
      }
      judge_verbs(*this, name, argv);
    }
  }
  // An answer among the arguments; what has become of it is told already where it is worse.
  const bool told = std::any_of(findings_.begin() + static_cast<std::ptrdiff_t>(before), findings_.end(),
                                [](const SafetyFinding& one) { return one.rule->category() == "taint"; });
  if (!told && tainted_code_ == 0) {
    bool options = true;
    for (std::size_t i = 1; i < argv.size(); ++i) {
      if (argv[i].text == "--") options = false;
      std::size_t mark = argv[i].text.find(k_tainted);
      if (mark != std::string::npos)
        find(options && mark == 0 ? "taint.option" : "taint.operand", argv[i].at, argv[i].text);
    }
  }
  --depth_;
  return output;
}

}  // namespace rustchain
