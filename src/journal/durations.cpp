// How long steps took in earlier runs. The lines are long and many; what is asked for stands at their heads.
#include "journal/durations.hpp"

#include "rustchain/json.hpp"

#include "util/json_text.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

namespace rustchain {
namespace {

constexpr std::size_t k_head = 400;

// What stands behind `key`, up to the next comma, quote or bracket.
std::string_view value_of(std::string_view head, std::string_view key) {
  std::size_t at = head.find(key);
  if (at == std::string_view::npos) return {};
  head.remove_prefix(at + key.size());
  return head.substr(0, head.find_first_of(",\"}"));
}

template <class T>
std::optional<T> number_of(std::string_view head, std::string_view key) {
  std::string_view text = value_of(head, key);
  T number{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end != text.data() ? std::optional<T>(number) : std::nullopt;
}

}  // namespace

void add_durations(std::string_view journal, Durations& durations) {
  std::unordered_map<std::uint32_t, std::string_view> definitions;
  while (!journal.empty()) {
    std::size_t end = journal.find('\n');
    std::string_view head = journal.substr(0, std::min(end, k_head));
    journal.remove_prefix(end == std::string_view::npos ? journal.size() : end + 1);
    std::string_view event = value_of(head, "\"event\":\"");
    if (event != "step_started" && event != "step_finished") continue;
    auto step = number_of<std::uint32_t>(head, "\"step\":");
    if (!step) continue;
    if (event == "step_started") {
      definitions[*step] = value_of(head, "\"definition\":\"");
      continue;
    }
    auto seconds = number_of<double>(head, "\"seconds\":");
    auto definition = definitions.find(*step);
    if (value_of(head, "\"status\":\"") != "success" || !seconds || definition == definitions.end() ||
        definition->second.empty())
      continue;
    std::vector<double>& known = durations[std::string(definition->second)];
    if (known.size() < k_most_earlier_runs) known.push_back(*seconds);
  }
}

bool is_journal_of(std::string_view head, const std::string& path) {
  return head.substr(0, head.find("\"steps\":")).find("\"path\":" + dump_json(path) + ",") !=
         std::string_view::npos;
}

}  // namespace rustchain
