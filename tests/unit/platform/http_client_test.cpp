#include "platform/platform.hpp"
#include "support/loopback_server.hpp"
#include "util/text.hpp"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <zlib.h>

namespace rustchain {
namespace {

namespace fs = std::filesystem;
using Kind = HttpError::Kind;
using Peer = LoopbackServer::Peer;
using namespace std::chrono_literals;

// Far beyond what anything here takes, and far below what it would take without the limit under test.
constexpr Seconds k_soon{20};

class HttpClientTest : public ::testing::Test {
 protected:
  HttpClientTest() {
    std::string name = (fs::temp_directory_path() / "rustchain_http_XXXXXX").string();
    directory = mkdtemp(name.data());
  }
  ~HttpClientTest() override { fs::remove_all(directory); }

  Result<HttpResponse, HttpError> send(const HttpRequest& request) {
    auto client = make_http_client(environment);
    return client->send(request, stop);
  }
  HttpResponse get(const std::string& url) {
    HttpRequest request;
    request.url = url;
    return answer(request);
  }
  HttpResponse answer(const HttpRequest& request) {
    auto response = send(request);
    EXPECT_TRUE(response.ok()) << (response.ok() ? "" : response.error().message);
    return response.ok() ? *response : HttpResponse{};
  }
  HttpError error(const HttpRequest& request) {
    auto response = send(request);
    EXPECT_FALSE(response.ok());
    return response.ok() ? HttpError{} : response.error();
  }

  std::string path(const std::string& name) const { return (fs::path(directory) / name).string(); }
  std::string write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
    return path(name);
  }
  std::string read(const std::string& name) const {
    std::ostringstream bytes;
    bytes << std::ifstream(path(name), std::ios::binary).rdbuf();
    return bytes.str();
  }
  std::size_t files_in_directory() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
  }

  std::string directory;
  Environment environment;
  Stop stop;
};

std::string port_of(const LoopbackServer& server) {
  return std::to_string(server.port());
}

std::string gzipped(std::string text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

TEST_F(HttpClientTest, SendsTheRequestAsItIs) {
  LoopbackServer server(
      answer_with([](auto&) { return http_answer(201, "made", "X-Two: 2\r\nX-One: 1\r\n"); }));
  HttpRequest request;
  request.method = "POST";
  request.url = server.url("/a%2Fb?c=d e#f");
  request.headers = {{"X-Token", "t"}, {"Content-Type", "text/x"}};
  request.body = std::string("null \0 byte", 11);
  HttpResponse response = answer(request);

  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.body, "made");
  EXPECT_EQ(response.bytes, 4u);
  EXPECT_EQ(response.redirects, 0);
  EXPECT_EQ(response.url, server.url("/a%2Fb?c=d%20e"));
  EXPECT_EQ(response.headers, (std::vector<std::pair<std::string, std::string>>{
                                  {"x-two", "2"}, {"x-one", "1"}, {"content-length", "4"}}));
  ASSERT_EQ(server.requests().size(), 1u);
  std::string sent = server.requests()[0];
  EXPECT_TRUE(sent.starts_with("POST /a%2Fb?c=d%20e HTTP/1.1\r\nHost: 127.0.0.1:" + port_of(server) +
                               "\r\nX-Token: t\r\nContent-Type: text/x\r\nUser-Agent: rustchain/"))
      << sent;
  EXPECT_NE(sent.find("\r\nAccept-Encoding: gzip, deflate"), std::string::npos);
  EXPECT_TRUE(sent.ends_with("\r\nConnection: close\r\nContent-Length: 11\r\n\r\n" + request.body)) << sent;
}

TEST_F(HttpClientTest, RefusesWhatWouldBreakTheRequest) {
  HttpRequest request;
  request.url = "http://127.0.0.1:1/";
  request.headers = {{"X", "a\r\nInjected: yes"}};
  EXPECT_EQ(error(request).message, "the value of header 'X' holds a line break");
  request.headers = {{"X Y", "a"}};
  EXPECT_EQ(error(request).message, "'X Y' is not a name of a header");
  request.headers = {};
  request.method = "GET /";
  EXPECT_EQ(error(request).message, "'GET /' is not an HTTP method");
  EXPECT_EQ(error(request).kind, Kind::bad_url);
}

