#include "platform/platform.hpp"
#include "steps/expect_status.hpp"
#include "steps/registry.hpp"
#include "support/fakes.hpp"
#include "support/loopback_server.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

HttpResponse response(int status, std::string body, std::string type = "text/plain") {
  HttpResponse one;
  one.status = status;
  one.bytes = body.size();
  one.body = std::move(body);
  one.url = "http://h/x";
  one.headers = {{"content-type", std::move(type)}};
  return one;
}

class HttpStepTest : public ::testing::Test {
 protected:
  StepResult run(Json parameters) {
    StepFixture step(k_http_step, std::move(parameters), world.services);
    return step.run();
  }
  const HttpRequest& sent() { return world.http.requests.at(0); }

  FakeWorld world;
};

TEST_F(HttpStepTest, GivesTheAnswer) {
  HttpResponse answer = response(200, R"({"items":[{"id":7}]})", "application/json");
  answer.redirects = 2;
  answer.headers.emplace_back("set-cookie", "a");
  answer.headers.emplace_back("set-cookie", "b");
  world.http.answers = {answer};
  StepResult result = run({{"url", "http://h/x"}});
  EXPECT_EQ(result.status, Status::success);
  EXPECT_EQ(result.output, Json({{"status", 200},
                                 {"headers", {{"content-type", "application/json"}, {"set-cookie", "a, b"}}},
                                 {"body", R"({"items":[{"id":7}]})"},
                                 {"json", {{"items", Json::array({{{"id", 7}}})}}},
                                 {"url", "http://h/x"},
                                 {"bytes", 20},
                                 {"duration_ms", 0},
                                 {"redirects", 2}}));
  EXPECT_EQ(sent().method, "GET");
  EXPECT_EQ(sent().url, "http://h/x");
  EXPECT_EQ(sent().connect_timeout, Seconds(10));
  EXPECT_EQ(sent().max_response_bytes, 64u << 20);
  EXPECT_TRUE(sent().follow_redirects);
  EXPECT_TRUE(sent().verify_tls);
}

TEST_F(HttpStepTest, MakesTheRequestThatIsAskedFor) {
  world.http.answers = {response(200, "")};
  run({{"url", "http://h/x?a=1#f"},
       {"method", "patch"},
       {"headers", {{"X-Number", 5}}},
       {"query", {{"q", "a b&c"}, {"tag", {"x", "y"}}, {"none", nullptr}}},
       {"json", {{"n", 1}}},
       {"auth", {{"basic", {{"user", "me"}, {"password", "se cret"}}}}},
       {"follow_redirects", false},
       {"verify_tls", false},
       {"ca_file", "ca.pem"},
       {"connect_timeout_seconds", 2.5},
       {"max_response_bytes", 1000},
       {"output_file", "out/x"}});
  EXPECT_EQ(sent().method, "PATCH");
  EXPECT_EQ(sent().url, "http://h/x?a=1&q=a%20b%26c&tag=x&tag=y#f");
  EXPECT_EQ(sent().headers,
            (std::vector<std::pair<std::string, std::string>>{{"X-Number", "5"},
                                                              {"Authorization", "Basic bWU6c2UgY3JldA=="},
                                                              {"Content-Type", "application/json"}}));
  EXPECT_EQ(sent().body, R"({"n":1})");
  EXPECT_FALSE(sent().follow_redirects);
  EXPECT_FALSE(sent().verify_tls);
  EXPECT_EQ(sent().ca_file, "/here/ca.pem");
  EXPECT_EQ(sent().connect_timeout, Seconds(2.5));
  EXPECT_EQ(sent().max_response_bytes, 1000u);
  EXPECT_EQ(sent().output_file, "/here/out/x");
}

TEST_F(HttpStepTest, SendsEachKindOfBody) {
  world.files.files["/here/data.bin"] = "bytes";
  struct Case {
    Json parameters;
    std::string body;
    std::string type;
  };
  const std::vector<Case> cases = {
      {{{"body", "as it is"}}, "as it is", ""},
      {{{"body", {{"a", 1}}}}, R"({"a":1})", "application/json"},
      {{{"json", "text"}}, R"("text")", "application/json"},
      {{{"form", {{"a", "x y"}, {"b", true}}}}, "a=x%20y&b=true", "application/x-www-form-urlencoded"},
      {{{"body_file", "data.bin"}}, "bytes", "application/octet-stream"},
      {{{"json", {1}}, {"headers", {{"content-type", "application/x+json"}}}}, "[1]", "application/x+json"},
  };
  for (const Case& one : cases) {
    world.http.requests.clear();
    world.http.answers = {response(200, "")};
    Json parameters = one.parameters;
    parameters["url"] = "http://h";
    run(parameters);
    EXPECT_EQ(sent().body, one.body);
    EXPECT_EQ(sent().headers.empty() ? "" : sent().headers[0].second, one.type) << one.body;
  }
  StepResult missing = run({{"url", "http://h"}, {"body_file", "none"}});
  EXPECT_EQ(missing.kind, FailureKind::file_error);
}

