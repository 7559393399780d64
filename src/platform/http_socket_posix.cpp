// A TCP connection whose every wait ends at a limit or with a stop request.
#include "platform/http_socket.hpp"
#include "platform/name_services.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <system_error>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rustchain {
namespace {

using Kind = HttpError::Kind;
using namespace std::chrono_literals;

constexpr auto k_next_address_after = 250ms;
constexpr unsigned k_most_lookups = 64;

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

// A pipe that wakes a poll().
struct Pipe {
  Descriptor out;
  Descriptor in;

  Pipe() {
    int ends[2];
#ifdef __linux__
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return;
#else
    if (pipe(ends) != 0) return;
    for (int fd : ends) {
      fcntl(fd, F_SETFD, FD_CLOEXEC);
      fcntl(fd, F_SETFL, O_NONBLOCK);
    }
#endif
    out = Descriptor(ends[0]);
    in = Descriptor(ends[1]);
  }
  void wake() const {
    // A full pipe wakes as well: what write() says doesn't matter.
    [[maybe_unused]] ssize_t written = ::write(in.get(), "x", 1);
  }
};

struct Address {
  sockaddr_storage bytes{};
  socklen_t size = 0;
  int family = AF_UNSPEC;
};

struct Lookup {
  std::string host;
  std::string port;
  int flags = 0;
  Pipe done;
  Lookups count;
  std::vector<Address> found;
  int error = 0;         // of getaddrinfo
  int system_error = 0;  // errno, when error is EAI_SYSTEM
  std::atomic<bool> finished = false;

  void run() {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags;
    addrinfo* list = nullptr;
    choose_name_services();
    error = getaddrinfo(host.c_str(), port.c_str(), &hints, &list);
    system_error = errno;
    for (addrinfo* at = list; error == 0 && at != nullptr; at = at->ai_next) {
      Address address;
      address.size = at->ai_addrlen;
      address.family = at->ai_family;
      std::memcpy(&address.bytes, at->ai_addr, at->ai_addrlen);
      found.push_back(address);
    }
    if (list != nullptr) freeaddrinfo(list);
  }
};

int milliseconds_until(const std::optional<SteadyTime>& at) {
  if (!at) return -1;
  auto left = std::chrono::ceil<std::chrono::milliseconds>(*at - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<long long>(left, 0, 1 << 30));
}

std::string system_text(int error) {
  return std::generic_category().message(error);
}

}  // namespace

Limit earlier(const Limit& a, const Limit& b) {
  if (!a.at) return b;
  return b.at && *b.at < *a.at ? b : a;
}

struct Socket::State {
  State(const Stop& stop_, Lookups lookups_)
      : stop(stop_), lookups(std::move(lookups_)), on_stop(stop_.token(), [this] { wake.wake(); }) {}

  const Stop& stop;
  Lookups lookups;
  Pipe wake;
  Descriptor socket;
  std::stop_callback<std::function<void()>> on_stop;

  // Until one of `waits` (with one more place at the end, for the wake pipe) is ready. Without a value:
  // ready.
  std::optional<Kind> wait(std::vector<pollfd>& waits, const Limit& limit) const {
    waits.push_back({wake.out.get(), POLLIN, 0});
    std::optional<Kind> kind;
    for (;;) {
      if (stop.requested()) {
        kind = Kind::stopped;
        break;
      }
      int ready = poll(waits.data(), static_cast<nfds_t>(waits.size()), milliseconds_until(limit.at));
      if (ready < 0 && errno != EINTR) {
        kind = Kind::connect;
        break;
      }
      if (ready > 0 && waits.back().revents == 0) break;
      if (ready == 0 && limit.at && std::chrono::steady_clock::now() >= *limit.at) {
        kind = limit.kind;
        break;
      }
    }
    waits.pop_back();
    return kind;
  }
  std::optional<Kind> wait(int fd, short events, const Limit& limit) const {
    std::vector<pollfd> waits = {{fd, events, 0}};
    return wait(waits, limit);
  }

