// A command that is a service for the steps after it.
#include "steps/run_background.hpp"

#include "steps/command_end.hpp"
#include "steps/command_hints.hpp"
#include "steps/support.hpp"
#include "util/format.hpp"
#include "util/regex.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <stop_token>
#include <utility>

namespace rustchain {
namespace {

constexpr double k_ready_seconds = 60;
constexpr Seconds k_first_look{0.01};
constexpr Seconds k_most_between_looks{0.25};
constexpr Seconds k_longest_answer{5};
constexpr std::size_t k_longest_line = 64 << 10;

constexpr std::string_view k_ways = "http port output";

// Looks for the expression in the lines of both streams, as they grow.
class OutputWatch {
 public:
  explicit OutputWatch(Regex regex) : regex_(std::move(regex)) {}

  void add(int stream, std::string_view bytes) {
    std::string& line = lines_[stream == 1 ? 0 : 1];
    while (!found_ && !bytes.empty()) {
      std::size_t end = bytes.find('\n');
      line.append(bytes.substr(0, end));
      found_ = regex_.found_in(line);
      if (end != std::string_view::npos) line.clear();
      if (line.size() > k_longest_line) line.erase(0, line.size() / 2);
      bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    }
  }
  bool found() const { return found_; }

 private:
  Regex regex_;
  std::array<std::string, 2> lines_;
  bool found_ = false;
};

// The way in which a process says that it is ready.
class Readiness {
 public:
  static Result<Readiness, Failure> make(const StepContext& context);

  // For a service that others answer already it could not be told when it is ready.
  std::optional<Failure> is_taken() const;
  // One look from outside.
  bool look(Seconds most);

  std::string wanted() const;  // "port 8080 to take connections"
  std::string last_seen() const { return seen_.empty() ? "" : " (" + seen_ + ")"; }
  Seconds limit() const { return limit_; }
  bool by_looks() const { return !url_.empty() || port_ != 0; }
  // Shared with the process, which may print longer than anybody listens.
  std::shared_ptr<OutputWatch> output;

 private:
  explicit Readiness(const StepContext& context) : context_(context) {}
  Result<HttpResponse, HttpError> ask(Seconds most) const;

