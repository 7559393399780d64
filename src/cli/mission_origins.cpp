// What the references of a mission stand for before anything has run.
#include "cli/mission_origins.hpp"

#include "mission/foreach.hpp"
#include "mission/shell_fill.hpp"
#include "safety/marks.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace rustchain {

namespace {

NameSet secrets_of(const Mission& mission) {
  NameSet names;
  for (const Text& secret : mission.secrets) names.insert(secret.value);
  return names;
}

}  // namespace

Origins::Origins(const Mission& mission, const SafetyPlaces& places, std::string mission_directory,
                 const NameSet& outside)
    : mission_(mission),
      names_(mission),
      places_(places),
      mission_directory_(std::move(mission_directory)),
      outside_(outside),
      secrets_(secrets_of(mission)),
      flow_(mission, names_, outside_, secrets_) {
  for (const auto& [name, value] : mission_.vars)
    if (value.is_scalar()) variables_.emplace(name, value.text);
}

std::string Origins::value(const Reference& reference, const Step& step) const {
  Meaning meaning = names_.meaning(reference, step.foreach.has_value());
  switch (meaning.kind) {
    case Meaning::Kind::variable: {
      if (outside_.contains(meaning.name)) return std::string(1, k_tainted);
      auto found = variables_.find(meaning.name);
      if (found == variables_.end() || reference.path.size() > meaning.rest) return std::string(1, k_unknown);
      return without_controls(found->second);
    }
    case Meaning::Kind::environment: return meaning.name == "HOME" ? places_.home : std::string(1, k_unknown);
    case Meaning::Kind::step: return of_step(meaning.step, reference, meaning.rest);
    case Meaning::Kind::item: return of_item(reference, meaning.rest, step);
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

std::string Origins::filled(std::string text, const Step& step) const {
  if (text.find('{') == std::string::npos) return without_controls(std::move(text));
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
    if (meaning.kind == Meaning::Kind::step && flow_.gives_secret(meaning.step)) return true;
    if (meaning.kind != Meaning::Kind::item) continue;
    // What an item is written as names no item itself.
    std::vector<std::string_view> items;
    collect_texts(*step.foreach, items);
    for (std::string_view item : items)
      if (!refers_to_item(item) && names_secret(item, step)) return true;
  }
  return false;
}

std::vector<std::string> Origins::items_of(const Step& step) const {
  std::vector<std::string> items;
  if (!step.foreach) return items;
  constexpr std::size_t most = 32;
  if (const Node* pattern = step.foreach->find("glob")) {
    std::vector<std::string_view> patterns;
    collect_texts(*pattern, patterns);
    for (std::string_view one : patterns) {
      std::string& item = items.emplace_back(without_controls(std::string(one)));
      std::replace(item.begin(), item.end(), '*', k_many);
      std::replace(item.begin(), item.end(), '?', k_one);
    }
  } else if (step.foreach->is_list()) {
    for (const Node& item : step.foreach->items)
      if (item.is_scalar()) items.push_back(without_controls(item.text));
    if (items.size() < step.foreach->items.size()) items.clear();
  }
  const bool known =
      items.size() <= most && std::none_of(items.begin(), items.end(), [](const std::string& item) {
        return item.find('{') != std::string::npos;
      });
  return known ? items : std::vector<std::string>();
}

std::string Origins::of_item(const Reference& reference, std::size_t rest, const Step& step) const {
  if (!item_.empty() && reference.path.size() <= rest) return item_;
  std::vector<std::string_view> texts;
  if (step.foreach) collect_texts(*step.foreach, texts);
  const bool outside = std::any_of(texts.begin(), texts.end(), [&](std::string_view text) {
    return !refers_to_item(text) && is_tainted(text, step);
  });
  return std::string(1, outside ? k_tainted : k_unknown);
}

std::string Origins::of_step(StepIndex index, const Reference& reference, std::size_t rest) const {
  const Step& step =
      index < mission_.steps.size() ? mission_.steps[index] : mission_.finally[index - mission_.steps.size()];
  const std::string* field =
      reference.path.size() > rest ? std::get_if<std::string>(&reference.path[rest]) : nullptr;
  if (field != nullptr && is_plain_field(*field)) return "0";
  if (step.type.value == "http" || step.type.value == "llm") return std::string(1, k_tainted);
  // A file step gives the path that it was given.
  const Node* path = step.parameters.find(
      step.type.value == "copy_file" || step.type.value == "move_file" ? "destination" : "path");
  if (has_word("create_file edit_file copy_file move_file", step.type.value) && path != nullptr &&
      path->is_scalar() && (field == nullptr || *field == "path") &&
      path->text.find('{') == std::string::npos)
    return path->text;
  return std::string(1, flow_.gives_outside(index) ? k_tainted : k_unknown);
}

}  // namespace rustchain
