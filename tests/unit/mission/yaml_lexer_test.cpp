#include "mission/yaml_lexer.hpp"

#include <string>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

std::string lex(std::string_view text) {
  constexpr std::string_view names[] = {"end",   "quoted", "plain", "block",    "open", "close",
                                        "comma", "colon",  "dash",  "question", "name", "marker"};
  std::string all;
  YamlLexer lexer(text);
  for (YamlToken token = lexer.next(); token.kind != YamlToken::Kind::end; token = lexer.next()) {
    if (!all.empty()) all += " ";
    all += names[static_cast<std::size_t>(token.kind)];
    if (token.kind == YamlToken::Kind::plain)
      all += "<" + std::string(text.substr(token.begin, token.end - token.begin)) + ">";
    if (!token.closed) all += "!";
  }
  return all;
}

TEST(YamlLexer, FindsKeysValuesAndItems) {
  EXPECT_EQ(lex("a: b c # d\nl:\n  - x\n  - k: v\n"),
            "plain<a> colon plain<b c> plain<l> colon dash plain<x> dash plain<k> colon plain<v>");
  EXPECT_EQ(lex("? a\n: b\n---\n&x *y !z\n"), "question plain<a> colon plain<b> marker name name name");
}

TEST(YamlLexer, TakesTextsOfSeveralLinesAsOne) {
  EXPECT_EQ(lex("a: b\n  c [d\nx: y"), "plain<a> colon plain<b\n  c [d> plain<x> colon plain<y>");
  EXPECT_EQ(lex("a: |\n  [x\n\n   'y\nb: 1"), "plain<a> colon block plain<b> colon plain<1>");
  EXPECT_EQ(lex("- k: >-\n    x\n  m: 1"), "dash plain<k> colon block plain<m> colon plain<1>");
  EXPECT_EQ(lex("a: \"x\n  y\" z"), "plain<a> colon quoted plain<z>");
}

TEST(YamlLexer, KnowsWhichQuotesAreClosed) {
  EXPECT_EQ(lex("'it''s' \"a\\\"b\" 'open"), "quoted quoted quoted!");
}

TEST(YamlLexer, ReadsJson) {
  EXPECT_EQ(
      lex("{\"a\":[1,{b: c}],\"d\" : x:y}"),
      "open quoted colon open plain<1> comma open plain<b> colon plain<c> close close comma quoted colon "
      "plain<x:y> close");
}

TEST(YamlLexer, RemembersOpenBrackets) {
  YamlLexer lexer("[{]");
  lexer.next();
  lexer.next();
  EXPECT_EQ(lexer.open(), (std::vector<std::size_t>{0, 1}));
  lexer.next();
  EXPECT_EQ(lexer.open(), (std::vector<std::size_t>{0}));
}

}  // namespace
}  // namespace rustchain
