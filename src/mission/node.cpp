// What a written value means: lookup in maps, and the types of YAML 1.2's core schema.
#include "rustchain/node.hpp"

#include "rustchain/json.hpp"

#include <charconv>
#include <optional>
#include <system_error>

namespace rustchain {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// An optional sign, digits with at most one point among them, an optional exponent.
bool looks_decimal(std::string_view text) {
  std::size_t at = 0;
  auto digits = [&] {
    std::size_t from = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at - from;
  };
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  std::size_t count = digits();
  if (at < text.size() && text[at] == '.') {
    ++at;
    count += digits();
  }
  if (count == 0) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

template <class T>
std::optional<T> parse(std::string_view text, int base = 10) {
  T value{};
  const char* end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, value, base);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

std::optional<double> parse_double(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

// The value of a plain number, as narrow as it can be: an integer, or a double. Null if it is none.
Json number_of(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0o")) {
    auto value = parse<std::uint64_t>(text.substr(2), text[1] == 'x' ? 16 : 8);
    return value ? Json(*value) : Json();
  }
  if (!looks_decimal(text)) return {};
  if (text.front() == '+') text.remove_prefix(1);
  if (text.find_first_of(".eE") == std::string_view::npos) {
    if (auto value = parse<std::int64_t>(text)) return *value;
    if (auto value = parse<std::uint64_t>(text)) return *value;
  }
  auto value = parse_double(text);
  return value ? Json(*value) : Json();
}

}  // namespace

const Node* Node::find(std::string_view wanted) const {
  if (!is_map()) return nullptr;
  for (std::size_t i = 0; i < size(); ++i)
    if (key(i).text == wanted) return &value(i);
  return nullptr;
}

std::string_view type_word(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null: return "null";
    case Node::Kind::list: return "list";
    case Node::Kind::map: return "map";
    case Node::Kind::scalar: break;
  }
  if (is_boolean(node)) return "boolean";
  return is_number(node) ? "number" : "string";
}

bool is_boolean(const Node& node, bool* value) {
  if (!node.is_scalar() || node.style != Node::Style::plain) return false;
  bool is_true = node.text == "true" || node.text == "True" || node.text == "TRUE";
  bool is_false = node.text == "false" || node.text == "False" || node.text == "FALSE";
  if (!is_true && !is_false) return false;
  if (value != nullptr) *value = is_true;
  return true;
}

bool is_number(const Node& node, double* value) {
  if (!node.is_scalar() || node.style != Node::Style::plain) return false;
  Json number = number_of(node.text);
  if (number.is_null()) return false;
  if (value != nullptr) *value = number.get<double>();
  return true;
}

// Recursion is as deep as the document is nested, and that is bounded when it is loaded.
Json to_json(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null: return nullptr;
    case Node::Kind::list: {
      Json list = Json::array();
      for (const Node& item : node.items) list.push_back(to_json(item));
      return list;
    }
    case Node::Kind::map: {
      Json map = Json::object();
      for (std::size_t i = 0; i < node.size(); ++i) map[node.key(i).text] = to_json(node.value(i));
      return map;
    }
    case Node::Kind::scalar: break;
  }
  bool boolean = false;
  if (is_boolean(node, &boolean)) return boolean;
  if (node.style == Node::Style::plain) {
    if (Json number = number_of(node.text); !number.is_null()) return number;
  }
  return node.text;
}

}  // namespace rustchain
