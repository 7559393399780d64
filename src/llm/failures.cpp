// The words for everything that can go wrong between a step and a model, each with its cure. Pure.
#include "llm/failures.hpp"

#include "util/text.hpp"
#include "util/url.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace rustchain {
namespace {

using Kind = HttpError::Kind;

constexpr std::string_view k_retry_help = "retry: {max_attempts: 3, delay_seconds: 10} tries again by itself";

std::string seconds_text(Seconds seconds) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.3g s", seconds.count());
  return text.data();
}

std::string quote(std::string_view text) {
  return "'" + std::string(text) + "'";
}

std::string place(const Question& question) {
  auto url = parse_url(question.server.base_url);
  return url ? url->host_and_port() : without_secrets(question.server.base_url);
}

bool is_here(const Question& question) {
  auto url = parse_url(question.server.base_url);
  return url && is_loopback(url->host);
}

// "base_url or OLLAMA_HOST"
std::string address_keys(const Provider& provider) {
  return "base_url" + (provider.url_variable.empty() ? "" : " or " + std::string(provider.url_variable));
}

std::string listed(const std::vector<std::string>& models) {
  constexpr std::size_t k_most = 10;
  std::vector<std::string> some(
      models.begin(), models.begin() + static_cast<std::ptrdiff_t>(std::min(k_most, models.size())));
  std::string list = join(some, ", ");
  if (models.size() > k_most) list += " and " + std::to_string(models.size() - k_most) + " more";
  return list;
}

std::string so_far(const Completion& completion) {
  return "after " + with_commas(completion.content.size() + completion.thinking.size()) + " bytes";
}

std::string max_tokens_now(const Prompt& prompt) {
  return prompt.max_tokens ? "max_tokens (now " + std::to_string(*prompt.max_tokens) + ")" : "max_tokens";
}

std::string with_text(const std::string& message, const Refused& refused) {
  return refused.text.empty() ? message : message + ": " + refused.text;
}

LlmFailure model_missing(const Question& question, const std::vector<std::string>& models) {
  const std::string& model = question.prompt.model;
  LlmFailure failure;
  failure.message = "the server at " + place(question) + " has no model " + quote(model);
  std::string pull =
      question.provider.pull_command.empty() ? "" : std::string(question.provider.pull_command) + " " + model;
  if (!pull.empty()) failure.help = "get it with: " + pull;
  if (!models.empty()) failure.help += (pull.empty() ? "" : "; or use one that is there: ") + listed(models);
  if (failure.help.empty()) failure.help = "correct model";
  return failure;
}

}  // namespace

