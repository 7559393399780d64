// Follows a command or a shell text as the executor would run it, and finds what the rules speak of. Runs
// nothing, reads no file. Every loop and branch is gone through once; a variable that may have several values
// has all of them.
#pragma once

#include "safety/arguments.hpp"
#include "safety/hosts.hpp"
#include "safety/places.hpp"
#include "safety/rules.hpp"
#include "safety/shell.hpp"

#include <list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace rustchain {

inline constexpr int k_deepest_run = 24;                // commands within commands
inline constexpr std::size_t k_longest_path = 4096;     // bytes; as the system has it
inline constexpr std::size_t k_longest_stream = 65536;  // bytes; what is longer isn't known

// What goes through a pipe, as far as it is known. Marks as in safety/marks.hpp.
struct Stream {
  std::string text;
  bool attached = false;  // false: whatever rustchain's own standard input is
  bool secret = false;    // a key or a password went in
};

// How a command was understood, for `safety explain`.
struct Understood {
  int depth = 0;
  std::string text;
};

// A container: its files aren't ours, but for those that it is lent.
struct Elsewhere {
  bool fresh = false;     // made for this command alone
  std::string directory;  // in which the command starts; empty: not known
  std::vector<std::pair<std::string, std::string>> mounts = {};  // its path, ours; ours empty: a volume
};

class Walk {
 public:
  // `places` has to outlive the walk.
  explicit Walk(const SafetyPlaces& places) : places_(places), directory_(places.base) {}
  explicit Walk(SafetyPlaces&&) = delete;
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;

  // ---- from outside

  void script(std::string_view text);
  void command(const std::vector<std::string>& argv);
  void effect(std::string_view verb, std::string_view subject);  // read, write, delete, connect
  void set_directory(const std::string& directory) { directory_ = directory; }
  // A variable of the environment that a step is given; one that programs obey is judged.
  void given_environment(const std::string& name, const std::string& value);
  // What steps before this one wrote; what is written now is added. Has to outlive the walk.
  void share_written(std::map<std::string, std::string>& written) { written_ = &written; }
  // Whether a command's output with a key or a password in it went there.
  bool holds_secret(const std::string& path) const { return secret_files_.contains(path); }
  // A text that a command has decoded: whoever runs it hides what it is.
  void keep_decoded(std::string_view text);
  void known_content(const std::string& path, const std::string& text) {
    (*written_)[place(path).path] = text;
  }
  // For the tests: a rule, or a row of safety/tables.hpp, that isn't there.
  void switch_off(std::string_view rule) { off_ = rule; }
  void switch_off_row(const void* row) { off_row_ = row; }
  bool is_off(const void* row) const { return row == off_row_; }
  void keep_understood() { explain_ = true; }

  const std::vector<SafetyFinding>& findings() const { return findings_; }
  const std::vector<Understood>& understood() const { return understood_; }
  // Files that commands write and what is known of the content; files that are run.
  const std::map<std::string, std::string>& written() const { return *written_; }

  // ---- from the programs' own functions

  void find(std::string_view rule, ShellSpan at, std::string_view subject);
  void remove(const Argument& path, bool recursive);
  void write(const Argument& path, std::string_view content = "\x01");
  bool read(const Argument& path);  // whether a key or a password is in it
  UrlFacts url(const Argument& url, bool whole_step);
  Stream run(Arguments argv, const Stream& input);
  Stream run_text(std::string_view text, ShellSpan at, const Stream& input,
                  const std::vector<std::string>* positional = nullptr);
  // Code of another language than the shell's.
  void run_code(std::string_view language, std::string_view code, ShellSpan at);
  void run_file(const Argument& path, std::string_view language, ShellSpan at);
  // An environment variable that a program obeys.
  void environment(const std::string& name, const std::string& value, ShellSpan at);
  // Links that the text itself made are followed; the last part of the path only if what is done follows
  // them.
  enum class LastLink : bool { keep, follow };
  Place place(std::string_view path, LastLink last = LastLink::keep) const;
  // `name` is a link to `target` from now on.
  void link(std::string_view target, std::string_view name);
  const SafetyPlaces& places() const { return places_; }
  bool remote() const { return remote_ > 0; }
  Stream run_remote(std::string_view text, ShellSpan at, const Stream& input = {"", true, false});
  Stream run_elsewhere(Arguments argv, const Stream& input, const Elsewhere& container);
  void change_directory(std::string_view to);
  std::optional<std::string> variable(const std::string& name) const;
  void set(const std::string& name, std::vector<std::string> values);
  void note(const Arguments& argv);

