// Step type read_file: gives later steps what a file holds.
#include "mission/load.hpp"
#include "steps/registry.hpp"
#include "steps/support.hpp"
#include "util/json_text.hpp"
#include "util/text.hpp"
#include "util/utf8.hpp"

#include <algorithm>
#include <array>

namespace rustchain {
namespace {

constexpr std::uint64_t k_most_bytes = 10 << 20;

constexpr auto k_keys = std::to_array<KeySpec>({
    {.name = "path",
     .required = true,
     .doc = "The file to read, seen from the working directory.",
     .example = "VERSION",
     .old_names = "file_path filename"},
    {.name = "max_bytes",
     .types = k_size,
     .default_value = "10MiB",
     .doc = "How much of the file is read; of a longer one the rest is left out, with a warning.",
     .example = "64KiB"},
});

Effects effects(const Step&, const Json& parameters) {
  Effects effects;
  add_path(parameters, "path", effects.reads);
  return effects;
}

std::string_view without_mark(std::string_view text) {
  return text.starts_with("\xef\xbb\xbf") ? text.substr(3) : text;
}

Result<Json> parse_yaml(const std::string& text) {
  Diagnostics problems;
  std::optional<Node> document = load_yaml(text, 0, problems);
  if (document) return to_json(*document);
  for (const Diagnostic& problem : problems.all())
    if (problem.severity == Severity::error)
      return Error{"line " + std::to_string(problem.at.line) + ": " + problem.message};
  return Error{"it can't be read"};
}

StepResult run(const StepContext& context) {
  Result<std::string, Failure> path = path_of(context, "path");
  if (!path) return failed(path.error());
  const std::uint64_t most = number_of(context.parameters, "max_bytes", k_most_bytes);
  // One byte more tells whether there is more: some files say that they are empty and are not.
  Result<std::string, Failure> bytes = context.services.files.read(*path, most + 1);
  if (!bytes) return failed(bytes.error());
  const bool truncated = bytes->size() > most;
  if (truncated) bytes->resize(most);

  const std::string as_written = text_of(context.parameters, "path");
  StepResult result;
  std::uint64_t size = bytes->size();
  if (truncated) {
    std::optional<FileStatus> status = context.services.files.status(*path);
    if (status) size = std::max(status->size, size);
    result.warnings.push_back("only the first " + std::to_string(most) + " bytes of '" + as_written +
                              "' were read (max_bytes)");
  }
  const std::string name = to_lower(*path);
  const bool is_yaml = name.ends_with(".yaml") || name.ends_with(".yml");
  if (!truncated && (is_yaml || name.ends_with(".json"))) {
    Result<Json> value = is_yaml ? parse_yaml(*bytes) : parse_json(without_mark(*bytes));
    if (value) {
      result.output["json"] = std::move(*value);
    } else {
      result.warnings.push_back("'" + as_written + "' is not valid " + (is_yaml ? "YAML" : "JSON") +
                                ", so there is no `.json`: " + value.error().message);
    }
  }
  result.output["path"] = as_written;
  result.output["size"] = size;
  result.output["truncated"] = truncated;
  result.output["content"] = replace_invalid_utf8(*bytes);
  return result;
}

}  // namespace

const StepType k_read_file_step = {
    .name = "read_file",
    .summary = "Reads a file; JSON and YAML files can be walked as `{id.json.key}`.",
    .example = R"(- id: version
  name: Read the version
  step_type: read_file
  parameters:
    path: VERSION
)",
    .parameters = k_keys,
    .main_output = "content",
    .output_fields = "path content size truncated json",
    .effects = effects,
    .run = run,
};

}  // namespace rustchain
