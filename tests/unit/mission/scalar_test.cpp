#include "mission/scalar.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

TEST(ParseSize, CountsDecimalUnitsByThousandAndBinaryOnesBy1024) {
  EXPECT_EQ(parse_size("0"), 0u);
  EXPECT_EQ(parse_size("1024"), 1024u);
  EXPECT_EQ(parse_size("10kb"), 10'000u);
  EXPECT_EQ(parse_size("512 MB"), 512'000'000u);
  EXPECT_EQ(parse_size("1.5GiB"), 1'610'612'736u);
  EXPECT_EQ(parse_size("2G"), 2'000'000'000u);
  EXPECT_EQ(parse_size(" 3 TiB "), 3'298'534'883'328u);
}

TEST(ParseSize, RefusesWhatIsNoSize) {
  for (const char* text :
       {"", "MB", "-1", "1XB", "1 2", "ten MB", "1.2.3MB", "1e3", "9999999 TB", "10MB now"})
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
}

TEST(ParseDuration, AddsUpItsParts) {
  EXPECT_EQ(parse_duration("30s"), 30);
  EXPECT_EQ(parse_duration("5m"), 300);
  EXPECT_EQ(parse_duration("1h30m"), 5400);
  EXPECT_EQ(parse_duration("1.5 hours"), 5400);
  EXPECT_EQ(parse_duration("500ms"), 0.5);
  EXPECT_EQ(parse_duration("2 min 10 sec"), 130);
}

TEST(ParseDuration, RefusesWhatHasNoUnit) {
  for (const char* text : {"", "30", "soon", "5 parsecs", "m", "-5m"})
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

TEST(LooseBoolean, TakesTheWordsOfYaml11InAnyCase) {
  for (const char* text : {"yes", "Yes", "ON", "y", "True"}) EXPECT_EQ(loose_boolean(text), true) << text;
  for (const char* text : {"no", "Off", "N", "false"}) EXPECT_EQ(loose_boolean(text), false) << text;
  for (const char* text : {"", "1", "maybe", "yes please"})
    EXPECT_EQ(loose_boolean(text), std::nullopt) << text;
}

TEST(References, AreToldByTheirBraces) {
  EXPECT_TRUE(may_hold_reference("a {b} c"));
  EXPECT_TRUE(may_hold_reference("{{ b }}"));
  EXPECT_TRUE(may_hold_reference("${b}"));
  EXPECT_FALSE(may_hold_reference("{}"));
  EXPECT_FALSE(may_hold_reference("} {"));
  EXPECT_FALSE(may_hold_reference("{"));
  EXPECT_TRUE(may_be_reference("{a.items[0]}"));
  EXPECT_TRUE(may_be_reference(" ${a} "));
  EXPECT_FALSE(may_be_reference("x {a}"));
  EXPECT_FALSE(may_be_reference("{}"));
}

}  // namespace
}  // namespace rustchain
