// Problems that a file has many times over: shown once for each kind, at the first place, with the count.
#pragma once

#include "rustchain/diagnostic.hpp"

#include <cstddef>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace rustchain {

class Tally {
 public:
  // Counts one more problem of `kind`; `make` gives the Diagnostic, and is asked the first time only.
  template <class Make>
  void add(std::string kind, Make&& make) {
    auto [at, fresh] = index_.try_emplace(std::move(kind), rows_.size());
    if (fresh)
      rows_.push_back({std::forward<Make>(make)(), 1});
    else
      ++rows_[at->second].count;
  }

  // Hands what was counted to `problems`, in the order found.
  void report(Diagnostics& problems);

 private:
  struct Row {
    Diagnostic diagnostic;
    std::size_t count;
  };
  std::vector<Row> rows_;
  std::unordered_map<std::string, std::size_t> index_;
};

}  // namespace rustchain
