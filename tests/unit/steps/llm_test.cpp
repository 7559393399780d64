#include "platform/platform.hpp"
#include "steps/registry.hpp"
#include "support/fakes.hpp"
#include "support/ollama_stand_in.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

class LlmStepTest : public ::testing::Test {
 protected:
  // With the server's address and a model put in where there are none.
  StepFixture step(Json parameters) {
    if (!parameters.contains("base_url")) parameters["base_url"] = server.url();
    if (!parameters.contains("model")) parameters["model"] = "tiny";
    return StepFixture(k_llm_step, std::move(parameters), services);
  }
  StepResult run(Json parameters) { return step(std::move(parameters)).run(); }
  OllamaStandIn::Model& model() { return server.models["tiny:latest"]; }
  std::string prompt() { return server.asked("/api/chat").back()["messages"].back()["content"]; }

  FakeWorld world;
  OllamaStandIn server;
  std::unique_ptr<HttpClient> http = make_http_client({});
  Services services{world.clock, world.files, world.processes, *http, {}, {}};
};

TEST_F(LlmStepTest, GivesTheAnswerWithTheServersCounts) {
  StepResult result = run({{"prompt", "How?"}, {"system", "Be brief."}});
  EXPECT_EQ(result.status, Status::success) << result.error;
  EXPECT_EQ(result.output, Json({{"model", "tiny:latest"},
                                 {"content", "It is fine."},
                                 {"thinking", ""},
                                 {"usage", {{"prompt_tokens", 10}, {"completion_tokens", 3}}},
                                 {"finish_reason", "stop"},
                                 {"repairs", 0},
                                 {"duration_ms", 0}}));
  EXPECT_EQ(server.asked("/api/chat").at(0)["messages"],
            Json({{{"role", "system"}, {"content", "Be brief."}}, {{"role", "user"}, {"content", "How?"}}}));
}

TEST_F(LlmStepTest, PassesOnWhatIsSet) {
  run({{"prompt", "How?"},
       {"messages", {{{"role", "assistant"}, {"content", "Hello."}}}},
       {"temperature", 0.5},
       {"max_tokens", 20},
       {"seed", 7},
       {"stop", "END"},
       {"top_p", 0.9},
       {"options", {{"top_k", 5}}},
       {"keep_alive", "10m"},
       {"think", false}});
  Json asked = server.asked("/api/chat").at(0);
  EXPECT_EQ(asked["options"], Json({{"temperature", 0.5},
                                    {"num_predict", 20},
                                    {"seed", 7},
                                    {"stop", {"END"}},
                                    {"top_p", 0.9},
                                    {"top_k", 5}}));
  EXPECT_EQ(asked["messages"],
            Json({{{"role", "assistant"}, {"content", "Hello."}}, {{"role", "user"}, {"content", "How?"}}}));
  EXPECT_EQ(asked["keep_alive"], "10m");
  EXPECT_EQ(asked["think"], false);
}

TEST_F(LlmStepTest, SendsImages) {
  world.files.files["/here/a.png"] = "img";
  run({{"prompt", "What is it?"}, {"images", {"a.png"}}});
  EXPECT_EQ(server.asked("/api/chat").at(0)["messages"][0]["images"], Json({"aW1n"}));
  EXPECT_EQ(run({{"prompt", "x"}, {"images", "none.png"}}).kind, FailureKind::file_error);
}

TEST_F(LlmStepTest, FindsTheServerByTheEnvironment) {
  world.services.environment = {};
  services.environment = {{"OLLAMA_HOST", server.place()}, {"RUSTCHAIN_MODEL", "tiny"}};
  StepFixture one(k_llm_step, {{"prompt", "x"}}, services);
  EXPECT_EQ(one.run().status, Status::success);
  // The mission's own environment wins.
  StepFixture other(k_llm_step, {{"prompt", "x"}}, services);
  other.context.env = {{"OLLAMA_HOST", "127.0.0.1:" + std::to_string(free_port())}};
  EXPECT_EQ(other.run().kind, FailureKind::network);
}

