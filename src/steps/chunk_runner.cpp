// Runs the chunks of a command, several at the same time.
#include "steps/chunk_runner.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace rustchain {
namespace {

constexpr std::size_t k_write_at_once = 1 << 20;
// How many chunks may be ahead of the oldest one that runs: what they printed waits in memory.
constexpr std::size_t k_ahead = 4;

}  // namespace

MergedFile::MergedFile(Files& files, std::string path, const Mask* mask)
    : files_(files), path_(std::move(path)) {
  if (mask != nullptr) mask_.emplace(*mask);
}

void MergedFile::add(std::string_view text) {
  if (path_.empty() || !error_.empty()) return;
  if (mask_)
    mask_->add(text, pending_);
  else
    pending_ += text;
  if (pending_.size() >= k_write_at_once) flush();
}

void MergedFile::add_file(const std::string& masked_already, const std::string& problem) {
  if (path_.empty() || !error_.empty()) return;
  finish();
  if (masked_already.empty() || !problem.empty())
    error_ = problem.empty() ? "a chunk's output is missing" : problem;
  else if (Result<std::uint64_t, Failure> added = files_.append_file(masked_already, path_); !added)
    error_ = added.error().message;
}

void MergedFile::finish() {
  if (mask_) mask_->end(pending_);
  flush();
}

void MergedFile::flush() {
  if (path_.empty() || !error_.empty()) return;
  if (!clean_) (void)files_.remove(path_, false).ok();
  clean_ = true;
  if (pending_.empty()) return;
  Result<Written, Failure> written = files_.write({.path = path_, .bytes = pending_, .append = true});
  if (!written) error_ = written.error().message;
  pending_.clear();
}

MergedStream::MergedStream(MergedFile file, MergedFile plain_file, Files& files, std::size_t keep,
                           std::string separator)
    : files_(files),
      file_(std::move(file)),
      plain_file_(std::move(plain_file)),
      head_limit_(keep / 2),
      tail_limit_(keep - keep / 2),
      separator_(std::move(separator)) {}

void MergedStream::add(const Captured& piece) {
  auto add_whole = [this](std::string_view text) {
    add_text(text);
    file_.add(text);
    plain_file_.add(text);
  };
  if (piece.bytes > 0 && all_.bytes > 0 && !separator_.empty()) {
    add_whole(separator_);
    all_.bytes += separator_.size();
    ++all_.lines;
  }
  if (!piece.truncated()) {
    add_whole(piece.head);
    add_whole(piece.tail);
  } else {
    add_text(piece.head);
    tail_ = piece.tail;
    file_.add_file(piece.file, piece.store_error);
    plain_file_.add_file(piece.plain_file, piece.store_error);
  }
  all_.bytes += piece.bytes;
  all_.lines += piece.lines;
  for (const std::string& path : {piece.file, piece.plain_file})
    if (!path.empty()) (void)files_.remove(path, false).ok();
}

void MergedStream::add_text(std::string_view text) {
  const std::size_t to_head =
      tail_.empty() ? std::min(text.size(), head_limit_ - std::min(head_limit_, all_.head.size())) : 0;
  all_.head += text.substr(0, to_head);
  tail_ += text.substr(to_head);
  if (tail_.size() > 2 * tail_limit_ + k_write_at_once) tail_.erase(0, tail_.size() - tail_limit_);
}

Captured MergedStream::finish() {
  file_.finish();
  plain_file_.finish();
  all_.store_error = file_.error().empty() ? plain_file_.error() : file_.error();
  if (all_.bytes > 0) {
    all_.file = file_.path();
    all_.plain_file = plain_file_.path();
  }
  if (tail_.size() > tail_limit_) tail_.erase(0, tail_.size() - tail_limit_);
  if (all_.bytes == all_.head.size() + tail_.size())
    all_.head += tail_;
  else
    all_.tail = std::move(tail_);
  return std::move(all_);
}

ChunkRunner::ChunkRunner(Services& services, const Stop& stop, Setup setup)
    : services_(services),
      stop_(stop),
      setup_(std::move(setup)),
      out_(MergedFile(services.files, setup_.request.stdout_file, setup_.request.mask),
           MergedFile(services.files, setup_.request.stdout_plain_file, nullptr), services.files,
           setup_.request.keep_bytes, setup_.separator),
      err_(MergedFile(services.files, setup_.request.stderr_file, setup_.request.mask),
           MergedFile(services.files, {}, nullptr), services.files, setup_.request.keep_bytes, {}) {}

ChunkRunner::~ChunkRunner() {
  join();
}

