#include "cli/options.hpp"

#include "cli/help.hpp"
#include "util/text.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using Words = std::vector<std::string>;

template <class T>
T parse(const Words& words) {
  auto parsed = parse_options(words);
  if (auto* end = std::get_if<OptionsEnd>(&parsed)) {
    ADD_FAILURE() << end->text;
    return {};
  }
  auto* command = std::get_if<T>(&std::get<Options>(parsed).command);
  if (command == nullptr) {
    ADD_FAILURE() << "another command";
    return {};
  }
  return *command;
}

std::string refusal(const Words& words) {
  auto parsed = parse_options(words);
  auto* end = std::get_if<OptionsEnd>(&parsed);
  if (end == nullptr) return "(accepted)";
  EXPECT_EQ(end->code, ExitCode::usage);
  return end->text;
}

TEST(Options, ReadsEverythingThatRunTakes) {
  auto run = parse<RunOptions>({"run", "a.yaml", "--var", "k=v=w", "b.yaml", "--var=n=", "--vars-file",
                                "v.yaml", "--strict", "--max-parallel", "4", "--safety", "strict", "--output",
                                "json", "--detailed-exitcode"});
  EXPECT_EQ(run.missions, (Words{"a.yaml", "b.yaml"}));
  EXPECT_EQ(run.input.vars, (std::vector<std::pair<std::string, std::string>>{{"k", "v=w"}, {"n", ""}}));
  EXPECT_EQ(run.input.vars_files, Words{"v.yaml"});
  EXPECT_TRUE(run.input.strict);
  EXPECT_EQ(run.input.safety, "strict");
  EXPECT_EQ(run.max_parallel, 4u);
  EXPECT_EQ(run.output, OutputFormat::json);
  EXPECT_TRUE(run.detailed_exit_code);
}

TEST(Options, TakesCommonOptionsBeforeAndAfterTheCommand) {
  for (const Words& words :
       {Words{"-q", "--color", "never", "run", "a"}, Words{"run", "a", "--color=never", "-q"}}) {
    auto parsed = parse_options(words);
    const auto& options = std::get<Options>(parsed);
    EXPECT_TRUE(options.common.quiet);
    EXPECT_EQ(options.common.color, ColorChoice::never);
    EXPECT_EQ(std::get<RunOptions>(options.command).missions, Words{"a"});
  }
}

TEST(Options, TakesADashAndWhatFollowsTwoDashesAsMissions) {
  EXPECT_EQ(parse<RunOptions>({"run", "-"}).missions, Words{"-"});
  EXPECT_EQ(parse<RunOptions>({"run", "--", "--odd.yaml"}).missions, Words{"--odd.yaml"});
}

TEST(Options, GivesADryRunAsAPlan) {
  auto plan = parse<PlanOptions>({"run", "-d", "a.yaml", "--output", "json"});
  EXPECT_EQ(plan.missions, Words{"a.yaml"});
  EXPECT_EQ(plan.output, OutputFormat::json);
}

TEST(Options, KnowsThePredecessorsSpellings) {
  EXPECT_EQ(parse<RunOptions>({"run", "--skip-safety", "a"}).input.safety, "off");
  EXPECT_EQ(parse<RunOptions>({"run", "-s", "a"}).input.safety, "off");
  EXPECT_EQ(parse<ValidateOptions>({"mission", "validate", "a"}).missions, Words{"a"});
  EXPECT_EQ(parse<ListOptions>({"mission", "list"}).path, "");
  EXPECT_EQ(parse<ListOptions>({"mission", "info", "a.yaml"}).path, "a.yaml");
}

TEST(Options, SuggestsTheCommandThatWasMeant) {
  EXPECT_EQ(refusal({"rum", "a.yaml"}),
            "error: there is no command 'rum'\n  help: did you mean 'rustchain run'?\n");
  EXPECT_EQ(refusal({"validaet"}),
            "error: there is no command 'validaet'\n  help: did you mean 'rustchain validate'?\n");
  EXPECT_EQ(refusal({"complete"}),
            "error: there is no command 'complete'\n  help: did you mean 'rustchain completion'?\n");
  EXPECT_EQ(refusal({"a.yaml"}),
            "error: there is no command 'a.yaml'\n  help: to run a mission: rustchain run a.yaml\n");
  EXPECT_EQ(refusal({"frobnicate"}),
            "error: there is no command 'frobnicate'\n  help: 'rustchain --help' lists the commands\n");
}

TEST(Options, SuggestsTheOptionThatWasMeant) {
  EXPECT_EQ(refusal({"run", "a", "--max-paralel", "2"}),
            "error: 'rustchain run' has no option '--max-paralel'\n  help: did you mean '--max-parallel'?\n");
  EXPECT_EQ(refusal({"run", "a", "--frobnicate"}),
            "error: 'rustchain run' has no option '--frobnicate'\n"
            "  help: 'rustchain run --help' lists the options\n");
}

