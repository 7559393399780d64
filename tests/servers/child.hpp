// A process that a test starts, and ends when it is done with it.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace rustchain::testing {

class Child {
 public:
  struct Setup {
    std::vector<std::string> argv;  // argv[0]: a path
    std::filesystem::path directory;
    std::vector<std::pair<std::string, std::string>> environment;  // added to this process's own
    std::filesystem::path out;                                     // files
    std::filesystem::path err;
  };
  explicit Child(const Setup& setup);
  ~Child();  // with its whole process group
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  int wait();  // its exit code; 128 + N after signal N
  bool has_ended();

 private:
  int pid_ = 0;
  bool waited_for_ = false;
};

// A server of another make on a free port of 127.0.0.1.
class IndependentServer {
 public:
  // In `argv`, "PORT" stands for the port.
  IndependentServer(std::vector<std::string> argv, const std::filesystem::path& directory);
  // Until it takes connections. False: it has ended, or takes none for thirty seconds.
  bool ready();
  int port() const { return port_; }
  std::string url(const std::string& path = "", const std::string& scheme = "http") const {
    return scheme + "://127.0.0.1:" + std::to_string(port_) + path;
  }

 private:
  int port_;
  Child child_;
};

}  // namespace rustchain::testing