TEST_F(LlmStepTest, WithoutAModelItTellsWhichThereAre) {
  StepFixture one(k_llm_step, {{"prompt", "x"}, {"base_url", server.url()}}, services);
  StepResult result = one.run();
  EXPECT_EQ(result.kind, FailureKind::invalid);
  EXPECT_EQ(result.error, "the step names no model");
  EXPECT_EQ(result.help, "set model, or RUSTCHAIN_MODEL in the environment; there are: tiny:latest");
}

TEST_F(LlmStepTest, TellsOfAnUnknownProvider) {
  StepFixture one(k_llm_step, {{"prompt", "x"}, {"provider", "oracle"}}, services);
  StepResult result = one.run();
  EXPECT_EQ(result.error, "the provider 'oracle' is unknown");
  EXPECT_EQ(result.help,
            "there are ollama, openai, claude, shimmy, lmstudio, llamacpp, vllm; with base_url any "
            "OpenAI-compatible server");
}

TEST_F(LlmStepTest, AKeyThatIsNotThereIsNamed) {
  StepFixture one(k_llm_step, {{"prompt", "x"}, {"provider", "openai"}, {"model", "m"}}, services);
  StepResult result = one.run();
  EXPECT_EQ(result.kind, FailureKind::invalid);
  EXPECT_EQ(result.error, "the key of the server is not there: OPENAI_API_KEY is not set");
  EXPECT_EQ(result.help, "set it: export OPENAI_API_KEY=...");
}

TEST_F(LlmStepTest, TheUsualKeyGoesToNoOtherServer) {
  LoopbackServer other(answer_with([](auto&) {
    return http_answer(200, "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\ndata: [DONE]\n\n");
  }));
  services.environment = {{"OPENAI_API_KEY", "usual"}, {"OWN", "own"}};
  Json parameters = {{"prompt", "x"}, {"provider", "openai"}, {"base_url", other.url("")}};
  EXPECT_EQ(run(parameters).output["content"], "Hi");
  EXPECT_EQ(other.requests().at(0).find("Authorization"), std::string::npos);
  EXPECT_EQ(run(parameters).output["usage"],
            Json({{"prompt_tokens", nullptr}, {"completion_tokens", nullptr}}));
  parameters["api_key_env"] = "OWN";
  run(parameters);
  EXPECT_NE(other.requests().at(2).find("Authorization: Bearer own\r\n"), std::string::npos);
  EXPECT_TRUE(other.requests().at(2).starts_with("POST /v1/chat/completions HTTP/1.1\r\n"));
}

// ---- what came before

TEST_F(LlmStepTest, APromptWithoutReferencesGetsTheOutputsOfItsDependencies) {
  StepFixture one = step({{"prompt", "Analyze the test results"}});
  one.context.dependencies = {{"tests", "tests", Status::failed, "2 failed"}};
  EXPECT_EQ(one.run().status, Status::success);
  EXPECT_EQ(prompt(),
            "Analyze the test results\n\nThe results of the steps before:\n"
            "\n--- Output of step tests, which failed:\n2 failed\n--- End of tests\n");

  StepFixture refers = step({{"prompt", "Analyze {tests}"}});
  refers.context.dependencies = one.context.dependencies;
  refers.run();
  EXPECT_EQ(prompt(), "Analyze {tests}");

  StepFixture none = step({{"prompt", "Analyze"}, {"context", "none"}});
  none.context.dependencies = one.context.dependencies;
  none.run();
  EXPECT_EQ(prompt(), "Analyze");
}

TEST_F(LlmStepTest, WarnsThatAnOutputWasCut) {
  StepFixture one = step({{"prompt", "Analyze"}, {"max_context_chars", 100}});
  one.context.dependencies = {{"tests", "tests", Status::success, std::string(1000, 'x')}};
  EXPECT_EQ(one.run().warnings,
            (std::vector<std::string>{
                "the prompt got 100 of the 1000 bytes that tests gave; max_context_chars sets how much"}));
}

