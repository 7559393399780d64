// The file that an answer's body goes to: whole or not at all.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rustchain {

// Writes to a temporary file beside `path`, which takes its place with commit(); without it, it is removed.
// Missing directories are made, a symlink is written through, an existing file keeps its mode. Each call
// gives the reason of its failure, which names the path.
class HttpFile {
 public:
  HttpFile() = default;
  ~HttpFile();
  HttpFile(const HttpFile&) = delete;
  HttpFile& operator=(const HttpFile&) = delete;

  std::optional<std::string> open(const std::string& path);
  std::optional<std::string> write(std::string_view bytes);
  std::optional<std::string> commit();
  bool is_open() const { return descriptor_ >= 0; }

 private:
  std::string failed(int error) const;

  std::string shown_;      // as it was asked for
  std::string path_;       // where symlinks lead
  std::string temporary_;  // empty: there is none
  int descriptor_ = -1;
};

}  // namespace rustchain
