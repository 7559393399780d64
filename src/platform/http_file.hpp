// The file that an answer's body goes to: whole or not at all.
#pragma once

#include "platform/file_support_posix.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace rustchain {

// Writes to a temporary file beside `path`, which takes its place with commit(); without it, it is removed.
// Missing directories are made, an existing file keeps its mode. No symlink in the path is followed (on
// macOS: in its last place), and its directory is held until the end. Each call gives the reason of its
// failure, which names the path.
class HttpFile {
 public:
  HttpFile() = default;
  ~HttpFile();
  HttpFile(const HttpFile&) = delete;
  HttpFile& operator=(const HttpFile&) = delete;

  std::optional<std::string> open(const std::string& path);
  std::optional<std::string> write(std::string_view bytes);
  std::optional<std::string> commit();
  bool is_open() const { return static_cast<bool>(file_); }

 private:
  std::string failed(int error) const;

  std::string path_;
  FileHandle directory_;
  FileHandle file_;
  std::string temporary_;  // in directory_; empty: there is none
};

}  // namespace rustchain
