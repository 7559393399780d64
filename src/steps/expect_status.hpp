// Which HTTP statuses a step takes for success: numbers, "2xx", "200-299", and lists of these. Pure.
#pragma once

#include "rustchain/json.hpp"
#include "rustchain/result.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rustchain {

class ExpectedStatus {
 public:
  // A value of expect_status; the error names what in it can't be read.
  static Result<ExpectedStatus> read(const Json& value);
  bool has(int status) const;
  std::string text() const;  // "200-299 or 404"

 private:
  std::vector<std::pair<int, int>> ranges_;
};

}  // namespace rustchain
