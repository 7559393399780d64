// One function out of several, chosen by the type of its argument: what std::visit is given.
#pragma once

namespace rustchain {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace rustchain
