#include "safety/verb_patterns.hpp"

#include "util/text.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

Arguments argv_of(std::string_view line) {
  Arguments argv;
  for (std::string_view word : words(line)) argv.push_back({std::string(word), {}});
  return argv;
}

bool fits(std::string_view pattern, std::string_view line) {
  std::vector<PatternWord> compiled;
  each_pattern_word(pattern, [&](PatternWord word) { compiled.push_back(word); });
  const Arguments argv = argv_of(line);
  return verbs_fit(pattern, compiled, sub_commands(argv));
}

bool has_options(std::string_view options, std::string_view line) {
  return options_fit(options, argv_of(line));
}

TEST(VerbPatterns, FitTheBeginningOfTheSubCommands) {
  EXPECT_TRUE(fits("rm", "tool rm a b"));
  EXPECT_FALSE(fits("rm", "tool list rm"));
  EXPECT_FALSE(fits("rm", "tool rmi"));
  EXPECT_FALSE(fits("rm", "tool"));
  EXPECT_TRUE(fits("db drop", "tool db drop x"));
  EXPECT_FALSE(fits("db drop", "tool db"));
  EXPECT_TRUE(fits("", "tool"));
}

TEST(VerbPatterns, FitOneOfTheAlternatives) {
  EXPECT_TRUE(fits("rm|rmi|db drop", "tool rmi"));
  EXPECT_TRUE(fits("rm|rmi|db drop", "tool db drop"));
  EXPECT_FALSE(fits("rm|rmi|db drop", "tool db rm"));
}

TEST(VerbPatterns, TakeStarsAtTheEndsOfWords) {
  EXPECT_TRUE(fits("del*", "tool delete"));
  EXPECT_TRUE(fits("del*", "tool del"));
  EXPECT_FALSE(fits("del*", "tool undel"));
  EXPECT_TRUE(fits("*:drop", "tool db:drop"));
  EXPECT_FALSE(fits("*:drop", "tool :drop"));
  EXPECT_TRUE(fits("*secret*", "tool a-secret-b"));
  EXPECT_TRUE(fits("user *", "tool user anna"));
  EXPECT_FALSE(fits("user *", "tool user"));
}

TEST(VerbPatterns, PassOverAnyWordsAtThreeDots) {
  EXPECT_TRUE(fits("... delete", "tool delete"));
  EXPECT_TRUE(fits("... delete", "tool vm instance delete x"));
  EXPECT_FALSE(fits("... delete", "tool vm instance"));
  EXPECT_TRUE(fits("acl ... delete", "tool acl token delete"));
  EXPECT_FALSE(fits("acl ... delete", "tool token acl"));
  EXPECT_TRUE(fits("user ...", "tool user"));
}

TEST(VerbPatterns, PassOverWhatMayBeAnOptionsValue) {
  EXPECT_TRUE(fits("vm delete", "tool --zone here vm delete x"));
  EXPECT_TRUE(fits("vm delete", "tool vm --zone here delete x"));
  EXPECT_TRUE(fits("vm delete", "tool --yes vm delete x"));
  EXPECT_FALSE(fits("vm delete", "tool --zone=here there vm delete x"));
  EXPECT_FALSE(fits("vm delete", "tool -- vm delete x"));
}

TEST(VerbPatterns, EndOnTextsThatAreMadeToTakeLong) {
  std::string pattern, line = "tool";
  for (int i = 0; i < 40; ++i) pattern += "... * ";
  pattern += "never";
  for (int i = 0; i < 400; ++i) line += " word";
  EXPECT_FALSE(fits(pattern, line));
}

TEST(VerbPatterns, AskForOptions) {
  EXPECT_TRUE(has_options("", "tool"));
  EXPECT_TRUE(has_options("-f --force", "tool --force"));
  EXPECT_TRUE(has_options("-f --force", "tool -xfd"));
  EXPECT_FALSE(has_options("-f --force", "tool -Force"));
  EXPECT_FALSE(has_options("-f --force", "tool f"));
  EXPECT_TRUE(has_options("--force", "tool --force=true"));
  EXPECT_FALSE(has_options("--force", "tool --force=false"));
  EXPECT_TRUE(has_options("--add*", "tool --add-port=80"));
}

TEST(VerbPatterns, AskForOptionsWithAValue) {
  for (std::string_view line : {"tool -X DELETE", "tool -X=DELETE", "tool -XDELETE"})
    EXPECT_TRUE(has_options("-X=DELETE", line)) << line;
  EXPECT_FALSE(has_options("-X=DELETE", "tool -X GET"));
  EXPECT_TRUE(has_options("--target=/usr*", "tool --target /usr/lib"));
}

TEST(VerbPatterns, LetOptionsForbidARow) {
  EXPECT_TRUE(has_options("!--dry-run", "tool"));
  EXPECT_FALSE(has_options("!--dry-run", "tool --dry-run"));
  EXPECT_FALSE(has_options("!--dry-run --all", "tool --all --dry-run"));
  EXPECT_FALSE(has_options("!--dry-run --all", "tool"));
}

}  // namespace
}  // namespace rustchain
