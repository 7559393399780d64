// References within the mission's own variables: each is filled in after those that it refers to.
#include "mission/variables.hpp"

#include "mission/mark_places.hpp"
#include "mission/resolve.hpp"
#include "mission/unknown_names.hpp"
#include "mission/value.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace rustchain {
namespace {

constexpr std::size_t k_longest_chain = 100;
constexpr std::size_t k_most_bytes = 64u << 20;  // of all values that are filled in

bool has_mark(const Node& node) {
  if (node.is_scalar())
    return node.text.find('{') != std::string::npos && next_mark(node.text, 0).has_value();
  return std::any_of(node.items.begin(), node.items.end(), has_mark);
}

class Filler : private Values {
 public:
  Filler(Mission& mission, const Names& names, const AroundVariables& around, const Sources& sources,
         std::unordered_set<std::string>& later, Diagnostics& problems)
      : mission_(mission),
        names_(names),
        around_(around),
        later_(later),
        problems_(problems),
        places_(sources),
        unknown_(names),
        states_(mission.vars.size() + mission.env.size(), State::untouched) {
    for (std::size_t i = 0; i < mission.vars.size(); ++i) variables_.emplace(mission.vars[i].first, i);
    for (std::size_t i = 0; i < mission.env.size(); ++i) env_.emplace(mission.env[i].first.value, i);
  }

  void fill() {
    for (std::size_t i = 0; i < mission_.vars.size(); ++i) fill_variable(i);
  }

 private:
  enum class State : std::uint8_t { untouched, open, known, later, wrong };

  // One text, and what becomes of it.
  struct Found {
    State state = State::known;
    std::string message;  // of what is wrong; empty: it has been told
    std::string help;
  };

  std::string name_of(std::size_t slot) const {
    const std::size_t vars = mission_.vars.size();
    return slot < vars ? mission_.vars[slot].first : "env." + mission_.env[slot - vars].first.value;
  }

  State fill_variable(std::size_t index) {
    State& state = states_[index];
    if (state != State::untouched) return state;
    auto& [name, node] = mission_.vars[index];
    if (later_.contains(name)) return state = State::later;
    if (node.at.line == 0 || !has_mark(node)) return state = State::known;
    state = State::open;
    chain_.push_back(index);
    State ended = fill_node(node, name);
    chain_.pop_back();
    if (ended == State::later) {
      later_.insert(name);
      node = Node{};
    }
    return states_[index] = ended;
  }

  // The loader bounds how deep a node may be.
  State fill_node(Node& node, const std::string& name) {
    if (node.is_scalar()) return has_mark(node) ? fill_text(node, name) : State::known;
    State all = State::known;
    for (std::size_t i = node.is_map() ? 1 : 0; i < node.items.size(); i += node.is_map() ? 2 : 1)
      all = std::max(all, fill_node(node.items[i], name));
    return all;
  }

  State fill_text(Node& node, const std::string& name) {
    State all = State::known;
    TextMarks marks = places_.marks_of(node.at);
    std::size_t count = 0;
    std::size_t bytes = node.text.size();
    auto problem = [&](Diagnostic what, std::string_view raw) {
      std::optional<Location> place = marks.find(count, raw);
      what.at = place.value_or(node.at);
      what.length = place ? static_cast<std::uint32_t>(raw.size()) : 1;
      problems_.add(std::move(what));
    };
    for (std::size_t from = 0; std::optional<Mark> mark = next_mark(node.text, from); ++count) {
      const Reference& reference = mark->reference;
      from = reference.end;
      if (mark->kind != Mark::Kind::reference) continue;
      std::string_view raw =
          std::string_view(node.text).substr(reference.begin, reference.end - reference.begin);
      const Meaning meaning = names_.meaning(reference);
      if (meaning.kind == Meaning::Kind::unknown) {
        if (std::optional<Diagnostic> what = unknown_.look_at(reference, raw, TextUse::plain))
          problem(std::move(*what), raw);
        continue;
      }
      Found found = look_at(meaning, std::string(raw), name);
      if (found.state == State::known) bytes += size_of(meaning);
      if (found.state == State::known && bytes_ + bytes > k_most_bytes)
        found = {State::wrong, "the variables hold more than 64 MiB once they are filled in",
                 "put large texts into files that the steps read"};
      if (!found.message.empty())
        problem({.code = "RC0311", .message = std::move(found.message), .help = std::move(found.help)}, raw);
      all = std::max(all, found.state);
      if (bytes_ + bytes > k_most_bytes) break;
    }
    if (all != State::known) return all;
    bytes_ += bytes;
    const Location at = node.at;
    if (const Node* same = whole_variable(node)) {
      node = Node(*same);
      node.at = at;
      return State::known;
    }
    Result<Json, Failure> value = resolve_value(node, names_, *this);
    if (!value) {
      problems_.add({.code = "RC0311",
                     .message = "the variable '" + name + "' has no value: " + value.error().message,
                     .at = node.at,
                     .help = value.error().help});
      return State::wrong;
    }
    node = to_node(*value);
    node.at = at;
    return State::known;
  }

  // The value of the variable that the text is a reference to, and nothing else.
  const Node* whole_variable(const Node& text) const {
    std::optional<Mark> mark = mark_at(text.text, 0);
    if (!mark || mark->kind != Mark::Kind::reference || mark->reference.end != text.text.size())
      return nullptr;
    const Meaning meaning = names_.meaning(mark->reference);
    if (meaning.kind != Meaning::Kind::variable || meaning.rest != mark->reference.path.size())
      return nullptr;
    auto found = variables_.find(meaning.name);
    return found == variables_.end() ? nullptr : &mission_.vars[found->second].second;
  }

