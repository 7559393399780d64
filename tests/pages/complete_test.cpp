// The pages leave nothing out: what the program's tables hold is told of, and each key of the format stands
// in an example that works. (docs_test holds the tables of docs/mission-format.md to the program's.)
#include "rustchain/diagnostic.hpp"
#include "rustchain/exit_code.hpp"
#include "rustchain/status.hpp"

#include "cli/help.hpp"
#include "util/text.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

namespace fs = std::filesystem;

const std::string k_repository = RUSTCHAIN_SOURCE_DIR;

std::string text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string page(const std::string& name) {
  return text_of(fs::path(k_repository) / "docs" / name);
}

void expect_holds(const std::string& text, const std::string& what, const std::string& page) {
  EXPECT_TRUE(text.find(what) != std::string::npos) << page << " doesn't tell of " << what;
}

TEST(Complete, CommandsOptionsAndExitCodes) {
  const std::string cli = page("cli.md");
  const std::string plain = replace_all(cli, "`", "");
  for (const CommandHelp& command : describe_commands()) {
    expect_holds(cli, "| `rustchain " + std::string(command.name), "docs/cli.md");
    for (const OptionHelp& option : command.options)
      for (const std::string& name : option.names) {
        bool told = cli.find("`" + name + "`") != std::string::npos ||
                    cli.find("`" + name + " ") != std::string::npos;
        EXPECT_TRUE(told) << "docs/cli.md doesn't tell of " << name << " of rustchain " << command.name;
      }
  }
  for (const ExitCodeRow& row : k_exit_codes)
    expect_holds(plain,
                 "| " + std::to_string(static_cast<int>(row.code)) + " | " + std::string(row.meaning) + " |",
                 "docs/cli.md");
}

TEST(Complete, DiagnosticsAndFailureKinds) {
  const std::string diagnostics = page("diagnostics.md");
  for (const DiagnosticCode& row : diagnostic_codes())
    expect_holds(diagnostics, "| " + std::string(row.code) + " | ", "docs/diagnostics.md");
  for (const FailureKindRow& row : k_failure_kinds)
    if (row.kind != FailureKind::none)
      expect_holds(diagnostics, "| `" + std::string(row.word) + "` | ", "docs/diagnostics.md");
}

}  // namespace
}  // namespace rustchain
