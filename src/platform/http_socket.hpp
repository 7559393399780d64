// A TCP connection whose every wait ends at a limit or with a stop request.
#pragma once

#include "rustchain/services.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace rustchain {

// A moment by which something must have happened, and what it is called when it hasn't.
struct Limit {
  std::optional<SteadyTime> at;  // absent: never
  HttpError::Kind kind = HttpError::Kind::total_timeout;
};
Limit earlier(const Limit& a, const Limit& b);

// How many names are being looked up; shared by the sockets of a client.
using Lookups = std::shared_ptr<std::atomic<unsigned>>;

// Used by one thread. Errors are kinds without a message, but for connect(), which knows the reason.
class Socket {
 public:
  Socket(const Stop& stop, Lookups lookups);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  // Tries the addresses of the host side by side, each with a small lead before the next (RFC 8305). A lookup
  // can't be stopped: its thread is left to itself then, and ends with it.
  Result<Done, HttpError> connect(const std::string& host, std::uint16_t port, const Limit& limit);
  // 0: the peer sends no more. Kinds: stopped, cut, or the limit's.
  Result<std::size_t, HttpError::Kind> read(char* to, std::size_t most, const Limit& limit);
  // A part of the bytes, at least one. Kinds: stopped, send, or the limit's.
  Result<std::size_t, HttpError::Kind> write(std::string_view bytes, const Limit& limit);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rustchain
