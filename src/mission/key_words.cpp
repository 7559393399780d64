// The words of diagnostics about keys and values.
#include "mission/key_words.hpp"

#include "mission/keys.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

namespace rustchain {
namespace {

const KeySpec* find_name(std::span<const KeySpec> keys, std::string_view name) {
  for (const KeySpec& row : keys)
    if (row.name == name) return &row;
  return nullptr;
}

// The words that other tools have for the same thing.
constexpr auto k_foreign = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"if", "when"},
    {"condition", "when"},
    {"only_if", "when"},
    {"enabled", "when"},
    {"disabled", "when"},
    {"skip", "when"},
    {"run_if", "when"},
    {"needs", "depends_on"},
    {"depends", "depends_on"},
    {"requires", "depends_on"},
    {"after", "depends_on"},
    {"loop", "foreach"},
    {"with_items", "foreach"},
    {"items", "foreach"},
    {"matrix", "foreach"},
    {"strategy", "foreach"},
    {"run", "command"},
    {"cmd", "command"},
    {"script", "command"},
    {"arguments", "args"},
    {"expected_exit_code", "expect_exit_codes"},
    {"exit_codes", "expect_exit_codes"},
    {"endpoint", "url"},
    {"uri", "url"},
    {"data", "json"},
    {"payload", "json"},
    {"params", "query"},
    {"text", "content"},
    {"data", "content"},
    {"template", "from"},
    {"input", "prompt"},
    {"instruction", "prompt"},
    {"response_format", "format"},
    {"cwd", "working_dir"},
    {"workdir", "working_dir"},
    {"working-directory", "working_dir"},
    {"environment", "env"},
    {"retries", "retry"},
    {"max_retries", "retry"},
    {"retry_count", "retry"},
    {"retry_delay", "retry"},
    {"backoff_seconds", "delay_seconds"},
    {"retry_delay_seconds", "delay_seconds"},
    {"allow_failure", "continue_on_error"},
    {"ignore_errors", "continue_on_error"},
    {"continue-on-error", "continue_on_error"},
    {"timeout-minutes", "timeout_seconds"},
    {"timeout_ms", "timeout_seconds"},
    {"timeout_minutes", "timeout_seconds"},
    {"inputs", "parameters"},
    {"settings", "config"},
    {"options", "config"},
    {"jobs", "steps"},
    {"stages", "steps"},
    {"tasks", "steps"},
    {"workflow", "steps"},
    {"cleanup", "finally"},
    {"teardown", "finally"},
    {"always", "finally"},
    {"stop_on_error", "fail_fast"},
    {"stop_on_failure", "fail_fast"},
    {"default_timeout", "step_timeout_seconds"},
    {"parallel", "max_parallel_steps"},
    {"max_workers", "max_parallel_steps"},
    {"concurrency", "max_parallel_steps"},
});

// What other tools have a key for, and what does it here.
constexpr auto k_other_ways = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"outputs", "later steps refer to what this one gives, as {ID} or {ID.stdout}"},
    {"output", "later steps refer to what this one gives, as {ID} or {ID.stdout}"},
    {"output_variable", "later steps refer to what this one gives, as {ID} or {ID.stdout}"},
    {"output_var", "later steps refer to what this one gives, as {ID} or {ID.stdout}"},
    {"register", "later steps refer to what this one gives, as {ID} or {ID.stdout}"},
    {"save_as", "later steps refer to what this one gives, as {ID} or {ID.stdout}"},
    {"store_as", "later steps refer to what this one gives, as {ID} or {ID.stdout}"},
    {"until", "write `retry: {max_attempts: 5}`; a step is repeated until it succeeds"},
    {"log_level", "leave it out; -v and -q say how much is told"},
    {"on_failure", "put steps that clean up under `finally:`, with `when: \"{ID.status} == failed\"`"},
    {"on_success", "let the steps that follow depend on this one"},
    {"next", "let the next step depend on this one"},
});

}  // namespace

std::string_view other_way(std::string_view key) {
  for (const auto& [theirs, ours] : k_other_ways)
    if (theirs == key) return ours;
  return {};
}

std::string in_quotes(std::string_view text) {
  return "'" + std::string(text) + "'";
}

std::string number_text(double number) {
  if (number == std::floor(number) && std::abs(number) < 1e15)
    return std::to_string(static_cast<long long>(number));
  std::string text = std::to_string(number);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

// "a number or auto"
std::string wanted(std::uint16_t types, std::string_view words_of_row) {
  std::vector<std::string> parts;
  if (types & k_number) parts.push_back("a number");
  if (types & k_integer) parts.push_back("a whole number");
  if (types & k_boolean) parts.push_back("true or false");
  if (types & k_size) parts.push_back("a size such as 10MB");
  if (types & k_string) {
    if (words_of_row.empty()) parts.push_back("a text");
    for (std::string_view word : words(words_of_row)) parts.emplace_back(word);
  }
  if (types & k_list) parts.push_back("a list");
  if (types & k_map) parts.push_back("a map");
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " or " : ", ";
    text += parts[i];
  }
  return text;
}

std::string example_of(const KeySpec& row) {
  if (row.example.empty()) return {};
  std::string name(row.name);
  if (row.example.starts_with(name + ":")) return "for example `" + std::string(row.example) + "`";
  return "for example `" + name + ": " + std::string(row.example) + "`";
}

std::string_view foreign_name(std::string_view key, std::span<const KeySpec> keys,
                              std::span<const KeySpec> more) {
  for (const auto& [theirs, ours] : k_foreign)
    if (theirs == key && (find_name(keys, ours) || find_name(more, ours))) return ours;
  return {};
}

std::vector<std::string_view> foreign_names(std::span<const KeySpec> keys) {
  std::vector<std::string_view> names;
  for (const auto& [theirs, ours] : k_foreign)
    if (find_name(keys, ours)) names.push_back(theirs);
  return names;
}

std::string_view home_of(std::string_view key, std::string_view place) {
  for (const KeyPlace& other : key_places())
    if (other.name != place && find_name(other.keys(), key)) return other.name;
  return {};
}

std::uint32_t shown_length(const Node& node) {
  if (!node.is_scalar() || node.style == Node::Style::block) return 1;
  std::size_t length = std::min(node.text.size(), node.text.find('\n'));
  if (node.style == Node::Style::quoted) length += 2;
  return static_cast<std::uint32_t>(std::max<std::size_t>(1, std::min<std::size_t>(length, 1000)));
}

std::string shown(const Node& node) {
  if (node.is_list()) return "a list";
  if (node.is_map()) return "a map";
  if (node.is_null()) return "nothing";
  constexpr std::size_t k_most = 40;
  std::size_t length = std::min(node.text.size(), node.text.find('\n'));
  if (length > k_most) {
    length = k_most;
    while (length > 0 && (static_cast<unsigned char>(node.text[length]) & 0xC0) == 0x80) --length;
  }
  return '"' + node.text.substr(0, length) + (length < node.text.size() ? "...\"" : "\"");
}

}  // namespace rustchain
