// Reads addresses in every spelling that libraries take: decimal, octal, hexadecimal, short, IPv4 in IPv6.
#include "safety/hosts.hpp"

#include "safety/marks.hpp"
#include "util/text.hpp"
#include "util/url.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <vector>

namespace rustchain {
namespace {

struct Address4 {
  std::uint32_t value = 0;
  bool usual = false;  // four decimal numbers
};

std::optional<std::uint64_t> number(std::string_view text) {
  int base = 10;
  if (text.size() > 1 && text[0] == '0') {
    base = 8;
    text.remove_prefix(1);
    if (text.size() > 1 && (text[0] == 'x' || text[0] == 'X')) {
      base = 16;
      text.remove_prefix(1);
    }
  }
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// As inet_aton reads it: one to four numbers, the last one fills what is left.
std::optional<Address4> address4(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  std::vector<std::string_view> parts = split(host, '.');
  if (parts.empty() || parts.size() > 4) return std::nullopt;
  std::uint64_t value = 0;
  bool usual = parts.size() == 4;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::optional<std::uint64_t> part = number(parts[i]);
    if (parts[i].empty() || !part) return std::nullopt;
    if (parts[i].size() > 1 && parts[i][0] == '0') usual = false;
    if (i + 1 < parts.size()) {
      if (*part > 255) return std::nullopt;
      value = (value << 8) | *part;
    } else {
      std::size_t left = 4 - i;
      if (*part >= (std::uint64_t{1} << (8 * left))) return std::nullopt;
      value = (value << (8 * left)) | *part;
    }
  }
  return Address4{static_cast<std::uint32_t>(value), usual};
}

std::optional<std::array<std::uint16_t, 8>> address6(std::string_view host) {
  host = host.substr(0, host.find('%'));
  std::array<std::uint16_t, 8> groups{};
  std::size_t gap = host.find("::");
  std::vector<std::uint16_t> front, back;
  auto read = [](std::string_view text, std::vector<std::uint16_t>& to) {
    for (std::string_view part : split(text, ':')) {
      if (part.find('.') != std::string_view::npos) {
        auto inner = address4(part);
        if (!inner) return false;
        to.push_back(static_cast<std::uint16_t>(inner->value >> 16));
        to.push_back(static_cast<std::uint16_t>(inner->value));
        continue;
      }
      unsigned value = 0;
      auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value, 16);
      if (part.empty() || error != std::errc() || end != part.data() + part.size() || value > 0xFFFF)
        return false;
      to.push_back(static_cast<std::uint16_t>(value));
    }
    return true;
  };
  if (!read(host.substr(0, gap), front)) return std::nullopt;
  if (gap != std::string_view::npos && !read(host.substr(gap + 2), back)) return std::nullopt;
  if (front.size() + back.size() > 8 || (gap == std::string_view::npos && front.size() != 8))
    return std::nullopt;
  for (std::size_t i = 0; i < front.size(); ++i) groups[i] = front[i];
  for (std::size_t i = 0; i < back.size(); ++i) groups[8 - back.size() + i] = back[i];
  return groups;
}

struct Network {
  std::uint32_t first;
  int bits;
};
// IANA's special-purpose registry for IPv4 (RFC 6890 and its followers).
constexpr Network k_private[] = {{0x00000000, 8},  {0x0A000000, 8},  {0x64400000, 10}, {0x7F000000, 8},
                                 {0xA9FE0000, 16}, {0xAC100000, 12}, {0xC0000000, 24}, {0xC0000200, 24},
                                 {0xC0586300, 24}, {0xC0A80000, 16}, {0xC6120000, 15}, {0xC6336400, 24},
                                 {0xCB007100, 24}, {0xE0000000, 4},  {0xF0000000, 4}};

bool is_metadata(std::uint32_t address) {
  // AWS, Azure, GCP and most others; Alibaba; Oracle's older one.
  return address == 0xA9FEA9FE || address == 0xA9FEAA02 || address == 0x646464C8 || address == 0xC00000C0;
}

HostKind kind4(const Address4& address) {
  if (is_metadata(address.value)) return HostKind::metadata;
  for (const Network& network : k_private) {
    if ((address.value >> (32 - network.bits)) != (network.first >> (32 - network.bits))) continue;
    if (address.value == 0x7F000001) return address.usual ? HostKind::loopback : HostKind::disguised;
    if ((address.value >> 24) == 0x7F || (address.value >> 24) == 0) return HostKind::disguised;
    return address.usual ? HostKind::private_ : HostKind::disguised;
  }
  return HostKind::other;
}

HostKind kind6(const std::array<std::uint16_t, 8>& groups, std::string_view written) {
  auto all_zero = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i)
      if (groups[i] != 0) return false;
    return true;
  };
  Address4 inner{(std::uint32_t{groups[6]} << 16) | groups[7], false};
  if (all_zero(0, 7) && groups[7] == 1) return written == "::1" ? HostKind::loopback : HostKind::disguised;
  if (all_zero(0, 8)) return HostKind::disguised;
  if (groups[0] == 0xFD00 && groups[1] == 0x0EC2 && groups[7] == 0x0254) return HostKind::metadata;
  if ((all_zero(0, 5) && (groups[5] == 0xFFFF || groups[5] == 0)) ||
      (groups[0] == 0x64 && groups[1] == 0xFF9B)) {  // mapped, compatible, NAT64
    HostKind kind = kind4(inner);
    return kind == HostKind::metadata ? kind : HostKind::disguised;
  }
  if (groups[0] == 0x2002 || groups[0] == 0x64 || groups[0] == 0x100) return HostKind::private_;
  if (groups[0] == 0x2001 && groups[1] < 0x200) return HostKind::private_;  // Teredo, ORCHID, benchmarking
  if (groups[0] == 0x2001 && groups[1] == 0x0DB8) return HostKind::private_;
  if ((groups[0] & 0xFE00) == 0xFC00 || (groups[0] & 0xFFC0) == 0xFE80 || (groups[0] & 0xFFC0) == 0xFEC0 ||
      (groups[0] & 0xFF00) == 0xFF00)
    return HostKind::private_;
  return HostKind::other;
}

