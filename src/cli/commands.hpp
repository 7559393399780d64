// The subcommands: one function each, in cmd_NAME.cpp.
#pragma once

#include "rustchain/exit_code.hpp"
#include "rustchain/services.hpp"

#include "cli/console.hpp"
#include "cli/options.hpp"

#include <string>

namespace rustchain {

// What every subcommand gets.
struct App {
  Console& console;
  Services& services;
  const CommonOptions& common;
  std::string directory;  // absolute: where rustchain was started
};

ExitCode command(App& app, const RunOptions& options);
ExitCode command(App& app, const ValidateOptions& options);
ExitCode command(App& app, const PlanOptions& options);
ExitCode command(App& app, const GraphOptions& options);
ExitCode command(App& app, const ListOptions& options);
ExitCode command(App& app, const StepsOptions& options);
ExitCode command(App& app, const NewOptions& options);
ExitCode command(App& app, const SchemaOptions& options);
ExitCode command(App& app, const CompletionOptions& options);
ExitCode command(App& app, const MigrateOptions& options);
ExitCode command(App& app, const DoctorOptions& options);
ExitCode command(App& app, const ExplainOptions& options);
ExitCode command(App& app, const SafetyOptions& options);
ExitCode command(App& app, const RunsOptions& options);
ExitCode command(App& app, const WhyOptions& options);
ExitCode command(App& app, const ReportOptions& options);

}  // namespace rustchain
