#include "rustchain/environment.hpp"

#include <string>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using namespace std::string_literals;

TEST(EnvironmentBlock, HoldsVariablesInTheirOrder) {
  Environment environment = {{"A", "1"}, {"EMPTY", ""}};
  environment.add("B", "x=y");
  EXPECT_EQ(environment.block(), "A=1\0EMPTY=\0B=x=y\0"s);
  EXPECT_EQ(environment.size(), 3u);
}

TEST(EnvironmentBlock, FindsByTheWholeName) {
  const Environment environment = {{"AB", "1"}, {"A", "2"}, {"A", "3"}, {"E", ""}};
  EXPECT_EQ(environment.find("A"), "2");
  EXPECT_EQ(environment.find("AB"), "1");
  EXPECT_EQ(environment.find("E"), "");
  EXPECT_EQ(environment.find("B"), std::nullopt);
  EXPECT_EQ(environment.find("2"), std::nullopt) << "a value is no name";
  EXPECT_EQ(environment.find(std::string(1000, 'x')), std::nullopt);
  EXPECT_EQ(Environment().find("A"), std::nullopt);
}

TEST(EnvironmentBlock, ReplacesAllOfThatName) {
  Environment environment = {{"A", "1"}, {"B", "2"}, {"A", "3"}};
  environment.set("A", "4");
  EXPECT_EQ(environment, (Environment{{"B", "2"}, {"A", "4"}}));
  environment.set("C", "5");
  EXPECT_EQ(environment.block(), "B=2\0A=4\0C=5\0"s);
}

TEST(EnvironmentBlock, NamesWhatNoProgramCanBeGiven) {
  Environment environment = {{"A", "1"}};
  EXPECT_EQ(environment.unusable(), "");
  environment.set("A", "x\0y"s);
  EXPECT_EQ(environment.unusable(), "A");
  EXPECT_EQ(environment.block(), "");
}

}  // namespace
}  // namespace rustchain
