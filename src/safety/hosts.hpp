// What a URL leads to, as far as its text tells. Pure: no name is resolved.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rustchain {

enum class HostKind : std::uint8_t {
  other,      // a name, or an address of the open network
  loopback,   // localhost, 127.0.0.1, ::1, plainly spelt
  private_,   // private, link-local, reserved, documentation, multicast
  disguised,  // an address of this machine or a private network in an unusual spelling
  metadata,   // a cloud's metadata service in any spelling
};

struct UrlFacts {
  std::string scheme;  // lower case; empty: none was written
  std::string host;
  std::uint32_t port = 0;  // 0: none was written, or it isn't known
  bool known_port = true;  // false: it has marks
  HostKind kind = HostKind::other;
  bool credentials = false;  // user:password@
  bool decoy = false;        // a user that looks like the host: http://bank.com@evil.net
  bool known_host = true;    // false: it has marks (safety/marks.hpp)
  std::string path;
};

UrlFacts look_at_url(std::string_view url);

}  // namespace rustchain
