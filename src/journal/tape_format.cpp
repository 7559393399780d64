// A tape as JSON.
#include "rustchain/json.hpp"

#include "journal/tape.hpp"
#include "util/base64.hpp"
#include "util/json_text.hpp"
#include "util/utf8.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace rustchain {
namespace {

using Ordered = nlohmann::ordered_json;
using Kind = HttpError::Kind;

constexpr int k_format_version = 1;

constexpr std::array<std::pair<Kind, std::string_view>, 14> k_kinds = {{
    {Kind::bad_url, "bad_url"},
    {Kind::resolve, "resolve"},
    {Kind::refused, "refused"},
    {Kind::connect, "connect"},
    {Kind::connect_timeout, "connect_timeout"},
    {Kind::tls, "tls"},
    {Kind::send, "send"},
    {Kind::first_byte_timeout, "first_byte_timeout"},
    {Kind::idle_timeout, "idle_timeout"},
    {Kind::total_timeout, "total_timeout"},
    {Kind::cut, "cut"},
    {Kind::too_large, "too_large"},
    {Kind::redirects, "redirects"},
    {Kind::file, "file"},
}};

// ---- writing

void put_bytes(Ordered& into, const std::string& bytes) {
  if (find_invalid_utf8(bytes) == std::string_view::npos)
    into["body"] = bytes;
  else
    into["body_base64"] = base64_encode(bytes);
}

void put_answer(Ordered& into, const std::vector<std::string>& pieces) {
  std::string body;
  Ordered sizes = Ordered::array();
  for (const std::string& piece : pieces) {
    body += piece;
    sizes.push_back(piece.size());
  }
  put_bytes(into, body);
  if (pieces.size() > 1) into["pieces"] = std::move(sizes);
}

Ordered to_json(const TapedExchange& exchange) {
  Ordered request = {{"method", exchange.method}, {"url", exchange.url}};
  // For those who read the tape; only bodies that survive it.
  if (auto json = parse_json(exchange.body); json && json->is_object())
    request["json"] = Ordered::parse(dump_json(*json));
  else if (!exchange.body.empty())
    put_bytes(request, exchange.body);
  Ordered one;
  one["request"] = std::move(request);
  if (exchange.error) {
    auto row = std::find_if(k_kinds.begin(), k_kinds.end(),
                            [&](const auto& kind) { return kind.first == exchange.error->kind; });
    one["error"] = {{"kind", row == k_kinds.end() ? "connect" : row->second},
                    {"message", exchange.error->message}};
    if (!exchange.pieces.empty()) put_answer(one["error"], exchange.pieces);
    return one;
  }
  const HttpResponse& response = exchange.response;
  Ordered headers = Ordered::array();
  for (const auto& [name, value] : response.headers) headers.push_back({name, value});
  one["response"] = {{"status", response.status},
                     {"url", response.url},
                     {"redirects", response.redirects},
                     {"headers", std::move(headers)}};
  put_answer(one["response"], exchange.pieces);
  return one;
}

// ---- reading

std::string text_in(const Json& from, const char* key) {
  auto found = from.find(key);
  return found != from.end() && found->is_string() ? found->get<std::string>() : std::string();
}

int number_in(const Json& from, const char* key) {
  auto found = from.find(key);
  return found != from.end() && found->is_number_integer() ? found->get<int>() : 0;
}

std::string bytes_in(const Json& from) {
  if (from.contains("body_base64")) return base64_decode(text_in(from, "body_base64")).value_or("");
  return text_in(from, "body");
}

// Sizes that don't add up (somebody has edited the body) are passed over.
std::vector<std::string> pieces_in(const Json& from) {
  std::string body = bytes_in(from);
  std::vector<std::string> pieces;
  std::size_t at = 0;
  if (auto sizes = from.find("pieces"); sizes != from.end() && sizes->is_array())
    for (const Json& size : *sizes) {
      if (!size.is_number_unsigned() || size.get<std::size_t>() > body.size() - at) break;
      pieces.push_back(body.substr(at, size.get<std::size_t>()));
      at += pieces.back().size();
    }
  if (at == body.size() && !pieces.empty()) return pieces;
  return body.empty() ? std::vector<std::string>() : std::vector<std::string>{std::move(body)};
}

Result<TapedExchange> read_exchange(const Json& one) {
  TapedExchange exchange;
  if (!one.is_object() || !one.contains("request") || !one["request"].is_object())
    return Error{"it has no request"};
  const Json& request = one["request"];
  exchange.method = text_in(request, "method");
  exchange.url = text_in(request, "url");
  if (exchange.method.empty() || exchange.url.empty()) return Error{"its request has no method or no url"};
  exchange.body = request.contains("json") ? dump_json(request["json"]) : bytes_in(request);

  if (auto error = one.find("error"); error != one.end() && error->is_object()) {
    std::string word = text_in(*error, "kind");
    auto row =
        std::find_if(k_kinds.begin(), k_kinds.end(), [&](const auto& kind) { return kind.second == word; });
    if (row == k_kinds.end()) return Error{"its error has the unknown kind '" + word + "'"};
    exchange.error = HttpError{row->first, text_in(*error, "message")};
    exchange.pieces = pieces_in(*error);
    return exchange;
  }
  auto response = one.find("response");
  if (response == one.end() || !response->is_object()) return Error{"it has neither a response nor an error"};
  exchange.response.status = number_in(*response, "status");
  if (exchange.response.status < 100 || exchange.response.status > 999)
    return Error{"its response has no status"};
  exchange.response.url = text_in(*response, "url");
  if (exchange.response.url.empty()) exchange.response.url = exchange.url;
  exchange.response.redirects = number_in(*response, "redirects");
  if (auto headers = response->find("headers"); headers != response->end() && headers->is_array())
    for (const Json& header : *headers)
      if (header.is_array() && header.size() == 2 && header[0].is_string() && header[1].is_string())
        exchange.response.headers.emplace_back(header[0], header[1]);
  exchange.pieces = pieces_in(*response);
  return exchange;
}

}  // namespace

std::string write_tape(const std::vector<TapedExchange>& exchanges) {
  Ordered tape;
  tape["format_version"] = k_format_version;
  tape["exchanges"] = Ordered::array();
  for (const TapedExchange& exchange : exchanges) tape["exchanges"].push_back(to_json(exchange));
  return tape.dump(2, ' ', false, Ordered::error_handler_t::replace) + "\n";
}

Result<std::vector<TapedExchange>> read_tape(std::string_view text) {
  auto tape = parse_json(text);
  if (!tape) return Error{"it is not JSON: " + tape.error().message};
  if (!tape->is_object() || !tape->contains("exchanges") || !(*tape)["exchanges"].is_array())
    return Error{"it holds no exchanges"};
  if (int version = number_in(*tape, "format_version"); version != k_format_version)
    return Error{"its format_version is " + std::to_string(version) + ", and this program knows " +
                 std::to_string(k_format_version)};
  std::vector<TapedExchange> exchanges;
  for (const Json& one : (*tape)["exchanges"]) {
    auto exchange = read_exchange(one);
    if (!exchange)
      return Error{"exchange " + std::to_string(exchanges.size() + 1) + ": " + exchange.error().message};
    exchanges.push_back(std::move(*exchange));
  }
  return exchanges;
}

}  // namespace rustchain
