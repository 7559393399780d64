// Whatever the bytes: the shell reader and the judge end, and every place that they name is in the text.
#include "safety/judge.hpp"
#include "safety/shell.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace rustchain;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const std::vector<ShellItem>& items, std::size_t size);

void check(const ShellWord& word, std::size_t size) {
  require(word.span.begin <= word.span.end && word.span.end <= size);
  for (const ShellPiece& piece : word.pieces) check(piece.script, size);
  for (const ShellWord& element : word.elements) check(element, size);
}

void check(const std::vector<ShellItem>& items, std::size_t size) {
  for (const ShellItem& item : items) {
    require(item.span.begin <= item.span.end && item.span.end <= size);
    for (const ShellWord& word : item.words) check(word, size);
    for (const ShellRedirect& redirect : item.redirects) check(redirect.target, size);
    check(item.children, size);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  check(read_shell(text).items, size);
  for (const SafetyFinding& finding : judge_line(text, {})) {
    require(finding.rule != nullptr);
    require(finding.at.begin <= finding.at.end && finding.at.end <= size);
  }
  return 0;
}
