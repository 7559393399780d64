// The check of a model's answer: `verify` of llm. Its command is run as a command step is.
#include "steps/llm_verify.hpp"

#include "llm/extract.hpp"
#include "llm/json_schema.hpp"
#include "mission/shell_fill.hpp"
#include "steps/command_effects.hpp"
#include "steps/command_line.hpp"
#include "steps/registry.hpp"
#include "steps/support.hpp"
#include "util/path.hpp"
#include "util/text.hpp"
#include "util/utf8.hpp"

#include <array>

namespace rustchain {
namespace {

constexpr std::string_view k_answer_file = "answer_file";
constexpr std::string_view k_answer_mark = "{answer_file}";
constexpr std::string_view k_answer_variable = "RC_ANSWER_FILE";
// Of what a checker prints; a compiler says what matters first, a test runner last.
constexpr std::size_t k_most_printed = 6000;

// Names that a language has in `extract: code:LANG`, and the end of its files' names.
constexpr std::array<std::pair<std::string_view, std::string_view>, 16> k_endings = {{
    {"c", ".c"},
    {"c++ cpp cxx", ".cpp"},
    {"python py python3", ".py"},
    {"rust rs", ".rs"},
    {"go golang", ".go"},
    {"javascript js node", ".js"},
    {"typescript ts", ".ts"},
    {"shell sh bash", ".sh"},
    {"java", ".java"},
    {"ruby rb", ".rb"},
    {"c# csharp cs", ".cs"},
    {"kotlin kt", ".kt"},
    {"html htm", ".html"},
    {"yaml yml", ".yaml"},
    {"sql", ".sql"},
    {"json", ".json"},
}};

// Compilers look at it.
std::string ending_of(const Json& parameters) {
  std::string name = file_name(text_of(parameters, "output_file"));
  if (std::size_t dot = name.rfind('.'); dot != std::string::npos && dot > 0) return name.substr(dot);
  std::string extract = to_lower(text_of(parameters, "extract"));
  if (extract == "json" || is_given(parameters, "format")) return ".json";
  if (extract.starts_with("code:"))
    for (const auto& [names, ending] : k_endings)
      if (has_word(names, trim(std::string_view(extract).substr(5)))) return std::string(ending);
  return ".txt";
}

// The step as a command step, whose parameters are those of `verify`.
Step checker_of(const Step& step) {
  Step checker;
  checker.id = step.id;
  checker.substitute = step.substitute;
  const Node* verify = step.parameters.find("verify");
  if (verify != nullptr && verify->is_map()) checker.parameters = *verify;
  return checker;
}

// The answer in a directory of its own, where the checker may leave what it likes; gone with this.
class AnswerFile {
 public:
  explicit AnswerFile(Files& files) : files_(files) {}
  ~AnswerFile() {
    if (!directory_.empty()) (void)files_.remove(directory_, true).ok();
  }
  AnswerFile(const AnswerFile&) = delete;
  AnswerFile& operator=(const AnswerFile&) = delete;

  std::optional<Failure> write(const StepContext& context, const std::string& answer) {
    std::string base = context.output_base;
    if (base.empty()) {
      std::string temporary = context.services.variable("TMPDIR").value_or("");
      base = resolve_path(temporary.empty() ? "/tmp" : temporary,
                          "rustchain-" + std::to_string(context.services.random()));
    }
    directory_ = base + ".verify";
    path_ = directory_ + "/answer" + ending_of(context.parameters);
    auto written = files_.write({.path = path_, .bytes = answer, .mode = {}});
    if (!written) return written.error();
    return std::nullopt;
  }
  const std::string& path() const { return path_; }
  std::string without_directory(const std::string& text) const {
    return replace_all(text, directory_ + "/", "");
  }

 private:
  Files& files_;
  std::string directory_;
  std::string path_;
};

// Puts the file's name in the place of {answer_file}. A shell gets it as a variable.
class Naming {
 public:
  Naming(const Step& checker, const std::string& path) : checker_(checker), path_(path) {}

  void in(Json& value, const std::string& key) {
    if (value.is_object()) {
      for (auto& [inner, one] : value.items()) in(one, key.empty() ? inner : key + "." + inner);
    } else if (value.is_array()) {
      for (Json& one : value)
        if (one.is_string()) in_text(one);
    } else if (value.is_string() && command_text_kind(checker_, key) == TextKind::shell) {
      value = fill_shell(
          value.get_ref<const std::string&>(),
          [this](const Reference& reference, std::string_view, ShellPlace) -> std::optional<std::string> {
            if (reference.head != k_answer_file || !reference.path.empty()) return std::nullopt;
            for_shell_ = true;
            return std::string(k_answer_variable);
          });
    } else if (value.is_string()) {
      in_text(value);
    }
  }
  bool used() const { return used_ || for_shell_; }
  bool for_shell() const { return for_shell_; }

