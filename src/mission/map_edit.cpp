// Changing maps of a Node tree.
#include "mission/map_edit.hpp"

#include <cstddef>
#include <string>
#include <unordered_map>
#include <utility>

namespace rustchain {

Node take(Node& map, std::string_view key) {
  for (std::size_t i = 0; map.is_map() && i < map.size(); ++i) {
    if (map.key(i).text != key) continue;
    Node value = std::move(map.items[2 * i + 1]);
    auto at = map.items.begin() + static_cast<std::ptrdiff_t>(2 * i);
    map.items.erase(at, at + 2);
    return value;
  }
  return {};
}

void merge_map(Node& base, Node child) {
  std::unordered_map<std::string, std::size_t> places;  // of the base's values
  for (std::size_t i = 0; i < base.size(); ++i) places.emplace(base.key(i).text, 2 * i + 1);
  for (std::size_t i = 0; i < child.size(); ++i) {
    Node& key = child.items[2 * i];
    Node& value = child.items[2 * i + 1];
    auto place = places.find(key.text);
    if (place == places.end()) {
      base.items.push_back(std::move(key));
      base.items.push_back(std::move(value));
    } else if (Node& old = base.items[place->second]; old.is_map() && value.is_map()) {
      merge_map(old, std::move(value));
    } else {
      old = std::move(value);
    }
  }
}

}  // namespace rustchain
