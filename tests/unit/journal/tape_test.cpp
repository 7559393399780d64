#include "journal/tape.hpp"

#include "rustchain/json.hpp"

#include "journal/tape_client.hpp"
#include "support/fakes.hpp"
#include "util/base64.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using Kind = HttpError::Kind;
using Texts = std::vector<std::string>;

HttpResponse answer(int status, std::string body,
                    std::vector<std::pair<std::string, std::string>> headers = {}) {
  HttpResponse response;
  response.status = status;
  response.bytes = body.size();
  response.body = std::move(body);
  response.headers = std::move(headers);
  response.url = "http://h:1/x";
  return response;
}

HttpRequest get(std::string url) {
  HttpRequest request;
  request.url = std::move(url);
  return request;
}

HttpRequest post(std::string body) {
  HttpRequest request = get("http://h:1/x");
  request.method = "POST";
  request.body = std::move(body);
  return request;
}

class TapeTest : public ::testing::Test {
 protected:
  Result<HttpResponse, HttpError> record(const HttpRequest& request, FakeHttp::Answer gives) {
    world.http.answers.push_back(std::move(gives));
    return TapeRecorder(tape, world.http, mask).send(request, stop);
  }
  std::string written() const { return write_tape(tape.all()); }
  // From what was written, as another run would.
  Result<HttpResponse, HttpError> replay(const HttpRequest& request) {
    if (!replayed) {
      replayed = std::make_unique<Tape>();
      std::vector<TapedExchange> exchanges = read_tape(written()).value();
      for (TapedExchange& exchange : exchanges) replayed->add(std::move(exchange));
    }
    return TapePlayer(*replayed, world.http, world.files, mask).send(request, stop);
  }

  FakeWorld world;
  Stop stop;
  Mask mask{Texts{"hunter-two"}};
  Tape tape;
  std::unique_ptr<Tape> replayed;
};

TEST_F(TapeTest, GivesBackWhatWasRecorded) {
  HttpResponse response = answer(404, "no\xff", {{"content-type", "text/plain"}, {"x", "1"}, {"x", "2"}});
  response.redirects = 1;
  ASSERT_TRUE(record(get("http://h:1/x?a=b"), response));
  auto got = replay(get("http://h:1/x?a=b"));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 404);
  EXPECT_EQ(got->body, "no\xff");
  EXPECT_EQ(got->bytes, 3u);
  EXPECT_EQ(got->headers, response.headers);
  EXPECT_EQ(got->url, "http://h:1/x");
  EXPECT_EQ(got->redirects, 1);
  EXPECT_EQ(replayed->left(), 0u);
}

TEST_F(TapeTest, FindsRequestsOfAnApiWhereverItsServerStands) {
  auto chat = [](const std::string& server, const std::string& api) {
    HttpRequest request = post("{}");
    request.url = server + "/api/chat?token=abc#" + api + ":/api/chat?token=abc";
    return request;
  };
  HttpResponse response = answer(200, "hello");
  response.url = "http://h:1/v1/api/chat";
  ASSERT_TRUE(record(chat("http://h:1/v1", "ollama"), response));
  ASSERT_EQ(tape.all().size(), 1u);
  EXPECT_EQ(tape.all()[0].url, "ollama:/api/chat?token=***");
  EXPECT_EQ(tape.all()[0].response.url, "ollama:/api/chat?token=***");
  auto other_api = replay(chat("http://h:1/v1", "openai"));
  ASSERT_FALSE(other_api);
  EXPECT_EQ(
      other_api.error().message,
      "POST openai:/api/chat?token=*** is not on the tape; the nearest is POST ollama:/api/chat?token=***");
  auto got = replay(chat("https://elsewhere.example", "ollama"));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->body, "hello");
}

TEST_F(TapeTest, FindsRequestsOfAnApiOnTapesThatNameTheServer) {
  HttpRequest request = post("{}");
  ASSERT_TRUE(record(request, answer(200, "hello")));
  request.url += "#ollama:/x";
  auto got = replay(request);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->body, "hello");
}

TEST_F(TapeTest, KeepsTheWholeUrlOfOtherRequests) {
  ASSERT_TRUE(record(get("http://h:1/page#section"), answer(200, "x")));
  EXPECT_EQ(tape.all()[0].url, "http://h:1/page");
}

