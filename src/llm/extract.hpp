// Takes what is wanted out of a model's answer: code without fences and prose, or JSON. Pure.
#pragma once

#include "rustchain/json_fwd.hpp"
#include "rustchain/result.hpp"

#include <string>
#include <string_view>

namespace rustchain {

// The code of all fenced blocks, or of those of a language (with its usual other names), joined; without its
// fences. An unlabelled fence counts for any language where no block is labelled with it. The error says what
// there is instead.
Result<std::string> extract_code(std::string_view answer, std::string_view language = {});

// The one JSON value of an answer: all of it, or what a fenced block holds, or the first object or list that
// stands in the prose.
Result<Json> extract_json(std::string_view answer);

}  // namespace rustchain
