// The parts of docs/mission-format.md and docs/diagnostics.md that come from the program's tables.
// RUSTCHAIN_ACCEPT=1 writes them.
#include "rustchain/diagnostic.hpp"
#include "rustchain/status.hpp"

#include "mission/reference_table.hpp"
#include "steps/registry.hpp"
#include "util/text.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

std::string path_of(const std::string& page) {
  return std::string(RUSTCHAIN_SOURCE_DIR) + "/docs/" + page;
}

std::string read_page(const std::string& page) {
  std::ifstream stream(path_of(page), std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// Headings one level down.
std::string below(std::string text) {
  return replace_all(replace_all("\n" + text, "\n## ", "\n### "), "\n\n\n", "\n\n").substr(1);
}

// What stands on the page between "<!-- NAME: ... -->" and "<!-- /NAME -->" is `wanted`.
void check_part(const std::string& page_name, const std::string& name, const std::string& wanted) {
  std::string page = read_page(page_name);
  std::size_t mark = page.find("<!-- " + name + ":");
  std::size_t end = page.find("<!-- /" + name + " -->");
  ASSERT_NE(mark, std::string::npos) << name;
  ASSERT_NE(end, std::string::npos) << name;
  std::size_t begin = page.find('\n', mark) + 1;
  if (std::getenv("RUSTCHAIN_ACCEPT")) {
    page.replace(begin, end - begin, "\n" + wanted + "\n");
    std::ofstream(path_of(page_name), std::ios::binary) << page;
    return;
  }
  EXPECT_TRUE(page.substr(begin, end - begin) == "\n" + wanted + "\n")
      << page_name
      << " differs from the tables; run this with RUSTCHAIN_ACCEPT=1, and read what "
         "changed";
}

TEST(Docs, TellOfEveryKey) {
  check_part("mission-format.md", "keys", below(markdown_keys()));
}

TEST(Docs, TellOfEveryStepType) {
  std::string text;
  for (const StepType* type : step_types().all())
    text += (text.empty() ? "" : "\n") + markdown_step_type(*type);
  check_part("mission-format.md", "step types", below(text));
}

std::string cell(std::string_view text) {
  return replace_all(text, "|", "\\|");
}

// The cure in one line; what it shows in further lines stands on the page of `explain`.
std::string short_cure(const DiagnosticCode& row) {
  std::string line(row.cure.substr(0, row.cure.find('\n')));
  if (line.ends_with(':')) line.back() = '.';
  return cell(line);
}

TEST(Docs, TellOfEveryDiagnostic) {
  std::string table = "| code | what | cure |\n|---|---|---|\n";
  for (const DiagnosticCode& row : diagnostic_codes())
    table += "| " + std::string(row.code) + " | " + cell(row.title) + " | " + short_cure(row) + " |\n";
  check_part("diagnostics.md", "codes", table);
}

TEST(Docs, TellOfEveryFailureKind) {
  std::string table = "| kind | what | cure |\n|---|---|---|\n";
  for (const FailureKindRow& row : k_failure_kinds)
    if (row.kind != FailureKind::none)
      table += "| `" + std::string(row.word) + "` | " + cell(row.meaning) + " | " + cell(row.cure) + " |\n";
  check_part("diagnostics.md", "kinds", table);
}

}  // namespace
}  // namespace rustchain
