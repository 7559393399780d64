// A server on 127.0.0.1 that does with each connection exactly what a test says.
#include "support/loopback_server.hpp"

#include "util/text.hpp"

#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rustchain {
namespace {

int listen_on(std::uint16_t& port, int backlog) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (fd < 0 || bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(fd, backlog) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("no port of 127.0.0.1 is free");
  port = ntohs(address.sin_port);
  return fd;
}

std::string to_pem(const std::function<int(BIO*)>& write) {
  std::unique_ptr<BIO, int (*)(BIO*)> bio(BIO_new(BIO_s_mem()), BIO_free);
  write(bio.get());
  char* bytes = nullptr;
  long size = BIO_get_mem_data(bio.get(), &bytes);
  return std::string(bytes, static_cast<std::size_t>(size));
}

std::shared_ptr<X509> read_certificate(const std::string& pem) {
  std::unique_ptr<BIO, int (*)(BIO*)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                          BIO_free);
  return {PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free};
}
std::shared_ptr<EVP_PKEY> read_key(const std::string& pem) {
  std::unique_ptr<BIO, int (*)(BIO*)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                          BIO_free);
  return {PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free};
}

}  // namespace

TestCertificate make_test_certificate(const std::string& name, const TestCertificate* issuer, int days) {
  std::shared_ptr<EVP_PKEY> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  std::shared_ptr<X509> made(X509_new(), X509_free);
  static std::atomic<long> serial = 1;
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial++);
  constexpr long day = 24L * 60 * 60;
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -day * (days < 0 ? 30 : 1));
  X509_gmtime_adj(X509_getm_notAfter(made.get()), day * days);
  X509_set_pubkey(made.get(), key.get());
  X509_NAME* subject = X509_get_subject_name(made.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  std::shared_ptr<X509> signer = issuer ? read_certificate(issuer->certificate) : made;
  X509_set_issuer_name(made.get(), X509_get_subject_name(signer.get()));
  X509V3_CTX context;
  X509V3_set_ctx(&context, signer.get(), made.get(), nullptr, nullptr, 0);
  in_addr parsed{};
  bool address = inet_pton(AF_INET, name.c_str(), &parsed) == 1;
  std::string names = (address ? "IP:" : "DNS:") + name;
  for (auto [nid, value] : {std::pair<int, std::string>{NID_subject_alt_name, names},
                            {NID_basic_constraints, issuer ? "CA:FALSE" : "critical,CA:TRUE"}}) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    X509_add_ext(made.get(), extension, -1);
    X509_EXTENSION_free(extension);
  }
  X509_sign(made.get(), issuer ? read_key(issuer->key).get() : key.get(), EVP_sha256());
  return {to_pem([&](BIO* bio) { return PEM_write_bio_X509(bio, made.get()); }), to_pem([&](BIO* bio) {
            return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          })};
}

struct LoopbackServer::Connection : LoopbackServer::Peer {
  Connection(LoopbackServer& server_, int fd_) : server(server_), fd(fd_) {}
  ~Connection() override {
    if (ssl != nullptr) SSL_free(ssl);
    if (ssl_context != nullptr) SSL_CTX_free(ssl_context);
    close(fd);
  }

  bool start_tls(const TestCertificate& own) {
    ssl_context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_use_certificate(ssl_context, read_certificate(own.certificate).get());
    SSL_CTX_use_PrivateKey(ssl_context, read_key(own.key).get());
    ssl = SSL_new(ssl_context);
    SSL_set_fd(ssl, fd);
    return SSL_accept(ssl) == 1;
  }

  bool fill() {
    char bytes[16384];
    ssize_t got = ssl ? SSL_read(ssl, bytes, sizeof bytes) : recv(fd, bytes, sizeof bytes, 0);
    if (got <= 0) return false;
    buffer.append(bytes, static_cast<std::size_t>(got));
    return true;
  }

  std::string read_request() override {
    std::size_t end;
    while ((end = buffer.find("\r\n\r\n")) == std::string::npos)
      if (!fill()) return "";
    std::size_t length = 0;
    std::string head = to_lower(buffer.substr(0, end));
    if (std::size_t at = head.find("content-length: "); at != std::string::npos)
      length = std::strtoull(head.c_str() + at + 16, nullptr, 10);
    while (buffer.size() < end + 4 + length)
      if (!fill()) return "";
    std::string request = buffer.substr(0, end + 4 + length);
    buffer.erase(0, request.size());
    std::lock_guard lock(server.mutex_);
    server.requests_.push_back(request);
    return request;
  }