TEST_F(HttpClientTest, UserAndPasswordInTheUrlBecomeBasicAuth) {
  LoopbackServer server(answer_with([](auto&) { return http_answer(200, ""); }));
  HttpResponse response = get("http://me:p%40ss@127.0.0.1:" + port_of(server) + "/");
  EXPECT_EQ(response.url, server.url());
  EXPECT_NE(server.requests().at(0).find("\r\nAuthorization: Basic bWU6cEBzcw==\r\n"), std::string::npos);
}

TEST_F(HttpClientTest, SkipsEarlyHints) {
  LoopbackServer server(answer_with([](auto&) {
    return "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n" + http_answer(200, "the page");
  }));
  HttpResponse response = get(server.url());
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "the page");
}

TEST_F(HttpClientTest, DecodesCompressedAnswersAndCountsWhatTheyBecome) {
  std::string text(100'000, 'x');
  LoopbackServer server(
      answer_with([&](auto&) { return http_answer(200, gzipped(text), "Content-Encoding: gzip\r\n"); }));
  HttpResponse response = get(server.url());
  EXPECT_TRUE(response.body == text);
  EXPECT_EQ(response.bytes, text.size());

  HttpRequest request;
  request.url = server.url();
  request.max_response_bytes = 50'000;
  HttpError too_large = error(request);
  EXPECT_EQ(too_large.kind, Kind::too_large);
  EXPECT_EQ(too_large.message, "the answer of 127.0.0.1:" + port_of(server) + " is larger than 50000 bytes");
}

TEST_F(HttpClientTest, ACutBodyIsAnError) {
  LoopbackServer cut(answer_with([](auto&) { return "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"; }));
  LoopbackServer cut_chunk(answer_with(
      [](auto&) { return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"; }));
  LoopbackServer cut_gzip(answer_with([](auto&) {
    std::string packed = gzipped("hello");
    return http_answer(200, packed.substr(0, packed.size() - 4), "Content-Encoding: gzip\r\n");
  }));
  LoopbackServer silent([](Peer& peer) { peer.read_request(); });
  HttpRequest request;
  request.url = cut.url();
  EXPECT_EQ(error(request).message, "the answer of 127.0.0.1:" + port_of(cut) +
                                        " is broken: it ends after 5 of 10 bytes of the body");
  request.url = cut_chunk.url();
  EXPECT_EQ(error(request).kind, Kind::cut);
  request.url = cut_gzip.url();
  EXPECT_EQ(error(request).message,
            "the compressed answer of 127.0.0.1:" + port_of(cut_gzip) + " ends too early");
  request.url = silent.url();
  EXPECT_EQ(error(request).message,
            "127.0.0.1:" + port_of(silent) + " ended the connection without an answer");
}

TEST_F(HttpClientTest, AResetWithinABodyWithoutLengthIsAnError) {
  LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\n\r\nhalf");
    peer.pause(200);
    peer.reset();
  });
  HttpRequest request;
  request.url = server.url();
  EXPECT_EQ(error(request).kind, Kind::cut);
}

TEST_F(HttpClientTest, TellsApartWhyThereIsNoConnection) {
  std::uint16_t port = free_port();
  HttpRequest request;
  request.url = "http://127.0.0.1:" + std::to_string(port) + "/";
  HttpError refused = error(request);
  EXPECT_EQ(refused.kind, Kind::refused);
  EXPECT_EQ(refused.message,
            "nothing listens on 127.0.0.1:" + std::to_string(port) + " (connection refused)");

  request.url = "http://nobody.invalid:8080/";
  HttpError unknown = error(request);
  EXPECT_EQ(unknown.kind, Kind::resolve);
  EXPECT_TRUE(unknown.message.starts_with("no address is known for 'nobody.invalid' (nobody.invalid:8080): "))
      << unknown.message;

  request.url = "gopher://x";
  HttpError bad = error(request);
  EXPECT_EQ(bad.kind, Kind::bad_url);
  EXPECT_EQ(
      bad.message,
      "'gopher://x' is not a URL: its scheme is neither http nor https; use an http:// or https:// address");
}

TEST_F(HttpClientTest, ConnectsToLocalhostWhicheverAddressListens) {
  LoopbackServer server(answer_with([](auto&) { return http_answer(200, "here"); }));
  EXPECT_EQ(get(server.url("/", "localhost")).body, "here");
}

TEST_F(HttpClientTest, SendsALargeBody) {
  std::string body(5 << 20, 'b');
  LoopbackServer server(answer_with([](const std::string& request) {
    return http_answer(200, std::to_string(request.size() - request.find("\r\n\r\n") - 4));
  }));
  HttpRequest request;
  request.method = "PUT";
  request.url = server.url();
  request.body = body;
  EXPECT_EQ(answer(request).body, std::to_string(body.size()));
}

TEST_F(HttpClientTest, AServerThatClosesEarlyDoesNotEndTheProcess) {
  LoopbackServer server([](Peer& peer) {
    peer.pause(100);
    peer.reset();
  });
  HttpRequest request;
  request.method = "PUT";
  request.url = server.url();
  request.body = std::string(20 << 20, 'b');
  HttpError gone = error(request);
  EXPECT_TRUE(gone.kind == Kind::send || gone.kind == Kind::cut) << gone.message;
}

// ---- redirects

TEST_F(HttpClientTest, FollowsRedirectsWithTheMethodTheStandardSays) {
  LoopbackServer server(answer_with([](const std::string& request) {
    std::string target = request.substr(request.find(' ') + 1);
    std::string status = target.substr(1, 3);
    if (status == "end") return http_answer(200, request.substr(0, request.find(' ')));
    return http_answer(std::stoi(status), "moved", "Location: ../end?%2F\r\n");
  }));
  const std::vector<std::tuple<int, std::string, std::string>> cases = {
      {301, "POST", "GET"},  {302, "POST", "GET"}, {303, "POST", "GET"},   {307, "POST", "POST"},
      {308, "POST", "POST"}, {302, "PUT", "PUT"},  {303, "DELETE", "GET"}, {301, "GET", "GET"},
  };
  for (const auto& [status, method, then] : cases) {
    HttpRequest request;
    request.method = method;
    request.url = server.url("/" + std::to_string(status) + "/x");
    request.body = method == "POST" ? "body" : "";
    request.headers = {{"Content-Type", "text/x"}};
    HttpResponse response = answer(request);
    EXPECT_EQ(response.body, then) << status << method;
    EXPECT_EQ(response.redirects, 1);
    EXPECT_EQ(response.url, server.url("/end?%2F"));
    bool kept = server.requests().back().ends_with("\r\n\r\nbody");
    EXPECT_EQ(kept, then == "POST");
    EXPECT_EQ(server.requests().back().find("Content-Type") != std::string::npos,
              then != "GET" || method == "GET");
  }
}

TEST_F(HttpClientTest, DropsCredentialsWhenTheHostChanges) {
  LoopbackServer other(answer_with([](auto&) { return http_answer(200, "there"); }));
  LoopbackServer server(answer_with([&](const std::string& request) {
    if (request.starts_with("GET /same")) return http_answer(302, "", "Location: /there\r\n");
    if (request.starts_with("GET /there")) return http_answer(200, "here");
    return http_answer(302, "", "Location: http://localhost:" + port_of(other) + "/\r\n");
  }));
  HttpRequest request;
  request.headers = {{"Authorization", "Bearer s"}, {"Cookie", "c"}, {"X-Kept", "k"}};
  request.url = server.url("/same");
  EXPECT_EQ(answer(request).body, "here");
  EXPECT_NE(server.requests().back().find("Authorization: Bearer s\r\nCookie: c\r\nX-Kept: k"),
            std::string::npos);

  request.url = server.url("/other");
  EXPECT_EQ(answer(request).body, "there");
  std::string second = other.requests().at(0);
  EXPECT_EQ(second.find("Bearer"), std::string::npos);
  EXPECT_EQ(second.find("Cookie"), std::string::npos);
  EXPECT_NE(second.find("X-Kept: k"), std::string::npos);
}

TEST_F(HttpClientTest, EndsARoundOfRedirects) {
  LoopbackServer server(answer_with([](auto&) { return http_answer(302, "", "Location: /again\r\n"); }));
  HttpRequest request;
  request.url = server.url();
  HttpError round = error(request);
  EXPECT_EQ(round.kind, Kind::redirects);
  EXPECT_EQ(round.message, "'" + server.url() + "' leads through more than 10 redirects");
  EXPECT_EQ(server.requests().size(), 11u);

  request.follow_redirects = false;
  EXPECT_EQ(answer(request).status, 302);
}

TEST_F(HttpClientTest, RefusesToLeaveHttp) {
  LoopbackServer server(
      answer_with([](auto&) { return http_answer(302, "", "Location: file:///etc/passwd\r\n"); }));
  HttpRequest request;
  request.url = server.url();
  HttpError refused = error(request);
  EXPECT_EQ(refused.kind, Kind::redirects);
  EXPECT_EQ(
      refused.message,
      "127.0.0.1:" + port_of(server) +
          " redirects to where nothing can be asked for: 'file:///etc/passwd' is not a URL: its scheme is "
          "neither http nor https");
}

// ---- TLS

TEST_F(HttpClientTest, TellsWhetherAPortListens) {
  std::uint16_t port = free_port();
  auto client = make_http_client(environment);
  EXPECT_FALSE(client->listens(port, stop));
  LoopbackServer server([](Peer&) {});
  EXPECT_TRUE(client->listens(server.port(), stop));
}

class HttpClientTlsTest : public HttpClientTest {
 protected:
  HttpClientTlsTest() : authority(make_test_certificate("Test Authority")) {
    ca_file = write("ca.pem", authority.certificate);
  }
  HttpRequest to(const LoopbackServer& server, std::string_view host = "127.0.0.1") {
    HttpRequest request;
    request.url = server.url("/", host);
    request.ca_file = ca_file;
    return request;
  }
  std::string no_secure(const LoopbackServer& server) {
    return "no secure connection to 127.0.0.1:" + port_of(server) + ": ";
  }

  TestCertificate authority;
  std::string ca_file;
};

TEST_F(HttpClientTlsTest, TalksToAServerItsAuthorityKnows) {
  std::string body(3 << 20, 'y');
  LoopbackServer server(answer_with([&](const std::string& request) {
                          return http_answer(
                              200, request.starts_with("POST") ? request.substr(request.size() - 4) : body);
                        }),
                        make_test_certificate("127.0.0.1", &authority));
  EXPECT_TRUE(answer(to(server)).body == body);
  HttpRequest post = to(server);
  post.method = "POST";
  post.body = std::string(1 << 20, 'z') + "last";
  EXPECT_EQ(answer(post).body, "last");

  LoopbackServer named(answer_with([](auto&) { return http_answer(200, "named"); }),
                       make_test_certificate("localhost", &authority));
  EXPECT_EQ(answer(to(named, "localhost")).body, "named");
}

TEST_F(HttpClientTlsTest, SaysWhyItDoesNotTrust) {
  auto script = answer_with([](auto&) { return http_answer(200, "secret"); });
  LoopbackServer own(script, make_test_certificate("127.0.0.1"));
  LoopbackServer known(script, make_test_certificate("127.0.0.1", &authority));
  LoopbackServer expired(script, make_test_certificate("127.0.0.1", &authority, -1));
  LoopbackServer wrong(script, make_test_certificate("other.example", &authority));
  HttpRequest request = to(own);
  EXPECT_EQ(error(request).message, no_secure(own) + "self-signed certificate");
  request = to(known);
  request.ca_file = write("other.pem", make_test_certificate("Other Authority").certificate);
  EXPECT_EQ(error(request).message, no_secure(known) + "unable to get local issuer certificate");
  EXPECT_EQ(error(to(expired)).message, no_secure(expired) + "certificate has expired");
  EXPECT_EQ(error(to(wrong)).message, no_secure(wrong) + "IP address mismatch");
  EXPECT_EQ(error(to(wrong, "localhost")).message,
            "no secure connection to localhost:" + port_of(wrong) + ": hostname mismatch");
  EXPECT_EQ(error(to(wrong)).kind, Kind::tls);
  EXPECT_TRUE(wrong.requests().empty());

  for (const LoopbackServer* server : {&own, &expired, &wrong}) {
    request = to(*server);
    request.verify_tls = false;
    EXPECT_EQ(answer(request).body, "secret");
  }
}

TEST_F(HttpClientTlsTest, SaysThatThePortDoesNotSpeakTls) {
  LoopbackServer plain(answer_with([](auto&) { return http_answer(200, ""); }));
  LoopbackServer refusing([](Peer& peer) { peer.send("HTTP/1.1 400 Bad Request\r\n\r\n"); });
  HttpRequest request;
  request.url = "https://127.0.0.1:" + port_of(refusing) + "/";
  HttpError wrong = error(request);
  EXPECT_EQ(wrong.kind, Kind::tls);
  EXPECT_EQ(wrong.message,
            no_secure(refusing) + "wrong version number; the server doesn't speak TLS on this port");
}

TEST_F(HttpClientTlsTest, SaysThatTheFileOfAuthoritiesCannotBeRead) {
  LoopbackServer server(answer_with([](auto&) { return http_answer(200, ""); }),
                        make_test_certificate("127.0.0.1"));
  HttpRequest request = to(server);
  request.ca_file = path("missing.pem");
  HttpError missing = error(request);
  EXPECT_EQ(missing.kind, Kind::file);
  EXPECT_TRUE(
      missing.message.starts_with("no certificate can be read from ca_file '" + request.ca_file + "': "))
      << missing.message;
}

TEST_F(HttpClientTlsTest, ABodyWithoutLengthThatBreaksOffIsAnError) {
  LoopbackServer server(
      [](Peer& peer) {
        peer.read_request();
        peer.send("HTTP/1.1 200 OK\r\n\r\nhalf");
        peer.pause(200);
        peer.reset();
      },
      make_test_certificate("127.0.0.1", &authority));
  EXPECT_EQ(error(to(server)).kind, Kind::cut);
}

TEST_F(HttpClientTlsTest, RefusesARedirectToAnUnencryptedAddress) {
  LoopbackServer server(
      answer_with([](auto&) { return http_answer(302, "", "Location: http://127.0.0.1:9/x\r\n"); }),
      make_test_certificate("127.0.0.1", &authority));
  HttpError refused = error(to(server));
  EXPECT_EQ(refused.kind, Kind::redirects);
  EXPECT_EQ(refused.message,
            "127.0.0.1:" + port_of(server) + " redirects to http://127.0.0.1:9/x, which is not encrypted");
}

// ---- proxies

TEST_F(HttpClientTest, AsksAProxyForTheWholeUrl) {
  LoopbackServer proxy(answer_with([](auto&) { return http_answer(200, "by proxy"); }));
  environment = {{"http_proxy", "http://u:p@127.0.0.1:" + port_of(proxy)}, {"no_proxy", "direct.invalid"}};
  EXPECT_EQ(get("http://far.invalid/x?y").body, "by proxy");
  std::string sent = proxy.requests().at(0);
  EXPECT_TRUE(sent.starts_with("GET http://far.invalid/x?y HTTP/1.1\r\nHost: far.invalid\r\n")) << sent;
  EXPECT_NE(sent.find("\r\nProxy-Authorization: Basic dTpw\r\n"), std::string::npos);

  HttpRequest request;
  request.url = "http://direct.invalid/";
  EXPECT_EQ(error(request).kind, Kind::resolve);
  environment = {{"http_proxy", "127.0.0.1:" + std::to_string(free_port())}};
  request.url = "http://far.invalid/";
  EXPECT_TRUE(error(request).message.starts_with("nothing listens on the proxy 127.0.0.1:"));
  environment = {{"http_proxy", "socks5://u:secret@127.0.0.1:1"}};
  EXPECT_EQ(error(request).message,
            "the proxy 'socks5://127.0.0.1:1' can't be used: only http:// proxies can");
}

TEST_F(HttpClientTlsTest, TunnelsThroughAProxy) {
  LoopbackServer refusing(answer_with([](auto&) { return http_answer(403, "no"); }));
  environment = {{"https_proxy", "http://127.0.0.1:" + port_of(refusing)}};
  HttpRequest request;
  request.url = "https://far.invalid/";
  HttpError refused = error(request);
  EXPECT_EQ(refused.message, "the proxy 127.0.0.1:" + port_of(refusing) +
                                 " refuses a tunnel to far.invalid:443 with status 403");
  EXPECT_TRUE(refusing.requests().at(0).starts_with("CONNECT far.invalid:443 HTTP/1.1\r\n"));
}

// ---- files and pieces

TEST_F(HttpClientTest, StreamsToAFileInBoundedMemory) {
  constexpr std::size_t k_pieces = 1600;  // of 64 KiB: 100 MiB
  LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(k_pieces << 16) + "\r\n\r\n");
    std::string piece(1 << 16, 'f');
    for (std::size_t i = 0; i < k_pieces; ++i)
      if (!peer.send(piece)) return;
  });
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  HttpRequest request;
  request.url = server.url();
  request.output_file = path("new/deep/big.bin");
  request.max_response_bytes = 200 << 20;
  std::uint64_t seen = 0;
  request.on_body = [&](std::string_view piece) {
    seen += piece.size();
    return true;
  };
  HttpResponse response = answer(request);
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  EXPECT_EQ(response.bytes, k_pieces << 16);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(seen, response.bytes);
  EXPECT_EQ(fs::file_size(request.output_file), k_pieces << 16);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 50 << 10) << "KiB more than before";
}

