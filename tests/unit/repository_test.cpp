// Holds the files of the repository to names that mean the same everywhere: no folder of somebody's machine,
// no host that only somebody's network knows.
#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 9> k_folders = {".ci", ".github",  "cmake", "docs", "include",
                                                       "src", "missions", "tests", "."};
// What belongs to one machine; what may follow it all the same stands behind.
struct MachinePath {
  std::string begin;
  std::vector<std::string_view> may_follow;
};
const std::array<MachinePath, 7> k_machine_paths = {{
    {std::string("/home") + "/", {"ada", "ann", "carol", "me", "someone"}},
    {std::string("/Users") + "/", {"x", "bob"}},
    {std::string("/root") + "/", {".ssh"}},
    {std::string("/work") + "/main", {}},
    {std::string("/work") + "/shared", {}},
    {std::string("/tmp") + "/wt", {}},
    {std::string("/builds") + "/", {}},
}};
// Hosts that everybody can reach, and names that nobody has: of the documentation (RFC 2606) and short ones
// of tests.
constexpr std::array<std::string_view, 8> k_hosts = {
    "github.com",     "json.schemastore.org", "json-schema.org", "ollama.com",
    "api.openai.com", "api.anthropic.com",    "schema.org",      "www.w3.org"};
constexpr std::array<std::string_view, 9> k_reserved = {".example",     ".example.com", ".example.net",
                                                        ".example.org", ".invalid",     ".localhost",
                                                        ".test",        ".lan",         "bank.com"};

bool is_host_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-';
}

bool is_known(std::string host) {
  while (host.ends_with('.')) host.pop_back();
  const std::size_t dot = host.rfind('.');
  if (dot == std::string::npos || host.size() < 8) return true;  // a name of one part, x.org
  if (std::isdigit(static_cast<unsigned char>(host.back())) != 0) return true;
  const std::string below = "." + host;
  return std::find(k_hosts.begin(), k_hosts.end(), host) != k_hosts.end() ||
         std::any_of(k_reserved.begin(), k_reserved.end(),
                     [&](std::string_view end) { return below.ends_with(end); });
}

void look_for_hosts(const std::string& file, std::string_view text) {
  for (std::size_t at = text.find("://"); at != std::string_view::npos; at = text.find("://", at + 3)) {
    std::size_t end = at + 3;
    while (end < text.size() && is_host_char(text[end])) ++end;
    std::string host(text.substr(at + 3, end - at - 3));
    for (char& c : host) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (!is_known(host))
      ADD_FAILURE() << file << ": the host '" << host << "' is not one that everybody knows";
  }
}

void look_for_paths(const std::string& file, std::string_view text) {
  for (const auto& [begin, may_follow] : k_machine_paths)
    for (std::size_t at = text.find(begin); at != std::string_view::npos; at = text.find(begin, at + 1)) {
      if (at > 0 && (is_host_char(text[at - 1]) || text[at - 1] == '}' || text[at - 1] == '_'))
        continue;  // src/home/
      const std::string_view rest = text.substr(at + begin.size(), 20);
      const bool fine =
          rest.empty() || (!is_host_char(rest.front()) && begin.ends_with('/')) ||
          std::any_of(may_follow.begin(), may_follow.end(), [&](std::string_view name) {
            return rest.starts_with(name) && (rest.size() == name.size() || !is_host_char(rest[name.size()]));
          });
      if (!fine)
        ADD_FAILURE() << file << ": a path of one machine: " << begin << rest.substr(0, rest.find('\n'));
    }
}

TEST(Repository, HoldsNoNamesOfOneMachine) {
  std::size_t files = 0;
  auto look_at = [&](const fs::path& path) {
    const std::string name = fs::relative(path, RUSTCHAIN_SOURCE_DIR).string();
    // Commands and hosts there are what attackers write.
    if (name.starts_with("src/safety/") || name.starts_with("tests/unit/safety/") ||
        name.starts_with("tests/oracle/"))
      return;
    std::ifstream in(path, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    if (text.find('\0') != std::string::npos) return;
    ++files;
    look_for_paths(name, text);
    look_for_hosts(name, text);
  };
  for (std::string_view folder : k_folders) {
    const fs::path root = fs::path(RUSTCHAIN_SOURCE_DIR) / folder;
    if (folder == ".") {
      for (const fs::directory_entry& entry : fs::directory_iterator(root))
        if (entry.is_regular_file() && entry.path().filename() != ".git") look_at(entry.path());
    } else {
      for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root))
        if (entry.is_regular_file()) look_at(entry.path());
    }
  }
  EXPECT_GT(files, 500u);
}

TEST(Repository, ItsLooksFindWhatTheyLookFor) {
  EXPECT_FALSE(is_known(std::string("packages.somebody") + ".net"));
  EXPECT_TRUE(is_known("api.example.org"));
  EXPECT_TRUE(is_known("localhost"));
  EXPECT_TRUE(is_known("127.0.0.1"));
}

}  // namespace
