// What a prompt is given of the steps before it when it doesn't refer to them itself. Pure.
#pragma once

#include "rustchain/node.hpp"
#include "rustchain/step_type.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace rustchain {

// Whether a text in `parameters` refers to one of these steps (by its id, an alias of it, steps.ID, or
// previous_result).
bool refers_to_any(const Node& parameters, const std::vector<ContextItem>& items);

struct PromptContext {
  std::string text;               // empty: there is nothing to tell
  std::vector<std::string> cuts;  // one sentence for each output that was cut
};
// The outputs, labelled, at most `most` characters in all: short ones whole, long ones cut in the middle.
PromptContext context_text(const std::vector<ContextItem>& items, std::size_t most);

}  // namespace rustchain
