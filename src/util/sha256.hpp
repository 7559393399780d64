// SHA-256 (FIPS 180-4).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rustchain {

class Sha256 {
 public:
  Sha256();
  void add(std::string_view bytes);
  // The digest of all that was added, as 64 lower-case hexadecimal digits. Ends the object's use.
  std::string finish();
  // The same as 32 bytes.
  std::string finish_bytes();

 private:
  alignas(std::uint64_t) std::array<unsigned char, 112> state_;  // OpenSSL's, which only the .cpp knows
};

std::string sha256(std::string_view bytes);

// HMAC with SHA-256 (RFC 2104), cut to 128 bits: tells equal texts apart from others, and nothing else to
// whoever doesn't have the key.
class KeyedHash {
 public:
  explicit KeyedHash(std::string_view key);
  // 32 lower-case hexadecimal digits. From any thread.
  std::string operator()(std::string_view text) const;

 private:
  Sha256 inner_;
  Sha256 outer_;
};

}  // namespace rustchain
