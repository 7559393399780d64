#include "llm/json_schema.hpp"

#include "rustchain/json.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

std::string mismatch(std::string_view schema, std::string_view value) {
  return schema_mismatch(Json::parse(schema), Json::parse(value)).value_or("fits");
}

TEST(JsonSchema, ChecksTypes) {
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {R"({"type":"integer"})", "1", "fits"},
      {R"({"type":"integer"})", "1.0", "fits"},
      {R"({"type":"integer"})", "1.5", "it is a number, not an integer"},
      {R"({"type":"number"})", "1", "fits"},
      {R"({"type":"string"})", "1", "it is an integer, not a string"},
      {R"({"type":["string","null"]})", "null", "fits"},
      {R"({"type":["string","null"]})", "[]", "it is an array, not a string or null"},
      {R"({"type":"object"})", "[]", "it is an array, not an object"},
      {R"({"type":"boolean"})", "\"true\"", "it is a string, not a boolean"},
      {"{}", "[1]", "fits"},
      {"true", "1", "fits"},
      {"false", "1", "it may not be there"},
  };
  for (const auto& [schema, value, expected] : cases)
    EXPECT_EQ(mismatch(schema, value), expected) << schema << value;
}

TEST(JsonSchema, NamesThePlace) {
  std::string_view schema = R"({"type":"object","required":["items"],"additionalProperties":false,
    "properties":{"items":{"type":"array","minItems":1,"items":{"type":"object","required":["id"],
      "properties":{"id":{"type":"integer","minimum":1},"kind":{"enum":["a","b"]}}}}}})";
  EXPECT_EQ(mismatch(schema, R"({"items":[{"id":1,"kind":"a"},{"id":2}]})"), "fits");
  EXPECT_EQ(mismatch(schema, "{}"), "it lacks 'items'");
  EXPECT_EQ(mismatch(schema, R"({"items":[],"x":1})"), "it has 'x', which may not be there");
  EXPECT_EQ(mismatch(schema, R"({"items":[]})"), "at items: has items less than 1");
  EXPECT_EQ(mismatch(schema, R"({"items":[{"id":1},{"kind":"a"}]})"), "at items[1]: lacks 'id'");
  EXPECT_EQ(mismatch(schema, R"({"items":[{"id":"1"}]})"), "at items[0].id: is a string, not an integer");
  EXPECT_EQ(mismatch(schema, R"({"items":[{"id":0}]})"), "at items[0].id: is less than 1");
  EXPECT_EQ(mismatch(schema, R"({"items":[{"id":1,"kind":"c"}]})"),
            "at items[0].kind: is \"c\", not one of [\"a\",\"b\"]");
}

TEST(JsonSchema, ChecksLengthsAndOtherProperties) {
  EXPECT_EQ(mismatch(R"({"maxLength":2})", "\"\xc3\xa9\xc3\xa9\""), "fits");
  EXPECT_EQ(mismatch(R"({"minLength":3})", "\"ab\""), "it has characters less than 3");
  EXPECT_EQ(mismatch(R"({"additionalProperties":{"type":"integer"}})", R"({"a":1,"b":"x"})"),
            "at b: is a string, not an integer");
  EXPECT_EQ(mismatch(R"({"const":"x"})", "\"y\""), "it is \"y\", not \"x\"");
}

TEST(JsonSchema, NeedsNoStack) {
  std::string deep(100'000, '[');
  deep += std::string(100'000, ']');
  Json value = Json::parse(deep);
  Json schema = {{"type", "array"}};
  EXPECT_FALSE(schema_mismatch(schema, value));
}

TEST(JsonSchema, TellsWhatItDoesNotCheck) {
  EXPECT_EQ(unchecked_keywords(Json::parse(
                R"({"properties":{"a":{"pattern":"x"},"pattern":{"type":"string"}},"anyOf":[]})")),
            (std::vector<std::string>{"anyOf", "pattern"}));
  EXPECT_TRUE(unchecked_keywords(Json()).empty());
}

}  // namespace
}  // namespace rustchain
