// Fills in the references of a step's texts with values, and gives the parameters the types of their table.
#include "mission/resolve.hpp"

#include "mission/shell_fill.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace rustchain {
namespace {

constexpr std::size_t k_shown = 60;  // bytes of a value in a message

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

bool is_whole_number(std::string_view text) {
  text = trim(text);
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && text.size() <= 19 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

Failure invalid(std::string message, std::string help = {}) {
  return {FailureKind::invalid, std::move(message), std::move(help)};
}

// What the texts of one step are filled in with. The first failure stays; after it nothing is asked for.
class Resolver {
 public:
  // Without values the references stay as they are written.
  Resolver(const Step& step, const StepType& type, const Names* names, const Values* values)
      : step_(step), type_(type), names_(names), values_(values), in_foreach_(step.foreach.has_value()) {}

  Json parameters(const Json& defaults) {
    Json all = defaults;
    for (std::size_t i = 0; i < step_.parameters.size() && !failure_; ++i) {
      const std::string& name = step_.parameters.key(i).text;
      const Node& value = step_.parameters.value(i);
      if (value.is_null()) continue;
      static constexpr KeySpec k_unknown{.types = k_any};
      const KeySpec* spec = find_spec(type_.parameters, name);
      Json resolved = resolve(value, spec ? *spec : k_unknown, name, true);
      Json& place = all[name];
      if (!resolved.is_null()) place = std::move(resolved);
    }
    return all;
  }

  Json value(const Node& node) {
    static constexpr KeySpec k_anything{.types = k_any};
    return resolve(node, k_anything, {}, true);
  }

  std::optional<Failure>& failure() { return failure_; }
  bool filled() const { return filled_; }
  std::vector<std::pair<std::string, std::string>> take_shell_values() { return std::move(shell_values_); }

 private:
  bool substitutes() const { return values_ != nullptr && step_.substitute; }

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
    filled_ = true;
    Result<Json, Failure> value = reference_value(reference, meaning, raw, *values_);
    if (value) return std::move(*value);
    fail(value.error(), path);
    return std::nullopt;
  }

  std::optional<std::string> look_up_text(const Reference& reference, std::string_view raw,
                                          const std::string& path) {
    Meaning meaning = names_->meaning(reference, in_foreach_);
    if (meaning.kind == Meaning::Kind::unknown || failure_) return std::nullopt;
    filled_ = true;
    Result<std::string, Failure> text = reference_text(reference, meaning, raw, *values_);
    if (text) return std::move(*text);
    fail(text.error(), path);
    return std::nullopt;
  }

  void fail(const Failure& failure, const std::string& path) {
    if (failure_) return;
    failure_ = failure;
    if (!path.empty()) failure_->message = "parameter '" + path + "': " + failure.message;
  }

  // ---- texts

  Json plain(std::string_view text, const KeySpec& spec, const std::string& path) {
    std::string_view whole = (spec.types & k_string) ? text : trim(text);
    std::optional<Mark> mark = whole.empty() ? std::nullopt : mark_at(whole, 0);
    if (mark && mark->kind == Mark::Kind::reference && mark->reference.end == whole.size()) {
      std::optional<Json> value = look_up(mark->reference, whole, path);
      if (!value) return std::string(text);
      if ((spec.types & k_string) && !fits_types(*value, spec.types))
        if (std::optional<std::string> written = look_up_text(mark->reference, whole, path))
          value = Json(std::move(*written));
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
      std::optional<std::string> value;
      if (found->kind == Mark::Kind::reference) value = look_up_text(reference, raw, path);
      if (!value) {
        all += found->kind == Mark::Kind::escaped ? raw.substr(1) : raw;
      } else if (all.empty() && from == text.size()) {
        return std::move(*value);
      } else {
        all += *value;
      }
    }
    all += text.substr(from);
    return all;
  }

  // A value that came from a reference, as the table wants it.
  Json fit(Json value, const KeySpec& spec, const std::string& path, std::string_view written) {
    if (failure_) return {};
    if (!fits_types(value, spec.types)) {
      std::optional<Json> other;
      if (spec.types & k_string) {
        other = Json(value_text(value));
      } else if (value.is_string()) {
        const std::string& text = value.get_ref<const std::string&>();
        if (spec.types & k_boolean) other = parse_boolean(text);
        if (!other && (spec.types & (k_number | k_integer | k_size))) other = parse_number(text);
        if (!other && (spec.types & k_size)) other = parse_bytes(text);
        if (!other && (spec.types & (k_list | k_map))) other = parse_structure(text);
        if (other && !fits_types(*other, spec.types)) other.reset();
      }
      if (!other) {
        fail(invalid(std::string(written.substr(0, k_shown)) + " gives " + shown_value(value) +
                     ", and it must be " + words_for(spec.types)),
             path);
        return {};
      }
      value = std::move(*other);
    }
    if (value.is_string() && !spec.words.empty()) {
      const std::string& text = value.get_ref<const std::string&>();
      if (!has_word(spec.words, text) || text.find(' ') != std::string::npos) {
        fail(invalid(std::string(written.substr(0, k_shown)) + " gives " + shown_value(value) +
                     ", and it must be one of " + replace_all(spec.words, " ", ", ")),
             path);
      }
    }
    if (value.is_number() && !(spec.types & k_any) && value.get<double>() < spec.minimum) {
      fail(invalid(std::string(written.substr(0, k_shown)) + " gives " + shown_value(value) +
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
      std::optional<std::string> text = look_up_text(reference, raw, path);
      if (!text || has_nul(*text, path)) return std::nullopt;
      shell_values_.emplace_back("RC_VALUE_" + std::to_string(shell_values_.size() + 1), std::move(*text));
      known = shell_names_.emplace(std::string(raw), shell_values_.size() - 1).first;
    }
    const auto& [name, text] = shell_values_[known->second];
    if (place == ShellPlace::arithmetic && !is_whole_number(text)) {
      fail(invalid(std::string(raw) + " gives " + shown_value(Json(text)) +
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
  const bool in_foreach_;
  std::vector<std::pair<std::string, std::string>> shell_values_;
  std::unordered_map<std::string, std::size_t> shell_names_;  // as written, to the place in shell_values_
  bool filled_ = false;
  std::optional<Failure> failure_;
};

}  // namespace

const Json& DefaultValues::of(const StepType& type) {
  auto [found, fresh] = values_.try_emplace(&type, Json::object());
  if (fresh)
    for (const KeySpec& spec : type.parameters)
      if (!spec.default_value.empty()) found->second[std::string(spec.name)] = parse_default(spec);
  return found->second;
}

Result<Resolved, Failure> resolve_parameters(const Step& step, const StepType& type, const Names& names,
                                             const Values& values, DefaultValues& defaults) {
  Resolver resolver(step, type, &names, &values);
  Resolved resolved;
  resolved.parameters = resolver.parameters(defaults.of(type));
  if (resolver.failure()) return std::move(*resolver.failure());
  resolved.shell_values = resolver.take_shell_values();
  resolved.filled = resolver.filled();
  return resolved;
}

Result<Json, Failure> resolve_value(const Node& node, const Names& names, const Values& values,
                                    bool in_foreach) {
  static constexpr StepType k_no_type;
  Step nowhere;
  if (in_foreach) nowhere.foreach.emplace();
  Resolver resolver(nowhere, k_no_type, &names, &values);
  Json value = resolver.value(node);
  if (resolver.failure()) return std::move(*resolver.failure());
  return value;
}

Json unresolved_parameters(const Step& step, const StepType& type, DefaultValues& defaults) {
  return Resolver(step, type, nullptr, nullptr).parameters(defaults.of(type));
}

std::vector<Effects> known_effects(const Mission& mission, const StepTypes& types) {
  std::vector<Effects> all;
  all.reserve(mission.steps.size() + mission.finally.size());
  DefaultValues defaults;
  for (const std::vector<Step>* list : {&mission.steps, &mission.finally})
    for (const Step& step : *list) {
      const StepType* type = types.find(step.type.value);
      const bool known = type != nullptr && type->effects != nullptr;
      all.push_back(known ? type->effects(step, unresolved_parameters(step, *type, defaults)) : Effects());
    }
  return all;
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
    Result<std::string, Failure> value = reference_text(reference, meaning, raw, values);
    if (!value) return value.error();
    all += *value;
  }
  all += text.substr(from);
  return all;
}

}  // namespace rustchain
