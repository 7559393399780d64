// The llm step against aimock, a scripted model server that others wrote. Skipped where it isn't installed:
// ./cmake/bootstrap ci installs it.
#include "rustchain/services.hpp"

#include "platform/platform.hpp"
#include "servers/child.hpp"
#include "servers/run_mission.hpp"

#include <gtest/gtest.h>

namespace rustchain::testing {
namespace {

// What the model says, by what it is asked. aimock's errors and counts differ from Ollama's; the unit tests
// hold to what a real Ollama sent.
constexpr const char* k_fixtures = R"({"fixtures": [
  {"match": {"userMessage": "greet"}, "response": {"content": "Hello there, this is a longer answer in pieces."}, "chunkSize": 8},
  {"match": {"userMessage": "slowly"}, "response": {"content": "one two three four"}, "chunkSize": 4, "latency": 200},
  {"match": {"userMessage": "cut"}, "response": {"content": "this answer never reaches its end, it is cut"}, "chunkSize": 5, "truncateAfterChunks": 3},
  {"match": {"userMessage": "busy"}, "response": {"error": {"message": "Too many requests", "type": "rate_limit"}, "status": 429, "retryAfter": 1}},
  {"match": {"userMessage": "once", "sequenceIndex": 0}, "response": {"error": {"message": "overloaded"}, "status": 503}},
  {"match": {"userMessage": "once"}, "response": {"content": "recovered"}},
  {"match": {"userMessage": "code"}, "response": {"content": "Sure!\n```python\nprint('hi')\n```\nThat prints hi."}},
  {"match": {"userMessage": "Context"}, "response": {"content": "I have read it."}}
]})";

class Aimock : public ::testing::TestWithParam<const char*> {
 protected:
  static void SetUpTestSuite() {
    program_ = std::getenv("RUSTCHAIN_AIMOCK") ? std::getenv("RUSTCHAIN_AIMOCK") : RUSTCHAIN_AIMOCK_DEFAULT;
    if (!std::filesystem::exists(program_)) return;
    place_ = new MissionRunner;
    place_->write("fixtures.json", k_fixtures);
    server_ = new IndependentServer(
        {"/usr/bin/env", "node", program_, "-p", "PORT", "-h", "127.0.0.1", "-f", "fixtures.json"},
        place_->directory());
    ASSERT_TRUE(server_->ready()) << place_->read("server.err");
  }
  static void TearDownTestSuite() {
    delete server_;
    delete place_;
    server_ = nullptr;
    place_ = nullptr;
  }
  void SetUp() override {
    if (!place_) GTEST_SKIP() << "aimock isn't installed (" << program_ << ")";
  }

  std::string model(const std::string& prompt, const std::string& more = {}) const {
    std::string provider = GetParam();
    return "{provider: " + provider + ", base_url: '" + server_->url(provider == "openai" ? "/v1" : "") +
           "', model: test-model, prompt: '" + prompt + "'" + more + "}";
  }
  Json ask(const std::string& prompt, const std::string& parameters = {},
           const std::string& keys = {}) const {
    return place_
        ->run("  - {id: ask, step_type: llm" + keys + ", parameters: " + model(prompt, parameters) + "}\n")
        .step("ask");
  }
  static Json journal() {
    auto client = make_http_client({});
    HttpRequest request;
    request.url = server_->url("/__aimock/journal");
    Stop stop;
    auto answer = client->send(request, stop);
    EXPECT_TRUE(answer.ok());
    return answer.ok() ? Json::parse(answer->body, nullptr, false) : Json();
  }
  // How often the model was asked this.
  static std::size_t asked(const std::string& prompt) {
    std::string text = journal().dump();
    std::size_t count = 0;
    for (std::size_t at = 0; (at = text.find(prompt, at)) != std::string::npos; ++at) ++count;
    return count;
  }

  static inline std::string program_;
  static inline MissionRunner* place_ = nullptr;
  static inline IndependentServer* server_ = nullptr;
};

TEST_P(Aimock, Streams) {
  Json step = ask("greet me");
  EXPECT_EQ(step["status"], "success") << step.dump(2);
  EXPECT_EQ(step["output"]["content"], "Hello there, this is a longer answer in pieces.");
}

TEST_P(Aimock, WaitsBetweenPieces) {
  Json step = ask("slowly please", ", silence_seconds: 5");
  EXPECT_EQ(step["output"]["content"], "one two three four") << step.dump(2);
  EXPECT_GT(step["duration_ms"].get<double>(), 600);
}

TEST_P(Aimock, ASilenceThatIsTooLongIsAFailure) {
  Json step = ask("slowly please", ", silence_seconds: 0.05");
  EXPECT_EQ(step["status"], "failed") << step.dump(2);
  EXPECT_EQ(step["kind"], "timeout") << step.dump(2);
}

TEST_P(Aimock, ACutStreamIsAFailure) {
  Json step = ask("cut it");
  EXPECT_EQ(step["status"], "failed") << step.dump(2);
  EXPECT_EQ(step["kind"], "network") << step.dump(2);
}

TEST_P(Aimock, HonoursRetryAfter) {
  std::string prompt = std::string("busy with ") + GetParam();
  Json step = ask(prompt, {}, ", retry: {max_attempts: 2, delay_seconds: 0.01, retry_on: [any]}");
  EXPECT_EQ(step["status"], "failed") << step.dump(2);
  EXPECT_EQ(step["attempts"], 2) << step.dump(2);
  EXPECT_GE(step["duration_ms"].get<double>(), 1000) << "the server asked for a second";
  EXPECT_EQ(asked(prompt), 2u);
}

TEST_P(Aimock, AskedAgainItAnswers) {
  std::string prompt = std::string("once with ") + GetParam();
  Json step = ask(prompt, {}, ", retry: {max_attempts: 3, delay_seconds: 0.01}");
  // The server counts failures over both providers: whoever comes first meets it.
  EXPECT_EQ(step["status"], "success") << step.dump(2);
  EXPECT_EQ(step["output"]["content"], "recovered");
}

TEST_P(Aimock, ProseDoesNotReachTheFile) {
  Json step = ask("code for me", ", extract: 'code:python', output_file: hi.py");
  EXPECT_EQ(step["status"], "success") << step.dump(2);
  EXPECT_EQ(place_->read("hi.py"), "print('hi')\n");
}

TEST_P(Aimock, IsSentWhatTheStepBeforePrinted) {
  std::string proof = std::string("proof-for-") + GetParam();
  MissionRun run = place_->run(
      "  - {id: tests, step_type: command, continue_on_error: true, parameters: {command: sh, args: [-c, "
      "'echo " +
      proof +
      "; exit 1']}}\n"
      "  - {id: ask, step_type: llm, depends_on: [tests], dependency_strategy: best_effort, parameters: " +
      model("Context follows") + "}\n");
  EXPECT_EQ(run.step("ask")["status"], "success") << run.errors;
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_GE(asked(proof), 1u) << journal().dump(2);
}

INSTANTIATE_TEST_SUITE_P(Providers, Aimock, ::testing::Values("ollama", "openai"),
                         [](const auto& provider) { return std::string(provider.param); });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Aimock);

}  // namespace
}  // namespace rustchain::testing
