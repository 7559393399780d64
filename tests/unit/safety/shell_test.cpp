#include "safety/shell.hpp"

#include <string>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

std::string show(const std::vector<ShellItem>& items);

std::string show(const ShellWord& word) {
  std::string text;
  for (const ShellPiece& piece : word.pieces) {
    switch (piece.kind) {
      case ShellPiece::Kind::text: text += piece.quoted ? "'" + piece.text + "'" : piece.text; break;
      case ShellPiece::Kind::variable: text += "$" + piece.text + piece.operation; break;
      case ShellPiece::Kind::command: text += "$(" + show(piece.script) + ")"; break;
      case ShellPiece::Kind::process: text += piece.text + "(" + show(piece.script) + ")"; break;
      case ShellPiece::Kind::arithmetic: text += "$((..))"; break;
    }
  }
  if (!word.elements.empty()) {
    text += "(";
    for (const ShellWord& element : word.elements) text += show(element) + " ";
    text += ")";
  }
  return text;
}

std::string show(const ShellItem& item) {
  constexpr const char* names[] = {"", "pipe", "sub", "group", "choice", "loop", "function"};
  std::string text = item.kind == ShellItem::Kind::simple
                         ? ""
                         : std::string(names[static_cast<int>(item.kind)]) + " " + item.name;
  for (const ShellWord& word : item.words) text += "[" + show(word) + "]";
  for (const ShellRedirect& redirect : item.redirects) {
    text += redirect.operation + show(redirect.target);
    if (redirect.body) text += "{" + show(*redirect.body) + "}";
  }
  if (!item.children.empty()) text += "{" + show(item.children) + "}";
  return text;
}

std::string show(const std::vector<ShellItem>& items) {
  std::string text;
  for (const ShellItem& item : items) text += (text.empty() ? "" : "; ") + show(item);
  return text;
}

std::string read(std::string_view text) {
  return show(read_shell(text).items);
}

TEST(Shell, ReadsWordsAndQuotes) {
  EXPECT_EQ(read("rm -rf a\\ b 'c d' \"e $f\""), "[rm][-rf][a' 'b]['c d']['e '$f]");
  EXPECT_EQ(read("r''m \\rm $'\\x72m'"), "[r''m]['r'm]['rm']");
  EXPECT_EQ(read("a # comment\nb"), "[a]; [b]");
  EXPECT_EQ(read("echo a#b"), "[echo][a#b]");
}

TEST(Shell, ReadsListsPipesAndGroups) {
  EXPECT_EQ(read("a && b || c; d & e"), "[a]; [b]; [c]; [d]; [e]");
  EXPECT_EQ(read("a | b |& c"), "pipe {[a]; [b]; [c]}");
  EXPECT_EQ(read("(a; b)"), "sub {[a]; [b]}");
  EXPECT_EQ(read("{ a; b; }"), "group {[a]; [b]}");
  EXPECT_EQ(read("if a; then b; else c; fi"), "choice {group {[a]}; group {[b]}; group {[c]}}");
  EXPECT_EQ(read("for x in 1 2; do a; done"), "loop x[1][2]{group {[a]}}");
  EXPECT_EQ(read("while a; do b; done"), "loop {[a]; group {[b]}}");
  EXPECT_EQ(read("case $x in a|b) c;; *) d;; esac"), "choice [$x]{group {[c]}; group {[d]}}");
  EXPECT_EQ(read("f() { a; }; f"), "function f{group {[a]}}; [f]");
}

TEST(Shell, ReadsSubstitutions) {
  EXPECT_EQ(read("a $(b `c`)"), "[a][$([b][$([c])])]");
  EXPECT_EQ(read("a <(b) >(c)"), "[a][<([b])][>([c])]");
  EXPECT_EQ(read("echo $((1 + $(a)))"), "[echo][$((..))]");
  EXPECT_EQ(read("echo $((a) | b)"), "[echo][$(pipe {sub {[a]}; [b]})]");
  EXPECT_EQ(read("${x:-y} ${#x} ${x%.c}"), "[$x:-][$x#][$x%]");
  EXPECT_EQ(read("x=(a b) y=1"), "[x=(a b )][y=1]");
}

TEST(Shell, ReadsRedirectionsAndHereDocuments) {
  EXPECT_EQ(read("a 2>&1 >b <c"), "[a]>&1>b<c");
  EXPECT_EQ(read("cat <<E\nx $y\nE\nb"), "[cat]<<E{'x '$y'\n'}; [b]");
  EXPECT_EQ(read("cat <<'E'\nx $y\nE\nb"), "[cat]<<'E'{'x $y\n'}; [b]");
  EXPECT_EQ(read("cat <<-E\n\tx\n\tE\nb"), "[cat]<<-E{'x\n'}; [b]");
  EXPECT_EQ(read("a <<<'b c'"), "[a]<<<'b c'");
}

TEST(Shell, NamesThePlaceOfEachWord) {
  ShellScript script = read_shell("echo  'a b' $(rm x)");
  const ShellWord& quoted = script.items.at(0).words.at(1);
  EXPECT_EQ(quoted.span.begin, 6u);
  EXPECT_EQ(quoted.span.end, 11u);
  const ShellItem& inner = script.items[0].words.at(2).pieces.at(0).script.at(0);
  EXPECT_EQ(inner.words.at(1).span.begin, 17u);
}

TEST(Shell, ReadsWhatIsBrokenAsFarAsItCan) {
  EXPECT_EQ(read("rm -rf / 'x"), "[rm][-rf][/]['x']");
  EXPECT_TRUE(read_shell("rm 'x").incomplete);
  EXPECT_EQ(read("del \"C:\\\""), "[del]['C:\\']");  // as cmd reads it
  EXPECT_EQ(read("&& rm x"), "[rm][x]");
  EXPECT_EQ(read("rm x )"), "[rm][x]");
  EXPECT_EQ(read("fi; rm x"), "[rm][x]");
}

TEST(Shell, NamesPlacesWithinTheTextWhereItEndsTooEarly) {
  for (std::string_view text : {"for x \"a", "for x 'a", "for x", "case x in ${", "a $(b \\"}) {
    for (const ShellItem& item : read_shell(text).items)
      for (const ShellWord& word : item.words) {
        EXPECT_LE(word.span.begin, word.span.end) << text;
        EXPECT_LE(word.span.end, text.size()) << text;
      }
  }
}

TEST(Shell, HasBounds) {
  EXPECT_TRUE(read_shell(std::string(k_shell_bytes + 1, 'a')).too_long);
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "$(";
  EXPECT_TRUE(read_shell(deep).too_deep);
  EXPECT_FALSE(read_shell("$($($(a)))").too_deep);
}

}  // namespace
}  // namespace rustchain
