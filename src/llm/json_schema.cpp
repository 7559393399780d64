// Holds a value against a JSON schema, as far as answers of models need it. Pure.
#include "llm/json_schema.hpp"

#include "rustchain/json.hpp"

#include "util/json_text.hpp"
#include "util/text.hpp"
#include "util/utf8.hpp"

#include <algorithm>
#include <string_view>

namespace rustchain {
namespace {

constexpr std::string_view k_unchecked =
    "$ref allOf anyOf oneOf not if then else pattern patternProperties propertyNames dependentRequired "
    "dependentSchemas contains prefixItems uniqueItems multipleOf exclusiveMinimum exclusiveMaximum "
    "minProperties maxProperties unevaluatedItems unevaluatedProperties";

bool is_whole(const Json& value) {
  if (value.is_number_integer()) return true;
  if (!value.is_number_float()) return false;
  double number = value.get<double>();
  return number > -9e15 && number < 9e15 && number == static_cast<double>(static_cast<long long>(number));
}

bool is_type(const Json& value, std::string_view type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "number") return value.is_number();
  if (type == "integer") return is_whole(value);
  if (type == "boolean") return value.is_boolean();
  if (type == "null") return value.is_null();
  return true;
}

std::string article(std::string_view type) {
  if (type == "null") return "null";
  return (std::string_view("aeio").find(type[0]) == std::string_view::npos ? "a " : "an ") +
         std::string(type);
}

std::string short_text(const Json& value) {
  std::string text = dump_json(value);
  return text.size() <= 60 ? text : std::string(utf8_prefix(text, 60)) + "...";
}

struct Pair {
  const Json* schema;
  const Json* value;
  std::string path;
};

const Json* keyword(const Json& schema, const char* name) {
  auto found = schema.find(name);
  return found == schema.end() ? nullptr : &*found;
}

// What is wrong with this value itself; its parts are added to `parts`.
std::optional<std::string> look_at(const Pair& pair, std::vector<Pair>& parts) {
  const Json& schema = *pair.schema;
  const Json& value = *pair.value;
  if (schema.is_boolean())
    return schema.get<bool>() ? std::nullopt : std::optional<std::string>("may not be there");
  if (!schema.is_object()) return std::nullopt;

  if (const Json* type = keyword(schema, "type")) {
    std::vector<std::string> wanted;
    for (const Json& one : type->is_array() ? *type : Json::array({*type}))
      if (one.is_string()) wanted.push_back(one.get<std::string>());
    bool fits = std::any_of(wanted.begin(), wanted.end(), [&](auto& one) { return is_type(value, one); });
    if (!wanted.empty() && !fits) {
      for (std::string& one : wanted) one = article(one);
      std::string is = is_whole(value) ? "an integer" : article(value.type_name());
      return "is " + is + ", not " + join(wanted, " or ");
    }
  }
  if (const Json* list = keyword(schema, "enum"); list && list->is_array())
    if (std::find(list->begin(), list->end(), value) == list->end())
      return "is " + short_text(value) + ", not one of " + short_text(*list);
  if (const Json* only = keyword(schema, "const"); only && *only != value)
    return "is " + short_text(value) + ", not " + short_text(*only);

  auto bound = [&](const char* name, double measure, bool least,
                   const char* what) -> std::optional<std::string> {
    const Json* limit = keyword(schema, name);
    if (!limit || !limit->is_number()) return std::nullopt;
    if (least ? measure >= limit->get<double>() : measure <= limit->get<double>()) return std::nullopt;
    return std::string(what) + (least ? " less than " : " more than ") + limit->dump();
  };
  std::optional<std::string> wrong;
  if (value.is_number()) {
    if ((wrong = bound("minimum", value.get<double>(), true, "is"))) return wrong;
    if ((wrong = bound("maximum", value.get<double>(), false, "is"))) return wrong;
  } else if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    auto length = static_cast<double>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
    if ((wrong = bound("minLength", length, true, "has characters"))) return wrong;
    if ((wrong = bound("maxLength", length, false, "has characters"))) return wrong;
  } else if (value.is_array()) {
    auto count = static_cast<double>(value.size());
    if ((wrong = bound("minItems", count, true, "has items"))) return wrong;
    if ((wrong = bound("maxItems", count, false, "has items"))) return wrong;
    if (const Json* items = keyword(schema, "items"))
      for (std::size_t i = value.size(); i-- > 0;)
        parts.push_back({items, &value[i], pair.path + "[" + std::to_string(i) + "]"});
  } else if (value.is_object()) {
    if (const Json* required = keyword(schema, "required"); required && required->is_array())
      for (const Json& name : *required)
        if (name.is_string() && !value.contains(name.get<std::string>()))
          return "lacks '" + name.get<std::string>() + "'";
    const Json* properties = keyword(schema, "properties");
    const Json* others = keyword(schema, "additionalProperties");
    for (const auto& [name, part] : value.items()) {
      const Json* rule = others;
      if (properties && properties->is_object() && properties->contains(name)) rule = &(*properties)[name];
      if (rule == others && others && others->is_boolean() && !others->get<bool>())
        return "has '" + name + "', which may not be there";
      if (rule) parts.push_back({rule, &part, pair.path.empty() ? name : pair.path + "." + name});
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> schema_mismatch(const Json& schema, const Json& value) {
  std::vector<Pair> open = {{&schema, &value, ""}};
  while (!open.empty()) {
    Pair pair = std::move(open.back());
    open.pop_back();
    if (auto wrong = look_at(pair, open))
      return (pair.path.empty() ? "it " : "at " + pair.path + ": ") + *wrong;
  }
  return std::nullopt;
}

std::vector<std::string> unchecked_keywords(const Json& schema) {
  std::vector<std::string> found;
  std::vector<const Json*> open = {&schema};
  while (!open.empty()) {
    const Json* one = open.back();
    open.pop_back();
    if (!one->is_object()) continue;
    for (const auto& [name, rule] : one->items()) {
      if (has_word(k_unchecked, name)) found.push_back(name);
      if (name == "items" || name == "additionalProperties") open.push_back(&rule);
      if (name == "properties" && rule.is_object())
        for (const auto& [property, inner] : rule.items()) open.push_back(&inner);
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace rustchain
