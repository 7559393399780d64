// Whether a step that failed is tried again, and after how long.
#include "engine/retry.hpp"

#include "util/format.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>

namespace rustchain {
namespace {

const Json* field(const Json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

bool is_number(const Json* value, std::string_view text) {
  return value && value->is_number_integer() && std::to_string(value->get<std::int64_t>()) == text;
}

// What the server asks for in a 429 or 503.
std::optional<double> retry_after(const StepResult& result, WallTime now) {
  const Json* status = field(result.output, "status");
  if (!is_number(status, "429") && !is_number(status, "503")) return std::nullopt;
  const Json* headers = field(result.output, "headers");
  const Json* value = headers ? field(*headers, "retry-after") : nullptr;
  if (!value) return std::nullopt;
  if (value->is_number()) return std::max(0.0, value->get<double>());
  if (!value->is_string()) return std::nullopt;
  const auto& written = value->get_ref<const std::string&>();
  std::string_view text = trim(written);
  std::uint64_t seconds = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (end == text.data() + text.size() && !text.empty()) {
    return error == std::errc() ? static_cast<double>(seconds) : HUGE_VAL;
  }
  if (auto at = parse_http_date(text)) return std::max(0.0, Seconds(*at - now).count());
  return std::nullopt;
}

}  // namespace

bool matches_failure(std::string_view word, const StepResult& result) {
  if (word == "any") return true;
  std::size_t colon = word.find(':');
  if (word.substr(0, colon) != to_string(result.kind)) return false;
  if (colon == std::string_view::npos) return true;
  const char* name = result.kind == FailureKind::exit_code ? "exit_code" : "status";
  return is_number(field(result.output, name), trim(word.substr(colon + 1)));
}

bool should_retry(const RetryPolicy& policy, std::uint32_t attempt, const StepResult& result) {
  if (result.status != Status::failed || result.kind == FailureKind::interrupted) return false;
  if (attempt >= policy.max_attempts) return false;
  bool hopeless = result.kind == FailureKind::invalid || result.kind == FailureKind::safety ||
                  result.kind == FailureKind::dependency;
  if (policy.retry_on.empty()) return !hopeless;
  return std::any_of(policy.retry_on.begin(), policy.retry_on.end(), [&](const Text& word) {
    return matches_failure(word.value, result) && !(hopeless && word.value == "any");
  });
}

Seconds retry_delay(const RetryPolicy& policy, std::uint32_t attempt, const StepResult& result,
                    std::uint64_t random, WallTime now) {
  double delay = policy.delay_seconds;
  if (policy.backoff == Backoff::exponential)
    delay = std::ldexp(delay, static_cast<int>(std::min(attempt, 1000u)) - 1);
  delay = std::min(delay, policy.max_delay_seconds);
  if (policy.jitter) delay *= 0.5 + 0.5 * (static_cast<double>(random >> 11) / 9007199254740992.0);
  if (auto wanted = retry_after(result, now))
    delay = std::max(delay, std::min(*wanted, policy.max_delay_seconds));
  return Seconds(std::max(0.0, delay));
}

}  // namespace rustchain
