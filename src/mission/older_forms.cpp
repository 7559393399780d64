// Whole files in another form than a mission of today.
#include "mission/older_forms.hpp"

#include "mission/key_reader.hpp"
#include "mission/keys.hpp"
#include "mission/older_shapes.hpp"
#include "mission/read.hpp"
#include "mission/references.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace rustchain {
namespace {

struct OldOperation {
  std::string_view words;
  std::string_view type;
};
constexpr auto k_operations = std::to_array<OldOperation>({
    {"create write create_file write_file file_create save", "create_file"},
    {"edit modify patch append edit_file file_edit replace", "edit_file"},
    {"command test shell run exec execute bash sh build", "command"},
    {"read read_file", "read_file"},
    {"delete remove delete_file", "delete_file"},
});

// What a parameter was called then, and is now.
struct OldKey {
  std::string_view words;
  std::string_view today;
};
constexpr auto k_old_keys = std::to_array<OldKey>({
    {"file_path file filename filepath path target", "path"},
    {"cmd run command", "command"},
    {"find search old old_text before", "find"},
    {"replace new new_text replacement after with", "replace"},
});

Node text_node(std::string_view text, Node::Style style = Node::Style::quoted) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.style = style;
  node.text = text;
  return node;
}

bool holds_mark(const Node& node) {
  if (node.is_scalar()) {
    auto mark = next_mark(node.text, 0);
    return mark.has_value();
  }
  return std::any_of(node.items.begin(), node.items.end(), &holds_mark);
}

std::string_view type_of(std::string_view word) {
  std::string snake = snake_case(word);
  for (const OldOperation& row : k_operations)
    if (has_word(row.words, snake)) return row.type;
  return {};
}

std::string todays_key(std::string_view key) {
  for (const OldKey& row : k_old_keys)
    if (has_word(row.words, key)) return std::string(row.today);
  return std::string(key);
}

void add_parameter(Node& parameters, Node key, Node value) {
  key.text = todays_key(key.text);
  append_entry(parameters, std::move(key), std::move(value));
}

// `edit`: a text is the new content, a map or a list of one map says what is replaced by what.
void add_edit(Node& parameters, Node edit, std::string_view word) {
  if (edit.is_list() && edit.items.size() == 1) {
    Node only = std::move(edit.items[0]);
    edit = std::move(only);
  }
  if (edit.is_map()) {
    for (std::size_t i = 0; i < edit.size(); ++i)
      add_parameter(parameters, std::move(edit.items[2 * i]), std::move(edit.items[2 * i + 1]));
    return;
  }
  if (word == "append") append_entry(parameters, text_node("operation"), text_node("append"));
  append_entry(parameters, text_node("content"), std::move(edit));
}

class FormReader {
 public:
  // `type_key`: under which the step says what it does.
  FormReader(std::string_view type_key, MigrationNotes& notes) : type_key_(type_key), notes_(notes) {}

  Node step(Node old, std::size_t position) {
    if (!old.is_map()) return old;
    Node step;
    step.kind = Node::Kind::map;
    step.at = old.at;
    Node word = take_value(old, type_key_);
    if (word.is_null()) word = take_value(old, "step_type");
    std::string_view type = type_of(word.text);
    Node id = take_value(old, "id");
    if (!id.is_scalar()) id = text_node(new_id(word.text, position));
    ids_.insert(id.text);
    append_entry(step, text_node("id"), id);
    Node name = take_value(old, "name");
    append_entry(step, text_node("name"), name.is_scalar() ? std::move(name) : std::move(id));
    if (word.is_scalar())
      append_entry(step, text_node("step_type"), text_node(type.empty() ? word.text : std::string(type)));
    Node parameters = take_value(old, "parameters");
    parameters.kind = Node::Kind::map;
    for (std::size_t i = 0; i < old.size(); ++i) {
      Node& key = old.items[2 * i];
      Node& value = old.items[2 * i + 1];
      if (value.is_null()) continue;
      if (key.text == "edit") {
        add_edit(parameters, std::move(value), word.text);
      } else if (find_key(step_keys(), key.text) || key.text == "retry_count" || key.text == "on_failure") {
        append_entry(step, std::move(key), std::move(value));
      } else {
        add_parameter(parameters, std::move(key), std::move(value));
      }
    }
    if (type == "command" && !parameters.find("args") && !parameters.find("shell"))
      append_entry(parameters, text_node("shell"), text_node("true", Node::Style::plain));
    bool mark = holds_mark(parameters);
    append_entry(step, text_node("parameters"), std::move(parameters));
    // What looks like a reference was text to whoever ran this form.
    if (mark) append_entry(step, text_node("substitute"), text_node("false", Node::Style::plain));
    if (!word.is_scalar()) return step;
    notes_.push_back({step.at.line, "'" + std::string(type_key_) + ": " + word.text +
                                        "' is a step of type '" +
                                        (type.empty() ? word.text : std::string(type)) + "'" +
                                        (type == "command" ? ", run by the shell" : "")});
    return step;
  }

