// What the text of a scalar can be read as, beyond what YAML itself says.
#include "mission/scalar.hpp"

#include "util/text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

namespace rustchain {
namespace {

// The decimal number that `text` begins with, taken off it.
std::optional<double> take_number(std::string_view& text) {
  std::size_t length = text.find_first_not_of("0123456789.");
  std::string_view digits = text.substr(0, length);
  double value = 0;
  auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  text.remove_prefix(digits.size());
  return value;
}

constexpr auto k_sizes = std::to_array<std::pair<std::string_view, double>>({
    {"", 1},
    {"b", 1},
    {"k", 1e3},
    {"kb", 1e3},
    {"m", 1e6},
    {"mb", 1e6},
    {"g", 1e9},
    {"gb", 1e9},
    {"t", 1e12},
    {"tb", 1e12},
    {"kib", 1024.0},
    {"mib", 1048576.0},
    {"gib", 1073741824.0},
    {"tib", 1099511627776.0},
});

constexpr auto k_durations = std::to_array<std::pair<std::string_view, double>>({
    {"ms", 0.001},
    {"s", 1},
    {"sec", 1},
    {"secs", 1},
    {"second", 1},
    {"seconds", 1},
    {"m", 60},
    {"min", 60},
    {"mins", 60},
    {"minute", 60},
    {"minutes", 60},
    {"h", 3600},
    {"hr", 3600},
    {"hour", 3600},
    {"hours", 3600},
    {"d", 86400},
    {"day", 86400},
    {"days", 86400},
});

template <class Table>
std::optional<double> unit(const Table& table, std::string_view name) {
  for (const auto& [word, factor] : table)
    if (word == name) return factor;
  return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
  std::string lower = to_lower(trim(text));
  std::string_view rest = lower;
  std::optional<double> number = take_number(rest);
  if (!number) return std::nullopt;
  std::optional<double> factor = unit(k_sizes, trim(rest));
  if (!factor) return std::nullopt;
  double bytes = std::round(*number * *factor);
  if (bytes > 9.2e18) return std::nullopt;
  return static_cast<std::uint64_t>(bytes);
}

std::optional<double> parse_duration(std::string_view text) {
  std::string lower = to_lower(trim(text));
  std::string_view rest = lower;
  if (rest.empty()) return std::nullopt;
  double seconds = 0;
  while (!rest.empty()) {
    std::optional<double> number = take_number(rest);
    if (!number) return std::nullopt;
    rest = trim(rest);
    std::size_t length = rest.find_first_not_of("abcdefghijklmnopqrstuvwxyz");
    std::optional<double> factor = unit(k_durations, rest.substr(0, length));
    if (!factor) return std::nullopt;
    seconds += *number * *factor;
    rest = length == std::string_view::npos ? std::string_view() : trim(rest.substr(length));
  }
  return seconds;
}

std::optional<bool> loose_boolean(std::string_view text) {
  if (text.size() > 5) return std::nullopt;
  std::string lower = to_lower(text);
  if (has_word("yes on y t true", lower)) return true;
  if (has_word("no off n f false", lower)) return false;
  return std::nullopt;
}

bool may_hold_reference(std::string_view text) {
  std::size_t open = text.find('{');
  return open != std::string_view::npos && text.find('}', open) > open + 1 &&
         text.find('}', open) != std::string_view::npos;
}

bool may_be_reference(std::string_view text) {
  text = trim(text);
  if (text.starts_with("${")) text.remove_prefix(1);
  return text.size() > 2 && text.front() == '{' && text.back() == '}' &&
         text.find('\n') == std::string_view::npos;
}

}  // namespace rustchain
