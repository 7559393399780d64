// The http step against httpbin, a server that others wrote. Skipped where it isn't installed:
// ./cmake/bootstrap ci installs it.
#include "servers/child.hpp"
#include "servers/run_mission.hpp"
#include "support/loopback_server.hpp"

#include <memory>

#include <gtest/gtest.h>

namespace rustchain::testing {
namespace {

constexpr const char* k_python = "/usr/bin/python3";

std::vector<std::string> gunicorn(std::vector<std::string> more = {}) {
  std::vector<std::string> argv{k_python, "-m", "gunicorn", "-b", "127.0.0.1:PORT", "-k", "gevent"};
  for (std::string& word : more) argv.push_back(std::move(word));
  argv.push_back("httpbin:app");
  return argv;
}

class Httpbin : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    const int found =
        std::system((std::string(k_python) + " -c 'import httpbin, gunicorn, gevent' 2>/dev/null").c_str());
    installed_ = found == 0;
    if (!installed_) return;
    place_ = new MissionRunner;
    server_ = new IndependentServer(gunicorn(), place_->directory());
    ASSERT_TRUE(server_->ready()) << place_->read("server.err");
  }
  static void TearDownTestSuite() {
    delete server_;
    delete place_;
    server_ = nullptr;
    place_ = nullptr;
  }
  void SetUp() override {
    if (!installed_) GTEST_SKIP() << "python3-httpbin, gunicorn and python3-gevent aren't installed";
  }

  static std::string url(const std::string& path) { return server_->url(path); }
  // One http step with these parameters (YAML, in one line).
  static Json request(const std::string& parameters, const std::string& more = {}) {
    return place_->run("  - {id: call, step_type: http, parameters: {" + parameters + "}" + more + "}\n")
        .step("call");
  }
  static Json output(const std::string& parameters) {
    Json step = request(parameters);
    EXPECT_EQ(step.value("status", ""), "success") << step.dump(2);
    return step.value("output", Json::object());
  }

  static inline bool installed_ = false;
  static inline MissionRunner* place_ = nullptr;
  static inline IndependentServer* server_ = nullptr;
};

TEST_F(Httpbin, SendsEveryMethod) {
  for (std::string method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
    Json got = output("url: '" + url("/anything?a=1") + "', method: " + method +
                      ", query: {b: 'two words', c: [x, y]}");
    EXPECT_EQ(got["json"]["method"], method);
    EXPECT_EQ(got["json"]["args"], (Json{{"a", "1"}, {"b", "two words"}, {"c", {"x", "y"}}}));
  }
  EXPECT_EQ(output("url: '" + url("/get") + "', method: HEAD")["body"], "");
  EXPECT_EQ(output("url: '" + url("/get") + "', method: OPTIONS")["status"], 200);
}

TEST_F(Httpbin, SendsEveryKindOfBody) {
  std::string post = "url: '" + url("/post") + "', method: POST, ";
  EXPECT_EQ(output(post + "body: 'as it is: é \"'")["json"]["data"], "as it is: é \"");
  EXPECT_EQ(output(post + "json: {a: [1, two, null]}")["json"]["json"], (Json{{"a", {1, "two", nullptr}}}));
  EXPECT_EQ(output(post + "form: {user: 'me & you', n: 1}")["json"]["form"],
            (Json{{"user", "me & you"}, {"n", "1"}}));
  place_->write("upload.txt", "from a file");
  EXPECT_EQ(output(post + "body_file: upload.txt")["json"]["data"], "from a file");
}

TEST_F(Httpbin, SendsHeaders) {
  Json got = output("url: '" + url("/headers") + "', headers: {X-Mine: 'a, b', Accept: text/plain}");
  EXPECT_EQ(got["json"]["headers"]["X-Mine"], "a, b");
  EXPECT_EQ(got["json"]["headers"]["Accept"], "text/plain");
}

TEST_F(Httpbin, FollowsRedirectsUpToTen) {
  Json got = output("url: '" + url("/redirect/10") + "'");
  EXPECT_EQ(got["redirects"], 10);
  EXPECT_EQ(got["url"], url("/get"));
  EXPECT_EQ(request("url: '" + url("/redirect/11") + "'")["kind"], "network");
  EXPECT_EQ(output("url: '" + url("/absolute-redirect/2") + "'")["redirects"], 2);
  Json kept = request("url: '" + url("/redirect/1") + "', follow_redirects: false, expect_status: 302");
  EXPECT_EQ(kept["output"]["status"], 302);
}

TEST_F(Httpbin, ChangesTheMethodAsARedirectSays) {
  auto through = [&](const std::string& status) {
    return output("url: '" + url("/redirect-to") + "', query: {url: '" +
                  url("/anything?tag=first&tag=the%20second") + "', status_code: " + status +
                  "}, method: POST, body: kept")["json"];
  };
  for (std::string status : {"301", "302", "303"}) {
    EXPECT_EQ(through(status)["method"], "GET") << status;
    EXPECT_EQ(through(status)["data"], "") << status;
  }
  for (std::string status : {"307", "308"}) {
    EXPECT_EQ(through(status)["method"], "POST") << status;
    EXPECT_EQ(through(status)["data"], "kept") << status;
  }
}

