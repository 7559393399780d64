// The variables of a mission: those of the command line, and the typed inputs.
#include "mission/inputs.hpp"

#include "mission/key_reader.hpp"
#include "mission/scalar.hpp"
#include "mission/suggest.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

namespace rustchain {
namespace {

struct InputType {
  std::string_view name;
  std::string_view wanted;
  std::string_view example;
};
constexpr auto k_types = std::to_array<InputType>({
    {"string", "a text", "text"},
    {"number", "a number", "1.5"},
    {"integer", "a whole number", "3"},
    {"boolean", "true or false", "true"},
    {"list", "a list", "[a, b]"},
    {"map", "a map", "{key: value}"},
});

const InputType& row_of(std::string_view type) {
  for (const InputType& row : k_types)
    if (row.name == type) return row;
  return k_types.front();
}

// Whether the value is of the type; a scalar gets the form that later readers take for it.
bool fits(Node& value, std::string_view type) {
  if (type == "list") return value.is_list();
  if (type == "map") return value.is_map();
  if (type == "string") {
    if (value.is_null()) {
      value.kind = Node::Kind::scalar;
    }
    if (value.is_scalar() && value.style == Node::Style::plain) value.style = Node::Style::quoted;
    return value.is_scalar();
  }
  if (!value.is_scalar()) return false;
  Node plain = value;
  plain.style = Node::Style::plain;
  plain.text = trim(value.text);
  if (type == "boolean") {
    std::optional<bool> loose = loose_boolean(plain.text);
    if (!loose) return false;
    plain.text = *loose ? "true" : "false";
  } else {
    double number = 0;
    if (!is_number(plain, &number)) return false;
    if (type == "integer" && number != std::floor(number)) return false;
  }
  value = std::move(plain);
  return true;
}

// What --var gives is a scalar: lists and maps come from files.
std::string how_to_give(const GivenVars& given, const std::string& name, const InputType& row,
                        std::string_view value) {
  std::string entry = "`" + name + ": " + std::string(row.example) + "`";
  if (given.by_step) return "write for example " + entry + " under `vars` of the step that runs this mission";
  if (row.name == "list" || row.name == "map")
    return "give it in a file with --vars-file, for example " + entry;
  return "give it with `--var " + name + "=" + std::string(value) + "`";
}

class Vars {
 public:
  explicit Vars(std::vector<std::pair<std::string, Node>>& vars) : vars_(vars) {
    for (std::size_t i = 0; i < vars_.size(); ++i) index_.emplace(vars_[i].first, i);
  }
  Node* find(const std::string& name) {
    auto at = index_.find(name);
    return at == index_.end() ? nullptr : &vars_[at->second].second;
  }
  Node& set(const std::string& name, Node value) {
    if (Node* old = find(name)) return *old = std::move(value);
    index_.emplace(name, vars_.size());
    return vars_.emplace_back(name, std::move(value)).second;
  }

 private:
  std::vector<std::pair<std::string, Node>>& vars_;
  std::unordered_map<std::string, std::size_t> index_;
};

}  // namespace

void apply_vars(Mission& mission, const GivenVars& given, Diagnostics& problems) {
  std::unordered_set<std::string> declared;
  for (const auto& [name, value] : mission.vars) declared.insert(name);
  for (const Input& input : mission.inputs) declared.insert(input.name.value);
  std::vector<std::string_view> known(declared.begin(), declared.end());
  std::sort(known.begin(), known.end());
  // A file of thousands of variables is shared by many missions: a near miss says nothing there.
  bool typed = given.values.size() <= 100;

  Vars vars(mission.vars);
  std::unordered_set<std::string> from_outside;
  for (const auto& [name, value] : given.values) {
    bool first = from_outside.insert(name).second;
    if (typed && first && !declared.contains(name)) {
      if (std::optional<std::string> near = nearest(name, known))
        problems.add({.code = "RC0123",
                      .severity = Severity::warning,
                      .message = "the mission declares no variable '" + name + "'",
                      .help = "did you mean '" + std::string(given.by_step ? "" : "--var ") + *near +
                              (given.by_step ? "'?" : "=...'?")});
    }
    vars.set(name, value);
  }
  for (const std::string& name : given.later) vars.set(name, Node{});

  for (const Input& input : mission.inputs) {
    const std::string& name = input.name.value;
    if (vars.find(name)) continue;
    if (input.required && !input.default_value) {
      std::string what = input.description.empty() ? std::string() : " (" + input.description + ")";
      problems.add({.code = "RC0121",
                    .message = "the mission needs a value for '" + name + "'" + what,
                    .at = input.name.at,
                    .length = static_cast<std::uint32_t>(name.size()),
                    .help = how_to_give(given, name, row_of(input.type), "...")});
    }
    vars.set(name, input.default_value.value_or(Node{}));
  }
}

void check_inputs(Mission& mission, const GivenVars& given, const std::unordered_set<std::string>& later,
                  Diagnostics& problems) {
  if (mission.inputs.empty()) return;
  Vars vars(mission.vars);
  std::unordered_set<std::string_view> from_outside;
  for (const auto& entry : given.values) from_outside.insert(entry.first);
  for (const Input& input : mission.inputs) {
    const std::string& name = input.name.value;
    Node* value = vars.find(name);
    const bool outside = from_outside.contains(name);
    if (!value || later.contains(name)) continue;
    const bool none = value->is_null() && value->at.line == 0 && !outside;
    if (none) continue;
    const InputType& row = row_of(input.type);
    std::string was = shown(*value);
    std::uint32_t length = shown_length(*value);
    if (fits(*value, row.name)) continue;
    problems.add({.code = "RC0122",
                  .message = "'" + name + "' wants " + std::string(row.wanted) + ", not " + was,
                  .at = outside ? input.name.at : value->at,
                  .length = outside ? static_cast<std::uint32_t>(name.size()) : length,
                  .help = outside ? how_to_give(given, name, row, row.example)
                                  : "correct the default, or the input's type"});
  }
}

}  // namespace rustchain
