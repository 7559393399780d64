#include "mission/shell_fill.hpp"

#include "support/run_shell.hpp"
#include "util/text.hpp"

#include <random>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using testing::posix_shells;
using testing::run_shell;

// x, y and n are known.
std::optional<std::string> variable_of(const Reference& reference) {
  if (reference.head == "x") return "RC_VALUE_1";
  if (reference.head == "y") return "RC_VALUE_2";
  if (reference.head == "n") return "RC_VALUE_3";
  return std::nullopt;
}

std::string filled(std::string_view text) {
  return fill_shell(
      text, [](const Reference& reference, std::string_view, ShellPlace) { return variable_of(reference); });
}

// "data {x}, arithmetic {n}".
std::string places(std::string_view text) {
  std::string all;
  fill_shell(text, [&](const Reference& reference, std::string_view raw, ShellPlace place) {
    constexpr std::string_view k_words[] = {"data", "arithmetic", "forbidden"};
    if (!all.empty()) all += ", ";
    all += std::string(k_words[static_cast<int>(place)]) + " " + std::string(raw);
    return variable_of(reference);
  });
  return all;
}

const std::vector<std::string>& hostile_values() {
  static const std::vector<std::string> values = {
      "",
      "plain",
      "two words",
      "  blanks around  ",
      "line 1\nline 2\n",
      "\n\n",
      "it's",
      "say \"hi\"",
      "'; echo broken; '",
      "\"; echo broken; \"",
      "$(echo broken)",
      "`echo broken`",
      "${HOME} $HOME $$",
      "; rm -rf / #",
      "a && b || c | d & e > f < g",
      "* ? [a-z] ~",
      "{x} {{ y }} ${x}",
      "\\ \\n \\' \\\" \\$x \\\\",
      "EOF\nEND\n'EOF'\n",
      "-n -e --help",
      "#comment",
      "%s %d \\c",
      "!history !! !$",
      "\t\ttabs",
      "\x01\x02\x7f",
      "gr\xc3\xb6\xc3\x9f"
      "e \xf0\x9f\x98\x80",
      std::string(100 * 1024, '\'') + "\"$(echo broken)",
  };
  return values;
}

// Runs `text` with x and y set in all shells, and expects what `expected` says with V and W in their places.
void expect_data(const std::string& text, const std::string& expected) {
  std::string script = filled(text);
  for (const std::string& shell : posix_shells())
    for (const std::string& value : hostile_values()) {
      std::string printed =
          run_shell(shell, script, {{"RC_VALUE_1", value}, {"RC_VALUE_2", "<" + value.substr(0, 9) + ">"}});
      std::string wanted;
      for (char c : expected) {
        if (c == 'V')
          wanted += value;
        else if (c == 'W')
          wanted += "<" + value.substr(0, 9) + ">";
        else
          wanted += c;
      }
      // EXPECT_EQ would print the large ones.
      if (printed != wanted)
        ADD_FAILURE() << shell << "\n"
                      << text << "\nbecame " << script << "\nwith " << value.substr(0, 200) << "\ngave "
                      << printed.substr(0, 300);
    }
}

TEST(ShellFill, WritesTheVariableAsItsPlaceAsks) {
  EXPECT_EQ(filled("echo {x} {{ y }} ${x}"), "echo \"${RC_VALUE_1}\" \"${RC_VALUE_2}\" \"${RC_VALUE_1}\"");
  EXPECT_EQ(filled("echo \"a {x} b\""), "echo \"a ${RC_VALUE_1} b\"");
  EXPECT_EQ(filled("echo 'a {x} b'"), "echo 'a '\"${RC_VALUE_1}\"' b'");
  EXPECT_EQ(filled("cat <<EOF\n{x}\nEOF\necho {y}"), "cat <<EOF\n${RC_VALUE_1}\nEOF\necho \"${RC_VALUE_2}\"");
  EXPECT_EQ(filled("cat <<'EOF'\n$a `b` \\ {x}\nEOF\n"),
            "cat <<EOF  \n\\$a \\`b\\` \\\\ ${RC_VALUE_1}\nEOF\n");
}

