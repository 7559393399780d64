// What the program printed, made fit to be compared with what is written down.
#include "support/golden.hpp"

#include "support/temporary_directory.hpp"

#include <cstdlib>
#include <regex>
#include <utility>
#include <vector>

namespace rustchain {

std::string normalise(std::string text, const std::string& directory) {
  static const std::vector<std::pair<std::regex, std::string>> k_rules = {
      {std::regex("\\b[0-9]{8}T[0-9]{9}Z-[0-9a-f]{6}\\b"), "<run>"},
      {std::regex("\\b[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\\.[0-9]+)?Z"), "<time>"},
      {std::regex("\"duration_ms\": [0-9.]+"), "\"duration_ms\": <ms>"},
      {std::regex("\"expected\": [{]\n +\"seconds\": [0-9.e-]+"),
       "\"expected\": {\n        \"seconds\": <s>"},
      {std::regex("\\b([0-9]+m [0-9]+s|[0-9]+(\\.[0-9]+)?(ms|s))\\b"), "<t>"},
      {std::regex("\\(pid [0-9]+\\)"), "(pid <pid>)"},
      {std::regex("\\b(took|held) [0-9.]+ (kB|MB|%)"), "$1 <n> $2"},
      {std::regex("^rustchain [0-9]+\\.[0-9]+\\.[0-9]+"), "rustchain <version>"},
      // The summary's columns are as wide as the longest time.
      {std::regex(" +<t>"), " <t>"},
      {std::regex("(⏭  [^ \n]+) +-  "), "$1 -  "},
  };
  for (std::size_t at = 0; (at = text.find(directory, at)) != std::string::npos;)
    text.replace(at, directory.size(), "<dir>");
  for (const auto& [pattern, word] : k_rules) text = std::regex_replace(text, pattern, word);
  return text;
}

std::string difference(const std::string& expected, const std::string& actual) {
  TemporaryDirectory temporary;
  temporary.put("expected", expected);
  temporary.put("actual", actual);
  std::string line = "cd '" + temporary.path() + "' && diff -u expected actual >diff";
  (void)!std::system(line.c_str());
  return temporary.get("diff");
}

}  // namespace rustchain
