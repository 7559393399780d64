// Runs the real program: each folder of cases/ holds command lines and what they must print.
//   cmd      lines for a shell in a fresh copy of the folder; `rustchain` is the program under test
//   stdout, stderr   what all of them print, times and run ids replaced; absent: nothing
//   code     their exit codes, one a line; absent: 0 each
// RUSTCHAIN_ACCEPT=1 writes what was printed into the case: read it before it is committed.
#include "support/golden.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

void write_file(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string quote(const std::string& word) {
  std::string safe = "'";
  for (char c : word) safe += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return safe + "'";
}

// A directory that goes when the test is over.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (fs::temp_directory_path() / "rustchain-e2e-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw fs::filesystem_error("mkdtemp", name, {});
    path_ = fs::canonical(name);
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    fs::permissions(path_, fs::perms::owner_all, ignored);
    fs::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string replace(std::string text, const std::string& what, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
  return text;
}

// The lines of `cmd`: comments and empty ones left out.
std::vector<std::string> read_commands(const fs::path& file) {
  std::vector<std::string> commands;
  std::istringstream stream(read_file(file));
  for (std::string line; std::getline(stream, line);)
    if (!line.empty() && line[0] != '#') commands.push_back(line);
  return commands;
}

struct Printed {
  std::string out;
  std::string err;
  std::string codes;
};

Printed run_case(const fs::path& folder) {
  TemporaryDirectory temporary;
  fs::path work = temporary.path() / "work";
  fs::path binaries = temporary.path() / "bin";
  fs::create_directories(binaries);
  fs::copy(folder, work, fs::copy_options::recursive);
  for (const char* own : {"cmd", "stdout", "stderr", "code"}) fs::remove(work / own);
  fs::create_symlink(RUSTCHAIN_PROGRAM, binaries / "rustchain");

  Printed all;
  std::vector<std::string> commands = read_commands(folder / "cmd");
  for (const std::string& command : commands) {
    fs::path out = temporary.path() / "out";
    fs::path err = temporary.path() / "err";
    std::string line = "cd " + quote(work.string()) + " && exec env -i PATH=" + quote(binaries.string()) +
                       ":/usr/local/bin:/usr/bin:/bin HOME=" + quote(work.string()) +
                       " LANG=C.UTF-8 /bin/sh -c " + quote(command) + " </dev/null >" + quote(out.string()) +
                       " 2>" + quote(err.string());
    int status = std::system(line.c_str());
    std::string heading = commands.size() > 1 ? "$ " + command + "\n" : "";
    std::string errors = rustchain::normalise(read_file(err), work.string());
    all.out += heading + rustchain::normalise(read_file(out), work.string());
    if (!errors.empty()) all.err += heading + errors;
    all.codes += std::to_string(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)) + "\n";
  }
  return all;
}

void accept(const fs::path& file, const std::string& text, bool is_default) {
  if (is_default) {
    fs::remove(file);
  } else {
    write_file(file, text);
  }
}

class Case : public testing::Test {
 public:
  explicit Case(fs::path folder) : folder_(std::move(folder)) {}

  void TestBody() override {
    Printed printed = run_case(folder_);
    std::string good_codes = replace(printed.codes, "\n", "");
    bool all_good = good_codes.find_first_not_of('0') == std::string::npos;
    if (std::getenv("RUSTCHAIN_ACCEPT") != nullptr) {
      accept(folder_ / "stdout", printed.out, printed.out.empty());
      accept(folder_ / "stderr", printed.err, printed.err.empty());
      accept(folder_ / "code", printed.codes, all_good);
      return;
    }
    compare("stdout", printed.out);
    compare("stderr", printed.err);
    if (fs::exists(folder_ / "code")) {
      compare("code", printed.codes);
    } else {
      EXPECT_TRUE(all_good) << "exit codes: " << printed.codes;
    }
  }

 private:
  void compare(const std::string& name, const std::string& actual) const {
    std::string expected = read_file(folder_ / name);
    EXPECT_TRUE(expected == actual) << (folder_ / name).string() << "\n"
                                    << rustchain::difference(expected, actual);
  }

  fs::path folder_;
};

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  std::vector<fs::path> folders;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(fs::path(RUSTCHAIN_SOURCE_DIR) / "tests/e2e/cases"))
    if (fs::exists(entry.path() / "cmd")) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  if (folders.empty()) {
    std::cerr << "no cases in " << RUSTCHAIN_SOURCE_DIR << "/tests/e2e/cases\n";
    return 1;
  }
  for (const fs::path& folder : folders)
    testing::RegisterTest("E2e", folder.filename().c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [folder]() -> testing::Test* { return new Case(folder); });
  return RUN_ALL_TESTS();
}
