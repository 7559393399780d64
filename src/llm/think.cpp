// Keeps a thinking block at the beginning of an answer (<think>...</think>) apart from the answer. Pure.
#include "llm/think.hpp"

#include "util/text.hpp"

#include <algorithm>
#include <utility>

namespace rustchain {
namespace {

constexpr std::string_view k_open = "<think>";
constexpr std::string_view k_close = "</think>";

// How many bytes at the end of `text` may be the beginning of `mark`.
std::size_t unfinished(std::string_view text, std::string_view mark) {
  for (std::size_t size = std::min(text.size(), mark.size() - 1); size > 0; --size)
    if (text.ends_with(mark.substr(0, size))) return size;
  return 0;
}

}  // namespace

std::string ThinkSplitter::feed(std::string_view piece) {
  if (at_ == At::answer) return std::string(piece);
  held_ += piece;
  if (at_ == At::begin) {
    std::string_view text = held_;
    std::size_t first = text.find_first_not_of(" \t\r\n");
    text = first == std::string_view::npos ? std::string_view{} : text.substr(first);
    if (text.size() < k_open.size() && k_open.starts_with(text)) return {};
    if (!text.starts_with(k_open)) {
      at_ = At::answer;
      return std::exchange(held_, {});
    }
    at_ = At::thinking;
    held_ = std::string(text.substr(k_open.size()));
  }
  std::size_t close = held_.find(k_close);
  if (close == std::string::npos) {
    std::size_t sure = held_.size() - unfinished(held_, k_close);
    thinking_ += held_.substr(0, sure);
    held_.erase(0, sure);
    return {};
  }
  thinking_ += held_.substr(0, close);
  std::string answer = held_.substr(close + k_close.size());
  held_.clear();
  at_ = At::answer;
  return answer.substr(std::min(answer.find_first_not_of(" \t\r\n"), answer.size()));
}

std::string ThinkSplitter::take_thinking() {
  return std::exchange(thinking_, {});
}

std::string ThinkSplitter::take_held() {
  std::string held = std::exchange(held_, {});
  if (at_ == At::thinking) {
    thinking_ += held;
    return {};
  }
  at_ = At::answer;
  return held;
}

}  // namespace rustchain
