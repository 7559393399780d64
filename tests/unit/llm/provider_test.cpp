#include "llm/provider.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

Prompt prompt() {
  Prompt one;
  one.model = "tiny";
  one.messages = {{"system", "Be brief."}, {"user", "Why?"}};
  return one;
}

Completion read_all(const Provider& provider, const std::vector<std::string>& lines) {
  Completion completion;
  for (const std::string& line : lines) provider.read(line, completion);
  return completion;
}

TEST(Providers, AreFoundByTheirNamesOfTheWild) {
  EXPECT_EQ(find_provider("ollama"), &k_ollama);
  EXPECT_EQ(find_provider(" Ollama "), &k_ollama);
  EXPECT_EQ(find_provider("openai_compatible"), &k_openai);
  EXPECT_EQ(find_provider("anthropic"), &k_claude);
  EXPECT_EQ(find_provider("llama.cpp"), &k_llamacpp);
  EXPECT_EQ(find_provider("shimmy"), &k_shimmy);
  EXPECT_EQ(find_provider("oracle"), nullptr);
}

TEST(Ollama, UnderstandsWhatOllamaHostMaySay) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"http://localhost:11434", "http://localhost:11434"},
      {"localhost", "http://localhost:11434"},
      {"gpu.lan:8080", "http://gpu.lan:8080"},
      {"0.0.0.0", "http://localhost:11434"},
      {"0.0.0.0:11435", "http://localhost:11435"},
      {":5000", "http://localhost:5000"},
      {"[::]:11434", "http://localhost:11434"},
      {"[::1]", "http://[::1]:11434"},
      {"https://ai.example/", "https://ai.example"},
      {"https://ai.example/ollama/", "https://ai.example/ollama"},
      {"http://localhost:11434/api/chat", "http://localhost:11434"},
      {"http://localhost:11434/v1", "http://localhost:11434"},
      {" \"127.0.0.1:1\" ", "http://127.0.0.1:1"},
  };
  for (const auto& [written, url] : cases) EXPECT_EQ(k_ollama.normalise(written), url) << written;
}

TEST(Ollama, AsksInItsOwnWords) {
  Prompt one = prompt();
  one.temperature = 0.5;
  one.max_tokens = 20;
  one.seed = 7;
  one.stop = {"END"};
  one.top_p = 0.9;
  one.context_tokens = 8192;
  one.options = {{"num_predict", 30}, {"top_k", 5}};
  one.format = "json";
  one.keep_alive = "10m";
  one.think = false;
  one.messages.back().images = {"aW1n"};
  HttpRequest request = k_ollama.chat(one, {"http://h:1", ""});
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "http://h:1/api/chat");
  EXPECT_EQ(request.headers,
            (std::vector<std::pair<std::string, std::string>>{{"Content-Type", "application/json"}}));
  EXPECT_EQ(Json::parse(request.body), Json::parse(R"({
    "model": "tiny", "stream": true, "truncate": false, "shift": false, "format": "json", "keep_alive": "10m",
    "think": false,
    "messages": [{"role": "system", "content": "Be brief."},
                 {"role": "user", "content": "Why?", "images": ["aW1n"]}],
    "options": {"temperature": 0.5, "num_predict": 30, "seed": 7, "stop": ["END"], "top_p": 0.9,
                "num_ctx": 8192, "top_k": 5}})"));
  // What isn't said isn't sent.
  EXPECT_EQ(Json::parse(k_ollama.chat(prompt(), {"http://h:1", ""}).body).size(), 5u);
}

TEST(Ollama, ReadsItsStream) {
  Completion all = read_all(
      k_ollama,
      {R"({"model":"tiny","message":{"role":"assistant","content":"","thinking":"hm"},"done":false})", "",
       R"({"model":"tiny","message":{"role":"assistant","content":"Be"},"done":false})",
       R"({"model":"tiny","message":{"role":"assistant","content":"cause"},"done":false})",
       R"({"model":"tiny:latest","message":{"content":""},"done":true,"done_reason":"stop","prompt_eval_count":5,"eval_count":2})"});
  EXPECT_EQ(all.model, "tiny:latest");
  EXPECT_EQ(all.content, "Because");
  EXPECT_EQ(all.thinking, "hm");
  EXPECT_EQ(all.finish_reason, "stop");
  EXPECT_EQ(all.prompt_tokens, 5u);
  EXPECT_EQ(all.completion_tokens, 2u);
  EXPECT_TRUE(all.done);
  EXPECT_EQ(all.error, "");
}

TEST(Ollama, CountsThatAreNotSentAreNone) {
  Completion all = read_all(k_ollama, {R"({"done":true,"done_reason":"stop"})"});
  EXPECT_FALSE(all.prompt_tokens);
  EXPECT_FALSE(all.completion_tokens);
}

TEST(Ollama, KeepsWhatIsNotItsOwnAsAnError) {
  EXPECT_EQ(read_all(k_ollama, {"<html>"}).error, "a line of its answer is not what Ollama sends: <html>");
  EXPECT_EQ(read_all(k_ollama, {R"({"error":"gone"})"}).error, "gone");
  EXPECT_FALSE(read_all(k_ollama, {R"({"done":"true"})"}).done);
}

