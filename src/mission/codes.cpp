// The table of diagnostics: each has a code that never changes its meaning, and a page for `rustchain
// explain`.
#include "rustchain/diagnostic.hpp"

#include <array>

namespace rustchain {
namespace {

// To add one: take the next free number of its range, write the row, use the code where the problem is found.
constexpr auto k_codes = std::to_array<DiagnosticCode>({
    // RC00xx: the file and its YAML
    {.code = "RC0001",
     .title = "the mission file can't be read",
     .why = "There is no such file, it is a directory, or the system refuses access.",
     .example = "",
     .cure = "Correct the path; `rustchain list` shows the missions of a directory."},

    // RC01xx: keys, types and values

    // RC02xx: steps and their dependencies

    // RC03xx: references and conditions

    // RC04xx: rules of step types

    {.code = "RC0450",
     .title = "an http step has more than one body",
     .why = "A request has one body: body, json, form or body_file says which.",
     .example = "parameters:\n  url: https://example.org\n  body: text\n  json: {a: 1}",
     .cure = "Keep one of them."},
    {.code = "RC0451",
     .title = "a url can't be used",
     .why = "It has no scheme or no host, or a scheme that is neither http nor https.",
     .example = "parameters:\n  url: localhost:8080/health",
     .cure = "Write it whole: http://localhost:8080/health."},
    {.code = "RC0452",
     .title = "expect_status can't be read",
     .why = "A status is a number from 100 to 599; ranges and classes of them can be named, too.",
     .example = "parameters:\n  url: https://example.org\n  expect_status: ok",
     .cure = "Write 200, 2xx, 200-299, or a list of these: [200, 404]."},
    {.code = "RC0453",
     .title = "an llm step has no prompt",
     .why = "There is nothing to ask the model.",
     .example = "- id: ask\n  step_type: llm\n  parameters:\n    model: llama3.2",
     .cure = "Add prompt, or messages."},
    {.code = "RC0454",
     .title = "the provider of an llm step is unknown",
     .why = "The step will fail: nobody knows where its server is and how it is talked to.",
     .example = "parameters:\n  provider: oracle\n  prompt: Hello",
     .cure = "Use a provider of `rustchain steps llm`, or name the base_url of an OpenAI-compatible server."},
    {.code = "RC0455",
     .title = "a message of an llm step is not one",
     .why = "A message is a map with a role (system, user, assistant) and a content.",
     .example = "parameters:\n  messages: [{role: bot, content: Hello}]",
     .cure = "Write {role: user, content: ...}."},
    {.code = "RC0456",
     .title = "extract is unknown",
     .why = "What can be taken from an answer is all of its text, its code, the code of a language, or JSON.",
     .example = "parameters:\n  prompt: Write a program.\n  extract: program",
     .cure = "Use text, code, code:LANG (code:python) or json."},
    {.code = "RC0457",
     .title = "format is unknown",
     .why =
         "A model server can be told to answer with JSON, or with JSON of a schema; it knows nothing else.",
     .example = "parameters:\n  prompt: List three cities.\n  format: yaml",
     .cure = "Use json or a JSON schema; ask for other formats in the prompt."},

    // RC05xx: older shapes, accepted with a warning

    // RC06xx: composition: extends, templates, foreach, mission steps

});

}  // namespace

std::span<const DiagnosticCode> diagnostic_codes() {
  return k_codes;
}

}  // namespace rustchain
