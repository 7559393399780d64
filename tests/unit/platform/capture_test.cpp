#include "platform/capture.hpp"

#include "support/temporary_directory.hpp"

#include <string>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

Captured capture(std::size_t keep, const std::vector<std::string>& pieces) {
  Capture capture(keep, "");
  for (const std::string& piece : pieces) capture.add(piece);
  return capture.finish();
}

TEST(Capture, KeepsAllThatFits) {
  Captured got = capture(10, {"01234", "56", "789"});
  EXPECT_EQ(got.head, "0123456789");
  EXPECT_EQ(got.tail, "");
  EXPECT_FALSE(got.truncated());
}

TEST(Capture, KeepsBeginningAndEndOfTheRest) {
  Captured got = capture(10, {"0123", "456789abcd", "ef"});
  EXPECT_EQ(got.head, "01234");
  EXPECT_EQ(got.tail, "bcdef");
  EXPECT_EQ(got.text(), "01234\n[... 6 bytes cut ...]\nbcdef");
}

TEST(Capture, TheEndIsRightHoweverThePiecesFall) {
  std::string all;
  for (int i = 0; i < 1000; ++i) all += std::to_string(i) + ",";
  for (std::size_t size = 1; size < 40; ++size) {
    Capture capture(51, "");
    for (std::size_t at = 0; at < all.size(); at += size) capture.add(std::string_view(all).substr(at, size));
    Captured got = capture.finish();
    EXPECT_EQ(got.head, all.substr(0, 25));
    EXPECT_EQ(got.tail, all.substr(all.size() - 26));
    EXPECT_EQ(got.bytes, all.size());
  }
}

TEST(Capture, MayKeepNothing) {
  Captured got = capture(0, {"a\n", "b"});
  EXPECT_EQ(got.bytes, 3u);
  EXPECT_EQ(got.lines, 2u);
  EXPECT_EQ(got.head + got.tail, "");
}

TEST(Capture, CountsALastLineWithoutItsEnd) {
  EXPECT_EQ(capture(9, {}).lines, 0u);
  EXPECT_EQ(capture(9, {"\n"}).lines, 1u);
  EXPECT_EQ(capture(9, {"a\n", "b"}).lines, 2u);
  EXPECT_EQ(capture(9, {std::string(100000, '\n')}).lines, 100000u);
}

TEST(Capture, CutsNoCharacterInTwo) {
  // three bytes each
  Captured got = capture(10, {"€€€€€€€€€€"});
  EXPECT_EQ(got.head, "€");
  EXPECT_EQ(got.tail, "€");
  EXPECT_EQ(got.bytes - got.head.size() - got.tail.size(), 24u);
}

TEST(Capture, BytesThatAreNoTextAreLeftAlone) {
  std::string bytes(20, '\x80');
  Captured got = capture(10, {bytes});
  EXPECT_EQ(got.head, bytes.substr(0, 5));
  EXPECT_EQ(got.tail, bytes.substr(0, 5));
}

TEST(Capture, TheLastLineIsTheLastThatIsNotEmpty) {
  auto last = [](const std::vector<std::string>& pieces) {
    Capture capture(10, "");
    for (const std::string& piece : pieces) capture.add(piece);
    return capture.last_line();
  };
  EXPECT_EQ(last({}), "");
  EXPECT_EQ(last({"\n\n"}), "");
  EXPECT_EQ(last({"one\ntwo\n", "\n\r\n"}), "two");
  EXPECT_EQ(last({"one\nt", "w", "o"}), "two");
  EXPECT_EQ(last({"10 %\r", "20 %\r"}), "20 %");
  EXPECT_EQ(last({std::string(300, 'a')}), std::string(200, 'a'));
  EXPECT_EQ(last({std::string(199, 'a') + "€€"}), std::string(199, 'a'));
  EXPECT_EQ(last({std::string(100000, 'b') + "\nend"}), "end");
}

TEST(Capture, SaysWhyItCannotStore) {
  Capture capture(10, "/dev/null/file");
  capture.add("a");
  capture.add("b");
  Captured got = capture.finish();
  EXPECT_EQ(got.store_error, "can't make '/dev/null/file': Not a directory");
  EXPECT_EQ(got.file, "");
  EXPECT_EQ(got.head, "ab");
}

TEST(Capture, MasksWhatPeopleSeeAndNothingElse) {
  TemporaryDirectory dir;
  Mask mask({"hunter-two"});
  Capture capture(1000, dir / "out", dir / "plain", &mask);
  capture.add("a hunt");
  EXPECT_EQ(dir.get("out"), "a ");
  EXPECT_EQ(capture.last_line(), "a ");
  capture.add("er-two\nhunter");
  EXPECT_EQ(capture.last_line(), "a ***");
  Captured got = capture.finish();
  EXPECT_EQ(got.text(), "a hunter-two\nhunter");
  EXPECT_EQ(got.bytes, 19u);
  EXPECT_EQ(dir.get("out"), "a ***\nhunter");
  EXPECT_EQ(dir.get("plain"), "a hunter-two\nhunter");
  EXPECT_EQ(got.file, dir / "out");
  EXPECT_EQ(got.plain_file, dir / "plain");
}

}  // namespace
}  // namespace rustchain
