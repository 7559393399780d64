// What only looks writes nothing: no byte, no time, no mode of any file changes, and no folder is made.
#include "workplace.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace {

namespace fs = std::filesystem;
using rustchain::testing::read_file;
using rustchain::testing::Workplace;

std::int64_t nanoseconds(const timespec& time) {
  return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

// Everything below the directory, itself and other directories too: what it is, when it was changed (also its
// mode, owner and name), and its bytes. Not when it was read: the system notes that.
using Tree = std::map<std::string, std::tuple<ino_t, mode_t, off_t, std::int64_t, std::int64_t, std::string>>;
Tree tree_of(const fs::path& directory) {
  std::vector<fs::path> paths = {directory};
  for (const auto& entry : fs::recursive_directory_iterator(directory)) paths.push_back(entry.path());
  Tree tree;
  for (const fs::path& path : paths) {
    if (path == directory / "out" || path == directory / "err") continue;
    struct stat now {};
    EXPECT_EQ(lstat(path.c_str(), &now), 0) << path;
    tree[path.string()] = {now.st_ino,
                           now.st_mode,
                           now.st_size,
                           nanoseconds(now.st_mtim),
                           nanoseconds(now.st_ctim),
                           S_ISREG(now.st_mode) ? read_file(path) : std::string()};
  }
  return tree;
}

// The names in both of which something differs.
std::set<std::string> differences(const Tree& before, const Tree& after) {
  std::set<std::string> names;
  for (const auto* one : {&before, &after})
    for (const auto& [name, facts] : *one) {
      const Tree& other = one == &before ? after : before;
      auto found = other.find(name);
      if (found == other.end() || found->second != facts) names.insert(name);
    }
  return names;
}

using Words = std::vector<std::string>;

// Commands that only look, of each at least one.
std::vector<Words> looks() {
  std::vector<Words> all = {
      {"run", "m.yaml", "--dry-run"},
      {"run", "m.yaml", "--dry-run", "--resume"},
      {"run", "bad.yaml"},
      {"validate", "m.yaml", "--strict"},
      {"plan", "m.yaml"},
      {"plan", "m.yaml", "--output", "json"},
      {"plan", "m.yaml", "--resume"},
      {"plan", "m.yaml", "--resume", "last", "--output", "json"},
      {"plan", "m.yaml", "--only", "b"},
      {"list"},
      {"list", "--output", "json"},
      {"new"},
      {"new", "basic", "-"},
      {"steps", "command"},
      {"schema"},
      {"migrate", "m.yaml"},
      {"safety", "check", "m.yaml"},
      {"safety", "explain", "rm -rf build"},
      {"safety", "rules"},
      {"runs", "list"},
      {"runs", "list", "--all", "--output", "json"},
      {"runs", "show", "last"},
      {"runs", "show", "last", "--output", "json"},
      {"runs", "verify"},
      {"runs", "prune", "--keep", "0", "--dry-run"},
      {"why", "last", "b"},
      {"why", "last", "b", "--output", "json"},
      {"explain", "RC0104"},
  };
  for (const char* format : {"text", "json", "github", "sarif"})
    all.push_back({"validate", "m.yaml", "--format", format});
  for (const char* format : {"text", "mermaid", "dot", "json"})
    all.push_back({"graph", "m.yaml", "--format", format});
  for (const char* format : {"text", "json", "junit", "markdown", "html", "github"})
    all.push_back({"report", "last", "--format", format});
  for (const char* shell : {"bash", "zsh", "fish", "man"}) all.push_back({"completion", shell});
  return all;
}

// A mission whose last run failed, or that has never run.
void set_up(const Workplace& place, bool ran) {
  place.write(
      "m.yaml",
      "name: m\nversion: '1.0'\nsteps:\n"
      "  - {id: a, name: a, step_type: command, parameters: {command: 'echo a'}}\n"
      "  - {id: big, name: big, step_type: command, parameters: {command: 'head -c 50000 /dev/zero'}}\n"
      "  - {id: f, name: f, step_type: create_file, parameters: {path: f.txt, content: '{a}'}}\n"
      "  - {id: b, name: b, step_type: command, depends_on: [f], parameters: {command: 'false'}}\n");
  place.write("bad.yaml", "name: bad\nversion: '1.0'\nsteps:\n  - {id: a, step_type: comand}\n");
  fs::create_directory(place.directory() / "home");
  if (ran) {
    ASSERT_EQ(place.run({"run", "m.yaml", "-q"}), 1) << place.err();
  }
  place.write("out", "");
  place.write("err", "");
}

void expect_unchanged(bool ran) {
  Workplace place;
  set_up(place, ran);
  const Tree before = tree_of(place.directory());
  auto at_home = [] {
    setenv("HOME", "home", 1);
    for (const char* name : {"XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"}) unsetenv(name);
  };
  for (const Words& words : looks()) {
    const int code = place.run(words, at_home);
    std::string line;
    for (const std::string& word : words) line += word + " ";
    EXPECT_LT(code, 10) << line << place.err();
    if (ran && line != "run bad.yaml " && words[0] != "safety") {
      EXPECT_EQ(code, 0) << line << place.err();
    }
    EXPECT_EQ(differences(before, tree_of(place.directory())), std::set<std::string>()) << line;
  }
}

TEST(Looking, ChangesNothing) {
  expect_unchanged(true);
}

TEST(Looking, MakesNoStateFolder) {
  expect_unchanged(false);
}

// So that a command that is added comes to be looked at here, too.
TEST(Looking, IsTriedWithEveryCommand) {
  Workplace place;
  ASSERT_EQ(place.run({"--help"}), 0);
  std::set<std::string> tried;
  for (const Words& words : looks()) tried.insert(words[0]);
  tried.insert("doctor");  // it tries whether files can be written, and takes them away again
  std::istringstream lines(place.out());
  int found = 0;
  bool listed = false;
  for (std::string line; std::getline(lines, line);) {
    listed = line.starts_with("Commands:") || (listed && !line.empty());
    std::string name;
    std::istringstream(line) >> name;
    if (!listed || !line.starts_with("  ") || line.starts_with("    ") || name.empty() || name[0] == '-')
      continue;
    ++found;
    EXPECT_TRUE(tried.contains(name)) << name;
  }
  EXPECT_EQ(found, static_cast<int>(tried.size())) << place.out();
}

// The test can fail.
TEST(Looking, IsToldFromTouching) {
  Workplace place;
  set_up(place, true);
  const Tree before = tree_of(place.directory());
  EXPECT_EQ(place.run({"runs", "prune", "--keep", "0"}), 0);
  EXPECT_FALSE(differences(before, tree_of(place.directory())).empty());
}

}  // namespace
