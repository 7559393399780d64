#include "mission/load.hpp"

#include "mission/render.hpp"

#include <string>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

// Compact: scalars as they are, 'quoted', |block|; places as @line:column where asked for.
std::string outline(const Node& node, bool places) {
  std::string at = places ? "@" + std::to_string(node.at.line) + ":" + std::to_string(node.at.column) : "";
  std::string inner;
  switch (node.kind) {
    case Node::Kind::null: return "null(" + node.text + ")" + at;
    case Node::Kind::scalar:
      if (node.style == Node::Style::quoted) return "'" + node.text + "'" + at;
      if (node.style == Node::Style::block) return "|" + node.text + "|" + at;
      return node.text + at;
    case Node::Kind::list:
      for (const Node& item : node.items) inner += (inner.empty() ? "" : ", ") + outline(item, places);
      return "[" + inner + "]" + at;
    case Node::Kind::map:
      for (std::size_t i = 0; i < node.size(); ++i) {
        inner += (inner.empty() ? "" : ", ") + outline(node.key(i), places) + ": " +
                 outline(node.value(i), places);
      }
      return "{" + inner + "}" + at;
  }
  return "";
}

struct Loaded {
  std::optional<Node> node;
  Diagnostics problems;
};

Loaded load(const std::string& text, const LoadBounds& bounds = {}) {
  Loaded loaded;
  loaded.node = load_yaml(text, 0, loaded.problems, bounds);
  return loaded;
}

// The tree of a text without problems.
std::string tree(const std::string& text, bool places = false) {
  Loaded loaded = load(text);
  for (const Diagnostic& problem : loaded.problems.all())
    return "problem " + std::string(problem.code) + ": " + problem.message;
  return loaded.node ? outline(*loaded.node, places) : "nothing";
}

// Its problems: "CODE line:column message", one a line.
std::string problems(const std::string& text, const LoadBounds& bounds = {}) {
  Loaded loaded = load(text, bounds);
  EXPECT_TRUE(loaded.node || loaded.problems.has_errors());
  std::string all;
  for (const Diagnostic& problem : loaded.problems.all()) {
    if (!all.empty()) all += "\n";
    all += std::string(problem.code) + " " + std::to_string(problem.at.line) + ":" +
           std::to_string(problem.at.column) + " " + problem.message;
  }
  return all;
}

std::string help(const std::string& text) {
  Loaded loaded = load(text);
  return loaded.problems.all().empty() ? "" : loaded.problems.all().front().help;
}

