// The environment of a process, in the one piece in which it is handed on: a run does that for each step.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace rustchain {

class Environment {
 public:
  Environment() = default;
  Environment(std::initializer_list<std::pair<std::string_view, std::string_view>> variables);

  // At the end; a name that is there already is there twice then, and the first is the one that is found.
  void add(std::string_view name, std::string_view value);
  // In the place of all of that name, at the end.
  void set(std::string_view name, std::string_view value);
  std::optional<std::string> find(std::string_view name) const;

  // Each as NAME=value and a NUL byte, in their order.
  const std::string& block() const { return block_; }
  std::size_t size() const { return size_; }  // in variables
  // The name of one that holds a NUL byte, and so isn't there: no program can be given it. Empty: none did.
  const std::string& unusable() const { return unusable_; }

  bool operator==(const Environment&) const = default;

 private:
  std::string block_;
  std::size_t size_ = 0;
  std::string unusable_;
};

}  // namespace rustchain
