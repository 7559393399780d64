// The values that `secrets:` names.
#include "mission/secrets.hpp"

#include "mission/resolve.hpp"
#include "mission/suggest.hpp"
#include "util/mask.hpp"

#include <algorithm>
#include <cstdint>
#include <unordered_set>

namespace rustchain {
namespace {

// What is known of the values before the run.
class KnownValues : public Values {
 public:
  KnownValues(const Mission& mission, const Variable& variable) : mission_(mission), variable_(variable) {}

  Result<Json, Failure> value(const Meaning& meaning) const override {
    if (meaning.kind == Meaning::Kind::variable)
      for (const auto& [name, node] : mission_.vars)
        if (name == meaning.name) return to_json(node);
    if (meaning.kind == Meaning::Kind::environment && variable_)
      if (auto value = variable_(meaning.name)) return Json(*value);
    return Failure{FailureKind::invalid, "it isn't known before the run", {}};
  }
  std::optional<std::string> written(const Meaning& meaning) const override {
    return written_variable(mission_, meaning.name);
  }

 private:
  const Mission& mission_;
  const Variable& variable_;
};

void add_scalars(const Node& node, std::vector<std::string>& values) {
  std::vector<const Node*> todo = {&node};
  while (!todo.empty()) {
    const Node* next = todo.back();
    todo.pop_back();
    if (next->is_scalar()) values.push_back(next->text);
    for (std::size_t i = next->is_map() ? 1 : 0; i < next->items.size(); i += next->is_map() ? 2 : 1)
      todo.push_back(&next->items[i]);
  }
}

class Finder {
 public:
  Finder(const Mission& mission, const Names& names, const Variable& variable, Diagnostics& problems)
      : mission_(mission),
        names_(names),
        variable_(variable),
        problems_(problems),
        known_(mission, variable) {}

  std::vector<std::string> all() {
    for (const Text& secret : mission_.secrets) {
      std::vector<std::string> found = of(secret);
      for (std::string& value : found) {
        if (!value.empty() && !Mask::can_mask(value)) {
          add("RC0125", Severity::warning, secret,
              "the value of '" + secret.value + "' is too short to be masked: it would be seen everywhere",
              "take one of " + std::to_string(Mask::k_shortest) + " characters or more");
        }
        values_.push_back(std::move(value));
      }
    }
    return std::move(values_);
  }

 private:
  std::vector<std::string> of(const Text& secret) {
    std::string_view name = secret.value;
    bool variables = !name.starts_with("env.");
    bool environment = !name.starts_with("vars.");
    if (!variables) name.remove_prefix(4);
    if (!environment) name.remove_prefix(5);

    std::vector<std::string> found;
    bool declared = false;
    if (variables)
      for (const auto& [key, value] : mission_.vars)
        if (key == name) {
          declared = true;
          add_scalars(value, found);
        }
    if (!environment) return checked(secret, name, declared, std::move(found));
    if (auto value = variable_ ? variable_(name) : std::nullopt) {
      declared = true;
      found.push_back(std::move(*value));
    }
    auto from = [&](const TextMap& env, bool substitute) {
      for (const auto& [key, text] : env)
        if (key.value == name) {
          declared = true;
          add_text(secret, text.value, substitute, found);
        }
    };
    from(mission_.env, true);
    for (const std::vector<Step>* steps : {&mission_.steps, &mission_.finally})
      for (const Step& step : *steps) {
        from(step.env, step.substitute);
        const Node* env = step.parameters.find("env");
        const Node* own = env != nullptr && env->is_map() ? env->find(name) : nullptr;
        if (own == nullptr || !own->is_scalar()) continue;
        declared = true;
        add_text(secret, own->text, step.substitute, found);
      }
    return checked(secret, name, declared, std::move(found));
  }

  void add_text(const Text& secret, const std::string& text, bool substitute,
                std::vector<std::string>& found) {
    auto value = substitute ? resolve_text(text, names_, known_) : Result<std::string, Failure>(text);
    if (value) {
      found.push_back(std::move(*value));
      return;
    }
    add("RC0126", Severity::warning, secret,
        "the value of '" + secret.value + "' is only known during the run, and will not be masked",
        "name what it is made from, if that is a variable");
  }

  std::vector<std::string> checked(const Text& secret, std::string_view name, bool declared,
                                   std::vector<std::string> found) {
    if (declared) return found;
    std::vector<std::string_view> known;
    for (const auto& [key, value] : mission_.vars) known.push_back(key);
    for (const auto& [key, text] : mission_.env) known.push_back(key.value);
    if (auto near = nearest(name, known)) {
      add("RC0124", Severity::warning, secret,
          "the secret '" + secret.value + "' is neither a variable nor set in the environment",
          "did you mean '" + *near + "'?");
    } else if (variable_) {
      add("RC0124", Severity::note, secret,
          "the secret '" + secret.value + "' is not set here, so there is nothing to mask",
          "set it before the run: export " + std::string(name) + "=...");
    }
    return found;
  }

  void add(std::string_view code, Severity severity, const Text& secret, std::string message,
           std::string help) {
    if (!told_.insert(std::string(code) + secret.value).second) return;
    problems_.add({.code = code,
                   .severity = severity,
                   .message = std::move(message),
                   .at = secret.at,
                   .length = static_cast<std::uint32_t>(secret.value.size()),
                   .help = std::move(help)});
  }

  const Mission& mission_;
  const Names& names_;
  const Variable& variable_;
  Diagnostics& problems_;
  KnownValues known_;
  std::vector<std::string> values_;
  std::unordered_set<std::string> told_;
};

}  // namespace

std::vector<std::string> secret_values(const Mission& mission, const Names& names, const Variable& variable,
                                       Diagnostics& problems) {
  return Finder(mission, names, variable, problems).all();
}

}  // namespace rustchain
