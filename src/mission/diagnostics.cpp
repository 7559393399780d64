// Collects problems, up to a bound.
#include "rustchain/diagnostic.hpp"

#include "util/utf8.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace rustchain {

namespace {

// Names in a message may be as long as their author likes: what matters stands at both ends.
void shorten(std::string& text) {
  constexpr std::size_t k_longest = 1000;
  constexpr std::size_t k_tail = 300;
  if (text.size() <= k_longest) return;
  std::size_t tail = text.size() - k_tail;
  while (tail < text.size() && (static_cast<unsigned char>(text[tail]) & 0xC0) == 0x80) ++tail;
  text = std::string(utf8_prefix(text, k_longest - k_tail)) + " ... " + text.substr(tail);
}

}  // namespace

void Diagnostics::add(Diagnostic diagnostic) {
  shorten(diagnostic.message);
  shorten(diagnostic.help);
  for (Diagnostic::Note& note : diagnostic.notes) shorten(note.text);
  if (strict_ && diagnostic.severity == Severity::warning) diagnostic.severity = Severity::error;
  const Severity severity = diagnostic.severity;
  const bool is_error = severity == Severity::error;
  if (list_.size() < k_most) {
    list_.push_back(std::move(diagnostic));
  } else if (is_error && errors_ < k_most) {
    // Whoever is refused must be told why: an error takes the place of the last that is none.
    auto place = std::find_if(list_.rbegin(), list_.rend(),
                              [](const Diagnostic& kept) { return kept.severity != Severity::error; });
    if (place != list_.rend()) *place = std::move(diagnostic);
  }
  errors_ += is_error ? 1 : 0;
  warnings_ += severity == Severity::warning ? 1 : 0;
}

void Diagnostics::be_strict() {
  strict_ = true;
  for (Diagnostic& kept : list_)
    if (kept.severity == Severity::warning) kept.severity = Severity::error;
  errors_ += std::exchange(warnings_, 0);
}

void Diagnostics::rewrite(const std::function<std::string(const std::string&)>& change) {
  for (Diagnostic& kept : list_) {
    kept.message = change(kept.message);
    kept.help = change(kept.help);
    for (Diagnostic::Note& note : kept.notes) note.text = change(note.text);
  }
}

void Diagnostics::sort() {
  auto place = [](const Diagnostic& d) { return std::tuple(d.at.file, d.at.line, d.at.column); };
  std::ranges::stable_sort(list_, {}, place);
}

}  // namespace rustchain