// ---- the answer

TEST_F(LlmStepTest, StreamsTheAnswerUnlessToldNotTo) {
  std::string seen;
  StepFixture one = step({{"prompt", "x"}});
  one.context.on_text = [&](std::string_view piece) { seen += piece; };
  one.run();
  EXPECT_EQ(seen, "It is fine.");
  StepFixture quiet = step({{"prompt", "x"}, {"stream", false}});
  quiet.context.on_text = one.context.on_text;
  quiet.run();
  EXPECT_EQ(seen, "It is fine.");
}

TEST_F(LlmStepTest, TakesTheCodeAndKeepsTheRawAnswer) {
  model().pieces = {"Here:\n```python\nprint(1)\n```\n"};
  StepResult result = run({{"prompt", "x"}, {"extract", "code:python"}, {"output_file", "a.py"}});
  EXPECT_EQ(result.output["content"], "print(1)\n");
  EXPECT_EQ(result.output["raw"], "Here:\n```python\nprint(1)\n```\n");
  EXPECT_EQ(result.output["output_file"], "/here/a.py");
  EXPECT_EQ(world.files.files["/here/a.py"], "print(1)\n");
}

TEST_F(LlmStepTest, ProseIsNoCode) {
  model().pieces = {"I can't."};
  StepResult result = run({{"prompt", "x"}, {"extract", "code"}, {"output_file", "a.py"}});
  EXPECT_EQ(result.kind, FailureKind::verify);
  EXPECT_EQ(result.error, "the answer holds no fenced code");
  EXPECT_EQ(result.details, (std::vector<std::string>{"I can't."}));
  EXPECT_EQ(result.output["content"], "I can't.");
  EXPECT_TRUE(world.files.files.empty());
}

TEST_F(LlmStepTest, HoldsTheAnswerAgainstItsSchema) {
  Json schema = Json::parse(
      R"({"type":"object","required":["score"],"properties":{"score":{"type":"integer","pattern":"x"}}})");
  model().pieces = {"{\"score\":", " 7}"};
  StepResult result = run({{"prompt", "x"}, {"format", schema}});
  EXPECT_EQ(result.status, Status::success) << result.error;
  EXPECT_EQ(result.output["json"]["score"], 7);
  EXPECT_EQ(result.output["content"], "{\"score\": 7}");
  EXPECT_FALSE(result.output.contains("raw"));
  EXPECT_EQ(result.warnings, (std::vector<std::string>{"'pattern' in the schema was not checked"}));
  EXPECT_EQ(server.asked("/api/chat").at(0)["format"], schema);

  model().pieces = {"{\"score\": \"good\"}"};
  result = run({{"prompt", "x"}, {"format", schema.dump()}});
  EXPECT_EQ(result.kind, FailureKind::verify);
  EXPECT_EQ(result.error, "the answer doesn't fit the schema: at score: is a string, not an integer");
  model().pieces = {"seven"};
  EXPECT_EQ(run({{"prompt", "x"}, {"format", "json"}}).error, "the answer holds no JSON");
}

TEST_F(LlmStepTest, TakesJsonOutOfProse) {
  model().pieces = {"Sure: {\"a\": 1}"};
  StepResult result = run({{"prompt", "x"}, {"extract", "json"}});
  EXPECT_EQ(result.output["json"], Json({{"a", 1}}));
  EXPECT_EQ(result.output["content"], R"({"a":1})");
  EXPECT_EQ(result.output["raw"], "Sure: {\"a\": 1}");
}

