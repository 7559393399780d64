// How a command that works on many files is split into chunks of them.
#include "steps/command_chunks.hpp"

#include "steps/support.hpp"
#include "util/path.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>

namespace rustchain {
namespace {

constexpr std::size_t k_pointer = sizeof(char*);

// ---- grep

enum class GrepRole {
  keep,       // means the same for each chunk
  listing,    // keep; groups of lines are not printed
  pattern,    // its value is a pattern, or a file of them
  names,      // -H, -h
  context,    // groups of lines with a separator
  separator,  // its value parts the groups
  no_separator,
  recurse,
  follow,
  include,
  exclude,
  no_directory,
  refused,
};
struct GrepOption {
  std::string_view letters;
  std::string_view name;
  enum class Value { none, wanted, optional } value = Value::none;
  GrepRole role = GrepRole::keep;
};
constexpr auto k_grep_options = std::to_array<GrepOption>({
    {"E", "extended-regexp"},
    {"F", "fixed-strings"},
    {"G", "basic-regexp"},
    {"P", "perl-regexp"},
    {"iy", "ignore-case"},
    {"", "no-ignore-case"},
    {"w", "word-regexp"},
    {"x", "line-regexp"},
    {"s", "no-messages"},
    {"v", "invert-match"},
    {"n", "line-number"},
    {"o", "only-matching"},
    {"a", "text"},
    {"I", ""},
    {"U", "binary"},
    {"u", "unix-byte-offsets"},
    {"z", "null-data"},
    {"Z", "null"},
    {"T", "initial-tab"},
    {"b", "byte-offset"},
    {"", "line-buffered"},
    {"m", "max-count", GrepOption::Value::wanted},
    {"", "binary-files", GrepOption::Value::wanted},
    {"", "color", GrepOption::Value::optional},
    {"", "colour", GrepOption::Value::optional},
    {"c", "count", GrepOption::Value::none, GrepRole::listing},
    {"l", "files-with-matches", GrepOption::Value::none, GrepRole::listing},
    {"L", "files-without-match", GrepOption::Value::none, GrepRole::listing},
    {"q", "quiet", GrepOption::Value::none, GrepRole::listing},
    {"", "silent", GrepOption::Value::none, GrepRole::listing},
    {"e", "regexp", GrepOption::Value::wanted, GrepRole::pattern},
    {"f", "file", GrepOption::Value::wanted, GrepRole::pattern},
    {"H", "with-filename", GrepOption::Value::none, GrepRole::names},
    {"h", "no-filename", GrepOption::Value::none, GrepRole::names},
    {"A", "after-context", GrepOption::Value::wanted, GrepRole::context},
    {"B", "before-context", GrepOption::Value::wanted, GrepRole::context},
    {"C", "context", GrepOption::Value::wanted, GrepRole::context},
    {"0123456789", "", GrepOption::Value::none, GrepRole::context},
    {"", "group-separator", GrepOption::Value::wanted, GrepRole::separator},
    {"", "no-group-separator", GrepOption::Value::none, GrepRole::no_separator},
    {"r", "recursive", GrepOption::Value::none, GrepRole::recurse},
    {"R", "dereference-recursive", GrepOption::Value::none, GrepRole::follow},
    {"", "include", GrepOption::Value::wanted, GrepRole::include},
    {"", "exclude", GrepOption::Value::wanted, GrepRole::exclude},
    {"", "exclude-dir", GrepOption::Value::wanted, GrepRole::no_directory},
    {"", "exclude-from", GrepOption::Value::wanted, GrepRole::refused},
    {"d", "directories", GrepOption::Value::wanted, GrepRole::refused},
    {"D", "devices", GrepOption::Value::wanted, GrepRole::refused},
    {"V", "version", GrepOption::Value::none, GrepRole::refused},
    {"", "help", GrepOption::Value::none, GrepRole::refused},
});

constexpr std::string_view k_greps = "grep egrep fgrep rgrep";

constexpr std::string_view k_run_whole =
    "take chunk_size, chunk_processing and parallel away to run the command as it is";

Failure refusal(const std::string& what, std::string help = std::string(k_run_whole)) {
  return {FailureKind::invalid, what, std::move(help)};
}

const GrepOption* find_letter(char letter) {
  for (const GrepOption& row : k_grep_options)
    if (row.letters.find(letter) != std::string_view::npos) return &row;
  return nullptr;
}
const GrepOption* find_name(std::string_view name) {
  for (const GrepOption& row : k_grep_options)
    if (!name.empty() && row.name == name) return &row;
  return nullptr;
}

// The words of a grep command, sorted.
class GrepReader {
 public:
  explicit GrepReader(const std::vector<std::string>& argv) : argv_(argv) {
    recursive_ = file_name(argv.front()) == "rgrep";
  }