TEST_F(HttpStepTest, AnUnexpectedStatusShowsTheReply) {
  world.http.answers = {response(404, "not\n\n  here\n")};
  StepResult result = run({{"url", "http://h/x"}});
  EXPECT_EQ(result.status, Status::failed);
  EXPECT_EQ(result.kind, FailureKind::http_status);
  EXPECT_EQ(result.error, "http://h/x answered 404 Not Found, expected 200-299");
  EXPECT_EQ(result.help, "correct the URL, or list it in expect_status");
  EXPECT_EQ(result.details, (std::vector<std::string>{"not", "here"}));
  EXPECT_EQ(result.output["status"], 404);
  EXPECT_EQ(result.output["body"], "not\n\n  here\n");
}

TEST_F(HttpStepTest, TakesTheStatusThatIsExpected) {
  world.http.answers = {response(404, "no"), response(200, "yes")};
  EXPECT_EQ(run({{"url", "http://h"}, {"expect_status", 404}}).status, Status::success);
  StepResult result = run({{"url", "http://h"}, {"expect_status", {"404", "5xx"}}});
  EXPECT_EQ(result.error, "http://h/x answered 200 OK, expected 404 or 500-599");
  EXPECT_EQ(run({{"url", "http://h"}, {"expect_status", "fine"}}).kind, FailureKind::invalid);
}

TEST_F(HttpStepTest, KeepsAnExpectedRefusalInTheFile) {
  world.http.answers = {response(404, "no")};
  StepResult result = run({{"url", "http://h"}, {"expect_status", 404}, {"output_file", "o"}});
  EXPECT_EQ(world.files.files["/here/o"], "no");
  EXPECT_EQ(result.output["body"], "");
  EXPECT_EQ(result.output["output_file"], "/here/o");
}

TEST_F(HttpStepTest, ParsesOnlyWhatIsJson) {
  world.http.answers = {response(200, "[1]"), response(200, "{not json"), response(200, "12", "text/plain"),
                        response(200, "12", "application/problem+json")};
  EXPECT_EQ(run({{"url", "http://h"}}).output["json"], Json::array({1}));
  EXPECT_EQ(run({{"url", "http://h"}}).output["json"], nullptr);
  EXPECT_EQ(run({{"url", "http://h"}}).output["json"], nullptr);
  EXPECT_EQ(run({{"url", "http://h"}}).output["json"], 12);
}

TEST_F(HttpStepTest, EachNetworkFailureHasItsCure) {
  using Kind = HttpError::Kind;
  const std::vector<std::tuple<Kind, FailureKind, std::string>> cases = {
      {Kind::bad_url, FailureKind::invalid, ""},
      {Kind::resolve, FailureKind::network,
       "correct the host in the URL, or look whether this machine has a network"},
      {Kind::refused, FailureKind::network,
       "start the server that shall listen there, or correct host and port in the URL"},
      {Kind::connect, FailureKind::network, "look whether this machine has a way to localhost:8084"},
      {Kind::connect_timeout, FailureKind::network,
       "look whether a firewall or a proxy stands between, or raise connect_timeout_seconds"},
      {Kind::cut, FailureKind::network,
       "look into the log of the server; retry: {max_attempts: 3} tries again by itself"},
      {Kind::too_large, FailureKind::network, "raise max_response_bytes"},
      {Kind::redirects, FailureKind::network,
       "use the address that it leads to, or set follow_redirects: false"},
      {Kind::file, FailureKind::file_error, ""},
      {Kind::stopped, FailureKind::interrupted, ""},
  };
  for (const auto& [kind, failure, help] : cases) {
    world.http.answers = {HttpError{kind, "what happened"}};
    StepResult result = run({{"url", "http://me:secret@localhost:8084/x"}});
    EXPECT_EQ(result.kind, failure);
    EXPECT_EQ(result.error, "what happened");
    EXPECT_EQ(result.help, help);
    EXPECT_EQ(result.output["url"], "http://localhost:8084/x");
  }
  for (const auto& [message, help] : std::vector<std::pair<std::string, std::string>>{
           {"certificate has expired", "the certificate of the server must be renewed"},
           {"self-signed certificate",
            "name the certificate of its authority in ca_file; verify_tls: false trusts anybody"},
           {"hostname mismatch", "use the name that the certificate of the server is made for"},
           {"wrong version number; the server doesn't speak TLS on this port", "use http:// in the URL"}}) {
    world.http.answers = {HttpError{Kind::tls, message}};
    EXPECT_EQ(run({{"url", "https://h"}}).help, help);
  }
}

