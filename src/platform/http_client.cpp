// The HTTP client: one exchange after another over own connections, redirects, proxies, limits.
#include "rustchain/services.hpp"
#include "rustchain/version.hpp"

#include "platform/http_decoder.hpp"
#include "platform/http_file.hpp"
#include "platform/http_reader.hpp"
#include "platform/http_socket.hpp"
#include "platform/http_tls.hpp"
#include "platform/platform.hpp"
#include "util/base64.hpp"
#include "util/text.hpp"
#include "util/url.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace rustchain {
namespace {

using Kind = HttpError::Kind;
using Headers = std::vector<std::pair<std::string, std::string>>;

constexpr int k_most_redirects = 10;
constexpr std::size_t k_read_bytes = 64 << 10;

std::string seconds_text(Seconds seconds) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.3g s", seconds.count());
  return text.data();
}

std::string size_text(std::uint64_t bytes) {
  for (auto [unit, name] : {std::pair{1ull << 30, " GiB"}, std::pair{1ull << 20, " MiB"}})
    if (bytes >= unit && bytes % unit == 0) return std::to_string(bytes / unit) + name;
  return std::to_string(bytes) + " bytes";
}

bool is(const std::string& header, std::string_view name) {
  return to_lower(header) == name;
}

bool is_token(std::string_view text) {
  auto fits = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

SteadyTime after(SteadyTime begin, Seconds seconds) {
  // Past a century a limit is none that matters, and would overflow.
  Seconds bounded = std::min(seconds, Seconds(3e9));
  return begin + std::chrono::duration_cast<SteadyTime::duration>(bounded);
}

// One request on its way, redirects and all.
class Exchange {
 public:
  Exchange(const HttpRequest& request, const Environment& environment, TlsTrust& trust,
           const Lookups& lookups, const Stop& stop)
      : request_(request),
        environment_(environment),
        trust_(trust),
        lookups_(lookups),
        stop_(stop),
        method_(request.method),
        headers_(request.headers),
        body_(request.body) {
    if (request.total_timeout) total_.at = after(std::chrono::steady_clock::now(), *request.total_timeout);
  }

  Result<HttpResponse, HttpError> run() {
    auto first = parse_url(request_.url);
    if (!first) return wrong_url(first.error());
    url_ = *first;
    if (auto wrong = check_request()) return *wrong;
    if (url_.userinfo && !has_header("authorization"))
      headers_.emplace_back("Authorization", basic(*url_.userinfo));

    for (int redirects = 0;; ++redirects) {
      if (auto error = one_hop()) return *error;
      if (next_url_.empty()) {
        response_.url = url_.text();
        response_.redirects = redirects;
        return std::move(response_);
      }
      if (redirects == k_most_redirects)
        return HttpError{Kind::redirects, "'" + without_secrets(request_.url) + "' leads through more than " +
                                              std::to_string(k_most_redirects) + " redirects"};
      if (auto error = follow()) return *error;
    }
  }

 private:
  using Wrong = std::optional<HttpError>;

  static HttpError wrong_url(const Error& error) {
    return {Kind::bad_url, error.message + (error.help.empty() ? "" : "; " + error.help)};
  }
  static std::string basic(const std::pair<std::string, std::string>& userinfo) {
    return "Basic " + base64_encode(userinfo.first + ":" + userinfo.second);
  }
  bool has_header(std::string_view name) const {
    return std::any_of(headers_.begin(), headers_.end(),
                       [&](auto& header) { return is(header.first, name); });
  }

  Wrong check_request() const {
    if (!is_token(method_)) return HttpError{Kind::bad_url, "'" + method_ + "' is not an HTTP method"};
    for (const auto& [name, value] : headers_) {
      if (!is_token(name)) return HttpError{Kind::bad_url, "'" + name + "' is not a name of a header"};
      if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
        return HttpError{Kind::bad_url, "the value of header '" + name + "' holds a line break"};
    }
    return std::nullopt;
  }

  // Sends the request to url_ and reads the answer; next_url_ is set when that leads elsewhere.
  Wrong one_hop() {
    next_url_.clear();
    response_ = {};
    decoder_.reset();
    auto begin = std::chrono::steady_clock::now();
    Limit connect = earlier({after(begin, request_.connect_timeout), Kind::connect_timeout}, total_);

    proxy_.reset();
    std::string proxy = choose_proxy(url_, [&](std::string_view name) { return environment_.find(name); });
    if (!proxy.empty()) {
      auto parsed = parse_url(proxy.find("://") == std::string::npos ? "http://" + proxy : proxy);
      if (!parsed || parsed->is_tls())
        return HttpError{Kind::bad_url, "the proxy '" + without_secrets(proxy) +
                                            "' can't be used: only http:// proxies can"};
      proxy_ = *parsed;
    }
    const Url& peer = proxy_ ? *proxy_ : url_;
    Socket socket(stop_, lookups_);
    auto connected = socket.connect(peer.host, peer.port, connect);
    if (!connected) return not_connected(peer, connected.error());
    Channel channel(socket);
    if (url_.is_tls()) {
      if (proxy_)
        if (auto error = open_tunnel(channel, connect)) return error;
      auto context = trust_.context(request_.verify_tls, request_.ca_file);
      if (!context) return context.error();
      auto secured = channel.start_tls(*context, url_.host, request_.verify_tls, connect);
      if (!secured) return not_secured(secured.error());
    }
    return talk(channel);
  }

  HttpError not_connected(const Url& peer, const HttpError& error) const {
    std::string where = (proxy_ ? "the proxy " : "") + peer.host_and_port();
    switch (error.kind) {
      case Kind::resolve:
        return {error.kind, "no address is known for '" + peer.host + "' (" + where + "): " + error.message};
      case Kind::refused: return {error.kind, "nothing listens on " + where + " (connection refused)"};
      case Kind::connect_timeout: return too_slow_to_connect(where, error.message);
      case Kind::connect: return {error.kind, where + " can't be reached: " + error.message};
      default: return failure(error.kind);
    }
  }
  HttpError too_slow_to_connect(const std::string& where, const std::string& phase) const {
    return {Kind::connect_timeout, "no connection to " + where + " within " +
                                       seconds_text(request_.connect_timeout) + " (" + phase + ")"};
  }
  HttpError not_secured(const HttpError& error) const {
    if (error.kind == Kind::tls)
      return {error.kind, "no secure connection to " + url_.host_and_port() + ": " + error.message};
    if (error.kind == Kind::connect_timeout)
      return too_slow_to_connect(url_.host_and_port(), "TLS handshake");
    return failure(error.kind);
  }

  Wrong open_tunnel(Channel& channel, const Limit& limit) {
    std::string head =
        "CONNECT " + url_.host_and_port() + " HTTP/1.1\r\nHost: " + url_.host_and_port() + "\r\n";
    if (proxy_->userinfo) head += "Proxy-Authorization: " + basic(*proxy_->userinfo) + "\r\n";
    head += "\r\n";
    if (auto error = send_all(channel, head, limit)) return error;
    int status = 0;
    HttpReader reader(
        true,
        [&](const HttpReader::Answer& answer) {
          status = answer.status;
          return true;
        },
        [](std::string_view) { return true; });
    // One byte at a time: what follows the head belongs to TLS.
    for (char byte; reader.state() == HttpReader::State::head;) {
      auto got = channel.read(&byte, 1, limit);
      if (!got) return not_connected(*proxy_, {got.error(), "opening a tunnel"});
      if (*got == 0) {
        reader.end();
      } else {
        reader.feed({&byte, 1});
      }
    }
    if (reader.state() == HttpReader::State::broken)
      return HttpError{Kind::connect,
                       "the proxy " + proxy_->host_and_port() + " sent a broken answer: " + reader.problem()};
    if (status / 100 != 2)
      return HttpError{Kind::connect, "the proxy " + proxy_->host_and_port() + " refuses a tunnel to " +
                                          url_.host_and_port() + " with status " + std::to_string(status)};
    return std::nullopt;
  }

  std::string head() const {
    std::string head = method_ + " ";
    bool through_proxy = proxy_ && !url_.is_tls();
    head += through_proxy ? url_.text() : url_.target;
    head += " HTTP/1.1\r\n";
    auto add = [&](std::string_view name, std::string_view value) {
      head.append(name).append(": ").append(value).append("\r\n");
    };
    if (!has_header("host")) add("Host", url_.authority());
    for (const auto& [name, value] : headers_)
      if (!is(name, "content-length") && !is(name, "connection") && !is(name, "transfer-encoding"))
        add(name, value);
    if (!has_header("user-agent")) add("User-Agent", "rustchain/" + std::string(version()));
    if (!has_header("accept")) add("Accept", "*/*");
    if (!has_header("accept-encoding")) add("Accept-Encoding", HttpDecoder::accepted());
    if (through_proxy && proxy_->userinfo && !has_header("proxy-authorization"))
      add("Proxy-Authorization", basic(*proxy_->userinfo));
    add("Connection", "close");
    if (!body_.empty() || method_ == "POST" || method_ == "PUT" || method_ == "PATCH")
      add("Content-Length", std::to_string(body_.size()));
    return head += "\r\n";
  }

  Wrong send_all(Channel& channel, std::string_view bytes, const Limit& limit) {
    while (!bytes.empty()) {
      auto sent = channel.write(bytes, limit.at ? limit : idle_limit());
      if (!sent) return failure(sent.error());
      bytes.remove_prefix(*sent);
    }
    return std::nullopt;
  }

  Limit idle_limit() const {
    if (!request_.idle_timeout) return total_;
    return earlier({after(std::chrono::steady_clock::now(), *request_.idle_timeout), Kind::idle_timeout},
                   total_);
  }

  Wrong talk(Channel& channel) {
    HttpReader reader(
        method_ == "HEAD", [&](const HttpReader::Answer& answer) { return take_head(answer); },
        [&](std::string_view piece) { return take_piece(piece); });
    wrong_.reset();
    body_begun_ = false;

    Wrong unsent = send_all(channel, head(), {});
    if (!unsent) unsent = send_all(channel, body_, {});
    // A server that has heard enough answers and closes: what it says is worth more than that it didn't
    // listen.
    if (unsent && unsent->kind != Kind::send) return unsent;

    auto sent_at = std::chrono::steady_clock::now();
    std::array<char, k_read_bytes> buffer;
    while (reader.state() == HttpReader::State::head || reader.state() == HttpReader::State::body) {
      Limit limit = idle_limit();
      if (!body_begun_ && request_.first_byte_timeout)
        limit = earlier({after(sent_at, *request_.first_byte_timeout), Kind::first_byte_timeout}, total_);
      auto got = channel.read(buffer.data(), buffer.size(), limit);
      if (!got && got.error() != Kind::cut) return failure(got.error());
      if (!got || *got == 0) {
        if (unsent && !reader.begun()) return unsent;
        // Broken off, not ended: a body that only ends with the connection can't be known to be whole.
        if (!got && reader.state() == HttpReader::State::body)
          return HttpError{Kind::cut, url_.host_and_port() + " broke off its answer after " +
                                          std::to_string(response_.bytes) + " bytes"};
        reader.end();
      } else {
        reader.feed({buffer.data(), *got});
      }
    }
    if (reader.state() == HttpReader::State::broken) {
      return HttpError{Kind::cut,
                       reader.begun()
                           ? "the answer of " + url_.host_and_port() + " is broken: " + reader.problem()
                           : url_.host_and_port() + " ended the connection without an answer"};
    }
    if (wrong_) return wrong_;
    if (next_url_.empty() && decoder_ && !decoder_->complete())
      return HttpError{Kind::cut, "the compressed answer of " + url_.host_and_port() + " ends too early"};
    if (file_.is_open())
      if (auto error = file_.commit()) return HttpError{Kind::file, *error};
    return std::nullopt;
  }

  bool take_head(const HttpReader::Answer& answer) {
    response_.status = answer.status;
    response_.headers = answer.headers;
    std::string_view location = answer.header("location");
    bool redirect = answer.status == 301 || answer.status == 302 || answer.status == 303 ||
                    answer.status == 307 || answer.status == 308;
    if (redirect && request_.follow_redirects && !location.empty()) {
      next_url_ = resolve_url(url_, location);
      return false;
    }
    decoder_ = HttpDecoder::make(answer.header("content-encoding"));
    if (answer.status / 100 == 2 && !request_.output_file.empty())
      if (auto error = file_.open(request_.output_file)) return fail({Kind::file, *error});
    return true;
  }

  bool take_piece(std::string_view piece) {
    body_begun_ = true;
    if (!decoder_) return keep(piece);
    switch (decoder_->feed(piece, [&](std::string_view bytes) { return keep(bytes); })) {
      case HttpDecoder::State::ok: return true;
      case HttpDecoder::State::ended: return false;
      case HttpDecoder::State::broken: break;
    }
    return fail({Kind::cut, "the compressed answer of " + url_.host_and_port() + " is broken"});
  }

  bool keep(std::string_view bytes) {
    response_.bytes += bytes.size();
    if (response_.bytes > request_.max_response_bytes)
      return fail({Kind::too_large, "the answer of " + url_.host_and_port() + " is larger than " +
                                        size_text(request_.max_response_bytes)});
    if (!file_.is_open()) {
      response_.body += bytes;
    } else if (auto error = file_.write(bytes)) {
      return fail({Kind::file, *error});
    }
    if (request_.on_body && response_.status / 100 == 2 && !request_.on_body(bytes))
      return fail({Kind::ended, "the answer of " + url_.host_and_port() + " was not read to its end"});
    return true;
  }

  bool fail(HttpError error) {
    wrong_ = std::move(error);
    return false;
  }

  // Makes the request that the answer asks for (RFC 9110, 15.4).
  Wrong follow() {
    auto next = parse_url(next_url_);
    if (!next)
      return HttpError{
          Kind::redirects,
          url_.host_and_port() + " redirects to where nothing can be asked for: " + next.error().message};
    if (url_.is_tls() && !next->is_tls())
      return HttpError{Kind::redirects,
                       url_.host_and_port() + " redirects to " + next->text() + ", which is not encrypted"};
    bool to_get = (response_.status == 303 && method_ != "HEAD") ||
                  ((response_.status == 301 || response_.status == 302) && method_ == "POST");
    if (to_get && method_ != "GET") {
      method_ = "GET";
      body_.clear();
      std::erase_if(headers_, [](auto& header) { return to_lower(header.first).starts_with("content-"); });
    }
    std::erase_if(headers_, [](auto& header) { return is(header.first, "host"); });
    if (!same_origin(url_, *next)) {
      std::erase_if(headers_, [](auto& header) {
        return is(header.first, "authorization") || is(header.first, "cookie") ||
               is(header.first, "proxy-authorization");
      });
    }
    url_ = *next;
    return std::nullopt;
  }

  // What the kinds that have no reason of their own are called.
  HttpError failure(Kind kind) const {
    std::string where = url_.host_and_port();
    switch (kind) {
      case Kind::stopped: return {kind, "the exchange with " + where + " was stopped"};
      case Kind::total_timeout:
        return {kind,
                "the exchange with " + where + " took longer than " + seconds_text(*request_.total_timeout)};
      case Kind::first_byte_timeout:
        return {kind, where + " sent no answer within " + seconds_text(*request_.first_byte_timeout)};
      case Kind::idle_timeout:
        return {kind, where + " fell silent for " + seconds_text(*request_.idle_timeout) + " after " +
                          std::to_string(response_.bytes) + " bytes of its answer"};
      case Kind::send: return {kind, where + " ended the connection before the request was sent"};
      default: return {kind, "the connection to " + where + " broke"};
    }
  }

  const HttpRequest& request_;
  const Environment& environment_;
  TlsTrust& trust_;
  const Lookups& lookups_;
  const Stop& stop_;

  std::string method_;
  Headers headers_;
  std::string body_;
  Limit total_;
  Url url_;
  std::optional<Url> proxy_;

  HttpResponse response_;
  std::string next_url_;
  std::unique_ptr<HttpDecoder> decoder_;
  HttpFile file_;
  Wrong wrong_;
  bool body_begun_ = false;
};

class RealHttpClient : public HttpClient {
 public:
  explicit RealHttpClient(Environment environment) : environment_(std::move(environment)) {}

  Result<HttpResponse, HttpError> send(const HttpRequest& request, const Stop& stop) override {
    return Exchange(request, environment_, trust_, lookups_, stop).run();
  }

  bool listens(std::uint16_t port, const Stop& stop) override {
    Limit limit{after(std::chrono::steady_clock::now(), Seconds(0.5)), Kind::connect_timeout};
    for (const char* address : {"127.0.0.1", "::1"})
      if (Socket(stop, lookups_).connect(address, port, limit)) return true;
    return false;
  }

 private:
  Environment environment_;
  TlsTrust trust_;
  Lookups lookups_ = std::make_shared<std::atomic<unsigned>>(0);
};

}  // namespace

std::unique_ptr<HttpClient> make_http_client(Environment environment) {
  return std::make_unique<RealHttpClient>(std::move(environment));
}

}  // namespace rustchain
