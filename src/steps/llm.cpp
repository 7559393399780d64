// Step type llm: one question to a model, and what is made of its answer.
#include "llm/ask.hpp"
#include "steps/llm_answer.hpp"
#include "steps/llm_context.hpp"
#include "steps/llm_verify.hpp"
#include "steps/registry.hpp"
#include "steps/support.hpp"
#include "util/base64.hpp"
#include "util/json_text.hpp"
#include "util/text.hpp"

#include <array>

namespace rustchain {
namespace {

constexpr std::uint64_t k_most_image_bytes = 64ull << 20;
constexpr auto k_progress_every = std::chrono::milliseconds(100);

constexpr auto k_keys = std::to_array<KeySpec>({
    {.name = "prompt",
     .doc = "What the model is asked; required unless messages are given.",
     .example = "\"Summarise this: {fetch}\""},
    {.name = "provider",
     .default_value = "ollama",
     .doc =
         "Who answers: ollama, openai (any OpenAI-compatible server, by base_url), claude, shimmy, lmstudio, "
         "llamacpp, vllm.",
     .example = "openai"},
    {.name = "model",
     .doc = "The model; without it RUSTCHAIN_MODEL or OLLAMA_MODEL of the environment says which.",
     .example = "llama3.2"},
    {.name = "system",
     .doc = "Instructions that stand before the prompt.",
     .example = "You answer in one sentence.",
     .aliases = "system_prompt"},
    {.name = "messages",
     .types = k_list,
     .element = k_map,
     .doc = "A conversation so far: a list of {role, content}; the prompt follows it.",
     .example = "[{role: user, content: Hello}]"},
    {.name = "temperature",
     .types = k_number,
     .doc = "0: always the likeliest word; higher: more variety.",
     .example = "0.2"},
    {.name = "max_tokens",
     .types = k_integer,
     .doc = "How long the answer may be; an answer that is cut by it is a failure.",
     .example = "2000",
     .aliases = "num_predict",
     .minimum = 1},
    {.name = "seed", .types = k_integer, .doc = "The same seed gives the same answer.", .example = "42"},
    {.name = "stop",
     .types = k_string | k_list,
     .element = k_string,
     .doc = "Texts at which the answer ends.",
     .example = "[\"END\"]"},
    {.name = "top_p",
     .types = k_number,
     .doc = "Only the likeliest words that make up this share.",
     .example = "0.9"},
    {.name = "options",
     .types = k_map,
     .doc = "Passed on to the server as they are (num_ctx, top_k ...).",
     .example = "{num_ctx: 16384}"},
    {.name = "format",
     .types = k_string | k_map,
     .doc = "json, or a JSON schema: the answer is checked against it.",
     .example = "{type: object, required: [score], properties: {score: {type: integer}}}"},
    {.name = "base_url",
     .doc = "Where the server is; without it OLLAMA_HOST, or the provider's usual address.",
     .example = "http://localhost:8080/v1",
     .aliases = "api_base endpoint"},
    {.name = "api_key_env",
     .doc = "The environment variable that holds the key.",
     .example = "OPENAI_API_KEY"},
    {.name = "keep_alive",
     .types = k_string | k_number,
     .doc = "How long the server keeps the model loaded (Ollama).",
     .example = "10m"},
    {.name = "think",
     .types = k_boolean | k_string,
     .doc = "Whether the model thinks first: true, false, low, medium or high.",
     .example = "false"},
    {.name = "images",
     .types = k_string | k_list,
     .element = k_string,
     .doc = "Image files that the model looks at.",
     .example = "[plot.png]"},
    {.name = "context",
     .default_value = "auto",
     .doc = "auto: a prompt that refers to none of the step's dependencies gets their outputs; none: it "
            "doesn't.",
     .example = "none",
     .words = "auto none"},
    {.name = "max_context_chars",
     .types = k_integer,
     .default_value = "24000",
     .doc = "How much of the dependencies' outputs the prompt gets; longer ones are cut in the middle.",
     .example = "8000"},
    {.name = "extract",
     .default_value = "text",
     .doc = "What is taken from the answer: text (all), code (the fenced blocks), code:LANG, json.",
     .example = "code:python"},
    {.name = "output_file", .doc = "Where the answer is written to.", .example = "docs/summary.md"},
    {.name = "stream",
     .types = k_boolean,
     .default_value = "true",
     .doc = "Shows the answer while it comes.",
     .example = "false"},
    {.name = "allow_truncated",
     .types = k_boolean,
     .default_value = "false",
     .doc = "true: an answer that was cut by max_tokens is a success.",
     .example = "true"},
    {.name = "first_token_seconds",
     .types = k_number,
     .default_value = "120",
     .doc = "How long the first word may take; the model may have to be loaded first.",
     .example = "600"},
    {.name = "silence_seconds",
     .types = k_number,
     .default_value = "60",
     .doc = "How long the model may be silent within its answer.",
     .example = "120"},
    {.name = "verify",
     .types = k_map,
     .doc = "A check that the answer must pass, after `extract`; the model is asked again with what it says.",
     .example = "{command: \"python3 -m py_compile {answer_file}\"}",
     .keys = k_verify_keys},
});

// ---- what the step says

std::optional<std::string> variable(const StepContext& context, std::string_view name) {
  for (auto at = context.env.rbegin(); at != context.env.rend(); ++at)
    if (at->first == name) return at->second;
  return context.services.variable(name);
}

template <class Number>
void take_number(const Json& parameters, std::string_view key, std::optional<Number>& into) {
  auto found = parameters.find(key);
  if (found != parameters.end() && found->is_number()) into = found->get<Number>();
}

Seconds seconds_of(const Json& parameters, std::string_view key, Seconds otherwise) {
  std::optional<double> number;
  take_number(parameters, key, number);
  return number ? Seconds(*number) : otherwise;
}

const Json& value_of(const Json& parameters, std::string_view key) {
  static const Json null;
  auto found = parameters.find(key);
  return found == parameters.end() ? null : *found;
}

// "json", a schema, or null.
Result<Json> read_format(const Json& written) {
  if (written.is_object()) return written;
  if (!written.is_string()) return Json();
  auto text = written.get<std::string>();
  if (text.empty() || text == "text") return Json();
  if (text == "json") return written;
  if (auto schema = parse_json(text); schema && schema->is_object()) return schema;
  return Error{"format '" + shown(text, 40) + "' is unknown", "format is json, or a JSON schema"};
}

// The provider of that name; one that nobody knows is taken for OpenAI-compatible if it has an address.
const Provider* provider_of(const Json& parameters) {
  std::string name = text_of(parameters, "provider");
  const Provider* provider = find_provider(name.empty() ? "ollama" : name);
  return provider == nullptr && is_given(parameters, "base_url") ? &k_openai : provider;
}

std::string provider_names() {
  std::vector<std::string> names;
  for (const Provider* provider : providers()) names.emplace_back(provider->name);
  return join(names, ", ");
}

Result<LlmServer, Failure> server_of(const StepContext& context, const Provider& provider) {
  const Json& parameters = context.parameters;
  LlmServer server;
  std::string written = text_of(parameters, "base_url");
  bool own_address = written.empty();
  if (own_address && !provider.url_variable.empty())
    written = variable(context, provider.url_variable).value_or("");
  server.base_url = provider.normalise(written.empty() ? provider.base_url : written);

  std::string key = text_of(parameters, "api_key_env");
  // A key goes nowhere but to the address it was made for, unless the step says so.
  if (key.empty() && own_address) key = provider.key_variable;
  if (key.empty()) return server;
  server.api_key = trim(variable(context, key).value_or(""));
  if (server.api_key.empty())
    return Failure{FailureKind::invalid, "the key of the server is not there: " + key + " is not set",
                   "set it: export " + key + "=..."};
  return server;
}

std::optional<Failure> add_images(ChatMessage& message, const StepContext& context) {
  for (const std::string& path : list_of(context.parameters, "images")) {
    Json only = {{"images", path}};
    const StepContext seen{.step = context.step,
                           .parameters = only,
                           .working_directory = context.working_directory,
                           .stop = context.stop,
                           .services = context.services};
    auto absolute = path_of(seen, "images");
    if (!absolute) return absolute.error();
    auto bytes = context.services.files.read(*absolute, k_most_image_bytes);
    if (!bytes) return bytes.error();
    message.images.push_back(base64_encode(*bytes));
  }
  return std::nullopt;
}

std::optional<Failure> add_messages(Prompt& prompt, const StepContext& context,
                                    std::vector<std::string>& warnings) {
  const Json& parameters = context.parameters;
  if (is_given(parameters, "system")) prompt.messages.push_back({"system", text_of(parameters, "system")});
  if (const Json& messages = value_of(parameters, "messages"); messages.is_array())
    for (const Json& message : messages)
      if (message.is_object())
        prompt.messages.push_back({text_of(message, "role"), text_of(message, "content")});
  if (is_given(parameters, "prompt")) prompt.messages.push_back({"user", text_of(parameters, "prompt")});
  if (prompt.messages.empty() || prompt.messages.back().role == "system")
    return Failure{FailureKind::invalid, "there is no prompt", "set prompt, or messages"};

  ChatMessage& last = prompt.messages.back();
  bool wanted = text_of(parameters, "context") != "none" && !context.dependencies.empty();
  if (wanted && !refers_to_any(context.step.parameters, context.dependencies)) {
    PromptContext before = context_text(
        context.dependencies, static_cast<std::size_t>(number_of(parameters, "max_context_chars", 24'000)));
    last.content += before.text;
    warnings.insert(warnings.end(), before.cuts.begin(), before.cuts.end());
  }
  return add_images(last, context);
}

Result<Prompt, Failure> prompt_of(const StepContext& context, std::vector<std::string>& warnings) {
  const Json& parameters = context.parameters;
  Prompt prompt;
  prompt.model = text_of(parameters, "model");
  for (std::string_view name : {"RUSTCHAIN_MODEL", "OLLAMA_MODEL"})
    if (prompt.model.empty()) prompt.model = variable(context, name).value_or("");
  take_number(parameters, "temperature", prompt.temperature);
  take_number(parameters, "top_p", prompt.top_p);
  take_number(parameters, "max_tokens", prompt.max_tokens);
  take_number(parameters, "seed", prompt.seed);
  prompt.stop = list_of(parameters, "stop");
  if (const Json& options = value_of(parameters, "options"); options.is_object()) prompt.options = options;
  prompt.keep_alive = value_of(parameters, "keep_alive");
  prompt.think = value_of(parameters, "think");
  auto format = read_format(value_of(parameters, "format"));
  if (!format) return Failure{FailureKind::invalid, format.error().message, format.error().help};
  prompt.format = *format;
  if (auto failure = add_messages(prompt, context, warnings)) return *failure;
  return prompt;
}

StepResult run(const StepContext& context) {
  const Json& parameters = context.parameters;
  const Provider* provider = provider_of(parameters);
  if (provider == nullptr)
    return StepResult::failure(
        FailureKind::invalid, "the provider '" + shown(text_of(parameters, "provider"), 40) + "' is unknown",
        "there are " + provider_names() + "; with base_url any OpenAI-compatible server");
  StepResult result;
  auto server = server_of(context, *provider);
  if (!server) return failed(server.error());
  auto prompt = prompt_of(context, result.warnings);
  if (!prompt) return failed(prompt.error());

  Question question{.provider = *provider, .server = *server, .prompt = std::move(*prompt)};
  question.limits.first_token = seconds_of(parameters, "first_token_seconds", question.limits.first_token);
  question.limits.silence = seconds_of(parameters, "silence_seconds", question.limits.silence);
  question.allow_truncated = flag_of(parameters, "allow_truncated");
  if (!is_given(parameters, "stream") || flag_of(parameters, "stream")) question.on_text = context.on_text;
  SteadyTime told = context.services.clock.steady();
  if (context.on_progress)
    question.on_piece = [&](const Completion& so_far) {
      if (context.services.clock.steady() - told < k_progress_every) return;
      told = context.services.clock.steady();
      Progress progress;
      progress.bytes = so_far.content.size() + so_far.thinking.size();
      context.on_progress(progress);
    };
  return answer_question(context, std::move(question), std::move(result));
}

// ---- before running

void check_messages(const Node& messages, Diagnostics& problems) {
  if (!messages.is_list()) return;
  for (const Node& message : messages.items) {
    const Node* role = message.find("role");
    const Node* content = message.find("content");
    if (role == nullptr || content == nullptr || !role->is_scalar() || !content->is_scalar()) {
      add_problem(problems, "RC0455", Severity::error, message, "a message has no role or no content",
                  "write {role: user, content: ...}");
    } else if (!has_word("system user assistant", role->text) && !has_reference(role->text)) {
      add_problem(problems, "RC0455", Severity::error, *role,
                  "the role '" + shown(role->text, 40) + "' is unknown",
                  "roles are system, user and assistant");
    }
  }
}

void check(const Step& step, Diagnostics& problems) {
  const Node* prompt = step.parameters.find("prompt");
  const Node* messages = step.parameters.find("messages");
  if ((prompt == nullptr || prompt->is_null()) && (messages == nullptr || messages->size() == 0))
    add_problem(problems, "RC0453", Severity::error, step.parameters, "the step has no prompt",
                "add prompt to its parameters");
  if (messages != nullptr) check_messages(*messages, problems);
  check_verify(step, problems);

  const Node* provider = scalar(step, "provider");
  if (provider && !has_reference(provider->text) && find_provider(provider->text) == nullptr &&
      step.parameters.find("base_url") == nullptr)
    add_problem(problems, "RC0454", Severity::warning, *provider,
                "the provider '" + shown(provider->text, 40) + "' is unknown, the step will fail",
                "use one of " + provider_names() + ", or name the base_url of an OpenAI-compatible server");

  const Node* extract = scalar(step, "extract");
  if (extract && !has_reference(extract->text) && !is_extract(extract->text))
    add_problem(problems, "RC0456", Severity::error, *extract,
                "extract '" + shown(extract->text, 40) + "' is unknown",
                "extract is text, code, code:LANG or json");
  const Node* format = scalar(step, "format");
  if (format && !has_reference(format->text))
    if (auto read = read_format(Json(format->text)); !read)
      add_problem(problems, "RC0457", Severity::error, *format, read.error().message, read.error().help);
}

Effects effects(const Step& step, const Json& parameters) {
  Effects effects;
  if (is_given(parameters, "verify")) effects = verify_effects(step, parameters["verify"]);
  const Provider* provider = provider_of(parameters);
  if (is_given(parameters, "base_url")) {
    add_path(parameters, "base_url", effects.connects);
  } else if (provider != nullptr) {
    effects.connects.emplace_back(provider->base_url);
  }
  for (std::string& path : list_of(parameters, "images")) effects.reads.push_back(std::move(path));
  add_path(parameters, "output_file", effects.writes);
  for (std::string_view key : {"prompt", "system", "messages"})
    if (is_given(parameters, key)) effects.sends.push_back(text_of(parameters, key));
  return effects;
}

}  // namespace

const StepType k_llm_step = {
    .name = "llm",
    .summary = "Asks a language model, and checks that its answer is whole and has the form that is wanted.",
    .example = R"(- id: summary
  name: Summarise
  step_type: llm
  depends_on: [fetch]
  parameters:
    model: llama3.2
    prompt: "Summarise this in three sentences: {fetch}"
)",
    .parameters = k_keys,
    .main_output = "content",
    .output_fields = "model content thinking usage finish_reason repairs duration_ms json raw output_file",
    .check = check,
    .text_kind = verify_text_kind,
    .effects = effects,
    .run = run,
};

}  // namespace rustchain
