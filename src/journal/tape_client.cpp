// HTTP clients in front of a tape: one that records, one that replays.
#include "journal/tape_client.hpp"

#include "util/base64.hpp"
#include "util/text.hpp"
#include "util/url.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace rustchain {
namespace {

using Kind = HttpError::Kind;

constexpr std::string_view k_stars = "***";
// Local servers are given words such as "ollama" for a key.
constexpr std::size_t k_shortest_credential = 8;

bool names_a_secret(std::string_view name) {
  std::string lower = to_lower(name);
  if (has_word("key sig auth pwd", lower)) return true;
  constexpr std::array<std::string_view, 12> words = {"authorization", "cookie", "token",      "secret",
                                                      "password",      "passwd", "signature",  "api_key",
                                                      "api-key",       "apikey", "access_key", "credential"};
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

// What the headers of a request, or the password of its URL, say of credentials.
std::vector<std::string> credentials_of(const HttpRequest& request) {
  std::vector<std::string> values;
  for (const auto& [name, value] : request.headers) {
    if (!names_a_secret(name)) continue;
    values.push_back(value);
    // "Bearer abc", "Basic dXNlcjpwYXNz"
    std::string word(trim(value.substr(std::min(value.find(' '), value.size()))));
    if (word.empty()) continue;
    values.push_back(word);
    if (!to_lower(value).starts_with("basic ")) continue;
    std::string pair = base64_decode(word).value_or("");
    values.push_back(pair.substr(std::min(pair.find(':'), pair.size() - 1) + 1));
  }
  if (auto url = parse_url(request.url); url && url->userinfo) values.push_back(url->userinfo->second);
  std::erase_if(values, [](const std::string& value) { return value.size() < k_shortest_credential; });
  return values;
}

// "ollama:/api/chat", where the fragment of a URL says that it doesn't matter at which server the API is;
// else empty.
std::string_view api_of(std::string_view url) {
  const std::size_t fragment = url.find('#');
  if (fragment == std::string_view::npos) return {};
  const std::string_view api = url.substr(fragment + 1);
  const std::size_t colon = api.find_first_not_of("abcdefghijklmnopqrstuvwxyz");
  const bool named = colon != 0 && colon < api.size() && api.substr(colon).starts_with(":/");
  return named ? api : std::string_view();
}

// The API, or the URL without user, password and fragment; values of telling names in the query covered.
std::string taped_url(const std::string& text) {
  std::string url(api_of(text));
  if (url.empty()) {
    auto parsed = parse_url(text);
    url = parsed ? parsed->text() : without_secrets(text);
  }
  std::size_t query = url.find('?');
  if (query == std::string::npos) return url;
  std::string hidden = url.substr(0, query);
  char sign = '?';
  for (std::string_view pair : split(std::string_view(url).substr(query + 1), '&')) {
    std::size_t equals = pair.find('=');
    bool secret = equals != std::string_view::npos && names_a_secret(percent_decode(pair.substr(0, equals)));
    hidden += std::exchange(sign, '&');
    hidden += secret ? std::string(pair.substr(0, equals + 1)).append(k_stars) : std::string(pair);
  }
  return hidden;
}

// The mission's secrets and those of one exchange.
class Masks {
 public:
  Masks(const Mask& mission, const HttpRequest& request)
      : mission_(mission), exchange_(credentials_of(request)) {}

  std::string text(std::string_view text) const { return exchange_.text(mission_.text(text)); }

  std::vector<std::string> pieces(const std::vector<std::string>& plain) const {
    std::vector<std::string> masked;
    MaskStream first(mission_);
    MaskStream second(exchange_);
    std::string between;
    std::string out;
    auto give = [&] {
      if (!out.empty()) masked.push_back(std::exchange(out, {}));
    };
    for (const std::string& piece : plain) {
      between.clear();
      first.add(piece, between);
      second.add(between, out);
      give();
    }
    between.clear();
    first.end(between);
    second.add(between, out);
    second.end(out);
    give();
    return masked;
  }

  TapedExchange request(const HttpRequest& plain) const {
    TapedExchange taped;
    taped.method = plain.method;
    taped.url = text(taped_url(plain.url));
    taped.body = text(plain.body);
    return taped;
  }

 private:
  const Mask& mission_;
  Mask exchange_;
};

}  // namespace

Result<HttpResponse, HttpError> TapeRecorder::send(const HttpRequest& request, const Stop& stop) {
  std::vector<std::string> pieces;
  HttpRequest watched = request;
  watched.on_body = [&](std::string_view piece) {
    pieces.emplace_back(piece);
    return !request.on_body || request.on_body(piece);
  };
  auto answer = real_.send(watched, stop);

  Masks masks(mask_, request);
  TapedExchange taped = masks.request(request);
  if (answer) {
    taped.response = *answer;
    taped.response.url = api_of(request.url).empty() ? masks.text(taped_url(answer->url)) : taped.url;
    taped.response.body.clear();
    for (auto& [name, value] : taped.response.headers)
      value = name == "set-cookie" ? std::string(k_stars) : masks.text(value);
    // Only answers of 2xx are given in pieces.
    if (pieces.empty() && !answer->body.empty()) pieces.push_back(answer->body);
  } else {
    Kind kind = answer.error().kind;
    if (kind == Kind::stopped || kind == Kind::ended || kind == Kind::file) return answer;
    taped.error = HttpError{kind, masks.text(answer.error().message)};
  }
  taped.pieces = masks.pieces(pieces);
  tape_.add(std::move(taped));
  return answer;
}

Result<HttpResponse, HttpError> TapePlayer::send(const HttpRequest& request, const Stop& stop) {
  if (stop.requested()) return HttpError{Kind::stopped, "the exchange was stopped"};
  const Masks masks(mask_, request);
  auto taped = tape_.take(masks.request(request));
  if (!taped && !api_of(request.url).empty()) {
    // Tapes of older versions, and such as are written by hand, may name the server.
    HttpRequest with_server = request;
    with_server.url.erase(with_server.url.find('#'));
    if (auto found = tape_.take(masks.request(with_server))) taped = std::move(found);
  }
  if (!taped) return HttpError{Kind::not_taped, taped.error().message};

  HttpResponse response = std::move(taped->response);
  bool good = taped->error || response.status / 100 == 2;
  for (const std::string& piece : taped->pieces) {
    response.body += piece;
    if (good && request.on_body && !request.on_body(piece))
      return HttpError{Kind::ended, "the answer was not read to its end"};
  }
  if (taped->error) return *taped->error;
  response.bytes = response.body.size();
  if (good && !request.output_file.empty()) {
    auto written = files_.write({.path = request.output_file, .bytes = response.body, .mode = {}});
    if (!written) return HttpError{Kind::file, written.error().message};
    response.body.clear();
  }
  return response;
}

}  // namespace rustchain
