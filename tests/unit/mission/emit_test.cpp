#include "mission/emit.hpp"

#include "rustchain/json.hpp"

#include "support/mission_text.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using testing::parse;

TEST(EmitText, QuotesOnlyWhatWouldBeReadAsSomethingElse) {
  EXPECT_EQ(emit_text("cargo test --all"), "cargo test --all");
  EXPECT_EQ(emit_text("https://example.org/a?b=c"), "https://example.org/a?b=c");
  for (const char* text :
       {"",   "true", "No", "null", "5",  "1.0", "-1", "- x", "{x}", "[x]", "a: b", "a #b", "x:",  " x",
        "x ", "#x",   "&x", "*x",   "!x", "|",   ">",  "%x",  "@x",  "`x",  "'x'",  "~",    "a, b"})
    EXPECT_TRUE(emit_text(text).starts_with('"')) << text;
}

TEST(EmitText, IsReadBackWhateverItHolds) {
  std::string all;
  for (int c = 1; c < 128; ++c) all += static_cast<char>(c);
  for (const std::string& text : {all, std::string("\xc2\x85 \xe2\x80\xa8 \xef\xbb\xbf \xc3\xa9"),
                                  std::string("a\r\nb"), std::string("\\\"quoted\"\\")}) {
    Node back = parse("key: " + emit_text(text));
    ASSERT_NE(back.find("key"), nullptr);
    EXPECT_EQ(back.find("key")->text, text);
  }
}

TEST(EmitYaml, WritesBlocksListsAndLiterals) {
  Node node = parse(
      R"({name: "a b", steps: [{id: x, parameters: {args: [-n, 5, "5"], script: "one\n  two\n\nthree\n"}},
    {id: y, none: , empty: [], also: {}}], rest: [[a], {b: c}], ends: "x\n\n", open: "x\ny"})");
  EXPECT_EQ(emit_yaml(node), R"(name: a b
steps:
  - id: x
    parameters:
      args: ["-n", 5, "5"]
      script: |
        one
          two

        three
  - id: y
    none:
    empty: []
    also: {}
rest:
  -
    - a
  - b: c
ends: |+
  x

open: |-
  x
  y
)");
}

TEST(EmitYaml, IsReadBackAsTheSameValue) {
  for (const char* yaml : {
           R"({a: [" x\ny", "\n", "x\n\n\n", "\ttab\nx", "x \ny", "# no comment\nx", "---\nx", "x\n "]})",
           R"({a: {b: {c: [[[]], [{}], [[1, [2]]]]}}, "key: x": 1, "": 2, "null": ~})",
           R"([1, 0x1f, 1e3, .5, true, null, "1", "true", "null", "~", 2026-01-01, 1_000])",
       }) {
    Node node = parse(yaml);
    EXPECT_EQ(to_json(parse(emit_yaml(node))), to_json(node)) << emit_yaml(node);
    EXPECT_EQ(to_json(parse("deep:\n  list:\n" + emit_yaml(node, 4)))["deep"]["list"], to_json(node));
  }
}

}  // namespace
}  // namespace rustchain
