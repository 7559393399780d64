// Undoes the compression of an answer's body (Content-Encoding), piece by piece in bounded memory.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace rustchain {

class HttpDecoder {
 public:
  using Sink = std::function<bool(std::string_view)>;
  enum class State : std::uint8_t { ok, broken, ended /* the sink said so */ };

  virtual ~HttpDecoder() = default;
  virtual State feed(std::string_view bytes, const Sink& sink) = 0;
  // Whether what was fed ends where it should. Nothing at all is complete, too.
  virtual bool complete() const = 0;

  // For the value of a Content-Encoding header; nullptr: there is nothing to undo, or nothing that is known.
  static std::unique_ptr<HttpDecoder> make(std::string_view encoding);
  // What a request may say that it accepts.
  static std::string_view accepted();
};

}  // namespace rustchain
