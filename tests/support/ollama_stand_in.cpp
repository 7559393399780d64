// A stand-in for an Ollama server.
#include "support/ollama_stand_in.hpp"

#include <algorithm>

namespace rustchain {
namespace {

std::string body_of(const std::string& request) {
  return request.substr(request.find("\r\n\r\n") + 4);
}

std::string json_answer(const Json& body) {
  return http_answer(200, body.dump(), "Content-Type: application/json; charset=utf-8\r\n");
}

std::string chunk(const std::string& text) {
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", text.size());
  return size + text + "\r\n";
}

}  // namespace

OllamaStandIn::OllamaStandIn() : OllamaStandIn(std::map<std::string, Model>{{"tiny:latest", {}}}) {}

OllamaStandIn::OllamaStandIn(std::map<std::string, Model> models_)
    : models(std::move(models_)), server_([this](LoopbackServer::Peer& peer) { serve(peer); }) {}

void OllamaStandIn::serve(LoopbackServer::Peer& peer) {
  std::string request = peer.read_request();
  if (request.empty()) return;
  if (chat && request.starts_with("POST /api/chat ")) {
    chat(peer);
  } else {
    peer.send(answer(request));
  }
}

std::string OllamaStandIn::answer(const std::string& request) const {
  if (request.starts_with("GET /api/version ")) return json_answer({{"version", "0.30.0"}});
  if (request.starts_with("GET /api/tags ")) {
    Json list = Json::array();
    for (const auto& [name, model] : models) list.push_back({{"name", name}, {"model", name}});
    return json_answer({{"models", list}});
  }
  Json asked = Json::parse(body_of(request), nullptr, false);
  std::string name = asked.is_object() ? asked.value("model", "") : "";
  auto model = models.find(name.find(':') == std::string::npos ? name + ":latest" : name);
  if (request.starts_with("POST /api/show ")) {
    if (model == models.end()) return ollama_refusal(404, "model '" + name + "' not found");
    return json_answer(
        {{"model_info",
          {{"general.architecture", "llama"}, {"llama.context_length", model->second.context_tokens}}}});
  }
  if (!request.starts_with("POST /api/chat "))
    return http_answer(404, "404 page not found", "Content-Type: text/plain\r\n");
  if (!refusal.empty()) return refusal;
  if (model == models.end()) return ollama_refusal(404, "model '" + name + "' not found");
  return stream(model->first, model->second);
}

std::string OllamaStandIn::stream(const std::string& name, const Model& model) const {
  std::string text =
      "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n";
  auto piece = [&](Json message) {
    Json object = {
        {"model", name}, {"created_at", "2026-01-01T00:00:00Z"}, {"message", message}, {"done", false}};
    text += chunk(object.dump() + "\n");
  };
  for (const std::string& thought : model.thinking)
    piece({{"role", "assistant"}, {"content", ""}, {"thinking", thought}});
  std::vector<std::string> pieces = model.pieces;
  if (!model.answers.empty())
    pieces = {model.answers[std::min(asked("/api/chat").size(), model.answers.size()) - 1]};
  for (const std::string& word : pieces) piece({{"role", "assistant"}, {"content", word}});
  if (!model.error.empty()) {
    text += chunk(Json({{"error", model.error}}).dump() + "\n");
  } else if (model.done) {
    Json last = {{"model", name},
                 {"message", {{"role", "assistant"}, {"content", ""}}},
                 {"done", true},
                 {"done_reason", model.done_reason},
                 {"total_duration", 1000}};
    // Counts that are zero are left out.
    if (model.prompt_tokens > 0) last["prompt_eval_count"] = model.prompt_tokens;
    if (auto count = pieces.size() + model.thinking.size(); count > 0) last["eval_count"] = count;
    text += chunk(last.dump() + "\n");
  }
  return text + "0\r\n\r\n";
}

std::vector<Json> OllamaStandIn::asked(const std::string& path) const {
  std::vector<Json> bodies;
  for (const std::string& request : server_.requests())
    if (request.find(" " + path + " HTTP/1.1\r\n") != std::string::npos)
      bodies.push_back(Json::parse(body_of(request), nullptr, false));
  return bodies;
}

std::string ollama_refusal(int status, const std::string& text) {
  return http_answer(status, Json({{"error", text}}).dump(),
                     "Content-Type: application/json; charset=utf-8\r\n");
}

}  // namespace rustchain