  Found look_at(const Meaning& meaning, const std::string& raw, const std::string& name) {
    switch (meaning.kind) {
      case Meaning::Kind::variable: {
        auto found = variables_.find(meaning.name);
        return found == variables_.end() ? Found{} : follow(found->second, raw, name);
      }
      case Meaning::Kind::environment: return look_at_env(meaning.name, raw, name);
      case Meaning::Kind::mission: return {};
      case Meaning::Kind::step:
        return {State::wrong,
                "the variable '" + name + "' can't hold " + raw + ", what the step '" + meaning.name +
                    "' gives: variables are filled in before the first step runs",
                "write " + raw + " in the step that uses the variable"};
      default:
        return {State::wrong,
                "the variable '" + name + "' can't hold " + raw + ", which only a running step knows",
                "write " + raw + " in the step that uses the variable"};
    }
  }

  Found look_at_env(const std::string& variable, const std::string& raw, const std::string& name) {
    if (auto own = env_.find(variable); own != env_.end())
      return follow(mission_.vars.size() + own->second, raw, name);
    if (around_.variable && around_.variable(variable)) return {};
    if (around_.more_env || !around_.variable) return {State::later, {}, {}};
    return {State::wrong,
            "the environment variable " + variable + " is not set, and the variable '" + name +
                "' is made from it",
            "set it before the run, give the variable by --var " + name +
                "=..., or set it in env: of the mission"};
  }

  Found follow(std::size_t slot, const std::string& raw, const std::string& name) {
    if (states_[slot] == State::open) {
      std::string circle;
      for (auto at = std::find(chain_.begin(), chain_.end(), slot); at != chain_.end(); ++at)
        circle += name_of(*at) + " -> ";
      return {State::wrong, "variables are made from each other in a circle: " + circle + name_of(slot),
              "take one of these references out"};
    }
    if (states_[slot] == State::untouched && chain_.size() >= k_longest_chain)
      return {State::wrong,
              "the variable '" + name + "' is made from " + raw + ", at the end of a chain of more than " +
                  std::to_string(k_longest_chain),
              "refer to the first of them directly"};
    const bool variable = slot < mission_.vars.size();
    return {variable ? fill_variable(slot) : fill_env(slot, raw, name), {}, {}};
  }

  // The step that gets it fills it in for itself: here it is only asked what that will be.
  State fill_env(std::size_t slot, const std::string& raw, const std::string& name) {
    State& state = states_[slot];
    if (state != State::untouched) return state;
    const Text& text = mission_.env[slot - mission_.vars.size()].second;
    state = State::open;
    chain_.push_back(slot);
    State all = State::known;
    for (std::size_t from = 0; std::optional<Mark> mark = next_mark(text.value, from);) {
      from = mark->reference.end;
      if (mark->kind != Mark::Kind::reference) continue;
      const Meaning meaning = names_.meaning(mark->reference);
      if (meaning.kind == Meaning::Kind::unknown) continue;
      Found found = look_at(meaning, raw, name);
      if (found.state == State::wrong && !found.message.empty())
        problems_.add(
            {.code = "RC0311",
             .message = "the variable '" + name + "' can't be made from " + raw + ": " + found.message,
             .at = text.at,
             .help = "make the variable from what " + name_of(slot) + " is made from"});
      all = std::max(all, found.state);
    }
    chain_.pop_back();
    return states_[slot] = all;
  }

  // ---- values, of what look_at() has found to be known

  Result<Json, Failure> value(const Meaning& meaning) const override {
    switch (meaning.kind) {
      case Meaning::Kind::variable:
        if (auto found = variables_.find(meaning.name); found != variables_.end())
          return to_json(mission_.vars[found->second].second);
        return Json();
      case Meaning::Kind::environment:
        if (auto own = env_.find(meaning.name); own != env_.end()) {
          auto text = resolve_text(mission_.env[own->second].second.value, names_, *this);
          if (!text) return text.error();
          return Json(std::move(*text));
        }
        if (auto value = around_.variable(meaning.name)) return Json(std::move(*value));
        break;
      case Meaning::Kind::mission:
        if (auto value = mission_value(mission_, around_.directory, meaning.name)) return *value;
        break;
      default: break;
    }
    return Failure{FailureKind::invalid, "there is no value '" + meaning.name + "'", {}};
  }

  std::optional<std::string> written(const Meaning& meaning) const override {
    return written_variable(mission_, meaning.name);
  }

  std::size_t size_of(const Meaning& meaning) const {
    if (meaning.kind == Meaning::Kind::variable)
      if (auto found = variables_.find(meaning.name); found != variables_.end())
        if (const Node& node = mission_.vars[found->second].second; node.is_scalar()) return node.text.size();
    auto found = value(meaning);
    return found ? value_text(std::move(*found)).size() : 0;
  }

  Mission& mission_;
  const Names& names_;
  const AroundVariables& around_;
  std::unordered_set<std::string>& later_;
  Diagnostics& problems_;
  MarkPlaces places_;
  UnknownNames unknown_;
  std::vector<State> states_;  // of the variables, then of the mission's env
  std::unordered_map<std::string, std::size_t> variables_;
  std::unordered_map<std::string, std::size_t> env_;
  std::vector<std::size_t> chain_;  // of the values that are being made, each for the one before
  std::size_t bytes_ = 0;
};

}  // namespace

void fill_variables(Mission& mission, const Names& names, const AroundVariables& around,
                    const Sources& sources, std::unordered_set<std::string>& later, Diagnostics& problems) {
  const bool any = std::any_of(mission.vars.begin(), mission.vars.end(), [](const auto& entry) {
    return entry.second.at.line > 0 && has_mark(entry.second);
  });
  if (any) Filler(mission, names, around, sources, later, problems).fill();
}

}  // namespace rustchain
