// URLs as texts (RFC 3986), for http and https. Pure.
#include "util/url.hpp"

#include "util/text.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace rustchain {
namespace {

constexpr std::string_view k_hex = "0123456789ABCDEF";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::uint16_t own_port(std::string_view scheme) {
  return scheme == "https" ? 443 : 80;
}

std::string bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

// What may not be sent as it is becomes %XX; what is already encoded stays.
std::string safe_target(std::string_view target) {
  std::string safe;
  for (char c : target) {
    bool fine = c > ' ' && c < '\x7f' && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
    if (fine) {
      safe += c;
    } else {
      auto byte = static_cast<unsigned char>(c);
      safe += {'%', k_hex[byte >> 4], k_hex[byte & 15]};
    }
  }
  return safe;
}

std::string remove_dot_segments(std::string_view path) {
  std::vector<std::string_view> kept;
  std::vector<std::string_view> segments = split(path.substr(1), '/');
  for (std::size_t i = 0; i < segments.size(); ++i) {
    bool last = i + 1 == segments.size();
    if (segments[i] == "..") {
      if (!kept.empty()) kept.pop_back();
      if (last) kept.push_back("");
    } else if (segments[i] == ".") {
      if (last) kept.push_back("");
    } else {
      kept.push_back(segments[i]);
    }
  }
  std::string clean;
  for (std::string_view segment : kept) clean.append("/").append(segment);
  return clean.empty() ? "/" : clean;
}

std::optional<std::uint32_t> ipv4(std::string_view text) {
  std::vector<std::string_view> parts = split(text, '.');
  if (parts.size() != 4) return std::nullopt;
  std::uint32_t address = 0;
  for (std::string_view part : parts) {
    unsigned byte = 0;
    auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), byte);
    if (error != std::errc() || end != part.data() + part.size() || byte > 255) return std::nullopt;
    address = address << 8 | byte;
  }
  return address;
}

bool network_has(std::string_view network, std::string_view host) {
  std::size_t slash = network.find('/');
  auto base = ipv4(network.substr(0, slash));
  auto address = ipv4(host);
  unsigned bits = 0;
  std::string_view length = network.substr(slash + 1);
  auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
  if (!base || !address || error != std::errc() || end != length.data() + length.size() || bits > 32)
    return false;
  std::uint32_t mask = bits == 0 ? 0 : ~std::uint32_t{0} << (32 - bits);
  return (*base & mask) == (*address & mask);
}

}  // namespace

std::string Url::host_and_port() const {
  return bracketed(host) + ":" + std::to_string(port);
}

std::string Url::authority() const {
  return port == own_port(scheme) ? bracketed(host) : host_and_port();
}

std::string Url::text() const {
  return scheme + "://" + authority() + target;
}

std::string without_secrets(std::string_view text) {
  std::size_t begin = text.find("://");
  begin = begin == std::string_view::npos ? 0 : begin + 3;
  std::string_view authority = text.substr(begin, text.find_first_of("/?#", begin) - begin);
  std::size_t at = authority.rfind('@');
  std::string shown(text.substr(0, begin));
  shown += text.substr(at == std::string_view::npos ? begin : begin + at + 1);
  return shown.substr(0, shown.find('#'));
}

