// Holds the #include lines of the code to the arrows of the architecture.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

// folder -> the folders whose headers it may include, its own and include/ aside. util stands below them all
// and knows nothing of missions.
const std::map<std::string, std::set<std::string>> k_arrows = {
    {"include", {}},
    {"util", {}},
    {"mission", {"util"}},
    {"safety", {"util"}},
    {"llm", {"util", "mission"}},
    {"steps", {"util", "mission", "safety", "llm"}},
    {"platform", {"util"}},
    {"engine", {"util", "mission", "safety", "llm"}},
    {"journal", {"util", "mission"}},
    {"report", {"util", "mission"}},
    {"cli", {"util", "mission", "safety", "llm", "steps", "platform", "engine", "journal", "report"}},
    {"main", {"cli"}},
};

// Beginning of a third-party header -> the one folder that may include it. The longest that fits counts.
const std::map<std::string, std::string> k_packages = {
    {"yaml.h", "mission"},   {"CLI/", "cli"},          {"openssl/", "platform"}, {"zlib", "platform"},
    {"brotli/", "platform"}, {"nlohmann/", "include"}, {"re2/", "util"},         {"openssl/sha.h", "util"},
};

// Headers of one system or another: the rest of the code goes through the seams.
const std::regex k_system_header(
    "(sys/|net/|netinet/|arpa/|linux/|unistd\\.h|fcntl\\.h|poll\\.h|spawn\\.h|dirent"
    "\\.h|termios\\.h|windows\\.h|winsock|signal\\.h|pthread\\.h|netdb\\.h).*");

struct Line {
  std::string file;  // from the root of the sources
  int number = 0;
  std::string text;

  std::string place() const { return file + ":" + std::to_string(number) + ": "; }
};

// src/engine/loop.cpp -> engine; include/rustchain/plan.hpp -> include; src/main.cpp -> main.
std::string folder_of(const std::string& file) {
  if (file.starts_with("include/")) return "include";
  std::string inner = file.substr(file.find('/') + 1);
  std::size_t end = inner.find('/');
  return end == std::string::npos ? "main" : inner.substr(0, end);
}

std::vector<Line> preprocessor_lines() {
  std::vector<Line> lines;
  fs::path root = RUSTCHAIN_SOURCE_DIR;
  for (const char* top : {"include", "src"}) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / top)) {
      std::string extension = entry.path().extension().string();
      if (extension != ".hpp" && extension != ".cpp") continue;
      std::ifstream stream(entry.path());
      Line line{fs::relative(entry.path(), root).generic_string(), 0, {}};
      while (std::getline(stream, line.text)) {
        ++line.number;
        if (line.text.starts_with("#")) lines.push_back(line);
      }
    }
  }
  return lines;
}

std::string names(const std::set<std::string>& folders) {
  std::string list = "include/rustchain";
  for (const std::string& folder : folders) list += ", src/" + folder;
  return list;
}

std::string offence_of_project_header(const Line& line, const std::string& header) {
  std::string from = folder_of(line.file);
  auto arrows = k_arrows.find(from);
  if (arrows == k_arrows.end())
    return line.place() + "src/" + from + " has no row in k_arrows (tests/unit/layers_test.cpp); give it one";
  if (header.starts_with("rustchain/")) {
    static const std::set<std::string> for_util = {"rustchain/environment.hpp", "rustchain/json.hpp",
                                                   "rustchain/json_fwd.hpp", "rustchain/result.hpp"};
    if (from == "util" && for_util.count(header) == 0)
      return line.place() + "src/util knows nothing of missions: it may include " + names(for_util);
    return {};
  }
  std::string to = header.substr(0, header.find('/'));
  if (header.find('/') == std::string::npos)
    return line.place() + "write the folder too: \"" + from + "/" + header + "\"";
  if (to == from || arrows->second.count(to) > 0) return {};
  return line.place() + from + " includes \"" + header + "\"; it may include " + names(arrows->second);
}

std::string offence_of_other_header(const Line& line, const std::string& header) {
  std::string from = folder_of(line.file);
  std::string owner = from;
  for (const auto& [package, folder] : k_packages)  // in the order of their letters: the longer one later
    if (header.starts_with(package)) owner = folder;
  if (owner != from) return line.place() + "<" + header + "> belongs to src/" + owner + " alone";
  if (from != "platform" && std::regex_match(header, k_system_header))
    return line.place() + "<" + header + "> belongs to src/platform alone";
  return {};
}

TEST(Layers, IncludesFollowTheArrows) {
  const std::regex project("#\\s*include\\s+\"([^\"]+)\".*");
  const std::regex other("#\\s*include\\s+<([^>]+)>.*");
  std::string offences;
  int seen = 0;
  for (const Line& line : preprocessor_lines()) {
    std::smatch match;
    std::string offence;
    if (std::regex_match(line.text, match, project)) {
      offence = offence_of_project_header(line, match[1]);
    } else if (std::regex_match(line.text, match, other)) {
      offence = offence_of_other_header(line, match[1]);
    } else {
      continue;
    }
    ++seen;
    if (!offence.empty()) offences += offence + "\n";
  }
  EXPECT_GT(seen, 100) << "the sources were not found in " << RUSTCHAIN_SOURCE_DIR;
  EXPECT_EQ(offences, "");
}

TEST(Layers, PlatformsAreToldApartInPlatformAlone) {
  const std::regex condition(
      "#\\s*(if|ifdef|ifndef|elif)\\b.*(_WIN32|_MSC_VER|__linux__|__APPLE__|__unix__).*");
  std::string offences;
  for (const Line& line : preprocessor_lines())
    if (folder_of(line.file) != "platform" && std::regex_match(line.text, condition))
      offences += line.place() + line.text + "; put it behind a function of src/platform\n";
  EXPECT_EQ(offences, "");
}

TEST(Layers, SeesOffences) {
  Line line{"src/engine/loop.cpp", 7, {}};
  EXPECT_EQ(offence_of_project_header(line, "report/report.hpp"),
            "src/engine/loop.cpp:7: engine includes \"report/report.hpp\"; it may include include/rustchain, "
            "src/llm, src/mission, src/safety, src/util");
  EXPECT_EQ(offence_of_project_header(line, "mission/graph.hpp"), "");
  EXPECT_EQ(offence_of_other_header(line, "yaml.h"),
            "src/engine/loop.cpp:7: <yaml.h> belongs to src/mission alone");
  EXPECT_EQ(offence_of_other_header(line, "unistd.h"),
            "src/engine/loop.cpp:7: <unistd.h> belongs to src/platform alone");
}

}  // namespace
