// What it takes to talk to a kind of model server: a few pure functions and one row. To add one, write its
// file, declare its row here, add it to providers().
#pragma once

#include "rustchain/json.hpp"
#include "rustchain/services.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

struct ChatMessage {
  std::string role;  // system, user, assistant
  std::string content;
  std::vector<std::string> images = {};  // base64
};

// One question to a model, in nobody's dialect.
struct Prompt {
  std::string model;
  std::vector<ChatMessage> messages;
  std::optional<double> temperature;
  std::optional<double> top_p;
  std::optional<std::int64_t> max_tokens;
  std::optional<std::int64_t> seed;
  std::vector<std::string> stop;
  Json options = Json::object();                // passed on as they are; win over the ones above
  Json format;                                  // null, "json", or a JSON schema
  Json keep_alive;                              // null: the server's
  Json think;                                   // null: the model's; true, false, or low, medium, high
  std::optional<std::uint64_t> context_tokens;  // to ask the server for; absent: its default
};

// Where the server is.
struct LlmServer {
  std::string base_url;  // with scheme, without a slash at the end
  std::string api_key;   // empty: none
};

// What a model has answered so far.
struct Completion {
  std::string model;
  std::string content;
  std::string thinking;
  std::optional<std::uint64_t> prompt_tokens;  // the server's count, or none
  std::optional<std::uint64_t> completion_tokens;
  std::string finish_reason;  // stop, length, ...; empty: not told
  bool done = false;          // the server said that this is all
  std::string error;          // what the server said instead
};

// Why a server refuses, as far as its words tell.
enum class Refusal : std::uint8_t {
  other,
  model_missing,
  not_there,  // the path is unknown: another kind of server
  loading,
  busy,
  forbidden,
  unauthorized,
  think_unsupported,
  bad_option,
  bad_format,
  prompt_too_long,
  out_of_memory,
};
struct Refused {
  Refusal why = Refusal::other;
  std::string text;                 // the server's words, in one line
  std::uint64_t prompt_tokens = 0;  // prompt_too_long: 0: not told
  std::uint64_t context_tokens = 0;
};

struct Provider {
  std::string_view name;
  std::string_view aliases = {};  // separated by blanks
  std::string_view product;       // "Ollama": what its server is called in messages
  std::string_view base_url;
  std::string_view url_variable = {};  // environment variable that says where the server is
  std::string_view key_variable = {};  // environment variable that has the key
  std::string_view start_command = {};
  std::string_view pull_command = {};  // followed by the model's name

  // The base URL in its usual form, from what people write.
  std::string (*normalise)(std::string_view written) = nullptr;
  HttpRequest (*chat)(const Prompt& prompt, const LlmServer& server) = nullptr;
  // One line of the stream, without its end; lines without meaning are skipped. What isn't of this provider
  // becomes completion.error.
  void (*read)(std::string_view line, Completion& completion) = nullptr;
  // An answer with a status other than 2xx, or the error within a stream (status 200).
  Refused (*refused)(int status, std::string_view body) = nullptr;

  HttpRequest (*list_models)(const LlmServer& server) = nullptr;
  std::vector<std::string> (*read_models)(const Json& answer) = nullptr;
  // The next ones: nullptr where this kind of server doesn't tell.
  HttpRequest (*ask_version)(const LlmServer& server) = nullptr;  // answered with {"version": ...}
  HttpRequest (*describe_model)(const std::string& model, const LlmServer& server) = nullptr;
  std::optional<std::uint64_t> (*read_context_tokens)(const Json& answer) = nullptr;
};

extern const Provider k_ollama;
extern const Provider k_openai;
extern const Provider k_claude;
extern const Provider k_shimmy;
extern const Provider k_lmstudio;
extern const Provider k_llamacpp;
extern const Provider k_vllm;

// In the order in which people are shown them.
std::span<const Provider* const> providers();
// By name or alias, whatever the case; nullptr: there is none.
const Provider* find_provider(std::string_view name);

// ---- what providers share

// A request with a JSON body (null: none), and the key if there is one.
HttpRequest json_request(std::string_view method, std::string url, const LlmServer& server, const Json& body);
// The request as one of the provider's API, wherever its server stands: the fragment of its URL, which is
// never sent, says "ollama:/api/chat". A tape finds it by that.
HttpRequest with_api(HttpRequest request, const Provider& provider, const LlmServer& server);
// Of a list of models: {"<list>": [{"<name>": ...}]}.
std::vector<std::string> names_in(const Json& answer, std::string_view list, std::string_view name);
// A text within a value, "" where there is none.
std::string text_at(const Json& value, std::string_view key);
std::optional<std::uint64_t> count_at(const Json& value, std::string_view key);
// The server's words in one line of at most 300 bytes.
std::string one_line(std::string_view text);

}  // namespace rustchain
