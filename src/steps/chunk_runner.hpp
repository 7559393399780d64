// Runs the chunks of a command, several at the same time, and puts together what they give, in their order.
#pragma once

#include "rustchain/services.hpp"

#include "util/mask.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace rustchain {

// The file that the chunks' outputs are put together in. Text of up to a MiB waits to be written.
class MergedFile {
 public:
  // `mask` may be nullptr, `path` empty: what is added is lost then.
  MergedFile(Files& files, std::string path, const Mask* mask);
  void add(std::string_view text);
  void add_file(const std::string& masked_already, const std::string& problem);
  void finish();
  const std::string& path() const { return path_; }
  const std::string& error() const { return error_; }

 private:
  void flush();

  Files& files_;
  std::string path_;
  std::optional<MaskStream> mask_;
  std::string pending_;
  bool clean_ = false;  // an older file is out of the way
  std::string error_;
};

// One output stream of all the chunks: as if one process had printed it.
class MergedStream {
 public:
  // `keep`: bytes in memory.
  MergedStream(MergedFile file, MergedFile plain_file, Files& files, std::size_t keep, std::string separator);
  void add(const Captured& piece);
  Captured finish();

 private:
  void add_text(std::string_view text);

  Files& files_;
  MergedFile file_;
  MergedFile plain_file_;
  std::size_t head_limit_;
  std::size_t tail_limit_;
  std::string separator_;
  std::string tail_;
  Captured all_;
};

struct ChunksEnd {
  ProcessEnd end;          // all but the exit code
  std::vector<int> codes;  // in the order of the chunks
};

class ChunkRunner {
 public:
  struct Setup {
    ProcessRequest request;  // of each chunk, but for its argv; its files are those of the whole
    unsigned parallel = 1;
    std::string separator;
  };
  ChunkRunner(Services& services, const Stop& stop, Setup setup);
  ~ChunkRunner();
  ChunkRunner(const ChunkRunner&) = delete;
  ChunkRunner& operator=(const ChunkRunner&) = delete;

  // May block while others run. False: more chunks are of no use, the stop was requested or one can't be
  // started.
  bool add(std::vector<std::string> argv);
  // Waits for all of them.
  Result<ChunksEnd, Failure> finish();

 private:
  struct Chunk {
    std::size_t number = 0;
    std::vector<std::string> argv;
  };

  bool is_over() const { return failure_.has_value() || stop_.requested(); }
  void work();
  ProcessRequest request_of(const Chunk& chunk);
  void gave_progress(std::size_t number, const Progress& progress);
  void put_in_order(std::unique_lock<std::mutex>& lock);
  void take(ProcessEnd end);
  void join();

  Services& services_;
  const Stop& stop_;
  const Setup setup_;

  std::mutex mutex_;  // of all that follows
  std::condition_variable work_;
  std::condition_variable room_;
  std::vector<std::thread> threads_;
  std::deque<Chunk> waiting_;
  std::map<std::size_t, ProcessEnd> ended_;  // those that wait for one before them
  std::size_t added_ = 0;
  std::size_t next_ = 0;  // whose turn it is to be put into the whole
  bool writing_ = false;
  bool closed_ = false;
  std::optional<Failure> failure_;
  MergedStream out_;
  MergedStream err_;
  ChunksEnd all_;

  std::mutex progress_mutex_;
  std::map<std::size_t, Progress> running_;
  Progress done_;
};

}  // namespace rustchain
