// The words for everything that can go wrong between a step and a model, each with its cure. Pure.
#pragma once

#include "llm/ask.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace rustchain {

// The exchange itself failed; `completion` is what had come until then.
LlmFailure exchange_failed(const Question& question, const HttpError& error, const Completion& completion,
                           const Stop& stop);
// The server answered with another status than 2xx. `models` are those that it has, the nearest first.
LlmFailure server_refused(const Question& question, int status, const Refused& refused,
                          const std::vector<std::string>& models);
// The server began to answer and then sent an error.
LlmFailure broke_down(const Question& question, const Completion& completion);
// The answer is complete as HTTP, but not what was asked for; nullopt: it is.
std::optional<LlmFailure> answer_unusable(const Question& question, const Completion& completion);

// The prompt takes more than the model has, before it is sent.
LlmFailure prompt_too_long(const Question& question, std::uint64_t needed, std::uint64_t characters,
                           std::uint64_t there_are);
// The step names no model, and neither does the environment.
LlmFailure no_model(const Provider& provider, const std::vector<std::string>& models);

// "12,345"
std::string with_commas(std::uint64_t number);

}  // namespace rustchain
