// From a question to a model to the result of an llm step: asking, checking, repairing, writing.
#include "steps/llm_answer.hpp"

#include "llm/extract.hpp"
#include "llm/failures.hpp"
#include "llm/json_schema.hpp"
#include "steps/http_result.hpp"
#include "steps/llm_verify.hpp"
#include "steps/support.hpp"
#include "util/json_text.hpp"
#include "util/text.hpp"

#include <chrono>
#include <optional>
#include <utility>

namespace rustchain {
namespace {

constexpr std::uint64_t k_max_repairs = 2;

// The server's counts over all that was asked; null where it didn't count once.
struct Usage {
  Json prompt_tokens = 0;
  Json completion_tokens = 0;

  void add(const Completion& completion) {
    add(prompt_tokens, completion.prompt_tokens);
    add(completion_tokens, completion.completion_tokens);
  }

 private:
  static void add(Json& sum, const std::optional<std::uint64_t>& count) {
    if (!count || sum.is_null())
      sum = nullptr;
    else
      sum = sum.get<std::uint64_t>() + *count;
  }
};

Json output_of(const Asked& asked, const Usage& usage) {
  const Completion& completion = asked.completion;
  Json output = {
      {"model", completion.model},
      {"content", completion.content},
      {"thinking", completion.thinking},
      {"usage", {{"prompt_tokens", usage.prompt_tokens}, {"completion_tokens", usage.completion_tokens}}},
      {"finish_reason", completion.finish_reason.empty() ? Json() : Json(completion.finish_reason)},
      {"repairs", 0}};
  // So that a retry can wait as long as the server asks for.
  if (asked.status != 0 && asked.status / 100 != 2) {
    output["status"] = asked.status;
    output["headers"] = headers_json(asked.headers);
  }
  return output;
}

// Checks the format and takes out what is wanted. The answer as it came stays in `raw` where it was changed.
std::optional<Failure> refine(Json& output, const std::string& answer, const Json& format,
                              const std::string& extract) {
  auto replace = [&](std::string content) {
    if (content != answer) output["raw"] = answer;
    output["content"] = std::move(content);
  };
  if (!format.is_null() || extract == "json") {
    auto json = extract_json(answer);
    if (!json)
      return Failure{FailureKind::verify, json.error().message,
                     "say in the prompt that JSON is wanted, or try another model"};
    if (format.is_object())
      if (auto mismatch = schema_mismatch(format, *json))
        return Failure{FailureKind::verify, "the answer doesn't fit the schema: " + *mismatch,
                       "say in the prompt what is wanted, or try another model"};
    output["json"] = *json;
    // Pure JSON stays as the model wrote it.
    if (!parse_json(trim(answer))) replace(dump_json(*json));
    return std::nullopt;
  }
  if (!extract.starts_with("code")) return std::nullopt;
  auto code =
      extract_code(answer, extract.size() > 5 ? std::string_view(extract).substr(5) : std::string_view{});
  if (!code)
    return Failure{FailureKind::verify, code.error().message,
                   "say in the prompt that the code must stand in a fenced block, or set extract: text"};
  replace(std::move(*code));
  return std::nullopt;
}

std::optional<Failure> write_answer(const StepContext& context, Json& output) {
  if (!is_given(context.parameters, "output_file")) return std::nullopt;
  auto path = path_of(context, "output_file");
  if (!path) return path.error();
  WriteRequest write;
  write.path = *path;
  write.bytes = output["content"].get_ref<const std::string&>();
  if (auto written = context.services.files.write(write); !written) return written.error();
  output["output_file"] = *path;
  return std::nullopt;
}

StepResult with_failure(StepResult result, const Failure& failure) {
  result.status = Status::failed;
  result.kind = failure.kind;
  result.error = failure.message;
  result.help = failure.help;
  if (auto content = result.output.find("content"); content != result.output.end())
    result.details = last_lines(content->get_ref<const std::string&>(), 5);
  return result;
}

StepResult with_failure(StepResult result, const LlmFailure& failure) {
  return with_failure(std::move(result), Failure{failure.kind, failure.message, failure.help});
}

StepResult with_complaint(StepResult result, Complaint complaint, std::uint64_t repairs) {
  if (complaint.failure.kind == FailureKind::verify) {
    if (repairs > 0)
      complaint.failure.message +=
          " (after " + std::to_string(repairs) + (repairs == 1 ? " repair)" : " repairs)");
    if (complaint.failure.help.empty())
      complaint.failure.help = "read the answer in the report, say more in the prompt, or try another model";
  }
  result = with_failure(std::move(result), complaint.failure);
  if (!complaint.details.empty()) result.details = std::move(complaint.details);
  return result;
}

}  // namespace

bool is_extract(std::string_view text) {
  return text.empty() || text == "text" || text == "code" || text == "json" ||
         (text.starts_with("code:") && text.size() > 5);
}

StepResult answer_question(const StepContext& context, Question question, StepResult result) {
  const Json& parameters = context.parameters;
  const std::string extract = text_of(parameters, "extract");
  if (!is_extract(extract))
    return with_failure(std::move(result),
                        Failure{FailureKind::invalid, "extract '" + shown(extract, 40) + "' is unknown",
                                "extract is text, code, code:LANG or json"});
  if (question.prompt.model.empty())
    return with_failure(
        std::move(result),
        no_model(question.provider, models_there(question, context.services.http, context.stop)));

  const Json verify = is_given(parameters, "verify") ? parameters["verify"] : Json::object();
  const std::uint64_t most = verify.empty() ? 0 : number_of(verify, "max_repairs", k_max_repairs);
  const SteadyTime begin = context.services.clock.steady();
  Usage usage;
  for (std::uint64_t repairs = 0;; ++repairs) {
    Asked asked = ask(question, context.services.http, context.stop);
    usage.add(asked.completion);
    result.output = output_of(asked, usage);
    Json& output = result.output;
    output["repairs"] = repairs;
    const std::string& answer = asked.completion.content;
    if (!verify.empty()) output["raw"] = answer;
    result.warnings.insert(result.warnings.end(), asked.warnings.begin(), asked.warnings.end());

    std::optional<Complaint> complaint;
    if (!asked.failure) {
      if (auto failure = refine(output, answer, question.prompt.format, extract))
        complaint = Complaint{*failure, {}, failure->message};
      else
        complaint = verify_answer(context, verify, output["content"].get_ref<const std::string&>());
    }
    output["duration_ms"] =
        std::chrono::duration_cast<std::chrono::milliseconds>(context.services.clock.steady() - begin)
            .count();
    if (asked.failure) return with_failure(std::move(result), *asked.failure);
    if (!complaint) break;
    if (complaint->failure.kind != FailureKind::verify || repairs == most || context.stop.requested())
      return with_complaint(std::move(result), std::move(*complaint), repairs);
    question.prompt.messages.push_back({"assistant", answer});
    question.prompt.messages.push_back({"user", repair_prompt(*complaint)});
    if (question.on_text) question.on_text("\n");
  }
  if (auto failure = write_answer(context, result.output)) return with_failure(std::move(result), *failure);
  for (const Json& schema : {question.prompt.format, verify.value("json_schema", Json())})
    for (const std::string& keyword : unchecked_keywords(schema))
      result.warnings.push_back("'" + keyword + "' in the schema was not checked");
  return result;
}

}  // namespace rustchain
