#include "mission/render.hpp"

#include "rustchain/json.hpp"

#include <string>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

Sources source(std::string text) {
  return {{"mission.yaml", std::move(text)}};
}

Diagnostic unknown_key(Location at, std::uint32_t length = 14) {
  return {.code = "RC0104",
          .severity = Severity::error,
          .message = "unknown key 'timeout_second'",
          .at = at,
          .length = length,
          .help = "did you mean 'timeout_seconds'?"};
}

TEST(Render, ShowsTheLineAndTheCure) {
  Sources sources = source("a: 1\n  timeout_second: 30\n");
  EXPECT_EQ(render_diagnostic(unknown_key({2, 3, 0}), sources, false),
            "error[RC0104]: unknown key 'timeout_second'\n"
            "  --> mission.yaml:2:3\n"
            "   |\n"
            " 2 |   timeout_second: 30\n"
            "   |   ^^^^^^^^^^^^^^\n"
            "   = help: did you mean 'timeout_seconds'?\n");
}

TEST(Render, ShowsNotesWithTheirOwnLines) {
  Sources sources = source("a: 1\nb: 2\n3\n4\n5\n6\n7\n8\n9\na: 3\n");
  Diagnostic problem{.code = "RC0011",
                     .message = "the key 'a' stands here for the second time",
                     .at = {10, 1, 0},
                     .notes = {{{1, 1, 0}, "it is given here first"}, {{}, "and a remark"}}};
  EXPECT_EQ(render_diagnostic(problem, sources, false),
            "error[RC0011]: the key 'a' stands here for the second time\n"
            "   --> mission.yaml:10:1\n"
            "    |\n"
            " 10 | a: 3\n"
            "    | ^\n"
            "note: it is given here first\n"
            "   --> mission.yaml:1:1\n"
            "    |\n"
            "  1 | a: 1\n"
            "    | ^\n"
            "note: and a remark\n");
}

TEST(Render, NamesTheFileAloneWhereThereIsNoLine) {
  Diagnostic problem{
      .code = "RC0002", .message = "the file is too large", .at = {}, .help = "split it\nor not"};
  EXPECT_EQ(render_diagnostic(problem, source("a"), false),
            "error[RC0002]: the file is too large\n"
            "  --> mission.yaml\n"
            "   = help: split it\n"
            "           or not\n");
  EXPECT_EQ(render_diagnostic(problem, {}, false),
            "error[RC0002]: the file is too large\n"
            "   = help: split it\n"
            "           or not\n");
}

std::string last_lines(const std::string& text, std::uint32_t line, std::uint32_t column,
                       std::uint32_t length) {
  Sources sources = source(text);
  Diagnostic problem{.code = "RC0104", .message = "m", .at = {line, column, 0}, .length = length};
  std::string shown = render_diagnostic(problem, sources, false);
  return shown.substr(shown.find('\n') + 1);
}

TEST(Render, PutsTheCaretBehindTabsAndWideCharacters) {
  EXPECT_EQ(last_lines("\tx: 1", 1, 2, 1),
            "  --> mission.yaml:1:2\n"
            "   |\n"
            " 1 |     x: 1\n"
            "   |     ^\n");
  EXPECT_EQ(last_lines("\u4e16\u754c: \u00e9", 1, 9, 2),
            "  --> mission.yaml:1:5\n"
            "   |\n"
            " 1 | \u4e16\u754c: \u00e9\n"
            "   |       ^\n");
  EXPECT_EQ(last_lines("x: \u4e16\u754c", 1, 4, 6),
            "  --> mission.yaml:1:4\n"
            "   |\n"
            " 1 | x: \u4e16\u754c\n"
            "   |    ^^^^\n");
}

TEST(Render, LeavesOutByteOrderMarkAndCarriageReturn) {
  EXPECT_EQ(last_lines("\xEF\xBB\xBF"
                       "a: 1\r\n",
                       1, 7, 1),
            "  --> mission.yaml:1:4\n"
            "   |\n"
            " 1 | a: 1\n"
            "   |    ^\n");
}

TEST(Render, PointsBehindTheLineWhereThePlaceIsPastItsEnd) {
  EXPECT_EQ(last_lines("ab\ncd", 1, 3, 5),
            "  --> mission.yaml:1:3\n"
            "   |\n"
            " 1 | ab\n"
            "   |   ^\n");
  EXPECT_EQ(last_lines("", 1, 1, 1),
            "  --> mission.yaml:1:1\n"
            "   |\n"
            " 1 |\n"
            "   | ^\n");
  EXPECT_EQ(last_lines("a\n", 7, 2, 1), "  --> mission.yaml:7:2\n") << "no such line";
}

