// A file that grows while somebody may pull the plug: the journal of a run.
#pragma once

#include "rustchain/result.hpp"
#include "rustchain/services.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace rustchain {

// Locked as long as it lives, so that others can tell that its writer does (in_use). What was appended is
// there when the process dies; when the power goes, at most the last second is lost.
class RecordFile {
 public:
  // Makes the file, which must not be there yet.
  static Result<std::unique_ptr<RecordFile>, Failure> create(const std::string& path);
  ~RecordFile();  // returns when all of it is on the disk
  RecordFile(const RecordFile&) = delete;
  RecordFile& operator=(const RecordFile&) = delete;

  // In one piece. After a failure the file may end within a piece; nothing more is to be added then.
  Result<Done, Failure> append(std::string_view bytes);

  // Whether it still is the file of its path: it may have been deleted meanwhile, or its directory.
  bool in_place() const;

  // Whether a RecordFile of this path lives, in this process or another. Changes nothing about the file.
  static bool in_use(const std::string& path);

 private:
  RecordFile(std::string path, int descriptor);
  void sync();

  const std::string path_;
  const int descriptor_;
  std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  bool fresh_ = false;  // there is something that may not be on the disk
  bool over_ = false;
  std::thread thread_;
};

}  // namespace rustchain
