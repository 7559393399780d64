#include "platform/http_reader.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using State = HttpReader::State;

struct Read {
  State state = State::head;
  HttpReader::Answer answer;
  std::string body;
  std::string problem;
};

// Feeds the answer in pieces of `piece` bytes; `closed`: the connection ends after it.
Read read(std::string_view bytes, std::size_t piece, bool closed = true, bool bodiless = false) {
  Read result;
  HttpReader reader(
      bodiless,
      [&](const HttpReader::Answer& answer) {
        result.answer = answer;
        return true;
      },
      [&](std::string_view some) {
        result.body += some;
        return true;
      });
  for (std::size_t at = 0; at < bytes.size(); at += piece) reader.feed(bytes.substr(at, piece));
  result.state = closed ? reader.end() : reader.state();
  result.problem = reader.problem();
  return result;
}

TEST(HttpReader, ReadsAnswersWhereverTheyAreCut) {
  std::string_view plain =
      "HTTP/1.1 200 OK\r\nContent-Type:  text/plain \r\nX-B: 1\r\nX-A: 100%25\r\nContent-Length: "
      "5\r\n\r\nhello";
  std::string_view chunked =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;note=\"x\"\r\nhel\r\n2\r\nlo\r\n0\r\nTrail: "
      "er\r\n\r\n";
  for (std::size_t piece : {1, 2, 3, 7, 1000}) {
    Read one = read(plain, piece, false);
    EXPECT_EQ(one.state, State::done);
    EXPECT_EQ(one.body, "hello");
    EXPECT_EQ(one.answer.headers,
              (std::vector<std::pair<std::string, std::string>>{
                  {"content-type", "text/plain"}, {"x-b", "1"}, {"x-a", "100%25"}, {"content-length", "5"}}));
    Read two = read(chunked, piece, false);
    EXPECT_EQ(two.state, State::done);
    EXPECT_EQ(two.body, "hello");
  }
}

TEST(HttpReader, SkipsInterimAnswers) {
  Read one = read(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
      "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok",
      5);
  EXPECT_EQ(one.state, State::done);
  EXPECT_EQ(one.answer.status, 201);
  EXPECT_EQ(one.answer.headers.size(), 1u);
  EXPECT_EQ(one.body, "ok");
}

TEST(HttpReader, TakesABodyThatEndsWithTheConnection) {
  Read one = read("HTTP/1.0 200 OK\n\nall of\nit", 4);
  EXPECT_EQ(one.state, State::done);
  EXPECT_EQ(one.body, "all of\nit");
  EXPECT_EQ(read("HTTP/1.0 200 OK\r\n\r\nx", 4, false).state, State::body);
}

TEST(HttpReader, KnowsAnswersWithoutABody) {
  EXPECT_EQ(read("HTTP/1.1 204 No Content\r\n\r\n", 9, false).state, State::done);
  EXPECT_EQ(read("HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n", 9, false).state, State::done);
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", 9, false, true).state, State::done);
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 9, false).state, State::done);
}

TEST(HttpReader, SaysWhatIsBroken) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "there is none"},
      {"HTTP/1.1 200 OK\r\nContent-L", "it ends within the headers"},
      {"SSH-2.0-OpenSSH_9.2\r\n", "it isn't HTTP"},
      {"HTTP/1.1 2x0 OK\r\n", "it isn't HTTP"},
      {"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "one of its headers has no name"},
      {"HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n", "its Content-Length is 'ten'"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "its Content-Length is '2'"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", "it ends after 5 of 10 bytes of the body"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", "it ends after 3 bytes of the body"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
       "it ends after 5 bytes of the body"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n",
       "a chunk of its body is longer than it says"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "the chunks of its body are broken"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", "the chunks of its body are broken"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: lzma\r\n\r\n", "its Transfer-Encoding 'lzma' is unknown"},
      {"HTTP/1.1 101 Switching Protocols\r\n\r\n", "it changes to another protocol, which wasn't asked for"},
      {"HTTP/1.1 200 OK\r\nX: " + std::string(300'000, 'x'), "its headers are longer than 256 KiB"},
  };
  for (const auto& [bytes, problem] : cases) {
    Read one = read(bytes, 1000);
    EXPECT_EQ(one.state, State::broken) << problem;
    EXPECT_EQ(one.problem, problem);
  }
}

TEST(HttpReader, EndsWhenToldTo) {
  HttpReader reader(
      false, [](const HttpReader::Answer&) { return true; }, [](std::string_view) { return false; });
  EXPECT_EQ(reader.feed("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), State::ended);
}

}  // namespace
}  // namespace rustchain
