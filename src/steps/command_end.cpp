// From a process that has ended to the result of its step.
#include "steps/command_end.hpp"

#include "steps/command_hints.hpp"
#include "steps/shell_scan.hpp"
#include "steps/support.hpp"
#include "util/format.hpp"
#include "util/path.hpp"
#include "util/text.hpp"
#include "util/utf8.hpp"

#include <algorithm>
#include <map>

namespace rustchain {
namespace {

// `grep`, or "the command" for a text of several.
std::string subject(const CommandLine& line) {
  return line.is_script() ? "the command" : "`" + file_name(line.name()) + "`";
}

// The program that an exit code comes from; empty: that can't be told.
std::string program_of(const CommandLine& line) {
  if (!line.is_script()) return line.name();
  std::vector<ShellCommand> commands = scan_shell(line.script);
  return commands.size() == 1 && !commands[0].words.empty() ? commands[0].words[0] : std::string();
}

void fail(StepResult& result, FailureKind kind, std::string error, std::string help) {
  result.status = Status::failed;
  result.kind = kind;
  result.error = std::move(error);
  result.help = std::move(help);
}

void judge_stop(const CommandLine& line, StopReason reason, bool allow_partial, StepResult& result) {
  const std::string who = subject(line);
  switch (reason) {
    case StopReason::timeout:
      fail(result, FailureKind::timeout, who + " took longer than its limit and was stopped",
           "raise timeout_seconds, or set it to auto");
      break;
    case StopReason::idle_timeout:
      fail(result, FailureKind::timeout, who + " gave no sign of life for too long and was stopped",
           "raise idle_timeout_seconds");
      break;
    case StopReason::run_timeout:
      fail(result, FailureKind::timeout, "the run's time limit came while " + who + " was running",
           "raise config.timeout_seconds");
      break;
    case StopReason::resource_limit:
      fail(result, FailureKind::resource_limit, who + " took more than its limits allow and was stopped",
           "raise the limit in config");
      break;
    case StopReason::fail_fast:
      fail(result, FailureKind::interrupted, who + " was stopped because another step failed (fail_fast)",
           "");
      break;
    case StopReason::interrupt:
    case StopReason::run_over:
    case StopReason::none:
      fail(result, FailureKind::interrupted, who + " was stopped because the run was interrupted", "");
      break;
  }
  if (allow_partial) result.status = Status::partial;
}

// What a command that was stopped had given until then.
void add_facts(const ProcessEnd& end, StepResult& result) {
  const std::uint64_t bytes = end.out.bytes + end.err.bytes;
  if (bytes == 0) {
    result.facts.emplace_back("it had printed nothing until then");
    return;
  }
  result.facts.push_back("it had printed " + format_count(end.out.lines + end.err.lines, "line") + " (" +
                         format_size(bytes) + ") until then");
  if (result.status == Status::failed && end.out.bytes > 0)
    result.hints.push_back(
        {Hint::Kind::alternative,
         "allow_partial_results: true lets later steps work on what it printed until then"});
}

constexpr const char* k_silent =
    "it printed nothing: run it by hand to see more; if the code is fine, list it in expect_exit_codes";

bool expects(const Json& parameters, int code) {
  const std::vector<std::string> codes = list_of(parameters, "expect_exit_codes");
  if (codes.empty()) return code == 0;
  return std::find(codes.begin(), codes.end(), std::to_string(code)) != codes.end();
}

// What a curl-like command printed last: `-w "%{http_code}"` may follow the page without a newline.
std::string printed_code(std::string_view out) {
  out = trim(out);
  std::string_view word = out.substr(out.find_last_of(" \t\r\n") + 1);
  if (word.size() > 3) {
    std::string_view tail = word.substr(word.size() - 3);
    if (tail.find_first_not_of("0123456789") == std::string_view::npos) word = tail;
  }
  return std::string(utf8_prefix(word, 40));
}

void judge_exit(const CommandLine& line, const ProcessEnd& end, const Json& parameters, StepResult& result) {
  if (!expects(parameters, end.exit_code)) {
    ExitMeaning meaning = exit_meaning(program_of(line), end.exit_code);
    std::string error = subject(line) + " ended with exit code " + std::to_string(end.exit_code);
    if (!meaning.meaning.empty()) error += ": " + meaning.meaning;
    std::string help = line.is_script() ? script_mistake(line.script) : quoting_mistake(line.argv);
    if (help.empty()) help = meaning.help;
    if (help.empty() && end.out.bytes == 0 && end.err.bytes == 0) help = k_silent;
    return fail(result, FailureKind::exit_code, std::move(error), std::move(help));
  }
  const std::vector<std::string> codes = list_of(parameters, "expect_status_codes");
  if (codes.empty()) return;
  const std::string code = printed_code(end.out.truncated() ? end.out.tail : end.out.head);
  if (std::find(codes.begin(), codes.end(), code) != codes.end()) return;
  fail(result, FailureKind::http_status,
       subject(line) + " printed " + (code.empty() ? "nothing" : "`" + shown(code) + "`") + ", expected " +
           join(codes, " or "),
       "look at the server, or correct expect_status_codes");
}

std::string left_over_told(const std::vector<EndedProcess>& processes) {
  std::map<std::string, int> names;
  for (const EndedProcess& process : processes) ++names[shown(process.command, 40)];
  std::string all;
  for (const auto& [name, count] : names) {
    if (!all.empty()) all += ", ";
    all += name;
    if (count > 1) all += " (" + std::to_string(count) + ")";
  }
  return all;
}

}  // namespace

Json command_output(const CommandLine& line, const ProcessEnd& end, std::string_view platform) {
  Json args = Json::array();
  for (std::size_t i = line.is_script() ? 0 : 1; i < line.argv.size(); ++i)
    args.push_back(replace_invalid_utf8(line.argv[i]));
  Json output = Json::object();
  auto& fields = output.get_ref<Json::object_t&>();
  // In the order that the map has: then no place is looked for.
  auto add = [&](const char* name, Json value) { fields.emplace_hint(fields.end(), name, std::move(value)); };
  add("args", std::move(args));
  add("chunks", 1);
  add("command", replace_invalid_utf8(line.is_script() ? line.script : line.name()));
  add("exit_code", end.signal != 0 ? 128 + end.signal : end.exit_code);
  add("platform", platform);
  add("stderr", replace_invalid_utf8(end.err.text()));
  add("stderr_bytes", end.err.bytes);
  add("stdout", replace_invalid_utf8(end.out.text()));
  add("stdout_bytes", end.out.bytes);
  add("truncated", end.out.truncated() || end.err.truncated());
  return output;
}

void judge_end(const CommandLine& line, const ProcessEnd& end, const Json& parameters, StepResult& result) {
  const bool allow_partial = flag_of(parameters, "allow_partial_results");
  if (end.stopped_by != StopReason::none) {
    judge_stop(line, end.stopped_by, allow_partial, result);
    add_facts(end, result);
  } else if (end.out_of_memory && (end.signal != 0 || end.exit_code != 0)) {
    fail(result, FailureKind::resource_limit,
         subject(line) + " needed more memory than max_memory_mb allows, and the system ended it",
         "raise max_memory_mb, or give the step less to do");
    if (allow_partial) result.status = Status::partial;
  } else if (end.signal != 0) {
    fail(result, FailureKind::signal, subject(line) + " was ended by " + signal_told(end.signal),
         signal_help(end.signal));
  } else {
    judge_exit(line, end, parameters, result);
  }

  if (result.status != Status::success) {
    const std::string level = text_of(parameters, "report_level");
    const std::size_t most = level == "summary" ? 3 : level == "detailed" ? 30 : 10;
    result.details = last_lines(end.err.text(), most);
    if (result.details.empty()) result.details = last_lines(end.out.text(), most);
  }
  if (!end.left_over.empty())
    result.warnings.push_back("it left processes running, which were ended: " +
                              left_over_told(end.left_over) + "; background: true keeps a service running");
  for (const Captured* stream : {&end.out, &end.err})
    if (!stream->store_error.empty())
      result.warnings.push_back(std::string("not all of its ") +
                                (stream == &end.out ? "output" : "error output") +
                                " could be kept: " + stream->store_error);
}

StepResult start_failure(const CommandLine& line, const Failure& failure, const std::string& near) {
  const std::string program = line.is_script() ? line.shell : line.name();
  // With its own help it is another trouble than the program's absence: its interpreter's, say.
  if (failure.kind == FailureKind::command_not_found && failure.help.empty()) {
    std::string help = line.is_script() ? "name a shell that is installed in `shell`"
                                        : missing_program_help(line.argv, near);
    return StepResult::failure(
        failure.kind,
        (line.is_script() ? "the shell `" : "the program `") + shown(program) + "` was not found",
        std::move(help));
  }
  if (failure.kind == FailureKind::permission_denied && failure.help.empty())
    return StepResult::failure(
        failure.kind, failure.message,
        "make it executable with chmod +x, or run it by its interpreter, as in `bash FILE`");
  return failed(failure);
}

}  // namespace rustchain
