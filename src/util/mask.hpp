// Secret values in what leaves the program: *** stands in their place.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rustchain {

// Knows the secret values in the spellings in which programs print them: as they are, within JSON, within a
// quoted word of a shell, percent-encoded, and base64 at every offset. Of a value of several lines each line
// from 8 bytes on is secret too. Blanks around a value are no part of it.
//
// Every byte that belongs to any spelling of any value is covered, however they overlap; each run of covered
// bytes becomes one ***. (Aho and Corasick, 1975: linear time, whatever the values.)
class Mask {
 public:
  // A shorter value would take ordinary text with it, so it stays visible.
  static constexpr std::size_t k_shortest = 4;
  static bool can_mask(std::string_view value);

  Mask() = default;
  explicit Mask(const std::vector<std::string>& values);

  const std::vector<std::string>& values() const { return values_; }
  bool empty() const { return nodes_.size() <= 1; }
  // A whole text. Where it was cut short before ("abc...", or a text so long that it may end at a limit),
  // the piece of a secret that is left beside the cut is covered too.
  std::string text(std::string_view text) const;
  // The same with as many * as there were bytes, line ends kept: places in the text stay where they are.
  std::string in_place(std::string_view text) const;

 private:
  friend class MaskStream;

  // A beginning of some spelling.
  struct Node {
    std::vector<std::pair<char, std::uint32_t>> next;  // sorted by byte
    std::uint32_t fail = 0;                            // its longest proper end that is a beginning too
    std::uint32_t depth = 0;
    std::uint32_t covers = 0;  // bytes of the longest spelling that ends here
  };

  void add_value(std::string_view value);
  void add_spelling(std::string_view spelling);
  void link();
  // Following the byte from one node to the next.
  std::uint32_t step(std::uint32_t node, char byte) const;
  // For each byte whether it is covered; empty: none is.
  std::string cover(std::string_view text) const;
  std::size_t end_of_secret(std::string_view text) const;

  std::vector<std::string> values_;
  std::vector<Node> nodes_;
  std::vector<std::string> spellings_;
  std::array<bool, 256> begins_{};  // bytes that a spelling begins with
};

// The same for bytes that come in pieces. Holds back what may be the beginning of a secret, at most one byte
// less than the longest spelling.
class MaskStream {
 public:
  explicit MaskStream(const Mask& mask) : mask_(&mask) {}

  // Appends to `to` what can be told.
  void add(std::string_view bytes, std::string& to);
  // Nothing more comes: appends the rest.
  void end(std::string& to);

 private:
  void release(std::size_t count, std::string& to);

  const Mask* mask_;
  std::uint32_t node_ = 0;
  std::string held_;
  std::string covered_;   // of each byte held
  std::size_t from_ = 0;  // where in `held_` the held bytes begin
  bool in_secret_ = false;
};

}  // namespace rustchain
