// What goes between the runner and one running step: its input, its output, and the guardian's words.
#include "platform/process_exchange.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <stop_token>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace rustchain {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds k_between_progress{100};
constexpr milliseconds k_longest_wait{1000};
constexpr std::size_t k_much_at_once = 64 * 1024;  // what an ordinary pipe holds

}  // namespace

ProcessExchange::ProcessExchange(const ProcessRequest& request, const Stop& stop, GuardianLink& guardian,
                                 StepPipes pipes, std::span<char> buffer)
    : request_(request),
      stop_(stop),
      guardian_(guardian),
      pipes_(std::move(pipes)),
      buffer_(buffer),
      to_feed_(request.stdin_text),
      out_(request.keep_bytes, request.stdout_file, request.stdout_plain_file, request.mask),
      err_(request.keep_bytes, request.stderr_file, {}, request.mask),
      next_progress_(std::chrono::steady_clock::now() + k_between_progress) {}

std::optional<GuardianMessage> ProcessExchange::run() {
  std::optional<GuardianMessage> message = converse();
  drain(pipes_.out, out_);
  drain(pipes_.err, err_);
  return message;
}

std::optional<GuardianMessage> ProcessExchange::converse() {
  // The guardian is told from the thread that asks for the stop, so nothing that this one is busy with can
  // delay it.
  std::atomic<bool> told_stop = false;
  std::atomic<bool> told_kill = false;
  auto tell_stop = [&] {
    if (guardian_.tell(Word::stop)) told_stop = true;
  };
  auto tell_kill = [&] {
    if (guardian_.tell(Word::kill_now)) told_kill = true;
  };
  std::stop_callback on_stop(stop_.token(), tell_stop);
  std::stop_callback on_kill(stop_.at_once_token(), tell_kill);

  for (;;) {
    std::array<pollfd, 4> news{pollfd{guardian_.socket(), POLLIN, 0}, pollfd{pipes_.out.get(), POLLIN, 0},
                               pollfd{pipes_.err.get(), POLLIN, 0}, pollfd{pipes_.in.get(), POLLOUT, 0}};
    milliseconds wait = k_longest_wait;
    if (spoke_last_ && request_.on_progress) {
      auto left = next_progress_ - std::chrono::steady_clock::now();
      wait = std::clamp(std::chrono::ceil<milliseconds>(left), milliseconds(0), wait);
    }
    int ready = poll(news.data(), news.size(), static_cast<int>(wait.count()));
    if (ready < 0) continue;  // only EINTR can be
    if (news[1].revents && !read_some(pipes_.out, out_, buffer_.size())) pipes_.out.reset();
    if (news[2].revents && !read_some(pipes_.err, err_, buffer_.size())) pipes_.err.reset();
    if (news[3].revents) feed();
    if (news[0].revents) {
      std::optional<GuardianMessage> message = guardian_.receive();
      if (!message || message->word != Word::started) return message;
      if (request_.on_running) request_.on_running();
    }
    if (spoke_last_ && request_.on_progress) show_progress(std::chrono::steady_clock::now());
    if (ready == 0 && stop_.requested()) {
      // The socket may have been full, and somebody may have sent SIGSTOP to the guardian.
      if (!told_stop) tell_stop();
      if (stop_.at_once() && !told_kill) tell_kill();
      kill(guardian_.pid(), SIGCONT);
    }
  }
}

// A process that doesn't want its input is no failure.
void ProcessExchange::feed() {
  ssize_t taken = write(pipes_.in.get(), to_feed_.data(), to_feed_.size());
  if (taken < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (taken < 0) return pipes_.in.reset();
  to_feed_.remove_prefix(static_cast<std::size_t>(taken));
  if (to_feed_.empty()) pipes_.in.reset();
}

bool ProcessExchange::read_some(OwnedFd& pipe, Capture& capture, std::size_t most) {
  ssize_t got = read(pipe.get(), buffer_.data(), std::min(most, buffer_.size()));
  if (got < 0) return errno == EINTR || errno == EAGAIN;
  if (got == 0) return false;
  auto size = static_cast<std::size_t>(got);
  if (size >= k_much_at_once && capture.bytes() < k_much_at_once) grow_pipe(pipe.get());
  std::string_view bytes(buffer_.data(), size);
  capture.add(bytes);
  if (request_.on_output) request_.on_output(&capture == &out_ ? 1 : 2, bytes);
  spoke_last_ = &capture;
  return true;
}

// What is in it now, and no more: somebody else may hold the other end, and go on writing.
void ProcessExchange::drain(OwnedFd& pipe, Capture& capture) {
  int left = 0;
  if (!pipe || ioctl(pipe.get(), FIONREAD, &left) != 0 || left <= 0) return pipe.reset();
  const std::uint64_t end = capture.bytes() + static_cast<std::uint64_t>(left);
  while (capture.bytes() < end && read_some(pipe, capture, end - capture.bytes())) {
  }
  pipe.reset();
}

void ProcessExchange::show_progress(SteadyTime now) {
  if (now < next_progress_) return;
  next_progress_ = now + k_between_progress;
  request_.on_progress(
      Progress{out_.bytes() + err_.bytes(), out_.lines() + err_.lines(), spoke_last_->last_line()});
  spoke_last_ = nullptr;
}

}  // namespace rustchain
