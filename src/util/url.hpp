// URLs as texts (RFC 3986), for http and https. Pure.
#pragma once

#include "rustchain/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace rustchain {

struct Url {
  std::string scheme;  // http or https
  std::string host;    // lower case; an IPv6 address without its brackets
  std::uint16_t port = 0;
  std::string target;                                           // path and query, "/" at least, safe to send
  std::optional<std::pair<std::string, std::string>> userinfo;  // user and password, decoded

  bool is_tls() const { return scheme == "https"; }
  // host:port, for people and for CONNECT; an IPv6 address in brackets.
  std::string host_and_port() const;
  // As in a Host header: without the port where it is the scheme's own.
  std::string authority() const;
  // The whole of it, without user and password.
  std::string text() const;
};

// Blanks and bytes that may not stand in a URL are percent-encoded, as a browser would; a fragment is
// dropped. No scheme, another scheme, no host, a port that is none, control characters: an error.
Result<Url> parse_url(std::string_view text);
// `text` without user, password and what follows "#", for messages about what can't be parsed.
std::string without_secrets(std::string_view text);

// The absolute form of a reference (RFC 3986, 5.2), as in a Location header.
std::string resolve_url(const Url& base, std::string_view reference);
// Same scheme, host and port: credentials for one may go to the other.
bool same_origin(const Url& a, const Url& b);
// "localhost", "127.0.0.1", "::1" and their kin.
bool is_loopback(std::string_view host);

// All but letters, digits and "-._~" as %XX.
std::string percent_encode(std::string_view text);
std::string percent_decode(std::string_view text);

// The proxy for `url` by the rules of http_proxy, https_proxy, all_proxy and no_proxy; what they say is
// `variable(name)`. Empty: none. Loopback addresses are never asked for through a proxy.
template <class Variable>
std::string choose_proxy(const Url& url, const Variable& variable);
// Whether a no_proxy list has `host` or `host:port`: names with all that is below them, addresses, IPv4
// networks (10.0.0.0/8), "*".
bool no_proxy_has(std::string_view list, const Url& url);

template <class Variable>
std::string choose_proxy(const Url& url, const Variable& variable) {
  auto either = [&](std::string lower, std::string upper) -> std::string {
    if (auto value = variable(lower); value && !value->empty()) return *value;
    return variable(upper).value_or("");
  };
  if (is_loopback(url.host) || no_proxy_has(either("no_proxy", "NO_PROXY"), url)) return {};
  std::string proxy =
      url.is_tls() ? either("https_proxy", "HTTPS_PROXY") : either("http_proxy", "HTTP_PROXY");
  return proxy.empty() ? either("all_proxy", "ALL_PROXY") : proxy;
}

}  // namespace rustchain
