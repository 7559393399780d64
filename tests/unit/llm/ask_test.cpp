#include "llm/ask.hpp"

#include "llm/failures.hpp"
#include "platform/platform.hpp"
#include "support/ollama_stand_in.hpp"

#include <thread>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using Model = OllamaStandIn::Model;
using namespace std::chrono_literals;

std::string words(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += "word ";
  return text;
}

class AskTest : public ::testing::Test {
 protected:
  Question question(const OllamaStandIn& server, std::string prompt = "How is it?") {
    Question one{.provider = k_ollama, .server = {server.url(), ""}, .prompt = {}};
    one.prompt.model = "tiny";
    one.prompt.messages = {{"user", std::move(prompt)}};
    return one;
  }
  Asked ask_it(const Question& one) { return ask(one, *http, stop); }
  // Kind, message and cure in one text.
  std::string failure(const Question& one) {
    Asked asked = ask_it(one);
    if (!asked.failure) return "none: " + asked.completion.content;
    return std::string(to_string(asked.failure->kind)) + ": " + asked.failure->message + " | " +
           asked.failure->help;
  }

  std::unique_ptr<HttpClient> http = make_http_client({});
  Stop stop;
};

TEST_F(AskTest, GivesTheAnswerAndItsPieces) {
  OllamaStandIn server({{"tiny:latest", {.thinking = {"hm"}}}});
  Question one = question(server);
  std::vector<std::string> pieces;
  one.on_text = [&](std::string_view piece) { pieces.emplace_back(piece); };
  Asked asked = ask_it(one);
  ASSERT_FALSE(asked.failure) << asked.failure->message;
  EXPECT_EQ(asked.completion.content, "It is fine.");
  EXPECT_EQ(asked.completion.thinking, "hm");
  EXPECT_EQ(asked.completion.model, "tiny:latest");
  EXPECT_EQ(asked.completion.prompt_tokens, 10u);
  EXPECT_EQ(asked.completion.completion_tokens, 4u);
  EXPECT_EQ(pieces, (std::vector<std::string>{"It ", "is ", "fine."}));
  EXPECT_EQ(server.asked("/api/chat").size(), 1u);
  EXPECT_TRUE(server.asked("/api/show").empty());
  EXPECT_FALSE(server.asked("/api/chat")[0].contains("options"));
}

TEST_F(AskTest, KeepsThinkingWithinTheAnswerApart) {
  OllamaStandIn server({{"tiny:latest", {.pieces = {"<th", "ink>well", "</thi", "nk>\n\nIt is", " fine."}}}});
  Question one = question(server);
  std::string shown;
  one.on_text = [&](std::string_view piece) { shown += piece; };
  Asked asked = ask_it(one);
  EXPECT_EQ(asked.completion.content, "It is fine.");
  EXPECT_EQ(asked.completion.thinking, "well");
  EXPECT_EQ(shown, "It is fine.");
}

struct Case {
  std::string name;
  Model model;
  std::string refusal;
  std::string expected;  // PLACE stands for host and port
};

