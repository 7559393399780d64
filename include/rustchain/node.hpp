// A value of a mission file as it was written, with the place where it stands.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/json_fwd.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

// Plain scalars get their type from whoever reads them: `version: 1.0` keeps the text "1.0" for one who wants
// a string and is a number for one who wants a number.
struct Node {
  enum class Kind : std::uint8_t { null, scalar, list, map };
  // How a scalar was written. Only a plain one can be a number, a boolean or null.
  enum class Style : std::uint8_t { plain, quoted, block };

  Kind kind = Kind::null;
  Style style = Style::plain;
  Location at;
  std::string text;         // scalar: its value; null: as written ("", "~", "null")
  std::vector<Node> items;  // list: the elements; map: key, value, key, value, ... in file order

  bool is_null() const { return kind == Kind::null; }
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_list() const { return kind == Kind::list; }
  bool is_map() const { return kind == Kind::map; }

  // Entries of a map, or elements of a list.
  std::size_t size() const { return is_map() ? items.size() / 2 : items.size(); }
  const Node& key(std::size_t i) const { return items[2 * i]; }
  const Node& value(std::size_t i) const { return items[2 * i + 1]; }
  // The value under `key`, or nullptr; nullptr too for whatever is not a map.
  const Node* find(std::string_view key) const;
};

// "map", "list", "string", "number", "boolean", "null": what a person would call it.
std::string_view type_word(const Node& node);

// True and false as YAML 1.2 core writes them (true, True, TRUE ...), and nothing else.
bool is_boolean(const Node& node, bool* value = nullptr);
// Decimal, hexadecimal (0x) and octal (0o) integers, decimal fractions, exponents; not .inf, not .nan.
bool is_number(const Node& node, double* value = nullptr);

// By the YAML 1.2 core schema: plain scalars become booleans, numbers or null; all others strings. Map keys
// are texts. Integers that fit 64 bits stay integers.
Json to_json(const Node& node);

}  // namespace rustchain