TEST_F(HttpClientTest, AFileIsWrittenWholeOrNotAtAll) {
  LoopbackServer server(answer_with([](const std::string& request) -> std::string {
    if (request.starts_with("GET /cut")) return "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf";
    if (request.starts_with("GET /404")) return http_answer(404, "not here");
    return http_answer(200, "new");
  }));
  HttpRequest request;
  request.output_file = write("kept", "old");
  chmod(request.output_file.c_str(), 0600);
  std::size_t there = files_in_directory();

  request.url = server.url("/cut");
  EXPECT_EQ(error(request).kind, Kind::cut);
  EXPECT_EQ(read("kept"), "old");
  request.url = server.url("/404");
  EXPECT_EQ(answer(request).body, "not here");
  EXPECT_EQ(read("kept"), "old");

  request.url = server.url("/good");
  EXPECT_EQ(answer(request).body, "");
  EXPECT_EQ(read("kept"), "new");
  EXPECT_EQ(fs::status(path("kept")).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(files_in_directory(), there);

  request.output_file = directory;
  HttpError wrong = error(request);
  EXPECT_EQ(wrong.kind, Kind::file);
  EXPECT_EQ(wrong.message, "'" + directory + "' can't be written: Is a directory");
}

TEST_F(HttpClientTest, GivesPiecesAsTheyCome) {
  std::atomic<int> seen = 0;
  LoopbackServer server([&](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 3; ++i) {
      peer.send("2\r\n" + std::to_string(i) + "\n\r\n");
      // The next piece only comes when this one was seen: a client that waits for the end never ends.
      while (seen <= i && peer.pause(1)) {
      }
    }
    peer.send("0\r\n\r\n");
  });
  HttpRequest request;
  request.url = server.url();
  request.on_body = [&](std::string_view) {
    ++seen;
    return true;
  };
  EXPECT_EQ(answer(request).body, "0\n1\n2\n");

  seen = 0;
  request.on_body = [](std::string_view) { return false; };
  EXPECT_EQ(error(request).kind, Kind::ended);
}

