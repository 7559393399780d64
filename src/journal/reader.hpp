// The record of a run, read back and held against its hashes.
#pragma once

#include "rustchain/event.hpp"
#include "rustchain/report.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

struct Journal {
  std::vector<Event> events;  // up to the first line that isn't right
  // Where the chain is broken, and how: "line 17 was changed"; empty: nowhere.
  std::string broken;
  // Bytes at the end that are no whole line: what was being written when the power went. Not an error.
  std::size_t torn_bytes = 0;

  bool finished() const;  // it has the end of its run
  RunReport report() const;
};

// `text` is that of the file.
Journal read_journal(std::string_view text);

// The same without reading the events: all that the chain can tell, and how many lines are right.
struct ChainCheck {
  std::size_t lines = 0;
  std::string broken;
  std::size_t torn_bytes = 0;
};
ChainCheck check_chain(std::string_view text, const std::function<void(std::string_view line)>& on_line = {});

}  // namespace rustchain
