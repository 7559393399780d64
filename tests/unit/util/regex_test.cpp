#include "util/regex.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

// The whole match and its groups, separated by bars; "-" without a match.
std::string found(std::string_view pattern, std::string_view text) {
  Result<Regex> regex = Regex::make(pattern, Regex::Anchors::lines);
  if (!regex) return regex.error().message;
  Regex::Match match;
  if (!regex->find(text, 0, match)) return "-";
  std::string all;
  for (std::size_t i = 0; i <= regex->groups(); ++i)
    all += (i > 0 ? "|" : "") + std::string(match.group(i, text));
  return all;
}

std::string problem(std::string_view pattern) {
  Result<Regex> regex = Regex::make(pattern, Regex::Anchors::lines);
  if (regex) return "none";
  std::string message = regex.error().message;
  return message.substr(message.find("can't be read: ") + 15);
}

TEST(Regex, FindsTheLeftmostMatch) {
  EXPECT_EQ(found("b+", "aabbb"), "bbb");
  EXPECT_EQ(found("b+?", "aabbb"), "b");
  EXPECT_EQ(found("a|ab", "ab"), "a");
  EXPECT_EQ(found("ab|a", "ab"), "ab");
  EXPECT_EQ(found("x*", "aaa"), "");
  EXPECT_EQ(found("xyz", "aaa"), "-");
  EXPECT_EQ(found("", ""), "");
}

TEST(Regex, FillsGroups) {
  EXPECT_EQ(found("(\\w+)@(\\w+)\\.com", "to: joe@site.com"), "joe@site.com|joe|site");
  EXPECT_EQ(found("(a)|(b)", "b"), "b||b");
  EXPECT_EQ(found("(?:ab)+(c)?", "ababc"), "ababc|c");
  EXPECT_EQ(found("(a*)*", "aaa"), "aaa|aaa");
  EXPECT_EQ(found("(?P<year>\\d{4})-(?P<month>\\d\\d)", "in 2026-11"), "2026-11|2026|11");
}

TEST(Regex, Counts) {
  EXPECT_EQ(found("a{2}", "aaa"), "aa");
  EXPECT_EQ(found("a{2,}", "aaaa"), "aaaa");
  EXPECT_EQ(found("a{1,2}?", "aaaa"), "a");
  EXPECT_EQ(found("(ab){2,3}", "abababab"), "ababab|ab");
  EXPECT_EQ(found("(?:a|b){3}c", "xabac"), "abac");
  EXPECT_EQ(found("a{0}b", "aab"), "b");
  EXPECT_EQ(found("a{x}", "a{x}"), "a{x}");
  EXPECT_EQ(found("{", "{"), "{");
}

TEST(Regex, KnowsPlaces) {
  EXPECT_EQ(found("^b$", "a\nb\nc"), "b");
  EXPECT_EQ(found("^b.*?\\r?$", "a\r\nbc\r\n"), "bc\r");
  EXPECT_EQ(found("\\Ab", "a\nb"), "-");
  EXPECT_EQ(found("c\\z", "c\nc"), "c");
  EXPECT_EQ(found("\\bcat\\b", "concat cat"), "cat");
  EXPECT_EQ(found("\\Bat", "at cat"), "at");
}

TEST(Regex, KnowsClasses) {
  EXPECT_EQ(found("[a-c]+", "xxabcd"), "abc");
  EXPECT_EQ(found("[^a-c]+", "abxyc"), "xy");
  EXPECT_EQ(found("[]x]+", "]x"), "]x");
  EXPECT_EQ(found("[[:digit:]._-]+", "v1.2-3"), "1.2-3");
  EXPECT_EQ(found("[\\d\\-]+", "a1-2"), "1-2");
  EXPECT_EQ(found("\\S+", "  ab "), "ab");
  EXPECT_EQ(found("\\x41\\x{42}\\t", "AB\t"), "AB\t");
}

TEST(Regex, KnowsFlags) {
  EXPECT_EQ(found("(?i)hello", "HeLLo"), "HeLLo");
  EXPECT_EQ(found("(?i:h)ello", "Hello"), "Hello");
  EXPECT_EQ(found("(?i:h)ello", "HELLO"), "-");
  EXPECT_EQ(found("a.b", "a\nb"), "-");
  EXPECT_EQ(found("(?s)a.b", "a\nb"), "a\nb");
}

TEST(Regex, TakesWholeCharacters) {
  EXPECT_EQ(found("^.$", "\xc3\xa4"), "\xc3\xa4");
  EXPECT_EQ(found("[\xc3\xa4\xc3\xb6]+", "x\xc3\xb6\xc3\xa4"), "\xc3\xb6\xc3\xa4");
}

TEST(Regex, SaysWhatIsWrong) {
  EXPECT_EQ(found("(", "x"), "the regular expression '(' can't be read: there is a '(' without its ')'");
  EXPECT_EQ(problem("a)"), "there is a ')' without its '('");
  EXPECT_EQ(problem("*a"), "'*' has nothing before it to repeat");
  EXPECT_EQ(problem("a**"), "'**' repeats a repetition");
  EXPECT_EQ(problem("[a"), "there is a '[' without its ']'");
  EXPECT_EQ(problem("[z-a]"), "the range 'z-a' goes backwards");
  EXPECT_EQ(problem("a{3,2}"), "the repeat count '{3,2}' is too high or goes backwards");
  EXPECT_EQ(problem("(a)\\1"), "the back reference \\1 is not supported");
  EXPECT_EQ(problem("(?=a)"), "looking ahead is not supported");
  EXPECT_EQ(problem("\\q"), "\\q means nothing here");
  EXPECT_EQ(problem("a\\"), "it ends with a backslash");
  EXPECT_EQ(problem("((a{100}){100}){100}"), "the repeat count '{100}' is too high or goes backwards");
  EXPECT_EQ(problem("(?<year>a)"), "looking behind is not supported, and a group is named by (?P<name>...)");
}

TEST(Regex, IsNeverSlow) {
  std::string as(20'000, 'a');
  EXPECT_EQ(found("(a+)+b", as), "-");
  EXPECT_EQ(found("(a|aa)+$", as), as + "|a");
  EXPECT_EQ(found("(x+x+)+y", std::string(5000, 'x')), "-");
}

TEST(Regex, ExpandsReplacements) {
  Result<Regex> regex = Regex::make("(a)(b)?", Regex::Anchors::lines);
  Regex::Match match;
  ASSERT_TRUE(regex && regex->find("xab", 0, match));
  EXPECT_EQ(expand_replacement("[$1-\\2-${1}0-$0-$&-$$-\\n-$9-$x]", "xab", match), "[a-b-a0-ab-ab-$-\n--$x]");
}

}  // namespace
}  // namespace rustchain