 private:
  std::string new_id(std::string_view word, std::size_t position) const {
    std::string id = snake_case(word.empty() ? "step" : word) + "_" + std::to_string(position + 1);
    while (ids_.contains(id)) id += "_";
    return id;
  }

  std::string_view type_key_;
  MigrationNotes& notes_;
  std::unordered_set<std::string> ids_;
};

bool has_steps(const Node* node) {
  const Node* steps = node ? node->find("steps") : nullptr;
  return steps && steps->is_list() &&
         std::any_of(steps->items.begin(), steps->items.end(), [](const Node& step) {
           return step.find("type") || step.find("step_type") || step.find("command") || step.find("id");
         });
}

bool has_operations(const Node* tasks) {
  return tasks && tasks->is_list() && !tasks->items.empty() &&
         std::all_of(tasks->items.begin(), tasks->items.end(),
                     [](const Node& task) { return task.find("op") != nullptr; });
}

// The head of the new mission, and whatever else stood in the old one.
Node new_mission(Node& old, std::string_view steps_key, std::string_view type_key, MigrationNotes& notes) {
  Node mission;
  mission.kind = Node::Kind::map;
  mission.at = old.at;
  Node name = take_value(old, "name");
  if (!name.is_scalar()) name = take_value(old, "title");
  if (!name.is_scalar()) name = take_value(old, "id");
  append_entry(mission, text_node("name"),
               name.is_scalar() ? std::move(name) : text_node("Migrated mission"));
  append_entry(mission, text_node("version"), text_node("1.0"));
  take_value(old, "version");
  Node steps = take_value(old, steps_key);
  Node rest;
  for (std::size_t i = 0; i < old.size(); ++i) {
    Node& key = old.items[2 * i];
    Node& value = old.items[2 * i + 1];
    if (value.is_null()) continue;
    const KeySpec* row = find_key(mission_keys(), key.text);
    Node& place = row && !mission.find(row->name) ? mission : rest;
    append_entry(place, std::move(key), std::move(value));
  }
  if (rest.size() > 0 && !mission.find("metadata")) {
    notes.push_back({0, "what the format has no key for stands under 'metadata', without effect"});
    append_entry(mission, text_node("metadata"), std::move(rest));
  }
  FormReader reader(type_key, notes);
  for (std::size_t i = 0; i < steps.items.size(); ++i) {
    Node step = reader.step(std::move(steps.items[i]), i);
    steps.items[i] = std::move(step);
  }
  append_entry(mission, text_node("steps"), std::move(steps));
  return mission;
}

}  // namespace

bool rewrite_older_form(Node& document, MigrationNotes& notes) {
  if (!document.is_map() || has_steps(&document)) return false;
  Node* mission = find_value(document, "mission");
  if (mission && has_steps(mission)) {
    notes.push_back({0, "the keys under 'mission:' stand at the top level"});
    Node inner = std::move(*mission);
    *mission = Node{};
    for (std::size_t i = 0; i < document.size(); ++i) {
      if (document.value(i).is_null() || inner.find(document.key(i).text)) continue;
      append_entry(inner, std::move(document.items[2 * i]), std::move(document.items[2 * i + 1]));
    }
    Node whole = new_mission(inner, "steps", "type", notes);
    document = std::move(whole);
    return true;
  }
  if (!has_operations(document.find("tasks"))) return false;
  notes.push_back({0, "the list 'tasks:' is called 'steps:'"});
  Node whole = new_mission(document, "tasks", "op", notes);
  document = std::move(whole);
  return true;
}

}  // namespace rustchain
