// Fills in the references of a step's texts with values, and gives the parameters the types of their table.
#include "mission/resolve.hpp"

#include "mission/shell_fill.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <unordered_map>

namespace rustchain {
namespace {

constexpr std::size_t k_deepest_json = 200;  // copying and printing deeper values would exhaust the stack
constexpr std::size_t k_shown = 60;          // bytes of a value in a message

// What an element of a list, or a value of a map, may be.
KeySpec element_spec(const KeySpec& spec) {
  KeySpec element;
  element.name = spec.name;
  element.types = spec.element;
  return element;
}

const KeySpec* find_spec(std::span<const KeySpec> keys, std::string_view name) {
  for (const KeySpec& spec : keys)
    if (spec.name == name) return &spec;
  return nullptr;
}

bool within_depth(std::string_view json) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t at = 0; at < json.size(); ++at) {
    char c = json[at];
    if (in_string) {
      if (c == '\\')
        ++at;
      else if (c == '"')
        in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > k_deepest_json) return false;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return true;
}

// A list or a map that is written as JSON.
std::optional<Json> parse_structure(std::string_view text) {
  text = trim(text);
  if (text.empty() || (text.front() != '[' && text.front() != '{') || !within_depth(text))
    return std::nullopt;
  Json value = Json::parse(text, nullptr, false);
  if (value.is_discarded()) return std::nullopt;
  return value;
}

std::optional<Json> parse_number(std::string_view text) {
  text = trim(text);
  Node node;
  node.kind = Node::Kind::scalar;
  node.text = text;
  if (!is_number(node)) return std::nullopt;
  Json value = to_json(node);
  if (!value.is_number()) return std::nullopt;
  return value;
}

std::optional<Json> parse_boolean(std::string_view text) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.text = trim(text);
  bool value = false;
  if (!is_boolean(node, &value)) return std::nullopt;
  return Json(value);
}

// "10MB", "1.5 GiB": bytes.
std::optional<Json> parse_bytes(std::string_view text) {
  text = trim(text);
  double number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 0) return std::nullopt;
  std::string unit =
      to_lower(trim(std::string_view(end, static_cast<std::size_t>(text.data() + text.size() - end))));
  constexpr std::string_view k_scales = "kmgt";
  double scale = 1;
  if (!unit.empty() && unit != "b") {
    std::size_t power = k_scales.find(unit.front());
    if (power == std::string_view::npos) return std::nullopt;
    std::string_view rest = std::string_view(unit).substr(1);
    if (!rest.empty() && rest != "b" && rest != "ib") return std::nullopt;
    scale = std::pow(rest == "ib" ? 1024.0 : 1000.0, static_cast<double>(power + 1));
  }
  double bytes = std::floor(number * scale);
  if (!(bytes < 9e18)) return std::nullopt;
  return Json(static_cast<std::uint64_t>(bytes));
}

bool is_whole(const Json& value) {
  if (value.is_number_integer()) return true;
  return value.is_number_float() && std::floor(value.get<double>()) == value.get<double>();
}

// Whether the value is already what the table wants.
bool fits(const Json& value, std::uint16_t types) {
  if (types & k_any) return true;
  switch (value.type()) {
    case Json::value_t::string: return (types & k_string) != 0;
    case Json::value_t::boolean: return (types & k_boolean) != 0;
    case Json::value_t::array: return (types & k_list) != 0;
    case Json::value_t::object: return (types & k_map) != 0;
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float:
      return (types & (k_number | k_size)) != 0 || ((types & k_integer) != 0 && is_whole(value));
    default: return false;
  }
}

// A value without references, as the table wants it.
Json literal(const Node& node, std::uint16_t types) {
  if (types & k_any) return to_json(node);
  const bool plain = node.style == Node::Style::plain;
  if (plain && (types & k_boolean))
    if (std::optional<Json> value = parse_boolean(node.text)) return std::move(*value);
  if (plain && (types & (k_number | k_integer | k_size)))
    if (std::optional<Json> value = parse_number(node.text); value && fits(*value, types))
      return std::move(*value);
  if (types & k_size)
    if (std::optional<Json> value = parse_bytes(node.text)) return std::move(*value);
  return node.text;
}

Json parse_default(const KeySpec& spec) {
  std::string_view text = spec.default_value;
  if (text.front() == '"') {
    Json value = Json::parse(text, nullptr, false);
    if (value.is_string()) return value;
  }
  if (std::optional<Json> value = parse_structure(text)) return std::move(*value);
  Node node;
  node.kind = Node::Kind::scalar;
  node.text = text;
  return literal(node, spec.types);
}

