// Regular expressions for the words of a schema.
#include "mission/schema_words.hpp"

#include <algorithm>

namespace rustchain {
namespace {

std::string folded(std::string_view word, std::string_view joint) {
  std::string pattern;
  for (char c : word) {
    if (c == '_' || c == '-') {
      pattern += joint;
    } else if (c >= 'a' && c <= 'z') {
      pattern += {'[', static_cast<char>(c - 'a' + 'A'), c, ']'};
    } else {
      pattern += c;
    }
  }
  return pattern;
}

// As words are compared when one is looked for: what two slips can do to a short word is another word.
std::vector<std::string> slips(std::string_view word) {
  std::vector<std::string> all;
  auto add = [&](std::string_view before, std::string_view middle, std::string_view after) {
    all.push_back(std::string(before).append(middle).append(after));
  };
  for (std::size_t i = 0; i <= word.size(); ++i) {
    std::string_view before = word.substr(0, i);
    add(before, ".", word.substr(i));
    if (i < word.size()) add(before, ".?", word.substr(i + 1));
    if (i + 1 < word.size()) add(before, std::string{word[i + 1], word[i]}, word.substr(i + 2));
  }
  all.push_back(folded(word, "[-_]"));
  return all;
}

std::string either(const std::vector<std::string>& patterns) {
  std::string all;
  for (const std::string& pattern : patterns) all += (all.empty() ? "" : "|") + pattern;
  return all;
}

}  // namespace

std::string folded_pattern(const std::vector<std::string_view>& words, bool joined) {
  std::vector<std::string> patterns;
  patterns.reserve(words.size());
  for (std::string_view word : words) patterns.push_back(folded(word, joined ? "[-_ ]?" : "[-_]"));
  return "^(" + either(patterns) + ")$";
}

std::string slip_pattern(const std::vector<std::string_view>& known,
                         const std::vector<std::string_view>& spared) {
  std::vector<std::string> exact;
  std::vector<std::string> patterns;
  for (std::string_view word : known) {
    exact.emplace_back(word);
    for (std::string& slip : slips(word)) patterns.push_back(std::move(slip));
  }
  for (std::string_view word : spared) exact.emplace_back(word);
  std::sort(patterns.begin(), patterns.end());
  patterns.erase(std::unique(patterns.begin(), patterns.end()), patterns.end());
  return "^(?!x-|(" + either(exact) + ")$)(" + either(patterns) + ")$";
}

}  // namespace rustchain
