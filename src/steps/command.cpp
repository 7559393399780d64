// Step type command: runs a program, or a text in a shell.
#include "steps/command_check.hpp"
#include "steps/command_effects.hpp"
#include "steps/command_end.hpp"
#include "steps/command_hints.hpp"
#include "steps/command_line.hpp"
#include "steps/near_programs.hpp"
#include "steps/registry.hpp"
#include "steps/run_background.hpp"
#include "steps/run_chunks.hpp"
#include "steps/support.hpp"
#include "util/path.hpp"
#include "util/text.hpp"

#include <array>
#include <iterator>
#include <memory>
#include <thread>

namespace rustchain {
namespace {

constexpr std::uint64_t k_output_bytes = 1 << 20;
// The kernel takes 128 KiB for one argument, and some MiB for all arguments and the environment.
constexpr std::size_t k_most_values = 64 << 10;
constexpr std::size_t k_most_script = 96 << 10;

constexpr auto k_entry_keys = std::to_array<KeySpec>({
    {.name = "command",
     .required = true,
     .doc = "The program, or a whole command line.",
     .example = "dir /s"},
    {.name = "args",
     .types = k_list | k_string,
     .element = k_string,
     .doc = "Its arguments, each as one word.",
     .example = "[\"/s\"]"},
});
constexpr std::string_view k_entry_doc = "What to run there: a command line, or {command, args}.";
constexpr auto k_platform_keys = std::to_array<KeySpec>({
    {.name = "unix", .types = k_string | k_map, .doc = k_entry_doc, .example = "ls -l", .keys = k_entry_keys},
    {.name = "linux",
     .types = k_string | k_map,
     .doc = k_entry_doc,
     .example = "ip addr",
     .keys = k_entry_keys},
    {.name = "macos",
     .types = k_string | k_map,
     .doc = k_entry_doc,
     .example = "ifconfig",
     .keys = k_entry_keys},
    {.name = "windows",
     .types = k_string | k_map,
     .doc = k_entry_doc,
     .example = "dir",
     .keys = k_entry_keys},
});

constexpr auto k_keys = std::to_array<KeySpec>({
    {.name = "command",
     .types = k_string | k_list,
     .element = k_string,
     .doc = "The program to run, or a whole command line; one with shell syntax (pipes, &&, $HOME ...) is "
            "run by "
            "the shell.",
     .example = "grep",
     .old_names = "cmd"},
    {.name = "args",
     .types = k_list | k_string,
     .element = k_string,
     .default_value = "[]",
     .doc = "Its arguments, each as one word that no shell reads.",
     .example = "[\"-rn\", \"TODO\", \"src\"]",
     .aliases = "arguments"},
    {.name = "shell",
     .types = k_boolean | k_string,
     .doc = "true: the shell runs the command; false: never; or the name of a shell.",
     .example = "bash"},
    {.name = "stdin",
     .doc = "A text that the command reads from its standard input.",
     .example = "{list.stdout}"},
    {.name = "stdin_file",
     .doc = "A file that the command reads from its standard input; wins over `stdin`.",
     .example = "data.csv"},
    {.name = "env",
     .types = k_map,
     .element = k_string,
     .default_value = "{}",
     .doc = "Environment variables, added to those of the step, the mission and the runner.",
     .example = "{LC_ALL: C}",
     .aliases = "environment"},
    {.name = "working_dir",
     .doc = "Where the command runs, seen from the step's working directory.",
     .example = "build",
     .aliases = "working_directory",
     .old_names = "cwd"},
    {.name = "expect_exit_codes",
     .types = k_list | k_integer,
     .element = k_integer,
     .default_value = "[0]",
     .doc = "The exit codes that are a success; grep and diff give 1 for \"nothing found\" and \"differs\".",
     .example = "[0, 1]",
     .aliases = "expect_exit_code",
     .old_names = "expected_exit_codes expected_exit_code"},
    {.name = "expect_status_codes",
     .types = k_list | k_integer,
     .element = k_integer,
     .doc = "HTTP codes of which a curl-like command must print one at the end of its output.",
     .example = "[200, 204]",
     .aliases = "expect_status",
     .old_names = "expected_status expected_status_codes"},
    {.name = "capture_stderr",
     .types = k_boolean,
     .default_value = "true",
     .doc = "false: what it prints to standard error is thrown away.",
     .example = "false"},
    {.name = "report_level",
     .default_value = "normal",
     .doc = "How many of its last lines a failure shows: 3, 10 or 30.",
     .example = "detailed",
     .words = "summary normal detailed"},
    {.name = "output_file",
     .doc = "A file that gets the whole standard output, whole or not at all.",
     .example = "reports/found.txt"},
    {.name = "max_output_bytes",
     .types = k_size,
     .default_value = "1MiB",
     .doc = "How much of each output stream later steps are given: its beginning and its end.",
     .example = "64KiB"},
    {.name = "allow_partial_results",
     .types = k_boolean,
     .default_value = "false",
     .doc = "true: when the command is stopped, what it printed until then is kept as a partial result.",
     .example = "true"},
    {.name = "progress_callback",
     .types = k_boolean,
     .default_value = "true",
     .doc = "false: no lines about its progress while it runs.",
     .example = "false"},
    {.name = "platform_commands",
     .types = k_map,
     .doc = "Commands by platform; linux and macos win over unix, and all of them over `command`.",
     .example = "{unix: ls -l, windows: dir}",
     .keys = k_platform_keys},
    {.name = "unix", .types = k_string | k_map, .doc = k_entry_doc, .example = "ls -l", .keys = k_entry_keys},
    {.name = "linux",
     .types = k_string | k_map,
     .doc = k_entry_doc,
     .example = "ip addr",
     .keys = k_entry_keys},
    {.name = "macos",
     .types = k_string | k_map,
     .doc = k_entry_doc,
     .example = "ifconfig",
     .keys = k_entry_keys},
    {.name = "windows",
     .types = k_string | k_map,
     .doc = k_entry_doc,
     .example = "dir",
     .keys = k_entry_keys},
    {.name = "fallback_command",
     .types = k_string | k_map,
     .doc = "What to run if the program is not installed.",
     .example = "{command: grep, args: [\"-rn\", \"TODO\", \"src\"]}",
     .keys = k_entry_keys},
    {.name = "detect_platform",
     .types = k_boolean,
     .default_value = "true",
     .doc = "false: the commands by platform are passed over.",
     .example = "false"},
    {.name = "files",
     .types = k_list | k_string | k_map,
     .doc = "Files that the command gets in chunks, at the end or at {files}: names, patterns, or {glob: "
            "PATTERN}.",
     .example = "\"src/**/*.c\""},
    {.name = "chunk_size",
     .types = k_integer,
     .doc = "How many files the command gets at once: 1000 if not given. Without `files` for `grep -r` and "
            "`find -exec`.",
     .example = "100",
     .aliases = "max_files_per_chunk",
     .minimum = 1},
    {.name = "chunk_processing",
     .types = k_boolean,
     .doc = "true: the files are processed in chunks; false: all at once, as far as the system takes them.",
     .example = "true"},
    {.name = "parallel",
     .types = k_boolean | k_integer,
     .doc = "How many chunks run at once; true: one for each core.",
     .example = "2",
     .minimum = 1},
    {.name = "background",
     .types = k_boolean,
     .default_value = "false",
     .doc = "true: the step ends once the process is ready, and the process lives until the run ends.",
     .example = "true"},
    {.name = "ready",
     .types = k_map,
     .doc = "How a background process is known to be ready; without it: when it was started.",
     .example = "{port: 8080, timeout_seconds: 20}",
     .keys = k_ready_keys},
});

Environment environment_of(const StepContext& context, bool with_values) {
  Environment environment = context.services.environment;
  for (const auto& [name, value] : context.env) environment.set(name, value);
  if (const Json* own = given(context.parameters, "env"); own && own->is_object())
    for (const auto& [name, value] : own->items()) environment.set(name, text_of(*own, name));
  if (with_values)
    for (const auto& [name, value] : context.shell_values) environment.add(name, value);
  return environment;
}

// A script that is too long for an argument, or whose values are too long for the environment, as a file that
// lives as long as this.
class ScriptFile {
 public:
  explicit ScriptFile(Files& files) : files_(files) {}
  ~ScriptFile() {
    if (!path_.empty()) (void)files_.remove(path_, false).ok();
  }
  ScriptFile(const ScriptFile&) = delete;
  ScriptFile& operator=(const ScriptFile&) = delete;

