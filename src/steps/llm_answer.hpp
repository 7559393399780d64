// From a question to a model to the result of an llm step: asking, checking, repairing, writing.
#pragma once

#include "rustchain/step_result.hpp"
#include "rustchain/step_type.hpp"

#include "llm/ask.hpp"

#include <string_view>

namespace rustchain {

// Whether `extract` may be this: text, code, code:LANG, json.
bool is_extract(std::string_view text);

// Asks, takes out what `extract` wants, and holds the answer against `format` and `verify`; where `verify`
// allows it, a model whose answer isn't good is asked again with its answer and what is wrong with it. Only
// a good answer is written to `output_file`. `result` may have warnings already.
StepResult answer_question(const StepContext& context, Question question, StepResult result);

}  // namespace rustchain
