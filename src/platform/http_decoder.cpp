// Undoes the compression of an answer's body (Content-Encoding), piece by piece in bounded memory.
#include "platform/http_decoder.hpp"

#include "util/text.hpp"

#include <array>

#include <zlib.h>
#ifdef RUSTCHAIN_BROTLI
#include <brotli/decode.h>
#endif

namespace rustchain {
namespace {

constexpr std::size_t k_out_bytes = 32 << 10;

class Zlib : public HttpDecoder {
 public:
  explicit Zlib(bool deflate) : deflate_(deflate) {}
  ~Zlib() override {
    if (open_) inflateEnd(&stream_);
  }

  State feed(std::string_view bytes, const Sink& sink) override {
    while (!bytes.empty()) {
      if (!open_ && !open(bytes)) return State::broken;
      // A length that doesn't fit zlib's type is fed in parts.
      std::string_view part = bytes.substr(0, 1 << 30);
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(part.data()));
      stream_.avail_in = static_cast<uInt>(part.size());
      int code = Z_OK;
      do {
        stream_.next_out = reinterpret_cast<Bytef*>(out_.data());
        stream_.avail_out = static_cast<uInt>(out_.size());
        code = inflate(&stream_, Z_NO_FLUSH);
        if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) return State::broken;
        std::size_t given = out_.size() - stream_.avail_out;
        if (given > 0 && !sink({out_.data(), given})) return State::ended;
      } while (code == Z_OK && (stream_.avail_in > 0 || stream_.avail_out == 0));
      bytes.remove_prefix(part.size() - stream_.avail_in);
      if (code == Z_STREAM_END) {  // another gzip member may follow
        inflateEnd(&stream_);
        open_ = false;
        members_ = true;
        if (deflate_) return State::ok;
      }
    }
    return State::ok;
  }

  bool complete() const override { return !open_; }

 private:
  bool open(std::string_view bytes) {
    // What follows the last member is padding, not data.
    if (members_ && bytes[0] != '\x1f') return false;
    stream_ = {};
    // "deflate" means the zlib format, but some servers send the bare one: tell them apart by the first byte.
    bool bare = deflate_ && (bytes[0] & 0x0f) != 8;
    open_ = inflateInit2(&stream_, bare ? -15 : deflate_ ? 15 : 15 + 16) == Z_OK;
    return open_;
  }

  bool deflate_;
  bool open_ = false;
  bool members_ = false;
  z_stream stream_{};
  std::array<char, k_out_bytes> out_;
};

#ifdef RUSTCHAIN_BROTLI
class Brotli : public HttpDecoder {
 public:
  Brotli() : state_(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), BrotliDecoderDestroyInstance) {}

  State feed(std::string_view bytes, const Sink& sink) override {
    if (!state_) return State::broken;
    begun_ = begun_ || !bytes.empty();
    auto* in = reinterpret_cast<const std::uint8_t*>(bytes.data());
    std::size_t in_left = bytes.size();
    for (;;) {
      auto* out = reinterpret_cast<std::uint8_t*>(out_.data());
      std::size_t out_left = out_.size();
      auto result = BrotliDecoderDecompressStream(state_.get(), &in_left, &in, &out_left, &out, nullptr);
      if (result == BROTLI_DECODER_RESULT_ERROR) return State::broken;
      std::size_t given = out_.size() - out_left;
      if (given > 0 && !sink({out_.data(), given})) return State::ended;
      if (result != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) return State::ok;
    }
  }

  bool complete() const override { return !begun_ || BrotliDecoderIsFinished(state_.get()); }

 private:
  std::unique_ptr<BrotliDecoderState, void (*)(BrotliDecoderState*)> state_;
  bool begun_ = false;
  std::array<char, k_out_bytes> out_;
};
#endif

}  // namespace

std::unique_ptr<HttpDecoder> HttpDecoder::make(std::string_view encoding) {
  std::string name = to_lower(trim(encoding));
  if (name == "gzip" || name == "x-gzip") return std::make_unique<Zlib>(false);
  if (name == "deflate") return std::make_unique<Zlib>(true);
#ifdef RUSTCHAIN_BROTLI
  if (name == "br") return std::make_unique<Brotli>();
#endif
  return nullptr;
}

std::string_view HttpDecoder::accepted() {
#ifdef RUSTCHAIN_BROTLI
  return "gzip, deflate, br";
#else
  return "gzip, deflate";
#endif
}

}  // namespace rustchain
