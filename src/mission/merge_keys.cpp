// Merge keys: `<<: *defaults` takes over the entries of another map.
#include "mission/merge_keys.hpp"

#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace rustchain {
namespace {

// The maps that a merge key names; nullopt if its value is something else.
std::optional<std::vector<Node*>> merged_maps(Node& value) {
  std::vector<Node*> maps;
  if (value.is_map()) return std::vector<Node*>{&value};
  if (!value.is_list()) return std::nullopt;
  for (Node& item : value.items) {
    if (!item.is_map()) return std::nullopt;
    maps.push_back(&item);
  }
  return maps;
}

}  // namespace

bool is_merge_key(const Node& key) {
  return key.is_scalar() && key.style == Node::Style::plain && key.text == "<<";
}

void merge_keys(Node& node, Diagnostics& problems) {
  for (Node& item : node.items) merge_keys(item, problems);
  if (!node.is_map()) return;

  bool merges = false;
  bool drops = false;
  for (std::size_t i = 0; i < node.size(); ++i) {
    merges |= is_merge_key(node.key(i));
    drops |= !node.key(i).is_scalar();
  }
  if (!merges && !drops) return;

  std::unordered_set<std::string> taken;
  for (std::size_t i = 0; merges && i < node.size(); ++i)
    if (node.key(i).is_scalar() && !is_merge_key(node.key(i))) taken.insert(node.key(i).text);

  std::vector<Node> items;
  items.reserve(node.items.size());
  for (std::size_t i = 0; i < node.size(); ++i) {
    Node& key = node.items[2 * i];
    Node& value = node.items[2 * i + 1];
    if (!key.is_scalar()) continue;
    if (!is_merge_key(key)) {
      items.push_back(std::move(key));
      items.push_back(std::move(value));
      continue;
    }
    auto maps = merged_maps(value);
    if (!maps) {
      problems.add(
          {.code = "RC0016",
           .message = "'<<' takes the entries of other maps, and this is a " + std::string(type_word(value)),
           .at = value.at,
           .help = "write an alias to a map, as in `<<: *defaults`; a key that is really called << "
                   "needs quotes"});
      continue;
    }
    for (Node* map : *maps) {
      for (std::size_t j = 0; j < map->size(); ++j) {
        if (!taken.insert(map->key(j).text).second) continue;
        items.push_back(std::move(map->items[2 * j]));
        items.push_back(std::move(map->items[2 * j + 1]));
      }
    }
  }
  items.shrink_to_fit();
  node.items = std::move(items);
}

}  // namespace rustchain
