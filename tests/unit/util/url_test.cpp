#include "util/url.hpp"

#include <map>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

Url url(std::string_view text) {
  auto parsed = parse_url(text);
  EXPECT_TRUE(parsed.ok()) << text << ": " << (parsed.ok() ? "" : parsed.error().message);
  return parsed.ok() ? *parsed : Url{};
}
std::string problem(std::string_view text) {
  auto parsed = parse_url(text);
  if (parsed.ok()) return "none: " + parsed->text();
  return parsed.error().message + "; " + parsed.error().help;
}

TEST(Url, IsTakenApart) {
  Url one = url("HTTP://Example.COM:8080/a/b?c=d#e");
  EXPECT_EQ(one.scheme, "http");
  EXPECT_EQ(one.host, "example.com");
  EXPECT_EQ(one.port, 8080);
  EXPECT_EQ(one.target, "/a/b?c=d");
  EXPECT_FALSE(one.userinfo);
  EXPECT_EQ(one.text(), "http://example.com:8080/a/b?c=d");
}

TEST(Url, KnowsThePortsOfItsSchemes) {
  EXPECT_EQ(url("http://a").port, 80);
  EXPECT_EQ(url("https://a").port, 443);
  EXPECT_EQ(url("https://a:443/").authority(), "a");
  EXPECT_EQ(url("http://a:443/").authority(), "a:443");
  EXPECT_EQ(url("http://a?x").target, "/?x");
}

TEST(Url, WritesIpv6AddressesInBrackets) {
  Url one = url("http://[::1]:8080/x");
  EXPECT_EQ(one.host, "::1");
  EXPECT_EQ(one.host_and_port(), "[::1]:8080");
  EXPECT_EQ(one.text(), "http://[::1]:8080/x");
}

TEST(Url, NeverShowsItsPassword) {
  Url one = url("http://me%40x:se%3Acret@host/p");
  EXPECT_EQ(one.userinfo, (std::pair<std::string, std::string>{"me@x", "se:cret"}));
  EXPECT_EQ(one.text(), "http://host/p");
  EXPECT_EQ(without_secrets("http://me:secret@host:99999/p"), "http://host:99999/p");
  EXPECT_EQ(problem("ftp://me:secret@host/p"),
            "'ftp://host/p' is not a URL: its scheme is neither http nor https; use an http:// or https:// "
            "address");
}

TEST(Url, EncodesWhatMayNotBeSent) {
  EXPECT_EQ(url("http://h/a b/\xc3\xa9?q=\"x\"&y=%20").target, "/a%20b/%C3%A9?q=%22x%22&y=%20");
}

TEST(Url, SaysWhatIsWrong) {
  EXPECT_EQ(problem("localhost:8080/x"),
            "'localhost:8080/x' is not a URL: it has no scheme; write http://localhost:8080/x or "
            "https://localhost:8080/x");
  EXPECT_EQ(problem("http:///x"), "'http:///x' is not a URL: it has no host; ");
  EXPECT_EQ(problem("http://h:0/"),
            "'http://h:0/' is not a URL: '0' is not a port; a port is a number from 1 to 65535");
  EXPECT_EQ(problem("http://h:70000/"),
            "'http://h:70000/' is not a URL: '70000' is not a port; a port is a number from 1 to 65535");
  EXPECT_EQ(problem("http://::1/"),
            "'http://::1/' is not a URL: its host holds several colons; an IPv6 address is written in "
            "brackets: [::1]");
  EXPECT_EQ(problem("http://{host}/"),
            "'http://{host}/' is not a URL: its host holds characters that no host name has; look for a "
            "reference that was not filled in");
  EXPECT_EQ(problem("http://h/a\r\nX: y"),
            "'http://h/a' is not a URL: it holds a control character; put it on one line");
}