HostKind kind_of(const std::string& host) {
  if (auto groups = address6(host); groups && host.find(':') != std::string::npos)
    return kind6(*groups, host);
  if (auto address = address4(host)) return kind4(*address);
  if (host == "localhost" || host.ends_with(".localhost")) return HostKind::loopback;
  if (host == "localhost.localdomain" || host == "ip6-localhost") return HostKind::loopback;
  if (host == "metadata.google.internal" || host == "metadata" || host == "instance-data" ||
      host == "metadata.azure.internal" || host == "instance-data.ec2.internal")
    return HostKind::metadata;
  // Services that answer with the address that stands in the name.
  for (std::string_view service :
       {".nip.io", ".sslip.io", ".xip.io", ".localtest.me", ".lvh.me", ".vcap.me"}) {
    if (!host.ends_with(service)) continue;
    std::string name = host.substr(0, host.size() - service.size());
    name = replace_all(name, "-", ".");
    std::vector<std::string_view> parts = split(name, '.');
    if (parts.size() >= 4) {
      std::string four = join({parts.end() - 4, parts.end()}, ".");
      if (auto address = address4(four)) {
        HostKind kind = kind4(*address);
        return kind == HostKind::other || kind == HostKind::metadata ? kind : HostKind::disguised;
      }
    }
    return HostKind::disguised;
  }
  return HostKind::other;
}

}  // namespace

UrlFacts look_at_url(std::string_view url) {
  UrlFacts facts;
  std::string_view rest = trim(url);
  std::size_t colon = rest.find(':');
  std::size_t scheme = rest.find("://");
  if (scheme != std::string_view::npos && scheme == colon) {
    facts.scheme = to_lower(rest.substr(0, scheme));
    rest.remove_prefix(scheme + 3);
  } else if (colon != std::string_view::npos && has_word("file data javascript gopher dict ldap jar ftp tftp",
                                                         to_lower(rest.substr(0, colon)))) {
    facts.scheme = to_lower(rest.substr(0, colon));
    return facts;
  }
  std::size_t end = rest.find_first_of("/?#\\");
  std::string_view authority = rest.substr(0, end);
  facts.path = end == std::string_view::npos ? "" : rest.substr(end);
  if (std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    facts.credentials = at > 0;
    facts.decoy = authority.substr(0, authority.find(':')).find('.') < at;
    authority.remove_prefix(at + 1);
  }
  std::string_view port;
  if (authority.starts_with('[')) {
    std::size_t close = authority.find(']');
    facts.host = to_lower(authority.substr(1, close - 1));
    if (close != std::string_view::npos) authority.remove_prefix(close + 1);
    if (authority.starts_with(':')) port = authority.substr(1);
  } else {
    std::size_t sign = authority.rfind(':');
    facts.host = to_lower(percent_decode(authority.substr(0, sign)));
    if (sign != std::string_view::npos) port = authority.substr(sign + 1);
  }
  if (facts.host.ends_with('.')) facts.host.pop_back();
  facts.known_port = !has_mark(port);
  std::from_chars(port.data(), port.data() + port.size(), facts.port);
  facts.known_host = !has_mark(facts.host);
  facts.kind = facts.known_host ? kind_of(facts.host) : HostKind::other;
  return facts;
}

}  // namespace rustchain
