// Text within XML and HTML.
#include "report/markup.hpp"

#include "util/utf8.hpp"

namespace rustchain {

std::string markup(std::string_view text) {
  constexpr std::string_view replacement = "\xef\xbf\xbd";
  std::string safe;
  safe.reserve(text.size() + text.size() / 8);
  for (std::size_t at = 0; at < text.size();) {
    const Character c = character_at(text, at);
    switch (c.code) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '"': safe += "&quot;"; break;
      case '\'': safe += "&#39;"; break;
      default: {
        const bool control = (c.code < 0x20 && c.code != '\t' && c.code != '\n') || c.code == 0x7f;
        if (control || c.code == 0xfffd || c.code == 0xfffe || c.code == 0xffff)
          safe += replacement;
        else
          safe += text.substr(at, c.bytes);
      }
    }
    at += c.bytes;
  }
  return safe;
}

}  // namespace rustchain