TEST_F(HttpClientTest, GivesNoPiecesOfARefusal) {
  LoopbackServer server(answer_with([](auto&) { return http_answer(500, "broken"); }));
  HttpRequest request;
  request.url = server.url();
  request.on_body = [](std::string_view) {
    ADD_FAILURE();
    return true;
  };
  EXPECT_EQ(answer(request).body, "broken");
}

// ---- limits

LoopbackServer::Script drip(std::string head) {
  return [head](Peer& peer) {
    peer.read_request();
    peer.send(head);
    while (peer.pause(20) && peer.send("x")) {
    }
  };
}

TEST_F(HttpClientTest, ADripEndsAtTheTotalLimit) {
  LoopbackServer server(drip("HTTP/1.1 200 OK\r\n\r\n"));
  HttpRequest request;
  request.url = server.url();
  request.total_timeout = 0.3s;
  request.idle_timeout = k_soon;
  HttpError late = error(request);
  EXPECT_EQ(late.kind, Kind::total_timeout);
  EXPECT_EQ(late.message, "the exchange with 127.0.0.1:" + port_of(server) + " took longer than 0.3 s");

  LoopbackServer head(drip("HTTP/1.1 200 OK\r\nX: "));
  request.url = head.url();
  EXPECT_EQ(error(request).kind, Kind::total_timeout);
}