TEST(ShellFill, LeavesWhatIsNoReferenceAlone) {
  for (std::string text : {"echo {} {z} ${HOME:-x} {{ z }} \"${z}\" '{z}'", "find . -exec rm {} \\;",
                           "a() { echo $1; }", "awk '{print $1}' f", "cat <<'EOF'\n$a `b` {z}\nEOF\n",
                           "echo `date +%s` # {x} it's", "echo a#{z} $# \"$#\"", "echo \\{z} \\${z}",
                           "x='unclosed {z}", "echo `unclosed {z}", "echo $(unclosed"})
    EXPECT_EQ(filled(text), text);
}

TEST(ShellFill, AnEscapedReferenceIsTheShellsOwn) {
  EXPECT_EQ(filled("x=1; echo $${x} \\${x} \"\\${x}\""), "x=1; echo ${x} \\${x} \"\\${x}\"");
}

TEST(ShellFill, ReferencesInCommentsStay) {
  EXPECT_EQ(filled("echo {x} # about {x}\necho {x}"),
            "echo \"${RC_VALUE_1}\" # about {x}\necho \"${RC_VALUE_1}\"");
  EXPECT_EQ(filled("echo a#{x}"), "echo a#\"${RC_VALUE_1}\"");
}

TEST(ShellFill, KnowsWhereTheShellComputes) {
  EXPECT_EQ(places("echo $(({n}+1)) $[{n}*2] ${a[{n}]} ${a:{n}:2} ${a:-{x}} ${a#{x}}"),
            "arithmetic {n}, arithmetic {n}, arithmetic {n}, arithmetic {n}, data {x}, data {x}");
  EXPECT_EQ(places("(( i < {n} )); for ((i=0; i<{n}; i++)); do echo {x}; done"),
            "arithmetic {n}, arithmetic {n}, data {x}");
  EXPECT_EQ(
      places("a[{n}]=1; a[\"{n}\"]=1; [[ {n} -gt 3 && \"{n}\" -eq \"{n}\" && {x} == y ]]; [ {x} -gt 3 ]"),
      "arithmetic {n}, arithmetic {n}, arithmetic {n}, arithmetic {n}, arithmetic {n}, data {x}, data {x}");
}

TEST(ShellFill, KnowsWhereNoValueCanStand) {
  EXPECT_EQ(places("echo $'a {x}' \"$'{x}'\""), "forbidden {x}, data {x}");
  EXPECT_EQ(places("cat <<'A B'\n{x}\nA B\n"), "forbidden {x}");
}

TEST(ShellFill, NestingTooDeepIsForbidden) {
  std::string text;
  for (int i = 0; i < 70; ++i) text += "$(cat <<E" + std::to_string(i) + "\n";
  text += "{x}";
  EXPECT_EQ(places(text), "forbidden {x}");
}

TEST(ShellFill, ValuesAreOnePieceOfDataInWords) {
  expect_data("printf '<%s>' {x} a{x}b {x}{y}", "<V><aVb><VW>");
  expect_data("printf '<%s>' \"{x}\" \"a {x} b\" \"{x}{y}\"", "<V><a V b><VW>");
  expect_data("printf '<%s>' '{x}' 'a {x} b' '{x}'\"{y}\"", "<V><a V b><VW>");
  expect_data("a={x}; b=\"{y}\"; printf '<%s>' \"$a\" \"$b\"", "<V><W>");
  expect_data("f() { printf '<%s>' \"$1\"; }; f {x}", "<V>");
  expect_data("set -- {x} {y}; printf '<%s>' \"$#\" \"$@\"", "<2><V><W>");
  expect_data("printf '<%s>' \\{x}", "<V>");
  expect_data("printf '<%s>' \"\\{x}\"", "<\\V>");
  expect_data("for a in {x} {y}; do printf '<%s>' \"$a\"; done", "<V><W>");
}