// RFC 3986, 5.4 (those that end in an http URL).
TEST(Url, ResolvesReferencesAsTheStandardSays) {
  Url base = url("http://a/b/c/d;p?q");
  const std::map<std::string, std::string> cases = {
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"g#s", "http://a/b/c/g"},
      {";x", "http://a/b/c/;x"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {"..g", "http://a/b/c/..g"},
      {"./../g", "http://a/b/g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/../h", "http://a/b/c/h"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"https://z/%2F", "https://z/%2F"},
  };
  for (const auto& [reference, absolute] : cases)
    EXPECT_EQ(resolve_url(base, reference), absolute) << reference;
}

TEST(Url, CredentialsStayWithinSchemeHostAndPort) {
  EXPECT_TRUE(same_origin(url("http://a/x"), url("http://A:80/y")));
  EXPECT_FALSE(same_origin(url("http://a"), url("https://a")));
  EXPECT_FALSE(same_origin(url("http://a"), url("http://a:8080")));
  EXPECT_FALSE(same_origin(url("http://localhost"), url("http://127.0.0.1")));
}

TEST(Url, Encodes) {
  EXPECT_EQ(percent_encode("a b&c=\xc3\xa9~"), "a%20b%26c%3D%C3%A9~");
  EXPECT_EQ(percent_decode("a%20b%2"), "a b%2");
}

std::string proxy_for(std::string_view target, std::map<std::string, std::string, std::less<>> environment) {
  return choose_proxy(url(target), [&](std::string_view name) -> std::optional<std::string> {
    auto found = environment.find(name);
    if (found == environment.end()) return std::nullopt;
    return found->second;
  });
}

TEST(Proxy, IsChosenByScheme) {
  EXPECT_EQ(proxy_for("http://x.org", {{"http_proxy", "http://p:1"}, {"HTTPS_PROXY", "http://q:2"}}),
            "http://p:1");
  EXPECT_EQ(proxy_for("https://x.org", {{"http_proxy", "http://p:1"}, {"HTTPS_PROXY", "http://q:2"}}),
            "http://q:2");
  EXPECT_EQ(proxy_for("https://x.org", {{"all_proxy", "http://p:1"}}), "http://p:1");
  EXPECT_EQ(proxy_for("https://x.org", {{"https_proxy", ""}, {"http_proxy", "http://p:1"}}), "");
}

TEST(Proxy, IsNeverAskedForThisMachine) {
  for (std::string_view here :
       {"http://localhost:11434", "http://127.0.0.1", "http://[::1]/", "http://a.localhost"})
    EXPECT_EQ(proxy_for(here, {{"http_proxy", "http://p:1"}}), "") << here;
}

TEST(Proxy, LeavesOutWhatNoProxyNames) {
  auto left_out = [](std::string_view list, std::string_view target) {
    return no_proxy_has(list, url(target));
  };
  EXPECT_TRUE(left_out("a.org, b.org", "http://b.org/"));
  EXPECT_TRUE(left_out("b.org", "http://x.b.org/"));
  EXPECT_TRUE(left_out(".b.org", "http://x.b.org/"));
  EXPECT_TRUE(left_out("*.b.org", "http://x.b.org/"));
  EXPECT_FALSE(left_out("b.org", "http://ab.org/"));
  EXPECT_TRUE(left_out("*", "http://any/"));
  EXPECT_TRUE(left_out("b.org:8080", "http://b.org:8080/"));
  EXPECT_FALSE(left_out("b.org:8080", "http://b.org/"));
  EXPECT_TRUE(left_out("10.0.0.0/8", "http://10.1.2.3/"));
  EXPECT_FALSE(left_out("10.0.0.0/8", "http://11.1.2.3/"));
  EXPECT_FALSE(left_out("10.0.0.0/8", "http://ten.org/"));
  EXPECT_TRUE(left_out("[fd00::1]", "http://[fd00::1]/"));
  EXPECT_FALSE(left_out("", "http://b.org/"));
}

}  // namespace
}  // namespace rustchain