TEST_F(HttpClientTest, SilenceEndsAtTheIdleLimit) {
  LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\n\r\nfour");
    peer.wait_for_close();
  });
  HttpRequest request;
  request.url = server.url();
  request.total_timeout = k_soon;
  request.first_byte_timeout = k_soon;
  request.idle_timeout = 0.2s;
  HttpError late = error(request);
  EXPECT_EQ(late.kind, Kind::idle_timeout);
  EXPECT_EQ(late.message,
            "127.0.0.1:" + port_of(server) + " fell silent for 0.2 s after 4 bytes of its answer");
}

TEST_F(HttpClientTest, TheFirstByteHasItsOwnLimit) {
  LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
    peer.wait_for_close();
  });
  HttpRequest request;
  request.url = server.url();
  request.first_byte_timeout = 0.2s;
  request.total_timeout = k_soon;
  HttpError late = error(request);
  EXPECT_EQ(late.kind, Kind::first_byte_timeout);
  EXPECT_EQ(late.message, "127.0.0.1:" + port_of(server) + " sent no answer within 0.2 s");

  // A slow beginning is not silence.
  LoopbackServer slow([](Peer& peer) {
    peer.read_request();
    peer.pause(300);
    peer.send(http_answer(200, "late"));
  });
  request.url = slow.url();
  request.first_byte_timeout = k_soon;
  request.idle_timeout = 0.1s;
  EXPECT_EQ(answer(request).body, "late");
}