 private:
  void in_text(Json& value) {
    std::string text = replace_all(value.get_ref<const std::string&>(), k_answer_mark, path_);
    used_ = used_ || text != value.get_ref<const std::string&>();
    value = std::move(text);
  }

  const Step& checker_;
  const std::string& path_;
  bool used_ = false;
  bool for_shell_ = false;
};

std::string printed_by(const StepResult& checked) {
  std::string all;
  for (const char* stream : {"stderr", "stdout"}) {
    std::string text = text_of(checked.output, stream);
    if (!all.empty() && !all.ends_with('\n') && !text.empty()) all += '\n';
    all += text;
  }
  if (all.size() <= k_most_printed) return all;
  std::size_t tail = all.size() - k_most_printed / 2;
  while (tail < all.size() && (static_cast<unsigned char>(all[tail]) & 0xC0) == 0x80) ++tail;
  return std::string(utf8_prefix(all, k_most_printed / 2)) + "\n[...]\n" + all.substr(tail);
}

std::optional<Complaint> run_checker(const StepContext& context, const Json& verify,
                                     const std::string& answer) {
  AnswerFile file(context.services.files);
  if (auto failure = file.write(context, answer)) return Complaint{*failure, {}, {}};

  const Step checker = checker_of(context.step);
  Json parameters = {{"capture_stderr", true}, {"max_output_bytes", 64 << 10}};
  for (const char* key : {"command", "args"})
    if (is_given(verify, key)) parameters[key] = verify[key];
  Naming naming(checker, file.path());
  naming.in(parameters, {});
  if (!naming.used()) parameters["stdin"] = answer;
  auto shell_values = context.shell_values;
  if (naming.for_shell()) shell_values.emplace_back(k_answer_variable, file.path());

  const StepContext check{.step = checker,
                          .parameters = parameters,
                          .shell_values = std::move(shell_values),
                          .working_directory = context.working_directory,
                          .mission_directory = context.mission_directory,
                          .env = context.env,
                          .shell = context.shell,
                          .grace = context.grace,
                          .limits = context.limits,
                          .stop = context.stop,
                          .on_process = context.on_process,
                          .services = context.services};
  StepResult checked = k_command_step.run(check);
  if (checked.status == Status::success) return std::nullopt;

  bool judged = checked.kind == FailureKind::exit_code || checked.kind == FailureKind::signal;
  Complaint complaint;
  if (!judged) {
    complaint.failure = {checked.kind, "the check of the answer: " + checked.error, checked.help};
    return complaint;
  }
  complaint.failure = {FailureKind::verify, "the answer did not pass its check: " + checked.error, {}};
  for (const std::string& line : checked.details) complaint.details.push_back(file.without_directory(line));
  complaint.for_model = checked.error + "\n" + file.without_directory(printed_by(checked));
  return complaint;
}

}  // namespace

TextKind verify_text_kind(const Step& step, std::string_view key) {
  constexpr std::string_view inside = "verify.";
  if (!key.starts_with(inside)) return TextKind::plain;
  return command_text_kind(checker_of(step), key.substr(inside.size()));
}

void check_verify(const Step& step, Diagnostics& problems) {
  const Node* verify = step.parameters.find("verify");
  if (verify == nullptr || !verify->is_map()) return;
  auto given = [&](std::string_view key) {
    const Node* value = verify->find(key);
    return value != nullptr && !value->is_null();
  };
  if (!given("command") && !given("json_schema"))
    add_problem(problems, "RC0458", Severity::error, *verify, "`verify` says no way to check the answer",
                "add command or json_schema to it");
}

Effects verify_effects(const Step& step, const Json& verify) {
  if (!verify.is_object()) return {};
  return command_effects(checker_of(step), verify);
}

std::optional<Complaint> verify_answer(const StepContext& context, const Json& verify,
                                       const std::string& answer) {
  if (!verify.is_object()) return std::nullopt;
  if (is_given(verify, "json_schema")) {
    auto json = extract_json(answer);
    std::optional<std::string> mismatch =
        json ? schema_mismatch(verify["json_schema"], *json) : json.error().message;
    if (mismatch) {
      std::string what = json ? "the answer doesn't fit the schema: " + *mismatch : *mismatch;
      return Complaint{{FailureKind::verify, what, {}}, {}, what};
    }
  }
  if (!is_given(verify, "command")) return std::nullopt;
  return run_checker(context, verify, answer);
}

std::string repair_prompt(const Complaint& complaint) {
  return "Your answer did not pass a check:\n\n" + std::string(trim(complaint.for_model)) +
         "\n\nCorrect it. Give the whole answer again, in the same form, with nothing left out.";
}

}  // namespace rustchain
