// What a command step starts: the plain command, a platform's, or the fallback; as a program or as a shell
// text. Pure.
#pragma once

#include "rustchain/services.hpp"
#include "rustchain/step_type.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

struct CommandLine {
  std::string place;              // where it is written: "command", "linux", "fallback_command" ...
  std::vector<std::string> argv;  // program and arguments; of a shell text its arguments only
  std::string script;             // not empty: a text for the shell
  std::string shell;              // the program that reads it

  bool is_script() const { return !script.empty(); }
  // The program, or the text in one line, as a message names it.
  std::string name() const;
};

// How the text at `key` ("command", "linux.command", "fallback_command" ...) is read: StepType::text_kind.
TextKind command_text_kind(const Step& step, std::string_view key);

// All that are given: linux, unix, the plain command, macos, windows, the fallback. `shell` reads texts whose
// step names no other.
std::vector<CommandLine> command_lines(const Step& step, const Json& parameters, const std::string& shell);

// The one that runs on `platform`. A Failure (kind invalid) that names the platforms that there are.
Result<CommandLine, Failure> choose_command(const std::vector<CommandLine>& lines, std::string_view platform,
                                            bool detect_platform);
const CommandLine* fallback_of(const std::vector<CommandLine>& lines);

// The arguments that make `line` run. `script_file` holds the script if it isn't empty.
std::vector<std::string> start_arguments(const CommandLine& line, const std::string& script_file = {});
// Whether it is a shell of the Bourne family, which reads `NAME='value'`.
bool is_posix_shell(std::string_view shell);

}  // namespace rustchain
