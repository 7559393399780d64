// The items of a foreach.
#include "mission/foreach.hpp"

#include "mission/value.hpp"
#include "util/format.hpp"
#include "util/text.hpp"
#include "util/utf8.hpp"

#include <algorithm>

namespace rustchain {
namespace {

constexpr std::size_t k_most_items = 1'000'000;
constexpr std::size_t k_longest_label = 80;

Failure no_list(const Node& written, const Json& value) {
  std::string what = written.is_scalar() ? written.text.substr(0, k_longest_label) : std::string("this");
  return {FailureKind::invalid, "foreach wants a list, and " + what + " gives " + shown_value(value),
          "refer to a list, or to a text with an item on each line"};
}

// JSON, or lines.
Result<std::vector<Json>, Failure> items_of(Json value, const Node& written) {
  if (value.is_string()) {
    const std::string& text = value.get_ref<const std::string&>();
    if (std::optional<Json> parsed = parse_structure(text)) {
      value = std::move(*parsed);
    } else {
      std::vector<Json> lines;
      for (std::string_view line : split(text, '\n')) {
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (!trim(line).empty()) lines.emplace_back(line);
      }
      return lines;
    }
  }
  if (!value.is_array()) return no_list(written, value);
  return std::vector<Json>(std::move(value.get_ref<Json::array_t&>()));
}

}  // namespace

Result<Items, Failure> foreach_items(const Node& written, const Names& names, const Values& values,
                                     const FindFiles& find_files) {
  Items items;
  const Node* glob = written.find("glob");
  Result<Json, Failure> value = resolve_value(glob ? *glob : written, names, values);
  if (!value) {
    Failure failure = value.error();
    failure.message = "foreach: " + failure.message;
    return failure;
  }
  if (glob) {
    std::vector<std::string> patterns;
    if (value->is_array()) {
      for (Json& pattern : *value) patterns.push_back(value_text(std::move(pattern)));
    } else {
      patterns.push_back(value_text(std::move(*value)));
    }
    for (const std::string& pattern : patterns) {
      auto found = find_files(pattern);
      if (!found) return found.error();
      for (std::string& path : *found) items.list.emplace_back(std::move(path));
    }
    items.pattern = join(patterns, ", ");
  } else {
    auto list = items_of(std::move(*value), written);
    if (!list) return list.error();
    items.list = std::move(*list);
  }
  if (items.list.size() > k_most_items) {
    return Failure{FailureKind::invalid,
                   "foreach has " + format_count(items.list.size()) + " items, and the most is " +
                       format_count(k_most_items),
                   "give each item more to do"};
  }
  return items;
}

Error foreach_problem(const Node& written) {
  switch (written.kind) {
    case Node::Kind::null:
    case Node::Kind::list: return {};
    case Node::Kind::scalar: {
      for (std::optional<Mark> mark = next_mark(written.text, 0); mark;
           mark = next_mark(written.text, mark->reference.end))
        if (mark->kind == Mark::Kind::reference) return {};
      return {
          "foreach takes a list, a reference to one, or {glob: ...}",
          "write [" + written.text + "] for a list of one, or {glob: \"" + written.text + "\"} for files"};
    }
    case Node::Kind::map: break;
  }
  const Node* glob = written.find("glob");
  bool patterns = glob && (glob->is_scalar() || glob->is_list());
  if (patterns && written.size() == 1) return {};
  return {glob ? "foreach with glob takes a pattern, or a list of them, and nothing else"
               : "foreach takes a list, a reference to one, or {glob: ...}",
          "write for example {glob: \"src/**/*.cpp\"}"};
}

bool refers_to_item(std::string_view text) {
  for (std::optional<Mark> mark = next_mark(text, 0); mark; mark = next_mark(text, mark->reference.end)) {
    const std::string& head = mark->reference.head;
    if (mark->kind == Mark::Kind::reference && (head == "item" || head == "index")) return true;
  }
  return false;
}

std::string item_label(const Json& item) {
  const Json* shown = &item;
  if (item.is_object()) {
    for (const char* key : {"name", "id", "path", "file"}) {
      auto found = item.find(key);
      if (found == item.end() || !found->is_primitive()) continue;
      shown = &*found;
      break;
    }
  }
  std::string text = shown->is_string() ? shown->get<std::string>()
                                        : shown->dump(-1, ' ', false, Json::error_handler_t::replace);
  std::size_t end = text.find('\n');
  std::string_view first = std::string_view(text).substr(0, end);
  std::string_view cut = utf8_prefix(first, k_longest_label);
  return std::string(cut) + (cut.size() < text.size() ? "..." : "");
}

}  // namespace rustchain
