#include "util/json_text.hpp"

#include "rustchain/json.hpp"

#include <string>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using namespace std::string_literals;

TEST(JsonText, IsWrittenAsTheLibraryDoes) {
  for (const char* text :
       {"null", "true", "false", "0", "-9223372036854775808", "18446744073709551615", "0.1", "1.0", "-1e+100",
        "100000.0", R"("")", R"("plain")", R"("a \"quote\", a \\, \b\f\n\r\t and \u0001\u001f\u007f")",
        R"("ünï 漢字 🦀")", "[]", "{}", "[[],[[]],{}]",
        R"({"a":[1,"[",2],"b":{"c":{},"d":"{"},"":null})"}) {
    Json value = Json::parse(text);
    EXPECT_EQ(dump_json(value), value.dump()) << text;
  }
}

TEST(JsonText, IsWrittenSoWhereverItsCharactersStand) {
  // All ways in which a few special ones can stand beside each other and plain ones, across the eights.
  const std::string some = "a\x01 \"\\\n\x1f!";
  for (std::size_t first = 0; first < some.size(); ++first)
    for (std::size_t second = 0; second < some.size(); ++second)
      for (std::size_t at = 0; at < 18; ++at) {
        std::string text(19, 'x');
        text[at] = some[first];
        text[at + 1] = some[second];
        for (const std::string& one : {text, text.substr(0, at + 1), text + "\xc3\xa9"})
          ASSERT_EQ(dump_json(Json(one)), Json(one).dump());
      }
}

TEST(JsonText, IsAppended) {
  std::string text = "{\"a\":";
  append_json(text, Json(5));
  text += ",\"b\":";
  append_json_text(text, "x\ny");
  EXPECT_EQ(text, "{\"a\":5,\"b\":\"x\\ny\"");
}

TEST(JsonText, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(dump_json(Json("a\xff"
                           "b\0c\xe2\x82"s)),
            "\"a\xef\xbf\xbd"
            "b\\u0000c\xef\xbf\xbd\xef\xbf\xbd\"");
}

TEST(JsonText, HasNoNumberForWhatIsNone) {
  EXPECT_EQ(dump_json(Json(std::stod("inf"))), "null");
}

}  // namespace
}  // namespace rustchain
