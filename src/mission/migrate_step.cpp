// What is old in a step, or in another map of keys, changed in the tree and in its place in the text.
#include "mission/migrate_step.hpp"

#include "mission/emit.hpp"
#include "mission/key_reader.hpp"
#include "mission/keys.hpp"
#include "mission/older_shapes.hpp"
#include "mission/read.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <cmath>

namespace rustchain {
namespace {

Node text_node(std::string_view text) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.text = text;
  return node;
}

void erase_entry(Node& map, std::size_t i) {
  auto at = map.items.begin() + static_cast<std::ptrdiff_t>(2 * i);
  map.items.erase(at, at + 2);
}

// The value of an entry, which goes.
Node take_out(Node& map, std::string_view key) {
  for (std::size_t i = 0; map.is_map() && i < map.size(); ++i) {
    if (map.key(i).text != key) continue;
    Node value = std::move(map.items[2 * i + 1]);
    erase_entry(map, i);
    return value;
  }
  return {};
}

Node& parameters_of(Node& step) {
  if (Node* found = find_value(step, "parameters"); found && found->is_map()) return *found;
  take_out(step, "parameters");
  Node empty;
  empty.kind = Node::Kind::map;
  append_entry(step, text_node("parameters"), std::move(empty));
  return step.items.back();
}

bool is_words(const Node* list) {
  return list && list->is_list() && std::all_of(list->items.begin(), list->items.end(), [](const Node& item) {
           return item.is_scalar();
         });
}

}  // namespace

void StepMigration::note(const Node& at, std::string text) {
  notes_.push_back({at.at.line, std::move(text)});
}

void StepMigration::replace(Node& scalar, std::string_view text, bool plain) {
  if (std::optional<std::size_t> length = source_.length_of(scalar)) {
    bool quoted = !plain && *length == scalar.text.size() + 2;
    patches_.push_back(
        {source_.offset(scalar.at), *length, quoted ? '"' + std::string(text) + '"' : std::string(text)});
  } else {
    lost_ = true;
  }
  scalar.text = text;
  if (plain) scalar.style = Node::Style::plain;
}

void StepMigration::rename(Node& key, std::string_view name) {
  note(key, "'" + key.text + "' is called '" + std::string(name) + "' today");
  replace(key, name, false);
}

void StepMigration::rename_old_keys(Node& map, std::span<const KeySpec> keys) {
  for (std::size_t i = 0; map.is_map() && i < map.size(); ++i) {
    Node& key = map.items[2 * i];
    Node& value = map.items[2 * i + 1];
    const KeySpec* row = find_key(keys, key.text);
    if (!row) continue;
    bool old = has_word(row->old_names, key.text) || (key.text == "type" && row->name == "step_type") ||
               (key.text == "working_directory" && row->name == "working_dir");
    if (old && !map.find(row->name)) rename(key, row->name);
    if (row->keys.empty()) continue;
    rename_old_keys(value, row->keys);
    for (std::size_t k = 0; value.is_list() && k < value.items.size(); ++k)
      rename_old_keys(value.items[k], row->keys);
  }
}

const StepType* StepMigration::find_type(std::string_view written) const {
  const StepType* type = types_.find(written);
  if (!type) type = types_.find(snake_case(written));
  return type ? type : types_.find(to_lower(written));
}

const StepType* StepMigration::migrate_tool(Node& step, Node& type, Node& moved) {
  Node* parameters = find_value(step, "parameters");
  for (std::string_view key : {"tool", "tool_name"}) {
    for (Node* map : {parameters, &step}) {
      Node* tool = map ? find_value(*map, key) : nullptr;
      if (!tool || !tool->is_scalar()) continue;
      std::string name = tool->text;
      const StepType* known = find_type(name);
      const Node* arguments = map->find("args");
      bool program = !known && is_words(arguments);
      if (!known && !program) return nullptr;
      std::string today = known ? std::string(known->name) : "command";
      note(*tool, known ? "the tool '" + name + "' is the step type '" + today + "'"
                        : "the tool '" + name + "' is a program, which step type 'command' runs");
      replace(type, today, false);
      if (program && map == parameters) {
        for (std::size_t i = 0; i < map->size(); ++i)
          if (map->key(i).text == key) replace(map->items[2 * i], "command", false);
        return types_.find("command");
      }
      anew_ = true;
      if (program) append_entry(moved, text_node("command"), *tool);
      take_out(*map, key);  // `type` and `parameters` may be elsewhere now
      if (program) return types_.find("command");
      Node& all = parameters_of(step);
      for (std::string_view inner : {"parameters", "args", "arguments", "input"}) {
        Node* deeper = find_value(all, inner);
        if (!deeper || !deeper->is_map() || find_key(known->parameters, inner)) continue;
        Node entries = take_out(all, inner);
        for (Node& item : entries.items) all.items.push_back(std::move(item));
      }
      return known;
    }
  }
  return nullptr;
}

const StepType* StepMigration::migrate_type(Node& step, Node& moved) {
  Node* type = find_value(step, "step_type");
  if (!type || !type->is_scalar()) return nullptr;
  if (snake_case(type->text) == "tool") return migrate_tool(step, *type, moved);
  const StepType* known = find_type(type->text);
  // An alias that older missions have and newer ones don't.
  bool old = type->text == "http_request" || !known || !has_word(known->aliases, type->text);
  if (known && known->name != type->text && old) {
    note(*type, "step type '" + type->text + "' is spelled '" + std::string(known->name) + "' today");
    replace(*type, known->name, false);
  }
  return known;
}

