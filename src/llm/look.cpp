// Asks a model server what it has, and tells why it can't be used.
#include "llm/look.hpp"

#include "util/json_text.hpp"

#include <algorithm>

namespace rustchain {
namespace {

constexpr Seconds k_patience{5};

}  // namespace

ServerLook look_at(const Provider& provider, const LlmServer& server, HttpClient& http, const Stop& stop) {
  ServerLook look;
  Question question{provider, server, {}, {}};
  auto send = [&](HttpRequest request) {
    request.connect_timeout = k_patience;
    request.total_timeout = k_patience;
    request.max_response_bytes = 16 << 20;
    return http.send(request, stop);
  };
  auto answer = send(provider.list_models(server));
  if (!answer) {
    look.failure = exchange_failed(question, answer.error(), {}, stop);
    return look;
  }
  if (answer->status / 100 != 2) {
    look.failure =
        server_refused(question, answer->status, provider.refused(answer->status, answer->body), {});
    return look;
  }
  auto listed = parse_json(answer->body);
  if (!listed || !listed->is_object()) {
    look.failure = LlmFailure{FailureKind::llm_error,
                              "what answers at " + server.base_url + " is no " +
                                  std::string(provider.product) + ": its list of models can't be read",
                              "correct the address"};
    return look;
  }
  look.models = provider.read_models(*listed);
  std::sort(look.models.begin(), look.models.end());
  if (provider.ask_version == nullptr) return look;
  auto told = send(provider.ask_version(server));
  if (!told || told->status / 100 != 2) return look;
  if (auto version = parse_json(told->body)) look.version = one_line(text_at(*version, "version"));
  return look;
}

bool has_model(const std::vector<std::string>& models, const std::string& wanted) {
  auto there = [&](const std::string& name) {
    return std::find(models.begin(), models.end(), name) != models.end();
  };
  return there(wanted) || (wanted.find(':') == std::string::npos && there(wanted + ":latest"));
}

}  // namespace rustchain