std::string repeat(std::string_view text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

TEST(Load, KeepsTextAndStyleOfScalars) {
  EXPECT_EQ(tree("a: 1.0\nb: \"1.0\"\nc: 'yes'\nd: yes\ne: |\n  x\n  y\nf: >-\n  x\n  y\n"),
            "{a: 1.0, b: '1.0', c: 'yes', d: yes, e: |x\ny\n|, f: |x y|}");
}

TEST(Load, KnowsTheNullsAndHowTheyAreWritten) {
  EXPECT_EQ(tree("a: ~\nb: null\nc: NULL\nd:\ne: \"\"\nf: nulls\n"),
            "{a: null(~), b: null(null), c: null(NULL), d: null(), e: '', f: nulls}");
  EXPECT_EQ(tree("-\n- ~\n-\n"), "[null(), null(~), null()]");
  EXPECT_EQ(tree("{a, b: , c: ~}"), "{a: null(), b: null(), c: null(~)}");
}

TEST(Load, DoesNotTakeTheNextKeyForAValueThatIsMissing) {
  EXPECT_EQ(tree("a:\nnull: 1\n"), "{a: null(), null: 1}");
  EXPECT_EQ(tree("a:\n  b:\n~: 1\n"), "{a: {b: null()}, ~: 1}");
  EXPECT_EQ(tree("a:\n  -\nnull: 1\n"), "{a: [null()], null: 1}");
  EXPECT_EQ(tree("a: &x\nnull: *x\n"), "{a: null(), null: null()}");
  EXPECT_EQ(tree("a:\n  null\n"), "{a: null(null)}");
  EXPECT_EQ(tree("a: &x null\n"), "{a: null(null)}");
}

TEST(Load, KnowsWhereEverythingStands) {
  EXPECT_EQ(tree("name: x\nsteps:\n  - id: a\n    args: [1, \"b\"]\n", true),
            "{name@1:1: x@1:7, steps@2:1: [{id@3:5: a@3:9, args@4:5: [1@4:12, 'b'@4:15]@4:11}@3:5]@3:3}@1:1");
}

TEST(Load, PointsAtTheKeyOfAMissingValue) {
  EXPECT_EQ(tree("a:\nb: 1\n", true), "{a@1:1: null()@1:1, b@2:1: 1@2:4}@1:1");
}

TEST(Load, CountsColumnsInBytes) {
  EXPECT_EQ(tree("\u00e9\u4e16: x\n", true), "{\u00e9\u4e16@1:1: x@1:8}@1:1");
  EXPECT_EQ(tree("{\u00e9: 1, b: 2}", true), "{\u00e9@1:2: 1@1:6, b@1:9: 2@1:12}@1:1");
}

TEST(Load, PointsBehindAnchorsAndTags) {
  EXPECT_EQ(tree("a: &x !!str 5\nb: &y\n  - 1\n", true), "{a@1:1: '5'@1:13, b@2:1: [1@3:5]@3:3}@1:1");
}

TEST(Load, ReadsMarksOfWindowsAndFilesWithoutFinalNewline) {
  EXPECT_EQ(tree("\xEF\xBB\xBF"
                 "a: 1\r\nb: |\r\n  x\r\n  y\r\nc: 2",
                 true),
            "{a@1:4: 1@1:7, b@2:1: |x\ny\n|@2:4, c@5:1: 2@5:4}@1:4");
}

TEST(Load, GivesNullForATextWithoutValues) {
  for (const char* text : {"", "\n\n", "# only a comment", "\xEF\xBB\xBF", "---\n", "---\n# x\n...\n"}) {
    Loaded loaded = load(text);
    ASSERT_TRUE(loaded.node) << text;
    EXPECT_TRUE(loaded.node->is_null()) << text;
    EXPECT_TRUE(loaded.problems.all().empty()) << text;
  }
  EXPECT_EQ(load("").node->at, (Location{0, 0, 0}));
}

TEST(Load, LeavesOtherTopLevelsToOthers) {
  EXPECT_EQ(tree("- a\n- b\n"), "[a, b]");
  EXPECT_EQ(tree("just a text"), "just a text");
}

TEST(Load, ReadsJson) {
  EXPECT_EQ(tree("{\n\t\"a\": [1, 2.5, true, null],\n\t\"b\":{\"c\":\"d\\/e\\n\\u00e9\"}\n}\n", true),
            "{'a'@2:2: [1@2:8, 2.5@2:11, true@2:16, null(null)@2:22]@2:7, "
            "'b'@3:2: {'c'@3:7: 'd/e\n\u00e9'@3:11}@3:6}@1:1");
  EXPECT_EQ(tree("[]"), "[]");
}

TEST(Load, ReadsTheSurrogatePairsOfJson) {
  EXPECT_EQ(tree(R"({"a": "\ud83d\ude00!", "b": "\uD83D\uDE00\ud83d\ude00", "c": 1})", true),
            "{'a'@1:2: '\U0001F600!'@1:7, 'b'@1:24: '\U0001F600\U0001F600'@1:29, 'c'@1:57: 1@1:62}@1:1");
  EXPECT_EQ(tree("a: '\\ud83d\\ude00'\nb: \"\\\\ud83d\\\\ude00\"\nc: \"\\ud83d\\ude00\""),
            "{a: '\\ud83d\\ude00', b: '\\ud83d\\ude00', c: '\U0001F600'}");
}

TEST(Load, KeepsCharactersThatOthersTakeForLineEndsOrRefuse) {
  EXPECT_EQ(tree("a: x\u2028y\u2029z\u0085\nb: \"\u0080\u009f\uFFFE\uFFFF \\ud83d\\ude00\u2028\"\nc: |\n  "
                 "x\u2028y\n",
                 true),
            "{a@1:1: x\u2028y\u2029z\u0085@1:4, b@2:1: '\u0080\u009f\uFFFE\uFFFF \U0001F600\u2028'@2:4, "
            "c@3:1: |x\u2028y\n|@3:4}@1:1");
  EXPECT_EQ(tree("[\u2028, \u0085, x, \"\\ud83d\\ude00\", \u2028, b]", true),
            "[\u2028@1:2, \u0085@1:7, x@1:11, '\U0001F600'@1:14, \u2028@1:30, b@1:35]@1:1");
  EXPECT_EQ(problems("\u2028: 1\nb: @x"), "RC0010 2:4 a value can't begin with '@'");
}

TEST(Load, ForgivesTabsOnLinesWithoutAValue) {
  EXPECT_EQ(
      tree("\t\na: 1\n \t # c\n\t\nb:\n  - \"\\ud83d\\ude00\"\n\t\r\n  - c d\n\t\t\n    e\n\t# \u2028\n",
           true),
      "{a@2:1: 1@2:4, b@5:1: ['\U0001F600'@6:5, c d\ne@8:5]@6:3}@2:1");
  EXPECT_EQ(tree("a: |\n  x\n  \t\n\t\n  y\n"), "{a: |x\n\t\n\ny\n|}");
  EXPECT_EQ(tree("a: \"x\n\t\n  y\"\n"), "{a: 'x\ny'}");
}

TEST(Load, CopiesWhatAliasesName) {
  EXPECT_EQ(tree("a: &x {b: 1}\nc: *x\nd: [*x, &y z, *y]\n"), "{a: {b: 1}, c: {b: 1}, d: [{b: 1}, z, z]}");
  EXPECT_EQ(tree("a: &x 1\nb: &x 2\nc: *x\n"), "{a: 1, b: 2, c: 2}") << "the last one counts";
  EXPECT_EQ(tree("l: [[0, &x [1, &y [2]]], *y, *x]"), "{l: [[0, [1, [2]]], [2], [1, [2]]]}");
}

TEST(Load, MergesMaps) {
  EXPECT_EQ(tree("d: &d {x: 1, y: 2}\ne:\n  <<: *d\n  y: 3\n"), "{d: {x: 1, y: 2}, e: {x: 1, y: 3}}");
  EXPECT_EQ(tree("a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b], z: 3}\n"),
            "{a: {x: 1}, b: {x: 2, y: 2}, c: {x: 1, y: 2, z: 3}}");
  EXPECT_EQ(tree("a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b}\n"),
            "{a: {x: 1}, b: {x: 1, y: 2}, c: {x: 1, y: 2}}");
  EXPECT_EQ(tree("a: {\"<<\": 1}"), "{a: {'<<': 1}}") << "in quotes it is a key like any other";
  EXPECT_EQ(problems("a: {<<: 1}"), "RC0016 1:9 '<<' takes the entries of other maps, and this is a number");
}

TEST(Load, ReportsDuplicateKeysAtTheSecond) {
  Loaded loaded = load("a: 1\nb: {c: 1, \"c\": 2}\na: 3\n");
  ASSERT_TRUE(loaded.node);
  EXPECT_EQ(outline(*loaded.node, false), "{a: 1, b: {c: 1}}");
  ASSERT_EQ(loaded.problems.all().size(), 2u);
  const Diagnostic& inner = loaded.problems.all()[0];
  EXPECT_EQ(inner.code, "RC0011");
  EXPECT_EQ(inner.at, (Location{2, 11, 0}));
  const Diagnostic& outer = loaded.problems.all()[1];
  EXPECT_EQ(outer.message, "the key 'a' stands here for the second time");
  EXPECT_EQ(outer.at, (Location{3, 1, 0}));
  ASSERT_EQ(outer.notes.size(), 1u);
  EXPECT_EQ(outer.notes[0].at, (Location{1, 1, 0}));
}

TEST(Load, TakesADuplicateKeyInAListForAMissingDash) {
  EXPECT_EQ(problems("- id: a\n  x: 1\n  id: b\n"),
            "RC0011 3:3 the key 'id' stands here for the second time");
  Diagnostics found;
  (void)load_yaml("- id: a\n  id: b\n", 0, found);
  ASSERT_EQ(found.all().size(), 1u);
  EXPECT_EQ(found.all()[0].help, "remove one of the two, or write '- ' before the first key of another item");
}

TEST(Load, FindsDuplicatesInLargeMaps) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "key" + std::to_string(i) + ": v\n";
  EXPECT_EQ(problems(text), "");
  EXPECT_EQ(problems(text + "key17: w\n"), "RC0011 5001:1 the key 'key17' stands here for the second time");
}