TEST_F(TapeTest, StreamsInTheSamePieces) {
  auto pieces_of = [](HttpRequest& request, Texts& pieces) {
    request.on_body = [&pieces](std::string_view piece) {
      pieces.emplace_back(piece);
      return true;
    };
  };
  world.http.piece_bytes = 3;
  Texts heard;
  HttpRequest request = post("{}");
  pieces_of(request, heard);
  ASSERT_TRUE(record(request, answer(200, "abc\xc3\xa4xyz!")));
  EXPECT_EQ(heard, (Texts{"abc", "\xc3\xa4x", "yz!"}));
  Texts heard_again;
  pieces_of(request, heard_again);
  auto got = replay(request);
  ASSERT_TRUE(got);
  EXPECT_EQ(heard_again, heard);
  EXPECT_EQ(got->body, "abc\xc3\xa4xyz!");
}

TEST_F(TapeTest, ComparesJsonBodiesAsValuesAndOthersAsTheyAre) {
  ASSERT_TRUE(record(post(R"({"b": 1, "a": [1, 2]})"), answer(200, "one")));
  ASSERT_TRUE(record(post("a b"), answer(200, "two")));
  EXPECT_EQ(replay(post(R"({"a":[1,2],"b":1})"))->body, "one");
  EXPECT_EQ(replay(post("a b"))->body, "two");
}

TEST_F(TapeTest, AnswersTheSameQuestionInOrder) {
  ASSERT_TRUE(record(post("1"), answer(200, "first")));
  ASSERT_TRUE(record(post("2"), answer(200, "other")));
  ASSERT_TRUE(record(post("1"), answer(503, "second")));
  EXPECT_EQ(replay(post("1"))->body, "first");
  EXPECT_EQ(replay(post("1"))->body, "second");
  EXPECT_EQ(replayed->left(), 1u);
  auto third = replay(post("1"));
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().kind, Kind::not_taped);
  EXPECT_EQ(third.error().message, "POST http://h:1/x is on the tape 2 times, and was asked once more");
}

TEST_F(TapeTest, NamesTheNearestToWhatItHasNot) {
  auto refusal = [&](const HttpRequest& request) {
    auto got = replay(request);
    return got ? "an answer" : got.error().message;
  };
  ASSERT_TRUE(record(post(R"({"messages": [{"content": "Summarise this in three words: the old text"}]})"),
                     answer(200, "x")));
  ASSERT_TRUE(record(get("http://h:1/items"), answer(200, "x")));
  EXPECT_EQ(refusal(post(R"({"messages": [{"content": "Summarise this in three words: the new text"}]})")),
            "POST http://h:1/x is not on the tape; in the nearest the body differs: messages[0].content: the "
            "tape has '...in three words: the old text', asked was '...in three words: the new text'");
  EXPECT_EQ(refusal(post(R"({"messages": [], "model": "m"})")),
            "POST http://h:1/x is not on the tape; in the nearest the body differs: messages: the tape has a "
            "list of 1, asked was one of 0");
  EXPECT_EQ(refusal(get("http://h:1/item")),
            "GET http://h:1/item is not on the tape; the nearest is GET http://h:1/items");
  EXPECT_EQ(TapePlayer(tape, world.http, world.files, mask).send(get("http://h:1/items"), stop)->body, "x");
  Tape empty;
  EXPECT_EQ(TapePlayer(empty, world.http, world.files, mask).send(get("http://h:1/"), stop).error().message,
            "GET http://h:1/ is not on the tape; it holds nothing");
}

TEST_F(TapeTest, KeepsFailuresAndWhatCameBeforeThem) {
  HttpRequest request = post("{}");
  std::string heard;
  request.on_body = [&](std::string_view piece) {
    heard += piece;
    return true;
  };
  world.http.otherwise = [](const HttpRequest& asked, const Stop&) -> FakeHttp::Answer {
    asked.on_body("half an");
    return HttpError{Kind::cut, "h:1 broke off its answer"};
  };
  EXPECT_FALSE(TapeRecorder(tape, world.http, mask).send(request, stop));
  EXPECT_FALSE(record(get("http://h:1/"), HttpError{Kind::refused, "nothing listens on h:1"}));
  heard.clear();
  auto got = replay(request);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, Kind::cut);
  EXPECT_EQ(got.error().message, "h:1 broke off its answer");
  EXPECT_EQ(heard, "half an");
  EXPECT_EQ(replay(get("http://h:1/")).error().kind, Kind::refused);
}

