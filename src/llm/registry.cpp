// The table of providers, and what they share.
#include "llm/provider.hpp"
#include "util/json_text.hpp"
#include "util/text.hpp"
#include "util/utf8.hpp"

#include <array>

namespace rustchain {

std::span<const Provider* const> providers() {
  static constexpr std::array<const Provider*, 7> k_all = {
      &k_ollama, &k_openai, &k_claude, &k_shimmy, &k_lmstudio, &k_llamacpp, &k_vllm,
  };
  return k_all;
}

const Provider* find_provider(std::string_view name) {
  std::string wanted = to_lower(trim(name));
  for (const Provider* provider : providers())
    if (provider->name == wanted || has_word(provider->aliases, wanted)) return provider;
  return nullptr;
}

HttpRequest json_request(std::string_view method, std::string url, const LlmServer& server,
                         const Json& body) {
  HttpRequest request;
  request.method = method;
  request.url = std::move(url);
  if (!server.api_key.empty()) request.headers.emplace_back("Authorization", "Bearer " + server.api_key);
  if (!body.is_null()) {
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = dump_json(body);
  }
  return request;
}

HttpRequest with_api(HttpRequest request, const Provider& provider, const LlmServer& server) {
  if (request.url.starts_with(server.base_url + "/"))
    request.url += "#" + std::string(provider.name) + ":" + request.url.substr(server.base_url.size());
  return request;
}

std::vector<std::string> names_in(const Json& answer, std::string_view list, std::string_view name) {
  std::vector<std::string> names;
  if (!answer.is_object()) return names;
  auto found = answer.find(list);
  if (found == answer.end() || !found->is_array()) return names;
  for (const Json& one : *found)
    if (std::string text = text_at(one, name); !text.empty()) names.push_back(std::move(text));
  return names;
}

std::string text_at(const Json& value, std::string_view key) {
  if (!value.is_object()) return {};
  auto found = value.find(key);
  return found != value.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<std::uint64_t> count_at(const Json& value, std::string_view key) {
  if (!value.is_object()) return std::nullopt;
  auto found = value.find(key);
  if (found == value.end() || !found->is_number_integer() || found->get<std::int64_t>() < 0)
    return std::nullopt;
  return found->get<std::uint64_t>();
}

std::string one_line(std::string_view text) {
  std::string line;
  for (char c : utf8_prefix(trim(text), 300)) line += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  return replace_invalid_utf8(line);
}

}  // namespace rustchain