TEST_F(HttpClientTest, ConnectingHasItsOwnLimit) {
  FullPort full;
  LoopbackServer mute([](Peer& peer) { peer.wait_for_close(); });
  HttpRequest request;
  request.connect_timeout = 0.2s;
  request.total_timeout = k_soon;
  request.url = "http://127.0.0.1:" + std::to_string(full.port()) + "/";
  HttpError late = error(request);
  EXPECT_EQ(late.kind, Kind::connect_timeout);
  EXPECT_EQ(late.message,
            "no connection to 127.0.0.1:" + std::to_string(full.port()) + " within 0.2 s (connecting)");
  request.url = "https://127.0.0.1:" + port_of(mute) + "/";
  EXPECT_EQ(error(request).message,
            "no connection to 127.0.0.1:" + port_of(mute) + " within 0.2 s (TLS handshake)");
}

// ---- stop

class HttpClientStopTest : public HttpClientTest {
 protected:
  // Stops the exchange once `under_way` says so; gives how long it lived on.
  Seconds stopped(HttpRequest request, const std::function<bool()>& under_way) {
    SteadyTime asked;
    std::thread stopper([&] {
      while (!under_way()) std::this_thread::yield();
      asked = std::chrono::steady_clock::now();
      stop.request(StopReason::interrupt);
    });
    HttpError ended = error(request);
    auto now = std::chrono::steady_clock::now();
    stopper.join();
    EXPECT_EQ(ended.kind, Kind::stopped) << ended.message;
    return now - asked;
  }
};

