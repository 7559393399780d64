#include "mission/resolve.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using Words = std::vector<std::string>;

TEST(ShellWords, AreSplitAsAShellDoes) {
  EXPECT_EQ(split_words("grep -r  'a b' \"c d\"e f\\ g \\'"),
            (Words{"grep", "-r", "a b", "c de", "f g", "'"}));
  EXPECT_EQ(split_words("a '' \"\" b"), (Words{"a", "", "", "b"}));
  EXPECT_EQ(split_words("a \"\\$x \\a \\\\ \\\"\" 'b\\'"), (Words{"a", "$x \\a \\ \"", "b\\"}));
  EXPECT_EQ(split_words(" \n "), Words{});
  EXPECT_EQ(split_words("a \\\n b"), (Words{"a", "b"}));
  EXPECT_EQ(split_words("say 'unclosed quote"), (Words{"say", "unclosed quote"}));
  EXPECT_EQ(split_words("end\\"), (Words{"end\\"}));
}

TEST(ShellWords, ReferencesStayInOnePiece) {
  EXPECT_EQ(split_words("cp {{ a.b }} x{c}y '{{ d }}' ${e} {} { f }"),
            (Words{"cp", "{{ a.b }}", "x{c}y", "{{ d }}", "${e}", "{}", "{", "f", "}"}));
}

TEST(ShellWords, PlainCommandsNeedNoShell) {
  for (std::string line :
       {"make -j4 all", "grep -r 'a|b' src", "echo \"a > b; c & d\"", "echo 100%", "test -f x", "ls '*.c'",
        "find . -name \\*.c -exec rm {} \\;", "echo {build} {{ build }} ${build.stdout} '$HOME' \\$HOME",
        "cmd --x=a=b", "echo '#' a#b a~b", "[ -f x ]", "echo \"it's\" $", "grep x$ f",
        "python3 -c 'print(1)'", "\n  echo folded\n", "git log --format='%h'", "'if' x"})
    EXPECT_FALSE(shell_syntax(line)) << line;
}

TEST(ShellWords, WhatOnlyAShellCanDoIsSeen) {
  for (std::string line :
       {"a && b",      "a | b",           "a; b",         "a > f",        "a < f",          "a &",
        "(a)",         "echo $HOME",      "echo ${HOME}", "echo ${x:-y}", "echo \"$HOME\"", "echo $(date)",
        "echo `date`", "echo \"`date`\"", "ls *.c",       "ls ?.c",       "ls [ab].c",      "cat ~/x",
        "A=1 make",    "if true",         "cd src",       "export A",     "! grep x f",     "a\nb",
        "echo a # b",  "echo $1",         "echo $?",      "{ a",          "[[ a",           "source x",
        ". x",         "exit 3",          "echo $'a'",    "echo ${{ x }}"})
    EXPECT_TRUE(shell_syntax(line)) << line;
}

}  // namespace
}  // namespace rustchain
