// Step type edit_file: changes a file in place, whole or not at all.
#include "steps/edit_text.hpp"
#include "steps/registry.hpp"
#include "steps/support.hpp"
#include "util/path.hpp"

#include <array>

namespace rustchain {
namespace {

constexpr std::uint64_t k_most_bytes = 256u << 20;

constexpr auto k_keys = std::to_array<KeySpec>({
    {.name = "path",
     .required = true,
     .doc = "The file to change, seen from the working directory.",
     .example = "src/version.py",
     .old_names = "file_path filename"},
    {.name = "operation",
     .doc = "What to do; without it `replace` if there is something to find, else `write`. insert_after, "
            "insert_before and delete work on whole lines; append, prepend and write make a file that isn't "
            "there.",
     .example = "insert_after",
     .words = "replace write append prepend insert_after insert_before delete"},
    {.name = "find", .doc = "The text to look for, as it stands in the file.", .example = "\"DEBUG = True\""},
    {.name = "regex",
     .doc = "A regular expression to look for; ^ and $ match at the ends of lines.",
     .example = "'^version = .*$'",
     .old_names = "pattern"},
    {.name = "replace",
     .doc = "What comes in its place; after a regex $1 is its first group.",
     .example = "\"DEBUG = False\"",
     .aliases = "replacement replace_with"},
    {.name = "content",
     .doc = "What is written, appended, prepended or inserted.",
     .example = "\"import os\\n\""},
    {.name = "count",
     .types = k_integer,
     .doc = "At most so many of the places found are changed; without it all of them.",
     .example = "1",
     .minimum = 1},
    {.name = "backup",
     .types = k_boolean | k_string,
     .default_value = "false",
     .doc = "true: the old file is kept beside it with .bak at the end of its name; or a path for it.",
     .example = "true"},
});

bool given(const Step& step, std::string_view key) {
  const Node* node = step.parameters.find(key);
  return node != nullptr && !node->is_null();
}

void check(const Step& step, Diagnostics& problems) {
  const bool find = given(step, "find"), regex = given(step, "regex");
  const Node* word = scalar(step, "operation");
  if (word != nullptr && has_reference(word->text)) return;
  std::optional<EditOperation> operation = find || regex ? EditOperation::replace : EditOperation::write;
  if (word != nullptr) operation = edit_operation(word->text);
  if (!operation) return;  // the table has said so

  Node at = word != nullptr ? *word : step.parameters;
  auto wrong = [&](std::string message, std::string help) {
    add_problem(problems, "RC0406", Severity::error, at, std::move(message), std::move(help));
  };
  const std::string name = word != nullptr ? word->text : find || regex ? "replace" : "write";
  if (find && regex) wrong("`find` and `regex` can't both be given", "keep one of them");
  if (const Node* text = scalar(step, "find"); text != nullptr && text->text.empty())
    wrong("`find` is empty", "write the text to look for");
  if (needs_target(*operation) && !find && !regex)
    wrong("operation `" + name + "` needs `find` or `regex`", "add the text to look for");
  if (*operation == EditOperation::replace && !given(step, "replace") && !given(step, "content"))
    wrong("operation `replace` needs `replace`", "add what comes in its place; replace: \"\" takes it away");
  if (*operation != EditOperation::replace && *operation != EditOperation::remove && !given(step, "content"))
    wrong("operation `" + name + "` needs `content`", "add the text to put there");

  const Node* pattern = scalar(step, "regex");
  if (pattern == nullptr || has_reference(pattern->text)) return;
  if (Result<Regex> compiled = Regex::make(pattern->text, Regex::Anchors::lines); !compiled)
    add_problem(problems, "RC0409", Severity::error, *pattern, compiled.error().message,
                compiled.error().help);
}

std::string backup_path(const Json& parameters, const std::string& path) {
  const std::string backup = text_of(parameters, "backup");
  if (backup.empty() || backup == "false") return {};
  return backup == "true" ? path + ".bak" : backup;
}

Effects effects(const Step&, const Json& parameters) {
  Effects effects;
  add_path(parameters, "path", effects.reads);
  add_path(parameters, "path", effects.writes);
  std::string backup = backup_path(parameters, text_of(parameters, "path"));
  if (!backup.empty()) effects.writes.push_back(std::move(backup));
  for (std::string_view key : {"content", "replace"})
    if (is_given(parameters, key))
      effects.contents.emplace_back(text_of(parameters, "path"), text_of(parameters, key));
  return effects;
}

Result<Edit, Failure> edit_of(const Json& parameters) {
  auto invalid = [](std::string message, std::string help) {
    return Failure{FailureKind::invalid, std::move(message), std::move(help)};
  };
  Edit edit;
  edit.find = text_of(parameters, "find");
  edit.content = text_of(parameters, "content");
  edit.replacement = is_given(parameters, "replace") ? text_of(parameters, "replace") : edit.content;
  edit.count = number_of(parameters, "count", 0);
  const bool has_regex = is_given(parameters, "regex");
  edit.operation = has_regex || is_given(parameters, "find") ? EditOperation::replace : EditOperation::write;
  if (is_given(parameters, "operation")) {
    std::optional<EditOperation> operation = edit_operation(text_of(parameters, "operation"));
    if (!operation)
      return invalid("there is no operation '" + shown(text_of(parameters, "operation")) + "'",
                     "`rustchain steps edit_file` lists them");
    edit.operation = *operation;
  }
  if (has_regex) {
    Result<Regex> regex = Regex::make(text_of(parameters, "regex"), Regex::Anchors::lines);
    if (!regex) return invalid(regex.error().message, regex.error().help);
    edit.regex = std::move(*regex);
  } else if (needs_target(edit.operation) && edit.find.empty()) {
    return invalid("`find` is empty", "look at the references in it: one of them may have given nothing");
  }
  return edit;
}

StepResult not_found(const StepContext& context, const Edit& edit, std::string_view text) {
  const std::string path = text_of(context.parameters, "path");
  if (edit.regex)
    return StepResult::failure(
        FailureKind::file_error,
        "nothing in '" + path + "' matches " + shown(text_of(context.parameters, "regex")),
        "read the file, and correct `regex`");
  std::string near = nearest_place(text, edit.find);
  return StepResult::failure(FailureKind::file_error,
                             "'" + path + "' does not hold `" + shown(edit.find) + "`",
                             near.empty() ? "read the file, and correct `find`" : near);
}

StepResult run(const StepContext& context) {
  Files& files = context.services.files;
  Result<std::string, Failure> path = path_of(context, "path");
  if (!path) return failed(path.error());
  Result<Edit, Failure> edit = edit_of(context.parameters);
  if (!edit) return failed(edit.error());

  std::string before;
  const bool exists = files.status(*path).has_value();
  if (exists || needs_target(edit->operation)) {
    Result<std::string, Failure> bytes = files.read(*path, k_most_bytes + 1);
    if (!bytes) return failed(bytes.error());
    if (bytes->size() > k_most_bytes)
      return StepResult::failure(FailureKind::file_error, "'" + *path + "' is larger than 256 MiB",
                                 "use a command step with a program like sed");
    before = std::move(*bytes);
  }
  Edited edited = apply_edit(*edit, before);
  if (needs_target(edit->operation) && edited.changes == 0) return not_found(context, *edit, before);

  StepResult result;
  result.output = {{"path", text_of(context.parameters, "path")},
                   {"replacements", edited.changes},
                   {"size", edited.text.size()},
                   {"backup", nullptr}};
  if (exists && edited.text == before) return result;
  const std::string backup = backup_path(context.parameters, *path);
  if (exists && !backup.empty()) {
    Result<std::uint64_t, Failure> kept =
        files.copy(*path, resolve_path(context.working_directory, backup), true);
    if (!kept) return failed(kept.error());
    result.output["backup"] = backup_path(context.parameters, text_of(context.parameters, "path"));
  }
  Result<Written, Failure> written = files.write({.path = *path, .bytes = edited.text});
  if (!written) return failed(written.error());
  return result;
}

}  // namespace

const StepType k_edit_file_step = {
    .name = "edit_file",
    .summary =
        "Changes a file in place, whole or not at all; that the text to find isn't there is a failure.",
    .example = R"(- id: bump
  name: Raise the version
  step_type: edit_file
  parameters:
    path: src/version.py
    find: VERSION = "1.0"
    replace: VERSION = "1.1"
)",
    .parameters = k_keys,
    .main_output = "path",
    .output_fields = "path replacements size backup",
    .check = check,
    .effects = effects,
    .run = run,
};

}  // namespace rustchain
