// Finds references in texts, and tells what they mean.
#include "mission/references.hpp"

#include "mission/suggest.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <span>
#include <utility>

namespace rustchain {
namespace {

constexpr std::string_view k_mission_fields[] = {"name", "version", "file", "dir"};
constexpr std::string_view k_run_fields[] = {"id", "dir", "attempt"};
constexpr std::size_t k_index_digits = 9;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Ids may hold letters of any language: bytes from 0x80 on are letters here.
bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || (c & 0x80) != 0;
}

bool is_name_char(char c) {
  return is_name_start(c) || c == '-';
}

std::size_t name_end(std::string_view text, std::size_t at) {
  while (at < text.size() && is_name_char(text[at])) ++at;
  return at;
}

// head(.field | [index])* from `at` on; gives the place behind it, or 0 where there is none.
std::size_t read_reference(std::string_view text, std::size_t at, Reference& reference) {
  if (at >= text.size() || !is_name_start(text[at])) return 0;
  std::size_t end = name_end(text, at);
  reference.head = text.substr(at, end - at);
  while (end < text.size() && (text[end] == '.' || text[end] == '[')) {
    std::size_t begin = end + 1;
    if (text[end] == '.') {
      end = name_end(text, begin);
      if (end == begin) return 0;
      reference.path.emplace_back(std::string(text.substr(begin, end - begin)));
      continue;
    }
    std::size_t index = 0;
    for (end = begin; end < text.size() && is_digit(text[end]); ++end) {
      if (end - begin == k_index_digits) return 0;
      index = index * 10 + static_cast<std::size_t>(text[end] - '0');
    }
    if (end == begin || end == text.size() || text[end] != ']') return 0;
    ++end;
    reference.path.emplace_back(index);
  }
  return end;
}

// {{ ref }} at `at`, or {ref}, or nothing.
std::size_t read_braces(std::string_view text, std::size_t at, Reference& reference) {
  if (at + 1 >= text.size() || text[at] != '{') return 0;
  if (text[at + 1] == '{') {
    std::size_t begin = at + 2;
    while (begin < text.size() && is_blank(text[begin])) ++begin;
    std::size_t end = read_reference(text, begin, reference);
    if (end == 0) return 0;
    while (end < text.size() && is_blank(text[end])) ++end;
    if (text.substr(end, 2) != "}}") return 0;
    reference.form = Reference::Form::double_brace;
    return end + 2;
  }
  std::size_t end = read_reference(text, at + 1, reference);
  if (end == 0 || end == text.size() || text[end] != '}') return 0;
  reference.form = Reference::Form::brace;
  return end + 1;
}

std::uint64_t letters_of(std::string_view word) {
  std::uint64_t letters = 0;
  for (char c : word) {
    auto byte = static_cast<unsigned char>(c);
    if (byte >= 'A' && byte <= 'Z') byte = static_cast<unsigned char>(byte + 32);
    letters |= std::uint64_t{1} << (byte & 63);
  }
  return letters;
}

std::string_view without_suffix(std::string_view head) {
  for (std::string_view suffix : {"_result", "_response"})
    if (head.size() > suffix.size() && head.ends_with(suffix))
      return head.substr(0, head.size() - suffix.size());
  return {};
}

const std::string* field(const Reference& reference, std::size_t at) {
  return at < reference.path.size() ? std::get_if<std::string>(&reference.path[at]) : nullptr;
}

bool has_field(std::span<const std::string_view> fields, const std::string* name) {
  return name != nullptr && std::find(fields.begin(), fields.end(), *name) != fields.end();
}

}  // namespace

std::optional<Mark> mark_at(std::string_view text, std::size_t at) {
  Mark mark;
  Reference& reference = mark.reference;
  reference.begin = at;
  std::size_t braces = at;
  if (text[at] == '$') {
    braces = at + 1;
    if (braces < text.size() && text[braces] == '$') {
      mark.kind = Mark::Kind::escaped;
      ++braces;
    }
    if (braces >= text.size() || text[braces] != '{') return std::nullopt;
  } else if (text[at] != '{') {
    return std::nullopt;
  }
  reference.end = read_braces(text, braces, reference);
  if (reference.end == 0) return std::nullopt;
  if (braces == at) return mark;
  if (reference.form == Reference::Form::double_brace) {
    // $${{ x }}: the first dollar is text, the mark begins behind it.
    if (mark.kind == Mark::Kind::escaped) return std::nullopt;
    mark.kind = Mark::Kind::foreign;
  }
  reference.form = Reference::Form::dollar;
  return mark;
}

std::optional<Mark> next_mark(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find_first_of("{$", from); at != std::string_view::npos;
       at = text.find_first_of("{$", at + 1))
    if (std::optional<Mark> mark = mark_at(text, at)) return mark;
  return std::nullopt;
}

std::vector<TextPart> split_references(std::string_view text) {
  std::vector<TextPart> parts;
  std::string literal;
  std::size_t from = 0;
  while (std::optional<Mark> mark = next_mark(text, from)) {
    Reference& reference = mark->reference;
    literal += text.substr(from, reference.begin - from);
    std::string_view raw = text.substr(reference.begin, reference.end - reference.begin);
    from = reference.end;
    if (mark->kind != Mark::Kind::reference) {
      literal += mark->kind == Mark::Kind::escaped ? raw.substr(1) : raw;
      continue;
    }
    if (!literal.empty()) parts.push_back({std::exchange(literal, {}), std::nullopt});
    parts.push_back({std::string(raw), std::move(reference)});
  }
  literal += text.substr(from);
  if (!literal.empty()) parts.push_back({std::move(literal), std::nullopt});
  return parts;
}

