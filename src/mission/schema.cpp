// The format as a JSON Schema, from the tables that missions are checked with.
#include "mission/schema.hpp"

#include "rustchain/json.hpp"

#include "mission/key_words.hpp"
#include "mission/keys.hpp"
#include "mission/read.hpp"
#include "mission/schema_words.hpp"
#include "mission/value.hpp"
#include "util/text.hpp"

namespace rustchain {
namespace {

using Schema = nlohmann::ordered_json;

// What older missions have in a step, and the reader takes before it looks for mistakes.
constexpr std::string_view k_older_step_keys = "config retry_count on_failure on_error tool tool_name remove";
// Whatever holds a reference, where references are filled in.
const Schema k_reference = {{"type", "string"}, {"pattern", "[{].+[}]"}};

Schema any_of(std::vector<Schema> ways) {
  if (ways.size() == 1) return std::move(ways.front());
  Schema schema;
  schema["anyOf"] = std::move(ways);
  return schema;
}

std::vector<std::string_view> names_of(const KeySpec& row, bool old_too) {
  std::vector<std::string_view> names = {row.name};
  for (std::string_view alias : words(row.aliases)) names.push_back(alias);
  if (old_too)
    for (std::string_view old : words(row.old_names)) names.push_back(old);
  return names;
}

std::vector<std::string_view> names_of(const StepType& type) {
  std::vector<std::string_view> names = {type.name};
  for (std::string_view alias : words(type.aliases)) names.push_back(alias);
  return names;
}

// One of the names is there.
Schema requires_one(const std::vector<std::string_view>& names) {
  std::vector<Schema> ways;
  ways.reserve(names.size());
  for (std::string_view name : names) ways.push_back({{"required", {name}}});
  return any_of(std::move(ways));
}

class Writer {
 public:
  explicit Writer(bool strict) : strict_(strict) {}

  // An object with these keys, none of which must be there. `more`: keys that are known there too.
  Schema object(std::span<const KeySpec> keys, bool references,
                const std::vector<std::string_view>& more = {}) {
    Schema schema = {{"type", "object"}};
    Schema& properties = schema["properties"] = Schema::object();
    std::vector<std::string_view> known;
    for (const KeySpec& row : keys) {
      if (!row.later.empty()) {
        properties[std::string(row.name)] = false;
        continue;
      }
      Schema value = key(row, references);
      for (std::string_view name : names_of(row, !strict_)) {
        properties[std::string(name)] = value;
        if (has_word(row.old_names, name)) properties[std::string(name)]["deprecated"] = true;
      }
      for (std::string_view name : names_of(row, true)) known.push_back(name);
    }
    close(schema, known, keys, more);
    return schema;
  }

  // A step without what must be there: its parts may come from a template or from the mission it extends.
  Schema step(const StepTypes& types) {
    std::vector<std::string_view> more = words(k_older_step_keys);
    for (const StepType* type : types.all())
      for (const KeySpec& row : type->parameters)
        for (std::string_view name : names_of(row, true)) more.push_back(name);
    Schema schema = object(step_keys(), false, more);
    Schema& properties = schema["properties"];
    properties["step_type"] = type_word(types);
    if (!strict_) {
      properties["type"] = properties["step_type"];
      // An older form, in which the tool is what the step type is today.
      Schema word = {{"tool", properties["step_type"]}, {"tool_name", properties["step_type"]}};
      Schema named = word;
      named["parameters"] = {{"properties", std::move(word)}};
      schema["allOf"].push_back({{"if", has_type({"tool"})}, {"then", {{"properties", std::move(named)}}}});
    }
    properties["remove"] = {
        {"type", "boolean"},
        {"description", "true: the step of this id in the mission that is extended is dropped."}};
    for (const StepType* type : types.all()) {
      Schema then = {{"properties", {{"parameters", {{"$ref", parameters_of(*type)}}}}}};
      // Parameters may stand in the step itself, an older form; so may their misspellings.
      if (!strict_) then["patternProperties"] = {{slips_beside(*type, more), false}};
      schema["allOf"].push_back({{"if", of_type(*type)}, {"then", std::move(then)}});
    }
    return schema;
  }

