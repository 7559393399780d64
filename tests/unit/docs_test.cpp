// The parts of docs/mission-format.md that come from the program's tables. RUSTCHAIN_ACCEPT=1 writes them.
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

const std::string k_page = std::string(RUSTCHAIN_SOURCE_DIR) + "/docs/mission-format.md";

std::string read_page() {
  std::ifstream stream(k_page, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// Headings one level down.
std::string below(std::string text) {
  return replace_all(replace_all("\n" + text, "\n## ", "\n### "), "\n\n\n", "\n\n").substr(1);
}

// What stands on the page between "<!-- NAME: ... -->" and "<!-- /NAME -->" is `wanted`.
void check_part(const std::string& name, const std::string& wanted) {
  std::string page = read_page();
  std::size_t mark = page.find("<!-- " + name + ":");
  std::size_t end = page.find("<!-- /" + name + " -->");
  ASSERT_NE(mark, std::string::npos) << name;
  ASSERT_NE(end, std::string::npos) << name;
  std::size_t begin = page.find('\n', mark) + 1;
  if (std::getenv("RUSTCHAIN_ACCEPT")) {
    page.replace(begin, end - begin, "\n" + wanted + "\n");
    std::ofstream(k_page, std::ios::binary) << page;
    return;
  }
  EXPECT_TRUE(page.substr(begin, end - begin) == "\n" + wanted + "\n")
      << "docs/mission-format.md differs from the tables; run this with RUSTCHAIN_ACCEPT=1, and read what "
         "changed";
}

TEST(Docs, TellOfEveryKey) {
  check_part("keys", below(markdown_keys()));
}

TEST(Docs, TellOfEveryStepType) {
  std::string text;
  for (const StepType* type : step_types().all())
    text += (text.empty() ? "" : "\n") + markdown_step_type(*type);
  check_part("step types", below(text));
}

}  // namespace
}  // namespace rustchain
