#include "servers/run_mission.hpp"

#include "servers/child.hpp"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace rustchain::testing {

namespace fs = std::filesystem;

Json MissionRun::step(const std::string& id) const {
  for (const Json& one : report.value("steps", Json::array()))
    if (one.value("id", "") == id) return one;
  ADD_FAILURE() << "the report has no step '" << id << "':\n" << report.dump(2) << "\n" << errors;
  return Json::object();
}

MissionRunner::MissionRunner() {
  std::string name = (fs::temp_directory_path() / "rustchain-servers-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw fs::filesystem_error("mkdtemp", name, {});
  directory_ = fs::canonical(name);
}

MissionRunner::~MissionRunner() {
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

void MissionRunner::write(const std::string& name, const std::string& text) const {
  std::ofstream(directory_ / name, std::ios::binary) << text;
}

std::string MissionRunner::read(const std::string& name) const {
  std::ifstream stream(directory_ / name, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

MissionRun MissionRunner::run(const std::string& steps) const {
  write("mission.yaml", "name: servers\nversion: \"1.0\"\nsteps:\n" + steps);
  Child::Setup setup;
  setup.argv = {RUSTCHAIN_PROGRAM, "run",  "--color",     "never", "--safety", "off",
                "--output",        "json", "mission.yaml"};
  setup.directory = directory_;
  setup.environment = environment_;
  setup.out = directory_ / "report.json";
  setup.err = directory_ / "errors.txt";
  MissionRun run;
  run.exit_code = Child(setup).wait();
  run.report = Json::parse(read("report.json"), nullptr, false);
  run.errors = read("errors.txt");
  EXPECT_FALSE(run.report.is_discarded()) << run.errors;
  if (run.report.is_discarded()) run.report = Json::object();
  return run;
}

}  // namespace rustchain::testing
