#include "llm/look.hpp"

#include "platform/platform.hpp"
#include "support/ollama_stand_in.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

ServerLook look(const std::string& url) {
  auto http = make_http_client({});
  Stop stop;
  return look_at(k_ollama, {url, {}}, *http, stop);
}

TEST(Look, TellsVersionAndModels) {
  OllamaStandIn ollama({{"phi3:mini", {}}, {"llama3.2:latest", {}}});
  ServerLook seen = look(ollama.url());
  EXPECT_FALSE(seen.failure);
  EXPECT_EQ(seen.models, (std::vector<std::string>{"llama3.2:latest", "phi3:mini"}));
  EXPECT_FALSE(seen.version.empty());
}

TEST(Look, TellsThatNothingListens) {
  ServerLook seen = look("http://127.0.0.1:" + std::to_string(free_port()));
  ASSERT_TRUE(seen.failure);
  EXPECT_NE(seen.failure->help.find("ollama serve"), std::string::npos);
}

TEST(Look, TellsThatAnotherServerAnswers) {
  LoopbackServer web(answer_with([](auto&) { return http_answer(200, "<html>welcome</html>"); }));
  ServerLook seen = look(web.url(""));
  ASSERT_TRUE(seen.failure);
  EXPECT_NE(seen.failure->message.find("no Ollama"), std::string::npos) << seen.failure->message;
}

TEST(Look, ANameWithoutATagMeansTheLatest) {
  std::vector<std::string> models{"llama3.2:latest", "phi3:mini"};
  EXPECT_TRUE(has_model(models, "llama3.2"));
  EXPECT_TRUE(has_model(models, "phi3:mini"));
  EXPECT_FALSE(has_model(models, "phi3"));
  EXPECT_FALSE(has_model(models, "llama3"));
}

}  // namespace
}  // namespace rustchain
