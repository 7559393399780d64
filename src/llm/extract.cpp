// Takes what is wanted out of a model's answer: code without fences and prose, or JSON. Pure.
#include "llm/extract.hpp"

#include "rustchain/json.hpp"

#include "util/json_text.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace rustchain {
namespace {

struct Block {
  std::string language;  // lower case; empty: none is named
  std::string code;      // with its last line end
};

// Other names under which models label a language.
constexpr std::array k_same = {
    "python py python3", "javascript js node", "typescript ts",     "shell sh bash zsh console",
    "c++ cpp cxx",       "c# csharp cs",       "yaml yml",          "markdown md",
    "rust rs",           "go golang",          "ruby rb",           "html htm",
    "kotlin kt",         "json jsonc",         "dockerfile docker",
};

bool same_language(std::string_view a, std::string_view b) {
  if (a == b) return true;
  return std::any_of(k_same.begin(), k_same.end(),
                     [&](std::string_view names) { return has_word(names, a) && has_word(names, b); });
}

// The fence that a line opens with: at least three of the same mark, at most three blanks before.
std::string_view fence_of(std::string_view line) {
  std::size_t begin = std::min(line.find_first_not_of(' '), line.size());
  if (begin > 3 || begin == line.size() || (line[begin] != '`' && line[begin] != '~')) return {};
  std::size_t end = std::min(line.find_first_not_of(line[begin], begin), line.size());
  return end - begin >= 3 ? line.substr(begin, end - begin) : std::string_view{};
}

std::vector<Block> fenced_blocks(std::string_view text) {
  std::vector<Block> blocks;
  std::string open;  // the fence; empty: outside
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    std::string_view fence = fence_of(line);
    if (open.empty()) {
      if (fence.empty()) continue;
      std::string_view label = trim(line.substr(line.find(fence) + fence.size()));
      open = fence;
      blocks.push_back({to_lower(label.substr(0, label.find_first_of(" \t{:,"))), {}});
    } else if (fence.size() >= open.size() && fence[0] == open[0] && trim(line) == fence) {
      open.clear();
    } else {
      blocks.back().code.append(line).append("\n");
    }
  }
  return blocks;
}

// The end of the object or list that begins at `begin`; npos: it has none.
std::size_t end_of_value(std::string_view text, std::size_t begin) {
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = begin; i < text.size(); ++i) {
    char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && --depth == 0) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

}  // namespace

Result<std::string> extract_code(std::string_view answer, std::string_view language) {
  std::vector<Block> blocks = fenced_blocks(answer);
  std::string wanted = to_lower(trim(language));
  auto labelled = [&](const Block& block) { return same_language(block.language, wanted); };
  if (!wanted.empty() && std::any_of(blocks.begin(), blocks.end(), labelled)) {
    std::erase_if(blocks, [&](const Block& block) { return !labelled(block); });
  } else if (!wanted.empty()) {
    std::vector<std::string> others;
    for (const Block& block : blocks)
      if (!block.language.empty()) others.push_back(block.language);
    std::erase_if(blocks, [](const Block& block) { return !block.language.empty(); });
    if (blocks.empty() && !others.empty())
      return Error{"the answer holds no " + wanted + " code, only " + join(others, ", ")};
  }
  std::string code;
  for (const Block& block : blocks) {
    if (!code.empty() && !block.code.empty()) code += "\n";
    code += block.code;
  }
  if (trim(code).empty())
    return Error{"the answer holds no fenced " + (wanted.empty() ? "" : wanted + " ") + "code"};
  return code;
}

Result<Json> extract_json(std::string_view answer) {
  std::string_view whole = trim(answer);
  auto parsed = parse_json(whole);
  if (parsed) return parsed;
  for (const Block& block : fenced_blocks(whole))
    if (auto inner = parse_json(trim(block.code))) return inner;
  // A few places are tried, not each brace of a long answer.
  std::size_t begin = 0;
  for (int tried = 0; tried < 20; ++tried) {
    begin = whole.find_first_of("{[", begin);
    if (begin == std::string_view::npos) break;
    std::size_t end = end_of_value(whole, begin);
    if (end == std::string_view::npos) {
      ++begin;
      continue;
    }
    if (auto inner = parse_json(whole.substr(begin, end - begin))) return inner;
    begin = end;
  }
  bool begins = !whole.empty() && (whole[0] == '{' || whole[0] == '[');
  return Error{begins ? "the answer is not JSON: " + parsed.error().message : "the answer holds no JSON"};
}

}  // namespace rustchain
