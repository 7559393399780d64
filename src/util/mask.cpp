// Secret values in what leaves the program: *** stands in their place.
#include "util/mask.hpp"

#include "rustchain/json.hpp"

#include "util/base64.hpp"
#include "util/text.hpp"
#include "util/url.hpp"

#include <algorithm>

namespace rustchain {
namespace {

constexpr std::string_view k_stars = "***";
constexpr std::size_t k_shortest_line = 8;
// What is left of a short value between the edges of its base64 could be anything.
constexpr std::size_t k_shortest_base64 = 8;
// Each spelling takes some fifty bytes a letter; such a value is no password.
constexpr std::size_t k_longest_encoded = 64 << 10;
// Texts of steps are cut at 200 bytes or more where no mark is left.
constexpr std::size_t k_may_be_cut = 200;

std::string json_spelling(std::string_view value, bool ascii) {
  std::string text = Json(value).dump(-1, ' ', ascii, Json::error_handler_t::replace);
  return text.substr(1, text.size() - 2);
}

// The digits that depend on nothing but the value when `before` bytes stand in front of it.
std::string base64_within(std::string_view value, std::size_t before) {
  std::string bytes(before, '\0');
  bytes += value;
  std::string digits = base64_encode(bytes);
  return digits.substr((before * 8 + 5) / 6, bytes.size() * 8 / 6 - (before * 8 + 5) / 6);
}

std::string for_urls(std::string digits) {
  std::replace(digits.begin(), digits.end(), '+', '-');
  std::replace(digits.begin(), digits.end(), '/', '_');
  return digits;
}

// What messages put where they leave something out; a quote may stand before it.
bool is_cut_after(std::string_view rest) {
  if (rest.starts_with('"') || rest.starts_with(' ')) rest.remove_prefix(1);
  return rest.starts_with("...") || rest.starts_with("…") || rest.starts_with("\n[... ");
}

// How far behind a cut that begins at `rest` the text goes on; 0: there is no cut.
std::size_t cut_length(std::string_view rest) {
  for (std::string_view mark : {"... ", "...]\n", "...", "…"})
    if (rest.starts_with(mark)) return mark.size();
  return 0;
}

}  // namespace

bool Mask::can_mask(std::string_view value) {
  return trim(value).size() >= k_shortest;
}

Mask::Mask(const std::vector<std::string>& values) : values_(values), nodes_(1) {
  for (const std::string& value : values) add_value(trim(value));
  link();
}

void Mask::add_value(std::string_view value) {
  if (!can_mask(value)) return;
  auto add = [this](std::string_view text) {
    add_spelling(text);
    add_spelling(replace_all(text, "'", "'\\''"));
    if (text.size() > k_longest_encoded) return;
    add_spelling(json_spelling(text, false));
    add_spelling(json_spelling(text, true));
    std::string encoded = percent_encode(text);
    add_spelling(encoded);
    add_spelling(replace_all(encoded, "%20", "+"));
    for (std::size_t at = 0; (at = encoded.find('%', at)) != std::string::npos; at += 3)
      std::transform(encoded.begin() + static_cast<std::ptrdiff_t>(at),
                     encoded.begin() + static_cast<std::ptrdiff_t>(at + 3),
                     encoded.begin() + static_cast<std::ptrdiff_t>(at),
                     [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
    add_spelling(encoded);
    add_spelling(replace_all(encoded, "%20", "+"));
  };
  add(value);
  if (value.find('\n') != std::string_view::npos)
    for (std::string_view line : split(value, '\n'))
      if (trim(line).size() >= k_shortest_line) add(trim(line));
  if (value.size() > k_longest_encoded) return;
  std::vector<std::string> digits = {base64_encode(value)};
  for (std::size_t before : {0u, 1u, 2u}) digits.push_back(base64_within(value, before));
  for (const std::string& one : digits) {
    if (one.size() < k_shortest_base64) continue;
    add_spelling(one);
    add_spelling(for_urls(one));
  }
}

void Mask::add_spelling(std::string_view spelling) {
  std::uint32_t at = 0;
  for (char byte : spelling) {
    auto& next = nodes_[at].next;
    auto place = std::lower_bound(next.begin(), next.end(), std::pair(byte, std::uint32_t{0}));
    if (place == next.end() || place->first != byte) {
      auto fresh = static_cast<std::uint32_t>(nodes_.size());
      next.emplace(place, byte, fresh);
      std::uint32_t depth = nodes_[at].depth + 1;
      nodes_.push_back({{}, 0, depth, 0});
      at = fresh;
    } else {
      at = place->second;
    }
  }
  if (nodes_[at].covers != 0) return;
  nodes_[at].covers = nodes_[at].depth;
  spellings_.emplace_back(spelling);
  begins_[static_cast<unsigned char>(spelling.front())] = true;
}

// Breadth first: what a node falls back to is shorter, and so is linked already.
void Mask::link() {
  std::vector<std::uint32_t> order = {0};
  for (std::size_t i = 0; i < order.size(); ++i) {
    std::uint32_t parent = order[i];
    for (auto [byte, child] : nodes_[parent].next) {
      Node& node = nodes_[child];
      if (parent != 0) node.fail = step(nodes_[parent].fail, byte);
      node.covers = std::max(node.covers, nodes_[node.fail].covers);
      order.push_back(child);
    }
  }
}

std::uint32_t Mask::step(std::uint32_t node, char byte) const {
  for (;;) {
    const auto& next = nodes_[node].next;
    auto place = std::lower_bound(next.begin(), next.end(), std::pair(byte, std::uint32_t{0}));
    if (place != next.end() && place->first == byte) return place->second;
    if (node == 0) return 0;
    node = nodes_[node].fail;
  }
}

// The most bytes of the beginning of `text` that some spelling ends with.
std::size_t Mask::end_of_secret(std::string_view text) const {
  std::size_t longest = 0;
  for (std::string_view spelling : spellings_)
    for (std::size_t most = std::min(spelling.size(), text.size()); most > longest; --most)
      if (spelling.ends_with(text.substr(0, most))) longest = most;
  return longest;
}

std::string Mask::cover(std::string_view text) const {
  std::string covered;
  auto mark = [&](std::size_t begin, std::size_t count) {
    if (covered.empty()) covered.assign(text.size(), '\0');
    std::fill_n(covered.begin() + static_cast<std::ptrdiff_t>(begin), count, '\1');
  };
  std::uint32_t node = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (node == 0 && !begins_[static_cast<unsigned char>(text[i])] && text[i] != '.' && text[i] != '\xe2')
      continue;
    if (std::size_t cut = cut_length(text.substr(i)); cut > 0)
      if (std::size_t count = end_of_secret(text.substr(i + cut)); count >= k_shortest) mark(i + cut, count);
    node = step(node, text[i]);
    const Node& here = nodes_[node];
    if (here.covers > 0) mark(i + 1 - here.covers, here.covers);
    std::string_view rest = text.substr(i + 1);
    bool cut = is_cut_after(rest) || (rest.empty() && text.size() >= k_may_be_cut);
    if (cut && here.depth >= k_shortest) mark(i + 1 - here.depth, here.depth);
  }
  return covered;
}

std::string Mask::text(std::string_view text) const {
  std::string covered = empty() ? std::string() : cover(text);
  if (covered.empty()) return std::string(text);
  std::string masked;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (covered[i] == 0)
      masked += text[i];
    else if (i == 0 || covered[i - 1] == 0)
      masked += k_stars;
  }
  return masked;
}

std::string Mask::in_place(std::string_view text) const {
  std::string masked(text);
  std::string covered = empty() ? std::string() : cover(text);
  for (std::size_t i = 0; i < covered.size(); ++i)
    if (covered[i] != 0 && masked[i] != '\n' && masked[i] != '\r') masked[i] = '*';
  return masked;
}

void MaskStream::add(std::string_view bytes, std::string& to) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (node_ == 0) {
      // Nothing is held: what no secret begins with goes straight through.
      std::size_t begin = i;
      while (i < bytes.size() && !mask_->begins_[static_cast<unsigned char>(bytes[i])]) ++i;
      if (i > begin) in_secret_ = false;
      to += bytes.substr(begin, i - begin);
      if (i == bytes.size()) return;
    }
    node_ = mask_->step(node_, bytes[i]);
    held_ += bytes[i];
    covered_ += '\0';
    std::size_t covers = mask_->nodes_[node_].covers;
    std::fill_n(covered_.end() - static_cast<std::ptrdiff_t>(covers), covers, '\1');
    // Behind the end of the longest there is nothing to wait for.
    if (mask_->nodes_[node_].next.empty()) node_ = mask_->nodes_[node_].fail;
    release(held_.size() - from_ - mask_->nodes_[node_].depth, to);
  }
}

void MaskStream::end(std::string& to) {
  release(held_.size() - from_, to);
  node_ = 0;
  in_secret_ = false;
}

void MaskStream::release(std::size_t count, std::string& to) {
  for (; count > 0; --count, ++from_) {
    if (covered_[from_] == 0) {
      to += held_[from_];
    } else if (!in_secret_) {
      to += k_stars;
    }
    in_secret_ = covered_[from_] != 0;
  }
  if (2 * from_ < held_.size()) return;
  held_.erase(0, from_);
  covered_.erase(0, from_);
  from_ = 0;
}

}  // namespace rustchain