TEST(ShellFill, ValuesAreDataInSubstitutions) {
  expect_data("printf '<%s>' \"$(printf %s {x}; echo .)\"", "<V.>");
  expect_data("printf '<%s>' \"$(printf %s \"{x}\"; echo .)\"", "<V.>");
  expect_data("printf '<%s>' \"$(printf %s \"$(printf %s '{x}'; echo .)\"; echo .)\"", "<V..>");
  expect_data("printf '<%s>' \"`printf %s {x}; echo .`\"", "<V.>");
  expect_data("printf '<%s>' \"`printf %s \\\"{x}\\\"; echo .`\"", "<V.>");
  expect_data("a=`printf %s '{x}'; echo .`; printf '<%s>' \"$a\"", "<V.>");
  expect_data("a=`echo \\`printf %s ok\\`; printf %s {x}; echo .`; printf '<%s>' \"$a\"", "<ok\nV.>");
  expect_data("printf '<%s>' \"$(case b in a) echo no;; (b) printf %s {x};; esac; echo .)\" {y}", "<V.><W>");
  expect_data("printf '<%s>' \"$(echo # {x} )'\nprintf %s {x}; echo .)\"", "<\nV.>");
}

TEST(ShellFill, ValuesAreDataInExpansions) {
  expect_data("printf '<%s>' ${u-{x}} \"${u-{x}}\" \"${u:-a{x}b}\"", "<V><V><aVb>");
  expect_data("u=1; printf '<%s>' ${u+{x}} \"${u:+its {x} '{x}'}\"", "<V><its V 'V'>");
  expect_data("a=a{x}; printf '<%s>' \"${a#a}\" \"${a%{x}}\" ${a#a{x}}.", "<V><a><.>");
  expect_data("printf '<%s>' \"${u-$(printf %s {x}; echo .)}\"", "<V.>");
}

TEST(ShellFill, ValuesAreDataInHereDocuments) {
  expect_data("cat <<EOF\na {x} 'b {x}' \"c\" \\{y}\nEOF\nprintf '<%s>' {y}", "a V 'b V' \"c\" \\W\n<W>");
  expect_data("cat <<'EOF'\n$HOME `id` \\$x {x}\\\nEOF\nprintf '<%s>' {y}", "$HOME `id` \\$x V\\\n<W>");
  expect_data("cat <<-\"EOF\"\n\ta {x}\n\tEOF\nprintf '<%s>' {y}", "a V\n<W>");
  expect_data("cat <<\\A - <<B && printf '<%s>' {x}\nno {x}\nA\n$(printf %s {x}; echo .)\nB\n", "V.\n<V>");
  expect_data("printf '<%s>' \"$(cat <<EOF\n{x}.\nEOF\n)\" {y}", "<V.><W>");
  expect_data("while read -r a; do printf '<%s>' {x}; done <<EOF\n1\nEOF\n", "<V>");
}

TEST(ShellFill, NumbersReachArithmetic) {
  for (const std::string& shell : posix_shells())
    EXPECT_EQ(run_shell(shell, filled("echo $(({n} + 1)) \"$(( 2*({n}-1) ))\" $(( (1+2) * {n} )) '{x}'"),
                        {{"RC_VALUE_1", "a b"}, {"RC_VALUE_3", "41"}}),
              "42 80 123 a b\n");
}

// Shell words that print a known text, whatever is nested in what.
class RandomWord {
 public:
  RandomWord(unsigned seed, std::string x, std::string y)
      : random_(seed), x_(std::move(x)), y_(std::move(y)) {}

  struct Piece {
    std::string text;
    std::string printed;
  };

  Piece bare(int depth) {
    Piece all;
    for (unsigned i = 0, count = 1 + below(3); i < count; ++i) {
      switch (below(depth > 0 ? 6 : 3)) {
        case 0: append(all, {"a-b", "a-b"}); break;
        case 1: append(all, reference()); break;
        case 2: {
          Piece one = reference();
          append(all, {"'" + one.text + " \"$'", one.printed + " \"$"});
          break;
        }
        case 3: {
          Piece one = bare(depth - 1);
          append(all, {"${u-" + one.text + "}", one.printed});
          break;
        }
        default: {
          Piece one = quoted(depth - 1);
          append(all, {"\"" + one.text + "\"", one.printed});
        }
      }
    }
    return all;
  }

