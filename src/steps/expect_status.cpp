// Which HTTP statuses a step takes for success: numbers, "2xx", "200-299", and lists of these. Pure.
#include "steps/expect_status.hpp"

#include "util/text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace rustchain {
namespace {

std::optional<int> status_number(std::string_view text) {
  int number = 0;
  text = trim(text);
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && number >= 100 && number <= 599 ? std::optional(number) : std::nullopt;
}

std::optional<std::pair<int, int>> read_range(std::string_view text) {
  text = trim(text);
  if (text.size() == 3 && (text.ends_with("xx") || text.ends_with("XX")) && text[0] >= '1' &&
      text[0] <= '5') {
    int first = (text[0] - '0') * 100;
    return std::pair(first, first + 99);
  }
  std::size_t dash = text.find('-');
  auto low = status_number(text.substr(0, dash));
  auto high = dash == std::string_view::npos ? low : status_number(text.substr(dash + 1));
  if (!low || !high || *low > *high) return std::nullopt;
  return std::pair(*low, *high);
}

}  // namespace

Result<ExpectedStatus> ExpectedStatus::read(const Json& value) {
  ExpectedStatus expected;
  for (const Json& one : value.is_array() ? value : Json::array({value})) {
    std::string text = one.is_string() ? one.get<std::string>() : one.dump();
    for (std::string_view part : split(text, ',')) {
      auto range = read_range(part);
      if (!range)
        return Error{"'" + text + "' is not an HTTP status", "write 200, 2xx, 200-299, or a list of these"};
      expected.ranges_.push_back(*range);
    }
  }
  if (expected.ranges_.empty())
    return Error{"expect_status is empty", "write 200, 2xx, 200-299, or a list of these"};
  return expected;
}

bool ExpectedStatus::has(int status) const {
  return std::any_of(ranges_.begin(), ranges_.end(),
                     [&](auto& range) { return range.first <= status && status <= range.second; });
}

std::string ExpectedStatus::text() const {
  std::vector<std::string> words;
  for (const auto& [low, high] : ranges_)
    words.push_back(std::to_string(low) + (low == high ? "" : "-" + std::to_string(high)));
  return join(words, " or ");
}

}  // namespace rustchain