TEST(Load, RefusesKeysThatAreNoText) {
  EXPECT_EQ(problems("x:\n  [a, b]: c"), "RC0013 2:3 a key must be a text, not a list");
  EXPECT_EQ(problems(": c"), "RC0013 1:1 a key is missing before this ':'");
  EXPECT_EQ(tree("1: a\ntrue: b\nnull: c\n"), "{1: a, true: b, null: c}");
}

TEST(Load, RefusesASecondDocument) {
  EXPECT_EQ(problems("a: 1\n---\nb: 2\n"), "RC0012 2:1 a second document begins here, and a file holds one");
  EXPECT_EQ(tree("---\na: 1\n---\n"), "{a: 1}") << "a line at the end begins nothing";
  EXPECT_EQ(tree("%YAML 1.2\n---\na: 1\n...\n"), "{a: 1}");
}

TEST(Load, RefusesWhatFollowsACompleteValue) {
  EXPECT_EQ(problems("{a: 1}\nb: 2\n"),
            "RC0005 2:1 this doesn't belong to what stands before it, which is already complete");
  EXPECT_EQ(problems("- a\nb: 2\n"),
            "RC0005 2:1 this doesn't belong to what stands before it, which is already complete");
  EXPECT_NE(problems(", a"), "");
}

TEST(Load, IgnoresUnknownTagsWithAWarning) {
  Loaded loaded = load("a: !secret x\nb: !!binary aGk=\nc: !!int \"5\"\nd: !!null ''\n");
  ASSERT_TRUE(loaded.node);
  EXPECT_EQ(outline(*loaded.node, false), "{a: x, b: aGk=, c: 5, d: null()}");
  EXPECT_EQ(loaded.problems.warnings(), 2u);
  EXPECT_FALSE(loaded.problems.has_errors());
  EXPECT_EQ(problems("a: !secret x\nb: !!binary aGk=\n"),
            "RC0019 1:4 the tag '!secret' is ignored\nRC0019 2:4 the tag '!!binary' is ignored");
}

