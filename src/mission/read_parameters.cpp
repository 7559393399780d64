// Reads the type and the parameters of a step.
#include "mission/keys.hpp"
#include "mission/older_shapes.hpp"
#include "mission/read.hpp"
#include "mission/read_step.hpp"
#include "mission/suggest.hpp"
#include "util/text.hpp"

#include <utility>

namespace rustchain {
namespace {

// What a step without a type should say.
std::string guess_type(const std::vector<Node>& beside, const Node& parameters) {
  auto has = [&](std::string_view key) {
    for (std::size_t i = 0; i < beside.size(); i += 2)
      if (beside[i].text == key) return true;
    return parameters.find(key) != nullptr;
  };
  if (has("command")) return "write `step_type: command`";
  if (has("prompt")) return "write `step_type: llm`";
  if (has("url")) return "write `step_type: http`";
  if (has("path") && has("content")) return "write `step_type: create_file`";
  for (std::string_view key : {"run", "shell", "script", "cmd", "bash"})
    if (has(key))
      return "write `step_type: command`, and `parameters: {command: ...}` in place of `" + std::string(key) +
             ":`";
  if (has("uses"))
    return "write `step_type: command` with a command that does the same; there are no actions";
  return "`rustchain steps` lists the types";
}

}  // namespace

const StepReader::Known* StepReader::read_type(Draft& draft, const Normalised& outer, Text& type) {
  Node written = take_value(draft.node, "step_type");
  if (!written.is_scalar() || written.text.empty()) {
    if (outer.has(step_keys(), "step_type") && !written.is_scalar())
      return nullptr;  // reported as what it is
    keys_.error("RC0110", draft.node, draft.what + " has no 'step_type'",
                guess_type(draft.beside, draft.parameters));
    return nullptr;
  }
  type = {written.text, written.at};
  const Known* known = snake_case(written.text) == "tool" ? find_tool(draft) : &find_type(written);
  if (!known || !known->type) {
    if (known) refuse_type(written);
    return nullptr;
  }
  type.value = known->type->name;
  if (known->type->later.empty()) return known;
  keys_.error("RC0112", written, "step type '" + type.value + "' isn't supported by this version yet",
              std::string(known->type->later));
  return nullptr;
}

const StepReader::Known& StepReader::find_type(const Node& written) {
  auto [at, fresh] = known_types_.try_emplace(written.text);
  Known& known = at->second;
  const std::string& text = written.text;
  if (fresh) {
    known.type = types_.find(text);
    if (!known.type) known.type = types_.find(snake_case(text));
    if (!known.type) known.type = types_.find(to_lower(text));
    if (known.type) {
      known.place = "in the parameters of '" + std::string(known.type->name) + "'";
      known.cure = "take it out, or see `rustchain steps " + std::string(known.type->name) + "`";
      known.has_own_timeout = find_key(known.type->parameters, "timeout_seconds") != nullptr;
    }
  }
  if (!known.type || known.type->name == text || has_word(known.type->aliases, text)) return known;
  std::string today(known.type->name);
  if (has_word(known.type->old_names, text)) {
    keys_.once(Severity::warning, "RC0503", text, written, [&] {
      return std::pair("'" + text + "' is an older name of step type '" + today + "'",
                       "write `step_type: " + today + "`");
    });
  } else {
    keys_.once(Severity::warning, "RC0502", {}, written, [&] {
      return std::pair("step type '" + text + "' is spelled the older way",
                       "write `step_type: " + today + "`");
    });
  }
  return known;
}

void StepReader::refuse_type(const Node& written) {
  const std::string name = snake_case(written.text);
  const std::string_view today = todays_way(name);
  keys_.once(Severity::error, today.empty() ? "RC0133" : "RC0134", written.text, written, [&] {
    std::string help = today.empty() ? "`rustchain steps` lists the types" : std::string(today);
    std::vector<std::string_view> names;
    for (const StepType* type : types_.all()) {
      names.push_back(type->name);
      for (std::string_view alias : words(type->aliases)) names.push_back(alias);
    }
    std::optional<std::string> near = today.empty() ? nearest(name, names) : std::nullopt;
    // http_get, llm_prompt
    for (std::string_view word : split(name, '_'))
      if (today.empty() && !near && types_.find(word) != nullptr) near = std::string(word);
    if (near) help = "did you mean '" + *near + "'?";
    return std::pair("there is no step type '" + written.text + "'", std::move(help));
  });
}

const StepReader::Known* StepReader::find_tool(Draft& draft) {
  Node tool;
  for (std::string_view key : {"tool", "tool_name"}) {
    if (tool.is_null()) tool = take_value(draft.parameters, key);
    for (std::size_t i = 0; i + 1 < draft.beside.size() && tool.is_null(); i += 2)
      if (draft.beside[i].text == key) tool = std::exchange(draft.beside[i + 1], Node{});
  }
  if (!tool.is_scalar()) {
    keys_.error("RC0134", draft.node, draft.what + " is a tool step without 'tool'",
                "write the step type that does the work; `rustchain steps` lists them");
    return nullptr;
  }
  const Known& known = find_type(tool);
  if (known.type) {
    std::string name(known.type->name);
    keys_.once(Severity::warning, "RC0507", {}, tool, [&] {
      return std::pair(std::string("step type 'tool' is an older form"), "write `step_type: " + name + "`");
    });
    // The tool's own parameters may stand one level deeper.
    for (std::string_view key : {"parameters", "args", "arguments", "input"}) {
      Node* inner = find_value(draft.parameters, key);
      if (!inner || !inner->is_map() || find_key(known.type->parameters, key)) continue;
      Node entries = std::move(*inner);
      *inner = Node{};
      for (Node& item : entries.items) draft.parameters.items.push_back(std::move(item));
    }
    std::vector<Node> kept;
    for (std::size_t i = 0; i + 1 < draft.parameters.items.size(); i += 2)
      if (!draft.parameters.items[i + 1].is_null()) {
        kept.push_back(std::move(draft.parameters.items[i]));
        kept.push_back(std::move(draft.parameters.items[i + 1]));
      }
    draft.parameters.items = std::move(kept);
    return &known;
  }
  std::string_view today = todays_way(snake_case(tool.text));
  keys_.once(Severity::error, "RC0134", "tool " + tool.text, tool, [&] {
    return std::pair("there is no tool '" + tool.text + "'",
                     today.empty() ? "if it is a program, write `step_type: command` and `command: " +
                                         tool.text + "` among the parameters"
                                   : std::string(today));
  });
  return nullptr;
}

void StepReader::move_beside(Draft& draft, const Known* known) {
  std::vector<Node> unknown;
  for (std::size_t i = 0; i + 1 < draft.beside.size(); i += 2) {
    Node& key = draft.beside[i];
    Node& value = draft.beside[i + 1];
    if (take_older_key(draft, key, value)) continue;
    if (!known || !find_key(known->type->parameters, key.text)) {
      unknown.insert(unknown.end(), {std::move(key), std::move(value)});
      continue;
    }
    if (value.is_null()) continue;
    if (find_value(draft.parameters, key.text)) {
      keys_.error("RC0111", key, "'" + key.text + "' stands in the step and in its parameters",
                  "keep the one in the parameters");
      continue;
    }
    keys_.once(Severity::warning, "RC0506", key.text, key, [&] {
      return std::pair("'" + key.text + "' stands in the step itself, an older form",
                       std::string("write it under `parameters:`"));
    });
    append_entry(draft.parameters, std::move(key), std::move(value));
  }
  draft.beside.clear();
  // The parameters of a type that isn't there can't be told from unknown keys.
  if (known)
    keys_.report_unknown(unknown, place_, known->type->parameters);
  else
    keys_.report_mistyped(unknown, place_, draft.node);
}

void StepReader::read_parameters(Draft& draft, const Known& known) {
  bool references = true;
  if (const Node* substitute = draft.node.find("substitute")) is_boolean(*substitute, &references);
  Place place{.name = known.place, .keys = known.type->parameters, .references = references};
  Normalised inner = keys_.normalise(draft.parameters, place);
  keys_.count_meant(inner, inner.unknown, place);
  lift(draft, known, std::move(inner.unknown));
  keys_.require(inner, place, draft.has_parameters ? draft.parameters.at : draft.node.at, draft.what);
}

void StepReader::lift(Draft& draft, const Known& known, std::vector<Node> unknown) {
  auto in_both = [&](const Node& key, std::string_view name) {
    keys_.error("RC0111", key, "'" + std::string(name) + "' stands in the step and in its parameters",
                "keep one of the two");
  };
  if (known.has_own_timeout) {
    const Node* own = draft.parameters.find("timeout_seconds");
    if (own && draft.has_timeout) {
      in_both(*own, "timeout_seconds");
    } else if (own && is_number(*own)) {
      Node key;
      key.kind = Node::Kind::scalar;
      key.text = "timeout_seconds";
      append_entry(draft.node, std::move(key), *own);
    }
  }
  std::vector<Node> rest;
  for (std::size_t i = 0; i + 1 < unknown.size(); i += 2) {
    const KeySpec* row = find_key(step_keys(), unknown[i].text);
    if (row && may_stand_in_parameters(row->name)) {
      if (draft.node.find(row->name)) {
        in_both(unknown[i], row->name);
        continue;
      }
      Node lifted;
      append_entry(lifted, std::move(unknown[i]), std::move(unknown[i + 1]));
      keys_.normalise(lifted, place_);
      for (Node& item : lifted.items) draft.node.items.push_back(std::move(item));
    } else if (!take_older_key(draft, unknown[i], unknown[i + 1])) {
      rest.push_back(std::move(unknown[i]));
      rest.push_back(std::move(unknown[i + 1]));
    }
  }
  keys_.report_unknown(rest, {.name = known.place, .keys = known.type->parameters, .cure = known.cure});
}

bool StepReader::take_older_key(Draft& draft, const Node& key, const Node& value) {
  if (key.text == "tool" || key.text == "tool_name") return value.is_null();  // find_tool took it
  if (key.text == "retry_count") {
    double count = 0;
    if (!is_number(value, &count) || count < 0) return false;
    keys_.once(Severity::warning, "RC0508", {}, key, [&] {
      return std::pair(
          std::string("'retry_count' is an older form of 'retry'"),
          "write `retry: {max_attempts: " + std::to_string(static_cast<long long>(count) + 1) + "}`");
    });
    draft.retry_count = static_cast<std::uint32_t>(count < 4294967295.0 ? count : 4294967295.0);
    draft.retry_count_at = key.at;
    return true;
  }
  if (key.text != "on_failure" && key.text != "on_error") return false;
  if (!value.is_scalar()) return false;
  bool go_on = has_word("continue ignore", value.text);
  if (!go_on && !has_word("stop fail abort", value.text)) return false;
  keys_.once(Severity::warning, "RC0509", key.text + value.text, key, [&] {
    return std::pair(
        "'" + key.text + ": " + value.text + "' is an older form",
        std::string("write `continue_on_error: ") + (go_on ? "true`" : "false`") + " in the step");
  });
  draft.continue_on_error = go_on;
  return true;
}

}  // namespace rustchain
