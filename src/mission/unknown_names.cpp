// What is said of references to names that nothing stands for.
#include "mission/unknown_names.hpp"

#include "util/text.hpp"

#include <algorithm>
#include <variant>

namespace rustchain {
namespace {

// Comparisons of names that are made to find what was meant; a mission that needs more is beyond help.
constexpr std::size_t k_most_comparisons = 20'000'000;

// What of the reference should have been known.
std::string known_part(const Reference& reference) {
  constexpr std::string_view k_prefixes = "steps vars mission run";
  if (has_word(k_prefixes, reference.head) && !reference.path.empty())
    if (const auto* name = std::get_if<std::string>(&reference.path.front()))
      return reference.head + "." + *name;
  return reference.head;
}

std::string help_for(const Reference& reference) {
  const std::string& head = reference.head;
  if (head == "item" || head == "index") return "it is only known in a step with foreach";
  bool upper = std::none_of(head.begin(), head.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (upper && reference.path.empty()) {
    std::string help = "for the environment variable write {env." + head + "}";
    if (reference.form == Reference::Form::dollar) help += ", for the text itself $${" + head + "}";
    return help;
  }
  return "correct the name, or declare it under vars";
}

}  // namespace

std::optional<Diagnostic> UnknownNames::look_at(const Reference& reference, std::string_view raw,
                                                TextUse use) {
  const bool brace = reference.form == Reference::Form::brace;
  const bool others_language =
      (use == TextUse::shell || use == TextUse::file_text) && reference.form == Reference::Form::dollar;
  const char first = reference.head.front();
  if (others_language && use == TextUse::shell) return std::nullopt;
  if (first >= '0' && first <= '9') return std::nullopt;

  if (std::optional<std::string> near = near_miss(reference)) {
    bool error = !brace && use != TextUse::shell && !others_language;
    return Diagnostic{
        .code = "RC0302",
        .severity = error ? Severity::error : Severity::warning,
        .message = "'" + std::string(raw) + "' is no reference: there is no '" + known_part(reference) + "'",
        .help = "did you mean '" + *near + "'?"};
  }
  if (use == TextUse::condition) {
    return Diagnostic{.code = "RC0307",
                      .severity = Severity::warning,
                      .message = "'" + std::string(raw) + "' in a condition is only a text: there is no '" +
                                 known_part(reference) + "'",
                      .help = help_for(reference)};
  }
  if (brace || use == TextUse::shell || others_language) return std::nullopt;
  return Diagnostic{
      .code = "RC0301",
      .severity = Severity::warning,
      .message = "'" + std::string(raw) + "' stays as it is: there is no '" + known_part(reference) + "'",
      .help = help_for(reference)};
}

// Looking takes time in proportion to the number of names: each head once, and not forever.
std::optional<std::string> UnknownNames::near_miss(const Reference& reference) {
  auto [found, fresh] = near_.try_emplace(known_part(reference));
  if (fresh && comparisons_ <= k_most_comparisons) {
    comparisons_ += names_.size();
    found->second = names_.near_miss(reference);
  }
  return found->second;
}

}  // namespace rustchain