  Result<Done, Failure> write(const StepContext& context, const CommandLine& line, bool with_values) {
    std::string base = context.output_base;
    if (base.empty()) {
      std::string directory = context.services.variable("TMPDIR").value_or("");
      base = resolve_path(directory.empty() ? "/tmp" : directory,
                          "rustchain-" + std::to_string(context.services.random()));
    }
    std::string text;
    if (with_values)
      for (const auto& [name, value] : context.shell_values)
        text += name + "='" + replace_all(value, "'", "'\\''") + "'\n";
    text += line.script;
    path_ = base + ".sh";
    // The values may be secrets.
    Result<Written, Failure> written = files_.write({.path = path_, .bytes = text, .mode = 0600});
    if (!written) return written.error();
    return Done{};
  }
  const std::string& path() const { return path_; }

 private:
  Files& files_;
  std::string path_;
};

// What is left to say when the command line is known. The script, if it needs one, is to live as long as the
// process.
Result<std::shared_ptr<ScriptFile>, Failure> complete(const StepContext& context, const CommandLine& line,
                                                      ProcessRequest& request) {
  auto script = std::make_shared<ScriptFile>(context.services.files);
  bool values_in_environment = true;
  if (line.is_script() && is_posix_shell(line.shell)) {
    std::size_t values = 0;
    for (const auto& [name, value] : context.shell_values) values += name.size() + value.size() + 2;
    values_in_environment = values < k_most_values;
    if (!values_in_environment || line.script.size() > k_most_script)
      if (Result<Done, Failure> written = script->write(context, line, !values_in_environment); !written)
        return written.error();
  }
  request.argv = start_arguments(line, script->path());
  request.environment = environment_of(context, line.is_script() && values_in_environment);
  if (request.argv.empty() || request.argv.front().empty())
    return Failure{FailureKind::invalid, "the command is empty",
                   "look at the references in it: one of them may have given nothing"};
  return script;
}

// Puts the whole output into `output_file`. It is in memory, or where the process's output is kept.
Result<Done, Failure> write_output_file(Files& files, const Captured& out, const std::string& path) {
  if (!out.truncated()) {
    Result<Written, Failure> written = files.write({.path = path, .bytes = out.head + out.tail});
    if (!written) return written.error();
    return Done{};
  }
  const std::string& whole = out.plain_file.empty() ? out.file : out.plain_file;
  if (whole.empty() || !out.store_error.empty())
    return Failure{FailureKind::file_error,
                   "can't write '" + path + "': not all of the output could be kept" +
                       (out.store_error.empty() ? "" : ", " + out.store_error),
                   "free some space, and run the step again"};
  Result<std::uint64_t, Failure> copied = files.copy(whole, path, true);
  if (!copied) return copied.error();
  return Done{};
}

StepResult run(const StepContext& context) {
  const Json& parameters = context.parameters;
  Services& services = context.services;

  ProcessRequest request;
  request.working_directory = context.working_directory;
  if (is_given(parameters, "working_dir")) {
    Result<std::string, Failure> directory = path_of(context, "working_dir");
    if (!directory) return failed(directory.error());
    request.working_directory = *directory;
  }
  request.stdin_text = text_of(parameters, "stdin");
  if (is_given(parameters, "stdin_file")) {
    Result<std::string, Failure> path = path_of(context, "stdin_file");
    if (!path) return failed(path.error());
    request.stdin_file = *path;
  }
  std::string output_file;
  if (is_given(parameters, "output_file")) {
    Result<std::string, Failure> path = path_of(context, "output_file");
    if (!path) return failed(path.error());
    output_file = *path;
  }
  if (!context.output_base.empty()) {
    request.stdout_file = context.output_base + ".out";
    request.stderr_file = context.output_base + ".err";
  }
  request.mask = services.mask;
  std::string temporary;  // for an output file, where nothing is kept or only what is masked
  if (!output_file.empty() && (context.output_base.empty() || request.mask != nullptr)) {
    temporary = output_file + "." + std::to_string(services.random()) + ".tmp";
    request.stdout_plain_file = temporary;
  }
  request.capture_stderr = flag_of(parameters, "capture_stderr");
  request.keep_bytes = number_of(parameters, "max_output_bytes", k_output_bytes);
  request.grace = context.grace;
  request.on_progress = context.on_progress;
  request.limits = context.limits;
  request.on_started = context.on_process;

  const std::vector<CommandLine> lines = command_lines(context.step, parameters, context.shell);
  Result<CommandLine, Failure> chosen =
      choose_command(lines, services.platform, flag_of(parameters, "detect_platform"));
  if (!chosen) return failed(chosen.error());
  CommandLine line = std::move(*chosen);
  StepResult result;
  std::size_t chunks = 1;
  static const unsigned cores = std::thread::hardware_concurrency();  // the system reads a file to tell
  const ChunkKeys keys = chunk_keys(parameters, cores);
  auto start_it = [&]() -> Result<ProcessEnd, Failure> {
    if (!keys.asked) {
      auto script = complete(context, line, request);
      if (!script) return script.error();
      return services.processes.run(request, context.stop);
    }
    request.environment = environment_of(context, line.is_script());
    // Without files that are found in it no process would be started, and nobody would see that it isn't
    // there.
    std::optional<FileStatus> there = services.files.status(request.working_directory);
    if (!there || there->kind != FileStatus::Kind::directory)
      return Failure{FailureKind::file_error,
                     "can't work in directory '" + request.working_directory +
                         "': " + (there ? "it is no directory" : "it isn't there"),
                     "correct working_dir, or let an earlier step make the directory"};
    Result<ChunkedRun, Failure> run = run_in_chunks(context, line, keys, request);
    if (!run) return run.error();
    chunks = run->chunks;
    for (std::string& warning : run->warnings) result.warnings.push_back(std::move(warning));
    return std::move(run->end);
  };
  auto keep_it = [&]() -> Result<StepResult, Failure> {
    auto script = complete(context, line, request);
    if (!script) return script.error();
    ProcessRequest kept = request;
    kept.on_started = [script = *script, told = request.on_started](int process) {
      if (told) told(process);
    };
    return run_background(context, line, std::move(kept));
  };
  const CommandLine* fallback = fallback_of(lines);
  auto with_fallback = [&](const auto& start) {
    auto end = start();
    if (end || end.error().kind != FailureKind::command_not_found || fallback == nullptr) return end;
    result.warnings.push_back("`" + shown(line.is_script() ? line.shell : line.name()) +
                              "` was not found; the fallback `" + fallback->name() + "` ran in its place");
    line = *fallback;
    return start();
  };
  auto not_started = [&](const Failure& why) {
    std::string near;
    if (why.kind == FailureKind::command_not_found && !line.is_script())
      near = near_program(services, line.name(), environment_of(context, false).find("PATH").value_or(""),
                          request.working_directory);
    StepResult failure = start_failure(line, why, near);
    failure.warnings = std::move(result.warnings);
    return failure;
  };
  if (flag_of(parameters, "background")) {
    Result<StepResult, Failure> kept = with_fallback(keep_it);
    if (!kept) return not_started(kept.error());
    std::move(result.warnings.begin(), result.warnings.end(), std::back_inserter(kept->warnings));
    return std::move(*kept);
  }
  Result<ProcessEnd, Failure> end = with_fallback(start_it);
  if (!end) return not_started(end.error());

  result.output = command_output(line, *end, services.platform);
  result.output["chunks"] = chunks;
  result.stdout_file = end->out.file;
  result.stderr_file = end->err.file;
  result.limits_enforced = end->limits_enforced;
  judge_end(line, *end, parameters, result);
  const bool stopped = end->stopped_by != StopReason::none;
  if (result.kind == FailureKind::timeout)
    if (std::string hint = chunk_hint(line, keys, request, std::thread::hardware_concurrency());
        !hint.empty())
      result.hints.push_back({Hint::Kind::command, std::move(hint)});
  if (!output_file.empty() && (!stopped || result.status == Status::partial)) {
    if (Result<Done, Failure> written = write_output_file(services.files, end->out, output_file); !written) {
      if (result.status == Status::failed) {
        result.warnings.push_back(written.error().message);
      } else {
        result.status = Status::failed;
        result.kind = written.error().kind;
        result.error = written.error().message;
        result.help = written.error().help;
      }
    }
  }
  if (!temporary.empty()) (void)services.files.remove(temporary, false).ok();
  result.stopped = std::move(end->ended);
  result.left_over = std::move(end->left_over);
  return result;
}

}  // namespace

const StepType k_command_step = {
    .name = "command",
    .summary = "Runs a program, or a text in a shell.",
    .example = R"(- id: find_todos
  name: Find what is left to do
  step_type: command
  parameters:
    command: grep
    args: ["-rn", "TODO", "src"]
    expect_exit_codes: [0, 1]
)",
    .parameters = k_keys,
    .main_output = "stdout",
    .output_fields =
        "command args exit_code stdout stderr stdout_bytes stderr_bytes truncated chunks platform",
    .check = check_command_step,
    .text_kind = command_text_kind,
    .effects = command_effects,
    .run = run,
};

}  // namespace rustchain
