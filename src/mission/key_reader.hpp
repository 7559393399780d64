// Holds the maps of a mission against the tables of keys: what comes out has the tables' names and types.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/keys.hpp"
#include "rustchain/node.hpp"

#include "mission/key_words.hpp"
#include "mission/tally.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace rustchain {

// A kind of map that missions have.
struct Place {
  std::string_view name;  // for people: "in config", "at the top level"
  std::span<const KeySpec> keys;
  bool references = false;     // a text with a reference may stand for a value of any type
  std::string_view cure = {};  // what to do with an unknown key; empty: take it out
};

// What a map held besides the values that are in it now.
struct Normalised {
  std::vector<Node> unknown;  // key, value, key, value, ...
  std::uint64_t given = 0;    // bit i: there was a value for row i, right or wrong

  bool has(std::span<const KeySpec> keys, std::string_view name) const;
};

class KeyReader {
 public:
  explicit KeyReader(Diagnostics& problems) : problems_(problems) {}

  // Leaves in `map` the known keys, by the names of the table, with values that have the right type; whatever
  // else was there is reported, except for the unknown keys, which are handed back. Null counts as not given.
  // Numbers in quotes become plain, yes and no become true and false, one value where a list is wanted
  // becomes a list of one.
  Normalised normalise(Node& map, const Place& place);
  // Reports the unknown ones of `entries`; `more` are keys that the place knows too.
  void report_unknown(const std::vector<Node>& entries, const Place& place,
                      std::span<const KeySpec> more = {});
  // The same for a map whose other keys can't be judged: reports only those that are a typo away from a key
  // that `map` doesn't have.
  void report_mistyped(const std::vector<Node>& entries, const Place& place, const Node& map);
  // Reports each required key that wasn't given. `what` is the map to people: "step 'build'".
  void require(const Normalised& normalised, const Place& place, Location at, std::string_view what);
  // Counts a mistyped key as given: it is reported as such, not as missing too.
  void count_meant(Normalised& normalised, const std::vector<Node>& entries, const Place& place);
  // All of these; gives what there was, mistyped keys counted.
  Normalised check(Node& map, const Place& place, Location at, std::string_view what);

  void error(std::string_view code, const Node& at, std::string message, std::string help,
             std::vector<Diagnostic::Note> notes = {});
  void warning(std::string_view code, const Node& at, std::string message, std::string help);
  // For what a file may have many times over: reported once, at the first place, with the count. `make` gives
  // message and help as a pair of strings.
  template <class Make>
  void once(Severity severity, std::string_view code, std::string_view kind, const Node& at, Make&& make) {
    if (severity == Severity::error) ++errors_;
    tally_.add(std::string(code).append(kind), [&] {
      auto [message, help] = make();
      return Diagnostic{.code = code,
                        .severity = severity,
                        .message = std::move(message),
                        .at = at.at,
                        .length = shown_length(at),
                        .help = std::move(help)};
    });
  }
  // To be called at the end: what was counted becomes known to the problems.
  void finish() { tally_.report(problems_); }
  // How many errors this reader has found.
  std::size_t errors() const { return errors_; }

 private:
  struct Context {
    const KeySpec& row;
    const Place& place;
    std::string_view part;  // key of a map's value; empty: not one
    bool element = false;
  };

  bool fit(Node& value, std::uint16_t types, const Context& context);
  bool fit_scalar(Node& value, std::uint16_t types, const Context& context);
  bool fit_number(Node& value, double number, std::uint16_t types, const Context& context);
  bool fit_list(Node& value, const Context& context);
  bool fit_map(Node& value, const Context& context);
  bool wrap(Node& value, const Context& context);
  bool wrong_type(const Node& value, std::uint16_t types, const Context& context);
  bool wrong_word(const Node& value, const Context& context);
  void mistyped(const Node& key, const Place& place, const std::string& near);
  std::string near_key(std::string_view key, const Place& place, std::span<const KeySpec> more);

  Diagnostics& problems_;
  Tally tally_;
  std::size_t errors_ = 0;
  std::unordered_map<std::string, std::string> near_;  // what near_key found; a file repeats its mistakes
};

// The row that knows `name` as its name, alias or old name.
const KeySpec* find_key(std::span<const KeySpec> keys, std::string_view name);

// The entry of a map, for change. nullptr: there is none.
Node* find_value(Node& map, std::string_view key);
// Moves the value of an entry out of the map; the entry stays, and its value is null.
Node take_value(Node& map, std::string_view key);
void append_entry(Node& map, Node key, Node value);

}  // namespace rustchain
