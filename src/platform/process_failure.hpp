// Why a process could not be started, in words for people.
#pragma once

#include "rustchain/services.hpp"

#include "platform/guardian.hpp"

#include <optional>
#include <string>

namespace rustchain {

// What is wrong with the request itself.
std::optional<Failure> bad_request(const ProcessRequest& request);
Failure no_such_program(const ProcessRequest& request, const std::string& path);
Failure no_stdin_file(const std::string& file, int error);
Failure no_more_processes(int error);
Failure not_started(const ProcessRequest& request, const std::string& program, const NotStarted& why);

// The file that execvp would start.
std::optional<std::string> find_program_in(const std::string& name, const std::string& path,
                                           const std::string& directory);

}  // namespace rustchain
