#include "util/glob.hpp"

#include "support/fakes.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

bool matches(std::string_view pattern, std::string_view path) {
  return Glob(pattern).matches(path);
}

TEST(Glob, StarStaysWithinAName) {
  EXPECT_TRUE(matches("*.c", "a.c"));
  EXPECT_TRUE(matches("src/*.c", "src/a.c"));
  EXPECT_FALSE(matches("*.c", "src/a.c"));
  EXPECT_FALSE(matches("src*a.c", "src/a.c"));
  EXPECT_FALSE(matches("*.c", "a.cpp"));
}

TEST(Glob, QuestionMarkAndClassesTakeOneCharacter) {
  EXPECT_TRUE(matches("a?c", "abc"));
  EXPECT_FALSE(matches("a?c", "a/c"));
  EXPECT_FALSE(matches("a?c", "ac"));
  EXPECT_TRUE(matches("[a-c0]x", "bx"));
  EXPECT_TRUE(matches("[a-c0]x", "0x"));
  EXPECT_FALSE(matches("[a-c0]x", "dx"));
  EXPECT_TRUE(matches("[!a-c]x", "dx"));
  EXPECT_FALSE(matches("[^a-c]x", "ax"));
  EXPECT_TRUE(matches("[]a]x", "]x"));
  EXPECT_FALSE(matches("a[!b]c", "a/c"));
}

TEST(Glob, DoubleStarTakesAnyDirectories) {
  EXPECT_TRUE(matches("**/*.c", "a.c"));
  EXPECT_TRUE(matches("**/*.c", "x/y/a.c"));
  EXPECT_TRUE(matches("src/**/a.c", "src/a.c"));
  EXPECT_TRUE(matches("src/**/a.c", "src/x/y/a.c"));
  EXPECT_FALSE(matches("src/**/a.c", "srcx/a.c"));
  EXPECT_TRUE(matches("src/**", "src/x/y"));
  EXPECT_FALSE(matches("src/**", "src"));
  EXPECT_FALSE(matches("a**b", "a/b"));
  EXPECT_TRUE(matches("{src/**,lib}/a", "src/x/a"));
}

TEST(Glob, BracesAreAlternatives) {
  EXPECT_TRUE(matches("a.{c,cpp}", "a.c"));
  EXPECT_TRUE(matches("a.{c,cpp}", "a.cpp"));
  EXPECT_FALSE(matches("a.{c,cpp}", "a.h"));
  EXPECT_TRUE(matches("{a,b{c,d}}x", "bdx"));
  EXPECT_TRUE(matches("{,a}b", "b"));
  EXPECT_TRUE(matches("{a,b/c}.c", "b/c.c"));
}

TEST(Glob, HalfBracketsAndEscapesStandForThemselves) {
  EXPECT_TRUE(matches("{a}", "{a}"));
  EXPECT_TRUE(matches("{a,b", "{a,b"));
  EXPECT_TRUE(matches("[a", "[a"));
  EXPECT_TRUE(matches("\\*", "*"));
  EXPECT_FALSE(matches("\\*", "a"));
  EXPECT_FALSE(is_glob("{a}"));
  EXPECT_TRUE(is_glob("{a,b}"));
  EXPECT_TRUE(is_glob("a*"));
}

TEST(Glob, HiddenNamesNeedTheirDot) {
  EXPECT_FALSE(matches("*", ".git"));
  EXPECT_FALSE(matches("**/*.c", ".git/a.c"));
  EXPECT_FALSE(matches("**/*.c", "x/.git/a.c"));
  EXPECT_FALSE(matches("?a", ".a"));
  EXPECT_TRUE(matches(".*", ".git"));
  EXPECT_TRUE(matches("**/.x", "a/.x"));
  EXPECT_TRUE(matches("a.*", "a..b"));
}

TEST(Glob, NoPatternIsSlow) {
  std::string stars, braces;
  for (int i = 0; i < 200; ++i) stars += "*a", braces += "{a,a}";
  EXPECT_FALSE(matches(stars + "b", std::string(2000, 'a')));
  EXPECT_TRUE(matches(braces, std::string(200, 'a')));
  EXPECT_FALSE(matches(braces, std::string(199, 'a')));
}

TEST(Glob, TellsTheDirectoryThatIsFixed) {
  EXPECT_EQ(glob_base("src/x/*.c"), "src/x/");
  EXPECT_EQ(glob_base("*.c"), "");
  EXPECT_EQ(glob_base("/a/b{c,d}/e"), "/a/");
}

TEST(FakeFiles, GlobsRelativeToTheDirectory) {
  FakeFiles files;
  files.files = {{"/w/src/a.c", ""}, {"/w/b.c", ""}, {"/x.c", ""}};
  EXPECT_EQ(*files.glob("**/*.c", "/w"), (std::vector<std::string>{"b.c", "src/a.c"}));
  EXPECT_EQ(*files.glob("/*.c", "/w"), (std::vector<std::string>{"/x.c"}));
}

}  // namespace
}  // namespace rustchain
