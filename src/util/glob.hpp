// Patterns for paths: `*`, `?`, `[a-z]`, `[!a-z]` within a name, `**` for any directories, `{a,b}`, and `\`
// to take the next character as it is.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

// A pattern, made ready to be matched. A name that begins with a dot is matched only by a pattern that has
// the dot too; `**` enters no such directory. Matching takes at most (pattern) x (path) steps, whatever the
// pattern is.
class Glob {
 public:
  // A pattern is never wrong: a bracket or brace without its other half stands for itself.
  explicit Glob(std::string_view pattern);

  bool matches(std::string_view path) const;

  // Matching piece by piece, for a walk: where the pattern may stand after what was read so far.
  using States = std::vector<std::uint32_t>;
  States start() const;
  // `text` follows in the path; `at_name`: it begins a name (stands at the beginning or after a slash). No
  // states are left: nothing that begins like this can match.
  States advance(const States& states, std::string_view text, bool at_name) const;
  bool accepts(const States& states) const;

 private:
  struct Node {
    enum class Kind : std::uint8_t { literal, any, one_of, split, accept };
    Kind kind = Kind::literal;
    char literal = 0;
    std::uint32_t set = 0;                 // one_of: index into sets_
    std::vector<std::uint32_t> next = {};  // split: any number; accept: none; else one
  };

  std::uint32_t add(Node node);
  std::uint32_t add_class(std::string_view inside);
  bool consumes(const Node& node, char c, bool at_name) const;
  void close(States& states, std::vector<bool>& seen) const;

  std::vector<Node> nodes_;
  std::vector<std::bitset<256>> sets_;
  std::uint32_t start_ = 0;
};

// Whether the text holds anything that makes it more than a plain path.
bool is_glob(std::string_view text);
// The directory part of the pattern in which nothing is special: "src/*.c" gives "src/", "*.c" gives "".
std::string_view glob_base(std::string_view pattern);

}  // namespace rustchain
