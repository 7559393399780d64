// What the file functions of POSIX systems share: owned descriptors, messages, and the names in a directory.
#pragma once

#include "rustchain/services.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/stat.h>

namespace rustchain {

// Closes its descriptor when it ends.
class FileHandle {
 public:
  FileHandle() = default;
  explicit FileHandle(int descriptor) : descriptor_(descriptor) {}
  FileHandle(FileHandle&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileHandle& operator=(FileHandle&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~FileHandle();

  int get() const { return descriptor_; }
  explicit operator bool() const { return descriptor_ >= 0; }
  int release() { return std::exchange(descriptor_, -1); }  // another closes it now
  // Closes it now; the error code, 0 if there was none.
  int close();

 private:
  int descriptor_ = -1;
};

// open and openat that go on after a signal and never leave the descriptor to a child.
FileHandle open_file(int directory, const char* path, int flags, unsigned mode = 0);

// "can't write '/x/y': the disk is full", with what to do about it. `action` is a verb: read, write, delete
// ...
Failure file_failure(int error, std::string_view action, const std::string& path);

struct DirectoryEntry {
  enum class Kind : unsigned char { file, directory, link, other, unknown };
  std::string name;
  Kind kind = Kind::unknown;
};
// All names but "." and "..", in no order. Takes the descriptor. The error code, 0 if there was none.
int list_directory(FileHandle directory, std::vector<DirectoryEntry>& entries);
DirectoryEntry::Kind kind_of(const struct stat& status);

// All of it, from where the descriptor stands; the error code, 0 if there was none.
int write_all(int descriptor, std::string_view bytes);

}  // namespace rustchain
