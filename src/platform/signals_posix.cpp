// SIGINT, SIGTERM and SIGHUP, brought from signal handlers to a thread where anything may be done.
#include "platform/guardian.hpp"
#include "platform/platform.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

namespace rustchain {
namespace {

constexpr std::array k_watched{SIGINT, SIGTERM, SIGHUP};

// A signal handler is given nothing but the number of its signal.
std::atomic<int> g_signal_pipe = -1;

void on_signal(int number) {
  int kept = errno;
  auto byte = static_cast<char>(number);
  // A full pipe means that thousands of signals wait to be seen; one more tells nothing new.
  [[maybe_unused]] ssize_t written = write(g_signal_pipe, &byte, 1);
  errno = kept;
}

}  // namespace

struct SignalWatch::State {
  std::function<void(int signal)> handler;
  OwnedFd read_end;
  OwnedFd write_end;
  std::array<struct sigaction, k_watched.size()> before{};
  std::thread thread;

  void watch() {
    // Threads made before, and whoever started us, may have them blocked; this one hasn't.
    sigset_t watched;
    sigemptyset(&watched);
    for (int number : k_watched) sigaddset(&watched, number);
    pthread_sigmask(SIG_UNBLOCK, &watched, nullptr);
    for (;;) {
      char byte = 0;
      ssize_t got = read(read_end.get(), &byte, 1);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0 || byte == 0) return;
      handler(byte);
    }
  }
};

SignalWatch::SignalWatch(std::function<void(int signal)> handler) : state_(std::make_unique<State>()) {
  state_->handler = std::move(handler);
  if (!open_pipe(state_->read_end, state_->write_end))
    throw std::system_error(errno, std::generic_category(), "can't watch signals");
  fcntl(state_->write_end.get(), F_SETFL, O_NONBLOCK);
  g_signal_pipe = state_->write_end.get();
  state_->thread = std::thread(&State::watch, state_.get());

  signal(SIGPIPE, SIG_IGN);
  for (std::size_t i = 0; i < k_watched.size(); ++i) {
    sigaction(k_watched[i], nullptr, &state_->before[i]);
    if (state_->before[i].sa_handler == SIG_IGN) continue;  // nohup, or in the background of a shell
    struct sigaction action {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigfillset(&action.sa_mask);
    sigaction(k_watched[i], &action, nullptr);
  }
}

SignalWatch::~SignalWatch() {
  for (std::size_t i = 0; i < k_watched.size(); ++i) sigaction(k_watched[i], &state_->before[i], nullptr);
  // The pipe may be full of signals, but is being read.
  char end = 0;
  while (write(state_->write_end.get(), &end, 1) < 0 && (errno == EAGAIN || errno == EINTR))
    std::this_thread::yield();
  state_->thread.join();
  g_signal_pipe = -1;
}

}  // namespace rustchain