TEST_F(Httpbin, DropsCredentialsForAnotherHost) {
  // The same server by another name is another host.
  std::string other = "http://localhost:" + std::to_string(server_->port()) + "/headers";
  Json got =
      output("url: '" + url("/redirect-to") + "', query: {url: '" + other + "'}, auth: {bearer: mine}");
  EXPECT_FALSE(got["json"]["headers"].contains("Authorization")) << got.dump(2);
  got = output("url: '" + url("/redirect-to") + "', query: {url: '" + url("/headers") +
               "'}, auth: {bearer: mine}");
  EXPECT_EQ(got["json"]["headers"]["Authorization"], "Bearer mine");
}

TEST_F(Httpbin, Decompresses) {
  EXPECT_EQ(output("url: '" + url("/gzip") + "'")["json"]["gzipped"], true);
  EXPECT_EQ(output("url: '" + url("/deflate") + "'")["json"]["deflated"], true);
  EXPECT_EQ(output("url: '" + url("/brotli") + "'")["json"]["brotli"], true);
}

TEST_F(Httpbin, ReadsWhatDrips) {
  Json got = output("url: '" + url("/drip?duration=1&numbytes=50&delay=0") + "'");
  EXPECT_EQ(got["bytes"], 50);
  EXPECT_EQ(output("url: '" + url("/stream/20") + "'")["status"], 200);
  EXPECT_EQ(output("url: '" + url("/stream-bytes/100000") + "', output_file: streamed.bin")["bytes"], 100000);
  EXPECT_EQ(place_->read("streamed.bin").size(), 100000u);
}

TEST_F(Httpbin, ADripDoesNotOutlastTheLimit) {
  Json step = request("url: '" + url("/drip?duration=20&numbytes=200&delay=0") + "'", ", timeout_seconds: 1");
  EXPECT_EQ(step["kind"], "timeout") << step.dump(2);
  EXPECT_LT(step["duration_ms"].get<double>(), 3000);
  step = request("url: '" + url("/delay/10") + "'", ", timeout_seconds: 1");
  EXPECT_EQ(step["kind"], "timeout") << step.dump(2);
}

TEST_F(Httpbin, Authenticates) {
  EXPECT_EQ(output("url: '" + url("/basic-auth/me/secret") +
                   "', auth: {basic: {user: me, password: secret}}")["json"]["authenticated"],
            true);
  EXPECT_EQ(output("url: '" + url("/bearer") + "', auth: {bearer: token}")["json"]["token"], "token");
  Json refused =
      request("url: '" + url("/basic-auth/me/secret") + "', auth: {basic: {user: me, password: wrong}}");
  EXPECT_EQ(refused["kind"], "http_status");
  EXPECT_EQ(refused["output"]["status"], 401);
}

TEST_F(Httpbin, TellsStatusesApart) {
  for (int status : {400, 404, 418, 429, 500, 503}) {
    Json step = request("url: '" + url("/status/" + std::to_string(status)) + "'");
    EXPECT_EQ(step["kind"], "http_status") << status;
    EXPECT_NE(step["reason"].get<std::string>().find(std::to_string(status)), std::string::npos)
        << step["reason"];
    Json expected = request("url: '" + url("/status/" + std::to_string(status)) +
                            "', expect_status: " + std::to_string(status));
    EXPECT_EQ(expected["status"], "success") << status;
  }
  // With the beginning of what the server says.
  Json teapot = request("url: '" + url("/status/418") + "'");
  EXPECT_NE(teapot.dump().find("teapot"), std::string::npos) << teapot.dump(2);
}

TEST_F(Httpbin, RepeatsUntilTheLastOne) {
  Json step = request("url: '" + url("/uuid") + "', expect_status: 200", ", repeat_count: 5");
  EXPECT_EQ(step["status"], "success") << step.dump(2);
}

TEST_F(Httpbin, WalksJson) {
  MissionRun run = place_->run(
      "  - {id: call, step_type: http, parameters: {url: '" + url("/anything?tag=first&tag=the%20second") +
      "'}}\n"
      "  - {id: title, step_type: noop, parameters: {message: '{call.json.args.tag[1]}'}}\n");
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_NE(run.step("title").dump().find("the second"), std::string::npos);
}

TEST_F(Httpbin, VerifiesTls) {
  TestCertificate authority = make_test_certificate("Test Authority");
  TestCertificate own = make_test_certificate("127.0.0.1", &authority);
  place_->write("ca.pem", authority.certificate);
  place_->write("server.pem", own.certificate);
  place_->write("server.key", own.key);
  IndependentServer server(gunicorn({"--certfile", "server.pem", "--keyfile", "server.key"}),
                           place_->directory());
  ASSERT_TRUE(server.ready()) << place_->read("server.err");
  std::string get = "url: '" + server.url("/get", "https") + "'";
  Json refused = request(get);
  EXPECT_EQ(refused["kind"], "network") << refused.dump(2);
  EXPECT_NE(refused["reason"].get<std::string>().find("certificate"), std::string::npos) << refused["reason"];
  EXPECT_EQ(output(get + ", ca_file: ca.pem")["status"], 200);
  EXPECT_EQ(output(get + ", verify_tls: false")["status"], 200);
}

}  // namespace
}  // namespace rustchain::testing