TEST_F(HttpStepTest, TellsItsProgress) {
  world.http.answers = {response(200, std::string(160, 'x'))};
  world.http.piece_bytes = 16;
  StepFixture step(k_http_step, {{"url", "http://h"}}, world.services);
  std::vector<std::uint64_t> told;
  step.context.on_progress = [&](const Progress& progress) { told.push_back(progress.bytes); };
  // Time stands still: nothing is told more often than ten times a second.
  step.run();
  EXPECT_TRUE(told.empty());
}

std::vector<std::string> problems_of(Json parameters) {
  FakeWorld world;
  StepFixture step(k_http_step, std::move(parameters), world.services);
  Diagnostics problems;
  k_http_step.check(step.step, problems);
  std::vector<std::string> found;
  for (const Diagnostic& one : problems.all()) found.push_back(std::string(one.code) + " " + one.message);
  return found;
}

TEST(HttpStepCheck, FindsWhatCannotWork) {
  EXPECT_EQ(problems_of({{"url", "http://h"}, {"body", "x"}, {"json", 1}}),
            (std::vector<std::string>{"RC0450 the request has more than one body"}));
  EXPECT_EQ(problems_of({{"url", "h:80/x"}}),
            (std::vector<std::string>{"RC0451 'h:80/x' is not a URL: it has no scheme"}));
  EXPECT_EQ(problems_of({{"url", "http://h"}, {"expect_status", {200, "ok"}}}),
            (std::vector<std::string>{"RC0452 'ok' is not an HTTP status"}));
  EXPECT_TRUE(problems_of({{"url", "{base}/x"}, {"expect_status", "{vars.status}"}}).empty());
  EXPECT_TRUE(problems_of({{"url", "https://h"}, {"expect_status", {"2xx", 404, "500-599"}}}).empty());
}

TEST(HttpStepEffects, ConnectsReadsAndWrites) {
  FakeWorld world;
  StepFixture step(k_http_step,
                   {{"url", "http://{h}"}, {"body_file", "b"}, {"ca_file", "c"}, {"output_file", "o"}},
                   world.services);
  Effects effects = step.effects();
  EXPECT_EQ(effects.connects, (std::vector<std::string>{"http://{h}"}));
  EXPECT_EQ(effects.reads, (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(effects.writes, (std::vector<std::string>{"o"}));
  EXPECT_TRUE(effects.executes.empty());
}

TEST(ExpectedStatus, ReadsNumbersClassesRangesAndLists) {
  auto expected = ExpectedStatus::read(Json({200, "3xx", "500-502", "404,410"}));
  ASSERT_TRUE(expected);
  EXPECT_EQ(expected->text(), "200 or 300-399 or 500-502 or 404 or 410");
  for (int status : {200, 300, 399, 500, 502, 404, 410}) EXPECT_TRUE(expected->has(status)) << status;
  for (int status : {201, 400, 503}) EXPECT_FALSE(expected->has(status)) << status;
  for (const Json& wrong : {Json(20), Json("6xx"), Json("300-200"), Json(""), Json::array(), Json(true)})
    EXPECT_FALSE(ExpectedStatus::read(wrong)) << wrong;
}

// ---- over the wire

TEST(HttpStepReal, SaysThatNothingListens) {
  FakeWorld world;
  auto http = make_http_client({});
  Services services{world.clock, world.files, world.processes, *http, {}, {}};
  std::string place = "127.0.0.1:" + std::to_string(free_port());
  StepFixture step(k_http_step, {{"url", "http://" + place + "/health"}}, services);
  StepResult result = step.run();
  EXPECT_EQ(result.kind, FailureKind::network);
  EXPECT_EQ(result.error, "nothing listens on " + place + " (connection refused)");
  EXPECT_EQ(result.help, "start the server that shall listen there, or correct host and port in the URL");
}

TEST(HttpStepReal, FetchesJson) {
  LoopbackServer server(answer_with(
      [](auto&) { return http_answer(200, R"({"ok":true})", "Content-Type: application/json\r\n"); }));
  FakeWorld world;
  auto http = make_http_client({});
  Services services{world.clock, world.files, world.processes, *http, {}, {}};
  StepFixture step(k_http_step, {{"url", server.url("/a")}, {"query", {{"b", 1}}}}, services);
  StepResult result = step.run();
  EXPECT_EQ(result.status, Status::success) << result.error;
  EXPECT_EQ(result.output["json"]["ok"], true);
  EXPECT_TRUE(server.requests().at(0).starts_with("GET /a?b=1 HTTP/1.1\r\n"));
}

}  // namespace
}  // namespace rustchain
