// The report formats as people name them.
#pragma once

#include "cli/commands.hpp"
#include "report/report.hpp"

#include <string>

namespace rustchain {

// nullptr: there is none of that name, and standard error has been told which there are.
const Reporter* find_reporter(App& app, const std::string& name);

// On standard error: why there is no report in its file.
void tell_unwritten(App& app, const std::string& format, const Failure& failure);

}  // namespace rustchain