TEST_F(AskTest, EachFailureHasItsOwnWordsAndCure) {
  const std::string retry = "retry: {max_attempts: 3, delay_seconds: 10} tries again by itself";
  const std::vector<Case> cases = {
      {"no such model",
       {},
       ollama_refusal(404, "model 'tiny' not found"),
       "llm_error: the server at PLACE has no model 'tiny' | get it with: ollama pull tiny; or use one that "
       "is "
       "there: tiny:latest, other:7b"},
      {"another server",
       {},
       http_answer(404, "404 page not found"),
       "llm_error: what answers at PLACE is not Ollama (status 404) | correct base_url or OLLAMA_HOST, or "
       "the "
       "provider"},
      {"method",
       {},
       http_answer(405, "405 method not allowed"),
       "llm_error: what answers at PLACE is not Ollama (status 405) | correct base_url or OLLAMA_HOST, or "
       "the "
       "provider"},
      {"loading",
       {},
       ollama_refusal(503, "llm server loading model"),
       "llm_error: the model 'tiny' is still being loaded | try again in a moment; " + retry},
      {"busy",
       {},
       ollama_refusal(503, "server busy, please try again.  maximum pending requests exceeded"),
       "llm_error: the server at PLACE is too busy (status 503): server busy, please try again.  maximum "
       "pending "
       "requests exceeded | " +
           retry + "; a smaller max_parallel_steps asks for less at once"},
      {"forbidden",
       {},
       http_answer(403, ""),
       "llm_error: the server at PLACE refuses this machine (status 403) | Ollama only answers to names that "
       "it "
       "knows: use its address instead of its name, or set OLLAMA_HOST=0.0.0.0 where it runs"},
      {"unauthorized",
       {},
       ollama_refusal(401, "unauthorized"),
       "llm_error: the server at PLACE wants a key: unauthorized | name the environment variable that has it "
       "in "
       "api_key_env"},
      {"think",
       {},
       ollama_refusal(400, "\"tiny\" does not support thinking"),
       "llm_error: the model 'tiny' can't think aloud | remove think from the step, or use a model that can"},
      {"option",
       {},
       ollama_refusal(500, "option \"temperature\" must be of type float32"),
       "llm_error: the server refuses an option: option \"temperature\" must be of type float32 | correct it "
       "in the "
       "step's parameters"},
      {"format",
       {},
       ollama_refusal(500, "invalid format: \"yaml\"; expected \"json\" or a valid JSON Schema object"),
       "llm_error: the server refuses the format: invalid format: \"yaml\"; expected \"json\" or a valid "
       "JSON Schema "
       "object | format is json, or a JSON schema that the server can follow"},
      {"too long",
       {},
       ollama_refusal(
           400,
           R"({"error":{"code":400,"message":"request (2702 tokens) exceeds the available context size (512 tokens), try increasing it","type":"exceed_context_size_error","n_prompt_tokens":2702,"n_ctx":512}})"),
       "llm_error: the prompt takes 2,702 tokens, the model 'tiny' has 512 | shorten it, set "
       "max_context_chars, or "
       "raise num_ctx in options as far as the model goes"},
      {"memory",
       {},
       ollama_refusal(500, "model requires more system memory (5.6 GiB) than is available (3.2 GiB)"),
       "llm_error: the server has too little memory for the model 'tiny': model requires more system memory "
       "(5.6 GiB) "
       "than is available (3.2 GiB) | use a smaller model, or end other programs there"},
      {"broken request",
       {},
       ollama_refusal(400, "unexpected EOF"),
       "llm_error: the server at PLACE refuses the request (status 400): unexpected EOF | correct the step's "
       "parameters"},
      {"crash",
       {},
       ollama_refusal(500, "llama runner process has terminated: exit status 2"),
       "llm_error: the server at PLACE refuses the request (status 500): llama runner process has "
       "terminated: exit "
       "status 2 | look into the log of the server; " +
           retry},
      {"error within the stream",
       {.error = "an error was encountered while running the model"},
       "",
       "llm_error: the server failed after 11 bytes: an error was encountered while running "
       "the model | "
       "look into the log of the server; " +
           retry},
      {"no last line",
       {.done = false},
       "",
       "network: the answer broke off after 11 bytes: the server didn't say that this is all | "
       "look "
       "into the log of the server; " +
           retry},
      {"cut",
       {.done_reason = "length"},
       "",
       "llm_error: the answer was cut after 3 tokens: the model's own limit or its context was reached | "
       "raise max_tokens or "
       "num_ctx in "
       "options, or set allow_truncated: true to use it as it is"},
      {"empty",
       {.pieces = {}},
       "",
       "llm_error: the model 'tiny' answered with nothing | look at the prompt and at stop, or try another "
       "model"},
      {"blank",
       {.pieces = {" ", "\n"}},
       "",
       "llm_error: the model 'tiny' answered with nothing | look at the prompt and at stop, or try another "
       "model"},
      {"only thinking",
       {.pieces = {}, .thinking = {"hm", "hm"}, .done_reason = "length"},
       "",
       "llm_error: the model 'tiny' spent its whole answer of 2 tokens on thinking | raise max_tokens, or "
       "set think: "
       "false"},
      {"only thinking within the answer",
       {.pieces = {"<think>hm"}},
       "",
       "llm_error: the model 'tiny' spent its whole answer of 1 tokens on thinking | raise max_tokens, or "
       "set think: "
       "false"},
      {"not Ollama's words",
       {},
       http_answer(200, "<html>\n<body>hello</body>"),
       "llm_error: the server failed after 0 bytes: a line of its answer is not what Ollama "
       "sends: "
       "<html> | look into the log of the server; " +
           retry},
  };
  for (const Case& one : cases) {
    OllamaStandIn server({{"tiny:latest", one.model}, {"other:7b", {}}});
    server.refusal = one.refusal;
    std::string expected = one.expected;
    if (std::size_t at = expected.find("PLACE"); at != std::string::npos)
      expected.replace(at, 5, server.place());
    EXPECT_EQ(failure(question(server)), expected) << one.name;
  }
}