 private:
  friend class Expander;
  using Values = std::vector<std::string>;
  struct Undo {
    std::string name;
    std::optional<Values> before;
  };

  Stream items(const std::vector<ShellItem>& items, const Stream& input);
  Stream item(const ShellItem& item, const Stream& input);
  Stream pipeline(const ShellItem& item, const Stream& input);
  Stream compound(const ShellItem& item, const Stream& input);
  Stream simple(const ShellItem& item, const Stream& input);
  bool is_alias(const ShellWord& word) const;
  Stream run_alias(const Arguments& argv, const Stream& input);
  Stream redirects(const ShellItem& item, const Stream& input);
  Stream builtin(const std::string& name, Arguments& argv, const Stream& input, bool& done);
  Stream subshell(const std::vector<ShellItem>& items, const Stream& input);
  void assign(const ShellWord& word, bool exported);
  void restore(std::size_t mark, const std::string& directory);
  std::optional<std::string> lent(std::string_view path) const;
  bool was_decoded(std::string_view text) const;
  // Counts steps of work, and those for the bytes that are copied. False: too much was done already.
  bool spend(std::size_t bytes = 0);

  void expand(const ShellWord& word, bool split, Arguments& to);
  std::vector<std::string> expand_value(const std::vector<ShellPiece>& pieces, ShellSpan at);
  std::vector<std::string> piece_values(const ShellPiece& piece, ShellSpan at);
  Values lookup(const std::string& name) const;

  const SafetyPlaces& places_;
  std::string directory_;
  std::unordered_map<std::string, Values> variables_;
  std::unordered_map<std::string, const ShellItem*> functions_;
  std::unordered_map<std::string, std::string> aliases_;
  std::vector<std::pair<std::string, std::string>> links_;  // absolute paths: what leads where
  std::unordered_set<std::string> active_;                  // functions that are being run
  std::vector<Undo> undo_;
  Arguments traps_;  // of the text that is run; its end runs them
  std::list<ShellScript> scripts_;
  const std::vector<std::string>* positional_ = nullptr;
  std::list<std::vector<std::string>> set_positional_;  // by `set -- a b`
  int conditional_ = 0;
  int depth_ = 0;
  int calls_ = 0;
  int remote_ = 0;
  const Elsewhere* elsewhere_ = nullptr;
  bool secret_words_ = false;  // a key or a password went into the words of the command being read
  int tainted_code_ = 0;       // within code that an answer has become part of
  std::size_t spent_ = 0;
  std::size_t budget_ = 200000;
  bool explain_ = false;
  std::string off_;
  const void* off_row_ = nullptr;
  std::vector<SafetyFinding> findings_;
  std::unordered_set<std::string> found_;
  std::vector<Understood> understood_;
  std::map<std::string, std::string> own_written_;
  std::unordered_set<std::string> secret_files_;
  std::unordered_set<std::string> decoded_;
  std::map<std::string, std::string>* written_ = &own_written_;
};

// ---- what programs do: each is given the whole command, and says what it prints as far as that matters

using ProgramFunction = Stream (*)(Walk& walk, const Arguments& argv, const Stream& input);
// nullptr: no function of its own; the table of verbs may know it.
ProgramFunction find_program_function(std::string_view program);
// The program's name without folder, case and ".exe".
std::string program_name(std::string_view word);
// Programs that do what their sub-commands say: clouds, containers, packages, databases (safety/verbs.cpp).
void judge_verbs(Walk& walk, const std::string& program, const Arguments& argv);
// Whether the arguments ask for help, a version or a rehearsal only.
bool only_looks(std::string_view program, std::span<const Argument> argv);

}  // namespace rustchain
