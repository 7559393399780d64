// A YAML text as the parser can take it, and the way back to the text as it was written.
#include "mission/parser_text.hpp"

#include "mission/yaml_lexer.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <system_error>

namespace rustchain {
namespace {

constexpr std::string_view k_bom = "\xEF\xBB\xBF";

bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

// JSON writes characters past U+FFFF as two escapes, \ud83d\ude00, which YAML doesn't know: it wants
// \U0001f600.
std::optional<std::uint32_t> surrogate(std::string_view text, std::size_t at, char32_t first, char32_t last) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  std::uint32_t unit = 0;
  const char* end = text.data() + at + 6;
  auto [stop, error] = std::from_chars(text.data() + at + 2, end, unit, 16);
  if (error != std::errc{} || stop != end || unit < first || unit > last) return std::nullopt;
  return unit;
}

std::string long_escape(std::uint32_t high, std::uint32_t low) {
  constexpr std::string_view digits = "0123456789abcdef";
  const std::uint32_t code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
  std::string escape = "\\U";
  for (int shift = 28; shift >= 0; shift -= 4) escape += digits[(code >> shift) & 15];
  return escape;
}

// The characters that stand in for others are the last of the private planes: U+10F000 and the lower byte.
constexpr std::string_view k_stand_in = "\xF4\x8F\x80";

// How many bytes of a character that needs a stand-in begin here: U+0080 to U+009F, U+2028, U+2029, U+FFFE
// and U+FFFF.
std::size_t outlaw(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) == 0xC2 && byte(1) < 0xA0) return 2;
  if (byte(0) == 0xE2 && byte(1) == 0x80 && (byte(2) == 0xA8 || byte(2) == 0xA9)) return 3;
  if (byte(0) == 0xEF && byte(1) == 0xBF && byte(2) >= 0xBE) return 3;
  return 0;
}

// U+10F000 + n in UTF-8, where n is below 256.
std::string stand_in(unsigned n) {
  std::string bytes(k_stand_in);
  bytes.back() = static_cast<char>(0x80 + (n >> 6));
  return bytes += static_cast<char>(0x80 + (n & 63));
}

unsigned number_of(std::string_view outlaw) {
  if (outlaw.size() == 2) return static_cast<unsigned char>(outlaw[1]);
  const unsigned last = static_cast<unsigned char>(outlaw[2]) & 63u;
  return outlaw.starts_with("\xE2") ? last : 0xC0u + last;
}

std::string outlaw_of(unsigned number) {
  if (number >= 0xC0) return std::string("\xEF\xBF") + static_cast<char>(0x80 + (number - 0xC0));
  if (number >= 0x80) return std::string("\xC2") + static_cast<char>(number);
  return std::string("\xE2\x80") + static_cast<char>(0x80 + number);
}

bool may_hold_outlaws(std::string_view text) {
  for (std::string_view lead : {"\xC2", "\xE2\x80", "\xEF\xBF"})
    for (std::size_t at = text.find(lead); at != std::string_view::npos; at = text.find(lead, at + 1))
      if (outlaw(text.substr(at)) > 0) return true;
  return false;
}

}  // namespace

ParserText::ParserText(std::string_view text) : fed_(text) {
  has_stand_ins_ = may_hold_outlaws(text);
  const auto holds = [&](std::string_view part) { return text.find(part) != std::string_view::npos; };
  if (has_stand_ins_ || holds("\t") || holds("\\ud") || holds("\\uD")) rewrite(text);
  while (fed_.substr(skipped_).starts_with(k_bom)) skipped_ += k_bom.size();
  fed_.remove_prefix(skipped_);
}

void ParserText::replace(std::string_view text, std::size_t begin, std::size_t end, std::string_view by) {
  rewritten_ += text.substr(copied_, begin - copied_);
  rewritten_ += by;
  const std::ptrdiff_t before = shifts_.empty() ? 0 : shifts_.back().by;
  shifts_.push_back({rewritten_.size(), before + static_cast<std::ptrdiff_t>(end - begin) -
                                            static_cast<std::ptrdiff_t>(by.size())});
  copied_ = end;
}

