// Reads the dependencies of a step.
#include "mission/extract.hpp"
#include "mission/read_step.hpp"

#include <array>
#include <utility>

namespace rustchain {

void StepReader::read_dependencies(Node list, Step& step) {
  step.depends_on.reserve(list.items.size());
  for (Node& item : list.items) {
    Dependency dependency;
    if (item.is_map()) {
      read_dependency(item, dependency);
    } else {
      dependency.step = {std::move(item.text), item.at};
    }
    if (!dependency.step.empty()) step.depends_on.push_back(std::move(dependency));
  }
}

void StepReader::read_dependency(Node& node, Dependency& dependency) {
  constexpr std::string_view k_actions = "skip log_warning use_default_value retry_with_alternative";
  constexpr std::array k_meanings = {OnFailure::skip, OnFailure::log_warning, OnFailure::use_default_value,
                                     OnFailure::retry_with_alternative};
  dependency.step = take_text(node, "step");
  dependency.required = flag(node, "required", true);

  // The value and the alternative stand beside on_failure or in it.
  const Node* action = node.find("on_failure");
  Node* within = action && action->is_map() ? find_value(node, "on_failure") : nullptr;
  Node* value = find_value(node, "default_value");
  if (within && !value) value = find_value(*within, "use_default_value");
  dependency.alternative = take_text(node, "alternative");
  if (within && dependency.alternative.empty())
    dependency.alternative = take_text(*within, "retry_with_alternative");

  std::optional<std::size_t> word_at = rustchain::word(node, "on_failure", k_actions);
  dependency.on_failure = word_at                           ? k_meanings[*word_at]
                          : value                           ? OnFailure::use_default_value
                          : !dependency.alternative.empty() ? OnFailure::retry_with_alternative
                          : dependency.required             ? OnFailure::skip
                                                            : OnFailure::log_warning;
  const Node& at = action ? *action : node;
  if (dependency.on_failure == OnFailure::use_default_value && !value)
    keys_.error("RC0136", at, "'use_default_value' has no value",
                "for example `on_failure: {use_default_value: none}`");
  if (dependency.on_failure == OnFailure::retry_with_alternative && dependency.alternative.empty())
    keys_.error("RC0136", at, "'retry_with_alternative' names no step",
                "for example `on_failure: {retry_with_alternative: other_step}`");
  if (value && !dependency.alternative.empty())
    keys_.error("RC0136", at, "a failure can't both use a default value and run another step",
                "keep one of the two");
  if (value) dependency.default_value = std::move(*value);
}

}  // namespace rustchain
