// Step type http: one request to a server, and what its answer means.
#include "steps/expect_status.hpp"
#include "steps/http_result.hpp"
#include "steps/registry.hpp"
#include "steps/support.hpp"
#include "util/base64.hpp"
#include "util/json_text.hpp"
#include "util/text.hpp"
#include "util/url.hpp"
#include "util/utf8.hpp"

#include <algorithm>
#include <array>

namespace rustchain {
namespace {

constexpr std::uint64_t k_most_upload_bytes = 1ull << 30;
constexpr auto k_progress_every = std::chrono::milliseconds(100);
constexpr std::array<std::string_view, 4> k_bodies = {"body", "json", "form", "body_file"};

constexpr auto k_basic_keys = std::to_array<KeySpec>({
    {.name = "user", .required = true, .doc = "The user.", .example = "me", .aliases = "username"},
    {.name = "password", .doc = "The password.", .example = "\"{env.PASSWORD}\""},
});
constexpr auto k_auth_keys = std::to_array<KeySpec>({
    {.name = "basic",
     .types = k_map,
     .doc = "User and password, sent as they are but encoded.",
     .example = "{user: me, password: \"{env.PASSWORD}\"}",
     .keys = k_basic_keys},
    {.name = "bearer", .doc = "A token.", .example = "\"{env.API_TOKEN}\""},
});

constexpr auto k_keys = std::to_array<KeySpec>({
    {.name = "url",
     .required = true,
     .doc = "The address, with http:// or https://; user and password in it become basic auth.",
     .example = "https://example.org/api/items"},
    {.name = "method", .default_value = "GET", .doc = "The method of the request.", .example = "POST"},
    {.name = "headers",
     .types = k_map,
     .element = k_string,
     .doc = "Headers of the request.",
     .example = "{Accept: application/json}"},
    {.name = "query",
     .types = k_map,
     .doc = "Added to the URL, encoded; a list gives its name several times.",
     .example = "{page: 2, tag: [a, b]}",
     .aliases = "params"},
    {.name = "body",
     .types = k_any,
     .doc = "The body: a text is sent as it is, a map or a list as JSON.",
     .example = "plain text"},
    {.name = "json", .types = k_any, .doc = "The body as JSON.", .example = "{name: test}"},
    {.name = "form",
     .types = k_map,
     .doc = "The body as a web form.",
     .example = "{user: me, remember: true}"},
    {.name = "body_file", .doc = "A file that is sent as the body.", .example = "build/report.xml"},
    {.name = "auth",
     .types = k_map,
     .doc = "Who asks: basic or bearer.",
     .example = "{bearer: \"{env.API_TOKEN}\"}",
     .keys = k_auth_keys},
    {.name = "expect_status",
     .types = k_string | k_integer | k_list,
     .element = k_string,
     .default_value = "200-299",
     .doc = "Statuses that are a success: numbers, ranges, 2xx, or a list of these.",
     .example = "[200, 404]",
     .aliases = "expect_status_codes",
     .old_names = "expected_status expected_status_codes"},
    {.name = "follow_redirects",
     .types = k_boolean,
     .default_value = "true",
     .doc =
         "Follows redirects, at most 10; credentials are dropped where scheme, host or port change, and from "
         "https to http it doesn't go.",
     .example = "false"},
    {.name = "verify_tls",
     .types = k_boolean,
     .default_value = "true",
     .doc = "false: the server may be anybody.",
     .example = "false"},
    {.name = "ca_file",
     .doc = "Certificates (PEM) of the authorities to trust instead of the system's.",
     .example = "certs/own-ca.pem"},
    {.name = "connect_timeout_seconds",
     .types = k_number,
     .default_value = "10",
     .doc = "How long looking up the name, connecting and securing the connection may take.",
     .example = "3"},
    {.name = "max_response_bytes",
     .types = k_size,
     .default_value = "64MiB",
     .doc = "How large the answer may be, decompressed.",
     .example = "1GiB"},
    {.name = "output_file",
     .doc = "Where the answer's body goes, whole or not at all, without being kept in memory.",
     .example = "downloads/data.tar.gz"},
});

// ---- the request

std::string form_text(const Json& map) {
  std::string text;
  auto add = [&](const std::string& name, const Json& value) {
    if (!text.empty()) text += '&';
    text += percent_encode(name) + "=" +
            percent_encode(value.is_string() ? value.get<std::string>() : dump_json(value));
  };
  for (const auto& [name, value] : map.items()) {
    if (value.is_null()) continue;
    for (const Json& one : value.is_array() ? value : Json::array({value})) add(name, one);
  }
  return text;
}

std::string with_query(std::string url, const Json& query) {
  std::string text = form_text(query);
  if (text.empty()) return url;
  std::size_t hash = std::min(url.find('#'), url.size());
  std::size_t mark = url.find('?');
  bool has_query = mark < hash;
  bool separated = has_query && (mark + 1 == hash || url[hash - 1] == '&');
  return url.insert(hash, (has_query ? (separated ? "" : "&") : "?") + text);
}

const Json* value_of(const Json& parameters, std::string_view key) {
  return is_given(parameters, key) ? &*parameters.find(key) : nullptr;
}

void add_header(HttpRequest& request, std::string_view name, std::string value) {
  for (const auto& [key, there] : request.headers)
    if (to_lower(key) == to_lower(name)) return;
  request.headers.emplace_back(name, std::move(value));
}

std::optional<Failure> add_body(HttpRequest& request, const StepContext& context) {
  const Json& parameters = context.parameters;
  if (const Json* body = value_of(parameters, "body")) {
    request.body = text_of(parameters, "body");
    if (body->is_structured()) add_header(request, "Content-Type", "application/json");
  } else if (const Json* json = value_of(parameters, "json")) {
    request.body = dump_json(*json);
    add_header(request, "Content-Type", "application/json");
  } else if (const Json* form = value_of(parameters, "form"); form && form->is_object()) {
    request.body = form_text(*form);
    add_header(request, "Content-Type", "application/x-www-form-urlencoded");
  } else if (is_given(parameters, "body_file")) {
    auto path = path_of(context, "body_file");
    if (!path) return path.error();
    auto there = context.services.files.status(*path);
    if (there && there->size > k_most_upload_bytes)
      return Failure{FailureKind::invalid, "'" + *path + "' is larger than 1 GiB, the most that is sent", {}};
    auto bytes = context.services.files.read(*path, k_most_upload_bytes);
    if (!bytes) return bytes.error();
    request.body = std::move(*bytes);
    add_header(request, "Content-Type", "application/octet-stream");
  }
  return std::nullopt;
}

void add_auth(HttpRequest& request, const Json& parameters) {
  const Json* auth = value_of(parameters, "auth");
  if (!auth || !auth->is_object()) return;
  if (const Json* basic = value_of(*auth, "basic"); basic && basic->is_object())
    add_header(request, "Authorization",
               "Basic " + base64_encode(text_of(*basic, "user") + ":" + text_of(*basic, "password")));
  if (is_given(*auth, "bearer")) add_header(request, "Authorization", "Bearer " + text_of(*auth, "bearer"));
}

Result<HttpRequest, Failure> make_request(const StepContext& context) {
  const Json& parameters = context.parameters;
  HttpRequest request;
  request.url = text_of(parameters, "url");
  if (const Json* query = value_of(parameters, "query"); query && query->is_object())
    request.url = with_query(request.url, *query);
  if (is_given(parameters, "method")) {
    request.method = text_of(parameters, "method");
    for (char& c : request.method)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  if (const Json* headers = value_of(parameters, "headers"); headers && headers->is_object())
    for (const auto& [name, value] : headers->items())
      request.headers.emplace_back(name, value.is_string() ? value.get<std::string>() : dump_json(value));
  add_auth(request, parameters);
  if (auto failure = add_body(request, context)) return *failure;

  for (auto [key, path] : {std::pair{"ca_file", &request.ca_file}, {"output_file", &request.output_file}}) {
    if (!is_given(parameters, key)) continue;
    auto resolved = path_of(context, key);
    if (!resolved) return resolved.error();
    *path = *resolved;
  }
  if (is_given(parameters, "follow_redirects"))
    request.follow_redirects = flag_of(parameters, "follow_redirects");
  if (is_given(parameters, "verify_tls")) request.verify_tls = flag_of(parameters, "verify_tls");
  if (const Json* limit = value_of(parameters, "connect_timeout_seconds"); limit && limit->is_number())
    request.connect_timeout = Seconds(limit->get<double>());
  request.max_response_bytes = number_of(parameters, "max_response_bytes", request.max_response_bytes);
  return request;
}

// ---- the answer

std::string_view header(const HttpResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return {};
}

// The body as a value where it says or shows that it is JSON; else null.
Json body_json(const HttpResponse& response) {
  std::string_view body = trim(response.body);
  bool says = to_lower(header(response, "content-type")).find("json") != std::string::npos;
  bool shows = !body.empty() && (body[0] == '{' || body[0] == '[');
  if (!says && !shows) return nullptr;
  auto parsed = parse_json(body);
  return parsed ? std::move(*parsed) : Json(nullptr);
}

std::vector<std::string> first_lines(std::string_view body) {
  constexpr std::size_t k_most_lines = 10;
  std::vector<std::string> lines;
  for (std::string_view line : split(utf8_prefix(body, 2000), '\n')) {
    if (trim(line).empty()) continue;
    lines.push_back(replace_invalid_utf8(utf8_prefix(trim(line), 400)));
    if (lines.size() == k_most_lines) break;
  }
  return lines;
}

std::string status_help(int status) {
  if (status == 401 || status == 403) return "look at auth, or list it in expect_status";
  if (status == 404 || status == 410) return "correct the URL, or list it in expect_status";
  if (status == 405) return "correct the method";
  if (status == 429 || status == 503)
    return "retry: {max_attempts: 3} tries again when the server says that it may";
  if (status >= 500) return "look into the log of the server; retry: {max_attempts: 3} tries again by itself";
  if (status >= 300 && status < 400)
    return "follow_redirects: true goes where it leads, or list it in expect_status";
  return "read the answer; list the status in expect_status if it is what you want";
}

StepResult judge(const StepContext& context, const ExpectedStatus& expected, const HttpRequest& request,
                 HttpResponse response, std::int64_t duration_ms) {
  StepResult result;
  bool good = expected.has(response.status);
  bool to_file = !request.output_file.empty() && good;
  if (to_file && response.status / 100 != 2) {
    // The client only streams 2xx answers; this one is wanted, too.
    WriteRequest write;
    write.path = request.output_file;
    write.bytes = response.body;
    if (auto written = context.services.files.write(write); !written) return failed(written.error());
    response.body.clear();
  }
  Json json = body_json(response);
  result.output = {{"status", response.status},  {"headers", headers_json(response.headers)},
                   {"body", response.body},      {"json", std::move(json)},
                   {"url", response.url},        {"bytes", response.bytes},
                   {"duration_ms", duration_ms}, {"redirects", response.redirects}};
  if (to_file) result.output["output_file"] = request.output_file;
  if (good) return result;

  StepResult failure = StepResult::failure(
      FailureKind::http_status,
      response.url + " answered " + status_text(response.status) + ", expected " + expected.text(),
      status_help(response.status));
  failure.details = first_lines(response.body);
  failure.output = std::move(result.output);
  return failure;
}

StepResult run(const StepContext& context) {
  const Json* status = value_of(context.parameters, "expect_status");
  auto expected = ExpectedStatus::read(status ? *status : Json("200-299"));
  if (!expected)
    return StepResult::failure(FailureKind::invalid, expected.error().message, expected.error().help);
  auto request = make_request(context);
  if (!request) return failed(request.error());

  const Clock& clock = context.services.clock;
  SteadyTime begin = clock.steady();
  SteadyTime told = begin;
  Progress progress;
  if (context.on_progress) {
    request->on_body = [&](std::string_view piece) {
      progress.bytes += piece.size();
      progress.lines += static_cast<std::uint64_t>(std::count(piece.begin(), piece.end(), '\n'));
      if (clock.steady() - told >= k_progress_every) {
        told = clock.steady();
        context.on_progress(progress);
      }
      return true;
    };
  }
  auto response = context.services.http.send(*request, context.stop);
  auto took = std::chrono::duration_cast<std::chrono::milliseconds>(clock.steady() - begin).count();
  if (!response) {
    StepResult result = failed(exchange_failure(response.error(), request->url, context.stop));
    result.output = {{"url", without_secrets(request->url)}, {"duration_ms", took}};
    return result;
  }
  return judge(context, *expected, *request, std::move(*response), took);
}

// ---- before running

void check(const Step& step, Diagnostics& problems) {
  const Node* first = nullptr;
  for (std::string_view key : k_bodies) {
    const Node* body = step.parameters.find(key);
    if (body == nullptr || body->is_null()) continue;
    if (first != nullptr)
      add_problem(problems, "RC0450", Severity::error, *body, "the request has more than one body",
                  "keep one of body, json, form and body_file");
    if (first == nullptr) first = body;
  }
  if (const Node* url = scalar(step, "url"); url && !has_reference(url->text))
    if (auto parsed = parse_url(url->text); !parsed)
      add_problem(problems, "RC0451", Severity::error, *url, parsed.error().message, parsed.error().help);

  const Node* status = step.parameters.find("expect_status");
  if (status == nullptr || status->is_null()) return;
  std::vector<const Node*> written = {status};
  if (status->is_list()) {
    written.clear();
    for (const Node& item : status->items) written.push_back(&item);
  }
  for (const Node* one : written)
    if (one->is_scalar() && !has_reference(one->text))
      if (auto expected = ExpectedStatus::read(Json(one->text)); !expected)
        add_problem(problems, "RC0452", Severity::error, *one, expected.error().message,
                    expected.error().help);
}

Effects effects(const Step&, const Json& parameters) {
  Effects effects;
  add_path(parameters, "url", effects.connects);
  add_path(parameters, "body_file", effects.reads);
  add_path(parameters, "ca_file", effects.reads);
  add_path(parameters, "output_file", effects.writes);
  effects.method = text_of(parameters, "method");
  effects.credentials = is_given(parameters, "auth");
  for (std::string_view key : {"body", "json", "form", "query"})
    if (is_given(parameters, key)) effects.sends.push_back(text_of(parameters, key));
  return effects;
}

}  // namespace

const StepType k_http_step = {
    .name = "http",
    .aliases = "http_request",
    .summary = "Sends a request to a server and checks the status of its answer.",
    .example = R"(- id: fetch
  name: Fetch the items
  step_type: http
  parameters:
    url: https://example.org/api/items
    headers: {Accept: application/json}
    expect_status: 200
)",
    .parameters = k_keys,
    .main_output = "body",
    .output_fields = "status headers body json url bytes duration_ms redirects output_file",
    .check = check,
    .effects = effects,
    .run = run,
};

}  // namespace rustchain
