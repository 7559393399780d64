// Between the judge's look at a path and its use another process may put a symbolic link into it. Files that
// the judge has resolved are used by the path that it saw, and no link in that is followed any more.
#pragma once

#include "rustchain/services.hpp"

#include "platform/file_support_posix.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace rustchain {

// What the judge saw. From any thread.
class JudgedPaths {
 public:
  // `path`: absolute, as the step names it. `real`: through all links.
  void note(const std::string& path, const std::string& real);
  // Empty: it wasn't judged. A file in a judged directory was judged with it.
  std::string real(const std::string& path) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string> real_;
};

// Reads, writes, copies, moves and deletes judged paths as they were seen; all else, and on systems that
// can't do it, goes to `files`. Both have to outlive it.
std::unique_ptr<Files> make_judged_files(Files& files, const JudgedPaths& judged);

// Has the answers' files (`output_file`) written where the judge saw them; they follow no links by
// themselves. Both have to outlive it.
std::unique_ptr<HttpClient> make_judged_http(HttpClient& http, const JudgedPaths& judged);

// The directory, made where it is missing, by a path without links; ELOOP when there is one. On macOS links
// are followed.
FileHandle make_real_directory(const std::string& path);

// A directory by a path without links; ELOOP when there is one. `openat2`: by the system call of that name,
// where the kernel has it; else part by part. Linux only.
FileHandle open_real_directory(const std::string& path, bool openat2 = true);

}  // namespace rustchain
