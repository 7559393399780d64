// Reads an HTTP/1.x answer (RFC 9112) from bytes as they come. Pure.
#include "platform/http_reader.hpp"

#include "util/text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace rustchain {
namespace {

constexpr std::size_t k_most_head_bytes = 256 << 10;  // and of all trailers, and of a chunk's size line

template <class Number>
bool whole_number(std::string_view text, Number& number, int base = 10) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string_view HttpReader::Answer::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return {};
}

HttpReader::HttpReader(bool bodiless, std::function<bool(const Answer&)> on_head,
                       std::function<bool(std::string_view)> on_piece)
    : bodiless_(bodiless), on_head_(std::move(on_head)), on_piece_(std::move(on_piece)) {}

HttpReader::State HttpReader::feed(std::string_view bytes) {
  seen_ += bytes.size();
  while (!bytes.empty() && (state_ == State::head || state_ == State::body)) {
    if (part_ == Part::data) {
      take_data(bytes);
      continue;
    }
    std::size_t end = bytes.find('\n');
    std::string_view piece = bytes.substr(0, end);
    head_bytes_ += piece.size();
    if (head_bytes_ > k_most_head_bytes) {
      fail("its headers are longer than 256 KiB");
      break;
    }
    line_ += piece;
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    if (end == std::string_view::npos) break;
    if (line_.ends_with('\r')) line_.pop_back();
    std::string line = std::move(line_);
    line_.clear();
    take_line(line);
  }
  return state_;
}

HttpReader::State HttpReader::end() {
  if (state_ == State::body && framing_ == Framing::until_end) {
    state_ = State::done;
  } else if (state_ == State::head) {
    fail(begun() ? "it ends within the headers" : "there is none");
  } else if (state_ == State::body) {
    fail("it ends after " + std::to_string(received_) +
         (framing_ == Framing::length ? " of " + std::to_string(received_ + left_) : std::string()) +
         " bytes of the body");
  }
  return state_;
}

void HttpReader::take_line(std::string_view line) {
  switch (expects_) {
    case Line::status: return take_status(line);
    case Line::header: return take_header(line);
    case Line::chunk_size: return take_chunk_size(line);
    case Line::chunk_end:
      if (!line.empty()) return fail("a chunk of its body is longer than it says");
      expects_ = Line::chunk_size;
      return;
    case Line::trailer:
      if (line.empty()) state_ = State::done;
      return;
  }
}

void HttpReader::take_status(std::string_view line) {
  // RFC 9112, 2.2: an empty line before the status line is to be ignored.
  if (line.empty()) return;
  bool shaped = line.size() >= 12 && line.starts_with("HTTP/1.") && line[8] == ' ' &&
                (line.size() == 12 || line[12] == ' ');
  if (!shaped || !whole_number(line.substr(9, 3), answer_.status) || answer_.status < 100)
    return fail("it isn't HTTP");
  expects_ = Line::header;
}

void HttpReader::take_header(std::string_view line) {
  if (line.empty()) return end_of_head();
  if ((line[0] == ' ' || line[0] == '\t') && !answer_.headers.empty()) {
    answer_.headers.back().second.append(" ").append(trim(line));
    return;
  }
  std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return fail("one of its headers has no name");
  answer_.headers.emplace_back(to_lower(trim(line.substr(0, colon))), trim(line.substr(colon + 1)));
}

void HttpReader::end_of_head() {
  bool interim = answer_.status / 100 == 1;
  if (interim && answer_.status != 101) {
    answer_ = {};
    expects_ = Line::status;
    return;
  }
  if (interim) return fail("it changes to another protocol, which wasn't asked for");

  framing_ = Framing::until_end;
  std::optional<std::uint64_t> length;
  std::string coding;
  for (const auto& [name, value] : answer_.headers) {
    if (name == "transfer-encoding") coding += (coding.empty() ? "" : ",") + to_lower(value);
    if (name != "content-length") continue;
    for (std::string_view one : split(value, ',')) {
      std::uint64_t number = 0;
      if (!whole_number(trim(one), number) || (length && *length != number))
        return fail("its Content-Length is '" + value + "'");
      length = number;
    }
  }
  if (!coding.empty() && coding != "chunked" && coding != "identity")
    return fail("its Transfer-Encoding '" + coding + "' is unknown");

  bool none = bodiless_ || answer_.status == 204 || answer_.status == 304;
  if (none) {
    framing_ = Framing::none;
  } else if (coding == "chunked") {
    framing_ = Framing::chunked;
  } else if (length) {
    framing_ = *length == 0 ? Framing::none : Framing::length;
    left_ = *length;
  }
  state_ = State::body;
  head_bytes_ = 0;
  expects_ = Line::chunk_size;
  part_ = framing_ == Framing::chunked ? Part::line : Part::data;
  if (!on_head_(answer_)) {
    state_ = State::ended;
  } else if (framing_ == Framing::none) {
    state_ = State::done;
  }
}

void HttpReader::take_chunk_size(std::string_view line) {
  std::string_view size = trim(line.substr(0, line.find(';')));
  if (!whole_number(size, left_, 16)) return fail("the chunks of its body are broken");
  head_bytes_ = 0;
  if (left_ == 0) {
    expects_ = Line::trailer;
  } else {
    part_ = Part::data;
  }
}

void HttpReader::take_data(std::string_view& bytes) {
  std::string_view piece = bytes;
  if (framing_ != Framing::until_end) {
    piece = bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size())));
    left_ -= piece.size();
  }
  received_ += piece.size();
  bytes.remove_prefix(piece.size());
  if (!on_piece_(piece)) {
    state_ = State::ended;
  } else if (left_ == 0 && framing_ == Framing::length) {
    state_ = State::done;
  } else if (left_ == 0 && framing_ == Framing::chunked) {
    part_ = Part::line;
    expects_ = Line::chunk_end;
  }
}

void HttpReader::fail(std::string problem) {
  state_ = State::broken;
  problem_ = std::move(problem);
}

}  // namespace rustchain
