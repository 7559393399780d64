#include "util/text.hpp"

#include "util/path.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

TEST(Text, TrimsBothEnds) {
  EXPECT_EQ(trim(" \t a b \r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
}

TEST(Text, SplitKeepsEmptyPieces) {
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_TRUE(split("", ',').empty());
}

TEST(Text, FindsWholeWordsOnly) {
  EXPECT_TRUE(has_word("one two three", "two"));
  EXPECT_FALSE(has_word("one twofold", "two"));
  EXPECT_FALSE(has_word("one", ""));
  EXPECT_EQ(words(" a  b "), (std::vector<std::string_view>{"a", "b"}));
}

TEST(Text, QuotesForAShellOnlyWhatNeedsIt) {
  EXPECT_EQ(shell_join({"grep", "-r", "it's", "", "a=b"}), "grep -r 'it'\\''s' '' a=b");
}

TEST(Text, ReplacesAll) {
  EXPECT_EQ(replace_all("aXbXX", "X", "yy"), "ayybyyyy");
  EXPECT_EQ(replace_all("abc", "", "y"), "abc");
}

TEST(Path, IsNormalisedByItsTextAlone) {
  EXPECT_EQ(normalise_path("/a/./b//../c/"), "/a/c");
  EXPECT_EQ(normalise_path("../a"), "../a");
  EXPECT_EQ(resolve_path("/w", "a/b"), "/w/a/b");
  EXPECT_EQ(resolve_path("/w", "/a"), "/a");
  EXPECT_EQ(resolve_path("/w", ""), "");
  EXPECT_EQ(parent_directory("a"), ".");
}

}  // namespace
}  // namespace rustchain