  std::optional<Failure> read() {
    for (std::size_t i = 1; i < argv_.size(); ++i) {
      const std::string& word = argv_[i];
      std::optional<Failure> failure;
      if (options_end_ || word.size() < 2 || word[0] != '-')
        operands_.push_back(word);
      else if (word == "--")
        options_end_ = true;
      else if (word[1] == '-')
        failure = read_long(word, i);
      else
        failure = read_letters(word, i);
      if (failure) return failure;
    }
    if (!pattern_given_) {
      if (operands_.empty()) return refusal("grep has no pattern", "write it into `args`");
      kept_.insert(kept_.end(), {"-e", operands_.front()});
      operands_.erase(operands_.begin());
    }
    return std::nullopt;
  }

  bool recursive() const { return recursive_; }
  const std::vector<std::string>& kept() const { return kept_; }  // options and patterns of a chunk
  bool names_said() const { return names_said_; }
  std::string separator() const { return context_ && !listing_ ? separator_ : std::string(); }
  TreeWalk take_walk() {
    walk_.roots = std::move(operands_);
    return std::move(walk_);
  }

 private:
  std::optional<Failure> read_long(const std::string& word, std::size_t& i) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
    const GrepOption* row = find_name(name);
    if (row == nullptr)
      return refusal("grep's option --" + name + " isn't known well enough to run it in chunks");
    std::string value;
    bool separate = false;
    if (equals != std::string::npos) {
      value = word.substr(equals + 1);
    } else if (row->value == GrepOption::Value::wanted) {
      if (i + 1 == argv_.size()) return refusal("grep's option --" + name + " has no value", "give it one");
      value = argv_[++i];
      separate = true;
    }
    return take(*row, "--" + name, value, separate ? std::vector{word, value} : std::vector{word});
  }

  std::optional<Failure> read_letters(const std::string& word, std::size_t& i) {
    for (std::size_t k = 1; k < word.size(); ++k) {
      const std::string option = {'-', word[k]};
      const GrepOption* row = find_letter(word[k]);
      if (row == nullptr)
        return refusal("grep's option " + option + " isn't known well enough to run it in chunks");
      std::string text = option;
      std::string value;
      if (row->value == GrepOption::Value::wanted) {
        if (k + 1 < word.size()) {
          value = word.substr(k + 1);
        } else {
          if (i + 1 == argv_.size())
            return refusal("grep's option " + option + " has no value", "give it one");
          value = argv_[++i];
        }
        return take(*row, option, value, {option, value});
      }
      // The digits of -12 belong together.
      while (row->role == GrepRole::context && k + 1 < word.size() && find_letter(word[k + 1]) == row)
        text += word[++k];
      if (std::optional<Failure> failure = take(*row, option, value, {text})) return failure;
    }
    return std::nullopt;
  }

