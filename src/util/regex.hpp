// Regular expressions that can't be slow: matching takes time in proportion to the text, whatever the
// pattern. std::regex recurses with the length of what it matches and can take exponential time, so texts of
// any size would crash or hang it.
#pragma once

#include "rustchain/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace rustchain {

// The syntax is RE2's: that of Perl and Python without back references and look-around, which can't be
// matched in linear time. Texts are UTF-8; \d, \w and \s know ASCII only.
class Regex {
 public:
  // What ^ and $ mean: the ends of the text, or of every line. (?m) in the pattern makes it lines too.
  enum class Anchors : std::uint8_t { text, lines };

  // Fails with what is wrong with the pattern.
  static Result<Regex> make(std::string_view pattern, Anchors anchors);

  struct Match {
    static constexpr std::size_t k_none = static_cast<std::size_t>(-1);
    std::vector<std::size_t> slots;  // begin and end of the whole, then of each group; k_none: took no part

    std::size_t begin() const { return slots[0]; }
    std::size_t end() const { return slots[1]; }
    std::string_view group(std::size_t i, std::string_view text) const;
  };
  // The first match that begins at `from` or later; the earlier alternative wins. False: there is none.
  bool find(std::string_view text, std::size_t from, Match& match) const;
  // Whether there is a match anywhere.
  bool found_in(std::string_view text) const;
  std::size_t groups() const;

 private:
  explicit Regex(std::shared_ptr<const re2::RE2> compiled) : compiled_(std::move(compiled)) {}

  std::shared_ptr<const re2::RE2> compiled_;
};

// A replacement: $1, ${1} or \1 is a group, $0 or $& the whole match, $$ a dollar, \n \t a newline and a tab.
std::string expand_replacement(std::string_view replacement, std::string_view text,
                               const Regex::Match& match);

}  // namespace rustchain