// The mistakes that people and language models make.

TEST(LoadMistakes, ValuesThatNeedQuotes) {
  EXPECT_EQ(problems("a: @x"), "RC0010 1:4 a value can't begin with '@'");
  EXPECT_EQ(problems("a: `x`"), "RC0010 1:4 a value can't begin with '`'");
  EXPECT_EQ(problems("a: %x"), "RC0010 1:4 a value can't begin with '%'");
  EXPECT_EQ(problems("a: *.txt"), "RC0010 1:4 a value can't begin with '*', which YAML reads as an alias");
  EXPECT_EQ(problems("a: & x"), "RC0010 1:4 a value can't begin with '&', which YAML reads as an anchor");
  EXPECT_EQ(problems("path: {id}/x\nb: 1"),
            "RC0010 1:7 a value that begins with '{' and goes on after the bracket needs quotes");
  EXPECT_EQ(problems("a: {{ x }}"),
            "RC0010 1:4 a value that begins with '{{' needs quotes, or YAML reads it as a map");
  EXPECT_EQ(problems("a: {{ x }}/y"),
            "RC0010 1:4 a value that begins with '{{' needs quotes, or YAML reads it as a map");
  EXPECT_EQ(problems("a: | echo"), "RC0010 1:4 after '|' the text begins on the next line, not on this one");
  EXPECT_EQ(help("path: {id}/x # c"), "put quotes around the whole value: '{id}/x'");
  EXPECT_EQ(help("a: @it's"), "put quotes around the whole value: \"@it's\"");
}