TEST_F(LlmStepTest, AFailureKeepsWhatCameAndWhatTheServerAskedFor) {
  model().done_reason = "length";
  StepResult cut = run({{"prompt", "x"}, {"max_tokens", 3}});
  EXPECT_EQ(cut.kind, FailureKind::llm_error);
  EXPECT_EQ(cut.output["content"], "It is fine.");
  EXPECT_EQ(cut.output["finish_reason"], "length");
  EXPECT_EQ(cut.details, (std::vector<std::string>{"It is fine."}));
  EXPECT_EQ(run({{"prompt", "x"}, {"max_tokens", 3}, {"allow_truncated", true}}).status, Status::success);

  server.refusal = http_answer(503, "{\"error\":\"server busy\"}", "Retry-After: 7\r\n");
  StepResult busy = run({{"prompt", "x"}});
  EXPECT_EQ(busy.output["status"], 503);
  EXPECT_EQ(busy.output["headers"]["retry-after"], "7");
}

// ---- before running

std::vector<std::string> problems_of(Json parameters) {
  FakeWorld world;
  StepFixture step(k_llm_step, std::move(parameters), world.services);
  Diagnostics problems;
  k_llm_step.check(step.step, problems);
  std::vector<std::string> found;
  for (const Diagnostic& one : problems.all())
    found.push_back(std::string(one.code) + (one.severity == Severity::error ? " error: " : " warning: ") +
                    one.message);
  return found;
}

TEST(LlmStepCheck, FindsWhatCannotWork) {
  EXPECT_EQ(problems_of({{"model", "m"}}),
            (std::vector<std::string>{"RC0453 error: the step has no prompt"}));
  EXPECT_EQ(
      problems_of({{"prompt", "x"}, {"provider", "oracle"}}),
      (std::vector<std::string>{"RC0454 warning: the provider 'oracle' is unknown, the step will fail"}));
  EXPECT_EQ(problems_of({{"messages", {{{"role", "bot"}, {"content", "x"}}, {{"role", "user"}}}}}),
            (std::vector<std::string>{"RC0455 error: the role 'bot' is unknown",
                                      "RC0455 error: a message has no role or no content"}));
  EXPECT_EQ(problems_of({{"prompt", "x"}, {"extract", "program"}}),
            (std::vector<std::string>{"RC0456 error: extract 'program' is unknown"}));
  EXPECT_EQ(problems_of({{"prompt", "x"}, {"format", "yaml"}}),
            (std::vector<std::string>{"RC0457 error: format 'yaml' is unknown"}));
  for (const Json& fine : {Json({{"prompt", "x"}, {"provider", "Claude"}}),
                           Json({{"prompt", "x"}, {"provider", "oracle"}, {"base_url", "http://h"}}),
                           Json({{"prompt", "x"}, {"extract", "code:go"}, {"format", "json"}}),
                           Json({{"messages", {{{"role", "user"}, {"content", "x"}}}}})})
    EXPECT_TRUE(problems_of(fine).empty()) << fine;
}

TEST(LlmStepEffects, ConnectsReadsAndWrites) {
  FakeWorld world;
  StepFixture usual(k_llm_step, {{"prompt", "x"}}, world.services);
  EXPECT_EQ(usual.effects().connects, (std::vector<std::string>{"http://localhost:11434"}));
  StepFixture other(k_llm_step,
                    {{"prompt", "x"}, {"base_url", "http://h"}, {"images", {"a"}}, {"output_file", "o"}},
                    world.services);
  EXPECT_EQ(other.effects().connects, (std::vector<std::string>{"http://h"}));
  EXPECT_EQ(other.effects().reads, (std::vector<std::string>{"a"}));
  EXPECT_EQ(other.effects().writes, (std::vector<std::string>{"o"}));
}

// ---- verify

