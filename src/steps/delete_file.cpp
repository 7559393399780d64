// Step type delete_file.
#include "steps/registry.hpp"
#include "steps/support.hpp"
#include "util/path.hpp"

#include <array>

namespace rustchain {
namespace {

constexpr auto k_keys = std::to_array<KeySpec>({
    {.name = "path",
     .required = true,
     .doc = "The file to delete; a symbolic link is deleted itself, not what it points to.",
     .example = "build/old.log",
     .old_names = "file_path filename"},
    {.name = "recursive",
     .types = k_boolean,
     .default_value = "false",
     .doc = "true: a directory is deleted too, with all that is in it.",
     .example = "true"},
});

constexpr std::string_view k_help = "name the files or directories in it that shall go";

// Whether deleting `path` would take `kept` with it. Both normalised and absolute.
bool takes(const std::string& path, const std::string& kept) {
  return path == kept || (kept.starts_with(path) && kept[path.size()] == '/');
}

void check(const Step& step, Diagnostics& problems) {
  const Node* path = scalar(step, "path");
  if (path == nullptr) return;
  std::string normal = normalise_path(path->text);
  for (std::string_view never : {"", "/", ".", "..", "~"}) {
    if (normal != never) continue;
    add_problem(problems, "RC0407", Severity::error, *path, "'" + path->text + "' is never deleted",
                std::string(k_help));
  }
}

Effects effects(const Step&, const Json& parameters) {
  Effects effects;
  add_path(parameters, "path", effects.deletes);
  return effects;
}

StepResult run(const StepContext& context) {
  Result<std::string, Failure> path = path_of(context, "path");
  if (!path) return failed(path.error());
  const std::string normal = normalise_path(*path);
  auto refuse = [&](std::string_view what) {
    return StepResult::failure(FailureKind::invalid,
                               "'" + normal + "' is not deleted: it is " + std::string(what),
                               std::string(k_help));
  };
  if (normal == "/") return refuse("the root directory");
  if (takes(normal, normalise_path(context.working_directory)))
    return refuse("the working directory, or holds it");
  if (takes(normal, normalise_path(context.mission_directory)))
    return refuse("the mission's directory, or holds it");
  std::optional<std::string> home = context.services.variable("HOME");
  if (home && !home->empty() && takes(normal, normalise_path(*home)))
    return refuse("the home directory, or holds it");

  Result<bool, Failure> existed =
      context.services.files.remove(normal, flag_of(context.parameters, "recursive"));
  if (!existed) return failed(existed.error());
  StepResult result;
  result.output = {{"path", text_of(context.parameters, "path")}, {"existed", *existed}};
  return result;
}

}  // namespace

const StepType k_delete_file_step = {
    .name = "delete_file",
    .summary = "Deletes a file, or with `recursive: true` a directory; that there is none is fine.",
    .example = R"(- id: clean
  name: Remove the build
  step_type: delete_file
  parameters:
    path: build
    recursive: true
)",
    .parameters = k_keys,
    .main_output = "path",
    .output_fields = "path existed",
    .check = check,
    .effects = effects,
    .run = run,
};

}  // namespace rustchain