TEST(LoadMistakes, ColonsInValues) {
  EXPECT_EQ(problems("a: Note: this"),
            "RC0010 1:8 a ':' followed by a space can't stand in a value without quotes");
  EXPECT_EQ(problems("a: {b: Note: this}"),
            "RC0010 1:12 a ':' followed by a space can't stand in a value without quotes");
  EXPECT_EQ(help("a: Note: \"this\""), "put quotes around the whole value: 'Note: \"this\"'");
  EXPECT_EQ(tree("a: http://x:80/y?z\nb: 10:30\n"), "{a: http://x:80/y?z, b: 10:30}");
  EXPECT_EQ(tree("[http://x:80/y?z, 10:30, x?y]"), "[http://x:80/y?z, 10:30, x?y]");
}

TEST(LoadMistakes, ColonsWithoutASpace) {
  EXPECT_EQ(problems("name:x\nversion: 1\n"), "RC0022 1:5 a space is missing after this ':'");
  EXPECT_EQ(problems("steps:\n- id: a\n  timeout_seconds:30\n- id: b\n"),
            "RC0022 3:18 a space is missing after this ':'");
  EXPECT_EQ(problems("a: 1\nb:2"), "RC0022 2:2 a space is missing after this ':'");
  EXPECT_EQ(help("a: 1\nb:2"), "write 'b: 2'");
}

TEST(LoadMistakes, LinesWithoutAKey) {
  EXPECT_EQ(problems("a: 1\nfoo\nb: 2\n"), "RC0005 2:1 this line is neither a key nor a list item");
  EXPECT_EQ(problems("\"a: \"b\nc: d\n"),
            "RC0010 1:6 the value ends with the quote before this, and more text follows");
  EXPECT_EQ(problems("x: y\n\"a: \"b\nc: d\n"),
            "RC0005 2:1 no ':' follows this text in quotes, and only a key can stand here");
  EXPECT_EQ(problems("a: {b: : c}\n"), "RC0013 1:8 a key is missing before this ':'");
  EXPECT_EQ(problems("a: {: c}\n"), "RC0013 1:5 a key is missing before this ':'");
  EXPECT_EQ(problems("%: x\na: b\n"),
            "RC0010 1:1 a line that begins with '%' is read as an order to the parser");
  EXPECT_EQ(problems("a: 1\nfoo\n"), "RC0005 2:1 this line is neither a key nor a list item");
  EXPECT_EQ(problems("a:\n  - b\n  c: 1\n"), "RC0007 3:3 a list item is expected here");
  EXPECT_EQ(problems("a: 1\n- b\n"), "RC0007 2:1 a list item stands where a key is expected");
  EXPECT_EQ(problems("a: - b\n"), "RC0005 1:4 a list can't begin on the line of its key");
}

TEST(LoadMistakes, Indentation) {
  EXPECT_EQ(problems("a:\n    - b\n   c: 1\n"),
            "RC0007 3:4 the indentation of this line (3) fits no line above");
  EXPECT_EQ(problems("steps:\n  - id: a\n     name: b\n"),
            "RC0007 3:6 this line is indented deeper than the line it belongs to");
}

TEST(LoadMistakes, TabsAndNoBreakSpaces) {
  EXPECT_EQ(problems("a:\n\tb: c\n"),
            "RC0006 2:1 a tab is used for indentation, and YAML indents with spaces");
  EXPECT_EQ(problems("a:\n  - b\n \t- c\n"),
            "RC0006 3:2 a tab is used for indentation, and YAML indents with spaces");
  EXPECT_EQ(problems("a:\n\u00A0 b: c\n"),
            "RC0006 2:1 a no-break space is used for indentation, and YAML indents with plain spaces");
}

