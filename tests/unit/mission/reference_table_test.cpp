#include "mission/reference_table.hpp"

#include "mission/keys.hpp"
#include "mission/read.hpp"
#include "support/mission_text.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

TEST(MarkdownTable, ShowsWhatTheTableSays) {
  static constexpr auto k_keys = std::to_array<KeySpec>({
      {.name = "command", .required = true, .doc = "What to run."},
      {.name = "args", .types = k_list, .element = k_string, .default_value = "[]", .doc = "Arguments, a|b."},
      {.name = "level", .types = k_string, .doc = "How much.", .aliases = "depth", .words = "low high"},
      {.name = "size", .types = k_size | k_number, .doc = "How big."},
      {.name = "gone", .doc = "Not yet.", .later = "leave it out"},
  });
  EXPECT_EQ(markdown_table(k_keys), R"(| key | type | default | meaning |
|---|---|---|---|
| `command` | string | required | What to run. |
| `args` | list of strings | `[]` | Arguments, a\|b. |
| `level` | string |  | How much. One of: low, high. Also: depth. |
| `size` | number or size |  | How big. 1MB is 1,000,000 bytes, 1MiB is 1,048,576. |
)");
}

TEST(MarkdownKeys, HasEveryKeyThatThisVersionReads) {
  std::string page = markdown_keys();
  for (std::span<const KeySpec> keys :
       {mission_keys(), config_keys(), step_keys(), retry_keys(), dependency_keys(), on_failure_keys(),
        resource_limit_keys(), input_keys()})
    for (const KeySpec& key : keys)
      EXPECT_EQ(page.find("| `" + std::string(key.name) + "` |") != std::string::npos, key.later.empty())
          << key.name;
  EXPECT_NE(page.find("\n## `monitoring`\n"), std::string::npos);
}

TEST(DescribeStepType, IsAPageForTheTerminal) {
  EXPECT_EQ(describe_step_type(*testing::fake_types().find("command")), R"(command: Runs a program.

Parameters:
  command*            string             What to run.
  args                list of strings    Its arguments.
  shell               string or boolean  Run by a shell. Default: false.
  env                 map of strings     Variables.
  working_dir         string             Where.
  expect_exit_codes   list of integers   Good exit codes. Default: [0].
  max_output_bytes    size               Kept. 1MB is 1,000,000 bytes, 1MiB is 1,048,576. Default:
                                         1MiB.
  report_level        string             How much is told. One of: summary, normal, detailed.
  chunk_size          integer            Files at a time. Also: max_files.
  (* required)

Output:
  exit_code, stdout, stderr
  {id} alone gives stdout.

Example:
  - id: build
    step_type: command
)");
}

TEST(DescribeStepType, SaysWhatThisVersionCannotDo) {
  EXPECT_EQ(
      describe_step_type(*testing::fake_types().find("mission")),
      "mission: Runs a mission.\nNot supported by this version yet: run the missions one after another\n");
}

TEST(MarkdownStepType, IsASectionOfAPage) {
  EXPECT_EQ(markdown_step_type(*testing::fake_types().find("noop")),
            "## `noop`\n\nDoes nothing.\n\n| key | type | default | meaning |\n|---|---|---|---|\n| "
            "`message` | string |  | "
            "Shown. |\n");
}

}  // namespace
}  // namespace rustchain
