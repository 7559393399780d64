// What the references of a mission stand for before anything has run.
#include "cli/mission_origins.hpp"

#include "mission/shell_fill.hpp"
#include "safety/marks.hpp"
#include "util/text.hpp"

#include <utility>

namespace rustchain {

Origins::Origins(const Mission& mission, const SafetyPlaces& places, std::string mission_directory)
    : mission_(mission), names_(mission), places_(places), mission_directory_(std::move(mission_directory)) {
  for (const auto& [name, value] : mission_.vars)
    if (value.is_scalar()) variables_.emplace(name, value.text);
  for (const Text& secret : mission_.secrets) secrets_.insert(secret.value);
}

std::string Origins::value(const Reference& reference, const Step& step) const {
  Meaning meaning = names_.meaning(reference, step.foreach.has_value());
  switch (meaning.kind) {
    case Meaning::Kind::variable: {
      auto found = variables_.find(meaning.name);
      if (found == variables_.end() || reference.path.size() > meaning.rest) return std::string(1, k_unknown);
      return without_controls(found->second);
    }
    case Meaning::Kind::environment: return meaning.name == "HOME" ? places_.home : std::string(1, k_unknown);
    case Meaning::Kind::step: return of_step(meaning.step, reference, meaning.rest);
    case Meaning::Kind::item:
      return std::string(1, step.foreach && step.foreach->is_scalar() && is_tainted(step.foreach->text, step)
                                ? k_tainted
                                : k_unknown);
    case Meaning::Kind::mission: return meaning.name == "dir" ? mission_directory_ : std::string("mission");
    case Meaning::Kind::run:
      return meaning.name == "dir" ? places_.base + "/.rustchain/run" : std::string("0");
    case Meaning::Kind::index:
    case Meaning::Kind::timestamp:
    case Meaning::Kind::date:
    case Meaning::Kind::uuid: return "0";
    case Meaning::Kind::platform: return "linux";
    default: return std::string(1, k_unknown);
  }
}

bool Origins::known(const Reference& reference, const Step& step) const {
  return names_.meaning(reference, step.foreach.has_value()).kind != Meaning::Kind::unknown;
}

std::string Origins::filled(std::string_view text, const Step& step) const {
  if (text.find('{') == std::string_view::npos) return without_controls(text);
  std::string all;
  for (const TextPart& part : split_references(text)) {
    if (part.reference && known(*part.reference, step))
      all += value(*part.reference, step);
    else
      all += without_controls(part.literal);
  }
  return all;
}

bool Origins::is_tainted(std::string_view text, const Step& step) const {
  if (text.find('{') == std::string_view::npos) return false;
  for (const TextPart& part : split_references(text))
    if (part.reference && known(*part.reference, step) && has_mark(value(*part.reference, step), "\x04"))
      return true;
  return false;
}

bool Origins::names_secret(std::string_view text, const Step& step) const {
  if (secrets_.empty() || text.find('{') == std::string_view::npos) return false;
  for (const TextPart& part : split_references(text)) {
    if (!part.reference) continue;
    Meaning meaning = names_.meaning(*part.reference, step.foreach.has_value());
    if ((meaning.kind == Meaning::Kind::environment || meaning.kind == Meaning::Kind::variable) &&
        secrets_.contains(meaning.name))
      return true;
  }
  return false;
}

std::string Origins::of_step(StepIndex index, const Reference& reference, std::size_t rest) const {
  const Step& step =
      index < mission_.steps.size() ? mission_.steps[index] : mission_.finally[index - mission_.steps.size()];
  const std::string* field =
      reference.path.size() > rest ? std::get_if<std::string>(&reference.path[rest]) : nullptr;
  if (field != nullptr &&
      has_word("exit_code status status_code duration_ms attempts size replacements existed", *field))
    return "0";
  if (step.type.value == "http" || step.type.value == "llm") return std::string(1, k_tainted);
  // A file step gives the path that it was given.
  const Node* path = step.parameters.find(
      step.type.value == "copy_file" || step.type.value == "move_file" ? "destination" : "path");
  if (has_word("create_file edit_file copy_file move_file", step.type.value) && path != nullptr &&
      path->is_scalar() && (field == nullptr || *field == "path") &&
      path->text.find('{') == std::string::npos)
    return path->text;
  return std::string(1, k_unknown);
}

}  // namespace rustchain