  // What must be there in a step that stands for itself.
  Schema whole_step(const StepTypes& types) {
    Schema schema = {{"$ref", "#/$defs/step"}, {"required", {"id"}}};
    Schema& rules = schema["allOf"] = Schema::array();
    std::vector<std::string_view> sources = {"step_type", "template"};
    if (!strict_) sources.insert(sources.end(), {"type", "tool", "tool_name"});
    rules.push_back(requires_one(sources));
    for (const StepType* type : types.all()) {
      for (const KeySpec& row : type->parameters) {
        if (!row.required) continue;
        std::vector<std::string_view> names = names_of(row, !strict_);
        std::vector<Schema> ways;
        ways.push_back({{"properties", {{"parameters", requires_one(names)}}}, {"required", {"parameters"}}});
        ways.push_back({{"required", {"template"}}});
        if (!strict_) {
          for (std::string_view name : names) ways.push_back({{"required", {name}}});
          ways.push_back({{"required", {"config"}}});
        }
        rules.push_back({{"if", of_type(*type)}, {"then", any_of(std::move(ways))}});
      }
    }
    return schema;
  }

  // What a step's own keys may be repeated as, among its parameters.
  Schema parameters(const StepType& type) {
    std::vector<std::string_view> liftable = {"tool", "tool_name"};
    Schema own = Schema::object();
    for (const KeySpec& row : step_keys()) {
      if (!may_stand_in_parameters(row.name)) continue;
      for (std::string_view name : names_of(row, !strict_)) {
        liftable.push_back(name);
        own[std::string(name)] = {{"$ref", "#/$defs/step/properties/" + std::string(row.name)}};
      }
    }
    Schema schema = object(type.parameters, true, liftable);
    for (auto& [name, value] : own.items())
      if (!schema["properties"].contains(name)) schema["properties"][name] = value;
    return schema;
  }

  static std::string parameters_of(const StepType& type) {
    return "#/$defs/" + std::string(type.name) + "_parameters";
  }

 private:
  Schema key(const KeySpec& row, bool references) {
    Schema schema = value(row, row.types, references, false);
    schema["description"] = row.doc;
    if (!row.default_value.empty()) {
      Schema given = Schema::parse(row.default_value, nullptr, false);
      schema["default"] = given.is_discarded() ? Schema(row.default_value) : std::move(given);
    }
    return schema;
  }

  Schema value(const KeySpec& row, std::uint16_t types, bool references, bool element) {
    if (types & k_any) return Schema::object();
    std::vector<Schema> ways;
    scalars(row, types, ways);
    if (references) ways.push_back(k_reference);
    if (types & k_list) {
      Schema of = value(row, row.element, references, true);
      ways.push_back({{"type", "array"}, {"items", of}});
      // One where a list is wanted is a list of one.
      if (!(types & k_string) && !(row.element & k_any)) ways.push_back(std::move(of));
    }
    if (types & k_map) ways.push_back(map(row, references, element));
    const bool one_kind = (types & k_list) == 0 || (types & k_map) == 0;
    if (one_kind && types & k_map) ways.push_back({{"type", "array"}, {"maxItems", 0}});
    if (one_kind && types & k_list) ways.push_back({{"type", "object"}, {"maxProperties", 0}});
    // Nothing after the colon: as if it weren't there.
    if (!row.required || element) ways.push_back({{"type", "null"}});
    return any_of(std::move(ways));
  }

  void scalars(const KeySpec& row, std::uint16_t types, std::vector<Schema>& ways) const {
    if (types & (k_number | k_integer)) {
      Schema number = {{"type", types & k_number ? "number" : "integer"}, {"minimum", row.minimum}};
      ways.push_back(std::move(number));
      ways.push_back({{"type", "string"}, {"pattern", "^\\s*\\+?[0-9.][0-9._]*([eE][-+]?[0-9]+)?\\s*$"}});
    }
    if (types & k_size) {
      ways.push_back({{"type", "number"}, {"minimum", 0}});
      ways.push_back(
          {{"type", "string"}, {"pattern", "^\\s*[0-9.]+\\s*([kKmMgGtTpP]?[iI]?[bB]?|[bB]ytes?)\\s*$"}});
    }
    if (types & k_boolean) {
      ways.push_back({{"type", "boolean"}});
      const auto loose = words("yes on y t true no off n f false");
      if (!strict_) ways.push_back({{"type", "string"}, {"pattern", folded_pattern(loose, false)}});
    }
    if (!(types & k_string)) return;
    if (row.words.empty()) {
      ways.push_back({{"type", {"string", "number", "boolean"}}});
      return;
    }
    ways.push_back({{"enum", words(row.words)}});
    if (!strict_) ways.push_back({{"type", "string"}, {"pattern", folded_pattern(words(row.words), false)}});
  }

