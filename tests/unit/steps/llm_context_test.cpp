#include "steps/llm_context.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

Node text(std::string value) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.text = std::move(value);
  return node;
}
Node prompt(std::string value) {
  Node node;
  node.kind = Node::Kind::map;
  node.items = {text("prompt"), text(std::move(value))};
  return node;
}
const std::vector<ContextItem> k_items = {{"tests", "Run the tests", Status::failed, "2 failed"},
                                          {"lint", "lint", Status::success, ""}};

TEST(PromptContext, IsWantedWhenThePromptRefersToNoDependency) {
  EXPECT_FALSE(refers_to_any(prompt("Analyze the test results"), k_items));
  EXPECT_FALSE(refers_to_any(prompt("Analyze {other} and {testsuite}"), k_items));
  for (const char* refers : {"{tests}", "{{ tests.stdout }}", "${lint}", "{tests_result}", "{lint_response}",
                             "{steps.tests.output}", "{previous_result}"})
    EXPECT_TRUE(refers_to_any(prompt(std::string("See ") + refers), k_items)) << refers;
}

TEST(PromptContext, LabelsEachOutput) {
  PromptContext context = context_text(k_items, 1000);
  EXPECT_EQ(context.text,
            "\n\nThe results of the steps before:\n"
            "\n--- Output of step tests (Run the tests), which failed:\n2 failed\n--- End of tests\n"
            "\n--- Output of step lint:\n(nothing)\n--- End of lint\n");
  EXPECT_TRUE(context.cuts.empty());
  EXPECT_EQ(context_text({}, 1000).text, "");
}

TEST(PromptContext, CutsLongOutputsInTheMiddleAndSaysSo) {
  std::string lines = "begin " + std::string(10'000, 'x') + " end";
  PromptContext context =
      context_text({{"a", "a", Status::success, lines}, {"b", "b", Status::success, "short"}}, 105);
  EXPECT_EQ(context.text,
            "\n\nThe results of the steps before:\n"
            "\n--- Output of step a:\nbegin " +
                std::string(54, 'x') + "\n[... 9910 bytes cut here ...]\n" + std::string(36, 'x') +
                " end\n--- End of a\n"
                "\n--- Output of step b:\nshort\n--- End of b\n");
  EXPECT_EQ(context.cuts, (std::vector<std::string>{"the prompt got 100 of the 10010 bytes that a gave; "
                                                    "max_context_chars sets how much"}));
}

TEST(PromptContext, CutsBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "\xc3\xa9";
  std::string cut = context_text({{"a", "a", Status::success, text}}, 15).text;
  EXPECT_NE(cut.find("\xc3\xa9\n[... 186 bytes cut here ...]\n\xc3\xa9"), std::string::npos) << cut;
}

}  // namespace
}  // namespace rustchain
