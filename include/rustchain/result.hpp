// A value or the reason why there is none; what std::expected will be once every compiler we build with has
// it.
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace rustchain {

// Why something could not be done: one sentence for a person, and what to do about it (may be empty).
struct Error {
  std::string message;
  std::string help = {};
};

template <class T, class E = Error>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(E error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Asking the wrong one is a bug in the caller.
  T& value() & { return get<0>(state_); }
  const T& value() const& { return get<0>(state_); }
  T&& value() && { return std::move(get<0>(state_)); }
  const E& error() const { return get<1>(state_); }

  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }

 private:
  template <std::size_t I, class V>
  static auto& get(V& state) {
    assert(state.index() == I);
    return *std::get_if<I>(&state);
  }

  std::variant<T, E> state_;
};

// What an action gives that has nothing to give: `Result<Done>`.
struct Done {};

}  // namespace rustchain
