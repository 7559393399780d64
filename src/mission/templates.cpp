// Named step bodies with holes, on Node trees.
#include "mission/templates.hpp"

#include "rustchain/json.hpp"

#include "mission/key_reader.hpp"
#include "mission/map_edit.hpp"
#include "mission/references.hpp"
#include "mission/suggest.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace rustchain {
namespace {

constexpr std::size_t k_most_copied = 256u << 20;  // bytes that templates may add; far past any sane use

// Bytes of memory, about.
std::size_t footprint(const Node& node) {
  std::size_t bytes = sizeof(Node) + node.text.size();
  for (const Node& item : node.items) bytes += footprint(item);
  return bytes;
}

// Puts the values of `with` into the holes of a template's body.
class Filler {
 public:
  explicit Filler(const Node& with) : with_(with), used_(with.size(), false) {
    for (std::size_t i = 0; i < with.size(); ++i) places_.emplace(with.key(i).text, i);
  }

  // No deeper than what load_yaml lets through.
  void fill(Node& node) {
    if (node.is_scalar()) return fill_scalar(node);
    for (std::size_t i = node.is_map() ? 1 : 0; i < node.items.size(); i += node.is_map() ? 2 : 1)
      fill(node.items[i]);
  }
  bool used(std::size_t i) const { return used_[i]; }
  std::size_t copied() const { return copied_; }
  // What looks like a hole and has no value: the text's place and the name.
  const std::vector<std::pair<Location, std::string>>& left() const { return left_; }

 private:
  const Node* value(const Reference& reference, const Node& text) {
    auto place = places_.find(reference.head);
    if (place == places_.end()) {
      left_.emplace_back(text.at, reference.head);
      return nullptr;
    }
    used_[place->second] = true;
    const Node* node = &with_.value(place->second);
    for (const Reference::Field& field : reference.path) {
      if (const auto* name = std::get_if<std::string>(&field)) {
        node = node->find(*name);
      } else {
        std::size_t index = std::get<std::size_t>(field);
        node = node->is_list() && index < node->items.size() ? &node->items[index] : nullptr;
      }
      if (!node) return nullptr;
    }
    return node;
  }

  void fill_scalar(Node& node) {
    std::string filled;
    std::size_t from = 0;
    for (std::optional<Mark> mark = next_mark(node.text, 0); mark && copied_ <= k_most_copied;
         mark = next_mark(node.text, mark->reference.end)) {
      if (mark->kind != Mark::Kind::reference) continue;
      const Reference& reference = mark->reference;
      const Node* found = value(reference, node);
      if (!found) continue;
      copied_ += footprint(*found);
      if (reference.begin == 0 && reference.end == node.text.size()) {
        node = Node(*found);
        return;
      }
      filled.append(node.text, from, reference.begin - from);
      if (found->is_scalar())
        filled += found->text;
      else if (!found->is_null())
        filled += to_json(*found).dump(-1, ' ', false, Json::error_handler_t::replace);
      from = reference.end;
    }
    if (from == 0) return;
    filled.append(node.text, from);
    node.text = std::move(filled);
    if (node.style == Node::Style::plain) node.style = Node::Style::quoted;
  }

  const Node& with_;
  std::unordered_map<std::string_view, std::size_t> places_;
  std::vector<bool> used_;
  std::size_t copied_ = 0;
  std::vector<std::pair<Location, std::string>> left_;
};

class Templates {
 public:
  Templates(const Node& bodies, Diagnostics& problems) : bodies_(bodies), problems_(problems) {
    for (std::size_t i = 0; i < (bodies.is_map() ? bodies.size() : 0); ++i) {
      by_name_.emplace(bodies.key(i).text, i);
      footprints_.push_back(footprint(bodies.value(i)));
    }
  }

  // A body may itself name a template; it is filled in as the step's own would be.
  void fill(Node& step) {
    if (!step.is_map()) return;
    std::vector<std::string> chain;
    while (fill_once(step, chain)) {
    }
  }

  // Once all steps are filled: a hole that one step fills and another leaves open was forgotten there.
  void report_open_holes() {
    for (const auto& [name, hole, step] : open_) {
      if (!filled_.contains(name + '\n' + hole)) continue;
      add("RC0607", Severity::warning, step, name.size(),
          "`with` gives nothing for the hole {" + hole + "} of the template '" + name + "'",
          "write `with: {" + hole + ": ...}`");
    }
  }

 private:
  struct OpenHole {
    std::string name;
    std::string hole;
    Location step;  // where it names the template
  };

  void add(std::string_view code, Severity severity, Location at, std::size_t length, std::string message,
           std::string help) {
    problems_.add({.code = code,
                   .severity = severity,
                   .message = std::move(message),
                   .at = at,
                   .length = static_cast<std::uint32_t>(std::max<std::size_t>(1, length)),
                   .help = std::move(help)});
  }

