#include "platform/http_decoder.hpp"

#include <cstdint>
#include <string>

#include <gtest/gtest.h>
#include <zlib.h>
#ifdef RUSTCHAIN_BROTLI
#include <brotli/encode.h>
#endif

namespace rustchain {
namespace {

using State = HttpDecoder::State;

// `bits` as zlib wants it: 31 gzip, 15 zlib, -15 bare deflate.
std::string deflated(std::string text, int bits) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY);
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

struct Decoded {
  State state = State::ok;
  bool complete = false;
  std::string text;
};
Decoded decode(std::string_view encoding, std::string_view bytes, std::size_t piece) {
  auto decoder = HttpDecoder::make(encoding);
  Decoded result;
  for (std::size_t at = 0; at < bytes.size() && result.state == State::ok; at += piece)
    result.state = decoder->feed(bytes.substr(at, piece), [&](std::string_view some) {
      result.text += some;
      return true;
    });
  result.complete = decoder->complete();
  return result;
}

std::string long_text() {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "line " + std::to_string(i) + "\n";
  return text;
}

TEST(HttpDecoder, UndoesEachCompressionPieceByPiece) {
  std::string text = long_text();
  for (std::size_t piece : {1, 1000, 1 << 20}) {
    for (auto [encoding, bits] : {std::pair{"gzip", 31}, {"X-Gzip", 31}, {"deflate", 15}, {"deflate", -15}}) {
      Decoded one = decode(encoding, deflated(text, bits), piece);
      EXPECT_EQ(one.state, State::ok) << encoding << bits;
      EXPECT_TRUE(one.complete);
      EXPECT_TRUE(one.text == text);
    }
  }
}

TEST(HttpDecoder, ReadsSeveralGzipMembersAsOne) {
  Decoded one = decode("gzip", deflated("one ", 31) + deflated("two", 31), 5);
  EXPECT_EQ(one.text, "one two");
  EXPECT_TRUE(one.complete);
}

TEST(HttpDecoder, NoticesACutAndABreak) {
  std::string packed = deflated(long_text(), 31);
  EXPECT_FALSE(decode("gzip", packed.substr(0, packed.size() / 2), 1000).complete);
  packed[packed.size() / 2] = static_cast<char>(packed[packed.size() / 2] ^ 0x55);
  EXPECT_EQ(decode("gzip", packed, 1000).state, State::broken);
  EXPECT_EQ(decode("gzip", "plain text", 1000).state, State::broken);
}

TEST(HttpDecoder, GrowsNothingBeyondWhatTheSinkTakes) {
  std::string bomb = deflated(std::string(50 << 20, '\0'), 31);
  auto decoder = HttpDecoder::make("gzip");
  std::size_t taken = 0;
  State state =
      decoder->feed(bomb, [&](std::string_view some) { return (taken += some.size()) < (1 << 20); });
  EXPECT_EQ(state, State::ended);
  EXPECT_LT(taken, 2u << 20);
}

TEST(HttpDecoder, LeavesWhatItDoesNotKnow) {
  EXPECT_EQ(HttpDecoder::make(""), nullptr);
  EXPECT_EQ(HttpDecoder::make("identity"), nullptr);
  EXPECT_EQ(HttpDecoder::make("zstd"), nullptr);
}

#ifdef RUSTCHAIN_BROTLI
TEST(HttpDecoder, UndoesBrotli) {
  std::string text = long_text();
  std::string packed(BrotliEncoderMaxCompressedSize(text.size()), '\0');
  std::size_t size = packed.size();
  BrotliEncoderCompress(5, 22, BROTLI_MODE_TEXT, text.size(),
                        reinterpret_cast<const std::uint8_t*>(text.data()), &size,
                        reinterpret_cast<std::uint8_t*>(packed.data()));
  packed.resize(size);
  for (std::size_t piece : {1, 1000, 1 << 20}) {
    Decoded one = decode("br", packed, piece);
    EXPECT_TRUE(one.text == text);
    EXPECT_TRUE(one.complete);
  }
  EXPECT_FALSE(decode("br", std::string_view(packed).substr(0, size / 2), 1000).complete);
}
#endif

}  // namespace
}  // namespace rustchain