TEST_F(HttpClientStopTest, EndsWhileConnecting) {
  FullPort full;
  HttpRequest request;
  request.connect_timeout = Seconds(60);
  request.url = "http://127.0.0.1:" + std::to_string(full.port()) + "/";
  auto begin = std::chrono::steady_clock::now();
  EXPECT_LT(stopped(request, [&] { return std::chrono::steady_clock::now() - begin > 50ms; }), k_soon);
}

TEST_F(HttpClientStopTest, EndsWithinTheTlsHandshake) {
  LoopbackServer mute([](Peer& peer) { peer.wait_for_close(); });
  HttpRequest request;
  request.connect_timeout = Seconds(60);
  request.url = "https://127.0.0.1:" + port_of(mute) + "/";
  EXPECT_LT(stopped(request, [&] { return mute.connections() > 0; }), k_soon);
}

TEST_F(HttpClientStopTest, EndsWhileWaitingForTheAnswer) {
  LoopbackServer silent([](Peer& peer) {
    peer.read_request();
    peer.wait_for_close();
  });
  HttpRequest request;
  request.url = silent.url();
  EXPECT_LT(stopped(request, [&] { return !silent.requests().empty(); }), k_soon);
}

TEST_F(HttpClientStopTest, EndsWithinADrip) {
  LoopbackServer server(drip("HTTP/1.1 200 OK\r\n\r\n"));
  std::atomic<bool> begun = false;
  HttpRequest request;
  request.url = server.url();
  request.on_body = [&](std::string_view) {
    begun = true;
    return true;
  };
  EXPECT_LT(stopped(request, [&] { return begun.load(); }), k_soon);
}

