#include "rustchain/node.hpp"

#include "rustchain/json.hpp"

#include "mission/value.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

Node scalar(std::string text, Node::Style style = Node::Style::plain) {
  return {.kind = Node::Kind::scalar, .style = style, .at = {}, .text = std::move(text), .items = {}};
}

Node map(std::vector<Node> items) {
  return {.kind = Node::Kind::map, .style = {}, .at = {}, .text = {}, .items = std::move(items)};
}

TEST(Node, FindsValuesOfMapsOnly) {
  Node node = map({scalar("a"), scalar("1"), scalar("b"), scalar("2")});
  ASSERT_NE(node.find("b"), nullptr);
  EXPECT_EQ(node.find("b")->text, "2");
  EXPECT_EQ(node.find("1"), nullptr) << "a value is no key";
  EXPECT_EQ(scalar("a").find("a"), nullptr);
}

TEST(Node, OnlyPlainScalarsHaveATypeOfTheirOwn) {
  EXPECT_EQ(type_word(scalar("true")), "boolean");
  EXPECT_EQ(type_word(scalar("true", Node::Style::quoted)), "string");
  EXPECT_EQ(type_word(scalar("1.5")), "number");
  EXPECT_EQ(type_word(scalar("1.5", Node::Style::block)), "string");
  EXPECT_EQ(type_word(scalar("yes")), "string");
  EXPECT_EQ(type_word(Node{}), "null");
  EXPECT_EQ(type_word(map({})), "map");
}

TEST(Node, ReadsBooleansOfTheCoreSchema) {
  bool value = false;
  EXPECT_TRUE(is_boolean(scalar("TRUE"), &value));
  EXPECT_TRUE(value);
  EXPECT_TRUE(is_boolean(scalar("False"), &value));
  EXPECT_FALSE(value);
  for (const char* text : {"yes", "no", "on", "tRUE", "1", ""})
    EXPECT_FALSE(is_boolean(scalar(text))) << text;
}

TEST(Node, ReadsNumbersOfTheCoreSchema) {
  auto number = [](const char* text) {
    double value = -12345;
    return is_number(scalar(text), &value) ? value : -12345;
  };
  EXPECT_EQ(number("0"), 0);
  EXPECT_EQ(number("-17"), -17);
  EXPECT_EQ(number("+5"), 5);
  EXPECT_EQ(number("010"), 10);
  EXPECT_EQ(number("1."), 1);
  EXPECT_EQ(number(".5"), 0.5);
  EXPECT_EQ(number("1.5e3"), 1500);
  EXPECT_EQ(number("2E-1"), 0.2);
  EXPECT_EQ(number("0x1F"), 31);
  EXPECT_EQ(number("0o17"), 15);
  EXPECT_EQ(number("18446744073709551616"), 18446744073709551616.0);
  for (const char* text : {"", "-", ".", "1e", "0x", "0xg", "-0x1", "1_000", ".inf", ".nan", "inf", "nan",
                           "1.2.3", "12s", " 1", "1e999"}) {
    EXPECT_FALSE(is_number(scalar(text))) << text;
  }
}

TEST(Node, BecomesJson) {
  Node list{.kind = Node::Kind::list, .style = {}, .at = {}, .text = {}, .items = {}};
  list.items = {scalar("1"),
                scalar("1.0"),
                scalar("true"),
                Node{},
                scalar("yes"),
                scalar("1", Node::Style::quoted),
                scalar("9223372036854775807"),
                scalar("18446744073709551615"),
                map({scalar("1"), scalar("0x10")})};
  EXPECT_EQ(to_json(list).dump(),
            R"([1,1.0,true,null,"yes","1",9223372036854775807,18446744073709551615,{"1":16}])");
}

TEST(Node, BecomesTheSameTextWithoutTheJsonBetween) {
  Node list{.kind = Node::Kind::list, .style = {}, .at = {}, .text = {}, .items = {}};
  list.items = {scalar("1"), map({scalar("b"), scalar("no \"\n"), scalar("a"), Node{}}), map({})};
  Node all = map({scalar("z"), list, scalar("k"), scalar("1", Node::Style::quoted)});
  std::string text = "=";
  append_json(text, all);
  EXPECT_EQ(text, "=" + to_json(all).dump());
}

}  // namespace
}  // namespace rustchain
