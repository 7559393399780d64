#include "cli/completion.hpp"

#include "support/run_shell.hpp"
#include "support/temporary_directory.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using testing::run_shell;
using Words = std::vector<std::string>;

bool has(const std::string& program) {
  return std::system(("command -v " + program + " >/dev/null 2>&1").c_str()) == 0;
}

// What a shell prints that reads this text.
std::string printed_by(const std::string& shell, const std::string& text, const std::string& script,
                       const std::string& home = "/") {
  return run_shell("/bin/sh", "exec " + shell + " -c \"$TEXT\"",
                   {{"TEXT", text}, {"SCRIPT", script}, {"HOME", home}});
}

// What bash offers for the last of these words, sorted.
Words offered(const Words& typed, const std::string& directory = "/") {
  std::string line = "cd '" + directory + "' && eval \"$SCRIPT\" && COMP_WORDS=(rustchain";
  for (const std::string& word : typed) line += " '" + word + "'";
  line += ") && COMP_CWORD=" + std::to_string(typed.size()) +
          " && _rustchain && printf '%s\\n' \"${COMPREPLY[@]}\" | sort";
  std::string printed = printed_by("bash", line, bash_completion(describe_commands()));
  Words words;
  for (std::string_view word : split(printed, '\n'))
    if (!word.empty()) words.emplace_back(word);
  return words;
}

bool contains(const Words& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

class BashCompletion : public ::testing::Test {
  void SetUp() override {
    if (!has("bash")) GTEST_SKIP() << "no bash here: its completion is not tried";
  }
};

TEST_F(BashCompletion, OffersCommands) {
  EXPECT_EQ(offered({"val"}), Words{"validate"});
  Words all = offered({""});
  for (const CommandHelp& command : describe_commands())
    EXPECT_TRUE(contains(all, std::string(command.name))) << command.name;
}

TEST_F(BashCompletion, OffersTheOptionsOfACommand) {
  EXPECT_EQ(offered({"run", "--re"}), (Words{"--record", "--replay", "--report", "--resume"}));
  EXPECT_EQ(offered({"--color", "never", "run", "--max-p"}), Words{"--max-parallel"});
}

TEST_F(BashCompletion, OffersTheWordsOfAnOption) {
  EXPECT_EQ(offered({"graph", "--format", "m"}), Words{"mermaid"});
  EXPECT_EQ(offered({"graph", "--format", "=", "m"}), Words{"mermaid"});
  EXPECT_EQ(offered({"graph", "--format", "="}), (Words{"dot", "json", "mermaid", "text"}));
}

TEST_F(BashCompletion, OffersMissionsAndDirectories) {
  TemporaryDirectory directory;
  directory.put("build.yaml", "");
  directory.put("build.txt", "");
  directory.put("buildings/x", "");
  EXPECT_EQ(offered({"run", "bu"}, directory / ""), (Words{"build.yaml", "buildings"}));
  EXPECT_EQ(offered({"run", "--strict", "build.yaml", "build."}, directory / ""), Words{"build.yaml"});
}

TEST_F(BashCompletion, OffersWhatACommandIsAbout) {
  EXPECT_EQ(offered({"steps", "create"}), Words{"create_file"});
  EXPECT_EQ(offered({"explain", "RC0104"}), Words{"RC0104"});
  EXPECT_EQ(offered({"explain", "fs.delete.r"}), (Words{"fs.delete.remote", "fs.delete.root"}));
  EXPECT_EQ(offered({"new", "ca"}), Words{"campaign"});
  EXPECT_EQ(offered({"safety", "ex"}), Words{"explain"});
  EXPECT_EQ(offered({"completion", ""}), (Words{"bash", "fish", "man", "zsh"}));
}

TEST(ZshCompletion, IsReadByZsh) {
  if (!has("zsh")) GTEST_SKIP() << "no zsh here: its completion is not tried";
  EXPECT_EQ(
      printed_by("zsh",
                 "autoload -U compinit && compinit -u -D && eval \"$SCRIPT\" && print $_comps[rustchain]",
                 zsh_completion(describe_commands())),
      "_rustchain\n");
}

TEST(FishCompletion, OffersWhatFits) {
  if (!has("fish")) GTEST_SKIP() << "no fish here: its completion is not tried";
  TemporaryDirectory directory;
  std::string file = directory.put("rustchain.fish", fish_completion(describe_commands()));
  auto offers = [&](const std::string& typed) {
    return printed_by(
        "sh", "fish --no-config -c 'source " + file + "; complete -C \"rustchain " + typed + "\"' | cut -f 1",
        "", directory / "");
  };
  EXPECT_EQ(offers("valid"), "validate\n");
  EXPECT_EQ(offers("graph --format m"), "mermaid\n");
  EXPECT_EQ(offers("explain RC0104"), "RC0104\n");
  EXPECT_EQ(offers("run --max-p"), "--max-parallel\n");
}

TEST(ManualPage, IsReadWithoutAWarning) {
  if (!has("groff")) GTEST_SKIP() << "no groff here: the manual page is not tried";
  TemporaryDirectory directory;
  std::string page = manual_page(describe_commands());
  directory.put("rustchain.1", page);
  EXPECT_EQ(
      run_shell("/bin/sh", "cd '" + (directory / "") + "' && groff -man -Tutf8 -ww -z rustchain.1 2>&1", {}),
      "");
  for (const CommandHelp& command : describe_commands())
    EXPECT_NE(page.find(".SS \"rustchain " + std::string(command.name)), std::string::npos) << command.name;
}

}  // namespace
}  // namespace rustchain
