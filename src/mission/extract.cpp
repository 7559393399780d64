// Values out of a map that KeyReader has made right.
#include "mission/extract.hpp"

#include "mission/key_reader.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <utility>

namespace rustchain {

Text take_text(Node& map, std::string_view key) {
  Node* value = find_value(map, key);
  if (!value || !value->is_scalar()) return {};
  return {std::move(value->text), value->at};
}

std::string take_string(Node& map, std::string_view key) {
  return take_text(map, key).value;
}

TextMap take_text_map(Node& map, std::string_view key) {
  Node* value = find_value(map, key);
  TextMap texts;
  if (!value || !value->is_map()) return texts;
  texts.reserve(value->size());
  for (std::size_t i = 0; i + 1 < value->items.size(); i += 2) {
    Node& name = value->items[i];
    Node& text = value->items[i + 1];
    texts.push_back({{std::move(name.text), name.at}, {std::move(text.text), text.at}});
  }
  return texts;
}

std::vector<Text> take_texts(Node& map, std::string_view key) {
  Node* value = find_value(map, key);
  std::vector<Text> texts;
  if (!value || !value->is_list()) return texts;
  texts.reserve(value->items.size());
  for (Node& item : value->items) texts.push_back({std::move(item.text), item.at});
  return texts;
}

bool flag(const Node& map, std::string_view key, bool otherwise) {
  bool value = otherwise;
  if (const Node* node = map.find(key)) is_boolean(*node, &value);
  return value;
}

std::optional<double> number(const Node& map, std::string_view key) {
  const Node* node = map.find(key);
  double value = 0;
  if (!node || !is_number(*node, &value)) return std::nullopt;
  return value;
}

std::optional<std::uint32_t> whole(const Node& map, std::string_view key) {
  std::optional<double> value = number(map, key);
  if (!value) return std::nullopt;
  return static_cast<std::uint32_t>(std::clamp(*value, 0.0, 4294967295.0));
}

std::optional<std::size_t> word(const Node& map, std::string_view key, std::string_view list) {
  const Node* node = map.find(key);
  if (!node || !node->is_scalar()) return std::nullopt;
  std::vector<std::string_view> known = words(list);
  auto at = std::find(known.begin(), known.end(), node->text);
  if (at == known.end()) return std::nullopt;
  return static_cast<std::size_t>(at - known.begin());
}

RetryPolicy take_retry(Node& retry) {
  RetryPolicy policy;
  policy.max_attempts = whole(retry, "max_attempts").value_or(policy.max_attempts);
  policy.delay_seconds = number(retry, "delay_seconds").value_or(policy.delay_seconds);
  if (word(retry, "backoff", "fixed exponential") == 1) policy.backoff = Backoff::exponential;
  policy.max_delay_seconds = number(retry, "max_delay_seconds").value_or(policy.max_delay_seconds);
  policy.jitter = flag(retry, "jitter", policy.jitter);
  policy.retry_on = take_texts(retry, "retry_on");
  return policy;
}

void read_limit(const Node& map, std::string_view seconds_key, TimeoutPolicy& timeout) {
  const Node* value = map.find(seconds_key);
  if (!value) return;
  timeout.at = value->at;
  double seconds = 0;
  if (is_number(*value, &seconds)) timeout.seconds = seconds;
  timeout.strategy = timeout.seconds ? TimeoutStrategy::fixed : TimeoutStrategy::adaptive;
}

}  // namespace rustchain
