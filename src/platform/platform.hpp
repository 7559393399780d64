// The real world: the one implementation of each seam in rustchain/services.hpp, and what else only the
// system can tell. Made in src/cli/app.cpp, nowhere else.
#pragma once

#include "rustchain/services.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rustchain {

std::unique_ptr<Clock> make_clock();
// `follow`: a symlink in the last place of a path is followed; else it is a failure (ELOOP).
std::unique_ptr<Files> make_files(bool follow = true);
// Where Linux tells which cgroup we are in, and where cgroups are mounted.
struct CgroupFiles {
  std::string own = "/proc/self/cgroup";
  std::string mounts = "/proc/self/mountinfo";
};
std::unique_ptr<Processes> make_processes(CgroupFiles cgroups = {});
// Proxies are taken from `environment` (http_proxy, https_proxy, no_proxy, either case).
std::unique_ptr<HttpClient> make_http_client(Environment environment);

Environment read_environment();
std::string current_directory();  // empty: it was removed, or may not be looked at
// Which directory a path leads to, through all links; two paths lead to the same one when these are equal.
// nullopt: to none.
struct DirectoryIdentity {
  std::uint64_t device = 0;
  std::uint64_t number = 0;
  bool operator==(const DirectoryIdentity&) const = default;
};
std::optional<DirectoryIdentity> directory_identity(const std::string& path);
std::string home_directory();  // empty: there is none
std::string temporary_directory();
std::string_view platform_name();  // linux, macos, windows
std::string default_shell();       // /bin/sh, cmd
unsigned processor_count();
std::uint64_t random_bits();

// Opens what the caller closed of standard input, output and error, so that no file of ours gets its number.
// Standard output is opened such that writing to it fails: it must be noticed that nobody gets the result.
void open_standard_streams();

// If the program was started to be one of its own helpers (the guardian of processes), does that work and
// gives its exit code; else a negative number. To be called first in main.
int run_as_helper(int argc, char** argv);

// Ignores SIGPIPE, and calls `handler` with SIGINT, SIGTERM or SIGHUP from a thread of its own whenever one
// comes; until this object ends. Only one at a time.
class SignalWatch {
 public:
  explicit SignalWatch(std::function<void(int signal)> handler);
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// What standard output (1) or standard error (2) is.
struct Terminal {
  bool is_terminal = false;
  unsigned columns = 80;
  unsigned rows = 24;
};
Terminal terminal(int descriptor);

}  // namespace rustchain