TEST_F(AskTest, SaysHowToStartTheServer) {
  Question one{.provider = k_ollama, .server = {}, .prompt = {}};
  std::string place = "127.0.0.1:" + std::to_string(free_port());
  one.server.base_url = "http://" + place;
  one.prompt.model = "tiny";
  one.prompt.messages = {{"user", "x"}};
  EXPECT_EQ(failure(one), "network: no Ollama server listens on " + place +
                              " (connection refused) | start it with: ollama serve");
  one.server.base_url = "http://nobody.invalid:11434";
  EXPECT_TRUE(
      failure(one).starts_with("network: no address is known for 'nobody.invalid' (nobody.invalid:11434): "))
      << failure(one);
}

TEST_F(AskTest, NamesMaxTokensWhenTheyCutTheAnswer) {
  OllamaStandIn server({{"tiny:latest", {.done_reason = "length"}}});
  Question one = question(server);
  one.prompt.max_tokens = 3;
  EXPECT_EQ(failure(one),
            "llm_error: the answer was cut after 3 tokens: max_tokens was reached | raise max_tokens (now "
            "3), or set "
            "allow_truncated: true to use it as it is");
  EXPECT_EQ(ask_it(one).completion.content, "It is fine.");
  one.allow_truncated = true;
  Asked asked = ask_it(one);
  EXPECT_FALSE(asked.failure);
  EXPECT_EQ(asked.warnings,
            (std::vector<std::string>{"the answer was cut; allow_truncated says that it is used as it is"}));
}

TEST_F(AskTest, ARefusalKeepsItsStatusAndHeaders) {
  OllamaStandIn server;
  server.refusal = http_answer(503, "{\"error\":\"server busy\"}", "Retry-After: 7\r\n");
  Asked asked = ask_it(question(server));
  EXPECT_EQ(asked.status, 503);
  EXPECT_EQ(asked.headers.at(0), (std::pair<std::string, std::string>{"retry-after", "7"}));
}

// ---- the prompt's size

TEST_F(AskTest, AsksForAContextThatTheDefaultDoesNotGive) {
  OllamaStandIn server({{"tiny:latest", {.context_tokens = 32768, .prompt_tokens = 5000}}});
  ASSERT_EQ(failure(question(server, words(6000))), "none: It is fine.");
  EXPECT_EQ(server.asked("/api/chat").at(0)["options"], Json({{"num_ctx", 16384}}));

  Question given = question(server, words(6000));
  given.prompt.options = {{"num_ctx", 10000}};
  ASSERT_EQ(failure(given), "none: It is fine.");
  EXPECT_EQ(server.asked("/api/chat").at(1)["options"], Json({{"num_ctx", 10000}}));
  EXPECT_EQ(server.asked("/api/show").size(), 1u);
}

TEST_F(AskTest, TakesNoMoreThanTheModelHas) {
  OllamaStandIn server({{"tiny:latest", {.context_tokens = 6000, .prompt_tokens = 4000}}});
  ASSERT_EQ(failure(question(server, words(4000))), "none: It is fine.");
  EXPECT_EQ(server.asked("/api/chat").at(0)["options"], Json({{"num_ctx", 6000}}));
}

