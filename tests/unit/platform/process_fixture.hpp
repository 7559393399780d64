// A real Processes, helper programs for it to run, and eyes for what they leave behind.
#pragma once

#include "rustchain/services.hpp"

#include "platform/platform.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace rustchain {

inline constexpr std::string_view k_token_name = "PROCESS_TEST_TOKEN";

class ProcessFixture : public ::testing::Test {
 protected:
  ProcessFixture();
  ~ProcessFixture() override;  // nothing may be left

  // What the helper program shall do; it has the token of this test in its environment.
  ProcessRequest helper(std::vector<std::string> actions) const;
  ProcessEnd run(const ProcessRequest& request);
  Failure failure(const ProcessRequest& request);

  std::string path(const std::string& name) const { return directory_ + "/" + name; }
  std::string fifo() const { return path("fifo"); }
  // Blocks until the helpers of this test have done `tell:` so often (thirty seconds at most).
  void await(int told);
  std::string read_file(const std::string& path) const;
  void write_file(const std::string& path, const std::string& text, unsigned mode = 0644) const;

  // Living processes that have this test's token.
  std::vector<int> alive() const;
  bool nothing_alive_soon() const;  // within ten seconds

  std::string token_;  // in the environment, by that name
  std::string directory_;
  int fifo_ = -1;
  Stop stop_;
  std::unique_ptr<Processes> processes_ = make_processes();
};

}  // namespace rustchain
