// Steps against real files in a fresh directory, everything else faked.
#pragma once

#include "platform/platform.hpp"
#include "support/fakes.hpp"
#include "support/temporary_directory.hpp"

#include <memory>
#include <string>

namespace rustchain {

struct StepWorld {
  TemporaryDirectory dir;
  FakeWorld fakes;
  std::unique_ptr<Files> files = make_files();
  Services services{fakes.clock,          *files, fakes.processes, fakes.http, fakes.services.environment,
                    fakes.services.random};

  StepResult run(const StepType& type, Json parameters) {
    return StepFixture(type, std::move(parameters), services, dir.path()).run();
  }
  // "success", or "kind: error | help".
  static std::string told(const StepResult& result) {
    if (result.status == Status::success) return "success";
    return std::string(to_string(result.kind)) + ": " + result.error + " | " + result.help;
  }
};

// What the type's own rules say of these parameters: "CODE message | help", one line each.
inline std::string problems_of(const StepType& type, Json parameters) {
  FakeWorld world;
  StepFixture fixture(type, std::move(parameters), world.services);
  Diagnostics problems;
  if (type.check != nullptr) type.check(fixture.step, problems);
  std::string all;
  for (const Diagnostic& problem : problems.all())
    all += std::string(problem.code) + " " + problem.message + " | " + problem.help + "\n";
  return all;
}

}  // namespace rustchain
