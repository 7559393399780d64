// The schema of missions, held against every mission that there is by a validator that others wrote: what
// `validate` takes passes it, and what has a mistake of shape doesn't.
#include "mission/schema.hpp"

#include "rustchain/json.hpp"

#include "mission/load.hpp"
#include "mission/mission_file.hpp"
#include "mission/scalar.hpp"
#include "steps/registry.hpp"
#include "support/temporary_directory.hpp"
#include "util/text.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

namespace fs = std::filesystem;

const fs::path k_root = RUSTCHAIN_SOURCE_DIR;

// The diagnostics that are about the shape of a file: keys and kinds of values.
constexpr std::string_view k_shape =
    "RC0101 RC0102 RC0103 RC0104 RC0107 RC0108 RC0109 RC0110 RC0112 RC0118 RC0130 RC0133 RC0134 RC0135";

// Mistakes of shape that a schema has no words for, by the code and the text that has them.
struct Exception {
  std::string_view code;
  std::string_view where;  // part of the text of the mission
  std::string_view why;
};
constexpr Exception k_exceptions[] = {
    {"RC0108", "max_timeout_seconds", "compares two values with each other"},
    {"RC0109", "retry_on", "the words of retry_on may carry a number: exit_code:75"},
};

std::string read_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// As an editor reads YAML.
Json read_by_editor(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null: return nullptr;
    case Node::Kind::list: {
      Json list = Json::array();
      for (const Node& item : node.items) list.push_back(read_by_editor(item));
      return list;
    }
    case Node::Kind::map: {
      Json map = Json::object();
      for (std::size_t i = 0; i < node.size(); ++i) map[node.key(i).text] = read_by_editor(node.value(i));
      return map;
    }
    case Node::Kind::scalar: break;
  }
  if (node.style == Node::Style::plain) {
    if (node.text == "true" || node.text == "false") return node.text == "true";
    double number = 0;
    if (is_number(node, &number)) {
      Json exact = Json::parse(node.text, nullptr, false);
      return exact.is_number() ? exact : Json(number);
    }
  }
  return node.text;
}

struct Case {
  std::string name;
  std::string text;
};

// The missions that ship, those of the end-to-end tests, and the examples of the diagnostics.
std::vector<Case> cases() {
  std::vector<Case> all;
  for (const char* folder : {"missions", "tests/e2e/cases"})
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(k_root / folder))
      if (entry.path().extension() == ".yaml")
        all.push_back({fs::relative(entry.path(), k_root).string(), read_file(entry.path())});
  for (const DiagnosticCode& row : diagnostic_codes())
    if (!row.example.empty())
      all.push_back({"example of " + std::string(row.code), std::string(row.example)});
  return all;
}

struct Judged {
  Json instance;
  bool valid = false;
  bool clean = false;                   // without a warning too
  std::vector<std::string_view> shape;  // codes of the mistakes of shape
};

// nullopt: no YAML, or no map at all.
std::optional<Judged> judge(const Case& one) {
  Diagnostics yaml;
  std::optional<Node> document = load_yaml(one.text, 0, yaml);
  if (!document || yaml.has_errors() || !document->is_map()) return std::nullopt;
  Judged judged;
  judged.instance = read_by_editor(*document);
  const fs::path folder = (k_root / one.name).parent_path();
  MissionOptions options;
  options.read_file = [&](const std::string& path) -> Result<std::string> {
    if (!fs::exists(folder / path)) return Error{"no such file", ""};
    return read_file(folder / path);
  };
  MissionFile file = open_mission(one.name, one.text, step_types(), options);
  judged.valid = file.valid();
  judged.clean = judged.valid && file.problems.warnings() == 0;
  for (const Diagnostic& problem : file.problems.all())
    if (problem.severity == Severity::error && problem.at.file == 0 && has_word(k_shape, problem.code))
      judged.shape.push_back(problem.code);
  return judged;
}

// What the validator says of each instance: empty, or its first complaint.
std::vector<std::string> validate(const Json& instances, bool strict) {
  TemporaryDirectory directory;
  const std::string schema = directory.put("schema.json", mission_schema(step_types(), strict).dump());
  const std::string given = directory.put("instances.json", instances.dump());
  const std::string script = directory.put("validate.py", R"(import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
kind = jsonschema.validators.validator_for(schema)
kind.check_schema(schema)
def first(instance):
    for error in kind(schema).iter_errors(instance):
        return "/".join(map(str, error.absolute_path)) + ": " + error.message[:300]
    return ""
print(json.dumps([first(one) for one in json.load(open(sys.argv[2]))]))
)");
  const std::string line =
      "python3 -W ignore " + script + " " + schema + " " + given + " >" + (directory / "said");
  EXPECT_EQ(std::system(line.c_str()), 0);
  return Json::parse(directory.get("said"), nullptr, false).get<std::vector<std::string>>();
}

bool is_exception(const Case& one, std::string_view code) {
  for (const Exception& row : k_exceptions)
    if (row.code == code && one.text.find(row.where) != std::string::npos) return true;
  return false;
}

TEST(Validators, AgreeWithTheSchemaOfMissionsOnEveryMission) {
  if (std::system("python3 -W ignore -c 'import jsonschema' 2>/dev/null") != 0)
    GTEST_SKIP()
        << "no jsonschema for python3 here (python3-jsonschema): the schema of missions is not validated";
  std::vector<Case> all;
  std::vector<Judged> judged;
  Json instances = Json::array();
  for (Case& one : cases()) {
    std::optional<Judged> result = judge(one);
    if (!result) continue;
    instances.push_back(result->instance);
    judged.push_back(std::move(*result));
    all.push_back(std::move(one));
  }
  const std::vector<std::string> loose = validate(instances, false);
  const std::vector<std::string> strict = validate(instances, true);
  std::size_t taken = 0;
  std::size_t refused = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    SCOPED_TRACE(all[i].name + "\n" + all[i].text.substr(0, 600));
    if (judged[i].valid) {
      ++taken;
      EXPECT_EQ(loose[i], "");
    }
    if (judged[i].clean) {
      EXPECT_EQ(strict[i], "") << "strict";
    }
    for (std::string_view code : judged[i].shape) {
      if (is_exception(all[i], code)) continue;
      ++refused;
      EXPECT_NE(loose[i], "") << code << " passes the schema";
      EXPECT_NE(strict[i], "") << code << " passes the strict schema";
    }
  }
  EXPECT_GT(taken, 60u);
  EXPECT_GT(refused, 15u);
}

}  // namespace
}  // namespace rustchain