void StepMigration::move_beside(Node& step, Node& moved, const StepType& type) {
  const Node* parameters = step.find("parameters");
  for (std::size_t i = 0; i < step.size();) {
    const std::string& name = step.key(i).text;
    const KeySpec* row = find_key(step_keys(), name) ? nullptr : find_key(type.parameters, name);
    if (!row || step.value(i).is_null() || (parameters && parameters->find(name))) {
      ++i;
      continue;
    }
    note(step.key(i), "'" + name + "' stands under 'parameters' today");
    anew_ = true;
    append_entry(moved, std::move(step.items[2 * i]), std::move(step.items[2 * i + 1]));
    erase_entry(step, i);
    parameters = step.find("parameters");
  }
  if (moved.size() == 0) return;
  Node& all = parameters_of(step);
  for (Node& item : moved.items) all.items.push_back(std::move(item));
}

void StepMigration::migrate_failure(Node& step, Node& parameters) {
  for (std::string_view old : {"on_failure", "on_error"}) {
    for (Node* map : {&step, &parameters}) {
      Node* value = find_value(*map, old);
      if (!value || !value->is_scalar() || step.find("continue_on_error")) continue;
      bool go_on = has_word("continue ignore", value->text);
      if (!go_on && !has_word("stop fail abort", value->text)) continue;
      std::string today = go_on ? "true" : "false";
      note(*value,
           "'" + std::string(old) + ": " + value->text + "' is 'continue_on_error: " + today + "' today");
      if (map == &parameters) {
        anew_ = true;
        Node taken = take_out(parameters, old);
        Node key = text_node("continue_on_error");
        taken.text = today;
        taken.style = Node::Style::plain;
        append_entry(step, std::move(key), std::move(taken));  // `parameters` may be elsewhere now
        return;
      }
      for (std::size_t i = 0; i < map->size(); ++i)
        if (map->key(i).text == old) replace(map->items[2 * i], "continue_on_error", false);
      replace(*value, today, true);
      return;
    }
  }
}

void StepMigration::migrate_retry(Node& map) {
  for (std::size_t i = 0; i < map.size(); ++i) {
    Node& key = map.items[2 * i];
    Node& value = map.items[2 * i + 1];
    double count = 0;
    if (key.text != "retry_count" || map.find("retry") || !is_number(value, &count)) continue;
    if (count < 0 || count > 4294967294.0 || count != std::floor(count)) continue;
    std::string attempts = std::to_string(static_cast<long long>(count) + 1);
    note(key, "'retry_count: " + value.text + "' is 'retry: {max_attempts: " + attempts + "}' today");
    bool quoted = source_.at(key.at) == '"';
    replace(key, "retry", false);
    replace(value, quoted ? "{\"max_attempts\": " + attempts + "}" : "{max_attempts: " + attempts + "}",
            true);
    value = Node{};
    append_entry(value, text_node("max_attempts"), text_node(attempts));
  }
}

void StepMigration::add_name(Node& step) {
  const Node* id = step.find("id");
  if (!id || !id->is_scalar() || id->text.empty() || step.find("name") || step.find("template")) return;
  note(step, "step '" + id->text + "' gets a name, its id");
  std::size_t place = 0;
  while (step.key(place).text != "id") ++place;
  bool last = place + 1 == step.size();
  if (!last) ++place;
  const Node& before = step.key(place);
  Node name = *id;
  Node key = text_node("name");
  if (before.at.line == 0 || id->at.line == 0) {
    lost_ = true;
  } else {
    bool quoted = source_.at(before.at) == '"';
    bool flow = source_.at(step.at) == '{';
    std::string entry = quoted ? "\"name\": \"" + name.text + "\"" : "name: " + emit_scalar(name);
    if (flow) entry += ',';
    bool line_of_its_own = !flow || (!last && before.at.line > id->at.line);
    entry += line_of_its_own ? "\n" + std::string(before.at.column - 1, ' ') : " ";
    patches_.push_back({source_.offset(before.at), 0, std::move(entry)});
  }
  step.items.insert(step.items.begin() + static_cast<std::ptrdiff_t>(2 * place),
                    {std::move(key), std::move(name)});
}

bool StepMigration::migrate(Node& step) {
  if (!step.is_map()) return false;
  bool lost_before = std::exchange(lost_, false);
  anew_ = false;
  rename_old_keys(step, step_keys());
  if (!step.find("parameters")) {
    for (std::size_t i = 0; i < step.size(); ++i)
      if (step.key(i).text == "config" && step.value(i).is_map()) rename(step.items[2 * i], "parameters");
  }
  Node moved;
  const StepType* type = migrate_type(step, moved);
  if (type) move_beside(step, moved, *type);
  if (Node* parameters = find_value(step, "parameters"); parameters && parameters->is_map()) {
    if (type) rename_old_keys(*parameters, type->parameters);
    // The step's own keys may stand there too, in older spellings as well.
    for (std::size_t i = 0; type && i < parameters->size(); ++i) {
      Node& key = parameters->items[2 * i];
      if (key.text == "timeout" && !find_key(type->parameters, "timeout") &&
          !parameters->find("timeout_seconds"))
        rename(key, "timeout_seconds");
    }
    migrate_retry(*parameters);
    migrate_failure(step, *parameters);
  } else {
    Node none;
    migrate_failure(step, none);
  }
  migrate_retry(step);
  add_name(step);
  bool anew = anew_ || lost_;
  lost_ = lost_before;
  return anew;
}

}  // namespace rustchain
