// Runs the real program on a mission that a test writes, in a directory of its own.
#pragma once

#include "rustchain/json.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace rustchain::testing {

struct MissionRun {
  int exit_code = 0;
  Json report;         // what --output json gave
  std::string errors;  // what it said to people

  // The step's row of the report; a failed expectation where there is none.
  Json step(const std::string& id) const;
};

class MissionRunner {
 public:
  MissionRunner();
  ~MissionRunner();
  MissionRunner(const MissionRunner&) = delete;
  MissionRunner& operator=(const MissionRunner&) = delete;

  const std::filesystem::path& directory() const { return directory_; }
  void write(const std::string& name, const std::string& text) const;
  std::string read(const std::string& name) const;
  void set(std::string variable, std::string value) {
    environment_.emplace_back(std::move(variable), std::move(value));
  }

  // `steps`: the YAML below `steps:`, indented by two.
  MissionRun run(const std::string& steps) const;

 private:
  std::filesystem::path directory_;
  std::vector<std::pair<std::string, std::string>> environment_;
};

}  // namespace rustchain::testing