TEST_F(TapeTest, KeepsNothingOfWhatSomebodyEnded) {
  EXPECT_FALSE(record(get("http://h:1/"), HttpError{Kind::stopped, "stopped"}));
  EXPECT_FALSE(record(get("http://h:1/"), HttpError{Kind::ended, "ended"}));
  EXPECT_FALSE(record(get("http://h:1/"), HttpError{Kind::file, "disk full"}));
  EXPECT_TRUE(tape.all().empty());
}

TEST_F(TapeTest, HoldsNoSecrets) {
  const std::string basic = "Basic " + base64_encode("me:basic-password");
  HttpRequest request = get("http://me:url-password@h:1/x?api_key=in-the-query&q=hunter-two&page=2");
  request.headers = {{"Authorization", "Bearer bearer-of-news"}, {"X-Api-Key", "key-in-a-header"}};
  request.body = R"({"say": "hunter-two"})";
  ASSERT_TRUE(record(request, answer(200, "bearer-of-news key-in-a-header hunter-two url-password",
                                     {{"set-cookie", "session=abcdefgh"}, {"echo", "hunter-two"}})));
  HttpRequest other = get("http://h:1/y");
  other.headers = {{"Authorization", basic}};
  ASSERT_TRUE(record(other, answer(401, "basic-password is wrong")));
  world.http.piece_bytes = 4;
  ASSERT_TRUE(record(get("http://h:1/z"), answer(200, "it is hunter-two.")));
  std::string text = written();
  for (const char* secret : {"bearer-of", "key-in-a", "in-the-query", "hunter", "url-pass", "basic-pass",
                             "session", "me:", "Authorization"})
    EXPECT_EQ(text.find(secret), std::string::npos) << secret << " in " << text;
  EXPECT_NE(text.find("http://h:1/x?api_key=***&q=***&page=2"), std::string::npos) << text;
  // Found again, also with another key and another secret of the same mission.
  mask = Mask({"other-secret"});
  for (const auto& [from, to] : {std::pair{"hunter-two", "other-secret"}, {"in-the-query", "elsewhere"}}) {
    for (std::string* part : {&request.url, &request.body})
      if (std::size_t at = part->find(from); at != std::string::npos)
        part->replace(at, std::string_view(from).size(), to);
  }
  EXPECT_EQ(replay(request)->body, "*** *** *** ***");
  EXPECT_EQ(replay(get("http://h:1/z"))->body, "it is ***.");
}

TEST_F(TapeTest, WritesAnAnswerToItsFile) {
  HttpRequest request = get("http://h:1/x");
  ASSERT_TRUE(record(request, answer(200, "bytes")));
  request.output_file = "/here/got";
  auto got = replay(request);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->body, "");
  EXPECT_EQ(got->bytes, 5u);
  EXPECT_EQ(world.files.files["/here/got"], "bytes");
}

TEST_F(TapeTest, MayBeWrittenByHand) {
  auto read = read_tape(R"({"format_version": 1, "exchanges": [
    {"request": {"method": "POST", "url": "http://h:1/x", "json": {"a": 1}},
     "response": {"status": 200, "body": "longer than its pieces say", "pieces": [3, 4]}}]})");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->at(0).pieces, Texts{"longer than its pieces say"});
  EXPECT_EQ(read->at(0).body, R"({"a":1})");
}

TEST_F(TapeTest, SaysWhyATapeCantBeRead) {
  auto problem = [](std::string_view text) { return read_tape(text).error().message; };
  EXPECT_EQ(problem("nothing").substr(0, 15), "it is not JSON:");
  EXPECT_EQ(problem("{}"), "it holds no exchanges");
  EXPECT_EQ(problem(R"({"format_version": 2, "exchanges": []})"),
            "its format_version is 2, and this program knows 1");
  EXPECT_EQ(problem(R"({"format_version": 1, "exchanges": [{}]})"), "exchange 1: it has no request");
  EXPECT_EQ(problem(R"({"format_version": 1, "exchanges": [{"request": {"method": "GET", "url": "u"}}]})"),
            "exchange 1: it has neither a response nor an error");
}

}  // namespace
}  // namespace rustchain
