// Shell texts as a whole: where brackets close, the text's end, and what may be asked of words.
#include "safety/shell.hpp"

#include "safety/shell_reader.hpp"

#include <iterator>
#include <utility>

namespace rustchain {

ShellReader::ShellReader(std::string_view text, const ShellSpan* all_at, int depth)
    : text_(text), all_at_(all_at), depth_(depth) {
  match_parentheses();
}

ShellScript ShellReader::read() {
  ShellScript script;
  while (at_ < text_.size()) {
    std::vector<ShellItem> more = list("");
    std::move(more.begin(), more.end(), std::back_inserter(script.items));
    if (at_ < text_.size()) {  // a ')' or a keyword that closes nothing
      incomplete_ = true;
      if (peek() == ')' || rest(at_).starts_with(";;"))
        ++at_;
      else
        (void)word();
    }
  }
  read_documents();
  script.too_deep = too_deep_;
  script.incomplete = incomplete_;
  return script;
}

// Where each '(' would be closed, quotes aside: tells $((1+2)) from $((cmd) | cmd).
void ShellReader::match_parentheses() {
  if (text_.find("((") == std::string_view::npos) return;
  closes_.assign(text_.size(), 0);
  std::vector<std::uint32_t> open;
  for (std::uint32_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '(') open.push_back(i);
    if (text_[i] != ')' || open.empty()) continue;
    closes_[open.back()] = i;
    open.pop_back();
  }
}
bool ShellReader::is_arithmetic(std::size_t first) const {
  return first + 1 < text_.size() && text_[first] == '(' && text_[first + 1] == '(' && !closes_.empty() &&
         closes_[first] != 0 && closes_[first + 1] + 1 == closes_[first];
}

std::string ShellWord::plain() const {
  std::string all;
  for (const ShellPiece& piece : pieces) {
    if (piece.kind != ShellPiece::Kind::text) return {};
    all += piece.text;
  }
  return all;
}

bool ShellWord::is_quoted() const {
  return std::any_of(pieces.begin(), pieces.end(), [](const ShellPiece& piece) { return piece.quoted; });
}

ShellScript read_shell(std::string_view text, const ShellSpan* all_at, int depth) {
  ShellScript script;
  if (text.size() > k_shell_bytes || depth > k_shell_nesting) {
    script.too_long = text.size() > k_shell_bytes;
    script.too_deep = !script.too_long;
    return script;
  }
  return ShellReader(text, all_at, depth).read();
}

}  // namespace rustchain
