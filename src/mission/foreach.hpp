// The items of a foreach. Pure: values and files are handed in.
#pragma once

#include "rustchain/json.hpp"
#include "rustchain/mission.hpp"
#include "rustchain/services.hpp"

#include "mission/references.hpp"
#include "mission/resolve.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace rustchain {

// The files that match a pattern, in byte order.
using FindFiles = std::function<Result<std::vector<std::string>, Failure>(const std::string& pattern)>;

struct Items {
  std::vector<Json> list;
  std::string pattern;  // of files; empty: the items are no files
};

// What is written is a list, a text with a reference, or {glob: pattern} (or a list of patterns). A text that
// a reference gives is a list written as JSON, else its lines that aren't empty. A Failure (kind invalid)
// where that gives no list, or one of more than a million items.
Result<Items, Failure> foreach_items(const Node& written, const Names& names, const Values& values,
                                     const FindFiles& find_files);

// What is wrong with it as it is written: one sentence and its cure; an empty message: nothing.
Error foreach_problem(const Node& written);

// Whether the text refers to `item` or `index`.
bool refers_to_item(std::string_view text);

// A short text for people: a scalar as it is, of a map its name, id or path, else JSON.
std::string item_label(const Json& item);

}  // namespace rustchain