  Piece quoted(int depth) {
    Piece all;
    for (unsigned i = 0, count = 1 + below(3); i < count; ++i) {
      switch (below(depth > 0 ? 6 : 3)) {
        case 0: append(all, {"it's ( # ", "it's ( # "}); break;
        case 1: append(all, reference()); break;
        case 2: append(all, {"\\\" \\$ \\\\", "\" $ \\"}); break;
        case 3: {
          Piece one = bare(depth - 1);
          append(all, {"$(printf %s " + one.text + "; echo .)", one.printed + "."});
          break;
        }
        case 4: {
          Piece one = bare(depth - 1);
          std::string inner = "printf %s " + one.text + "; echo .";
          std::string escaped;
          for (char c : inner) {
            if (c == '\\' || c == '`' || c == '"') escaped += '\\';
            escaped += c;
          }
          append(all, {"`" + escaped + "`", one.printed + "."});
          break;
        }
        default: {
          Piece one = here_document(depth - 1);
          append(all, {"$(" + one.text + "\necho .)", one.printed + "."});
        }
      }
    }
    return all;
  }

  Piece here_document(int depth) {
    std::string name = "E" + std::to_string(++count_);
    bool quotes = below(2) == 0;
    Piece line = reference();
    line = {"\"$ '" + line.text, "\"$ '" + line.printed};
    if (!quotes && depth > 0) {
      Piece one = bare(depth - 1);
      append(line, {"$(printf %s " + one.text + "; echo .)", one.printed + "."});
    }
    if (quotes) append(line, {"$a `b` \\\\", "$a `b` \\\\"});
    return {"cat <<" + (quotes ? "'" + name + "'" : name) + "\n" + line.text + "\n" + name,
            line.printed + "\n"};
  }

 private:
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }
  static void append(Piece& all, const Piece& one) {
    all.text += one.text;
    all.printed += one.printed;
  }
  Piece reference() {
    constexpr std::string_view k_x[] = {"{x}", "{{ x }}", "${x}"};
    constexpr std::string_view k_y[] = {"{y}", "{{y}}", "${y}"};
    bool first = below(2) == 0;
    return {std::string((first ? k_x : k_y)[below(3)]), first ? x_ : y_};
  }

  std::mt19937 random_;
  std::string x_;
  std::string y_;
  int count_ = 0;
};

TEST(ShellFill, ValuesAreDataHoweverQuotesNest) {
  const std::vector<std::string>& values = hostile_values();
  for (unsigned seed = 1; seed <= 150; ++seed) {
    const std::string& x = values[seed % (values.size() - 1)];
    const std::string& y = values[seed * 7 % (values.size() - 1)];
    RandomWord::Piece word = RandomWord(seed, x, y).bare(4);
    std::string script = filled("printf '<%s>' " + word.text);
    for (const std::string& shell : posix_shells())
      EXPECT_EQ(run_shell(shell, script, {{"RC_VALUE_1", x}, {"RC_VALUE_2", y}}), "<" + word.printed + ">")
          << shell << " " << seed << "\n"
          << word.text << "\nbecame\n"
          << script;
  }
}

TEST(ShellFill, LongTextsTakeLinearTime) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += "echo \"$(echo '{x}' `id`)\" {x} <<E\n{x}\nE\n";
  std::string once = filled("echo \"$(echo '{x}' `id`)\" {x} <<E\n{x}\nE\n");
  EXPECT_EQ(filled(text).size(), once.size() * 50'000);
  std::string deep = std::string(200'000, '(') + "{x}";
  EXPECT_EQ(places(deep), "arithmetic {x}");
}

}  // namespace
}  // namespace rustchain