  Result<std::vector<Address>, HttpError> resolve(const std::string& host, std::uint16_t port,
                                                  const Limit& limit) {
    auto lookup = std::make_shared<Lookup>();
    lookup->host = host;
    lookup->port = std::to_string(port);
    lookup->flags = AI_NUMERICHOST | AI_NUMERICSERV;
    lookup->run();
    if (lookup->error == 0) return lookup->found;

    lookup->flags = AI_NUMERICSERV;
    if (!lookup->done.in) return HttpError{Kind::connect, "no descriptor is free: " + system_text(errno)};
    if (lookups->fetch_add(1) >= k_most_lookups) {
      lookups->fetch_sub(1);
      return HttpError{Kind::resolve, "too many lookups of other names are waiting for an answer"};
    }
    lookup->count = lookups;
    try {
      std::thread([lookup] {
        lookup->run();
        lookup->count->fetch_sub(1);
        lookup->finished = true;
        lookup->done.wake();
      }).detach();
    } catch (const std::system_error& error) {
      lookups->fetch_sub(1);
      return HttpError{Kind::resolve, std::string("no thread is free: ") + error.what()};
    }
    if (auto kind = wait(lookup->done.out.get(), POLLIN, limit))
      return HttpError{*kind, "looking up its name"};
    // True already: the pipe is written after it. But the memory of the other thread is handed over by this.
    lookup->finished.wait(false);
    if (lookup->error == EAI_SYSTEM) return HttpError{Kind::resolve, system_text(lookup->system_error)};
    if (lookup->error != 0) {
      std::string why = gai_strerror(lookup->error);
      if (only_files_and_dns() && host.ends_with(".local"))
        why += " (this build of rustchain asks only /etc/hosts and DNS: give its address)";
      return HttpError{Kind::resolve, std::move(why)};
    }
    return lookup->found;
  }

  // Gives the socket, which is on its way or connected, or sets `error`.
  static Descriptor begin(const Address& address, int& error) {
    int type = SOCK_STREAM;
#ifdef SOCK_CLOEXEC
    type |= SOCK_CLOEXEC | SOCK_NONBLOCK;
#endif
    Descriptor one(::socket(address.family, type, 0));
    if (!one) {
      error = errno;
      return one;
    }
#ifndef SOCK_CLOEXEC
    fcntl(one.get(), F_SETFD, FD_CLOEXEC);
    fcntl(one.get(), F_SETFL, O_NONBLOCK);
#endif
#ifdef SO_NOSIGPIPE
    int on = 1;
    setsockopt(one.get(), SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
    int done = ::connect(one.get(), reinterpret_cast<const sockaddr*>(&address.bytes), address.size);
    if (done != 0 && errno != EINPROGRESS && errno != EINTR) {
      error = errno;
      return Descriptor();
    }
    return one;
  }
};

Socket::Socket(const Stop& stop, Lookups lookups)
    : state_(std::make_unique<State>(stop, std::move(lookups))) {}

Socket::~Socket() = default;

Result<Done, HttpError> Socket::connect(const std::string& host, std::uint16_t port, const Limit& limit) {
  if (!state_->wake.in) return HttpError{Kind::connect, "no descriptor is free: " + system_text(EMFILE)};
  auto addresses = state_->resolve(host, port, limit);
  if (!addresses) return addresses.error();

  std::vector<Descriptor> under_way;
  std::size_t next = 0;
  int error = 0;
  for (;;) {
    if (next < addresses->size()) {
      Descriptor one = State::begin((*addresses)[next++], error);
      if (one) under_way.push_back(std::move(one));
    }
    if (under_way.empty()) {
      if (next < addresses->size()) continue;
      return HttpError{error == ECONNREFUSED ? Kind::refused : Kind::connect, system_text(error)};
    }
    std::vector<pollfd> waits;
    waits.reserve(under_way.size());
    for (const Descriptor& one : under_way) waits.push_back({one.get(), POLLOUT, 0});
    Limit until = limit;
    if (next < addresses->size())
      until = earlier({std::chrono::steady_clock::now() + k_next_address_after, Kind::ended}, limit);
    if (auto kind = state_->wait(waits, until)) {
      if (*kind == Kind::ended) continue;
      return HttpError{*kind, "connecting"};
    }
    for (std::size_t i = waits.size(); i-- > 0;) {
      if (waits[i].revents == 0) continue;
      int failed = 0;
      socklen_t size = sizeof failed;
      getsockopt(under_way[i].get(), SOL_SOCKET, SO_ERROR, &failed, &size);
      if (failed == 0) {
        state_->socket = std::move(under_way[i]);
        int on = 1;
        setsockopt(state_->socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        return Done{};
      }
      error = failed;
      under_way.erase(under_way.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
}

Result<std::size_t, Kind> Socket::read(char* to, std::size_t most, const Limit& limit) {
  for (;;) {
    if (auto kind = state_->wait(state_->socket.get(), POLLIN, limit)) return *kind;
    ssize_t got = recv(state_->socket.get(), to, most, 0);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) return Kind::cut;
  }
}

Result<std::size_t, Kind> Socket::write(std::string_view bytes, const Limit& limit) {
#ifdef MSG_NOSIGNAL
  constexpr int flags = MSG_NOSIGNAL;
#else
  constexpr int flags = 0;
#endif
  for (;;) {
    if (auto kind = state_->wait(state_->socket.get(), POLLOUT, limit)) return *kind;
    ssize_t sent = send(state_->socket.get(), bytes.data(), bytes.size(), flags);
    if (sent >= 0) return static_cast<std::size_t>(sent);
    if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) return Kind::send;
  }
}

}  // namespace rustchain