Result<Url> parse_url(std::string_view text) {
  text = trim(text);
  std::string shown = without_secrets(text);
  auto wrong = [&](const std::string& what, std::string help = {}) {
    return Error{"'" + shown + "' is not a URL: " + what, std::move(help)};
  };
  for (char c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') {
      shown = replace_all(shown.substr(0, shown.find(c)), "\n", "");
      return wrong("it holds a control character", "put it on one line");
    }

  std::size_t colon = text.find("://");
  if (colon == std::string_view::npos)
    return wrong("it has no scheme", "write http://" + shown + " or https://" + shown);
  Url url;
  url.scheme = to_lower(text.substr(0, colon));
  if (url.scheme != "http" && url.scheme != "https")
    return wrong("its scheme is neither http nor https", "use an http:// or https:// address");

  std::string_view rest = text.substr(colon + 3);
  rest = rest.substr(0, rest.find('#'));
  std::size_t slash = rest.find_first_of("/?");
  std::string_view authority = rest.substr(0, slash);
  std::string_view target = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash);
  url.target = safe_target(target);
  if (url.target.empty() || url.target[0] != '/') url.target.insert(0, "/");

  if (std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    std::string_view info = authority.substr(0, at);
    std::size_t split_at = info.find(':');
    url.userinfo.emplace(
        percent_decode(info.substr(0, split_at)),
        split_at == std::string_view::npos ? std::string{} : percent_decode(info.substr(split_at + 1)));
    authority = authority.substr(at + 1);
  }

  std::string_view port;
  if (authority.starts_with('[')) {
    std::size_t close = authority.find(']');
    if (close == std::string_view::npos) return wrong("the bracket of its address is not closed");
    url.host = to_lower(authority.substr(1, close - 1));
    std::string_view after = authority.substr(close + 1);
    if (!after.empty() && after[0] != ':') return wrong("what follows its address is no port");
    port = after.empty() ? after : after.substr(1);
  } else {
    std::size_t port_at = authority.find(':');
    url.host = to_lower(authority.substr(0, port_at));
    if (port_at != std::string_view::npos) port = authority.substr(port_at + 1);
    if (port.find(':') != std::string_view::npos)
      return wrong("its host holds several colons", "an IPv6 address is written in brackets: [::1]");
  }
  if (url.host.empty()) return wrong("it has no host");
  if (url.host.find_first_of(" %\"<>\\^`{|}") != std::string::npos)
    return wrong("its host holds characters that no host name has",
                 "look for a reference that was not filled in");
  url.port = own_port(url.scheme);
  if (!port.empty()) {
    auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), url.port);
    if (error != std::errc() || end != port.data() + port.size() || url.port == 0)
      return wrong("'" + std::string(port) + "' is not a port", "a port is a number from 1 to 65535");
  }
  return url;
}

std::string resolve_url(const Url& base, std::string_view reference) {
  reference = trim(reference);
  reference = reference.substr(0, reference.find('#'));
  if (reference.empty()) return base.text();

  std::size_t colon = reference.find_first_of(":/?");
  if (colon != std::string_view::npos && reference[colon] == ':' && colon > 0) return std::string(reference);
  if (reference.starts_with("//")) return base.scheme + ":" + std::string(reference);

  std::string origin = base.scheme + "://" + base.authority();
  std::string_view base_path = std::string_view(base.target).substr(0, base.target.find('?'));
  if (reference[0] == '?') return origin + std::string(base_path) + std::string(reference);

  std::size_t query_at = reference.find('?');
  std::string path(reference.substr(0, query_at));
  if (path[0] != '/') path.insert(0, base_path.substr(0, base_path.rfind('/') + 1));
  std::string_view query =
      query_at == std::string_view::npos ? std::string_view{} : reference.substr(query_at);
  return origin + remove_dot_segments(path) + std::string(query);
}

bool same_origin(const Url& a, const Url& b) {
  return a.scheme == b.scheme && a.host == b.host && a.port == b.port;
}

bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "::1" || host.ends_with(".localhost")) return true;
  auto address = ipv4(host);
  return address && *address >> 24 == 127;
}

std::string percent_encode(std::string_view text) {
  std::string encoded;
  for (char c : text) {
    if (is_unreserved(c)) {
      encoded += c;
    } else {
      auto byte = static_cast<unsigned char>(c);
      encoded += {'%', k_hex[byte >> 4], k_hex[byte & 15]};
    }
  }
  return encoded;
}

std::string percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low < 0) {
      decoded += text[i];
    } else {
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return decoded;
}

bool no_proxy_has(std::string_view list, const Url& url) {
  for (std::string_view entry : split(list, ',')) {
    entry = trim(entry);
    if (entry.empty()) continue;
    if (entry == "*") return true;
    if (entry.find('/') != std::string_view::npos) {
      if (network_has(entry, url.host)) return true;
      continue;
    }
    std::string name = to_lower(entry);
    if (name == url.host || name == "[" + url.host + "]" || name == url.host_and_port()) return true;
    std::string host = url.host;
    std::size_t colon = name.rfind(':');
    if (colon != std::string::npos && name.find(':') == colon) {
      if (name.substr(colon + 1) != std::to_string(url.port)) continue;
      name.resize(colon);
      if (name == host) return true;
    }
    while (!name.empty() && (name[0] == '.' || name[0] == '*')) name.erase(0, 1);
    if (!name.empty() && (name == host || host.ends_with("." + name))) return true;
  }
  return false;
}

}  // namespace rustchain