class LlmVerifyTest : public LlmStepTest {
 protected:
  LlmVerifyTest() {
    services.random = [this] { return ++world.randoms; };
    world.processes.otherwise = [this](const ProcessRequest& request, const Stop&) {
      checked.push_back(request);
      for (const auto& [path, bytes] : world.files.files)
        if (path.find(".verify/") != std::string::npos) answers.emplace_back(path, bytes);
      FakeProcesses::Answer end = ends.empty() ? process_end(0) : std::move(ends.front());
      if (!ends.empty()) ends.pop_front();
      return end;
    };
  }
  StepResult run(Json parameters) {
    StepFixture fixture = step(std::move(parameters));
    fixture.context.output_base = "/run/fix";
    fixture.context.shell = "/bin/sh";
    return fixture.run();
  }
  std::vector<Json> messages() {
    std::vector<Json> all;
    for (const Json& asked : server.asked("/api/chat")) all.push_back(asked["messages"]);
    return all;
  }

  std::deque<FakeProcesses::Answer> ends;  // of the checks, then they are good
  std::vector<ProcessRequest> checked;
  std::vector<std::pair<std::string, std::string>> answers;  // the files that the checks saw
};

TEST_F(LlmVerifyTest, TakesAnAnswerThatPasses) {
  model().pieces = {"Here:\n```c\nint a;\n```\nDone."};
  StepResult result = run({{"prompt", "x"},
                           {"extract", "code"},
                           {"output_file", "a.c"},
                           {"verify", {{"command", {"cc", "-c", "{answer_file}"}}}}});
  EXPECT_EQ(result.status, Status::success) << result.error;
  EXPECT_EQ(checked.at(0).argv, (std::vector<std::string>{"cc", "-c", "/run/fix.verify/answer.c"}));
  EXPECT_EQ(checked.at(0).stdin_text, "");
  EXPECT_EQ(answers.at(0).second, "int a;\n");
  EXPECT_EQ(world.files.files["/here/a.c"], "int a;\n");
  EXPECT_EQ(result.output["repairs"], 0);
  EXPECT_EQ(result.output["raw"], "Here:\n```c\nint a;\n```\nDone.");
  EXPECT_EQ(world.files.files.count("/run/fix.verify/answer.c"), 0u);
}

TEST_F(LlmVerifyTest, AsksAgainWithTheAnswerAndWhatTheCheckSays) {
  model().answers = {"```c\nint a\n```", "```c\nint a;\n```"};
  ends = {process_end(1, "1 error\n", "/run/fix.verify/answer.c:1: expected ';'\n")};
  StepResult result = run({{"prompt", "Write it."},
                           {"extract", "code:c"},
                           {"verify", {{"command", "cc"}, {"args", {"{answer_file}"}}}}});
  EXPECT_EQ(result.status, Status::success) << result.error;
  EXPECT_EQ(result.output["repairs"], 1);
  EXPECT_EQ(result.output["content"], "int a;\n");
  EXPECT_EQ(result.output["usage"], Json({{"prompt_tokens", 20}, {"completion_tokens", 2}}));
  ASSERT_EQ(messages().size(), 2u);
  EXPECT_EQ(messages()[1],
            Json({{{"role", "user"}, {"content", "Write it."}},
                  {{"role", "assistant"}, {"content", "```c\nint a\n```"}},
                  {{"role", "user"},
                   {"content",
                    "Your answer did not pass a check:\n\n`cc` ended with exit code 1\nanswer.c:1: expected "
                    "';'\n1 error\n\nCorrect it. Give the whole answer again, in the same form, with nothing "
                    "left out."}}}));
}

TEST_F(LlmVerifyTest, GivesUpAfterMaxRepairs) {
  for (int i = 0; i < 9; ++i) ends.push_back(process_end(2, "", "no good\n"));
  StepResult result = run({{"prompt", "x"},
                           {"output_file", "out.txt"},
                           {"verify", {{"command", {"check", "{answer_file}"}}, {"max_repairs", 1}}}});
  EXPECT_EQ(result.kind, FailureKind::verify);
  EXPECT_EQ(result.error,
            "the answer did not pass its check: `check` ended with exit code 2 (after 1 repair)");
  EXPECT_EQ(result.details, std::vector<std::string>{"no good"});
  EXPECT_EQ(result.output["repairs"], 1);
  EXPECT_EQ(result.output["raw"], "It is fine.");
  EXPECT_EQ(messages().size(), 2u);
  EXPECT_EQ(world.files.files.count("/here/out.txt"), 0u);

  checked.clear();
  EXPECT_EQ(run({{"prompt", "x"}, {"verify", {{"command", {"check"}}, {"max_repairs", 0}}}}).error,
            "the answer did not pass its check: `check` ended with exit code 2");
  EXPECT_EQ(checked.size(), 1u);
  // It doesn't name the file.
  EXPECT_EQ(checked[0].stdin_text, "It is fine.");
}

