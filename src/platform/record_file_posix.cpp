// A file that grows while somebody may pull the plug.
#include "platform/file_support_posix.hpp"
#include "platform/record_file.hpp"

#include <cerrno>
#include <chrono>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rustchain {
namespace {

constexpr std::chrono::seconds k_between_syncs(1);

void to_disk(int descriptor) {
  // What the disk says of it helps nobody here: the next write will say it too.
  (void)::fsync(descriptor);
}

}  // namespace

Result<std::unique_ptr<RecordFile>, Failure> RecordFile::create(const std::string& path) {
  FileHandle file = open_file(AT_FDCWD, path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_EXCL, 0666);
  if (!file) return file_failure(errno, "write", path);
  // Whoever looks at the file holds it for a moment only. Where there are no locks, nobody can tell.
  while (::flock(file.get(), LOCK_EX) != 0 && errno == EINTR) {
  }
  return std::unique_ptr<RecordFile>(new RecordFile(path, file.release()));
}

RecordFile::RecordFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {
  try {
    thread_ = std::thread([this] { sync(); });
  } catch (const std::system_error&) {
    // No more threads: then the disk has it at the end.
  }
}

RecordFile::~RecordFile() {
  {
    std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
  to_disk(descriptor_);
  ::close(descriptor_);
}

Result<Done, Failure> RecordFile::append(std::string_view bytes) {
  if (int error = write_all(descriptor_, bytes); error != 0) return file_failure(error, "write", path_);
  bool first = false;
  {
    std::lock_guard lock(mutex_);
    first = !std::exchange(fresh_, true);
  }
  if (first) changed_.notify_one();
  return Done{};
}

void RecordFile::sync() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return fresh_ || over_; });
    changed_.wait_for(lock, k_between_syncs, [this] { return over_; });
    if (over_) return;
    fresh_ = false;
    lock.unlock();
    to_disk(descriptor_);
    lock.lock();
  }
}

bool RecordFile::in_place() const {
  struct stat own {
  }, there{};
  return ::fstat(descriptor_, &own) == 0 && ::stat(path_.c_str(), &there) == 0 &&
         own.st_dev == there.st_dev && own.st_ino == there.st_ino;
}

bool RecordFile::in_use(const std::string& path) {
  FileHandle file = open_file(AT_FDCWD, path.c_str(), O_RDONLY | O_NONBLOCK);
  return file && ::flock(file.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

}  // namespace rustchain
