// How a step ended, and why: the one vocabulary of messages, conditions, retry_on, events and reports.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace rustchain {

enum class Status : std::uint8_t {
  success,    // did what it should
  partial,    // was stopped, and what it gave until then may be used
  failed,     // did not do what it should
  skipped,    // was not started: a dependency or a condition said so
  cancelled,  // was not started, or was stopped, because the run ended
};
constexpr std::string_view to_string(Status status) {
  constexpr std::array<std::string_view, 5> words = {"success", "partial", "failed", "skipped", "cancelled"};
  return words[static_cast<std::size_t>(status)];
}

enum class FailureKind : std::uint8_t {
  none,
  exit_code,
  timeout,
  command_not_found,
  permission_denied,
  signal,
  resource_limit,
  file_error,
  http_status,
  network,
  llm_error,
  verify,
  safety,
  dependency,
  invalid,
  interrupted,
};

// What `rustchain explain KIND` tells of each.
struct FailureKindRow {
  FailureKind kind;
  std::string_view word;
  std::string_view meaning;
  std::string_view cure;
};

inline constexpr std::array k_failure_kinds = {
    FailureKindRow{FailureKind::none, "none", "nothing failed", ""},
    FailureKindRow{FailureKind::exit_code, "exit_code",
                   "the command ended with an exit code that isn't expected",
                   "read what it printed; list other good codes in expect_exit_codes"},
    FailureKindRow{FailureKind::timeout, "timeout", "the step took longer than its limit",
                   "raise timeout_seconds, or set it to auto"},
    FailureKindRow{FailureKind::command_not_found, "command_not_found", "the program isn't on this machine",
                   "install it, correct its name, or give a fallback_command"},
    FailureKindRow{FailureKind::permission_denied, "permission_denied", "the system refuses access",
                   "look at the owner and the mode of the file that is named"},
    FailureKindRow{
        FailureKind::signal, "signal", "the command was ended by a signal that rustchain didn't send",
        "SIGSEGV and SIGABRT are crashes of the command; SIGKILL is often the system short of memory"},
    FailureKindRow{FailureKind::resource_limit, "resource_limit",
                   "the step took more than resource_limits allows",
                   "raise the limit, or give the step less to do"},
    FailureKindRow{FailureKind::file_error, "file_error", "a file can't be read or written",
                   "look at the path and the reason that are named"},
    FailureKindRow{FailureKind::http_status, "http_status",
                   "the server answered with a status that isn't expected",
                   "read the reply; list other good codes in expect_status"},
    FailureKindRow{FailureKind::network, "network", "the server can't be reached, or the connection broke",
                   "start the server, or correct the URL"},
    FailureKindRow{FailureKind::llm_error, "llm_error", "the model gave no usable answer",
                   "do what the message says; `ollama list` shows the models that are there"},
    FailureKindRow{FailureKind::verify, "verify", "what the step gave didn't pass its check",
                   "read what the check printed"},
    FailureKindRow{FailureKind::safety, "safety",
                   "the step is too dangerous once its references are filled in",
                   "see the finding and its safer form"},
    FailureKindRow{FailureKind::dependency, "dependency", "a step that this one needs didn't succeed",
                   "mend that step; dependency_strategy: best_effort runs this one with what is there"},
    FailureKindRow{FailureKind::invalid, "invalid", "a value that is known only at run time doesn't fit",
                   "look at the reference or the parameter that is named"},
    FailureKindRow{FailureKind::interrupted, "interrupted", "the run was ended while the step was running",
                   "run it again"},
};

constexpr const FailureKindRow& describe(FailureKind kind) {
  return k_failure_kinds[static_cast<std::size_t>(kind)];
}
constexpr std::string_view to_string(FailureKind kind) {
  return describe(kind).word;
}
constexpr std::optional<FailureKind> failure_kind(std::string_view word) {
  for (const FailureKindRow& row : k_failure_kinds)
    if (row.word == word) return row.kind;
  return std::nullopt;
}

}  // namespace rustchain
