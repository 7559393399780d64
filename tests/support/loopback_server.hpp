// A server on 127.0.0.1 that does with each connection exactly what a test says, byte by byte, with TLS where
// wanted.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace rustchain {

// A certificate and its key, as PEM.
struct TestCertificate {
  std::string certificate;
  std::string key;
};
// For `name` (also as an address, if it is one); signed by `issuer`, or by itself. Valid from yesterday for a
// day more than `days`; negative: it has expired.
TestCertificate make_test_certificate(const std::string& name, const TestCertificate* issuer = nullptr,
                                      int days = 1);

class LoopbackServer {
 public:
  // One connection as the script sees it. Every call ends when the client goes or the server ends.
  class Peer {
   public:
    virtual ~Peer() = default;
    // The next request, head and body, or "" when there is none.
    virtual std::string read_request() = 0;
    // false: the client has gone.
    virtual bool send(std::string_view bytes) = 0;
    // Until the client closes.
    virtual void wait_for_close() = 0;
    // Closes so that the client is sent a reset.
    virtual void reset() = 0;
    // Waits a little (the least that a script can say about time); false: the server ends.
    virtual bool pause(unsigned milliseconds) = 0;
  };
  using Script = std::function<void(Peer&)>;

  // `script` runs in a thread for each connection, which is closed when it returns.
  explicit LoopbackServer(Script script, std::optional<TestCertificate> tls = {});
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url(std::string_view path = "/", std::string_view host = "127.0.0.1") const;
  // What read_request() gave so far, over all connections.
  std::vector<std::string> requests() const;
  std::size_t connections() const;

 private:
  struct Connection;
  void accept_all();
  void serve(Connection& connection);

  Script script_;
  std::optional<TestCertificate> tls_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> ending_ = false;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::list<std::unique_ptr<Connection>> connections_;
  std::thread accepting_;
};

// "HTTP/1.1 200 OK", the headers given, Content-Length and the body.
std::string http_answer(int status, std::string_view body, std::string_view headers = {});
// A script that answers each request with what `answer` gives for it.
LoopbackServer::Script answer_with(std::function<std::string(const std::string& request)> answer);

// A port of 127.0.0.1 whose queue of connections is full: connecting to it takes for ever.
class FullPort {
 public:
  FullPort();
  ~FullPort();
  std::uint16_t port() const { return port_; }

 private:
  std::uint16_t port_ = 0;
  int listener_ = -1;
  std::vector<int> queue_;
};
// A port of 127.0.0.1 on which nothing listens.
std::uint16_t free_port();

}  // namespace rustchain
