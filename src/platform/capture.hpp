// What a process prints: all of it to a file, its beginning and its end to memory, and figures about it.
#pragma once

#include "rustchain/services.hpp"

#include "util/mask.hpp"

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace rustchain {

// A file that is made with the first byte written to it.
class CaptureFile {
 public:
  explicit CaptureFile(std::string path) : path_(std::move(path)), stored_(nullptr, std::fclose) {}
  void write(std::string_view bytes);
  void close();
  const std::string& error() const { return error_; }
  std::string take_path() { return made_ ? std::move(path_) : std::string(); }

 private:
  void failed_to(const char* what);

  std::string path_;  // empty: what is written is lost
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> stored_;
  bool made_ = false;
  std::string error_;
};

// Takes memory for `keep` bytes at most, whatever is added.
class Capture {
 public:
  // `file` is masked, `plain_file` isn't; empty: nowhere. Memory isn't masked either: other steps want the
  // values.
  Capture(std::size_t keep, std::string file, std::string plain_file = {}, const Mask* mask = nullptr);

  void add(std::string_view bytes);
  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t lines() const;
  // The last line that isn't empty, at most 200 bytes of it. A carriage return ends a line too: progress
  // bars. Masked.
  std::string last_line() const;

  // What there is; not to be used afterwards.
  Captured finish();

 private:
  void show(std::string_view bytes);

  std::size_t head_limit_;
  std::size_t tail_limit_;
  CaptureFile file_;
  CaptureFile plain_file_;
  std::optional<MaskStream> mask_;
  std::string head_;
  std::string tail_;         // a ring once it is full
  std::size_t tail_at_ = 0;  // where the ring goes on
  std::string recent_;       // the last bytes, for last_line()
  std::uint64_t bytes_ = 0;
  std::uint64_t newlines_ = 0;
  char last_byte_ = '\n';
};

}  // namespace rustchain