  const StepContext& context_;
  std::string url_;
  std::uint16_t port_ = 0;
  std::string expression_;
  Seconds limit_{k_ready_seconds};
  std::string seen_;
};

Result<Readiness, Failure> Readiness::make(const StepContext& context) {
  Readiness made(context);
  if (!is_given(context.parameters, "ready")) return made;
  const Json& ready = context.parameters["ready"];
  made.url_ = text_of(ready, "http");
  if (is_given(ready, "port")) {
    const std::uint64_t port = number_of(ready, "port", 0);
    if (port < 1 || port > 65535)
      return Failure{FailureKind::invalid, "ready.port is no TCP port: " + shown(text_of(ready, "port")),
                     "ports are numbers from 1 to 65535"};
    made.port_ = static_cast<std::uint16_t>(port);
  }
  if (is_given(ready, "output")) {
    made.expression_ = text_of(ready, "output");
    Result<Regex> regex = Regex::make(made.expression_, Regex::Anchors::text);
    if (!regex)
      return Failure{FailureKind::invalid, "ready.output can't be read: " + regex.error().message,
                     "correct the regular expression"};
    made.output = std::make_shared<OutputWatch>(std::move(*regex));
  }
  if (is_given(ready, "timeout_seconds")) {
    const Json& seconds = ready["timeout_seconds"];
    if (!seconds.is_number() || seconds.get<double>() < 0)
      return Failure{FailureKind::invalid,
                     "ready.timeout_seconds is no number: " + shown(text_of(ready, "timeout_seconds")),
                     "write a number of seconds"};
    made.limit_ = Seconds(std::min(seconds.get<double>(), 3e9));
  }
  return made;
}

Result<HttpResponse, HttpError> Readiness::ask(Seconds most) const {
  HttpRequest request;
  request.url = url_;
  request.connect_timeout = request.total_timeout.emplace(most);
  request.max_response_bytes = 1 << 20;
  return context_.services.http.send(request, context_.stop);
}

std::optional<Failure> Readiness::is_taken() const {
  constexpr const char* cure = "end what runs there, perhaps a server of an earlier run, or use another port";
  if (port_ != 0 && context_.services.http.listens(port_, context_.stop))
    return Failure{FailureKind::network,
                   "port " + std::to_string(port_) +
                       " takes connections already, so something else than this command listens there",
                   cure};
  if (url_.empty()) return std::nullopt;
  if (auto answer = ask(Seconds(1)); answer && answer->status / 100 == 2)
    return Failure{FailureKind::network,
                   shown(url_) + " is answered already, so by something else than this command", cure};
  return std::nullopt;
}

bool Readiness::look(Seconds most) {
  if (port_ != 0) return context_.services.http.listens(port_, context_.stop);
  if (url_.empty()) return false;
  auto answer = ask(std::min(most, k_longest_answer));
  if (answer && answer->status / 100 == 2) return true;
  seen_ = answer ? "the last answer was " + std::to_string(answer->status) : answer.error().message;
  return false;
}

std::string Readiness::wanted() const {
  if (port_ != 0) return "port " + std::to_string(port_) + " to take connections";
  if (!url_.empty()) return shown(url_) + " to be answered with a status of 200 to 299";
  return "a line of its output to match `" + shown(expression_) + "`";
}

// What is known of a process that still runs, as an end of it.
ProcessEnd so_far(const BackgroundProcess::State& state) {
  ProcessEnd end;
  end.out.head = state.out;
  end.out.bytes = state.out.size();
  end.err.head = state.err;
  end.err.bytes = state.err.size();
  return end;
}

StepResult not_ready(const CommandLine& line, const ProcessEnd& end, const StepContext& context,
                     std::string error, std::string help) {
  // What it means when a process is stopped or ends is told by the same words as for any other.
  StepResult result;
  result.output = command_output(line, end, context.services.platform);
  judge_end(line, end, context.parameters, result);
  result.hints.clear();  // they are for commands whose output is wanted whole
  if (result.status == Status::success)
    result.details = last_lines(end.err.bytes > 0 ? end.err.text() : end.out.text(), 10);
  const bool stopped = context.stop.requested();
  result.status = Status::failed;
  if (!stopped) {
    result.kind = end.stopped_by != StopReason::none ? FailureKind::timeout
                  : end.signal != 0                  ? FailureKind::signal
                                                     : FailureKind::exit_code;
    result.error = std::move(error);
    if (!help.empty()) result.help = std::move(help);
  }
  result.stdout_file = end.out.file;
  result.stderr_file = end.err.file;
  return result;
}

}  // namespace

std::string background_plan(const Json& parameters) {
  if (!flag_of(parameters, "background")) return {};
  std::string text = "until the run ends";
  if (!is_given(parameters, "ready") || !parameters["ready"].is_object())
    return text + "; ready once started";
  const Json& ready = parameters["ready"];
  text += "; ready when ";
  if (is_given(ready, "port"))
    text += "port " + text_of(ready, "port") + " takes connections";
  else if (is_given(ready, "http"))
    text += text_of(ready, "http") + " is answered";
  else
    text += "a line of its output matches `" + shown(text_of(ready, "output")) + "`";
  const std::string within = text_of(ready, "timeout_seconds");
  return text + ", within " + (within.empty() ? format_number(k_ready_seconds) : within) + " s";
}

void check_background(const Step& step, Diagnostics& problems) {
  const Node* background = step.parameters.find("background");
  const Node* ready = step.parameters.find("ready");
  bool is_background = false;
  if (background != nullptr && is_boolean(*background, &is_background) && is_background) {
    for (std::string_view key : {"files", "chunk_size", "chunk_processing", "parallel"})
      if (const Node* chunks = step.parameters.find(key); chunks != nullptr && !chunks->is_null())
        return add_problem(problems, "RC0410", Severity::error, *chunks,
                           "a background command can't be run in chunks",
                           "take `" + std::string(key) + "` away, or `background`");
    for (std::string_view key :
         {"output_file", "expect_status_codes", "allow_partial_results", "progress_callback"})
      if (const Node* unused = step.parameters.find(key); unused != nullptr && !unused->is_null())
        add_problem(problems, "RC0411", Severity::warning, *unused,
                    "`" + std::string(key) + "` has no effect on a background command", "take it away");
  } else if (ready != nullptr && !ready->is_null()) {
    add_problem(problems, "RC0411", Severity::warning, *ready, "`ready` has no effect without `background`",
                "add `background: true`, or take `ready` away");
  }
  if (ready == nullptr || !ready->is_map()) return;
  std::vector<std::string> given;
  for (std::string_view way : words(k_ways))
    if (const Node* value = ready->find(way); value != nullptr && !value->is_null()) given.emplace_back(way);
  if (given.size() != 1)
    return add_problem(problems, "RC0410", Severity::error, *ready,
                       given.empty() ? "`ready` doesn't say how the command is known to be ready"
                                     : "`ready` has several ways to be ready: " + join(given, ", "),
                       "give one of `http`, `port` and `output`");
  const Node* output = ready->find("output");
  if (output == nullptr || !output->is_scalar() || has_reference(output->text)) return;
  if (Result<Regex> regex = Regex::make(output->text, Regex::Anchors::text); !regex)
    add_problem(problems, "RC0409", Severity::error, *output,
                "this is no regular expression: " + regex.error().message, "correct it");
}

Result<StepResult, Failure> run_background(const StepContext& context, const CommandLine& line,
                                           ProcessRequest request) {
  Result<Readiness, Failure> made = Readiness::make(context);
  if (!made) return failed(made.error());
  Readiness& ready = *made;
  if (std::optional<Failure> taken = ready.is_taken()) return failed(*taken);

  request.on_progress = {};
  if (ready.output)
    request.on_output = [output = ready.output](int stream, std::string_view bytes) {
      output->add(stream, bytes);
    };
  const SteadyTime begin = context.services.clock.steady();
  auto process = std::make_unique<BackgroundProcess>(context.services.processes, std::move(request));
  // As long as the process is the step's, what stops the step stops it.
  using OnStop = std::optional<std::stop_callback<std::function<void()>>>;
  OnStop on_stop(std::in_place, context.stop.token(), [&] {
    process->wake();
    process->stop(context.stop.reason());
  });
  OnStop on_hurry(std::in_place, context.stop.at_once_token(),
                  [&] { process->stop_at_once(context.stop.reason()); });

  bool is_ready = false;
  bool late = false;
  auto enough = [&](const BackgroundProcess::State& state) {
    return state.started && (!ready.by_looks() && (!ready.output || ready.output->found()));
  };
  for (Seconds pause = k_first_look; !is_ready && !late; pause = std::min(pause * 2, k_most_between_looks)) {
    is_ready = process->wait(pause, enough);
    BackgroundProcess::State state = process->state();
    if (state.ended || context.stop.requested()) break;
    Seconds left = ready.limit() - (context.services.clock.steady() - begin);
    if (!is_ready && state.started && ready.by_looks()) is_ready = ready.look(std::max(left, k_first_look));
    late = !is_ready && left.count() <= 0;
  }

  // An answer by something else doesn't make a command ready that has given up.
  on_stop.reset();
  const bool has_ended = process->state().ended;
  if (is_ready && !has_ended && !context.stop.requested()) {
    on_hurry.reset();
    StepResult result;
    ProcessEnd end = so_far(process->state());
    result.output = command_output(line, end, context.services.platform);
    result.output["exit_code"] = nullptr;
    if (!context.output_base.empty()) {
      if (end.out.bytes > 0) result.stdout_file = context.output_base + ".out";
      if (end.err.bytes > 0) result.stderr_file = context.output_base + ".err";
    }
    context.keep(std::move(process));
    return result;
  }
  if (!has_ended) process->stop(late ? StopReason::timeout : context.stop.reason());
  const Result<ProcessEnd, Failure>& end = process->end();
  if (!end) return end.error();
  if (late)
    return not_ready(line, *end, context,
                     "was not ready within " + format_seconds(ready.limit().count()) + ", waiting for " +
                         ready.wanted() + ready.last_seen(),
                     "read what it printed; give it more time with ready.timeout_seconds");
  return not_ready(
      line, *end, context,
      "ended before it was ready, with " +
          (end->signal != 0 ? signal_told(end->signal) : "exit code " + std::to_string(end->exit_code)),
      "a background command must go on until the run ends; read what it printed");
}

}  // namespace rustchain
