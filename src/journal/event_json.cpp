// Events as JSON and back. What an event holds is written down once, in `fields`, for both ways.
#include "journal/event_json.hpp"

#include "util/format.hpp"
#include "util/json_text.hpp"
#include "util/utf8.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace rustchain {
namespace {

template <class T>
constexpr bool k_is_list = false;
template <class T>
constexpr bool k_is_list<std::vector<T>> = true;
template <class T>
constexpr bool k_is_optional = false;
template <class T>
constexpr bool k_is_optional<std::optional<T>> = true;
using TextPair = std::pair<std::string, std::string>;

// ---- the vocabularies

std::string_view word(Status status) {
  return to_string(status);
}
std::string_view word(FailureKind kind) {
  return to_string(kind);
}
std::string_view word(StopReason reason) {
  return to_string(reason);
}
std::string_view word(Hint::Kind kind) {
  constexpr std::array<std::string_view, 3> words = {"alternative", "command", "mission"};
  return words[static_cast<std::size_t>(kind)];
}

template <class E>
E from_word(std::string_view given, int count) {
  for (int i = 0; i < count; ++i)
    if (word(static_cast<E>(i)) == given) return static_cast<E>(i);
  throw std::invalid_argument("'" + std::string(given) + "' is no word that is known here");
}
template <class E>
constexpr int k_words = 0;
template <>
constexpr int k_words<Status> = 5;
template <>
constexpr int k_words<FailureKind> = static_cast<int>(k_failure_kinds.size());
template <>
constexpr int k_words<StopReason> = 8;
template <>
constexpr int k_words<Hint::Kind> = 3;

// ---- what each holds, in order; the heads of step_started and step_finished are known to durations.cpp too

template <class A>
void fields(A& a, Location& at) {
  a("line", at.line);
  a("column", at.column);
  a("file", at.file);
}
template <class A>
void fields(A& a, TimeoutChosen& timeout) {
  a("seconds", timeout.seconds);
  a("how", timeout.how);
}
template <class A>
void fields(A& a, Risk& risk) {
  a("score", risk.score);
  a("verdict", risk.verdict);
}
template <class A>
void fields(A& a, Expectation& expected) {
  a("seconds", expected.seconds);
  a("slowest", expected.slowest);
  a("runs", expected.runs);
}
template <class A>
void fields(A& a, ResourceLimits& limits) {
  a("max_memory_mb", limits.max_memory_mb);
  a("max_cpu_percent", limits.max_cpu_percent);
  a("max_disk_io_mb_per_sec", limits.max_disk_io_mb_per_sec);
}
template <class A>
void fields(A& a, ErrorHandling& hints) {
  a("suggest_alternatives", hints.suggest_alternatives);
  a("provide_command_optimizations", hints.provide_command_optimizations);
  a("offer_mission_restructuring", hints.offer_mission_restructuring);
}
template <class A>
void fields(A& a, EndedProcess& process) {
  a("pid", process.pid);
  a("command", process.command);
  a("signal", process.signal);
}
template <class A>
void fields(A& a, Hint& hint) {
  a("kind", hint.kind);
  a("text", hint.text);
}
template <class A>
void fields(A& a, FileMark& mark) {
  a("path", mark.path);
  a("there", mark.there);
  a("size", mark.size);
  a("modified", mark.modified);
  a("hash", mark.hash);
}
template <class A>
void fields(A& a, StepBasis& basis) {
  a("definition", basis.definition);
  a("parameters", basis.parameters);
  a("env", basis.env);
  a("reads", basis.reads);
  a("needs", basis.needs);
  a("changes", basis.changes);
}
template <class A>
void fields(A& a, Progress& progress) {
  a("bytes", progress.bytes);
  a("lines", progress.lines);
  a("last_line", progress.last_line);
}
// But for the status.
template <class A>
void fields(A& a, StepResult& result) {
  a("kind", result.kind);
  a("output", result.output);
  a("error", result.error);
  a("help", result.help);
  a("facts", result.facts);
  a("hints", result.hints);
  a("details", result.details);
  a("warnings", result.warnings);
  a("stdout_file", result.stdout_file);
  a("stderr_file", result.stderr_file);
  a("stopped", result.stopped);
  a("left_over", result.left_over);
  a("limits_enforced", result.limits_enforced);
}
template <class A>
void fields(A& a, RunStarted::StepInfo& info) {
  a("id", info.id);
  a("name", info.name);
  a("type", info.type);
  a("at", info.at);
  a("depends_on", info.depends_on);
  a("inferred", info.inferred);
  a("file", info.file);
}

template <class A>
void fields(A& a, RunStarted& run) {
  a("run_id", run.run_id);
  a("path", run.path);
  a("file", run.file);
  a("mission", run.mission);
  a("version", run.version);
  a("directory", run.directory);
  a("max_parallel", run.max_parallel);
  a("continues", run.continues);
  a("again", run.again);
  a("risk", run.risk);
  a("hints", run.hints);
  a("steps", run.steps);
}
template <class A>
void fields(A& a, StepAdded& added) {
  a("step", added.step);
  a("parent", added.parent);
  a("siblings", added.siblings);
  a("info", added.info);
  a("item", added.item);
}
template <class A>
void fields(A& a, StepStarted& started) {
  a("step", started.step);
  a("attempt", started.attempt);
  a("basis", started.basis);
  a("what", started.what);
  a("why", started.why);
  a("timeout", started.timeout);
  a("expected", started.expected);
  a("limits", started.limits);
}
template <class A>
void fields(A& a, StepProgressed& progressed) {
  a("step", progressed.step);
  a("progress", progressed.progress);
}
template <class A>
void fields(A& a, StepWrote& wrote) {
  a("step", wrote.step);
  a("text", wrote.text);
}
template <class A>
void fields(A& a, LimitWarning& warning) {
  a("step", warning.step);
  a("limit", warning.limit);
  a("measured", warning.measured);
  a("allowed", warning.allowed);
  a("message", warning.message);
}
template <class A>
void fields(A& a, ProcessKilled& killed) {
  a("step", killed.step);
  a("process", killed.process);
  a("asked_by", killed.asked_by);
}
template <class A>
void fields(A& a, StepRetried& retried) {
  a("step", retried.step);
  a("attempt", retried.attempt);
  a("delay_seconds", retried.delay_seconds);
  a("kind", retried.kind);
  a("error", retried.error);
}
template <class A>
void fields(A& a, StepFinished& finished) {
  a("step", finished.step);
  a("status", finished.result.status);
  a("seconds", finished.duration_seconds);
  a("attempts", finished.attempts);
  a("allowed", finished.allowed);
  a("masked", finished.masked);
  fields(a, finished.result);
  a("wrote", finished.wrote);
}
template <class A>
void fields(A& a, StepReused& reused) {
  a("step", reused.step);
  a("run", reused.run);
  a("status", reused.result.status);
  a("seconds", reused.duration_seconds);
  a("attempts", reused.attempts);
  a("basis", reused.basis);
  a("what", reused.what);
  fields(a, reused.result);
  a("wrote", reused.wrote);
}
template <class A>
void fields(A& a, StepNotRun& left) {
  a("step", left.step);
  a("status", left.status);
  a("needs", left.needs);
  a("cause", left.cause);
  a("reason", left.reason);
}
template <class A>
void fields(A& a, BackgroundEnded& ended) {
  a("step", ended.step);
  a("early", ended.early);
  a("how", ended.how);
  a("during", ended.during);
}
template <class A>
void fields(A& a, RunStopping& stopping) {
  a("reason", stopping.reason);
  a("at_once", stopping.at_once);
}
template <class A>
void fields(A& a, RunFinished& finished) {
  a("seconds", finished.duration_seconds);
  a("time_limit", finished.time_limit);
  a("signal", finished.signal);
  a("size_limit", finished.size_limit);
}

// By their order in Event.
constexpr std::array<std::string_view, std::variant_size_v<decltype(Event::what)>> k_names = {
    "run_started",   "step_added",       "step_started", "step_progress", "step_output",
    "limit_warning", "process_killed",   "step_retry",   "step_finished", "step_reused",
    "step_skipped",  "background_ended", "run_stopping", "run_finished"};

// ---- there

class Writer {
 public:
  explicit Writer(std::string& to) : to_(to) {}

