#include "util/utf8.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

constexpr std::size_t k_valid = std::string_view::npos;

TEST(Utf8Visible, KeepsTabsAndLineEndsOfTextsOfSeveralLines) {
  EXPECT_EQ(visible_lines("a\tb\n\x1b[2J\r\xc2\x9b"), "a\tb\n\u241b[2J\u240d\ufffd");
  EXPECT_EQ(visible("a\tb\n"), "a\u2409b\u240a");
}

TEST(Utf8, FindsTheFirstInvalidByte) {
  EXPECT_EQ(find_invalid_utf8(""), k_valid);
  EXPECT_EQ(find_invalid_utf8("plain text that is longer than eight bytes"), k_valid);
  EXPECT_EQ(find_invalid_utf8("h\u00e9llo w\u00f6rld \u4e16\u754c \U0001F600"), k_valid);
  EXPECT_EQ(find_invalid_utf8("caf\xe9"), 3u);
  EXPECT_EQ(find_invalid_utf8("0123456789\x80"), 10u);
  EXPECT_EQ(find_invalid_utf8("\xe4\xb8"), 0u) << "cut short";
}

TEST(Utf8, RefusesOverlongFormsSurrogatesAndWhatIsTooLarge) {
  EXPECT_EQ(find_invalid_utf8("\xc0\xaf"), 0u);
  EXPECT_EQ(find_invalid_utf8("\xe0\x80\xaf"), 0u);
  EXPECT_EQ(find_invalid_utf8("\xed\xa0\x80"), 0u);
  EXPECT_EQ(find_invalid_utf8("\xf0\x80\x80\x80"), 0u);
  EXPECT_EQ(find_invalid_utf8("\xf4\x90\x80\x80"), 0u);
  EXPECT_EQ(find_invalid_utf8("\xf5\x80\x80\x80"), 0u);
  EXPECT_EQ(find_invalid_utf8("\xf4\x8f\xbf\xbf\xed\x9f\xbf"), k_valid);
}

TEST(Utf8, CountsCharactersAndInvalidBytes) {
  EXPECT_EQ(count_characters("h\u00e9\u4e16\U0001F600"), 4u);
  EXPECT_EQ(count_characters("a\xff\xfe"), 3u);
  EXPECT_EQ(character_at("\U0001F600", 0).code, U'\U0001F600');
  EXPECT_EQ(character_at("\xff", 0).code, U'\uFFFD');
}

TEST(Utf8, KnowsHowWideATerminalShowsIt) {
  EXPECT_EQ(display_width("abc"), 3u);
  EXPECT_EQ(display_width("h\u00e9"), 2u);
  EXPECT_EQ(display_width("\u4e16\u754c"), 4u);
  EXPECT_EQ(display_width("\U0001F600"), 2u);
  EXPECT_EQ(display_width("e\u0301"), 1u) << "a combining accent";
}

TEST(Utf8, ShowsWhatCouldSteerATerminal) {
  EXPECT_EQ(visible("a\x1b[31mb"), "a\u241b[31mb");
  EXPECT_EQ(visible(std::string_view("\0\t\n\x7f", 4)), "\u2400\u2409\u240a\u2421");
  EXPECT_EQ(visible("\u0085\u202e\xff"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(visible("h\u00e9 \u4e16"), "h\u00e9 \u4e16");
}

}  // namespace
}  // namespace rustchain