std::string with_commas(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

LlmFailure exchange_failed(const Question& question, const HttpError& error, const Completion& completion,
                           const Stop& stop) {
  const Provider& provider = question.provider;
  const std::string product(provider.product);
  const std::string model = quote(question.prompt.model);
  switch (error.kind) {
    case Kind::refused: {
      std::string cure = "start it there, or correct " + address_keys(provider);
      if (is_here(question) && !provider.start_command.empty())
        cure = "start it with: " + std::string(provider.start_command);
      return {FailureKind::network,
              "no " + product + " server listens on " + place(question) + " (connection refused)", cure};
    }
    case Kind::first_byte_timeout:
      return {
          FailureKind::timeout,
          "the model " + model + " gave no first token within " + seconds_text(question.limits.first_token),
          "it may still be loading, or the prompt is long: raise first_token_seconds"};
    case Kind::idle_timeout:
      return {FailureKind::timeout,
              "the model " + model + " fell silent for " + seconds_text(question.limits.silence) + " " +
                  so_far(completion),
              "raise silence_seconds, or look into the log of the server"};
    case Kind::cut:
      if (completion.content.empty() && completion.thinking.empty()) break;
      return {FailureKind::network, "the answer broke off " + so_far(completion) + ": " + error.message,
              "look into the log of the server; " + std::string(k_retry_help)};
    case Kind::stopped: {
      bool late = stop.reason() == StopReason::timeout || stop.reason() == StopReason::idle_timeout ||
                  stop.reason() == StopReason::run_timeout;
      return {late ? FailureKind::timeout : FailureKind::interrupted,
              "the model " + model + " was stopped " + so_far(completion),
              {}};
    }
    case Kind::too_large:
      return {FailureKind::llm_error, error.message, "set max_tokens, so that the model comes to an end"};
    case Kind::bad_url: return {FailureKind::invalid, error.message, "correct " + address_keys(provider)};
    case Kind::file: return {FailureKind::file_error, error.message, {}};
    case Kind::not_taped:
      return {FailureKind::invalid, error.message, "record it anew, with --record in the place of --replay"};
    case Kind::tls:
      return {FailureKind::network, error.message,
              "correct " + address_keys(provider) + ", or the certificate"};
    default: break;
  }
  return {FailureKind::network, error.message,
          "correct " + address_keys(provider) + ", or start " + product + " there"};
}

LlmFailure server_refused(const Question& question, int status, const Refused& refused,
                          const std::vector<std::string>& models) {
  const Provider& provider = question.provider;
  const std::string product(provider.product);
  const std::string model = quote(question.prompt.model);
  const std::string number = std::to_string(status);
  const auto kind = FailureKind::llm_error;
  switch (refused.why) {
    case Refusal::model_missing: return model_missing(question, models);
    case Refusal::not_there:
      return {kind, "what answers at " + place(question) + " is not " + product + " (status " + number + ")",
              "correct " + address_keys(provider) + ", or the provider"};
    case Refusal::loading:
      return {kind, "the model " + model + " is still being loaded",
              "try again in a moment; " + std::string(k_retry_help)};
    case Refusal::busy:
      return {kind,
              with_text("the server at " + place(question) + " is too busy (status " + number + ")", refused),
              std::string(k_retry_help) + "; a smaller max_parallel_steps asks for less at once"};
    case Refusal::forbidden:
      return {kind,
              with_text("the server at " + place(question) + " refuses this machine (status 403)", refused),
              provider.name == "ollama"
                  ? "Ollama only answers to names that it knows: use its address instead of "
                    "its name, or set OLLAMA_HOST=0.0.0.0 where it runs"
                  : "use a key that may use this model (api_key_env)"};
    case Refusal::unauthorized: {
      std::string variable =
          provider.key_variable.empty() ? "" : " (" + std::string(provider.key_variable) + ")";
      return {kind,
              with_text("the server at " + place(question) + " wants " +
                            (question.server.api_key.empty() ? "a key" : "another key than this one"),
                        refused),
              "name the environment variable that has it in api_key_env" + variable};
    }
    case Refusal::think_unsupported:
      return {kind, "the model " + model + " can't think aloud",
              "remove think from the step, or use a model that can"};
    case Refusal::bad_option:
      return {kind, with_text("the server refuses an option", refused),
              "correct it in the step's parameters"};
    case Refusal::bad_format:
      return {kind, with_text("the server refuses the format", refused),
              "format is json, or a JSON schema that the server can follow"};
    case Refusal::prompt_too_long:
      if (refused.prompt_tokens == 0 || refused.context_tokens == 0)
        return {kind, with_text("the prompt is too long for the model " + model, refused),
                "shorten it, set max_context_chars, or use a model with a larger context"};
      return {kind,
              "the prompt takes " + with_commas(refused.prompt_tokens) + " tokens, the model " + model +
                  " has " + with_commas(refused.context_tokens),
              "shorten it, set max_context_chars, or raise num_ctx in options as far as the model goes"};
    case Refusal::out_of_memory:
      return {kind, with_text("the server has too little memory for the model " + model, refused),
              "use a smaller model, or end other programs there"};
    case Refusal::other: break;
  }
  return {
      kind,
      with_text("the server at " + place(question) + " refuses the request (status " + number + ")", refused),
      status >= 500 ? "look into the log of the server; " + std::string(k_retry_help)
                    : "correct the step's parameters"};
}

LlmFailure broke_down(const Question& question, const Completion& completion) {
  Refused refused = question.provider.refused(200, completion.error);
  if (refused.why == Refusal::out_of_memory || refused.why == Refusal::prompt_too_long)
    return server_refused(question, 200, refused, {});
  return {FailureKind::llm_error, "the server failed " + so_far(completion) + ": " + refused.text,
          "look into the log of the server; " + std::string(k_retry_help)};
}

std::optional<LlmFailure> answer_unusable(const Question& question, const Completion& completion) {
  const Prompt& prompt = question.prompt;
  const auto kind = FailureKind::llm_error;
  if (!completion.done)
    return LlmFailure{
        FailureKind::network,
        "the answer broke off " + so_far(completion) + ": the server didn't say that this is all",
        "look into the log of the server; " + std::string(k_retry_help)};

  bool cut = completion.finish_reason == "length";
  bool empty = trim(completion.content).empty();
  std::string tokens =
      completion.completion_tokens ? " " + with_commas(*completion.completion_tokens) + " tokens" : "";
  if (empty && !completion.thinking.empty())
    return LlmFailure{kind,
                      "the model " + quote(prompt.model) + " spent its whole answer" +
                          (tokens.empty() ? "" : " of" + tokens) + " on thinking",
                      "raise " + max_tokens_now(prompt) + ", or set think: false"};
  if (cut && !question.allow_truncated)
    return LlmFailure{kind,
                      "the answer was cut" + (tokens.empty() ? "" : " after" + tokens) + ": " +
                          (prompt.max_tokens ? "max_tokens was reached"
                                             : "the model's own limit or its context was reached"),
                      "raise " + max_tokens_now(prompt) +
                          (prompt.max_tokens ? "" : " or num_ctx in options") +
                          ", or set allow_truncated: true to use it as it is"};
  if (completion.finish_reason == "content_filter")
    return LlmFailure{kind, "the server held the answer back (content_filter)", "change the prompt"};
  if (empty)
    return LlmFailure{kind, "the model " + quote(prompt.model) + " answered with nothing",
                      "look at the prompt and at stop, or try another model"};
  return std::nullopt;
}

LlmFailure prompt_too_long(const Question& question, std::uint64_t needed, std::uint64_t characters,
                           std::uint64_t there_are) {
  return {FailureKind::llm_error,
          "the prompt takes about " + with_commas(needed) + " tokens (" + with_commas(characters) +
              " bytes), the model " + quote(question.prompt.model) + " has " + with_commas(there_are),
          "shorten it, set max_context_chars, or use a model with a larger context"};
}

LlmFailure no_model(const Provider& provider, const std::vector<std::string>& models) {
  LlmFailure failure;
  failure.kind = FailureKind::invalid;
  failure.message = "the step names no model";
  failure.help = "set model, or RUSTCHAIN_MODEL in the environment";
  if (!models.empty()) failure.help += "; there are: " + listed(models);
  if (models.empty() && !provider.pull_command.empty())
    failure.help += "; get one with: " + std::string(provider.pull_command) + " llama3.2";
  return failure;
}

}  // namespace rustchain