  std::optional<Failure> take(const GrepOption& row, const std::string& option, const std::string& value,
                              const std::vector<std::string>& words) {
    bool keeps = true;
    switch (row.role) {
      case GrepRole::keep: break;
      case GrepRole::listing: listing_ = true; break;
      case GrepRole::pattern:
        if (row.name == "file" && value == "-")
          return refusal("grep reads its patterns from standard input (" + option +
                             " -), which can't be given to several chunks",
                         "write the patterns to a file");
        pattern_given_ = true;
        break;
      case GrepRole::names: names_said_ = true; break;
      case GrepRole::context: context_ = true; break;
      case GrepRole::separator: separator_ = value + "\n"; break;
      case GrepRole::no_separator: separator_.clear(); break;
      case GrepRole::recurse:
      case GrepRole::follow:
        recursive_ = true;
        walk_.follow = row.role == GrepRole::follow;
        keeps = false;
        break;
      case GrepRole::include:
      case GrepRole::exclude:
      case GrepRole::no_directory: {
        std::string pattern = value;
        if (row.role == GrepRole::no_directory)
          while (pattern.size() > 1 && pattern.back() == '/') pattern.pop_back();
        Result<Wildcard> wildcard = Wildcard::make(pattern);
        if (!wildcard)
          return refusal("grep's " + option + "=" + shown(value, 40) +
                         " can't be followed in chunks: " + wildcard.error().message);
        if (row.role == GrepRole::no_directory)
          walk_.no_directories.push_back(std::move(*wildcard));
        else
          walk_.names.push_back({row.role == GrepRole::include, std::move(*wildcard)});
        keeps = false;
        break;
      }
      case GrepRole::refused:
        return refusal("grep's option " + option + " can't be kept when the files are split into chunks");
    }
    if (keeps) kept_.insert(kept_.end(), words.begin(), words.end());
    return std::nullopt;
  }

  const std::vector<std::string>& argv_;
  std::vector<std::string> kept_;
  std::vector<std::string> operands_;
  TreeWalk walk_;
  std::string separator_ = "--\n";
  bool options_end_ = false;
  bool recursive_ = false;
  bool pattern_given_ = false;
  bool names_said_ = false;
  bool context_ = false;
  bool listing_ = false;
};

Result<ChunkPlan, Failure> plan_grep(const std::vector<std::string>& argv) {
  GrepReader grep(argv);
  if (std::optional<Failure> failure = grep.read()) return *failure;
  if (!grep.recursive())
    return refusal("grep without -r can't be run in chunks: it reads only the files that it is given",
                   "name them in `files`, or add -r");
  ChunkPlan plan;
  plan.words = {argv.front() == "rgrep" ? "grep" : argv.front()};
  plan.words.insert(plan.words.end(), grep.kept().begin(), grep.kept().end());
  plan.words.emplace_back("--");
  plan.at = plan.words.size();
  plan.merge = ExitMerge::grep;
  plan.separator = grep.separator();
  plan.name_files = !grep.names_said();
  plan.walk = grep.take_walk();
  if (std::find(plan.walk->roots.begin(), plan.walk->roots.end(), "-") != plan.walk->roots.end())
    return refusal("grep reads standard input (-), which can't be given to several chunks",
                   "take the - away");
  return plan;
}

// ---- find

constexpr std::string_view k_other_actions =
    "-exec -execdir -ok -okdir -delete -print -print0 -printf -fprint -fprint0 -fprintf -ls -fls -quit "
    "-files0-from";

Result<ChunkPlan, Failure> plan_find(const std::vector<std::string>& argv) {
  auto exec = std::find(argv.begin() + 1, argv.end(), "-exec");
  if (exec == argv.end())
    return refusal("find without -exec can't be run in chunks: it starts nothing for the files",
                   "take chunk_size, chunk_processing and parallel away, or add -exec");
  auto end = exec + 1;
  while (end != argv.end() && *end != ";" && !(*end == "+" && *(end - 1) == "{}")) ++end;
  if (end == argv.end() || end == exec + 1)
    return refusal("find's -exec has no end", "end it with \";\" or with {} +, each as one word");
  for (auto word = argv.begin() + 1; word != argv.end(); ++word) {
    if (word == exec)
      word = end;
    else if (has_word(k_other_actions, *word))
      return refusal("find's " + *word + " beside -exec can't be run in chunks",
                     "leave one -exec, or take chunk_size, chunk_processing and parallel away");
  }
  ChunkPlan plan;
  plan.lister.assign(argv.begin(), exec);
  plan.lister.emplace_back("-print0");
  plan.lister.insert(plan.lister.end(), end + 1, argv.end());
  plan.words.assign(exec + 1, end);
  if (*end == ";") {
    plan.one_each = true;
    plan.size = 1;
    plan.at = plan.words.size();
    plan.merge = ExitMerge::find_each;
    return plan;
  }
  plan.words.pop_back();
  if (plan.words.empty()) return refusal("find's -exec names no program", "write it after -exec");
  if (std::find(plan.words.begin(), plan.words.end(), "{}") != plan.words.end())
    return refusal("find's -exec ... + takes one {} only, before the +", "take the other {} away");
  plan.at = plan.words.size();
  plan.merge = ExitMerge::find_plus;
  if (has_word(k_greps, file_name(plan.words.front()))) {
    GrepReader grep(plan.words);
    if (std::optional<Failure> failure = grep.read()) return *failure;
    plan.name_files = !grep.names_said() && !grep.recursive();
    plan.separator = grep.separator();
  }
  return plan;
}

// ---- files

Result<ChunkPlan, Failure> plan_files(const CommandLine& line) {
  constexpr std::string_view hole = "{files}";
  ChunkPlan plan;
  if (line.is_script()) {
    if (!is_posix_shell(line.shell))
      return refusal("files can't be given to a text for `" + file_name(line.shell) + "`",
                     "give the program in `command` and its words in `args`, or use sh or bash");
    const std::string script = replace_all(line.script, hole, "\"$@\"");
    plan.words = {line.shell, "-c", script == line.script ? script + " \"$@\"" : script, line.shell};
    plan.words.insert(plan.words.end(), line.argv.begin(), line.argv.end());
    plan.at = plan.words.size();
    return plan;
  }
  plan.words = line.argv;
  auto at = std::find(plan.words.begin() + 1, plan.words.end(), hole);
  plan.at = static_cast<std::size_t>(at - plan.words.begin());
  if (at != plan.words.end()) plan.words.erase(at);
  if (!has_word(k_greps, file_name(plan.words.front()))) return plan;

  plan.merge = ExitMerge::grep;
  GrepReader grep(plan.words);
  if (grep.read()) return plan;
  plan.name_files = !grep.names_said();
  plan.separator = grep.separator();
  return plan;
}

}  // namespace

