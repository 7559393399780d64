// JSON values as the tables of keys want them.
#include "mission/value.hpp"

#include "mission/scalar.hpp"
#include "util/json_text.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

namespace rustchain {
namespace {

constexpr std::size_t k_shown = 60;  // bytes of a value in a message

bool is_whole(const Json& value) {
  if (value.is_number_integer()) return true;
  return value.is_number_float() && std::floor(value.get<double>()) == value.get<double>();
}

}  // namespace

std::optional<Json> parse_structure(std::string_view text) {
  text = trim(text);
  if (text.empty() || (text.front() != '[' && text.front() != '{')) return std::nullopt;
  Result<Json> value = parse_json(text);
  if (!value) return std::nullopt;
  return std::move(*value);
}

std::optional<Json> parse_number(std::string_view text) {
  text = trim(text);
  Node node;
  node.kind = Node::Kind::scalar;
  node.text = text;
  if (!is_number(node)) return std::nullopt;
  Json value = to_json(node);
  if (!value.is_number()) return std::nullopt;
  return value;
}

std::optional<Json> parse_boolean(std::string_view text) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.text = trim(text);
  bool value = false;
  if (!is_boolean(node, &value)) return std::nullopt;
  return Json(value);
}

bool fits_types(const Json& value, std::uint16_t types) {
  if (types & k_any) return true;
  switch (value.type()) {
    case Json::value_t::string: return (types & k_string) != 0;
    case Json::value_t::boolean: return (types & k_boolean) != 0;
    case Json::value_t::array: return (types & k_list) != 0;
    case Json::value_t::object: return (types & k_map) != 0;
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float:
      return (types & (k_number | k_size)) != 0 || ((types & k_integer) != 0 && is_whole(value));
    default: return false;
  }
}

Json literal(const Node& node, std::uint16_t types) {
  if (types & k_any) return to_json(node);
  const bool plain = node.style == Node::Style::plain;
  if (plain && (types & k_boolean))
    if (std::optional<Json> value = parse_boolean(node.text)) return std::move(*value);
  if (plain && (types & (k_number | k_integer | k_size)))
    if (std::optional<Json> value = parse_number(node.text); value && fits_types(*value, types))
      return std::move(*value);
  if (types & k_size)
    if (std::optional<Json> value = parse_bytes(node.text)) return std::move(*value);
  return node.text;
}

Node to_node(const Json& value) {
  Node node;
  if (value.is_null()) return node;
  if (value.is_array()) {
    node.kind = Node::Kind::list;
    for (const Json& item : value) node.items.push_back(to_node(item));
  } else if (value.is_object()) {
    node.kind = Node::Kind::map;
    for (const auto& [key, item] : value.items()) {
      node.items.push_back(to_node(Json(key)));
      node.items.push_back(to_node(item));
    }
  } else {
    node.kind = Node::Kind::scalar;
    if (value.is_string()) {
      node.style = Node::Style::quoted;
      node.text = value.get<std::string>();
    } else {
      node.text = value.dump();
    }
  }
  return node;
}

void append_json(std::string& to, const Node& value) {
  if (value.is_list()) {
    to += '[';
    for (const Node& element : value.items) {
      if (to.back() != '[') to += ',';
      append_json(to, element);
    }
    to += ']';
  } else if (value.is_map()) {
    std::vector<std::size_t> order(value.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    auto key = [&](std::size_t i) -> const std::string& { return value.key(i).text; };
    std::ranges::sort(order, {}, key);
    to += '{';
    for (std::size_t i : order) {
      if (to.back() != '{') to += ',';
      append_json_text(to, key(i));
      to += ':';
      append_json(to, value.value(i));
    }
    to += '}';
  } else {
    append_json(to, to_json(value));
  }
}

Json parse_default(const KeySpec& spec) {
  std::string_view text = spec.default_value;
  if (text.front() == '"') {
    Json value = Json::parse(text, nullptr, false);
    if (value.is_string()) return value;
  }
  if (std::optional<Json> value = parse_structure(text)) return std::move(*value);
  Node node;
  node.kind = Node::Kind::scalar;
  node.text = text;
  return literal(node, spec.types);
}

std::string words_for(std::uint16_t types) {
  std::string words;
  auto add = [&](std::uint16_t bit, std::string_view word) {
    if (!(types & bit)) return;
    if (!words.empty()) words += " or ";
    words += word;
  };
  add(k_string, "a text");
  if (types & k_number)
    add(k_number, "a number");
  else
    add(k_integer, "a whole number");
  add(k_boolean, "true or false");
  add(k_list, "a list");
  add(k_map, "a map");
  add(k_size, "a size in bytes");
  return words;
}

std::string shown_value(const Json& value) {
  std::string text = value.is_string() ? value.get_ref<const std::string&>() : value_text(value);
  bool cut = text.size() > k_shown;
  if (cut) {
    text.resize(k_shown);
    while (!text.empty() && (text.back() & 0xc0) == 0x80) text.pop_back();
    if (!text.empty() && (text.back() & 0x80) != 0) text.pop_back();
  }
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace) + (cut ? "..." : "");
}

std::optional<Json> parse_bytes(std::string_view text) {
  std::optional<std::uint64_t> bytes = parse_size(text);
  if (!bytes) return std::nullopt;
  return Json(*bytes);
}

std::string value_text(Json value) {
  if (value.is_string()) return std::move(value.get_ref<std::string&>());
  if (value.is_null()) return {};
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace rustchain