void ParserText::rewrite(std::string_view text) {
  YamlLexer lexer(text);
  std::size_t done = 0;
  for (YamlToken token = lexer.next();; token = lexer.next()) {
    blanks(text, done, token.begin);
    done = token.end;
    if (token.kind == YamlToken::Kind::end) break;
    if (token.kind == YamlToken::Kind::quoted && text[token.begin] == '"')
      pairs(text, token.begin, token.end);
    else if (token.kind == YamlToken::Kind::block)
      block(text, token.begin, token.end);
    else
      outlaws(text, token.begin, token.end);
  }
  if (copied_ == 0) return;
  rewritten_ += text.substr(copied_);
  fed_ = rewritten_;
}

// A line that is empty or a comment may be indented with tabs: that is harmless.
void ParserText::blanks(std::string_view text, std::size_t begin, std::size_t end) {
  std::size_t done = begin;
  std::size_t line = begin == 0 || text[begin - 1] == '\n' ? begin : text.find('\n', begin);
  while (line < end) {
    if (text[line] == '\n') ++line;
    const std::size_t word = std::min(text.find_first_not_of(" \t", line), text.size());
    const bool is_empty =
        word == text.size() || text[word] == '\n' || text[word] == '\r' || text[word] == '#';
    if (std::size_t tab = text.find('\t', line); is_empty && tab < word) {
      outlaws(text, done, tab);
      replace(text, tab, word, std::string(word - tab, ' '));
      done = word;
    }
    line = text.find('\n', word);
  }
  outlaws(text, done, end);
}

// A line of a block without text may begin with a tab, where its indentation would be.
void ParserText::block(std::string_view text, std::size_t begin, std::size_t end) {
  std::size_t done = begin;
  std::size_t indentation = 0;
  for (std::size_t line = text.find('\n', begin); line < end; line = text.find('\n', line)) {
    ++line;
    const std::size_t word = std::min(text.find_first_not_of(' ', line), text.size());
    const std::size_t ink = std::min(text.find_first_not_of(" \t", line), text.size());
    const bool is_empty = ink == text.size() || text[ink] == '\n' || text[ink] == '\r';
    if (!is_empty && indentation == 0) indentation = word - line;
    if (!is_empty || word == ink || ink > end || (indentation > 0 && word - line >= indentation)) continue;
    outlaws(text, done, word);
    replace(text, word, ink, std::string(ink - word, ' '));
    done = ink;
  }
  outlaws(text, done, end);
}

void ParserText::pairs(std::string_view text, std::size_t begin, std::size_t end) {
  std::size_t done = begin;
  for (std::size_t at = text.find('\\', begin); at < end; at = text.find('\\', at)) {
    auto high = surrogate(text, at, 0xD800, 0xDBFF);
    auto low = high ? surrogate(text, at + 6, 0xDC00, 0xDFFF) : std::nullopt;
    if (low) {
      outlaws(text, done, at);
      replace(text, at, at + 12, long_escape(*high, *low));
      done = at + 12;
    }
    at += low ? 12 : 2;
  }
  outlaws(text, done, end);
}

void ParserText::outlaws(std::string_view text, std::size_t begin, std::size_t end) {
  if (!has_stand_ins_) return;
  for (std::size_t at = begin; at < end; ++at)
    if (std::size_t size = outlaw(text.substr(at)); size > 0)
      replace(text, at, at + size, stand_in(number_of(text.substr(at, size))));
}

std::size_t ParserText::offset(std::size_t character) {
  while (character_ < character && at_ < fed_.size()) {
    if (!continues_character(fed_[at_])) ++character_;
    ++at_;
  }
  while (character_ > character) {
    --at_;
    if (!continues_character(fed_[at_])) --character_;
  }
  while (at_ < fed_.size() && continues_character(fed_[at_])) ++at_;
  const std::size_t at = at_ + skipped_;
  auto next = std::ranges::upper_bound(shifts_, at, {}, &Shift::at);
  if (next == shifts_.begin()) return at;
  return static_cast<std::size_t>(static_cast<std::ptrdiff_t>(at) + std::prev(next)->by);
}

std::string ParserText::original(std::string_view value) const {
  std::string result(value);
  if (!has_stand_ins_) return result;
  constexpr std::string_view begin = k_stand_in.substr(0, 2);
  for (std::size_t at = result.find(begin); at != std::string::npos; at = result.find(begin, at + 1)) {
    const unsigned high = static_cast<unsigned char>(result[at + 2]) - 0x80u;
    const unsigned low = static_cast<unsigned char>(result[at + 3]) - 0x80u;
    if (high < 4) result.replace(at, 4, outlaw_of(high * 64 + low));
  }
  return result;
}

}  // namespace rustchain
