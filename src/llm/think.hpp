// Keeps a thinking block at the beginning of an answer (<think>...</think>) apart from the answer. Pure.
#pragma once

#include <string>
#include <string_view>

namespace rustchain {

// Some servers send a model's thinking as part of its answer.
class ThinkSplitter {
 public:
  // The part of this piece (and of what was held back) that belongs to the answer.
  std::string feed(std::string_view piece);
  // The thinking since the last call.
  std::string take_thinking();
  // What is held back because it may be the beginning of a mark; to be asked for at the end.
  std::string take_held();

 private:
  enum class At { begin, thinking, answer };
  At at_ = At::begin;
  std::string held_;
  std::string thinking_;
};

}  // namespace rustchain