  Schema map(const KeySpec& row, bool references, bool element) {
    if (!row.keys.empty()) {
      Schema schema = object(row.keys, references);
      for (const KeySpec& inner : row.keys)
        if (inner.required) schema["allOf"].push_back(requires_one(names_of(inner, !strict_)));
      return schema;
    }
    Schema schema = {{"type", "object"}};
    if (!(row.element & k_any) && !element)
      schema["additionalProperties"] = value(row, row.element, references, true);
    return schema;
  }

  // What becomes of keys that aren't in the table.
  void close(Schema& schema, const std::vector<std::string_view>& known, std::span<const KeySpec> keys,
             const std::vector<std::string_view>& more) const {
    if (strict_) {
      schema["patternProperties"] = {{"^x-", true}};
      schema["additionalProperties"] = false;
      return;
    }
    std::vector<std::string_view> spared = foreign_names(keys);
    spared.insert(spared.end(), more.begin(), more.end());
    schema["patternProperties"] = {{slip_pattern(known, spared), false}};
  }

  // The words for a step's type, all of them or those of one.
  Schema type_word(const StepTypes& types) const {
    std::vector<std::string_view> names;
    std::vector<std::string_view> forgiven = {"tool"};
    for (const StepType* type : types.all()) {
      if (!type->later.empty()) continue;
      for (std::string_view name : names_of(*type)) names.push_back(name);
      for (std::string_view name : names_of(*type)) forgiven.push_back(name);
      for (std::string_view name : words(type->old_names)) forgiven.push_back(name);
    }
    std::vector<Schema> ways = {{{"enum", names}}};
    if (!strict_) ways.push_back({{"type", "string"}, {"pattern", folded_pattern(forgiven, true)}});
    Schema schema = any_of(std::move(ways));
    schema["description"] = "What kind of work the step does.";
    return schema;
  }

  Schema of_type(const StepType& type) const {
    std::vector<std::string_view> names = names_of(type);
    if (strict_) return {{"properties", {{"step_type", {{"enum", names}}}}}, {"required", {"step_type"}}};
    for (std::string_view name : words(type.old_names)) names.push_back(name);
    return has_type(names);
  }

  static std::string slips_beside(const StepType& type, std::vector<std::string_view> spared) {
    std::vector<std::string_view> known;
    for (const KeySpec& row : type.parameters)
      for (std::string_view name : names_of(row, true)) known.push_back(name);
    for (const KeySpec& row : step_keys())
      for (std::string_view name : names_of(row, true)) spared.push_back(name);
    for (std::string_view name : foreign_names(type.parameters)) spared.push_back(name);
    for (std::string_view name : foreign_names(step_keys())) spared.push_back(name);
    return slip_pattern(known, spared);
  }

  static Schema has_type(const std::vector<std::string_view>& names) {
    Schema word = {{"type", "string"}, {"pattern", folded_pattern(names, true)}};
    std::vector<Schema> ways;
    for (const char* key : {"step_type", "type"})
      ways.push_back({{"properties", {{key, word}}}, {"required", {key}}});
    return any_of(std::move(ways));
  }

  bool strict_;
};

}  // namespace

Schema mission_schema(const StepTypes& types, bool strict) {
  Writer writer(strict);
  Schema schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                   {"title", "A rustchain mission"},
                   {"description", "The mission format, version 1.0."}};
  schema.update(writer.object(mission_keys(), false));
  Schema& properties = schema["properties"];
  for (const char* key : {"steps", "finally"})
    properties[key] = {{"type", "array"},
                       {"items", {{"$ref", "#/$defs/step"}}},
                       {"description", properties[key]["description"]}};
  Schema whole = {{"properties",
                   {{"steps", {{"minItems", 1}, {"items", {{"$ref", "#/$defs/whole_step"}}}}},
                    {"finally", {{"items", {{"$ref", "#/$defs/whole_step"}}}}}}}};
  Schema& required = whole["required"] = Schema::array();
  for (const KeySpec& row : mission_keys())
    if (row.required) required.push_back(row.name);
  schema["if"] = {{"required", {"extends"}}};
  schema["else"] = std::move(whole);

  Schema& parts = schema["$defs"];
  parts["step"] = writer.step(types);
  parts["whole_step"] = writer.whole_step(types);
  for (const StepType* type : types.all())
    parts[std::string(type->name) + "_parameters"] = writer.parameters(*type);
  return schema;
}

}  // namespace rustchain