TEST(LoadMistakes, Quotes) {
  EXPECT_EQ(problems("a: \"x"), "RC0008 1:4 this quote is never closed");
  EXPECT_EQ(problems("a: \"x\nb: y\n"), "RC0008 1:4 this quote is never closed");
  EXPECT_EQ(problems("a: 'x\n\nb: y\n\n"), "RC0008 1:4 this quote is never closed");
  EXPECT_EQ(problems("a: \"x\nb: \"y\"\n"),
            "RC0008 1:4 this quote is closed only at line 2, and more text follows there");
  EXPECT_EQ(problems("a: 'it's'\n"),
            "RC0010 1:8 the value ends with the quote before this, and more text follows");
  EXPECT_EQ(problems("a: \"b\" \"c\"\n"),
            "RC0010 1:8 the value ends with the quote before this, and more text follows");
  EXPECT_EQ(problems("a: \"\\d+\"\n"), "RC0020 1:5 '\\d' means nothing between double quotes");
}

TEST(LoadMistakes, TypographicQuotes) {
  EXPECT_EQ(problems("a: \u201Cx\u201D\n"), "RC0023 1:4 these typographic quotes are part of the text");
  Loaded loaded = load("a: \u201Cx: y\u201D\n");
  EXPECT_FALSE(loaded.node);
  EXPECT_EQ(loaded.problems.all().back().message,
            "a ': ' can't stand here: typographic quotes don't hold a value together");
}

TEST(LoadMistakes, Brackets) {
  EXPECT_EQ(problems("a: [b, c\n"), "RC0009 1:4 this '[' is not closed");
  EXPECT_EQ(problems("a: [b, c\nd: e\n"), "RC0009 1:4 this '[' is not closed before line 2");
  EXPECT_EQ(problems("a: [1, {b: 2]}\n"), "RC0009 1:13 this ']' doesn't match the bracket that is open");
  EXPECT_EQ(problems("a: ]\n"), "RC0009 1:4 this ']' closes nothing");
  EXPECT_EQ(problems("a: [\"b\" \"c\"]\n"), "RC0009 1:9 a comma or a closing bracket is missing before this");
}

TEST(LoadMistakes, Json) {
  EXPECT_EQ(problems("{\"a\" 1}"), "RC0009 1:6 a comma or a closing bracket is missing before this");
  EXPECT_EQ(problems("{\n\t\"a\": [1, 2\n}\n"), "RC0009 3:1 this '}' doesn't match the bracket that is open");
  EXPECT_EQ(problems("{\"a\": \"b}\n"), "RC0008 1:7 this quote is never closed");
  EXPECT_EQ(problems("{\"a\": 1} x"),
            "RC0010 1:1 a value that begins with '{' and goes on after the bracket needs quotes");
}

TEST(LoadMistakes, MarkdownAroundIt) {
  EXPECT_EQ(problems("```yaml\na: 1\n```\n"), "RC0021 1:1 a Markdown code fence is not part of a mission");
  EXPECT_EQ(problems("a: 1\n```\n"), "RC0021 2:1 a Markdown code fence is not part of a mission");
  EXPECT_EQ(problems("Here is the mission:\n\n```yaml\na: 1\n```\n"),
            "RC0021 3:1 a Markdown code fence is not part of a mission");
}

TEST(LoadMistakes, Aliases) {
  EXPECT_EQ(problems("a: *b\n"), "RC0014 1:4 there is no anchor '&b' before this alias");
  EXPECT_EQ(problems("a: &a [*a]\n"), "RC0015 1:8 this alias stands inside the value that it refers to");
}

// Texts that are none.

