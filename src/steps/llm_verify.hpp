// The check of a model's answer: `verify` of llm.
#pragma once

#include "rustchain/effects.hpp"
#include "rustchain/keys.hpp"
#include "rustchain/step_result.hpp"
#include "rustchain/step_type.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

inline constexpr auto k_verify_keys = std::to_array<KeySpec>({
    {.name = "command",
     .types = k_string | k_list,
     .element = k_string,
     .doc = "The checker: a good answer is one with which it ends with code 0. {answer_file} names the file "
            "that has the answer; without that it reads the answer from its standard input.",
     .example = "gcc -fsyntax-only {answer_file}"},
    {.name = "args",
     .types = k_list | k_string,
     .element = k_string,
     .doc = "Its arguments, each as one word that no shell reads.",
     .example = "[-fsyntax-only, \"{answer_file}\"]"},
    {.name = "json_schema",
     .types = k_map,
     .doc = "A JSON schema that the answer must fit.",
     .example = "{type: object, required: [score]}"},
    {.name = "max_repairs",
     .types = k_integer,
     .default_value = "2",
     .doc = "How often the model is asked again, with its answer and what the check says of it.",
     .example = "1"},
});

// How the texts of `verify` are read, as those of a command step: StepType::text_kind for "verify.command".
TextKind verify_text_kind(const Step& step, std::string_view key);
void check_verify(const Step& step, Diagnostics& problems);
// What its command would do; `verify` in the shape of StepContext::parameters.
Effects verify_effects(const Step& step, const Json& verify);

// Why an answer isn't good.
struct Complaint {
  Failure failure;                   // kind verify: another answer may be better; else the check didn't work
  std::vector<std::string> details;  // the last lines of what the checker printed
  std::string for_model;             // all of it, within bounds
};

// Holds an answer against the schema, and runs the command on a file that has the answer and is gone
// afterwards. nullopt: it is good.
std::optional<Complaint> verify_answer(const StepContext& context, const Json& verify,
                                       const std::string& answer);

// What the model is told: the complaint, and what is wanted of it now.
std::string repair_prompt(const Complaint& complaint);

}  // namespace rustchain
