// Base64 (RFC 4648).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rustchain {

std::string base64_encode(std::string_view bytes);
// Blanks and line ends between the digits are skipped, padding may be missing. nullopt: it isn't base64.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace rustchain
