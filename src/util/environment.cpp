#include "rustchain/environment.hpp"

namespace rustchain {
namespace {

// The end of the entry that begins there, its NUL byte included.
std::size_t next_entry(const std::string& block, std::size_t at) {
  return block.find('\0', at) + 1;
}

// Where the first entry of that name begins, not before `at`; npos: there is none.
std::size_t find_entry(const std::string& block, std::string_view name, std::size_t at) {
  for (; at < block.size(); at = next_entry(block, at))
    if (block.compare(at, name.size(), name) == 0 && block[at + name.size()] == '=') return at;
  return std::string::npos;
}

}  // namespace

Environment::Environment(std::initializer_list<std::pair<std::string_view, std::string_view>> variables) {
  for (const auto& [name, value] : variables) add(name, value);
}

void Environment::add(std::string_view name, std::string_view value) {
  if (name.find('\0') != std::string_view::npos || value.find('\0') != std::string_view::npos) {
    unusable_ = name.substr(0, name.find('\0'));
    return;
  }
  block_.append(name).append(1, '=').append(value).append(1, '\0');
  ++size_;
}

void Environment::set(std::string_view name, std::string_view value) {
  for (std::size_t at = 0; (at = find_entry(block_, name, at)) != std::string::npos; --size_)
    block_.erase(at, next_entry(block_, at) - at);
  add(name, value);
}

std::optional<std::string> Environment::find(std::string_view name) const {
  const std::size_t at = find_entry(block_, name, 0);
  if (at == std::string::npos) return std::nullopt;
  return block_.substr(at + name.size() + 1, next_entry(block_, at) - at - name.size() - 2);
}

}  // namespace rustchain
