#include "llm/extract.hpp"

#include "rustchain/json.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

std::string code(std::string_view answer, std::string_view language = {}) {
  auto found = extract_code(answer, language);
  return found ? *found : "error: " + found.error().message;
}
std::string json(std::string_view answer) {
  auto found = extract_json(answer);
  return found ? found->dump() : "error: " + found.error().message;
}

TEST(ExtractCode, LeavesFencesAndProseOut) {
  EXPECT_EQ(code("Here you are:\n```python\nprint(1)\n\nprint(2)\n```\nEnjoy!"), "print(1)\n\nprint(2)\n");
  EXPECT_EQ(code("```\na\n```\n\ntext\n\n~~~~js\nb\n```\nc\n~~~~\n"), "a\n\nb\n```\nc\n");
  EXPECT_EQ(code("  ```sh\nls\n  ```"), "ls\n");
  EXPECT_EQ(code("```c\nint x;"), "int x;\n");
}

TEST(ExtractCode, ChoosesByLanguage) {
  std::string_view two = "```bash\npip install x\n```\nand\n```py title=\"a\"\nimport x\n```\n";
  EXPECT_EQ(code(two, "python"), "import x\n");
  EXPECT_EQ(code(two, "Shell"), "pip install x\n");
  EXPECT_EQ(code(two, "rust"), "error: the answer holds no rust code, only bash, py");
  EXPECT_EQ(code("```\nfn main() {}\n```", "rust"), "fn main() {}\n");
}

TEST(ExtractCode, RefusesProse) {
  EXPECT_EQ(code("Just use `grep`."), "error: the answer holds no fenced code");
  EXPECT_EQ(code("```\n```", "go"), "error: the answer holds no fenced go code");
}

TEST(ExtractJson, FindsTheValue) {
  EXPECT_EQ(json(" {\"a\": [1]} "), R"({"a":[1]})");
  EXPECT_EQ(json("Sure:\n```json\n[1, 2]\n```\n"), "[1,2]");
  EXPECT_EQ(json("The set {x} is {\"a\": \"}\"} as wanted"), R"({"a":"}"})");
  EXPECT_EQ(json("42"), "42");
}

TEST(ExtractJson, SaysWhatIsWrong) {
  EXPECT_EQ(json("none at all"), "error: the answer holds no JSON");
  EXPECT_EQ(json("{\"a\": [1, 2"), "error: the answer is not JSON: it ends too early");
  EXPECT_EQ(json("{\n  \"a\": x\n}"), "error: the answer is not JSON: it breaks at line 2, column 8");
  EXPECT_EQ(json(std::string(100'000, '[')),
            "error: the answer is not JSON: it is nested deeper than 200 levels");
}

}  // namespace
}  // namespace rustchain
