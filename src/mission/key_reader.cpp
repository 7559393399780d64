// Holds the maps of a mission against the tables of keys.
#include "mission/key_reader.hpp"

#include "mission/scalar.hpp"
#include "mission/suggest.hpp"
#include "util/text.hpp"

#include <cmath>
#include <utility>

namespace rustchain {
const KeySpec* find_key(std::span<const KeySpec> keys, std::string_view name) {
  for (const KeySpec& row : keys)
    if (row.name == name) return &row;
  for (const KeySpec& row : keys)
    if (has_word(row.aliases, name) || has_word(row.old_names, name)) return &row;
  return nullptr;
}

Node* find_value(Node& map, std::string_view key) {
  if (!map.is_map()) return nullptr;
  for (std::size_t i = 0; i + 1 < map.items.size(); i += 2)
    if (map.items[i].text == key) return &map.items[i + 1];
  return nullptr;
}

Node take_value(Node& map, std::string_view key) {
  Node* value = find_value(map, key);
  return value ? std::exchange(*value, Node{}) : Node{};
}

void append_entry(Node& map, Node key, Node value) {
  map.kind = Node::Kind::map;
  map.items.push_back(std::move(key));
  map.items.push_back(std::move(value));
}

void KeyReader::error(std::string_view code, const Node& at, std::string message, std::string help,
                      std::vector<Diagnostic::Note> notes) {
  ++errors_;
  problems_.add({.code = code,
                 .severity = Severity::error,
                 .message = std::move(message),
                 .at = at.at,
                 .length = shown_length(at),
                 .help = std::move(help),
                 .notes = std::move(notes)});
}

void KeyReader::warning(std::string_view code, const Node& at, std::string message, std::string help) {
  problems_.add({.code = code,
                 .severity = Severity::warning,
                 .message = std::move(message),
                 .at = at.at,
                 .length = shown_length(at),
                 .help = std::move(help)});
}

bool Normalised::has(std::span<const KeySpec> keys, std::string_view name) const {
  return (given >> (find_key(keys, name) - keys.data()) & 1) != 0;
}

Normalised KeyReader::normalise(Node& map, const Place& place) {
  Normalised result;
  std::size_t kept = 0;
  for (std::size_t i = 0; i + 1 < map.items.size(); i += 2) {
    Node& key = map.items[i];
    Node& value = map.items[i + 1];
    const KeySpec* row = find_key(place.keys, key.text);
    if (!row) {
      result.unknown.push_back(std::move(key));
      result.unknown.push_back(std::move(value));
      continue;
    }
    if (value.is_null() && !(row->types & k_any)) continue;
    std::size_t index = static_cast<std::size_t>(row - place.keys.data());
    bool again = index < 64 && (result.given >> index & 1) != 0;
    if (index < 64) result.given |= std::uint64_t{1} << index;
    if (!row->later.empty()) {
      if (value.size() > 0 || value.is_scalar())
        error("RC0112", key, in_quotes(key.text) + " isn't supported by this version yet",
              std::string(row->later));
      continue;
    }
    if (again) {  // under another name: the loader refuses the same key twice
      error("RC0111", key, in_quotes(row->name) + " is given twice, once under another name",
            "keep '" + std::string(row->name) + "' only");
      continue;
    }
    if (key.text != row->name) {
      if (has_word(row->old_names, key.text))
        once(Severity::warning, "RC0501", key.text + '>' + std::string(row->name), key, [&] {
          return std::pair(in_quotes(key.text) + " is an older name of " + in_quotes(row->name),
                           "write " + in_quotes(row->name));
        });
      key.text = row->name;
    }
    if (!fit(value, row->types, {.row = *row, .place = place})) continue;
    if (kept != i) {
      map.items[kept] = std::move(key);
      map.items[kept + 1] = std::move(value);
    }
    kept += 2;
  }
  map.items.resize(kept);
  return result;
}

void KeyReader::report_unknown(const std::vector<Node>& entries, const Place& place,
                               std::span<const KeySpec> more) {
  for (std::size_t i = 0; i + 1 < entries.size(); i += 2) {
    const Node& key = entries[i];
    if (key.text.starts_with("x-")) continue;  // the place for anchors and notes of other tools
    std::string_view home = home_of(key.text, place.name);
    std::string_view ours = foreign_name(key.text, place.keys, more);
    std::string near = ours.empty() ? near_key(key.text, place, more) : std::string();
    if (!near.empty()) {
      mistyped(key, place, near);
      continue;
    }
    const std::string_view instead = ours.empty() ? other_way(key.text) : std::string_view();
    if (!ours.empty() || !instead.empty()) home = {};
    std::string_view code = home.empty() ? "RC0105" : "RC0106";
    once(Severity::warning, code, std::string(place.name) + '>' + key.text, key, [&] {
      if (!home.empty())
        return std::pair(in_quotes(key.text) + " has no effect " + std::string(place.name),
                         "it belongs " + std::string(home));
      std::string help = "it has no effect; ";
      help += place.cure.empty() ? "take it out" : place.cure;
      if (!ours.empty()) help = "it has no effect; did you mean " + in_quotes(ours) + "?";
      if (!instead.empty()) help = "it has no effect; " + std::string(instead);
      return std::pair("unknown key " + in_quotes(key.text) + ' ' + std::string(place.name), std::move(help));
    });
  }
}

void KeyReader::report_mistyped(const std::vector<Node>& entries, const Place& place, const Node& map) {
  for (std::size_t i = 0; i + 1 < entries.size(); i += 2) {
    std::string near = near_key(entries[i].text, place, {});
    if (!near.empty() && map.find(near) == nullptr) mistyped(entries[i], place, near);
  }
}

void KeyReader::mistyped(const Node& key, const Place& place, const std::string& near) {
  error("RC0104", key, "unknown key " + in_quotes(key.text) + ' ' + std::string(place.name),
        "did you mean '" + near + "'?");
}

std::string KeyReader::near_key(std::string_view key, const Place& place, std::span<const KeySpec> more) {
  std::string kind = std::string(place.name) + (more.empty() ? ">" : ">>") + std::string(key);
  auto [at, fresh] = near_.try_emplace(std::move(kind));
  if (!fresh) return at->second;
  std::vector<std::string_view> known;
  for (std::span<const KeySpec> keys : {place.keys, more})
    for (const KeySpec& row : keys) {
      known.push_back(row.name);
      for (std::string_view alias : words(row.aliases)) known.push_back(alias);
      for (std::string_view old : words(row.old_names)) known.push_back(old);
    }
  if (std::optional<std::string> found = nearest(key, known)) {
    const KeySpec* row = find_key(place.keys, *found);
    if (!row) row = find_key(more, *found);
    at->second = row && has_word(row->old_names, *found) ? std::string(row->name) : *found;
  }
  return at->second;
}

void KeyReader::require(const Normalised& normalised, const Place& place, Location at,
                        std::string_view what) {
  for (std::size_t i = 0; i < place.keys.size() && i < 64; ++i) {
    const KeySpec& row = place.keys[i];
    if (!row.required || (normalised.given >> i & 1) != 0) continue;
    ++errors_;
    problems_.add({.code = "RC0110",
                   .severity = Severity::error,
                   .message = std::string(what) + " has no " + in_quotes(row.name),
                   .at = at,
                   .help = example_of(row)});
  }
}

void KeyReader::count_meant(Normalised& normalised, const std::vector<Node>& entries, const Place& place) {
  for (std::size_t i = 0; i + 1 < entries.size(); i += 2) {
    const KeySpec* row = find_key(place.keys, near_key(entries[i].text, place, {}));
    if (!row) continue;
    std::size_t index = static_cast<std::size_t>(row - place.keys.data());
    if (index < 64) normalised.given |= std::uint64_t{1} << index;
  }
}

Normalised KeyReader::check(Node& map, const Place& place, Location at, std::string_view what) {
  Normalised normalised = normalise(map, place);
  count_meant(normalised, normalised.unknown, place);
  report_unknown(normalised.unknown, place);
  require(normalised, place, at, what);
  return normalised;
}

bool KeyReader::fit(Node& value, std::uint16_t types, const Context& context) {
  if (types & k_any) return true;
  // Writers of YAML that know one kind of collection only leave [] for an empty map.
  if (value.items.empty() && value.is_list() && !(types & k_list) && types & k_map)
    value.kind = Node::Kind::map;
  if (value.items.empty() && value.is_map() && !(types & k_map) && types & k_list)
    value.kind = Node::Kind::list;
  switch (value.kind) {
    case Node::Kind::null:
      // An element of a list, or a value of a map: `~` and `null` keep their text like any scalar.
      if (!(types & k_string)) return wrong_type(value, types, context);
      value.kind = Node::Kind::scalar;
      return true;
    case Node::Kind::scalar: return fit_scalar(value, types, context);
    case Node::Kind::list:
      if (!(types & k_list)) return wrong_type(value, types, context);
      return fit_list(value, context);
    case Node::Kind::map:
      if (types & k_map) return fit_map(value, context);
      if (types & k_list && context.row.element == (k_string | k_map)) return wrap(value, context);
      return wrong_type(value, types, context);
  }
  return false;
}

bool KeyReader::fit_scalar(Node& value, std::uint16_t types, const Context& context) {
  const KeySpec& row = context.row;
  if (context.place.references && may_hold_reference(value.text)) {
    bool one = may_be_reference(value.text);
    if (one || types & (k_string | k_number | k_integer | k_boolean | k_size)) return true;
  }

  if (types & (k_number | k_integer)) {
    Node plain;
    plain.kind = Node::Kind::scalar;
    plain.text = trim(value.text);
    double number = 0;
    if (is_number(plain, &number)) {
      value.text = std::move(plain.text);
      value.style = Node::Style::plain;
      return fit_number(value, number, types, context);
    }
    const double units = row.name.ends_with("_seconds") ? 1 : row.name.ends_with("_ms") ? 1000 : 0;
    if (std::optional<double> seconds = parse_duration(value.text); seconds && units > 0) {
      const std::string written = shown(value);
      plain.text = number_text(*seconds * units);
      once(Severity::warning, "RC0127", written + std::string(row.name), value, [&] {
        return std::pair(in_quotes(row.name) + " is a number, and " + written + " is read as " + plain.text,
                         "write " + plain.text);
      });
      value.text = plain.text;
      value.style = Node::Style::plain;
      return fit_number(value, *seconds * units, types, context);
    }
  }
  if (types & k_size && parse_size(value.text)) return true;
  if (types & k_boolean) {
    if (is_boolean(value)) return true;
    std::optional<bool> loose = loose_boolean(value.text);
    if (loose && (value.style == Node::Style::plain || !(types & k_string))) {
      bool quoted = value.text == "true" || value.text == "false";
      if (!quoted)
        once(Severity::warning, "RC0116", value.text, value, [&] {
          return std::pair(in_quotes(row.name) + " wants true or false, not " + shown(value),
                           std::string("it is taken as ") + (*loose ? "true" : "false"));
        });
      value.text = *loose ? "true" : "false";
      value.style = Node::Style::plain;
      return true;
    }
  }
  if (types & k_string) {
    if (row.words.empty() || has_word(row.words, value.text)) return true;
    std::string folded = replace_all(to_lower(value.text), "-", "_");
    if (has_word(row.words, folded)) {
      value.text = std::move(folded);
      return true;
    }
    if (types == k_string || types == (k_string | k_map)) return wrong_word(value, context);
  } else if (types & k_list && !context.element) {
    return wrap(value, context);
  }
  return wrong_type(value, types, context);
}

bool KeyReader::fit_number(Node& value, double number, std::uint16_t types, const Context& context) {
  const KeySpec& row = context.row;
  if (!(types & k_number) && number != std::floor(number)) return wrong_type(value, types, context);
  if (number >= row.minimum) return true;
  bool above_zero = row.minimum > 0 && row.minimum < 0.01;
  error("RC0108", value,
        in_quotes(row.name) + " must be " +
            (above_zero ? "more than 0" : "at least " + number_text(row.minimum)) + ", not " + value.text,
        above_zero ? "leave it out where there is no limit" : example_of(row));
  return false;
}

namespace {

// "a, b" as the texts a and b, each with its place.
std::vector<Node> parts_of(const Node& text) {
  std::vector<Node> parts;
  std::size_t begin = 0;
  for (std::string_view part : split(text.text, ',')) {
    const std::size_t blanks = std::min(part.find_first_not_of(' '), part.size());
    if (std::string_view id = trim(part); !id.empty()) {
      Node node;
      node.kind = Node::Kind::scalar;
      node.text = id;
      node.at = text.at;
      const std::size_t quote = text.style == Node::Style::quoted ? 1 : 0;
      node.at.column += static_cast<std::uint32_t>(begin + blanks + quote);
      parts.push_back(std::move(node));
    }
    begin += part.size() + 1;
  }
  return parts;
}

}  // namespace

bool KeyReader::wrap(Node& value, const Context& context) {
  // One word is a list of one to anybody; a text of several words may have been meant as several elements.
  bool doubtful = value.is_scalar() && value.style != Node::Style::block && context.row.element & k_string &&
                  trim(value.text).find(' ') != std::string_view::npos;
  Node original;
  original.at = value.at;
  original.kind = value.kind;
  original.style = value.style;
  original.text = value.text;
  Node list;
  list.kind = Node::Kind::list;
  list.at = value.at;
  // No id holds a comma.
  const bool ids =
      value.is_scalar() && context.row.name == "depends_on" && value.text.find(',') != std::string::npos;
  if (ids)
    list.items = parts_of(value);
  else
    list.items.push_back(std::move(value));
  value = std::move(list);
  if (!fit_list(value, context)) return false;
  if (ids)
    once(Severity::warning, "RC0117", context.row.name, original, [&] {
      return std::pair(in_quotes(context.row.name) + " wants a list; " + shown(original) + " is taken as one",
                       "write [" + original.text + "]");
    });
  else if (doubtful)
    once(Severity::warning, "RC0117", context.row.name, original, [&] {
      return std::pair(in_quotes(context.row.name) + " wants a list; " + shown(original) +
                           " is taken as one element of it",
                       "write a list, " + example_of(context.row));
    });
  return true;
}

bool KeyReader::fit_list(Node& value, const Context& context) {
  bool good = true;
  for (Node& item : value.items) {
    Context inner = context;
    inner.element = true;
    good &= fit(item, context.row.element, inner);
  }
  return good;
}

bool KeyReader::fit_map(Node& value, const Context& context) {
  const KeySpec& row = context.row;
  if (!row.keys.empty()) {
    std::string what = context.element ? "an entry of " + in_quotes(row.name) : in_quotes(row.name);
    std::string name = (context.element ? "in an entry of " : "in ") + std::string(row.name);
    check(value, {.name = name, .keys = row.keys, .references = context.place.references}, value.at, what);
    return true;
  }
  if (row.element & k_any || context.element) return true;
  bool good = true;
  for (std::size_t i = 0; i + 1 < value.items.size(); i += 2) {
    Context inner = context;
    inner.part = value.items[i].text;
    good &= fit(value.items[i + 1], row.element, inner);
  }
  return good;
}

bool KeyReader::wrong_type(const Node& value, std::uint16_t types, const Context& context) {
  const KeySpec& row = context.row;
  std::string what = in_quotes(row.name);
  if (!context.part.empty()) what = in_quotes(context.part) + " in " + what;
  if (context.element) what = "an element of " + what;
  std::string help = example_of(row);
  if (value.is_scalar() && !context.place.references && may_hold_reference(value.text))
    help = "references aren't filled in here; write the value itself";
  std::string_view row_key = row.name == "parameters" ? "name" : "id";
  if (value.is_map() && types & k_list && !context.element && value.size() > 0)
    help = value.value(0).is_map() ? "write a list: '- " + std::string(row_key) + ": " + value.key(0).text +
                                         "' in place of '" + value.key(0).text + ":', and so on"
                                   : "write '- ' before the first key of each item";
  error("RC0107", value, what + " wants " + wanted(types, row.words) + ", not " + shown(value),
        std::move(help));
  return false;
}

bool KeyReader::wrong_word(const Node& value, const Context& context) {
  std::vector<std::string_view> known = words(context.row.words);
  std::optional<std::string> near = nearest(value.text, known);
  error("RC0109", value, in_quotes(context.row.name) + " can't be " + shown(value),
        near ? "did you mean '" + *near + "'?" : "write " + wanted(k_string, context.row.words));
  return false;
}

}  // namespace rustchain