std::string words_for(std::uint16_t types) {
  std::string words;
  auto add = [&](std::uint16_t bit, std::string_view word) {
    if (!(types & bit)) return;
    if (!words.empty()) words += " or ";
    words += word;
  };
  add(k_string, "a text");
  if (types & k_number)
    add(k_number, "a number");
  else
    add(k_integer, "a whole number");
  add(k_boolean, "true or false");
  add(k_list, "a list");
  add(k_map, "a map");
  add(k_size, "a size in bytes");
  return words;
}

std::string shown(const Json& value) {
  std::string text = value.is_string() ? value.get_ref<const std::string&>() : value_text(value);
  bool cut = text.size() > k_shown;
  if (cut) {
    text.resize(k_shown);
    while (!text.empty() && (text.back() & 0xc0) == 0x80) text.pop_back();
    if (!text.empty() && (text.back() & 0x80) != 0) text.pop_back();
  }
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace) + (cut ? "..." : "");
}

bool is_whole_number(std::string_view text) {
  text = trim(text);
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && text.size() <= 19 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

Failure invalid(std::string message, std::string help = {}) {
  return {FailureKind::invalid, std::move(message), std::move(help)};
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

// What the texts of one step are filled in with. The first failure stays; after it nothing is asked for.
class Resolver {
 public:
  // Without values the references stay as they are written.
  Resolver(const Step& step, const StepType& type, const Names* names, const Values* values,
           DefaultValues* defaults = nullptr)
      : step_(step),
        type_(type),
        names_(names),
        values_(values),
        defaults_(defaults),
        in_foreach_(step.foreach.has_value()) {}

  Json parameters() {
    Json all = Json::object();
    for (std::size_t i = 0; i < step_.parameters.size() && !failure_; ++i) {
      const std::string& name = step_.parameters.key(i).text;
      const Node& value = step_.parameters.value(i);
      if (value.is_null()) continue;
      static constexpr KeySpec k_unknown{.types = k_any};
      const KeySpec* spec = find_spec(type_.parameters, name);
      all[name] = resolve(value, spec ? *spec : k_unknown, name, true);
    }
    for (const KeySpec& spec : type_.parameters) {
      if (spec.default_value.empty() || failure_) continue;
      Json& place = all[std::string(spec.name)];
      if (place.is_null()) place = default_value(spec);
    }
    return all;
  }

  std::optional<Failure>& failure() { return failure_; }
  std::vector<std::pair<std::string, std::string>> take_shell_values() { return std::move(shell_values_); }

 private:
  bool substitutes() const { return values_ != nullptr && step_.substitute; }

  Json default_value(const KeySpec& spec) {
    Json value = defaults_ ? defaults_->of(spec) : parse_default(spec);
    if (value.is_string() && text_kind(spec.name) == TextKind::words)
      return split_words(value.get_ref<const std::string&>());
    return value;
  }

  TextKind text_kind(std::string_view key) const {
    return type_.text_kind ? type_.text_kind(step_, key) : TextKind::plain;
  }

  // `path` names the value for people and for text_kind: "env.HOME"; `own` is false for elements of a list.
  Json resolve(const Node& node, const KeySpec& spec, const std::string& path, bool own) {
    if (failure_) return {};
    switch (node.kind) {
      case Node::Kind::null: return spec.types == k_string ? Json("") : Json();
      case Node::Kind::scalar: return scalar(node, spec, path, own);
      case Node::Kind::list: {
        Json list = Json::array();
        KeySpec element = element_spec(spec);
        if (!(spec.types & k_list)) element.types = k_any;
        list.get_ref<Json::array_t&>().reserve(node.items.size());
        for (const Node& item : node.items) list.push_back(resolve(item, element, path, false));
        return list;
      }
      case Node::Kind::map: {
        Json map = Json::object();
        KeySpec element = element_spec(spec);
        if (!(spec.types & k_map)) element.types = k_any;
        for (std::size_t i = 0; i < node.size(); ++i) {
          const std::string& key = node.key(i).text;
          const KeySpec* inner = find_spec(spec.keys, key);
          map[key] = resolve(node.value(i), inner ? *inner : element, path + "." + key, true);
        }
        return map;
      }
    }
    return {};
  }

  Json scalar(const Node& node, const KeySpec& spec, const std::string& path, bool own) {
    TextKind kind = text_kind(path);
    if (kind == TextKind::words && own && !(spec.types & k_any)) return words(node.text, path);
    const bool mark = node.text.find('{') != std::string::npos && next_mark(node.text, 0).has_value();
    if (!mark || !step_.substitute) return literal(node, spec.types);
    if (!substitutes()) return unescaped(node.text);
    if (kind == TextKind::shell) return shell_text(node.text, path);
    return plain(node.text, spec, path);
  }

  static std::string unescaped(std::string_view text) {
    std::string all;
    for (TextPart& part : split_references(text)) all += part.literal;
    return all;
  }

  // ---- values

  // nullopt: the head has no meaning, or there was a failure.
  std::optional<Json> look_up(const Reference& reference, std::string_view raw, const std::string& path) {
    Meaning meaning = names_->meaning(reference, in_foreach_);
    if (meaning.kind == Meaning::Kind::unknown || failure_) return std::nullopt;
    Result<Json, Failure> value = reference_value(reference, meaning, raw, *values_);
    if (value) return std::move(*value);
    fail(value.error(), path);
    return std::nullopt;
  }

  void fail(const Failure& failure, const std::string& path) {
    if (failure_) return;
    failure_ = failure;
    failure_->message = "parameter '" + path + "': " + failure.message;
  }

  // ---- texts

  Json plain(std::string_view text, const KeySpec& spec, const std::string& path) {
    std::string_view whole = (spec.types & k_string) ? text : trim(text);
    std::optional<Mark> mark = whole.empty() ? std::nullopt : mark_at(whole, 0);
    if (mark && mark->kind == Mark::Kind::reference && mark->reference.end == whole.size()) {
      std::optional<Json> value = look_up(mark->reference, whole, path);
      if (!value) return std::string(text);
      return fit(std::move(*value), spec, path, whole);
    }
    return fit(filled(text, path), spec, path, text);
  }

  std::string filled(std::string_view text, const std::string& path) {
    std::string all;
    std::size_t from = 0;
    while (std::optional<Mark> found = next_mark(text, from)) {
      const Reference& reference = found->reference;
      all += text.substr(from, reference.begin - from);
      std::string_view raw = text.substr(reference.begin, reference.end - reference.begin);
      from = reference.end;
      std::optional<Json> value;
      if (found->kind == Mark::Kind::reference) value = look_up(reference, raw, path);
      if (!value) {
        all += found->kind == Mark::Kind::escaped ? raw.substr(1) : raw;
      } else if (all.empty() && from == text.size()) {
        return value_text(std::move(*value));
      } else {
        all += value_text(std::move(*value));
      }
    }
    all += text.substr(from);
    return all;
  }

  // A value that came from a reference, as the table wants it.
  Json fit(Json value, const KeySpec& spec, const std::string& path, std::string_view written) {
    if (failure_) return {};
    if (!fits(value, spec.types)) {
      std::optional<Json> other;
      if (spec.types & k_string) {
        other = Json(value_text(value));
      } else if (value.is_string()) {
        const std::string& text = value.get_ref<const std::string&>();
        if (spec.types & k_boolean) other = parse_boolean(text);
        if (!other && (spec.types & (k_number | k_integer | k_size))) other = parse_number(text);
        if (!other && (spec.types & k_size)) other = parse_bytes(text);
        if (!other && (spec.types & (k_list | k_map))) other = parse_structure(text);
        if (other && !fits(*other, spec.types)) other.reset();
      }
      if (!other) {
        fail(invalid(std::string(written.substr(0, k_shown)) + " gives " + shown(value) +
                     ", and it must be " + words_for(spec.types)),
             path);
        return {};
      }
      value = std::move(*other);
    }
    if (value.is_string() && !spec.words.empty()) {
      const std::string& text = value.get_ref<const std::string&>();
      if (!has_word(spec.words, text) || text.find(' ') != std::string::npos) {
        fail(invalid(std::string(written.substr(0, k_shown)) + " gives " + shown(value) +
                     ", and it must be one of " + replace_all(spec.words, " ", ", ")),
             path);
      }
    }
    if (value.is_number() && !(spec.types & k_any) && value.get<double>() < spec.minimum) {
      fail(invalid(std::string(written.substr(0, k_shown)) + " gives " + shown(value) +
                   ", and the least is " + Json(spec.minimum).dump()),
           path);
    }
    return value;
  }

  // ---- texts that a program is started with

  bool has_nul(const std::string& text, const std::string& path) {
    if (text.find('\0') == std::string::npos) return false;
    fail(invalid("the value holds a NUL byte, which no program can be given",
                 "take the value apart before, or hand it over in a file"),
         path);
    return true;
  }

  Json words(std::string_view line, const std::string& path) {
    Json list = Json::array();
    for (std::string& word : split_words(line)) {
      if (substitutes())
        word = filled(word, path);
      else if (step_.substitute)
        word = unescaped(word);
      if (has_nul(word, path)) return {};
      list.push_back(std::move(word));
    }
    return list;
  }

  std::string shell_text(std::string_view text, const std::string& path) {
    ShellVariable variable = [&](const Reference& reference, std::string_view raw,
                                 ShellPlace place) -> std::optional<std::string> {
      return shell_variable(reference, raw, place, path);
    };
    return fill_shell(text, variable);
  }

  std::optional<std::string> shell_variable(const Reference& reference, std::string_view raw,
                                            ShellPlace place, const std::string& path) {
    if (names_->meaning(reference, in_foreach_).kind == Meaning::Kind::unknown || failure_)
      return std::nullopt;
    if (place == ShellPlace::forbidden) {
      fail(
          invalid("a value can't be put in the place of " + std::string(raw) + " without becoming shell code",
                  "put it into ordinary quotes: \"" + std::string(raw) + "\""),
          path);
      return std::nullopt;
    }
    // One that is used several times is handed over once.
    auto known = shell_names_.find(std::string(raw));
    if (known == shell_names_.end()) {
      std::optional<Json> value = look_up(reference, raw, path);
      if (!value) return std::nullopt;
      std::string text = value_text(std::move(*value));
      if (has_nul(text, path)) return std::nullopt;
      shell_values_.emplace_back("RC_VALUE_" + std::to_string(shell_values_.size() + 1), std::move(text));
      known = shell_names_.emplace(std::string(raw), shell_values_.size() - 1).first;
    }
    const auto& [name, text] = shell_values_[known->second];
    if (place == ShellPlace::arithmetic && !is_whole_number(text)) {
      fail(invalid(std::string(raw) + " gives " + shown(Json(text)) +
                       ", and the shell computes with it: it must be a whole number",
                   "a value in arithmetic that is no number could become code"),
           path);
      return std::nullopt;
    }
    return name;
  }

  const Step& step_;
  const StepType& type_;
  const Names* names_;
  const Values* values_;
  DefaultValues* defaults_;
  const bool in_foreach_;
  std::vector<std::pair<std::string, std::string>> shell_values_;
  std::unordered_map<std::string, std::size_t> shell_names_;  // as written, to the place in shell_values_
  std::optional<Failure> failure_;
};

}  // namespace

std::string value_text(Json value) {
  if (value.is_string()) return std::move(value.get_ref<std::string&>());
  if (value.is_null()) return {};
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Json, Failure> reference_value(const Reference& reference, const Meaning& meaning,
                                      std::string_view raw, const Values& values) {
  Result<Json, Failure> found = values.value(meaning);
  if (!found) return found;
  Json value = std::move(*found);
  std::size_t at = meaning.rest;
  const std::vector<Reference::Field>& path = reference.path;

  std::string fields;  // those that there are, if the one that is asked for isn't
  bool of_step = meaning.kind == Meaning::Kind::step || meaning.kind == Meaning::Kind::previous_result;
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

Result<Resolved, Failure> resolve_parameters(const Step& step, const StepType& type, const Names& names,
                                             const Values& values) {
  Resolver resolver(step, type, &names, &values);
  Resolved resolved;
  resolved.parameters = resolver.parameters();
  if (resolver.failure()) return std::move(*resolver.failure());
  resolved.shell_values = resolver.take_shell_values();
  return resolved;
}

Resolved unresolved_parameters(const Step& step, const StepType& type) {
  return {Resolver(step, type, nullptr, nullptr).parameters(), {}};
}

const Json& DefaultValues::of(const KeySpec& spec) {
  auto [found, fresh] = values_.try_emplace(&spec);
  if (fresh) found->second = parse_default(spec);
  return found->second;
}

Resolved unresolved_parameters(const Step& step, const StepType& type, DefaultValues& defaults) {
  return {Resolver(step, type, nullptr, nullptr, &defaults).parameters(), {}};
}

Result<std::string, Failure> resolve_text(std::string_view text, const Names& names, const Values& values,
                                          bool in_foreach) {
  std::string all;
  std::size_t from = 0;
  while (std::optional<Mark> mark = next_mark(text, from)) {
    const Reference& reference = mark->reference;
    all += text.substr(from, reference.begin - from);
    std::string_view raw = text.substr(reference.begin, reference.end - reference.begin);
    from = reference.end;
    Meaning meaning;
    if (mark->kind == Mark::Kind::reference) meaning = names.meaning(reference, in_foreach);
    if (meaning.kind == Meaning::Kind::unknown) {
      all += mark->kind == Mark::Kind::escaped ? raw.substr(1) : raw;
      continue;
    }
    Result<Json, Failure> value = reference_value(reference, meaning, raw, values);
    if (!value) return value.error();
    all += value_text(std::move(*value));
  }
  all += text.substr(from);
  return all;
}

}  // namespace rustchain
