// SHA-256 by OpenSSL's plain functions: they use what the processor has for it, and need no context that has
// to be fetched first, as EVP does.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "util/sha256.hpp"

#include <type_traits>

#include <openssl/sha.h>

namespace rustchain {
namespace {

std::string hexadecimal(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex(2 * bytes.size(), '\0');
  char* to = hex.data();
  for (unsigned char byte : bytes) {
    *to++ = digits[byte >> 4];
    *to++ = digits[byte & 15];
  }
  return hex;
}

}  // namespace

Sha256::Sha256() {
  static_assert(sizeof(SHA256_CTX) <= sizeof state_ && alignof(SHA256_CTX) <= alignof(std::uint64_t) &&
                std::is_trivially_copyable_v<SHA256_CTX>);
  SHA256_Init(reinterpret_cast<SHA256_CTX*>(state_.data()));
}

void Sha256::add(std::string_view bytes) {
  SHA256_Update(reinterpret_cast<SHA256_CTX*>(state_.data()), bytes.data(), bytes.size());
}

std::string Sha256::finish_bytes() {
  std::string bytes(SHA256_DIGEST_LENGTH, '\0');
  SHA256_Final(reinterpret_cast<unsigned char*>(bytes.data()), reinterpret_cast<SHA256_CTX*>(state_.data()));
  return bytes;
}

std::string Sha256::finish() {
  return hexadecimal(finish_bytes());
}

std::string sha256(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.finish();
}

KeyedHash::KeyedHash(std::string_view key) {
  std::string block(key);
  if (key.size() > 64) {
    Sha256 hash;
    hash.add(key);
    block = hash.finish_bytes();
  }
  block.resize(64, '\0');
  std::string padded = block;
  for (std::size_t i = 0; i < block.size(); ++i) padded[i] = static_cast<char>(block[i] ^ 0x36);
  inner_.add(padded);
  for (std::size_t i = 0; i < block.size(); ++i) padded[i] = static_cast<char>(block[i] ^ 0x5c);
  outer_.add(padded);
}

std::string KeyedHash::operator()(std::string_view text) const {
  Sha256 inner = inner_;
  inner.add(text);
  Sha256 outer = outer_;
  outer.add(inner.finish_bytes());
  return hexadecimal(outer.finish_bytes().substr(0, 16));
}

}  // namespace rustchain
