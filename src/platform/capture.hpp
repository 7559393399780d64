// What a process prints: all of it to a file, its beginning and its end to memory, and figures about it.
#pragma once

#include "rustchain/services.hpp"

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace rustchain {

// Takes memory for `keep` bytes at most, whatever is added.
class Capture {
 public:
  // `file`: made with the first byte; empty: nowhere.
  Capture(std::size_t keep, std::string file);

  void add(std::string_view bytes);
  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t lines() const;
  // The last line that isn't empty, at most 200 bytes of it. A carriage return ends a line too: progress
  // bars.
  std::string last_line() const;

  // What there is; not to be used afterwards.
  Captured finish();

 private:
  void store(std::string_view bytes);
  void failed_to(const char* what);

  std::size_t head_limit_;
  std::size_t tail_limit_;
  std::string file_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> stored_;
  bool made_ = false;
  std::string store_error_;
  std::string head_;
  std::string tail_;         // a ring once it is full
  std::size_t tail_at_ = 0;  // where the ring goes on
  std::string recent_;       // the last bytes, for last_line()
  std::uint64_t bytes_ = 0;
  std::uint64_t newlines_ = 0;
  char last_byte_ = '\n';
};

}  // namespace rustchain