bool ChunkRunner::add(std::vector<std::string> argv) {
  std::unique_lock lock(mutex_);
  room_.wait(lock, [&] { return is_over() || added_ - next_ < k_ahead * setup_.parallel; });
  if (is_over()) return false;
  waiting_.push_back({added_++, std::move(argv)});
  if (threads_.size() < setup_.parallel && threads_.size() < added_) {
    try {
      threads_.emplace_back([this] { work(); });
    } catch (const std::system_error&) {
      // The threads that there are do the work.
      if (threads_.empty()) {
        failure_ = Failure{FailureKind::resource_limit, "the system starts no more threads for us",
                           "end what isn't needed, or raise the limit (ulimit -u)"};
        return false;
      }
    }
  }
  lock.unlock();
  work_.notify_one();
  return true;
}

void ChunkRunner::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [&] { return !waiting_.empty() || closed_ || is_over(); });
    if (waiting_.empty() || is_over()) return;
    Chunk chunk = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    Result<ProcessEnd, Failure> end = services_.processes.run(request_of(chunk), stop_);
    {
      std::lock_guard progress(progress_mutex_);
      auto last = running_.extract(chunk.number);
      if (!last.empty()) {
        done_.bytes += last.mapped().bytes;
        done_.lines += last.mapped().lines;
      }
    }
    lock.lock();
    if (end) {
      ended_.emplace(chunk.number, std::move(*end));
      put_in_order(lock);
    } else if (!failure_) {
      failure_ = end.error();
    }
    room_.notify_all();
    if (is_over()) work_.notify_all();
  }
}

ProcessRequest ChunkRunner::request_of(const Chunk& chunk) {
  ProcessRequest request = setup_.request;
  request.argv = chunk.argv;
  const std::string mark = "." + std::to_string(chunk.number);
  for (std::string* file : {&request.stdout_file, &request.stderr_file, &request.stdout_plain_file})
    if (!file->empty()) *file += mark;
  if (setup_.request.on_progress)
    request.on_progress = [this, number = chunk.number](const Progress& progress) {
      gave_progress(number, progress);
    };
  if (setup_.request.on_started)
    request.on_started = [this](int process) {
      std::lock_guard lock(progress_mutex_);
      setup_.request.on_started(process);
    };
  return request;
}

void ChunkRunner::gave_progress(std::size_t number, const Progress& progress) {
  std::lock_guard lock(progress_mutex_);
  running_[number] = progress;
  Progress all = done_;
  for (const auto& [chunk, one] : running_) {
    all.bytes += one.bytes;
    all.lines += one.lines;
  }
  all.last_line = progress.last_line;
  setup_.request.on_progress(all);
}

// One thread at a time writes; the others go on with their chunks meanwhile.
void ChunkRunner::put_in_order(std::unique_lock<std::mutex>& lock) {
  if (writing_) return;
  writing_ = true;
  while (!ended_.empty() && ended_.begin()->first == next_) {
    ProcessEnd end = std::move(ended_.begin()->second);
    ended_.erase(ended_.begin());
    lock.unlock();
    take(std::move(end));
    lock.lock();
    ++next_;
    room_.notify_all();
  }
  writing_ = false;
}

void ChunkRunner::take(ProcessEnd end) {
  out_.add(end.out);
  err_.add(end.err);
  all_.codes.push_back(end.exit_code);
  ProcessEnd& all = all_.end;
  if (all.signal == 0) all.signal = end.signal;
  if (all.stopped_by == StopReason::none) all.stopped_by = end.stopped_by;
  all.ended.insert(all.ended.end(), end.ended.begin(), end.ended.end());
  all.left_over.insert(all.left_over.end(), end.left_over.begin(), end.left_over.end());
  all.limits_enforced = end.limits_enforced && setup_.parallel == 1;
  all.out_of_memory = all.out_of_memory || end.out_of_memory;
  all.cpu_time += end.cpu_time;
  all.peak_memory_bytes = std::max(all.peak_memory_bytes, end.peak_memory_bytes);
}

void ChunkRunner::join() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
  }
  work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

Result<ChunksEnd, Failure> ChunkRunner::finish() {
  join();
  // After a stop some in the middle may be missing; what came after them is still worth showing.
  for (auto& [number, end] : ended_) take(std::move(end));
  ended_.clear();
  all_.end.out = out_.finish();
  all_.end.err = err_.finish();
  if (stop_.requested() && all_.end.stopped_by == StopReason::none) all_.end.stopped_by = stop_.reason();
  if (failure_) return *failure_;
  return std::move(all_);
}

}  // namespace rustchain
