// What a step type gives back from one run of its work.
#pragma once

#include "rustchain/json.hpp"
#include "rustchain/services.hpp"
#include "rustchain/status.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rustchain {

// Another way to do what failed, true of this case. A mission's error_handling says which kinds are shown.
struct Hint {
  enum class Kind : std::uint8_t {
    alternative,  // suggest_alternatives
    command,      // provide_command_optimizations
    mission,      // offer_mission_restructuring
  };
  Kind kind = Kind::alternative;
  std::string text;
};

// Whether a field of outputs repeats the step's parameter of that name.
constexpr bool is_echo(std::string_view field) {
  return field == "command" || field == "args" || field == "url";
}

// What a step type gives back from one run of its work.
struct StepResult {
  Status status = Status::success;
  FailureKind kind = FailureKind::none;
  Json output = Json::object();         // the type's fields; also after a failure, as far as there is any
  std::string error = {};               // one sentence: what failed; empty after a success
  std::string help = {};                // what to do about it; may be empty
  std::vector<std::string> facts = {};  // of a failure: what is known of it beside the error, a clause each
  std::vector<Hint> hints = {};
  std::vector<std::string> details =
      {};  // lines that show the cause (the end of stderr, the reply's beginning)
  std::vector<std::string> warnings = {};
  std::string stdout_file = {};  // where the whole output is kept; empty: nowhere
  std::string stderr_file = {};
  std::vector<EndedProcess> stopped = {};    // processes that were told to end because the step was
  std::vector<EndedProcess> left_over = {};  // that the step left behind, and that were ended then
  bool limits_enforced = false;              // the system saw to the step's memory and CPU limits

  static StepResult failure(FailureKind kind, std::string error, std::string help = {}) {
    StepResult result;
    result.status = Status::failed;
    result.kind = kind;
    result.error = std::move(error);
    result.help = std::move(help);
    return result;
  }
};

}  // namespace rustchain
