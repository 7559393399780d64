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
  void add(std::string_view bytes);
  // The digest of all that was added, as 64 lower-case hexadecimal digits. Ends the object's use.
  std::string finish();
  // The same as 32 bytes.
  std::string finish_bytes();

 private:
  void block(const unsigned char* bytes);

  std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<unsigned char, 64> rest_{};
  std::uint64_t size_ = 0;
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
