// The chain that people build first: tests fail, a model looks at what they printed, and what it writes is
// compiled before it becomes a file.
#include "servers/run_mission.hpp"
#include "support/ollama_stand_in.hpp"

#include <string>

#include <gtest/gtest.h>

namespace rustchain::testing {
namespace {

std::string chain(const std::string& url, int max_repairs) {
  return R"(  - id: tests
    name: Run the tests
    step_type: command
    continue_on_error: true
    parameters:
      command: |
        echo 'FAIL add_test: expected 5, got 6'
        echo '1 of 4 tests failed' >&2
        exit 1
  - id: fix
    name: Find out why
    step_type: llm
    depends_on: [tests]
    dependency_strategy: best_effort
    parameters:
      base_url: )" +
         url + R"(
      model: tiny
      prompt: Analyze the results, and write the corrected add.cpp.
      extract: code:cpp
      verify:
        command: c++ -fsyntax-only {answer_file}
        max_repairs: )" +
         std::to_string(max_repairs) + R"(
  - id: write
    name: Keep the code
    step_type: create_file
    depends_on: [fix]
    parameters: {path: src/add.cpp, content: "{fix}"}
)";
}

const std::string k_prose = "The function adds one too many. Here is the corrected file:\n\n```cpp\n";
const std::string k_broken = "int add(int a, int b) { return a + b }\n";
const std::string k_good = "int add(int a, int b) { return a + b; }\n";

OllamaStandIn::Model model(const std::vector<std::string>& codes) {
  OllamaStandIn::Model model;
  for (const std::string& code : codes) model.answers.push_back(k_prose + code + "```\nI hope this helps!\n");
  model.prompt_tokens = 1000;  // as many as were sent, and more: nothing was cut
  return model;
}

TEST(Chain, TheModelSeesTheTestsAndOnlyCodeThatCompilesIsKept) {
  OllamaStandIn server({{"tiny:latest", model({k_broken, k_good})}});
  MissionRunner runner;
  MissionRun run = runner.run(chain(server.url(), 2));
  EXPECT_EQ(run.exit_code, 0) << run.errors;

  std::vector<Json> asked = server.asked("/api/chat");
  ASSERT_EQ(asked.size(), 2u);
  std::string first = asked[0]["messages"][0]["content"];
  EXPECT_NE(first.find("Analyze the results"), std::string::npos) << first;
  EXPECT_NE(first.find("FAIL add_test: expected 5, got 6"), std::string::npos) << first;
  EXPECT_NE(first.find("1 of 4 tests failed"), std::string::npos) << first;

  ASSERT_EQ(asked[1]["messages"].size(), 3u);
  EXPECT_EQ(asked[1]["messages"][0], asked[0]["messages"][0]);
  EXPECT_EQ(asked[1]["messages"][1]["role"], "assistant");
  EXPECT_EQ(asked[1]["messages"][1]["content"], k_prose + k_broken + "```\nI hope this helps!\n");
  std::string complaint = asked[1]["messages"][2]["content"];
  EXPECT_NE(complaint.find("\nanswer.cpp:1:37: error: expected "), std::string::npos) << complaint;

  EXPECT_EQ(runner.read("src/add.cpp"), k_good);
  Json output = run.step("fix")["output"];
  EXPECT_EQ(output["repairs"], 1);
  EXPECT_EQ(output["content"], k_good);
  EXPECT_EQ(output["raw"], k_prose + k_good + "```\nI hope this helps!\n");
}

TEST(Chain, CodeThatNeverCompilesIsNotKept) {
  OllamaStandIn server({{"tiny:latest", model({k_broken})}});
  MissionRunner runner;
  MissionRun run = runner.run(chain(server.url(), 1));
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(server.asked("/api/chat").size(), 2u);
  EXPECT_EQ(run.step("fix")["kind"], "verify");
  EXPECT_EQ(run.step("write")["status"], "skipped");
  EXPECT_FALSE(std::filesystem::exists(runner.directory() / "src"));
}

}  // namespace
}  // namespace rustchain::testing
