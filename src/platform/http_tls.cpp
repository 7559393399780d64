// TLS for a Socket: OpenSSL stays behind this. Nothing of it is initialised before it is used.
#include "platform/http_tls.hpp"

#include <array>
#include <cstdlib>
#include <filesystem>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace rustchain {
namespace {

using Kind = HttpError::Kind;

constexpr std::size_t k_piece_bytes = 16 << 10;

// Where systems keep their trusted certificates: a program that carries its own OpenSSL knows only the place
// of the system that it was built on.
constexpr std::array k_bundles = {
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
};

bool exists(const char* path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

void trust_system(SSL_CTX* context) {
  SSL_CTX_set_default_verify_paths(context);
  bool named = std::getenv(X509_get_default_cert_file_env()) != nullptr ||
               std::getenv(X509_get_default_cert_dir_env()) != nullptr;
  if (named || exists(X509_get_default_cert_file()) || exists(X509_get_default_cert_dir())) return;
  for (const char* bundle : k_bundles)
    if (exists(bundle) && SSL_CTX_load_verify_file(context, bundle) == 1) return;
}

// Why the last call of OpenSSL in this thread failed.
std::string last_reason() {
  unsigned long code = ERR_peek_last_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  std::string text = reason == nullptr ? "the handshake failed" : reason;
  if (text == "wrong version number" || text == "packet length too long")
    text += "; the server doesn't speak TLS on this port";
  return text;
}

bool is_address(const std::string& host) {
  ASN1_OCTET_STRING* address = a2i_IPADDRESS(host.c_str());
  ASN1_OCTET_STRING_free(address);
  return address != nullptr;
}

}  // namespace

Result<std::shared_ptr<ssl_ctx_st>, HttpError> TlsTrust::context(bool verify, const std::string& ca_file) {
  std::lock_guard lock(mutex_);
  auto& kept = contexts_[{verify, ca_file}];
  if (kept) return kept;

  ERR_clear_error();
  std::shared_ptr<SSL_CTX> made(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  if (!made) return HttpError{Kind::tls, "TLS can't be set up: " + last_reason()};
  SSL_CTX_set_min_proto_version(made.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(made.get(), verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  if (verify && ca_file.empty()) trust_system(made.get());
  if (verify && !ca_file.empty() && SSL_CTX_load_verify_file(made.get(), ca_file.c_str()) != 1)
    return HttpError{Kind::file,
                     "no certificate can be read from ca_file '" + ca_file + "': " + last_reason()};
  kept = made;
  return kept;
}

Channel::~Channel() {
  if (ssl_ != nullptr) SSL_free(ssl_);
}

Result<Done, HttpError> Channel::start_tls(std::shared_ptr<ssl_ctx_st> context, const std::string& host,
                                           bool verify, const Limit& limit) {
  ERR_clear_error();
  context_ = std::move(context);
  ssl_ = SSL_new(context_.get());
  in_ = BIO_new(BIO_s_mem());
  out_ = BIO_new(BIO_s_mem());
  if (ssl_ == nullptr || in_ == nullptr || out_ == nullptr) {
    BIO_free(in_);
    BIO_free(out_);
    return HttpError{Kind::tls, last_reason()};
  }
  SSL_set_bio(ssl_, in_, out_);
  SSL_set_connect_state(ssl_);
  constexpr std::array<unsigned char, 9> protocols = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  SSL_set_alpn_protos(ssl_, protocols.data(), protocols.size());
  if (is_address(host)) {
    if (verify) X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_), host.c_str());
  } else {
    SSL_set_tlsext_host_name(ssl_, host.c_str());
    if (verify) {
      SSL_set_hostflags(ssl_, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
      SSL_set1_host(ssl_, host.c_str());
    }
  }

  for (;;) {
    int done = SSL_do_handshake(ssl_);
    int error = SSL_get_error(ssl_, done);
    std::string reason = last_reason();
    // An alert for the peer is sent, too.
    auto sent = send_pending(limit);
    if (done == 1) return sent ? Result<Done, HttpError>(Done{}) : HttpError{sent.error(), {}};
    if (error != SSL_ERROR_WANT_READ) {
      long verdict = SSL_get_verify_result(ssl_);
      if (verify && verdict != X509_V_OK) reason = X509_verify_cert_error_string(verdict);
      return HttpError{Kind::tls, reason};
    }
    if (!sent) return HttpError{sent.error(), {}};
    auto more = receive(limit);
    if (!more && more.error() != Kind::cut) return HttpError{more.error(), {}};
    if (!more || !*more) return HttpError{Kind::tls, "the server ended the connection within the handshake"};
  }
}

Result<std::size_t, Kind> Channel::read(char* to, std::size_t most, const Limit& limit) {
  if (ssl_ == nullptr) return socket_.read(to, most, limit);
  for (;;) {
    ERR_clear_error();
    std::size_t got = 0;
    int done = SSL_read_ex(ssl_, to, most, &got);
    int error = SSL_get_error(ssl_, done);
    if (auto sent = send_pending(limit); !sent && sent.error() != Kind::send) return sent.error();
    if (done == 1) return got;
    if (error == SSL_ERROR_ZERO_RETURN) return std::size_t{0};
    if (error != SSL_ERROR_WANT_READ) return Kind::cut;
    auto more = receive(limit);
    if (!more) return more.error();
    // Without its "close notify" the end may be anybody's.
    if (!*more) return Kind::cut;
  }
}

Result<std::size_t, Kind> Channel::write(std::string_view bytes, const Limit& limit) {
  if (ssl_ == nullptr) return socket_.write(bytes, limit);
  for (;;) {
    ERR_clear_error();
    std::size_t taken = 0;
    int done = SSL_write_ex(ssl_, bytes.data(), std::min(bytes.size(), k_piece_bytes), &taken);
    int error = SSL_get_error(ssl_, done);
    if (auto sent = send_pending(limit); !sent) return sent.error();
    if (done == 1) return taken;
    if (error != SSL_ERROR_WANT_READ) return Kind::send;
    auto more = receive(limit);
    if (!more) return more.error();
    if (!*more) return Kind::send;
  }
}

Result<Done, Kind> Channel::send_pending(const Limit& limit) {
  std::array<char, k_piece_bytes> buffer;
  for (int got; (got = BIO_read(out_, buffer.data(), static_cast<int>(buffer.size()))) > 0;) {
    std::string_view left(buffer.data(), static_cast<std::size_t>(got));
    while (!left.empty()) {
      auto sent = socket_.write(left, limit);
      if (!sent) return sent.error();
      left.remove_prefix(*sent);
    }
  }
  return Done{};
}

Result<bool, Kind> Channel::receive(const Limit& limit) {
  std::array<char, k_piece_bytes> buffer;
  auto got = socket_.read(buffer.data(), buffer.size(), limit);
  if (!got) return got.error();
  if (*got == 0) return false;
  BIO_write(in_, buffer.data(), static_cast<int>(*got));
  return true;
}

}  // namespace rustchain