Names::Names(const Mission& mission) {
  steps_.reserve(mission.steps.size() + mission.finally.size());
  known_.reserve(mission.steps.size() + mission.finally.size() + mission.vars.size());
  StepIndex index = 0;
  for (const std::vector<Step>* steps : {&mission.steps, &mission.finally})
    for (const Step& step : *steps) {
      if (steps_.try_emplace(step.id.value, index).second) add(step.id.value, true);
      ++index;
    }
  for (const auto& [name, value] : mission.vars)
    if (variables_.try_emplace(name, variables_.size()).second) add(name, false);
  for (const Input& input : mission.inputs)
    if (variables_.try_emplace(input.name.value, variables_.size()).second) add(input.name.value, false);
}

void Names::add(const std::string& name, bool step) {
  known_.push_back({name, letters_of(name), step});
}

std::optional<StepIndex> Names::step(std::string_view id) const {
  auto found = steps_.find(id);
  if (found == steps_.end()) return std::nullopt;
  return found->second;
}

Meaning Names::meaning(const Reference& reference, bool in_foreach) const {
  using Kind = Meaning::Kind;
  const std::string& head = reference.head;
  const std::string* first = field(reference, 0);
  auto of_step = [&](std::string_view id, StepIndex index, std::size_t rest) {
    return Meaning{Kind::step, index, std::string(id), rest};
  };

  if (in_foreach && head == "item") return {Kind::item, k_no_step, {}, 0};
  if (in_foreach && head == "index") return {Kind::index, k_no_step, {}, 0};
  if (head == "steps" && first != nullptr) {
    if (std::optional<StepIndex> index = step(*first)) return of_step(*first, *index, 1);
    std::string_view id = without_suffix(*first);
    if (std::optional<StepIndex> index = step(id)) return of_step(id, *index, 1);
  }
  if (head == "vars" && first != nullptr && variables_.find(*first) != variables_.end())
    return {Kind::variable, k_no_step, *first, 1};
  if (head == "env" && first != nullptr) return {Kind::environment, k_no_step, *first, 1};

  if (std::optional<StepIndex> index = step(head)) return of_step(head, *index, 0);
  if (variables_.find(head) != variables_.end()) return {Kind::variable, k_no_step, head, 0};
  std::string_view id = without_suffix(head);
  if (std::optional<StepIndex> index = step(id)) return of_step(id, *index, 0);

  if (head == "mission" && has_field(k_mission_fields, first)) return {Kind::mission, k_no_step, *first, 1};
  if (head == "run" && has_field(k_run_fields, first)) return {Kind::run, k_no_step, *first, 1};
  if (head == "previous_result") return {Kind::previous_result, k_no_step, {}, 0};
  if (reference.path.empty()) {
    if (head == "timestamp") return {Kind::timestamp, k_no_step, {}, 0};
    if (head == "date") return {Kind::date, k_no_step, {}, 0};
    if (head == "uuid") return {Kind::uuid, k_no_step, {}, 0};
    if (head == "platform") return {Kind::platform, k_no_step, {}, 0};
  }
  return {};
}

std::optional<std::string> Names::nearest_known(std::string_view word, bool steps, bool variables) const {
  if (word.size() < 4) return std::nullopt;
  // An edit changes at most one letter into another: two bits. One that changes case changes none.
  constexpr std::size_t k_two_from = 8;
  const int most = word.size() >= k_two_from ? 2 : 1;
  const std::uint64_t letters = letters_of(word);
  std::vector<std::string_view> candidates;
  for (const Known& known : known_) {
    if (known.step ? !steps : !variables) continue;
    auto difference =
        static_cast<std::ptrdiff_t>(known.name.size()) - static_cast<std::ptrdiff_t>(word.size());
    if (difference > most || -difference > most || std::popcount(known.letters ^ letters) > 2 * most)
      continue;
    candidates.push_back(known.name);
  }
  return nearest(word, candidates, k_two_from);
}

std::optional<std::string> Names::near_miss(const Reference& reference) const {
  const std::string* first = field(reference, 0);
  auto with_prefix = [](std::string_view prefix, std::optional<std::string> name) {
    if (name) name->insert(0, prefix);
    return name;
  };
  auto near_field = [&](std::span<const std::string_view> fields) {
    std::vector<std::string_view> known(fields.begin(), fields.end());
    return with_prefix(reference.head + ".", nearest(*first, known));
  };
  if (first != nullptr) {
    if (reference.head == "steps") return with_prefix("steps.", nearest_known(*first, true, false));
    if (reference.head == "vars") return with_prefix("vars.", nearest_known(*first, false, true));
    if (reference.head == "mission") return near_field(k_mission_fields);
    if (reference.head == "run") return near_field(k_run_fields);
  }
  if (std::optional<std::string> name = nearest_known(reference.head, true, true)) return name;
  return nearest_known(without_suffix(reference.head), true, false);
}

}  // namespace rustchain