  bool send(std::string_view bytes) override {
    while (!bytes.empty()) {
      ssize_t sent = ssl ? SSL_write(ssl, bytes.data(), static_cast<int>(bytes.size()))
                         : ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  void wait_for_close() override {
    while (fill()) {
    }
  }

  void reset() override {
    linger at_once{1, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    to_be_reset = true;
  }

  bool pause(unsigned milliseconds) override {
    // Readable without data means that the client has gone, or that the server ends.
    pollfd wait{fd, POLLRDHUP, 0};
    return poll(&wait, 1, static_cast<int>(milliseconds)) == 0 && !server.ending_;
  }

  LoopbackServer& server;
  int fd;
  SSL* ssl = nullptr;
  SSL_CTX* ssl_context = nullptr;
  bool to_be_reset = false;
  std::string buffer;
  std::thread thread;
};

LoopbackServer::LoopbackServer(Script script, std::optional<TestCertificate> tls)
    : script_(std::move(script)), tls_(std::move(tls)) {
  listener_ = listen_on(port_, 16);
  accepting_ = std::thread([this] { accept_all(); });
}

LoopbackServer::~LoopbackServer() {
  ending_ = true;
  shutdown(listener_, SHUT_RDWR);
  accepting_.join();
  {
    std::lock_guard lock(mutex_);
    for (auto& connection : connections_) shutdown(connection->fd, SHUT_RDWR);
  }
  for (auto& connection : connections_) connection->thread.join();
  close(listener_);
}

void LoopbackServer::accept_all() {
  while (!ending_) {
    int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;
    if (fd < 0) return;
    std::lock_guard lock(mutex_);
    connections_.push_back(std::make_unique<Connection>(*this, fd));
    Connection& connection = *connections_.back();
    connection.thread = std::thread([this, &connection] { serve(connection); });
  }
}

void LoopbackServer::serve(Connection& connection) {
  // OpenSSL writes with write(): a client that has gone must not end the tests.
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  if (!tls_ || connection.start_tls(*tls_)) {
    script_(connection);
    if (connection.ssl && !connection.to_be_reset) SSL_shutdown(connection.ssl);
  }
  // Closed for the client now; the descriptor stays taken until the server ends.
  if (connection.to_be_reset) {
    sockaddr none{};
    none.sa_family = AF_UNSPEC;
    connect(connection.fd, &none, sizeof none);  // sends the reset
  } else {
    shutdown(connection.fd, SHUT_RDWR);
  }
}

std::string LoopbackServer::url(std::string_view path, std::string_view host) const {
  return std::string(tls_ ? "https://" : "http://") + std::string(host) + ":" + std::to_string(port_) +
         std::string(path);
}

std::vector<std::string> LoopbackServer::requests() const {
  std::lock_guard lock(mutex_);
  return requests_;
}

std::size_t LoopbackServer::connections() const {
  std::lock_guard lock(mutex_);
  return connections_.size();
}

std::string http_answer(int status, std::string_view body, std::string_view headers) {
  return "HTTP/1.1 " + std::to_string(status) + " Status\r\n" + std::string(headers) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

LoopbackServer::Script answer_with(std::function<std::string(const std::string&)> answer) {
  return [answer = std::move(answer)](LoopbackServer::Peer& peer) {
    std::string request = peer.read_request();
    if (!request.empty()) peer.send(answer(request));
  };
}

FullPort::FullPort() : listener_(listen_on(port_, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port_);
  for (int i = 0; i < 8; ++i) {
    queue_.push_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    connect(queue_.back(), reinterpret_cast<sockaddr*>(&address), sizeof address);
    pollfd wait{queue_.back(), POLLOUT, 0};
    if (poll(&wait, 1, 100) == 0) return;
  }
}
FullPort::~FullPort() {
  for (int fd : queue_) close(fd);
  close(listener_);
}

std::uint16_t free_port() {
  std::uint16_t port = 0;
  close(listen_on(port, 1));
  return port;
}

}  // namespace rustchain
