// Ollama's own interface: /api/chat (a JSON object a line), /api/tags, /api/show.
#include "llm/provider.hpp"
#include "util/json_text.hpp"
#include "util/text.hpp"

#include <algorithm>

namespace rustchain {
namespace {

// As the `ollama` command reads OLLAMA_HOST: scheme and port may be missing, and an address that means
// "listen everywhere" means this machine to one who calls.
std::string normalise(std::string_view written) {
  std::string_view text = trim(written);
  while (!text.empty() && (text.front() == '"' || text.front() == '\'')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == '"' || text.back() == '\'')) text.remove_suffix(1);
  bool has_scheme = text.find("://") != std::string_view::npos;
  std::string url = (has_scheme ? "" : "http://") + std::string(text);
  std::size_t begin = url.find("://") + 3;
  std::size_t end = std::min(url.find('/', begin), url.size());
  std::string authority = url.substr(begin, end - begin);
  std::string path = url.substr(end);
  std::size_t bracket = authority.rfind(']');
  bool has_port = authority.find(':', bracket == std::string::npos ? 0 : bracket) != std::string::npos;
  if (!has_port && !has_scheme) authority += ":11434";
  if (authority.starts_with(":")) authority = "localhost" + authority;
  if (authority.starts_with("0.0.0.0")) authority = "localhost" + authority.substr(7);
  if (authority.starts_with("[::]")) authority = "localhost" + authority.substr(4);
  while (path.ends_with('/')) path.pop_back();
  for (std::string_view tail : {"/api/chat", "/api/generate", "/api", "/v1"})
    if (path.ends_with(tail)) {
      path.resize(path.size() - tail.size());
      break;
    }
  return url.substr(0, begin) + authority + path;
}

HttpRequest chat(const Prompt& prompt, const LlmServer& server) {
  Json messages = Json::array();
  for (const ChatMessage& message : prompt.messages) {
    Json one = {{"role", message.role}, {"content", message.content}};
    if (!message.images.empty()) one["images"] = message.images;
    messages.push_back(std::move(one));
  }
  Json options = Json::object();
  if (prompt.temperature) options["temperature"] = *prompt.temperature;
  if (prompt.top_p) options["top_p"] = *prompt.top_p;
  if (prompt.max_tokens) options["num_predict"] = *prompt.max_tokens;
  if (prompt.seed) options["seed"] = *prompt.seed;
  if (!prompt.stop.empty()) options["stop"] = prompt.stop;
  if (prompt.context_tokens) options["num_ctx"] = *prompt.context_tokens;
  if (prompt.options.is_object()) options.update(prompt.options);

  // truncate, shift: a prompt that doesn't fit shall be refused, not cut without a word. Servers that don't
  // know them ignore them.
  Json body = {{"model", prompt.model},
               {"messages", std::move(messages)},
               {"stream", true},
               {"truncate", false},
               {"shift", false}};
  if (!options.empty()) body["options"] = std::move(options);
  if (!prompt.format.is_null()) body["format"] = prompt.format;
  if (!prompt.keep_alive.is_null()) body["keep_alive"] = prompt.keep_alive;
  if (!prompt.think.is_null()) body["think"] = prompt.think;
  return json_request("POST", server.base_url + "/api/chat", server, body);
}

bool is_true(const Json& object, std::string_view key) {
  auto found = object.find(key);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

void read(std::string_view line, Completion& completion) {
  line = trim(line);
  if (line.empty()) return;
  auto parsed = parse_json(line);
  if (!parsed || !parsed->is_object()) {
    completion.error = "a line of its answer is not what Ollama sends: " + one_line(line);
    return;
  }
  const Json& piece = *parsed;
  if (auto error = piece.find("error"); error != piece.end()) {
    completion.error = error->is_string() ? error->get<std::string>() : dump_json(*error);
    return;
  }
  if (std::string model = text_at(piece, "model"); !model.empty()) completion.model = model;
  if (auto message = piece.find("message"); message != piece.end()) {
    completion.content += text_at(*message, "content");
    completion.thinking += text_at(*message, "thinking");
  }
  if (!is_true(piece, "done")) return;
  completion.done = true;
  completion.finish_reason = text_at(piece, "done_reason");
  completion.prompt_tokens = count_at(piece, "prompt_eval_count");
  completion.completion_tokens = count_at(piece, "eval_count");
}

// The error may be JSON within JSON: {"error":"{\"error\":{\"message\":...}}"}.
Refused refused(int status, std::string_view body) {
  Refused result;
  std::string text(body);
  for (int depth = 0; depth < 4; ++depth) {
    auto parsed = parse_json(text);
    if (!parsed || !parsed->is_object()) break;
    Json inner = parsed->contains("error") ? (*parsed)["error"] : *parsed;
    if (inner.is_object()) {
      result.prompt_tokens = count_at(inner, "n_prompt_tokens").value_or(0);
      result.context_tokens = count_at(inner, "n_ctx").value_or(0);
      text = text_at(inner, "message");
      break;
    }
    if (!inner.is_string()) break;
    text = inner.get<std::string>();
  }
  result.text = one_line(text);
  std::string words = to_lower(text);
  auto says = [&](std::string_view what) { return words.find(what) != std::string::npos; };

  if (result.prompt_tokens > 0 || says("exceeds the available context") || says("exceeds the context") ||
      says("input length exceeds")) {
    result.why = Refusal::prompt_too_long;
  } else if (status == 404 && says("model")) {
    result.why = Refusal::model_missing;
  } else if (status == 404 || status == 405) {
    result.why = Refusal::not_there;
  } else if (status == 401) {
    result.why = Refusal::unauthorized;
  } else if (status == 403) {
    result.why = Refusal::forbidden;
  } else if (says("loading model")) {
    result.why = Refusal::loading;
  } else if (status == 503 || status == 429) {
    result.why = Refusal::busy;
  } else if (says("does not support thinking")) {
    result.why = Refusal::think_unsupported;
  } else if (says("invalid format")) {
    result.why = Refusal::bad_format;
  } else if (words.starts_with("option ") || says("invalid option")) {
    result.why = Refusal::bad_option;
  } else if (says("more system memory") || says("out of memory") || says("cudamalloc failed")) {
    result.why = Refusal::out_of_memory;
  }
  return result;
}

HttpRequest list_models(const LlmServer& server) {
  return json_request("GET", server.base_url + "/api/tags", server, nullptr);
}

std::vector<std::string> read_models(const Json& answer) {
  return names_in(answer, "models", "name");
}

HttpRequest ask_version(const LlmServer& server) {
  return json_request("GET", server.base_url + "/api/version", server, nullptr);
}

HttpRequest describe_model(const std::string& model, const LlmServer& server) {
  return json_request("POST", server.base_url + "/api/show", server, {{"model", model}});
}

std::optional<std::uint64_t> read_context_tokens(const Json& answer) {
  if (!answer.is_object()) return std::nullopt;
  auto info = answer.find("model_info");
  if (info == answer.end() || !info->is_object()) return std::nullopt;
  return count_at(*info, text_at(*info, "general.architecture") + ".context_length");
}

}  // namespace

const Provider k_ollama = {
    .name = "ollama",
    .product = "Ollama",
    .base_url = "http://localhost:11434",
    .url_variable = "OLLAMA_HOST",
    .start_command = "ollama serve",
    .pull_command = "ollama pull",
    .normalise = normalise,
    .chat = chat,
    .read = read,
    .refused = refused,
    .list_models = list_models,
    .read_models = read_models,
    .ask_version = ask_version,
    .describe_model = describe_model,
    .read_context_tokens = read_context_tokens,
};

}  // namespace rustchain