  const Node* body(const Node& name) {
    auto place = name.is_scalar() ? by_name_.find(name.text) : by_name_.end();
    if (place == by_name_.end()) {
      std::vector<std::string_view> known;
      for (std::size_t i = 0; i < footprints_.size(); ++i) known.push_back(bodies_.key(i).text);
      std::optional<std::string> near = nearest(name.text, known);
      std::string help = near            ? "did you mean '" + *near + "'?"
                         : known.empty() ? "define it under `templates:` at the top level"
                                         : "there is: ";
      for (std::size_t i = 0; !near && i < known.size() && i < 10; ++i)
        help += (i ? ", " : "") + std::string(known[i]);
      add("RC0605", Severity::error, name.at, name.text.size(), "there is no template '" + name.text + "'",
          std::move(help));
      return nullptr;
    }
    const Node& found = bodies_.value(place->second);
    copied_ += footprints_[place->second];
    if (found.is_map()) return &found;
    add("RC0605", Severity::error, name.at, name.text.size(),
        "the template '" + name.text + "' is no map of a step's keys, but " + std::string(type_word(found)),
        "write `" + name.text + ": {step_type: ..., parameters: ...}` under `templates:`");
    return nullptr;
  }

  bool fill_once(Node& step, std::vector<std::string>& chain) {
    Node name = take(step, "template");
    Node with = take(step, "with");
    if (name.is_null()) {
      if (!with.is_null())
        add("RC0603", Severity::warning, with.at, 1, "`with` does nothing without `template`",
            "name the template, or take `with` out");
      return false;
    }
    const Node* found = body(name);
    if (!found) return false;
    bool again = std::find(chain.begin(), chain.end(), name.text) != chain.end();
    chain.push_back(name.text);
    if (again) {
      std::string circle = chain.front();
      for (std::size_t i = 1; i < chain.size(); ++i) circle += " -> " + chain[i];
      add("RC0605", Severity::error, name.at, name.text.size(),
          "templates use each other in a circle: " + circle, "take one of these out");
      return false;
    }
    if (!with.is_null() && !with.is_map()) {
      add("RC0605", Severity::error, with.at, 1, "`with` takes a map, not a " + std::string(type_word(with)),
          "write `with: {name: value}`");
      return false;
    }
    return copied_ <= k_most_copied ? fill_in(step, *found, name, with) : too_much(name);
  }

  bool too_much(const Node& name) {
    if (!std::exchange(full_, true))
      add("RC0608", Severity::error, name.at, name.text.size(), "the templates fill in more than 256 MiB",
          "move data to files that the steps read");
    return false;
  }

  bool fill_in(Node& step, const Node& body, const Node& name, const Node& with) {
    Node filled = body;
    Filler filler(with);
    filler.fill(filled);
    copied_ += filler.copied();
    if (copied_ > k_most_copied) return too_much(name);
    for (std::size_t i = 0; i < with.size(); ++i) {
      const Node& key = with.key(i);
      if (filler.used(i)) {
        filled_.insert(name.text + '\n' + key.text);
        continue;
      }
      add("RC0606", Severity::warning, key.at, key.text.size(),
          "the template '" + name.text + "' has no hole {" + key.text + "}",
          "write {" + key.text + "} where the value belongs, or take it out of `with`");
    }
    std::unordered_set<std::string> seen;
    for (const auto& [at, hole] : filler.left())
      if (seen.insert(hole).second) open_.push_back({name.text, hole, name.at});
    Location at = step.at;
    merge_map(filled, std::move(step));
    step = std::move(filled);
    step.at = at;
    return true;
  }

  const Node& bodies_;
  Diagnostics& problems_;
  std::unordered_map<std::string_view, std::size_t> by_name_;
  std::vector<std::size_t> footprints_;
  std::unordered_set<std::string> filled_;  // template, newline, hole
  std::vector<OpenHole> open_;
  std::size_t copied_ = 0;  // bytes, about
  bool full_ = false;
};

}  // namespace

void fill_templates(Node& document, Diagnostics& problems) {
  Node templates = take(document, "templates");
  if (!templates.is_null() && !templates.is_map()) {
    problems.add(
        {.code = "RC0605",
         .message = "templates takes a map of step bodies, not a " + std::string(type_word(templates)),
         .at = templates.at,
         .help = "write `templates: {name: {step_type: ..., parameters: ...}}`"});
  }
  Templates filler(templates, problems);
  for (std::string_view list : {"steps", "finally"}) {
    Node* steps = find_value(document, list);
    if (!steps || !steps->is_list()) continue;
    for (Node& step : steps->items) filler.fill(step);
  }
  filler.report_open_holes();
}

}  // namespace rustchain