TEST_F(LlmVerifyTest, RepairsAnAnswerWithoutCode) {
  model().answers = {"I would write a loop.", "```\nx\n```"};
  StepResult result = run({{"prompt", "x"}, {"extract", "code"}, {"verify", {{"command", {"true"}}}}});
  EXPECT_EQ(result.output["content"], "x\n") << result.error;
  EXPECT_NE(prompt().find("the answer holds no fenced code"), std::string::npos) << prompt();
}

TEST_F(LlmVerifyTest, HoldsItAgainstASchema) {
  model().answers = {"{\"score\": \"high\"}", "{\"score\": 7}"};
  Json schema = {{"type", "object"}, {"properties", {{"score", {{"type", "integer"}}}}}};
  StepResult result = run({{"prompt", "x"}, {"verify", {{"json_schema", schema}}}});
  EXPECT_EQ(result.status, Status::success) << result.error;
  EXPECT_EQ(result.output["content"], "{\"score\": 7}");
  EXPECT_NE(prompt().find("the answer doesn't fit the schema: at score"), std::string::npos) << prompt();
  EXPECT_TRUE(checked.empty());
}

TEST_F(LlmVerifyTest, ACheckerThatCantWorkIsNoFaultOfTheModel) {
  ends = {Failure{FailureKind::command_not_found, "", {}}};
  StepResult result = run({{"prompt", "x"}, {"verify", {{"command", {"nocheck", "{answer_file}"}}}}});
  EXPECT_EQ(result.kind, FailureKind::command_not_found);
  EXPECT_EQ(result.error, "the check of the answer: the program `nocheck` was not found");
  EXPECT_EQ(messages().size(), 1u);

  ProcessEnd stopped = process_end(0);
  stopped.stopped_by = StopReason::timeout;
  ends = {stopped};
  EXPECT_EQ(run({{"prompt", "x"}, {"verify", {{"command", {"slow"}}}}}).kind, FailureKind::timeout);
}

TEST_F(LlmVerifyTest, GivesAShellTheFileAsAVariable) {
  Json verify = {{"command", "cc '{answer_file}' && ./a.out | grep {answer_file}"}};
  StepFixture fixture = step({{"prompt", "x"}, {"verify", verify}});
  fixture.context.output_base = "/my run/fix";
  fixture.context.shell = "/bin/sh";
  EXPECT_EQ(fixture.run().status, Status::success);
  EXPECT_EQ(checked.at(0).argv.back(),
            "cc ''\"${RC_ANSWER_FILE}\"'' && ./a.out | grep \"${RC_ANSWER_FILE}\"");
  EXPECT_EQ(checked[0].environment.find("RC_ANSWER_FILE"), "/my run/fix.verify/answer.txt");
}

TEST_F(LlmVerifyTest, IsPartOfWhatTheStepDoes) {
  StepFixture fixture = step({{"prompt", "x"}, {"verify", {{"command", {"cc", "-o", "prog", "a.c"}}}}});
  Effects effects = fixture.effects();
  ASSERT_EQ(effects.executes.size(), 1u);
  EXPECT_EQ(effects.executes[0].argv, (std::vector<std::string>{"cc", "-o", "prog", "a.c"}));
  EXPECT_EQ(effects.writes, std::vector<std::string>{"prog"});
}

}  // namespace
}  // namespace rustchain
