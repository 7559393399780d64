// A stand-in for an Ollama server: the shapes of its answers, over the loopback server, with models that say
// what a test wants.
#pragma once

#include "rustchain/json.hpp"

#include "support/loopback_server.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace rustchain {

class OllamaStandIn {
 public:
  struct Model {
    std::uint64_t context_tokens = 8192;
    std::vector<std::string> pieces = {"It ", "is ", "fine."};
    std::vector<std::string> answers = {};  // not empty: one after another in place of pieces; the last stays
    std::vector<std::string> thinking = {};
    std::string done_reason = "stop";
    std::uint64_t prompt_tokens = 10;
    bool done = true;        // false: the stream ends without its last object
    std::string error = {};  // not empty: a line that follows the pieces in place of the last object
  };
  std::map<std::string, Model> models;
  // Not empty: /api/chat gives this, whole with its head, whatever is asked.
  std::string refusal;
  // Instead of all of the above: the script of a /api/chat connection, after its request was read.
  std::function<void(LoopbackServer::Peer&)> chat;

  OllamaStandIn();  // with the model tiny:latest
  explicit OllamaStandIn(std::map<std::string, Model> models_);
  OllamaStandIn(const OllamaStandIn&) = delete;
  OllamaStandIn& operator=(const OllamaStandIn&) = delete;

  std::string url() const { return server_.url(""); }
  std::string place() const { return "127.0.0.1:" + std::to_string(server_.port()); }
  // The bodies of the requests to a path, in order.
  std::vector<Json> asked(const std::string& path) const;

 private:
  void serve(LoopbackServer::Peer& peer);
  std::string answer(const std::string& request) const;
  std::string stream(const std::string& name, const Model& model) const;

  LoopbackServer server_;
};

// {"error": text} with a status, as Ollama refuses.
std::string ollama_refusal(int status, const std::string& text);

}  // namespace rustchain