ChunkKeys chunk_keys(const Json& parameters, unsigned cores) {
  ChunkKeys keys;
  keys.files = is_given(parameters, "files");
  const std::string parallel = text_of(parameters, "parallel");
  if (parallel == "true")
    keys.parallel = std::max(1u, cores);
  else if (!parallel.empty() && parallel != "false")
    keys.parallel =
        static_cast<unsigned>(std::clamp<std::uint64_t>(number_of(parameters, "parallel", 1), 1, 256));
  keys.asked = keys.files || is_given(parameters, "chunk_size") || flag_of(parameters, "chunk_processing") ||
               keys.parallel > 1;
  keys.size = std::max<std::uint64_t>(1, number_of(parameters, "chunk_size", keys.size));
  if (is_given(parameters, "chunk_processing") && !flag_of(parameters, "chunk_processing")) {
    keys.asked = keys.files;
    keys.size = static_cast<std::size_t>(-1);
    keys.parallel = 1;
  }
  return keys;
}

Result<Wildcard> Wildcard::make(std::string_view pattern) {
  std::string regex = "\\A";
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '*') {
      regex += "(?:.|\\n)*";
    } else if (c == '?') {
      regex += "(?:.|\\n)";
    } else if (c == '[') {
      std::size_t begin = i + 1;
      const bool negated = begin < pattern.size() && (pattern[begin] == '!' || pattern[begin] == '^');
      if (negated) ++begin;
      const std::size_t end = pattern.find(']', begin + 1);
      if (end == std::string_view::npos) {
        regex += "\\[";
        continue;
      }
      const std::string_view set = pattern.substr(begin, end - begin);
      if (set.find('[') != std::string_view::npos || set.find('\\') != std::string_view::npos)
        return Error{"the set [" + std::string(set) + "] is too uncommon"};
      regex += negated ? "[^" : "[";
      for (char each : set) {
        if (each == ']' || each == '^') regex += '\\';
        regex += each;
      }
      regex += ']';
      i = end;
    } else {
      const char literal = c == '\\' && i + 1 < pattern.size() ? pattern[++i] : c;
      if (std::string_view("\\.[](){}|*+?^$/-").find(literal) != std::string_view::npos) regex += '\\';
      regex += literal;
    }
  }
  Result<Regex> made = Regex::make(regex + "\\z", Regex::Anchors::text);
  if (!made) return made.error();
  return Wildcard(std::move(*made));
}

bool Wildcard::matches(std::string_view name) const {
  Regex::Match match;
  return regex_.find(name, 0, match);
}

