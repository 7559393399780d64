// One question to a model server, kept to its contract: the prompt is known to fit, the answer is known to be
// whole, and each way to fail has its own words and its own cure.
#pragma once

#include "rustchain/services.hpp"

#include "llm/provider.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

struct AskLimits {
  Seconds connect{10};
  Seconds first_token{120};  // the model may have to be loaded
  Seconds silence{60};       // between two pieces of the answer
};

struct Question {
  const Provider& provider;
  LlmServer server;
  Prompt prompt;
  AskLimits limits;
  bool allow_truncated = false;
  std::function<void(std::string_view)> on_text = {};           // pieces of the answer; none of the thinking
  std::function<void(const Completion& so_far)> on_piece = {};  // whenever something has come
};

struct LlmFailure {
  FailureKind kind = FailureKind::llm_error;
  std::string message = {};
  std::string help = {};
};

// What came of it. After a failure `completion` is as much as there was.
struct Asked {
  Completion completion;
  std::optional<LlmFailure> failure;
  std::vector<std::string> warnings;
  int status = 0;                                            // of the last answer; 0: there was none
  std::vector<std::pair<std::string, std::string>> headers;  // of a refusal
};

// Blocks; ends soon after the stop was requested.
Asked ask(const Question& question, HttpClient& http, const Stop& stop);

// The models that the server has, the nearest to `wanted` first. Empty: it has none, or doesn't say.
std::vector<std::string> models_there(const Question& question, HttpClient& http, const Stop& stop);

// ---- sizes

// How many tokens a text may take (about 3.5 characters of English or code each, one for every character of
// other scripts): to choose the context by.
std::uint64_t estimated_tokens(std::string_view text);
// How many it takes at the least (a word or number is never less than one): fewer were never read.
std::uint64_t least_tokens(std::string_view text);

}  // namespace rustchain
