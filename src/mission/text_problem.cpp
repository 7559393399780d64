// What keeps a text from being read as YAML at all: its encoding, control characters.
#include "mission/text_problem.hpp"

#include "util/utf8.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace rustchain {

Location place_of(std::string_view text, std::size_t offset, std::uint32_t file) {
  offset = std::min(offset, text.size());
  // Past the last line end there is nothing to show; the end of the line before is where it happened.
  if (offset == text.size())
    while (offset > 0 && (text[offset - 1] == '\n' || text[offset - 1] == '\r')) --offset;
  auto lines = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
  std::size_t before = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  return {static_cast<std::uint32_t>(lines + 1), static_cast<std::uint32_t>(offset - begin + 1), file};
}

std::optional<Diagnostic> text_problem(std::string_view text, std::uint32_t file) {
  auto problem = [&](std::size_t offset, std::string_view code, std::string message, std::string help) {
    return Diagnostic{.code = code,
                      .message = std::move(message),
                      .at = place_of(text, offset, file),
                      .help = std::move(help)};
  };
  // Zero bytes near the beginning tell what the file is, whatever else is wrong with it: every second byte of
  // UTF-16 is one, and a program or an archive has them too.
  constexpr std::size_t k_head = 4096;
  const std::size_t zero = text.substr(0, k_head).find('\0');
  const bool marked = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
  if (marked || (zero < 2 && text.size() > zero + 2 && text[zero + 2] == '\0')) {
    return problem(0, "RC0003", "the file is written in UTF-16, and a mission is UTF-8 text",
                   "save it as UTF-8 (`iconv -f UTF-16 -t UTF-8 FILE` converts it)");
  }
  auto no_text = [&](std::size_t offset) {
    return problem(offset, "RC0003", "the file holds a zero byte, so it is no text",
                   "check that this is the file you mean");
  };
  if (zero != std::string_view::npos) return no_text(zero);

  std::size_t control = 0;
  while (control < text.size()) {
    auto byte = static_cast<unsigned char>(text[control]);
    if ((byte < 0x20 && byte != '\n' && byte != '\t' && byte != '\r') || byte == 0x7F) break;
    ++control;
  }
  std::size_t invalid = find_invalid_utf8(text);
  if (invalid < control) {
    return problem(invalid, "RC0003", "this byte is not valid UTF-8",
                   "save the file as UTF-8 (`iconv -f ISO-8859-1 -t UTF-8 FILE` converts an older one)");
  }
  if (control == text.size()) return std::nullopt;
  if (text[control] == '\0') return no_text(control);
  constexpr std::string_view digits = "0123456789abcdef";
  auto byte = static_cast<unsigned char>(text[control]);
  std::string code = std::string("\\x") + digits[byte >> 4] + digits[byte & 15];
  return problem(control, "RC0004", "the control character " + code + " can't stand in YAML",
                 "remove it, or write it as " + code + " between double quotes");
}

}  // namespace rustchain
