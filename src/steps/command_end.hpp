// From a process that has ended to the result of its step. Pure.
#pragma once

#include "rustchain/services.hpp"
#include "rustchain/step_result.hpp"

#include "steps/command_line.hpp"

namespace rustchain {

// The output fields that every ended process gives. Bytes that are no UTF-8 are replaced.
Json command_output(const CommandLine& line, const ProcessEnd& end, std::string_view platform);

// Status, kind, error, help, details and warnings; `parameters` say what is expected.
void judge_end(const CommandLine& line, const ProcessEnd& end, const Json& parameters, StepResult& result);

// A program that could not be started. `near`: one that is there and was probably meant; may be empty.
StepResult start_failure(const CommandLine& line, const Failure& failure, const std::string& near);

}  // namespace rustchain
