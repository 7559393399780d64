// A directory of its own in which the real program is run, and what it prints.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace rustchain::testing {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

class Workplace {
 public:
  Workplace() {
    std::string name = (std::filesystem::temp_directory_path() / "rustchain-e2e-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::filesystem::filesystem_error("mkdtemp", name, {});
    directory_ = std::filesystem::canonical(name);
  }
  ~Workplace() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  const std::filesystem::path& directory() const { return directory_; }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(directory_ / name, std::ios::binary | std::ios::trunc) << text;
  }

  // Standard output and error go to the files `out` and `err`. `prepare` is called in the new process, where
  // the directory is the working directory.
  pid_t start(const std::vector<std::string>& arguments, const std::function<void()>& prepare = {}) const {
    const pid_t pid = fork();
    if (pid != 0) return pid;
    if (chdir(directory_.c_str()) != 0) _exit(99);
    std::vector<const char*> words = {RUSTCHAIN_PROGRAM};
    for (const std::string& argument : arguments) words.push_back(argument.c_str());
    words.push_back(nullptr);
    (void)!std::freopen("out", "w", stdout);
    (void)!std::freopen("err", "w", stderr);
    if (prepare) prepare();
    execv(RUSTCHAIN_PROGRAM, const_cast<char* const*>(words.data()));
    _exit(99);
  }
  // The exit code; 128 + N: signal N ended it.
  static int wait(pid_t pid) {
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  int run(const std::vector<std::string>& arguments, const std::function<void()>& prepare = {}) const {
    return wait(start(arguments, prepare));
  }
  std::string out() const { return read_file(directory_ / "out"); }
  std::string err() const { return read_file(directory_ / "err"); }

  // The folders of the runs, oldest first.
  std::vector<std::filesystem::path> runs() const {
    std::vector<std::filesystem::path> all;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(directory_ / ".rustchain/runs", none))
      all.push_back(entry.path());
    std::sort(all.begin(), all.end());
    return all;
  }

 private:
  std::filesystem::path directory_;
};

}  // namespace rustchain::testing
