// Reads the lists of steps of a mission: the step's own keys.
#include "mission/read_step.hpp"

#include "mission/extract.hpp"
#include "mission/foreach.hpp"
#include "mission/keys.hpp"
#include "mission/older_shapes.hpp"
#include "mission/read.hpp"
#include "mission/suggest.hpp"
#include "util/text.hpp"

#include <utility>

namespace rustchain {
namespace {

bool good_id(std::string_view id) {
  auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  for (char c : id)
    if (!letter(c) && !(c >= '0' && c <= '9') && c != '-') return false;
  return !id.empty() && letter(id.front());
}

// An id that a person could have made from the text; empty if there is nothing to make it from.
std::string id_from(std::string_view text) {
  std::string id;
  std::size_t words = 1;
  for (char c : to_lower(text)) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain) {
      id += c;
    } else if (!id.empty() && id.back() != '_') {
      if (++words > 4) break;
      id += '_';
    }
  }
  while (!id.empty() && id.back() == '_') id.pop_back();
  if (!id.empty() && id.front() >= '0' && id.front() <= '9') id = "step_" + id;
  return id;
}

// For a diagnostic about the text.
Node scalar_at(const Text& text) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.at = text.at;
  node.text = text.value;
  return node;
}

}  // namespace

StepReader::StepReader(const StepTypes& types, KeyReader& keys, Diagnostics& problems)
    : types_(types), keys_(keys), problems_(problems), place_{.name = "in a step", .keys = step_keys()} {}

std::vector<Step> StepReader::read(Node list) {
  std::vector<Step> steps;
  steps.reserve(list.items.size());
  ids_.reserve(ids_.size() + list.items.size());
  for (std::size_t i = 0; i < list.items.size(); ++i) read_step(std::move(list.items[i]), i + 1, steps);
  return steps;
}

void StepReader::read_step(Node node, std::size_t position, std::vector<Step>& steps) {
  if (!node.is_map()) {
    keys_.error("RC0135", node, "step " + std::to_string(position) + " is no map of keys, but " + shown(node),
                "for example `{id: hello, step_type: command, parameters: {command: \"echo hello\"}}`");
    return;
  }
  std::size_t errors = keys_.errors();
  Step& step = steps.emplace_back();
  Draft draft;
  draft.node = std::move(node);
  Normalised outer = keys_.normalise(draft.node, place_);
  draft.beside = std::move(outer.unknown);
  keys_.count_meant(outer, draft.beside, place_);
  draft.has_name = outer.has(step_keys(), "name");
  draft.has_timeout = outer.has(step_keys(), "timeout_seconds");
  step.id = read_id(draft, outer, position);
  take_parameters(draft);
  const Known* known = read_type(draft, outer, step.type);
  move_beside(draft, known);
  if (known) read_parameters(draft, *known);
  fill(draft, step);
  // A rule that goes beyond the table would trip over what the table has found already.
  if (known && known->type->check && keys_.errors() == errors) known->type->check(step, problems_);
}

Text StepReader::read_id(Draft& draft, const Normalised& outer, std::size_t position) {
  Text id = take_text(draft.node, "id");
  if (!id.empty()) {
    draft.what = "step '" + id.value + "'";
    auto [first, fresh] = ids_.try_emplace(id.value, id.at);
    if (fresh && good_id(id.value)) return id;
    Node at = scalar_at(id);
    if (!fresh) {
      keys_.error("RC0131", at, "two steps have the id '" + id.value + "'", "give this one another id",
                  {{first->second, "the first one is here"}});
      return id;
    }
    keys_.once(Severity::warning, "RC0132", {}, at, [&] {
      std::string better = id_from(id.value);
      return std::pair("the id " + shown(at) + " is no plain name, so references may not find it",
                       "use letters, digits, _ and -, and begin with a letter or _, for example `" +
                           (better.empty() ? "step_1" : better) + "`");
    });
    return id;
  }

  // The rest of the mission is checked as if it had one.
  std::string fallback = "step_" + std::to_string(position);
  draft.what = "step " + std::to_string(position);
  const Node* name = draft.node.find("name");
  if (!name) name = draft.node.find("description");
  std::string suggestion = name ? id_from(name->text) : std::string();
  if (!outer.has(step_keys(), "id") || find_value(draft.node, "id"))
    keys_.error("RC0130", draft.node, draft.what + " has no 'id'",
                "write for example `id: " + (suggestion.empty() ? fallback : suggestion) + "`");
  return {fallback, draft.node.at};
}

void StepReader::take_parameters(Draft& draft) {
  draft.has_parameters = find_value(draft.node, "parameters") != nullptr;
  draft.parameters = take_value(draft.node, "parameters");
  for (std::size_t i = 0; !draft.has_parameters && i + 1 < draft.beside.size(); i += 2) {
    if (draft.beside[i].text != "config" || !draft.beside[i + 1].is_map()) continue;
    keys_.once(Severity::warning, "RC0505", {}, draft.beside[i], [] {
      return std::pair(std::string("a step's parameters stand under 'config', an older form"),
                       std::string("write 'parameters'"));
    });
    draft.parameters = std::move(draft.beside[i + 1]);
    draft.has_parameters = true;
    draft.beside.erase(draft.beside.begin() + static_cast<std::ptrdiff_t>(i),
                       draft.beside.begin() + static_cast<std::ptrdiff_t>(i) + 2);
  }
  if (!draft.parameters.is_map()) {
    draft.parameters = Node{};
    draft.parameters.kind = Node::Kind::map;
    draft.parameters.at = draft.node.at;
  }
}

