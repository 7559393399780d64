// Step type create_file: writes a file, whole or not at all.
#include "steps/registry.hpp"
#include "steps/support.hpp"
#include "util/base64.hpp"
#include "util/mask.hpp"
#include "util/sha256.hpp"

#include <array>

namespace rustchain {
namespace {

constexpr auto k_keys = std::to_array<KeySpec>({
    {.name = "path",
     .required = true,
     .doc = "The file to write, seen from the working directory.",
     .example = "reports/summary.md",
     .old_names = "file_path filename"},
    {.name = "content",
     .default_value = "\"\"",
     .doc = "What the file shall hold; a newline at the end is kept as given.",
     .example = "\"# Summary\\n{analyse}\\n\""},
    {.name = "from",
     .doc = "A file that holds the text instead of `content`: a template whose references are filled in.",
     .example = "templates/report.md"},
    {.name = "mode",
     .doc =
         "Permissions in octal; without it an existing file keeps its own, and a new one gets 644 less the "
         "umask.",
     .example = "\"755\""},
    {.name = "overwrite",
     .types = k_boolean,
     .default_value = "true",
     .doc = "false: an existing file is a failure.",
     .example = "false"},
    {.name = "append",
     .types = k_boolean,
     .default_value = "false",
     .doc = "true: the content is added to the end of the file.",
     .example = "true"},
    {.name = "encoding",
     .default_value = "text",
     .doc =
         "How `content` is written in the mission: as it is, or as base64 for bytes that no text can hold.",
     .example = "base64",
     .words = "text base64"},
});

constexpr std::string_view k_mode_help = "write it in octal, as in mode: \"644\" or mode: \"755\"";
constexpr std::string_view k_base64_help = "make it with `base64 FILE`, or leave `encoding` out";

std::optional<unsigned> parse_mode(std::string_view text) {
  if (text.starts_with("0o")) text.remove_prefix(2);
  if (text.empty() || text.size() > 5) return std::nullopt;
  unsigned mode = 0;
  for (char c : text) {
    if (c < '0' || c > '7') return std::nullopt;
    mode = mode * 8 + static_cast<unsigned>(c - '0');
  }
  if (mode > 07777) return std::nullopt;
  return mode;
}

void check(const Step& step, Diagnostics& problems) {
  const Node* mode = scalar(step, "mode");
  if (mode != nullptr && !has_reference(mode->text) && !parse_mode(mode->text)) {
    add_problem(problems, "RC0405", Severity::error, *mode, "'" + shown(mode->text) + "' is not a file mode",
                std::string(k_mode_help));
  }
  const Node* encoding = scalar(step, "encoding");
  const Node* content = scalar(step, "content");
  if (const Node* from = scalar(step, "from")) {
    if (content != nullptr)
      add_problem(problems, "RC0412", Severity::error, *content,
                  "the text is given twice, by `content` and by `from`", "keep one of them");
    if (encoding != nullptr && encoding->text == "base64")
      add_problem(
          problems, "RC0411", Severity::error, *encoding,
          "`encoding` says how `content` is written, and the text comes from '" + shown(from->text) + "'",
          "take it out; copy_file copies a file byte by byte");
  }
  if (encoding == nullptr || encoding->text != "base64" || content == nullptr) return;
  if (!has_reference(content->text) && !base64_decode(content->text)) {
    add_problem(problems, "RC0404", Severity::error, *content, "`content` is not base64",
                std::string(k_base64_help));
  }
}

Effects effects(const Step&, const Json& parameters) {
  Effects effects;
  add_path(parameters, "path", effects.writes);
  add_path(parameters, "from", effects.reads);
  if (text_of(parameters, "encoding") != "base64" && is_given(parameters, "content"))
    effects.contents.emplace_back(text_of(parameters, "path"), text_of(parameters, "content"));
  return effects;
}

StepResult run(const StepContext& context) {
  const Json& parameters = context.parameters;
  Result<std::string, Failure> path = path_of(context, "path");
  if (!path) return failed(path.error());
  if (path->back() == '/') {
    return StepResult::failure(FailureKind::invalid, "'" + *path + "' names a directory, not a file",
                               "add the name of a file to `path`");
  }
  std::string content = text_of(parameters, "content");
  if (text_of(parameters, "encoding") == "base64") {
    std::optional<std::string> bytes = base64_decode(content);
    if (!bytes) {
      return StepResult::failure(FailureKind::invalid, "`content` is not base64", std::string(k_base64_help));
    }
    content = std::move(*bytes);
  }
  WriteRequest request{.path = *path, .bytes = content};
  if (is_given(parameters, "mode")) {
    const std::string mode = text_of(parameters, "mode");
    request.mode = parse_mode(mode);
    if (!request.mode) {
      return StepResult::failure(FailureKind::invalid, "'" + shown(mode) + "' is not a file mode",
                                 std::string(k_mode_help));
    }
  }
  request.append = flag_of(parameters, "append");
  request.overwrite = request.append || flag_of(parameters, "overwrite");

  Result<Written, Failure> written = context.services.files.write(request);
  if (!written) return failed(written.error());
  StepResult result;
  result.output = {{"path", text_of(parameters, "path")},
                   {"size", written->size},
                   {"created", written->created},
                   {"overwritten", !written->created && !request.append},
                   {"sha256", nullptr}};
  // Of the whole file, so what was there before an append counts. By the hash of a file that holds a secret
  // the secret could be guessed.
  auto add_hash = [&](const std::string& bytes) {
    const Mask* mask = context.services.mask;
    if (mask == nullptr || mask->text(bytes) == bytes) result.output["sha256"] = sha256(bytes);
  };
  if (!request.append) {
    add_hash(content);
  } else if (Result<std::string, Failure> whole = context.services.files.read(*path, written->size); whole) {
    add_hash(*whole);
  }
  return result;
}

}  // namespace

const StepType k_create_file_step = {
    .name = "create_file",
    .summary = "Writes a file, whole or not at all; makes the directories that it needs.",
    .example = R"(- id: summary
  name: Write the summary
  step_type: create_file
  parameters:
    path: reports/summary.md
    content: |
      # Summary
      {analyse}
)",
    .parameters = k_keys,
    .main_output = "path",
    .output_fields = "path size created overwritten sha256",
    .check = check,
    .effects = effects,
    .run = run,
};

}  // namespace rustchain