TEST(Ollama, ReadsModelsAndContext) {
  EXPECT_EQ(k_ollama.read_models(Json::parse(R"({"models":[{"name":"a:latest"},{"name":"b:1b"},{}]})")),
            (std::vector<std::string>{"a:latest", "b:1b"}));
  EXPECT_EQ(k_ollama.read_context_tokens(
                Json::parse(R"({"model_info":{"general.architecture":"gemma","gemma.context_length":512}})")),
            512u);
  EXPECT_FALSE(k_ollama.read_context_tokens(Json::parse(R"({"model_info":{}})")));
  EXPECT_EQ(Json::parse(k_ollama.describe_model("tiny", {"http://h:1", ""}).body), Json({{"model", "tiny"}}));
}

TEST(OpenAi, AsksWithItsKey) {
  Prompt one = prompt();
  one.max_tokens = 20;
  one.think = "low";
  one.format = {{"type", "object"}};
  one.options = {{"user", "u"}};
  one.messages.back().images = {"iVBORw0"};
  HttpRequest request = k_openai.chat(one, {"http://h:1/v1", "key"});
  EXPECT_EQ(request.url, "http://h:1/v1/chat/completions");
  EXPECT_EQ(request.headers.at(0), (std::pair<std::string, std::string>{"Authorization", "Bearer key"}));
  EXPECT_EQ(Json::parse(request.body), Json::parse(R"({
    "model": "tiny", "stream": true, "stream_options": {"include_usage": true}, "max_tokens": 20, "user": "u",
    "reasoning_effort": "low",
    "messages": [{"role": "system", "content": "Be brief."},
                 {"role": "user", "content": [{"type": "text", "text": "Why?"},
                   {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0"}}]}],
    "response_format": {"type": "json_schema",
                        "json_schema": {"name": "answer", "schema": {"type": "object"}}}})"));
}

TEST(OpenAi, FindsTheUsualBase) {
  EXPECT_EQ(k_openai.normalise("http://localhost:8080"), "http://localhost:8080/v1");
  EXPECT_EQ(k_openai.normalise("localhost:8080/"), "http://localhost:8080/v1");
  EXPECT_EQ(k_openai.normalise("https://x/api/v3/"), "https://x/api/v3");
  EXPECT_EQ(k_openai.normalise("https://x/v1/chat/completions"), "https://x/v1");
}

TEST(OpenAi, ReadsItsEvents) {
  Completion all =
      read_all(k_openai,
               {": keep-alive", "event: x",
                R"(data: {"model":"m","choices":[{"delta":{"role":"assistant","content":"Be"}}]})", "",
                R"(data: {"choices":[{"delta":{"reasoning_content":"hm"}}]})",
                R"(data: {"choices":[{"delta":{"content":"cause"},"finish_reason":null}]})",
                R"(data: {"choices":[{"delta":{},"finish_reason":"stop"}]})",
                R"(data: {"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2}})", "data: [DONE]"});
  EXPECT_EQ(all.content, "Because");
  EXPECT_EQ(all.thinking, "hm");
  EXPECT_EQ(all.finish_reason, "stop");
  EXPECT_EQ(all.prompt_tokens, 5u);
  EXPECT_EQ(all.completion_tokens, 2u);
  EXPECT_TRUE(all.done);
}

TEST(OpenAi, ReadsAnAnswerThatDoesNotStream) {
  Completion all = read_all(
      k_openai, {R"({"model":"m","choices":[{"message":{"content":"No"},"finish_reason":"stop"}]})"});
  EXPECT_EQ(all.content, "No");
  EXPECT_TRUE(all.done);
  EXPECT_EQ(read_all(k_openai, {R"(data: {"error":{"message":"overloaded"}})"}).error, "overloaded");
  EXPECT_EQ(read_all(k_openai, {"<html>"}).error,
            "a line of its answer is not what an OpenAI-compatible server sends: <html>");
}

TEST(OpenAi, TellsRefusalsApart) {
  auto why = [](int status, std::string body) { return k_openai.refused(status, body).why; };
  EXPECT_EQ(why(404, R"({"error":{"message":"model 'x' not found"}})"), Refusal::model_missing);
  EXPECT_EQ(why(404, R"({"error":{"message":"no","code":"model_not_found"}})"), Refusal::model_missing);
  EXPECT_EQ(why(404, "not found"), Refusal::not_there);
  EXPECT_EQ(why(401, R"({"error":{"message":"Incorrect API key"}})"), Refusal::unauthorized);
  EXPECT_EQ(why(429, R"({"error":{"message":"Rate limit"}})"), Refusal::busy);
  EXPECT_EQ(why(503, R"({"error":{"message":"Loading model"}})"), Refusal::loading);
  EXPECT_EQ(why(400, R"({"error":{"message":"too long","code":"context_length_exceeded"}})"),
            Refusal::prompt_too_long);
  EXPECT_EQ(why(400, R"({"error":{"message":"Invalid response_format"}})"), Refusal::bad_format);
  EXPECT_EQ(why(500, "oops"), Refusal::other);
}

}  // namespace
}  // namespace rustchain
