// What a process prints: all of it to a file, its beginning and its end to memory, and figures about it.
#include "platform/capture.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace rustchain {
namespace {

constexpr std::size_t k_recent = 4096;
constexpr std::size_t k_longest_last_line = 200;

bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

// The piece of UTF-8 text up to `limit` bytes that doesn't cut a character in two; other bytes stay.
std::size_t whole_characters(std::string_view text, std::size_t limit) {
  if (limit >= text.size()) return text.size();
  std::size_t end = limit;
  for (int back = 0; back < 3 && end > 0 && continues_character(text[end]); ++back) --end;
  return continues_character(text[end]) ? limit : end;
}

// In pieces whose count fits a byte, which compilers turn into vector code: std::count would take longer than
// the reading.
std::uint64_t count_newlines(std::string_view bytes) {
  std::uint64_t count = 0;
  while (!bytes.empty()) {
    std::string_view piece = bytes.substr(0, 255);
    std::uint8_t in_piece = 0;
    for (char byte : piece) in_piece = static_cast<std::uint8_t>(in_piece + (byte == '\n'));
    count += in_piece;
    bytes.remove_prefix(piece.size());
  }
  return count;
}

}  // namespace

void CaptureFile::write(std::string_view bytes) {
  if (path_.empty() || bytes.empty() || !error_.empty()) return;
  if (!made_) {
    stored_.reset(std::fopen(path_.c_str(), "wb"));
    if (!stored_ && errno == ENOENT) {
      std::error_code ignored;
      std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), ignored);
      stored_.reset(std::fopen(path_.c_str(), "wb"));
    }
    if (!stored_) return failed_to("make");
    made_ = true;
    std::setvbuf(stored_.get(), nullptr, _IONBF, 0);
  }
  if (std::fwrite(bytes.data(), 1, bytes.size(), stored_.get()) != bytes.size()) failed_to("write");
}

void CaptureFile::close() {
  if (stored_ && std::fclose(stored_.release()) != 0) failed_to("write");
}

void CaptureFile::failed_to(const char* what) {
  error_ = std::string("can't ") + what + " '" + path_ + "': " + std::generic_category().message(errno);
  stored_.reset();
}

Capture::Capture(std::size_t keep, std::string file, std::string plain_file, const Mask* mask)
    : head_limit_(keep / 2),
      tail_limit_(keep - keep / 2),
      file_(std::move(file)),
      plain_file_(std::move(plain_file)) {
  if (mask != nullptr) mask_.emplace(*mask);
}

void Capture::add(std::string_view bytes) {
  if (bytes.empty()) return;
  plain_file_.write(bytes);
  if (mask_) {
    std::string masked;
    mask_->add(bytes, masked);
    show(masked);
  } else {
    show(bytes);
  }
  bytes_ += bytes.size();
  newlines_ += count_newlines(bytes);
  last_byte_ = bytes.back();

  std::size_t to_head = std::min(bytes.size(), head_limit_ - head_.size());
  head_ += bytes.substr(0, to_head);
  bytes.remove_prefix(to_head);
  std::size_t room = std::min(bytes.size(), tail_limit_ - tail_.size());
  tail_ += bytes.substr(0, room);
  bytes.remove_prefix(room);
  if (bytes.size() > tail_limit_) bytes.remove_prefix(bytes.size() - tail_limit_);
  while (!bytes.empty()) {
    std::size_t piece = std::min(bytes.size(), tail_limit_ - tail_at_);
    std::copy_n(bytes.begin(), piece, tail_.begin() + static_cast<std::ptrdiff_t>(tail_at_));
    tail_at_ = (tail_at_ + piece) % tail_limit_;
    bytes.remove_prefix(piece);
  }
}

// What people get to see.
void Capture::show(std::string_view bytes) {
  file_.write(bytes);
  if (bytes.size() >= k_recent) {
    recent_.assign(bytes.substr(bytes.size() - k_recent));
  } else {
    if (recent_.size() + bytes.size() > 2 * k_recent) recent_.erase(0, recent_.size() - k_recent);
    recent_ += bytes;
  }
}

std::uint64_t Capture::lines() const {
  return newlines_ + (last_byte_ == '\n' ? 0 : 1);
}

std::string Capture::last_line() const {
  constexpr std::string_view ends = "\r\n";
  std::size_t end = recent_.find_last_not_of(ends);
  if (end == std::string::npos) return {};
  std::size_t begin = recent_.find_last_of(ends, end);
  begin = begin == std::string::npos ? 0 : begin + 1;
  std::string_view line = std::string_view(recent_).substr(begin, end + 1 - begin);
  return std::string(line.substr(0, whole_characters(line, k_longest_last_line)));
}

Captured Capture::finish() {
  if (mask_) {
    std::string rest;
    mask_->end(rest);
    show(rest);
  }
  file_.close();
  plain_file_.close();
  Captured result;
  result.bytes = bytes_;
  result.lines = lines();
  result.store_error = file_.error().empty() ? plain_file_.error() : file_.error();
  result.file = file_.take_path();
  result.plain_file = plain_file_.take_path();
  std::rotate(tail_.begin(), tail_.begin() + static_cast<std::ptrdiff_t>(tail_at_), tail_.end());
  if (bytes_ == head_.size() + tail_.size()) {
    result.head = std::move(head_) + tail_;
    return result;
  }
  std::size_t skip = 0;
  while (skip < 3 && skip < tail_.size() && continues_character(tail_[skip])) ++skip;
  if (skip < tail_.size() && continues_character(tail_[skip])) skip = 0;
  tail_.erase(0, skip);
  // The byte after the head is gone, so a character that it may have cut is found by its first byte.
  std::size_t first = head_.size();
  while (first > 0 && head_.size() - first < 3 && continues_character(head_[first - 1])) --first;
  if (first > 0) {
    auto lead = static_cast<unsigned char>(head_[first - 1]);
    std::size_t wants = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (head_.size() - (first - 1) < wants) head_.resize(first - 1);
  }
  result.head = std::move(head_);
  result.tail = std::move(tail_);
  return result;
}

}  // namespace rustchain
