// A look at a model server without asking a model anything: is it there, and what does it have.
#pragma once

#include "llm/failures.hpp"

#include <optional>
#include <string>
#include <vector>

namespace rustchain {

struct ServerLook {
  std::optional<LlmFailure> failure;  // nothing usable is there
  std::string version;                // empty: it doesn't tell
  std::vector<std::string> models;
};

// Blocks for at most a few seconds.
ServerLook look_at(const Provider& provider, const LlmServer& server, HttpClient& http, const Stop& stop);

// Whether `wanted` is among `models`; Ollama's names without a tag mean the tag `latest`.
bool has_model(const std::vector<std::string>& models, const std::string& wanted);

}  // namespace rustchain
