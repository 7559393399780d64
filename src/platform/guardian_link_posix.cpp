// The runner's end of a guardian.
#include "platform/guardian_link.hpp"

#include <cerrno>
#include <cstring>
#include <memory>

#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>

extern char** environ;

namespace rustchain {

std::unique_ptr<GuardianLink> GuardianLink::make() {
  OwnedFd ours;
  OwnedFd theirs;
  if (!open_socket_pair(ours, theirs)) return nullptr;

  // No word about the runner in these: who kills the runner by name shall not hit what cleans up after it.
  std::string name = "step-guard";
  std::string argument = k_guardian_argument;
  std::array<char*, 3> arguments{name.data(), argument.data(), nullptr};
  std::string program = own_program();

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, theirs.get(), k_guardian_socket);
  sigset_t all;
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK);
  pid_t pid = -1;
  int error = posix_spawn(&pid, program.c_str(), &actions, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  errno = error;
  if (error != 0) return nullptr;
  return std::unique_ptr<GuardianLink>(new GuardianLink(pid, std::move(ours)));
}

GuardianLink::~GuardianLink() {
  socket_.reset();
  while (pid_ > 0 && waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

bool GuardianLink::start(const StepToStart& step) {
  message_.assign(sizeof(MessageHead) + sizeof(StartHead), '\0');
  auto add = [&](const std::string& text) { message_.append(text.c_str(), text.size() + 1); };
  add(step.directory);
  add(step.program);
  add(step.cgroup);
  for (const std::string& argument : step.arguments) add(argument);
  message_.append(step.environment.block());
  MessageHead head{Word::start, ++run_, static_cast<std::uint32_t>(message_.size() - sizeof head)};
  StartHead what;
  what.arguments = static_cast<std::uint32_t>(step.arguments.size());
  what.variables = static_cast<std::uint32_t>(step.environment.size());
  what.with_left_over = step.with_left_over;
  what.grace_ms = step.grace_ms;
  std::memcpy(message_.data(), &head, sizeof head);
  std::memcpy(message_.data() + sizeof head, &what, sizeof what);

  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof step.descriptors)> control{};
  iovec piece{message_.data(), message_.size()};
  msghdr envelope{};
  envelope.msg_iov = &piece;
  envelope.msg_iovlen = 1;
  envelope.msg_control = control.data();
  envelope.msg_controllen = control.size();
  cmsghdr* extra = CMSG_FIRSTHDR(&envelope);
  extra->cmsg_level = SOL_SOCKET;
  extra->cmsg_type = SCM_RIGHTS;
  extra->cmsg_len = CMSG_LEN(sizeof step.descriptors);
  std::memcpy(CMSG_DATA(extra), step.descriptors.data(), sizeof step.descriptors);
  ssize_t sent = -1;
  do {
    sent = sendmsg(socket_.get(), &envelope, 0);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0) return false;
  auto done = static_cast<std::size_t>(sent);
  return send_whole(socket_.get(), message_.data() + done, message_.size() - done);
}

bool GuardianLink::tell(Word word) {
  MessageHead head{word, run_, 0};
  return send(socket_.get(), &head, sizeof head, MSG_DONTWAIT) == sizeof head;
}

std::optional<GuardianMessage> GuardianLink::receive() {
  GuardianMessage message;
  News& news = message;
  if (!receive_whole(socket_.get(), &news, sizeof news)) return std::nullopt;
  if (news.word != Word::ended || news.ended.rows == 0) return message;
  message.told.resize(news.ended.rows);
  if (!receive_whole(socket_.get(), message.told.data(), message.told.size() * sizeof(ToldRow)))
    return std::nullopt;
  return message;
}

int GuardianLink::let_go() {
  socket_.reset();
  return std::exchange(pid_, -1);
}

void GuardianLink::kill_guardian() {
  if (pid_ > 0) kill(pid_, SIGKILL);
}

}  // namespace rustchain