bool Wildcard::matches_end(std::string_view path) const {
  if (matches(path)) return true;
  for (std::size_t i = 0; i + 1 < path.size(); ++i)
    if (path[i] == '/' && path[i + 1] != '/' && matches(path.substr(i + 1))) return true;
  return false;
}

bool TreeWalk::takes_file(std::string_view name, bool is_root) const {
  for (auto row = names.rbegin(); row != names.rend(); ++row)
    if (is_root ? row->pattern.matches_end(name) : row->pattern.matches(name)) return row->include;
  return names.empty() || !names.front().include;
}

bool TreeWalk::takes_directory(std::string_view name, bool is_root) const {
  while (name.size() > 1 && name.back() == '/') name.remove_suffix(1);
  return std::none_of(no_directories.begin(), no_directories.end(), [&](const Wildcard& pattern) {
    return is_root ? pattern.matches_end(name) : pattern.matches(name);
  });
}

int merge_exit_codes(ExitMerge how, const std::vector<int>& codes, int lister) {
  const int worst = codes.empty() ? 0 : *std::max_element(codes.begin(), codes.end());
  switch (how) {
    case ExitMerge::grep:
      if (codes.empty()) return 1;
      return std::find(codes.begin(), codes.end(), 0) != codes.end() ? 0 : worst;
    case ExitMerge::find_each: return lister;
    case ExitMerge::find_plus: return lister != 0 ? lister : worst != 0 ? 1 : 0;
    case ExitMerge::worst: break;
  }
  return worst;
}

Result<ChunkPlan, Failure> plan_chunks(const CommandLine& line, const ChunkKeys& keys) {
  auto plan_it = [&]() -> Result<ChunkPlan, Failure> {
    if (!line.is_script() && (line.argv.empty() || line.argv.front().empty()))
      return refusal("the command is empty",
                     "look at the references in it: one of them may have given nothing");
    if (keys.files) return plan_files(line);
    if (line.is_script())
      return refusal("a text for the shell can't be run in chunks",
                     "give the program in `command` and its words in `args`, or name `files`; or take "
                     "chunk_size, chunk_processing and parallel away");
    const std::string program = file_name(line.argv.front());
    if (has_word(k_greps, program)) return plan_grep(line.argv);
    if (program == "find") return plan_find(line.argv);
    return refusal(
        "`" + shown(program, 40) + "` can't be run in chunks: only `grep -r` and `find -exec` are known",
        "name the files in `files`, or take chunk_size, chunk_processing and parallel away");
  };
  Result<ChunkPlan, Failure> plan = plan_it();
  if (plan && !plan->one_each) plan->size = keys.size;
  return plan;
}

std::vector<std::string> chunk_arguments(const ChunkPlan& plan, const std::vector<std::string>& files) {
  std::vector<std::string> argv;
  argv.reserve(plan.words.size() + files.size());
  if (plan.one_each) {
    for (const std::string& word : plan.words) argv.push_back(replace_all(word, "{}", files.front()));
    return argv;
  }
  const auto at = plan.words.begin() + static_cast<std::ptrdiff_t>(plan.at);
  argv.assign(plan.words.begin(), at);
  argv.insert(argv.end(), files.begin(), files.end());
  argv.insert(argv.end(), at, plan.words.end());
  return argv;
}

std::string_view needs_all_files(const ChunkPlan& plan) {
  if (plan.merge != ExitMerge::find_plus) return {};
  const std::string program = file_name(plan.words.front());
  if (program == "wc") return "it adds up all its files";
  if (has_word("sort uniq paste join comm diff diff3 cmp", program)) return "it compares all its files";
  if (has_word("tar zip cpio ar 7z", program)) return "it packs all its files together";
  return {};
}

bool Chunker::is_full_for(const std::string& file) const {
  if (files_.empty()) return false;
  return files_.size() >= most_files_ || bytes_ + file.size() + 1 + k_pointer > most_bytes_;
}

void Chunker::add(std::string file) {
  bytes_ += file.size() + 1 + k_pointer;
  files_.push_back(std::move(file));
}

std::vector<std::string> Chunker::take() {
  bytes_ = 0;
  return std::exchange(files_, {});
}

}  // namespace rustchain