TEST(Options, RefusesWrongValues) {
  EXPECT_EQ(refusal({"run", "a", "--max-parallel", "0"}),
            "error: --max-parallel takes a whole number from 1 on; not '0'\n"
            "  help: 'rustchain run --help' shows how\n");
  EXPECT_EQ(refusal({"run", "a", "--output", "xml"}),
            "error: --output takes text, json, jsonl; not 'xml'\n  help: 'rustchain run --help' shows how\n");
  EXPECT_EQ(refusal({"run", "a", "--var", "novalue"}),
            "error: --var takes NAME=VALUE; not 'novalue'\n  help: 'rustchain run --help' shows how\n");
  EXPECT_EQ(refusal({"run"}),
            "error: 'rustchain run' needs a mission file\n"
            "  help: name one, or '-' for standard input; 'rustchain list' shows those of a directory\n");
  EXPECT_EQ(refusal({"list", "a", "b"}),
            "error: 'rustchain list' has no use for 'b'\n  help: 'rustchain list --help' shows how\n");
}

TEST(Options, SaysWhatElseACommandNeeds) {
  EXPECT_EQ(refusal({"completion"}),
            "error: 'rustchain completion' needs more: bash|zsh|fish|man\n"
            "  help: 'rustchain completion --help' shows how\n");
  EXPECT_EQ(refusal({"completion", "tcsh"}),
            "error: SHELL takes bash, zsh, fish, man; not 'tcsh'\n"
            "  help: 'rustchain completion --help' shows how\n");
}

// What follows the program's name in a line of shell, up to what is the shell's.
Words words_of_example(std::string_view line) {
  Words words;
  std::string_view rest = line.substr(line.find("rustchain ") + 10);
  rest = rest.substr(0, rest.find_first_of("|>)"));
  while (!rest.empty()) {
    const bool quoted = rest.front() == '\'';
    std::size_t end = rest.find(quoted ? '\'' : ' ', 1);
    std::string_view word = rest.substr(0, end);
    if (quoted) word.remove_prefix(1);
    if (!word.empty() && word != " ") words.emplace_back(word);
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return words;
}

TEST(Options, EveryCommandHasExamplesThatAreRead) {
  for (const CommandHelp& command : describe_commands()) {
    std::size_t tried = 0;
    for (std::string_view line : split(command.examples, '\n')) {
      if (line.find("rustchain ") == std::string_view::npos) continue;
      SCOPED_TRACE(line);
      auto parsed = parse_options(words_of_example(line));
      auto* end = std::get_if<OptionsEnd>(&parsed);
      EXPECT_TRUE(end == nullptr) << end->text;
      ++tried;
    }
    EXPECT_GT(tried, 0u) << command.name;
    EXPECT_TRUE(help_page(command.name).starts_with(std::string(command.summary) + "\n\nExamples:\n"));
  }
}

TEST(Options, HelpStartsWithExamples) {
  auto parsed = parse_options({"help", "run"});
  const auto& end = std::get<OptionsEnd>(parsed);
  EXPECT_EQ(end.code, ExitCode::success);
  EXPECT_EQ(end.text.substr(0, end.text.find("Usage:")),
            "Run missions, one after another.\n\nExamples:\n"
            "  rustchain run build.yaml\n"
            "  rustchain run deploy.yaml --var host=web1 --var retries=3\n"
            "  rustchain run tests.yaml --max-parallel 4 --report json=report.json\n"
            "  rustchain run review.yaml --record review.tape.json\n"
            "  rustchain run review.yaml --replay review.tape.json\n"
            "  rustchain run build.yaml --resume\n"
            "  cat build.yaml | rustchain run -\n\n");
}

TEST(Options, ResumeTakesARunOrNone) {
  using Resume = std::optional<std::string>;
  auto resume = [](const Words& words) { return parse<RunOptions>(words).earlier.resume; };
  EXPECT_EQ(resume({"run", "a.yaml"}), Resume());
  EXPECT_EQ(resume({"run", "a.yaml", "--resume"}), Resume(""));
  EXPECT_EQ(resume({"run", "a.yaml", "--resume", "20261120T0604"}), Resume("20261120T0604"));
  EXPECT_EQ(resume({"run", "--resume", "20261120T060409123Z-9f2c1a", "a.yaml"}),
            Resume("20261120T060409123Z-9f2c1a"));
  EXPECT_EQ(resume({"run", "--resume=last", "a.yaml"}), Resume("last"));
  EXPECT_EQ(resume({"run", "--resume", "last", "a.yaml"}), Resume("last"));
  // A mission's file is no run.
  EXPECT_EQ(resume({"run", "--resume", "20.yaml"}), Resume(""));
  EXPECT_EQ(resume({"run", "--resume", "build.yaml"}), Resume(""));
}

TEST(Options, FromAndOnlyTakeSteps) {
  auto run = parse<RunOptions>({"run", "a.yaml", "--only", "b", "c", "--from", "d", "--accept-repeat", "e"});
  EXPECT_EQ(run.earlier.only, (Words{"b", "c"}));
  EXPECT_EQ(run.earlier.from, Words{"d"});
  EXPECT_EQ(run.earlier.accept_repeat, Words{"e"});
}

TEST(Options, ReadWhatLookingBackTakes) {
  auto runs = parse<RunsOptions>({"runs", "prune", "--keep", "20", "--dry-run"});
  EXPECT_EQ(runs.verb, RunsOptions::Verb::prune);
  EXPECT_EQ(runs.keep, 20u);
  EXPECT_TRUE(runs.dry_run);
  auto why = parse<WhyOptions>({"why", "last", "build"});
  EXPECT_EQ(why.run + " " + why.step, "last build");
  auto report = parse<ReportOptions>({"report", "last", "--format", "json", "-o", "r.json"});
  EXPECT_EQ(report.run + " " + report.format + " " + report.path, "last json r.json");
}

}  // namespace
}  // namespace rustchain
