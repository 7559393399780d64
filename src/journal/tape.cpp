// A tape: exchanges with servers, found again by what was asked.
#include "journal/tape.hpp"

#include "rustchain/json.hpp"

#include "mission/suggest.hpp"
#include "util/json_text.hpp"
#include "util/utf8.hpp"

#include <algorithm>
#include <utility>

namespace rustchain {
namespace {

std::string identity(const TapedExchange& request) {
  auto json = parse_json(request.body);
  return request.method + " " + request.url + "\n" + (json ? dump_json(*json) : request.body);
}

std::string in_quotes(std::string_view text) {
  return "'" + replace_invalid_utf8(text) + "'";
}

// The texts from a little before the place where they begin to differ.
std::string text_difference(std::string_view taped, std::string_view asked) {
  constexpr std::size_t k_before = 20;
  constexpr std::size_t k_shown = 60;
  auto [end, other] = std::mismatch(taped.begin(), taped.end(), asked.begin(), asked.end());
  auto same = static_cast<std::size_t>(end - taped.begin());
  std::size_t from = same > k_before ? same - k_before : 0;
  while (from > 0 && (static_cast<unsigned char>(taped[from]) & 0xC0) == 0x80) --from;
  auto piece = [&](std::string_view text) {
    std::string_view rest = text.substr(from);
    std::string_view first = utf8_prefix(rest, k_shown);
    return in_quotes((from > 0 ? "..." : "") + std::string(first) +
                     (first.size() < rest.size() ? "..." : ""));
  };
  return "the tape has " + piece(taped) + ", asked was " + piece(asked);
}

// "messages[0].content: the tape has 'a', asked was 'b'"
std::string json_difference(const Json& taped, const Json& asked, const std::string& path) {
  auto at = [&](const std::string& text) { return (path.empty() ? "" : path + ": ") + text; };
  if (taped.is_object() && asked.is_object()) {
    for (const auto& [key, value] : taped.items()) {
      std::string inner = path.empty() ? key : path + "." + key;
      auto other = asked.find(key);
      if (other == asked.end()) return inner + " is not asked for now";
      if (*other != value) return json_difference(value, *other, inner);
    }
    for (const auto& [key, value] : asked.items())
      if (!taped.contains(key)) return (path.empty() ? key : path + "." + key) + " is not on the tape";
  }
  if (taped.is_array() && asked.is_array()) {
    for (std::size_t i = 0; i < std::min(taped.size(), asked.size()); ++i)
      if (taped[i] != asked[i])
        return json_difference(taped[i], asked[i], path + "[" + std::to_string(i) + "]");
    return at("the tape has a list of " + std::to_string(taped.size()) + ", asked was one of " +
              std::to_string(asked.size()));
  }
  if (taped.is_string() && asked.is_string())
    return at(text_difference(taped.get_ref<const std::string&>(), asked.get_ref<const std::string&>()));
  return at(text_difference(dump_json(taped), dump_json(asked)));
}

std::string difference(const TapedExchange& taped, const TapedExchange& asked) {
  if (taped.method != asked.method || taped.url != asked.url)
    return "the nearest is " + taped.method + " " + taped.url;
  auto was = parse_json(taped.body);
  auto is = parse_json(asked.body);
  std::string what = was && is ? json_difference(*was, *is, {}) : text_difference(taped.body, asked.body);
  return "in the nearest the body differs: " + what;
}

}  // namespace

void Tape::add(TapedExchange exchange) {
  std::lock_guard lock(mutex_);
  std::string key = identity(exchange);
  ++times_[key];
  waiting_[std::move(key)].push_back(exchanges_.size());
  exchanges_.push_back(std::move(exchange));
  taken_.push_back(false);
}

Result<TapedExchange> Tape::take(const TapedExchange& request) {
  std::lock_guard lock(mutex_);
  std::string key = identity(request);
  auto found = waiting_.find(key);
  if (found == waiting_.end() || found->second.empty()) {
    auto times = times_.find(key);
    return Error{no_answer(request, times == times_.end() ? 0 : times->second)};
  }
  std::size_t index = found->second.front();
  found->second.pop_front();
  taken_[index] = true;
  return exchanges_[index];
}

std::string Tape::no_answer(const TapedExchange& request, std::size_t times) const {
  std::string what = request.method + " " + request.url;
  if (times > 0)
    return what + " is on the tape " + (times == 1 ? "once" : std::to_string(times) + " times") +
           ", and was asked once more";
  const TapedExchange* nearest = nullptr;
  std::size_t least = 0;
  for (std::size_t i = 0; i < exchanges_.size(); ++i) {
    const TapedExchange& one = exchanges_[i];
    // A URL tells more than a method, and both more than what was already given.
    std::size_t distance = 4 * edit_distance(one.url.substr(0, 200), request.url.substr(0, 200), 200) +
                           (one.method == request.method ? 0 : 2) + (taken_[i] ? 1 : 0);
    if (nearest != nullptr && distance >= least) continue;
    nearest = &one;
    least = distance;
  }
  return what + " is not on the tape; " +
         (nearest == nullptr ? "it holds nothing" : difference(*nearest, request));
}

std::vector<TapedExchange> Tape::all() const {
  std::lock_guard lock(mutex_);
  return exchanges_;
}

std::size_t Tape::left() const {
  std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::count(taken_.begin(), taken_.end(), false));
}

}  // namespace rustchain