void StepReader::fill(Draft& draft, Step& step) {
  Node& node = draft.node;
  step.parameters = std::move(draft.parameters);
  step.name = take_string(node, "name");
  if (step.name.empty()) step.name = step.id.value;
  if (!draft.has_name) {
    keys_.once(Severity::warning, "RC0504", {}, node, [&] {
      return std::pair(draft.what + " has no 'name'",
                       std::string("give it one; until then people are shown its id"));
    });
  }
  step.description = take_string(node, "description");
  read_dependencies(take_value(node, "depends_on"), step);
  switch (word(node, "dependency_strategy", "all_required any_required best_effort").value_or(0)) {
    case 1: step.strategy = DependencyStrategy::any_required; break;
    case 2: step.strategy = DependencyStrategy::best_effort; break;
    default: break;
  }
  step.continue_on_dependency_failure = flag(node, "continue_on_dependency_failure", false);
  step.continue_on_error = flag(node, "continue_on_error", draft.continue_on_error.value_or(false));
  step.substitute = flag(node, "substitute", true);
  step.idempotent = flag(node, "idempotent", true);
  if (Text when = take_text(node, "when"); !when.empty()) step.when = std::move(when);
  read_timeout(draft, step);
  read_retry(draft, step);
  step.repeat_count = whole(node, "repeat_count").value_or(1);
  step.delay_between_repeats_ms = number(node, "delay_between_repeats_ms").value_or(0);
  if (Node items = take_value(node, "foreach"); !items.is_null()) {
    if (Error problem = foreach_problem(items); !problem.message.empty())
      keys_.error("RC0609", items, problem.message, problem.help);
    else
      step.foreach = std::move(items);
  }
  step.env = take_text_map(node, "env");
  step.working_directory = take_text(node, "working_dir");
}

void StepReader::read_timeout(Draft& draft, Step& step) {
  Node& node = draft.node;
  TimeoutPolicy& timeout = step.timeout;
  read_limit(node, "timeout_seconds", timeout);
  if (std::optional<std::size_t> strategy = word(node, "timeout_strategy", "fixed adaptive"))
    timeout.strategy = *strategy == 0 ? TimeoutStrategy::fixed : TimeoutStrategy::adaptive;
  timeout.base_seconds = number(node, "base_timeout_seconds");
  timeout.max_seconds = number(node, "max_timeout_seconds");
  timeout.size_factor = number(node, "size_factor");
  timeout.idle_seconds = number(node, "idle_timeout_seconds");
  timeout.grace_seconds = number(node, "grace_seconds");
  if (timeout.base_seconds && timeout.max_seconds && *timeout.max_seconds < *timeout.base_seconds)
    keys_.error("RC0108", *node.find("max_timeout_seconds"),
                "'max_timeout_seconds' is less than 'base_timeout_seconds'", "raise it, or leave it out");
}

void StepReader::read_retry(Draft& draft, Step& step) {
  if (Node retry = take_value(draft.node, "retry"); !retry.is_null()) {
    step.retry = take_retry(retry);
    check_retry(*step.retry, keys_);
  }
  if (!draft.retry_count) return;
  if (step.retry) {
    Node at;
    at.at = draft.retry_count_at;
    keys_.error("RC0111", at, "'retry_count' says a second time what 'retry' says", "keep 'retry' only");
    return;
  }
  step.retry.emplace().max_attempts = *draft.retry_count < 4294967295u ? *draft.retry_count + 1 : 4294967295u;
}

void check_retry(const RetryPolicy& policy, KeyReader& keys) {
  for (const Text& word : policy.retry_on) {
    std::string_view kind = std::string_view(word.value).substr(0, word.value.find(':'));
    std::string_view detail = kind.size() < word.value.size()
                                  ? std::string_view(word.value).substr(kind.size() + 1)
                                  : std::string_view();
    bool with_number = kind.size() < word.value.size();
    bool number = !detail.empty() && detail.find_first_not_of("0123456789") == std::string_view::npos;
    bool good = with_number ? number && (kind == "exit_code" || kind == "http_status")
                            : kind == "any" || (kind != "none" && failure_kind(kind).has_value());
    if (good) continue;
    std::vector<std::string_view> known = {"any"};
    for (const FailureKindRow& row : k_failure_kinds)
      if (row.kind != FailureKind::none) known.push_back(row.word);
    Node at = scalar_at(word);
    std::optional<std::string> near = nearest(kind, known);
    keys.error("RC0109", at, "'retry_on' can't hold " + shown(at),
               near && !with_number
                   ? "did you mean '" + *near + "'?"
                   : "write a failure kind such as timeout, network or command_not_found, exit_code:75, "
                     "http_status:503 or any");
  }
}

}  // namespace rustchain