  template <class T>
  void operator()(std::string_view key, T& value) {
    if (empty(value)) return;
    if (to_.back() != '{') to_ += ',';
    to_ += '"';
    to_ += key;
    to_ += "\":";
    put(value);
  }

 private:
  template <class T>
  static bool empty(const T& value) {
    if constexpr (std::is_same_v<T, bool>) return !value;
    if constexpr (std::is_same_v<T, Json>) return value.is_object() && value.empty();
    if constexpr (k_is_optional<T>) return !value;
    if constexpr (k_is_list<T> || std::is_same_v<T, std::string>) return value.empty();
    if constexpr (std::is_same_v<T, FailureKind>) return value == FailureKind::none;
    if constexpr (std::is_same_v<T, ResourceLimits>) return !value.any();
    return false;
  }

  template <class T>
  void put(T& value) {
    if constexpr (std::is_same_v<T, std::string>) {
      text(value);
    } else if constexpr (std::is_same_v<T, bool>) {
      to_ += value ? "true" : "false";
    } else if constexpr (std::is_arithmetic_v<T>) {
      number(value);
    } else if constexpr (std::is_enum_v<T>) {
      text(word(value));
    } else if constexpr (std::is_same_v<T, Json>) {
      to_ += dump_json(value);
    } else if constexpr (k_is_optional<T>) {
      put(*value);
    } else if constexpr (k_is_list<T>) {
      to_ += '[';
      for (auto& element : value) {
        if (to_.back() != '[') to_ += ',';
        put(element);
      }
      to_ += ']';
    } else if constexpr (std::is_same_v<T, TextPair>) {
      to_ += '[';
      text(value.first);
      to_ += ',';
      text(value.second);
      to_ += ']';
    } else {
      to_ += '{';
      fields(*this, value);
      to_ += '}';
    }
  }

