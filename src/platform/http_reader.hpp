// Reads an HTTP/1.x answer (RFC 9112) from bytes as they come. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rustchain {

class HttpReader {
 public:
  enum class State : std::uint8_t {
    head,    // the status line and headers aren't complete
    body,    // the head is there
    done,    // the answer is complete
    broken,  // problem() tells what is wrong with it
    ended,   // on_head or on_piece said so
  };

  struct Answer {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case, in the order sent
    // The value of the first header of that name; empty: there is none.
    std::string_view header(std::string_view name) const;
  };

  // `bodiless`: an answer to this request has no body whatever it says (HEAD, CONNECT). `on_head` is called
  // once, with the answer that isn't interim (1xx are skipped); `on_piece` with each piece of the body,
  // chunking undone. Either ends the reading with false.
  HttpReader(bool bodiless, std::function<bool(const Answer&)> on_head,
             std::function<bool(std::string_view)> on_piece);

  // What follows a complete answer is dropped.
  State feed(std::string_view bytes);
  // The peer sends no more: done, or broken.
  State end();

  State state() const { return state_; }
  bool begun() const { return seen_ > 0; }
  const std::string& problem() const { return problem_; }

 private:
  enum class Part : std::uint8_t { line, data };
  enum class Framing : std::uint8_t { none, length, chunked, until_end };
  enum class Line : std::uint8_t { status, header, chunk_size, chunk_end, trailer };

  void take_line(std::string_view line);
  void take_status(std::string_view line);
  void take_header(std::string_view line);
  void take_chunk_size(std::string_view line);
  void end_of_head();
  void take_data(std::string_view& bytes);
  void fail(std::string problem);

  bool bodiless_;
  std::function<bool(const Answer&)> on_head_;
  std::function<bool(std::string_view)> on_piece_;
  State state_ = State::head;
  Part part_ = Part::line;
  Line expects_ = Line::status;
  Framing framing_ = Framing::none;
  Answer answer_;
  std::string line_;
  std::string problem_;
  std::size_t head_bytes_ = 0;
  std::uint64_t seen_ = 0;      // bytes fed
  std::uint64_t left_ = 0;      // of the body, or of the chunk
  std::uint64_t received_ = 0;  // of the body
};

}  // namespace rustchain
