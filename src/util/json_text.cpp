// JSON out of texts that nobody vouches for: answers of servers and models.
#include "util/json_text.hpp"

#include "rustchain/json.hpp"

#include <algorithm>

namespace rustchain {
namespace {

std::size_t depth_of(std::string_view text) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

}  // namespace

Result<Json> parse_json(std::string_view text) {
  if (depth_of(text) > k_deepest_json)
    return Error{"it is nested deeper than " + std::to_string(k_deepest_json) + " levels"};
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    if (error.byte > text.size()) return Error{"it ends too early"};
    std::size_t at = error.byte == 0 ? 0 : error.byte - 1;
    auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
    std::size_t begin = text.substr(0, at).rfind('\n');
    std::size_t column = begin == std::string_view::npos ? at + 1 : at - begin;
    return Error{"it breaks at line " + std::to_string(line) + ", column " + std::to_string(column)};
  } catch (const Json::exception& error) {
    return Error{error.what()};
  }
}

std::string dump_json(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace rustchain
