// The interface of OpenAI's chat completions, which most other servers speak too: /v1/chat/completions
// (server sent events), /v1/models.
#include "llm/provider.hpp"
#include "util/json_text.hpp"
#include "util/text.hpp"

namespace rustchain {
namespace {

std::string normalise(std::string_view written) {
  std::string url(trim(written));
  if (url.find("://") == std::string::npos) url.insert(0, "http://");
  while (url.ends_with('/')) url.pop_back();
  constexpr std::string_view tail = "/chat/completions";
  if (url.ends_with(tail)) url.resize(url.size() - tail.size());
  bool has_path = url.find('/', url.find("://") + 3) != std::string::npos;
  return has_path ? url : url + "/v1";
}

std::string_view image_type(std::string_view base64) {
  if (base64.starts_with("iVBOR")) return "image/png";
  if (base64.starts_with("R0lGOD")) return "image/gif";
  if (base64.starts_with("UklGR")) return "image/webp";
  return "image/jpeg";
}

Json content_of(const ChatMessage& message) {
  if (message.images.empty()) return message.content;
  Json parts = Json::array();
  parts.push_back({{"type", "text"}, {"text", message.content}});
  for (const std::string& image : message.images)
    parts.push_back(
        {{"type", "image_url"},
         {"image_url", {{"url", "data:" + std::string(image_type(image)) + ";base64," + image}}}});
  return parts;
}

HttpRequest chat(const Prompt& prompt, const LlmServer& server) {
  Json messages = Json::array();
  for (const ChatMessage& message : prompt.messages)
    messages.push_back({{"role", message.role}, {"content", content_of(message)}});
  Json body = {{"model", prompt.model},
               {"messages", std::move(messages)},
               {"stream", true},
               {"stream_options", {{"include_usage", true}}}};
  if (prompt.temperature) body["temperature"] = *prompt.temperature;
  if (prompt.top_p) body["top_p"] = *prompt.top_p;
  if (prompt.max_tokens) body["max_tokens"] = *prompt.max_tokens;
  if (prompt.seed) body["seed"] = *prompt.seed;
  if (!prompt.stop.empty()) body["stop"] = prompt.stop;
  if (prompt.think.is_string()) body["reasoning_effort"] = prompt.think;
  if (prompt.format.is_object()) {
    body["response_format"] = {{"type", "json_schema"},
                               {"json_schema", {{"name", "answer"}, {"schema", prompt.format}}}};
  } else if (!prompt.format.is_null()) {
    body["response_format"] = {{"type", "json_object"}};
  }
  if (prompt.options.is_object()) body.update(prompt.options);
  return json_request("POST", server.base_url + "/chat/completions", server, body);
}

std::string error_text(const Json& error) {
  if (error.is_string()) return error.get<std::string>();
  std::string message = text_at(error, "message");
  return message.empty() ? dump_json(error) : message;
}

void read_choice(const Json& choice, Completion& completion) {
  for (std::string_view key : {"delta", "message"}) {
    auto delta = choice.find(key);
    if (delta == choice.end()) continue;
    completion.content += text_at(*delta, "content");
    std::string thinking = text_at(*delta, "reasoning_content");
    completion.thinking += thinking.empty() ? text_at(*delta, "reasoning") : thinking;
  }
  if (std::string reason = text_at(choice, "finish_reason"); !reason.empty())
    completion.finish_reason = reason;
}

bool is_other_field(std::string_view line) {
  return line.empty() || line[0] == ':' || line.starts_with("event:") || line.starts_with("id:") ||
         line.starts_with("retry:");
}

// Events are one line each here ("data: {...}"); other fields of the event stream are skipped. A server that
// doesn't stream sends the object alone.
void read(std::string_view line, Completion& completion) {
  line = trim(line);
  bool event = line.starts_with("data:");
  if (event) line = trim(line.substr(5));
  if (is_other_field(line)) return;
  if (line == "[DONE]") {
    completion.done = true;
    return;
  }
  auto parsed = parse_json(line);
  if (!parsed || !parsed->is_object()) {
    completion.error =
        "a line of its answer is not what an OpenAI-compatible server sends: " + one_line(line);
    return;
  }
  const Json& piece = *parsed;
  if (auto error = piece.find("error"); error != piece.end() && !error->is_null()) {
    completion.error = error_text(*error);
    return;
  }
  if (std::string model = text_at(piece, "model"); !model.empty()) completion.model = model;
  if (auto choices = piece.find("choices"); choices != piece.end() && choices->is_array())
    for (const Json& choice : *choices)
      if (choice.is_object()) read_choice(choice, completion);
  if (auto usage = piece.find("usage"); usage != piece.end() && usage->is_object()) {
    completion.prompt_tokens = count_at(*usage, "prompt_tokens");
    completion.completion_tokens = count_at(*usage, "completion_tokens");
  }
  if (!event && !completion.finish_reason.empty()) completion.done = true;
}

Refused refused(int status, std::string_view body) {
  Refused result;
  std::string text(body);
  std::string code;
  if (auto parsed = parse_json(body); parsed && parsed->is_object()) {
    const Json& error = parsed->contains("error") ? (*parsed)["error"] : *parsed;
    text = error_text(error);
    code = text_at(error, "code");
    result.prompt_tokens = count_at(error, "n_prompt_tokens").value_or(0);
    result.context_tokens = count_at(error, "n_ctx").value_or(0);
  }
  result.text = one_line(text);
  std::string words = to_lower(text);
  auto says = [&](std::string_view what) { return words.find(what) != std::string::npos; };
  bool names_model = says("model") && (says("not found") || says("not exist"));

  if (code == "context_length_exceeded" || result.prompt_tokens > 0 || says("maximum context length") ||
      says("exceeds the available context")) {
    result.why = Refusal::prompt_too_long;
  } else if (status == 401) {
    result.why = Refusal::unauthorized;
  } else if (status == 403) {
    result.why = Refusal::forbidden;
  } else if (code == "model_not_found" || ((status == 404 || status == 400) && names_model)) {
    result.why = Refusal::model_missing;
  } else if (status == 404 || status == 405) {
    result.why = Refusal::not_there;
  } else if (says("loading model")) {
    result.why = Refusal::loading;
  } else if (status == 429 || status == 503) {
    result.why = Refusal::busy;
  } else if (says("response_format") || says("json_schema")) {
    result.why = Refusal::bad_format;
  }
  return result;
}

HttpRequest list_models(const LlmServer& server) {
  return json_request("GET", server.base_url + "/models", server, nullptr);
}

std::vector<std::string> read_models(const Json& answer) {
  return names_in(answer, "data", "id");
}

constexpr Provider row(std::string_view name, std::string_view aliases, std::string_view product,
                       std::string_view base_url, std::string_view key_variable,
                       std::string_view start_command) {
  return {.name = name,
          .aliases = aliases,
          .product = product,
          .base_url = base_url,
          .key_variable = key_variable,
          .start_command = start_command,
          .normalise = normalise,
          .chat = chat,
          .read = read,
          .refused = refused,
          .list_models = list_models,
          .read_models = read_models};
}

}  // namespace

const Provider k_openai = row("openai", "openai_compatible openai-compatible gpt", "OpenAI",
                              "https://api.openai.com/v1", "OPENAI_API_KEY", "");
const Provider k_claude =
    row("claude", "anthropic", "Claude", "https://api.anthropic.com/v1", "ANTHROPIC_API_KEY", "");
const Provider k_shimmy = row("shimmy", "", "Shimmy", "http://localhost:11435/v1", "", "shimmy serve");
const Provider k_lmstudio =
    row("lmstudio", "lm_studio lm-studio", "LM Studio", "http://localhost:1234/v1", "", "lms server start");
const Provider k_llamacpp = row("llamacpp", "llama.cpp llama-cpp llama_cpp llama-server", "llama.cpp",
                                "http://localhost:8080/v1", "", "llama-server -m MODEL.gguf");
const Provider k_vllm = row("vllm", "", "vLLM", "http://localhost:8000/v1", "", "vllm serve MODEL");

}  // namespace rustchain
