// The guardian's work: starts a step, knows when all of it has ended, and sees to it.
#include "platform/cgroup.hpp"
#include "platform/guardian.hpp"
#include "platform/process_tree.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <unordered_set>
#include <vector>

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rustchain {
namespace {

using Time = std::chrono::steady_clock::time_point;
using std::chrono::milliseconds;

// What is left when the main process has ended may be about to end too (`tee` behind a shell's `>(...)`).
constexpr milliseconds k_linger{250};
constexpr milliseconds k_most_grace_for_left_over{1000};
constexpr milliseconds k_between_kills{5};
// So long after the last death the rest counts as beyond our power: another user's, or stuck in the kernel.
constexpr milliseconds k_give_up{1500};
constexpr milliseconds k_between_late_kills{500};

constexpr std::size_t k_small_message = 1 << 20;

// Numbers below 2 would mean our own group, or every process there is.
void tell_group(int group, int signal) {
  if (group > 1) kill(-group, signal);
}

class Guardian {
 public:
  explicit Guardian(bool adopts) : adopts_(adopts) {}

  // Returns when the runner is gone and no process is left.
  void serve();

 private:
  enum class State {
    idle,
    running,      // the main process is alive
    lingering,    // it has ended by itself; others are still there
    terminating,  // SIGTERM was sent
    killing,
    abandoned,  // reported as beyond our power; still trying
  };

  bool wait_for_news();
  void read_message();
  void start(const MessageHead& head);
  void hear(Word word);
  void runner_is_gone();
  void reap();
  void advance();
  void terminate(milliseconds grace);
  void kill_all();
  void note(const ProcessInfo& info, int signal);
  void report_end(bool abandoned);
  void leave_cgroup();
  void say(const News& news);

  const bool adopts_;  // false: who is left is only known of the main process's group
  State state_ = State::idle;
  bool runner_gone_ = false;
  std::uint32_t run_ = 0;
  std::vector<char> message_;
  std::vector<char*> arguments_;
  std::vector<char*> environment_;

  int main_ = 0;
  bool main_ended_ = false;
  bool was_stopped_ = false;
  bool with_left_over_ = false;
  bool any_left_ = false;  // processes below us
  int status_ = 0;
  milliseconds grace_{};
  std::chrono::microseconds cpu_{};
  std::uint64_t peak_memory_ = 0;
  std::string cgroup_;  // empty: the step has none
  bool in_cgroup_ = false;
  std::vector<ToldRow> told_;
  // The step's ends of its output pipes, kept until its end is told: the runner is woken once, not for each
  // pipe that closes before.
  OwnedFd out_;
  OwnedFd err_;
  std::optional<Time> due_;  // of the next step of stopping
  Time last_death_;
};

void Guardian::serve() {
  for (;;) {
    if (runner_gone_ && state_ == State::idle) return;
    const bool told = wait_for_news();
    if (state_ == State::idle) continue;
    if (!told) reap();
    advance();
  }
}

// Until the runner speaks, a child ends, or something is due. SIGCHLD is let through here only. True: it was
// the runner, and was heard; a child that has ended meanwhile ends the next wait.
bool Guardian::wait_for_news() {
  fd_set sockets;
  FD_ZERO(&sockets);
  if (!runner_gone_) FD_SET(k_guardian_socket, &sockets);
  timespec left{};
  if (due_) {
    auto rest =
        std::chrono::duration_cast<std::chrono::nanoseconds>(*due_ - std::chrono::steady_clock::now());
    rest = std::max(rest, std::chrono::nanoseconds(0));
    left.tv_sec = rest.count() / 1'000'000'000;
    left.tv_nsec = rest.count() % 1'000'000'000;
  }
  sigset_t all_but_children;
  sigfillset(&all_but_children);
  sigdelset(&all_but_children, SIGCHLD);
  int ready =
      pselect(k_guardian_socket + 1, &sockets, nullptr, nullptr, due_ ? &left : nullptr, &all_but_children);
  if (ready > 0) read_message();
  return ready > 0;
}

void Guardian::read_message() {
  MessageHead head;
  std::array<int, 3> descriptors{-1, -1, -1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof descriptors)> control{};
  iovec piece{&head, sizeof head};
  msghdr envelope{};
  envelope.msg_iov = &piece;
  envelope.msg_iovlen = 1;
  envelope.msg_control = control.data();
  envelope.msg_controllen = control.size();
  ssize_t got = recvmsg(k_guardian_socket, &envelope, k_flags_to_receive);
  if (got < 0 && errno == EINTR) return;
  if (got <= 0) return runner_is_gone();
  for (cmsghdr* extra = CMSG_FIRSTHDR(&envelope); extra; extra = CMSG_NXTHDR(&envelope, extra)) {
    if (extra->cmsg_level == SOL_SOCKET && extra->cmsg_type == SCM_RIGHTS)
      std::memcpy(descriptors.data(), CMSG_DATA(extra),
                  std::min(sizeof descriptors, static_cast<std::size_t>(extra->cmsg_len - CMSG_LEN(0))));
  }
  OwnedFd in(descriptors[0]);
  OwnedFd out(descriptors[1]);
  OwnedFd err(descriptors[2]);
  auto rest = static_cast<std::size_t>(got);
  if (rest < sizeof head &&
      !receive_whole(k_guardian_socket, reinterpret_cast<char*>(&head) + rest, sizeof head - rest))
    return runner_is_gone();

  if (head.word != Word::start) {
    if (head.run == run_) hear(head.word);
    return;
  }
  if (message_.capacity() > k_small_message && head.size < k_small_message)
    std::vector<char>().swap(message_);
  message_.resize(head.size);
  if (!receive_whole(k_guardian_socket, message_.data(), message_.size())) return runner_is_gone();
  if (k_flags_to_receive == 0)
    for (const OwnedFd* received : {&in, &out, &err}) fcntl(received->get(), F_SETFD, FD_CLOEXEC);

  StartHead what;
  if (state_ != State::idle || message_.size() < sizeof what || message_.back() != '\0' || !in || !out ||
      !err)
    return runner_is_gone();
  std::memcpy(&what, message_.data(), sizeof what);
  char* text = message_.data() + sizeof what;
  auto next = [&] { return std::exchange(text, text + std::strlen(text) + 1); };
  Birth birth{in.get(), out.get(), err.get()};
  birth.directory = next();
  birth.program = next();
  birth.cgroup = next();
  arguments_.assign(1, nullptr);
  for (std::uint32_t i = 0; i < what.arguments; ++i) arguments_.push_back(next());
  arguments_.push_back(nullptr);
  environment_.clear();
  for (std::uint32_t i = 0; i < what.variables; ++i) environment_.push_back(next());
  environment_.push_back(nullptr);
  birth.arguments = arguments_.data();
  birth.environment = environment_.data();

  run_ = head.run;
  cgroup_ = birth.cgroup;
  Born born = give_birth(birth);
  in_cgroup_ = born.in_cgroup;
  if (born.pid < 0) {
    leave_cgroup();
    return say({.word = Word::not_started, .not_started = {born.phase, born.error}, .ended = {}});
  }
  main_ = born.pid;
  main_ended_ = was_stopped_ = false;
  any_left_ = true;
  with_left_over_ = what.with_left_over != 0;
  grace_ = milliseconds(what.grace_ms);
  cpu_ = {};
  peak_memory_ = 0;
  told_.clear();
  due_.reset();
  state_ = State::running;
  out_ = std::move(out);
  err_ = std::move(err);
  if (with_left_over_) say({.word = Word::started, .not_started = {}, .ended = {}});
}

void Guardian::hear(Word word) {
  if (state_ == State::idle || state_ == State::abandoned) return;
  reap();  // a process that has just ended by itself was not stopped
  if (!any_left_) return;
  const bool in_time = !main_ended_ || with_left_over_;
  if (in_time) was_stopped_ = true;
  if (word == Word::kill_now) {
    kill_all();
  } else if (state_ == State::running || state_ == State::lingering) {
    terminate(in_time ? grace_ : std::min(grace_, k_most_grace_for_left_over));
  }
}

void Guardian::runner_is_gone() {
  runner_gone_ = true;
  if (state_ != State::idle) kill_all();
}

void Guardian::reap() {
  for (;;) {
    int status = 0;
    rusage used{};
    int pid = wait4(-1, &status, WNOHANG, &used);
    if (pid < 0 && errno == EINTR) continue;
    if (pid <= 0) {
      any_left_ = pid == 0 || (!adopts_ && kill(-main_, 0) == 0);
      return;
    }
    auto time = [](const timeval& of) {
      return std::chrono::seconds(of.tv_sec) + std::chrono::microseconds(of.tv_usec);
    };
    cpu_ += time(used.ru_utime) + time(used.ru_stime);
    peak_memory_ = std::max(peak_memory_, static_cast<std::uint64_t>(used.ru_maxrss) * resident_unit());
    last_death_ = std::chrono::steady_clock::now();
    if (pid != main_) continue;
    main_ended_ = true;
    status_ = status;
  }
}

void Guardian::advance() {
  if (!any_left_) {
    if (state_ != State::abandoned) report_end(false);
    leave_cgroup();
    state_ = State::idle;
    due_.reset();
    return;
  }
  if (state_ == State::running && main_ended_ && !with_left_over_) {
    state_ = State::lingering;
    due_ = last_death_ + k_linger;
  }
  if (!due_ || std::chrono::steady_clock::now() < *due_) return;
  switch (state_) {
    case State::lingering: return terminate(std::min(grace_, k_most_grace_for_left_over));
    case State::terminating:
    case State::killing:
    case State::abandoned: return kill_all();
    case State::idle:
    case State::running: return;
  }
}

// Each group is told once and whole: no process of it can be missed by forking meanwhile, and what a process
// starts afterwards to tidy up is left alone.
void Guardian::terminate(milliseconds grace) {
  state_ = State::terminating;
  due_ = std::chrono::steady_clock::now() + grace;
  std::unordered_set<int> groups;
  std::vector<ProcessInfo> all = descendants(getpid());
  for (const ProcessInfo& info : all) note(info, SIGTERM);
  if (!main_ended_ || !adopts_) {
    groups.insert(main_);
    tell_group(main_, SIGTERM);
  }
  for (const ProcessInfo& info : all) {
    if (info.group == getpid())
      kill(info.pid, SIGTERM);
    else if (groups.insert(info.group).second)
      tell_group(info.group, SIGTERM);
  }
  for (const ProcessInfo& info : all)
    if (info.stopped) kill(info.pid, SIGCONT);
}

// One sweep; repeated until nothing is left. A process with a pending SIGKILL can't fork any more, so a sweep
// that reaches all of a tree ends it.
void Guardian::kill_all() {
  auto now = std::chrono::steady_clock::now();
  if (state_ != State::killing && state_ != State::abandoned) {
    state_ = State::killing;
    last_death_ = now;
  }
  due_ = now + (state_ == State::killing ? k_between_kills : k_between_late_kills);
  std::unordered_set<int> groups;
  std::vector<ProcessInfo> all = descendants(getpid());
  if (!main_ended_ || !adopts_) tell_group(main_, SIGKILL);
  for (const ProcessInfo& info : all) {
    if (info.group != getpid() && groups.insert(info.group).second) tell_group(info.group, SIGKILL);
    kill(info.pid, SIGKILL);
    if (state_ == State::killing) note(info, SIGKILL);
  }
  if (state_ == State::abandoned || now < last_death_ + k_give_up) return;
  for (ToldRow& row : told_)
    if (std::ranges::any_of(all, [&](const ProcessInfo& info) { return info.pid == row.pid; }))
      row.signal = 0;
  report_end(true);
  state_ = State::abandoned;
}

void Guardian::note(const ProcessInfo& info, int signal) {
  auto row = std::ranges::find(told_, info.pid, &ToldRow::pid);
  if (row == told_.end()) {
    if (told_.size() == k_most_told_rows) return;
    row = told_.insert(told_.end(), ToldRow{info.pid});
    std::memcpy(row->name, info.name.data(), std::min(info.name.size(), sizeof row->name - 1));
  }
  row->signal = signal;
}

void Guardian::leave_cgroup() {
  if (!cgroup_.empty()) remove_cgroup(cgroup_);
  cgroup_.clear();
}

void Guardian::report_end(bool abandoned) {
  News news;
  StepEnded& head = news.ended;
  head.in_cgroup = in_cgroup_;
  head.out_of_memory = in_cgroup_ && was_out_of_memory(cgroup_);
  head.status = main_ended_ ? status_ : SIGKILL;
  head.was_stopped = was_stopped_;
  head.abandoned = abandoned;
  head.cpu_us = cpu_.count();
  head.peak_memory_bytes = peak_memory_;
  head.rows = static_cast<std::uint32_t>(told_.size());
  say(news);
  out_.reset();
  err_.reset();
}

void Guardian::say(const News& news) {
  if (runner_gone_) return;
  if (!send_whole(k_guardian_socket, &news, sizeof news) ||
      !send_whole(k_guardian_socket, told_.data(), news.ended.rows * sizeof(ToldRow)))
    runner_is_gone();
}

void start_afresh() {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, nullptr);
  for (int number = 1; number < NSIG; ++number) signal(number, SIG_DFL);
  struct sigaction wake {};
  wake.sa_handler = [](int) {};  // it only has to end a wait
  sigaction(SIGCHLD, &wake, nullptr);

  int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int number = 0; number < 3; ++number) dup2(nothing, number);
  fcntl(k_guardian_socket, F_SETFD, FD_CLOEXEC);
  close_all_from(k_guardian_socket + 1);
  if (chdir("/") != 0) return;  // only so that no file system is kept busy
}

}  // namespace

int run_guardian() {
  int type = 0;
  socklen_t size = sizeof type;
  if (getsockopt(k_guardian_socket, SOL_SOCKET, SO_TYPE, &type, &size) != 0) return 2;
  start_afresh();
  name_process("step-guard");
  Guardian(adopt_orphans()).serve();
  return 0;
}

bool send_whole(int socket, const void* bytes, std::size_t size) {
  const char* at = static_cast<const char*>(bytes);
  while (size > 0) {
    ssize_t sent = send(socket, at, size, 0);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    at += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

bool receive_whole(int socket, void* bytes, std::size_t size) {
  char* at = static_cast<char*>(bytes);
  while (size > 0) {
    ssize_t got = recv(socket, at, size, MSG_WAITALL);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

}  // namespace rustchain
