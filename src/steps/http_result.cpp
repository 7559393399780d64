// How a failed exchange is told to people: shared by the steps that talk to servers.
#include "steps/http_result.hpp"

#include "util/url.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace rustchain {
namespace {

using Kind = HttpError::Kind;

constexpr std::array<std::pair<int, std::string_view>, 32> k_statuses = {{
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {418, "I'm a Teapot"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
}};

std::string tls_help(const std::string& message) {
  auto says = [&](std::string_view what) { return message.find(what) != std::string::npos; };
  if (says("doesn't speak TLS")) return "use http:// in the URL";
  if (says("expired")) return "the certificate of the server must be renewed";
  if (says("mismatch")) return "use the name that the certificate of the server is made for";
  if (says("self-signed") || says("issuer certificate"))
    return "name the certificate of its authority in ca_file; verify_tls: false trusts anybody";
  return "look at what the server demands of TLS";
}

std::string help_for(const HttpError& error, const std::string& url) {
  auto parsed = parse_url(url);
  std::string where = parsed ? parsed->host_and_port() : "it";
  switch (error.kind) {
    case Kind::bad_url: return {};
    case Kind::resolve: return "correct the host in the URL, or look whether this machine has a network";
    case Kind::refused:
      return "start the server that shall listen there, or correct host and port in the URL";
    case Kind::connect: return "look whether this machine has a way to " + where;
    case Kind::connect_timeout:
      return "look whether a firewall or a proxy stands between, or raise connect_timeout_seconds";
    case Kind::tls: return tls_help(error.message);
    case Kind::send:
    case Kind::cut: return "look into the log of the server; retry: {max_attempts: 3} tries again by itself";
    case Kind::first_byte_timeout:
    case Kind::idle_timeout:
    case Kind::total_timeout: return "raise the limit, or look into the log of the server";
    case Kind::too_large: return "raise max_response_bytes";
    case Kind::redirects: return "use the address that it leads to, or set follow_redirects: false";
    case Kind::not_taped: return "record it anew, with --record in the place of --replay";
    case Kind::file:
    case Kind::stopped:
    case Kind::ended: return {};
  }
  return {};
}

FailureKind kind_of(Kind kind, StopReason reason) {
  switch (kind) {
    case Kind::bad_url:
    case Kind::not_taped: return FailureKind::invalid;
    case Kind::file: return FailureKind::file_error;
    case Kind::first_byte_timeout:
    case Kind::idle_timeout:
    case Kind::total_timeout: return FailureKind::timeout;
    case Kind::stopped:
      return reason == StopReason::timeout || reason == StopReason::idle_timeout ||
                     reason == StopReason::run_timeout
                 ? FailureKind::timeout
                 : FailureKind::interrupted;
    default: return FailureKind::network;
  }
}

}  // namespace

Failure exchange_failure(const HttpError& error, const std::string& url, const Stop& stop) {
  return {kind_of(error.kind, stop.reason()), error.message, help_for(error, url)};
}

Json headers_json(const std::vector<std::pair<std::string, std::string>>& headers) {
  Json all = Json::object();
  for (const auto& [name, value] : headers) {
    if (!all.contains(name)) {
      all[name] = value;
    } else {
      all[name] = all[name].get<std::string>() + ", " + value;
    }
  }
  return all;
}

std::string status_text(int status) {
  auto row =
      std::find_if(k_statuses.begin(), k_statuses.end(), [&](auto& one) { return one.first == status; });
  return std::to_string(status) + (row == k_statuses.end() ? "" : " " + std::string(row->second));
}

}  // namespace rustchain
