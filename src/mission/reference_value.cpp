// The value of a reference: from what its head stands for down the path of its fields.
#include "mission/resolve.hpp"

#include <optional>
#include <utility>

namespace rustchain {
namespace {

Failure invalid(std::string message) {
  return {FailureKind::invalid, std::move(message), {}};
}

std::string names_of(const Json& object) {
  constexpr std::size_t k_most = 12;
  std::string names;
  std::size_t count = 0;
  for (const auto& entry : object.items()) {
    if (count++ == k_most) return names + ", ...";
    if (!names.empty()) names += ", ";
    names += entry.key();
  }
  return names;
}

// One step of a path. An empty text: done; else why it can't be done.
std::string walk(Json& value, const Reference::Field& field) {
  if (value.is_string()) {
    std::optional<Json> parsed = parse_structure(value.get_ref<const std::string&>());
    if (!parsed) return "the text before it holds no JSON list or map";
    value = std::move(*parsed);
  }
  Json next;
  if (const auto* name = std::get_if<std::string>(&field)) {
    if (value.is_object()) {
      auto found = value.find(*name);
      if (found == value.end()) {
        return "there is no '" + *name + "' in it" +
               (value.empty() ? std::string() : " (there are: " + names_of(value) + ")");
      }
      next = std::move(*found);
    } else if (value.is_array() && name->find_first_not_of("0123456789") == std::string::npos &&
               name->size() < 10) {
      return walk(value, Reference::Field(std::stoul(*name)));
    } else {
      return "'" + *name + "' asks for a map, and there is a " + value.type_name();
    }
  } else {
    std::size_t index = std::get<std::size_t>(field);
    if (!value.is_array())
      return "[" + std::to_string(index) + "] asks for a list, and there is a " + value.type_name();
    if (index >= value.size()) {
      return "[" + std::to_string(index) + "] is past the end of a list of " + std::to_string(value.size());
    }
    next = std::move(value[index]);
  }
  value = std::move(next);
  return {};
}

}  // namespace

Result<Json, Failure> reference_value(const Reference& reference, const Meaning& meaning,
                                      std::string_view raw, const Values& values) {
  Result<Json, Failure> found = values.value(meaning);
  if (!found) return found;
  Json value = std::move(*found);
  std::size_t at = meaning.rest;
  const std::vector<Reference::Field>& path = reference.path;

  std::string fields;  // those that there are, if the one that is asked for isn't
  bool of_step = meaning.kind == Meaning::Kind::step || meaning.kind == Meaning::Kind::previous_result;
  // An item of a foreach is asked as if it were a step.
  if (const std::size_t* index = of_step && at < path.size() ? std::get_if<std::size_t>(&path[at]) : nullptr)
    if (auto items = value.find("items");
        items != value.end() && value.contains("counts") && items->is_array() && *index < items->size()) {
      Json item = std::move((*items)[*index]);
      value = std::move(item);
      ++at;
    }
  if (of_step && value.is_object()) {
    std::string key = "output";
    if (const std::string* name = at < path.size() ? std::get_if<std::string>(&path[at]) : nullptr) {
      // Older missions ask for the step's own id, and say result where they mean the output. Whatever has no
      // field `json` of its own gives its output, which is walked as JSON.
      bool id = (*name == "step_id" || *name == "id") && at + 1 == path.size() && !meaning.name.empty();
      if (value.contains(*name)) {
        key = *name;
        ++at;
      } else if (id) {
        return Json(meaning.name);
      } else if (*name == "result" || *name == "response" || *name == "json") {
        ++at;
      } else {
        fields = names_of(value);
      }
    }
    if (auto field = value.find(key); field != value.end()) {
      Json inner = std::move(*field);
      value = std::move(inner);
    }
  }
  for (; at < path.size(); ++at) {
    std::string why = walk(value, path[at]);
    if (why.empty()) {
      fields.clear();
      continue;
    }
    Failure failure = invalid(std::string(raw) + " has no value: " + why);
    if (!fields.empty()) {
      failure.message =
          std::string(raw) + " has no value: there is no such field, and the output holds no such JSON";
      failure.help = "the fields are " + fields;
    }
    return failure;
  }
  return value;
}

std::optional<Json> mission_value(const Mission& mission, const std::string& directory,
                                  std::string_view name) {
  if (name == "name") return Json(mission.name);
  if (name == "version") return Json(mission.version);
  if (name == "file") return Json(mission.file);
  if (name == "dir") return Json(directory);
  return std::nullopt;
}

std::optional<std::string> written_variable(const Mission& mission, const std::string& name) {
  for (const auto& [key, node] : mission.vars)
    if (key == name && node.is_scalar()) return node.text;
  return std::nullopt;
}

Result<std::string, Failure> reference_text(const Reference& reference, const Meaning& meaning,
                                            std::string_view raw, const Values& values) {
  if (meaning.kind == Meaning::Kind::variable && meaning.rest == reference.path.size())
    if (std::optional<std::string> text = values.written(meaning)) return std::move(*text);
  Result<Json, Failure> value = reference_value(reference, meaning, raw, values);
  if (!value) return value.error();
  return value_text(std::move(*value));
}

}  // namespace rustchain
