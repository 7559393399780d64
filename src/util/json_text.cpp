// JSON and its text: of others, for which nobody vouches, and our own.
#include "util/json_text.hpp"

#include "rustchain/json.hpp"

#include "util/utf8.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>

namespace rustchain {
namespace {

std::size_t depth_of(std::string_view text) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

// How a character that can't stand for itself is written in a text; 'u': by its number.
constexpr std::array<char, 128> k_escapes = [] {
  std::array<char, 128> escapes{};
  for (std::size_t i = 0; i < 0x20; ++i) escapes[i] = 'u';
  escapes['\b'] = 'b';
  escapes['\f'] = 'f';
  escapes['\n'] = 'n';
  escapes['\r'] = 'r';
  escapes['\t'] = 't';
  escapes['"'] = '"';
  escapes['\\'] = '\\';
  return escapes;
}();

// How many bytes go by before the first that is a control character, a quote, a backslash, or beyond ASCII;
// at most eight are looked at. What tells is each byte's highest bit; a borrow may set one wrongly, but comes
// from a byte before it whose own is set rightly.
std::size_t count_plain(const char* bytes, std::size_t count) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t highest = 0x8080808080808080;
  std::uint64_t eight = ones * ' ';
  if (count >= sizeof eight)
    std::memcpy(&eight, bytes, count = sizeof eight);
  else
    std::memcpy(&eight, bytes, count);
  if constexpr (std::endian::native == std::endian::big) eight = __builtin_bswap64(eight);
  const std::uint64_t quotes = eight ^ (ones * '"');
  const std::uint64_t backslashes = eight ^ (ones * '\\');
  const std::uint64_t found =
      ((eight - ones * 0x20) | (quotes - ones) | (backslashes - ones) | eight) & highest;
  return found == 0 ? count : static_cast<std::size_t>(std::countr_zero(found)) / 8;
}

template <class Number>
void append_number(std::string& to, Number number) {
  std::array<char, 24> digits;
  auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  to.append(digits.data(), end);
}

}  // namespace

Result<Json> parse_json(std::string_view text) {
  if (depth_of(text) > k_deepest_json)
    return Error{"it is nested deeper than " + std::to_string(k_deepest_json) + " levels"};
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    if (error.byte > text.size()) return Error{"it ends too early"};
    std::size_t at = error.byte == 0 ? 0 : error.byte - 1;
    auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
    std::size_t begin = text.substr(0, at).rfind('\n');
    std::size_t column = begin == std::string_view::npos ? at + 1 : at - begin;
    return Error{"it breaks at line " + std::to_string(line) + ", column " + std::to_string(column)};
  } catch (const Json::exception& error) {
    return Error{error.what()};
  }
}

std::string dump_json(const Json& value) {
  std::string text;
  append_json(text, value);
  return text;
}

void append_json_text(std::string& to, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  to += '"';
  std::size_t from = 0;
  std::size_t i = 0;
  auto flush = [&](std::size_t next) {
    to.append(text, from, i - from);
    from = i = next;
  };
  while (i < text.size()) {
    const std::size_t plain = count_plain(text.data() + i, text.size() - i);
    i += plain;
    if (plain == 8 || i == text.size()) continue;
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x80) {
      if (std::size_t length = utf8_length(text, i); length > 0) {
        i += length;
      } else {
        flush(i + 1);
        to += "\xef\xbf\xbd";
      }
      continue;
    }
    const char escape = k_escapes[byte];
    flush(i + 1);
    to += '\\';
    to += escape;
    if (escape == 'u') to.append("00").append(1, hex[byte >> 4]).append(1, hex[byte & 15]);
  }
  flush(i);
  to += '"';
}

void append_json(std::string& to, const Json& value) {
  switch (value.type()) {
    case Json::value_t::null: to += "null"; return;
    case Json::value_t::boolean: to += value.get<bool>() ? "true" : "false"; return;
    case Json::value_t::number_integer: return append_number(to, value.get<std::int64_t>());
    case Json::value_t::number_unsigned: return append_number(to, value.get<std::uint64_t>());
    case Json::value_t::string: return append_json_text(to, value.get_ref<const std::string&>());
    case Json::value_t::array:
      to += '[';
      for (const Json& element : value) {
        if (to.back() != '[') to += ',';
        append_json(to, element);
      }
      to += ']';
      return;
    case Json::value_t::object:
      to += '{';
      for (const auto& [key, element] : value.get_ref<const Json::object_t&>()) {
        if (to.back() != '{') to += ',';
        append_json_text(to, key);
        to += ':';
        append_json(to, element);
      }
      to += '}';
      return;
    default: to += value.dump(); return;  // fractions, by the shortest digits that give them back
  }
}

}  // namespace rustchain