TEST_F(HttpClientStopTest, EndsWhileSending) {
  std::atomic<bool> there = false;
  LoopbackServer server([&](Peer& peer) {
    there = true;
    while (peer.pause(1000)) {
    }
  });
  HttpRequest request;
  request.method = "POST";
  request.body = std::string(50 << 20, 'x');
  request.url = server.url();
  EXPECT_LT(stopped(request, [&] { return there.load(); }), k_soon);
}

TEST_F(HttpClientStopTest, NeverBeginsAfterAStop) {
  LoopbackServer server(answer_with([](auto&) { return http_answer(200, ""); }));
  stop.request(StopReason::fail_fast);
  HttpRequest request;
  request.url = server.url();
  EXPECT_EQ(error(request).kind, Kind::stopped);
  EXPECT_TRUE(server.requests().empty());
}

TEST_F(HttpClientTest, LeavesNoDescriptorBehind) {
  auto descriptors = [] {
    return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator());
  };
  if (!fs::exists("/proc/self/fd")) GTEST_SKIP() << "this system has no /proc";
  HttpRequest refused;
  refused.url = "http://127.0.0.1:" + std::to_string(free_port()) + "/";
  error(refused);
  auto before = descriptors();
  for (int i = 0; i < 50; ++i) error(refused);
  {
    LoopbackServer server(answer_with([](auto&) { return http_answer(200, "x"); }));
    for (int i = 0; i < 20; ++i) get(server.url());
  }
  EXPECT_EQ(descriptors(), before);
}

}  // namespace
}  // namespace rustchain
