#include "util/mask.hpp"

#include "util/base64.hpp"
#include "util/mask_json.hpp"
#include "util/text.hpp"
#include "util/url.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using Texts = std::vector<std::string>;

std::string masked(const Texts& values, std::string_view text) {
  return Mask(values).text(text);
}

// Obviously right and slow: every byte of every occurrence is covered.
std::string naive(const Texts& values, const std::string& text) {
  std::string covered(text.size(), ' ');
  for (const std::string& value : values)
    for (std::size_t at = 0; (at = text.find(value, at)) != std::string::npos; ++at)
      covered.replace(at, value.size(), value.size(), 'x');
  std::string all;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (covered[i] == ' ')
      all += text[i];
    else if (i == 0 || covered[i - 1] == ' ')
      all += "***";
  }
  return all;
}

TEST(Mask, CoversEverySecretHoweverTheyOverlapAndHoweverTheTextIsCut) {
  std::mt19937 random(4711);  // NOLINT: the same cases each time
  auto pick = [&](std::size_t below) { return static_cast<std::size_t>(random() % below); };
  auto letters = [&](std::size_t count, std::size_t kinds) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += static_cast<char>('a' + pick(kinds));
    return text;
  };
  for (int round = 0; round < 3000; ++round) {
    std::size_t kinds = 1 + pick(3);
    Texts values;
    std::size_t longest = 0;
    for (std::size_t i = 0; i < 1 + pick(4); ++i) {
      values.push_back(letters(4 + pick(7), kinds));
      longest = std::max(longest, base64_encode(values.back()).size());
    }
    std::string text;
    while (text.size() < 60) text += pick(3) == 0 ? values[pick(values.size())] : letters(1 + pick(6), kinds);
    std::string expected = naive(values, text);

    Mask mask(values);
    MaskStream stream(mask);
    std::string streamed;
    std::size_t given = 0;
    while (given < text.size()) {
      std::size_t size = std::min(text.size() - given, pick(9));
      stream.add(std::string_view(text).substr(given, size), streamed);
      given += size;
      // No more is held back than what could still become the longest spelling.
      ASSERT_LE(naive(values, text.substr(0, given)).size(), streamed.size() + longest - 1);
      ASSERT_TRUE(expected.starts_with(streamed)) << text;
    }
    stream.end(streamed);
    ASSERT_EQ(streamed, expected) << text;
    ASSERT_EQ(mask.text(text), expected) << text;
  }
}

TEST(Mask, TakesTheLongestAndHidesWhatOverlaps) {
  EXPECT_EQ(masked({"abcd", "abcdefgh"}, "[abcdefgh] [abcdef]"), "[***] [***ef]");
  EXPECT_EQ(masked({"abcd", "cdef"}, "<abcdef>"), "<***>");
  EXPECT_EQ(masked({"abcd"}, "abcdabcd"), "***");
}

TEST(Mask, LetsThroughAtOnceWhatNoSecretBeginsWith) {
  Mask mask({"secret"});
  MaskStream stream(mask);
  std::string shown;
  stream.add("Password: ", shown);
  EXPECT_EQ(shown, "Password: ");
  stream.add("se", shown);
  EXPECT_EQ(shown, "Password: ");
  stream.add("t", shown);
  EXPECT_EQ(shown, "Password: set");
  stream.add("secre", shown);
  stream.add("t!", shown);
  EXPECT_EQ(shown, "Password: set***!");
}

TEST(Mask, CoversTheSpellingsOfOtherLanguages) {
  const std::string secret = "a\"b\\c é'd/+ 1";
  Texts values = {secret};
  EXPECT_EQ(masked(values, Json({{"k", secret}}).dump()), R"({"k":"***"})");
  EXPECT_EQ(masked(values, Json({{"k", secret}}).dump(-1, ' ', true)), R"({"k":"***"})");
  EXPECT_EQ(masked(values, "echo " + shell_quote(secret)), "echo '***'");
  EXPECT_EQ(masked(values, "?k=" + percent_encode(secret) + "&x=1"), "?k=***&x=1");
  EXPECT_EQ(masked(values, "?k=" + to_lower(percent_encode("\"")) + "&x=1"), "?k=%22&x=1");
  EXPECT_EQ(masked(values, "k=" + replace_all(percent_encode(secret), "%20", "+")), "k=***");
}

TEST(Mask, CoversBase64AtEveryOffset) {
  const std::string secret = "s3cr3t/p4ss+w0rd>>>???";
  Mask mask({secret});
  EXPECT_EQ(mask.text("Basic " + base64_encode(secret)), "Basic ***");
  for (const char* user : {"u", "us", "use", "user"}) {
    std::string shown = mask.text(base64_encode(std::string(user) + ":" + secret + "\n"));
    EXPECT_NE(shown.find("***"), std::string::npos) << shown;
    // At the edges a digit is made of the secret's bits and of others.
    EXPECT_LE(shown.size(), base64_encode(std::string(user) + ":").size() + 3 + 4) << shown;
  }
  std::string url = base64_encode(secret);
  std::replace(url.begin(), url.end(), '+', '-');
  std::replace(url.begin(), url.end(), '/', '_');
  EXPECT_EQ(mask.text(url), "***");
}

TEST(Mask, CoversEachLineOfAValueOfSeveral) {
  const std::string key = "-----BEGIN KEY-----\nMIIBOgIBAAJB\nx\nAKj34Gkx\n-----END KEY-----\n";
  Texts values = {key};
  EXPECT_EQ(masked(values, "cat:\n" + key), "cat:\n***\n");
  EXPECT_EQ(masked(values, "1 MIIBOgIBAAJB\n2 x\n3 AKj34Gkx\n"), "1 ***\n2 x\n3 ***\n");
}

TEST(Mask, LeavesValuesThatAreTooShort) {
  EXPECT_TRUE(Mask({"", "abc", "  \n", " ab "}).empty());
  EXPECT_FALSE(Mask::can_mask("abc\n"));
  EXPECT_TRUE(Mask::can_mask("abcd"));
  EXPECT_EQ(Mask({"abc"}).text("abc"), "abc");
  EXPECT_EQ(Mask().text("abc"), "abc");
}

TEST(Mask, CoversWhatACutHasLeftOfASecret) {
  Texts values = {"correct-horse-battery"};
  EXPECT_EQ(masked(values, "'correct-hor...' is wrong"), "'***...' is wrong");
  EXPECT_EQ(masked(values, "\"correct-hor\"... is wrong"), "\"***\"... is wrong");
  EXPECT_EQ(masked(values, "correct-h\n[... 9 bytes cut ...]\nse-battery."),
            "***\n[... 9 bytes cut ...]\n***.");
  EXPECT_EQ(masked(values, "name correct-h ... battery is"), "name *** ... *** is");
  EXPECT_EQ(masked(values, "correct-h"), "correct-h");
  EXPECT_EQ(masked(values, std::string(300, '.') + "correct-h"), std::string(300, '.') + "***");
}

TEST(Mask, KeepsPlacesWhereTheyAre) {
  EXPECT_EQ(Mask({"ab\ncdefghijk"}).in_place("x ab\ncdefghijk y"), "x **\n********* y");
}

TEST(Mask, MasksJsonInside) {
  Json json = {{"secret-one", 1}, {"b", {"x secret-one", 12345, 123, true, nullptr}}};
  mask_json(Mask({"secret-one", "1234"}), json);
  EXPECT_EQ(json.dump(), R"({"***":1,"b":["x ***","***5",123,true,null]})");
}

}  // namespace
}  // namespace rustchain
