// A tape: exchanges with servers, kept so that a mission can run again without the servers.
#pragma once

#include "rustchain/result.hpp"
#include "rustchain/services.hpp"

#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rustchain {

// One exchange, its secrets already masked. Of the request's headers none is kept.
struct TapedExchange {
  std::string method;
  std::string url;                  // "ollama:/api/chat" for a model's server
  std::string body;                 // of the request
  HttpResponse response;            // without its body; of no meaning where there is an error
  std::vector<std::string> pieces;  // of the answer's body, as they came; also those before an error
  std::optional<HttpError> error;
};

// A request is found again by its method, its URL and its body; JSON bodies are compared as values, others
// byte for byte. The same request is answered in the order in which it was recorded. Any thread may call.
class Tape {
 public:
  Tape() = default;

  void add(TapedExchange exchange);
  // The next answer to this request, which is then used up. The error names what comes nearest.
  Result<TapedExchange> take(const TapedExchange& request);
  std::vector<TapedExchange> all() const;
  std::size_t left() const;  // how many nobody has taken

 private:
  std::string no_answer(const TapedExchange& request, std::size_t times) const;

  mutable std::mutex mutex_;
  std::vector<TapedExchange> exchanges_;
  std::vector<bool> taken_;
  std::unordered_map<std::string, std::deque<std::size_t>> waiting_;  // by what a request is found by
  std::unordered_map<std::string, std::size_t> times_;                // it was recorded
};

// JSON with a format version: docs/cli.md says what stands where.
std::string write_tape(const std::vector<TapedExchange>& exchanges);
Result<std::vector<TapedExchange>> read_tape(std::string_view text);

}  // namespace rustchain