TEST(LoadEncoding, RefusesWhatIsNotUtf8) {
  using namespace std::string_literals;
  EXPECT_EQ(problems("a: 1\nb: caf\xe9\n"), "RC0003 2:7 this byte is not valid UTF-8");
  EXPECT_EQ(problems("a: \0"s), "RC0003 1:4 the file holds a zero byte, so it is no text");
  std::string utf16 = "RC0003 1:1 the file is written in UTF-16, and a mission is UTF-8 text";
  EXPECT_EQ(problems("\xff\xfe"
                     "a\0:\0"s),
            utf16);
  EXPECT_EQ(problems("\xfe\xff\0a\0:"s), utf16);
  EXPECT_EQ(problems("a\0:\0 \0"s), utf16);
  EXPECT_EQ(problems("\x7f"
                     "ELF\x02\x01\x01\0"s),
            "RC0003 1:8 the file holds a zero byte, so it is no text");
}

TEST(LoadEncoding, RefusesControlCharacters) {
  EXPECT_EQ(problems("a: \x1b[31m"), "RC0004 1:4 the control character \\x1b can't stand in YAML");
  EXPECT_EQ(problems("a: x\x04"), "RC0004 1:5 the control character \\x04 can't stand in YAML");
  EXPECT_EQ(tree("a: \"\\x1b[31m\""), "{a: '\x1b[31m'}");
}

// Bounds.

TEST(LoadBounds, FileSize) {
  EXPECT_EQ(problems("a: 123", {.file_bytes = 5}), "RC0002 0:0 the file is larger than 5 bytes");
  EXPECT_EQ(problems("a: 123", {.file_bytes = 6}), "");
}

TEST(LoadBounds, NestingOfEveryShape) {
  EXPECT_EQ(problems("[[[1]]]", {.depth = 3}), "");
  EXPECT_EQ(problems("[[[[1]]]]", {.depth = 3}), "RC0017 1:4 values are nested more than 3 deep");
  constexpr std::size_t k_deep = 10'000;
  for (const char* opening : {"[", "{", "{a: ", "- ", "? ", "[{a: "}) {
    EXPECT_EQ(problems(repeat(opening, k_deep)).substr(0, 6), "RC0017") << opening;
  }
  std::string block;
  for (std::size_t i = 0; i < 2000; ++i) block += std::string(i, ' ') + "a:\n";
  EXPECT_EQ(problems(block), "RC0017 201:201 values are nested more than 200 deep");
}

TEST(LoadBounds, LongLines) {
  EXPECT_EQ(problems(repeat("[", 600'000)).substr(0, 6), "RC0017");
  Loaded loaded = load("a: [[" + repeat("1,", 100'000) + "1]]");
  ASSERT_TRUE(loaded.node);
  EXPECT_EQ(loaded.node->items[1].items[0].items.size(), 100'001u);
  EXPECT_EQ(problems(repeat("\"a\" ", 100'000)),
            "RC0010 1:5 the value ends with the quote before this, and more text follows");
}

TEST(LoadBounds, NumberOfValues) {
  EXPECT_EQ(problems("[1, 2]", {.nodes = 3}), "");
  EXPECT_EQ(problems("[1, 2, 3]", {.nodes = 3}).substr(0, 6), "RC0018");
}

TEST(LoadBounds, AliasesThatMultiply) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    std::string alias = "*a" + std::to_string(i - 1);
    bomb +=
        "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + repeat(alias + ", ", 9) + alias + "]\n";
  }
  EXPECT_EQ(problems(bomb), "RC0015 6:45 aliases would make this file grow by more than 1000000 values");
}

TEST(LoadBounds, AliasesThatNest) {
  std::string text = "a0: &a0 [x]\n";
  for (int i = 1; i < 300; ++i)
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  EXPECT_EQ(problems(text).substr(0, 6), "RC0017");
}

TEST(LoadBounds, ManyAnchors) {
  std::string text;
  for (int i = 0; i <= 100'000; ++i) text += "- &a" + std::to_string(i) + " x\n";
  EXPECT_EQ(problems(text), "RC0015 100001:3 the file has more than 100000 anchors");
}

}  // namespace
}  // namespace rustchain