TEST_F(AskTest, RefusesAPromptThatCannotFit) {
  OllamaStandIn server({{"tiny:latest", {.context_tokens = 512}}});
  EXPECT_EQ(failure(question(server, words(5000))),
            "llm_error: the prompt takes about 7,159 tokens (25,000 bytes), the model 'tiny' has 512 | "
            "shorten it, set "
            "max_context_chars, or use a model with a larger context");
  EXPECT_TRUE(server.asked("/api/chat").empty());
}

TEST_F(AskTest, NoticesThatTheServerCutThePrompt) {
  OllamaStandIn server({{"tiny:latest", {.prompt_tokens = 259}}});
  EXPECT_EQ(failure(question(server, words(900))),
            "llm_error: the server cut the prompt: it read 259 tokens of at least 900 | shorten it, set "
            "max_context_chars, or raise num_ctx in options");
  // A count that isn't there says nothing.
  server.models["tiny:latest"].prompt_tokens = 0;
  EXPECT_EQ(failure(question(server, words(900))), "none: It is fine.");
}

TEST(Tokens, AreEstimatedFromBothSides) {
  EXPECT_EQ(estimated_tokens(""), 0u);
  EXPECT_EQ(estimated_tokens("1234567"), 2u);
  EXPECT_EQ(estimated_tokens("\xe4\xbd\xa0\xe5\xa5\xbd"), 2u);
  EXPECT_EQ(least_tokens("one two, three-four 5"), 5u);
  EXPECT_EQ(least_tokens("------    ======"), 0u);
  EXPECT_EQ(with_commas(1234567), "1,234,567");
  EXPECT_EQ(with_commas(999), "999");
}

// ---- limits and stop

TEST_F(AskTest, TheFirstTokenAndSilenceHaveTheirOwnLimits) {
  OllamaStandIn server;
  server.chat = [](LoopbackServer::Peer& peer) { peer.wait_for_close(); };
  Question one = question(server);
  one.limits.first_token = 0.2s;
  EXPECT_EQ(failure(one),
            "timeout: the model 'tiny' gave no first token within 0.2 s | it may still be loading, or the "
            "prompt is "
            "long: raise first_token_seconds");

  OllamaStandIn other;
  other.chat = [](LoopbackServer::Peer& peer) {
    peer.send("HTTP/1.1 200 OK\r\n\r\n{\"message\":{\"content\":\"It \"},\"done\":false}\n");
    peer.wait_for_close();
  };
  Question two = question(other);
  two.limits.silence = 0.2s;
  EXPECT_EQ(failure(two),
            "timeout: the model 'tiny' fell silent for 0.2 s after 3 bytes | raise "
            "silence_seconds, or "
            "look into the log of the server");
}

TEST_F(AskTest, KeepsWhatHadComeWhenTheConnectionBreaks) {
  OllamaStandIn server;
  server.chat = [](LoopbackServer::Peer& peer) {
    peer.send(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2b\r\n{\"message\":{\"content\":\"It "
        "\"},\"done\":false}\n\r\n");
  };
  Asked asked = ask_it(question(server));
  ASSERT_TRUE(asked.failure);
  EXPECT_EQ(asked.failure->kind, FailureKind::network);
  EXPECT_EQ(asked.completion.content, "It ");
}

TEST_F(AskTest, EndsSoonAfterAStop) {
  OllamaStandIn server;
  server.chat = [](LoopbackServer::Peer& peer) {
    peer.send("HTTP/1.1 200 OK\r\n\r\n{\"message\":{\"content\":\"It \"},\"done\":false}\n");
    peer.wait_for_close();
  };
  Question one = question(server);
  one.on_text = [&](std::string_view) { stop.request(StopReason::interrupt); };
  EXPECT_EQ(failure(one), "interrupted: the model 'tiny' was stopped after 3 bytes | ");
}

TEST_F(AskTest, ModelsAreListedNearestFirst) {
  OllamaStandIn server({{"llama3.2:latest", {}}, {"phi3:mini", {}}, {"mistral:7b", {}}});
  Question one = question(server);
  one.prompt.model = "phi4";
  EXPECT_EQ(models_there(one, *http, stop).front(), "phi3:mini");
  one.prompt.model = "lama3.2";
  EXPECT_EQ(models_there(one, *http, stop).front(), "llama3.2:latest");
}

}  // namespace
}  // namespace rustchain