  template <class T>
  void number(T value) {
    if constexpr (std::is_floating_point_v<T>)
      if (!std::isfinite(value)) value = 0;
    std::array<char, 40> buffer{};
    auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    to_.append(buffer.data(), end);
  }

  void text(std::string_view text) {
    std::string replaced;
    if (find_invalid_utf8(text) != std::string_view::npos) {
      replaced = replace_invalid_utf8(text);
      text = replaced;
    }
    constexpr std::string_view hex = "0123456789abcdef";
    to_ += '"';
    for (char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        to_ += '\\';
        to_ += c;
      } else if (c == '\n') {
        to_ += "\\n";
      } else if (byte < 0x20) {
        to_ += "\\u00";
        to_ += hex[byte >> 4];
        to_ += hex[byte & 15];
      } else {
        to_ += c;
      }
    }
    to_ += '"';
  }

  std::string& to_;
};

// ---- and back; what doesn't fit is an exception, caught below

class Reader {
 public:
  explicit Reader(const Json& from) : from_(from) {}

  template <class T>
  void operator()(const char* key, T& value) {
    auto found = from_.find(key);
    if (found != from_.end())
      get(*found, value);
    else if constexpr (std::is_same_v<T, bool>)
      value = false;
  }

 private:
  template <class T>
  static void get(const Json& from, T& value) {
    if constexpr (std::is_same_v<T, Json>) {
      value = from;
    } else if constexpr (std::is_enum_v<T>) {
      value = from_word<T>(from.get_ref<const std::string&>(), k_words<T>);
    } else if constexpr (k_is_optional<T>) {
      get(from, value.emplace());
    } else if constexpr (k_is_list<T>) {
      value.clear();
      if (!from.is_array()) throw std::invalid_argument("a list was to be there");
      for (const Json& element : from) get(element, value.emplace_back());
    } else if constexpr (std::is_same_v<T, TextPair>) {
      value = {from.at(0).get<std::string>(), from.at(1).get<std::string>()};
    } else if constexpr (std::is_same_v<T, std::string> || std::is_arithmetic_v<T>) {
      if (std::is_arithmetic_v<T> && !from.is_number() && !from.is_boolean())
        throw std::invalid_argument("a number was to be there");
      value = from.get<T>();
    } else {
      if (!from.is_object()) throw std::invalid_argument("a map was to be there");
      Reader inner(from);
      fields(inner, value);
    }
  }

  const Json& from_;
};

template <std::size_t I = 0>
void read_what(std::string_view name, Reader& reader, Event& event) {
  if constexpr (I < k_names.size()) {
    if (k_names[I] != name) return read_what<I + 1>(name, reader, event);
    fields(reader, event.what.emplace<I>());
  } else {
    throw std::invalid_argument("there is no event '" + std::string(name) + "'");
  }
}

}  // namespace

std::string event_to_json(const Event& event) {
  std::string text = R"({"at":")" + format_time(event.at) + R"(","event":")";
  text += k_names[event.what.index()];
  text += '"';
  Writer writer(text);
  // `fields` is for both ways; this one changes nothing.
  std::visit(
      [&](const auto& what) { fields(writer, const_cast<std::remove_cvref_t<decltype(what)>&>(what)); },
      event.what);
  return text += '}';
}

Result<Event> event_from_json(const Json& json) {
  try {
    if (!json.is_object()) return Error{"it is no JSON object"};
    Event event;
    auto at = parse_time(json.at("at").get_ref<const std::string&>());
    if (!at) return Error{"its time can't be read"};
    event.at = *at;
    Reader reader(json);
    read_what(json.at("event").get_ref<const std::string&>(), reader, event);
    return event;
  } catch (const std::exception& error) {
    return Error{error.what()};
  }
}

}  // namespace rustchain
