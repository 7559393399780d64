// TLS for a Socket: OpenSSL stays behind this. Nothing of it is initialised before it is used.
#pragma once

#include "rustchain/services.hpp"

#include "platform/http_socket.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

struct ssl_ctx_st;
struct ssl_st;
struct bio_st;

namespace rustchain {

// The trusted certificates, loaded once for each way to verify.
class TlsTrust {
 public:
  // `ca_file`: PEM; empty: the system's. Fails with kind file or tls.
  Result<std::shared_ptr<ssl_ctx_st>, HttpError> context(bool verify, const std::string& ca_file);

 private:
  std::mutex mutex_;
  std::map<std::pair<bool, std::string>, std::shared_ptr<ssl_ctx_st>> contexts_;
};

// A connection that may be encrypted; the same limits and kinds as Socket.
class Channel {
 public:
  explicit Channel(Socket& socket) : socket_(socket) {}
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // The handshake. `host` is the name or address that the certificate must be for. Of a tls error the message
  // is the reason alone; of the others there is none.
  Result<Done, HttpError> start_tls(std::shared_ptr<ssl_ctx_st> context, const std::string& host, bool verify,
                                    const Limit& limit);
  // 0: the peer said that it sends no more.
  Result<std::size_t, HttpError::Kind> read(char* to, std::size_t most, const Limit& limit);
  // A part of the bytes, at least one.
  Result<std::size_t, HttpError::Kind> write(std::string_view bytes, const Limit& limit);

 private:
  Result<Done, HttpError::Kind> send_pending(const Limit& limit);
  // false: the peer has closed.
  Result<bool, HttpError::Kind> receive(const Limit& limit);

  Socket& socket_;
  std::shared_ptr<ssl_ctx_st> context_;
  ssl_st* ssl_ = nullptr;
  bio_st* in_ = nullptr;   // owned by ssl_
  bio_st* out_ = nullptr;  // owned by ssl_
};

}  // namespace rustchain