TEST(Render, CutsLongLinesAroundThePlace) {
  std::string line = std::string(5000, 'a') + "HERE" + std::string(5000, 'b');
  EXPECT_EQ(last_lines(line, 1, 5001, 4),
            "  --> mission.yaml:1:5001\n"
            "   |\n"
            " 1 | ..." +
                std::string(40, 'a') + "HERE" + std::string(56, 'b') + "...\n" + "   |    " +
                std::string(40, ' ') + "^^^^\n");
  EXPECT_EQ(last_lines(line, 1, 1, 9000),
            "  --> mission.yaml:1:1\n"
            "   |\n"
            " 1 | " +
                std::string(100, 'a') + "...\n" + "   | " + std::string(100, '^') + "\n");
}

TEST(Render, SendsNoControlCharacterToTheTerminal) {
  Sources sources = {{"bad\x1b]0;name", "a: \x1b[2J\xff\n"}};
  Diagnostic problem{.code = "RC0004", .message = "it is '\x1b[2J'", .at = {1, 5, 0}, .length = 3};
  EXPECT_EQ(render_diagnostic(problem, sources, false),
            "error[RC0004]: it is '\u241b[2J'\n"
            "  --> bad\u241b]0;name:1:5\n"
            "   |\n"
            " 1 | a: \u241b[2J\uFFFD\n"
            "   |     ^^^\n");
}

TEST(Render, PaintsOnlyWhenAsked) {
  Diagnostic problem{.code = "RC0001", .severity = Severity::warning, .message = "m", .at = {1, 1, 0}};
  EXPECT_EQ(render_diagnostic(problem, source("a"), true),
            "\x1b[1;33mwarning[RC0001]\x1b[0m\x1b[1m: m\x1b[0m\n"
            "  \x1b[1;34m-->\x1b[0m mission.yaml:1:1\n"
            "   \x1b[1;34m|\x1b[0m\n"
            "\x1b[1;34m 1 |\x1b[0m a\n"
            "   \x1b[1;34m|\x1b[0m \x1b[1;33m^\x1b[0m\n");
}

TEST(Render, CountsWhereThereAreSeveral) {
  Sources sources = source("a");
  Diagnostics problems;
  problems.add({.code = "RC0001", .message = "one", .at = {}});
  EXPECT_EQ(render_diagnostics(problems, sources, false), "error[RC0001]: one\n  --> mission.yaml\n");
  problems.add({.code = "RC0002", .severity = Severity::warning, .message = "two", .at = {}});
  EXPECT_EQ(render_diagnostics(problems, sources, false),
            "error[RC0001]: one\n  --> mission.yaml\n\n"
            "warning[RC0002]: two\n  --> mission.yaml\n\n"
            "1 error, 1 warning\n");
  for (int i = 0; i < 1500; ++i) problems.add({.code = "RC0001", .message = "one", .at = {}});
  EXPECT_TRUE(render_diagnostics(problems, sources, false)
                  .ends_with("\n1,501 errors, 1 warning (1,000 of them shown)\n"));
}

TEST(Render, AsJson) {
  Sources sources = {{"m.yaml", "\u00e9: x\n"}, {"base.yaml", "b: y\n"}};
  Diagnostics problems;
  problems.add({.code = "RC0104", .message = "bad \xff", .at = {1, 5, 0}, .help = "h"});
  problems.add({.code = "RC0105", .severity = Severity::warning, .message = "w", .at = {1, 4, 1}});
  EXPECT_EQ(render_diagnostics_json(problems, sources), Json::parse(R"([
    {"code": "RC0104", "severity": "error", "message": "bad \ufffd", "line": 1, "column": 4, "help": "h"},
    {"code": "RC0105", "severity": "warning", "message": "w", "line": 1, "column": 4, "help": "",
     "file": "base.yaml"}])"));
}

TEST(Render, CountsColumnsInCharacters) {
  Sources sources = source("\u00e9\u4e16: x\n");
  EXPECT_EQ(column_in_characters({1, 8, 0}, sources), 5u);
  EXPECT_EQ(column_in_characters({5, 8, 0}, sources), 8u) << "no such line";
}

TEST(Render, TakesManyProblemsOfOneHugeLine) {
  // Quadratic work would take minutes here.
  Sources sources = source(std::string(8'000'000, 'x') + "\n" + std::string(2'000'000, '\n'));
  Diagnostics problems;
  for (std::uint32_t i = 0; i < 1000; ++i)
    problems.add({.code = "RC0104",
                  .message = "m",
                  .at = i % 2 == 0 ? Location{1, 7'900'000 + i, 0} : Location{1'900'000 + i, 1, 0}});
  problems.sort();
  EXPECT_EQ(render_diagnostics_json(problems, sources).size(), 1000u);
  EXPECT_FALSE(render_diagnostics(problems, sources, false).empty());
}

}  // namespace
}  // namespace rustchain
