// The pages leave nothing out: what the program's tables hold is told of, and each key of the format stands
// in an example that works. (docs_test holds the tables of docs/mission-format.md to the program's.)
#include "rustchain/diagnostic.hpp"
#include "rustchain/exit_code.hpp"
#include "rustchain/status.hpp"

#include "cli/help.hpp"
#include "mission/keys.hpp"
#include "mission/load.hpp"
#include "mission/read.hpp"
#include "pages/page.hpp"
#include "steps/registry.hpp"
#include "util/text.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <span>
#include <string>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

namespace fs = std::filesystem;

const std::string k_repository = RUSTCHAIN_SOURCE_DIR;

std::string text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string page(const std::string& name) {
  return text_of(fs::path(k_repository) / "docs" / name);
}

void expect_holds(const std::string& text, const std::string& what, const std::string& page) {
  EXPECT_TRUE(text.find(what) != std::string::npos) << page << " doesn't tell of " << what;
}

TEST(Complete, CommandsOptionsAndExitCodes) {
  const std::string cli = page("cli.md");
  const std::string plain = replace_all(cli, "`", "");
  for (const CommandHelp& command : describe_commands()) {
    expect_holds(cli, "| `rustchain " + std::string(command.name), "docs/cli.md");
    for (const OptionHelp& option : command.options)
      for (const std::string& name : option.names) {
        bool told = cli.find("`" + name + "`") != std::string::npos ||
                    cli.find("`" + name + " ") != std::string::npos;
        EXPECT_TRUE(told) << "docs/cli.md doesn't tell of " << name << " of rustchain " << command.name;
      }
  }
  for (const ExitCodeRow& row : k_exit_codes)
    expect_holds(plain,
                 "| " + std::to_string(static_cast<int>(row.code)) + " | " + std::string(row.meaning) + " |",
                 "docs/cli.md");
}

TEST(Complete, StepTypesAndPages) {
  for (const StepType* type : step_types().all())
    expect_holds(page("steps.md"), std::string(type->name), "docs/steps.md");
  const std::string readme = text_of(fs::path(k_repository) / "README.md");
  for (const std::string& name : page_names(k_repository))
    if (name != "README.md") expect_holds(readme, "](" + name + ")", "README.md");
}

TEST(Complete, DiagnosticsAndFailureKinds) {
  const std::string diagnostics = page("diagnostics.md");
  for (const DiagnosticCode& row : diagnostic_codes())
    expect_holds(diagnostics, "| " + std::string(row.code) + " | ", "docs/diagnostics.md");
  for (const FailureKindRow& row : k_failure_kinds)
    if (row.kind != FailureKind::none)
      expect_holds(diagnostics, "| `" + std::string(row.word) + "` | ", "docs/diagnostics.md");
}

// ---- keys in examples

// By the rows of the tables: one that several keys share (the keys of retry) is wanted once.
using Seen = std::set<const KeySpec*>;
using Wanted = std::map<const KeySpec*, std::string>;  // "config.retry.jitter"

const KeySpec* find_key(std::span<const KeySpec> keys, std::string_view name) {
  for (const KeySpec& key : keys)
    if (key.name == name || has_word(key.aliases, name)) return &key;
  return nullptr;
}

void look_at(const Node& map, std::span<const KeySpec> keys, Seen& seen) {
  if (map.is_list())
    for (const Node& element : map.items) look_at(element, keys, seen);
  if (!map.is_map()) return;
  for (std::size_t i = 0; i < map.size(); ++i) {
    const KeySpec* key = find_key(keys, map.key(i).text);
    if (key == nullptr) continue;
    seen.insert(key);
    if (!key->keys.empty()) look_at(map.value(i), key->keys, seen);
  }
}

void look_at_step(const Node& step, Seen& seen) {
  look_at(step, step_keys(), seen);
  if (const Node* needs = step.find("depends_on")) {
    look_at(*needs, dependency_keys(), seen);
    for (const Node& entry : needs->items)
      if (const Node* on_failure = entry.find("on_failure")) look_at(*on_failure, on_failure_keys(), seen);
  }
  const Node* parameters = step.find("parameters");
  const Node* type_name = step.find("step_type");
  const StepType* type = type_name != nullptr ? step_types().find(type_name->text) : nullptr;
  if (type == nullptr || parameters == nullptr) return;
  look_at(*parameters, type->parameters, seen);
  // The keys of a step's limits may stand here too.
  look_at(*parameters, step_keys(), seen);
}

void look_at_example(const std::string& text, Seen& seen) {
  Diagnostics problems;
  std::optional<Node> node = load_yaml(text, 0, problems);
  if (!node) return;
  if (node->is_list()) {
    for (const Node& step : node->items) look_at_step(step, seen);
    return;
  }
  look_at(*node, mission_keys(), seen);
  for (const char* list : {"steps", "finally"})
    if (const Node* steps = node->find(list))
      for (const Node& step : steps->items) look_at_step(step, seen);
  if (const Node* templates = node->find("templates"); templates != nullptr && templates->is_map())
    for (std::size_t i = 0; i < templates->size(); ++i) look_at_step(templates->value(i), seen);
  if (node->find("steps") == nullptr) look_at_step(*node, seen);
}

void want(std::span<const KeySpec> keys, const std::string& place, Wanted& wanted) {
  for (const KeySpec& key : keys) {
    if (!key.later.empty()) continue;
    wanted.try_emplace(&key, place + std::string(key.name));
    want(key.keys, place + std::string(key.name) + ".", wanted);
  }
}

TEST(Complete, EveryKeyStandsInAnExample) {
  Wanted wanted;
  want(mission_keys(), "", wanted);
  want(step_keys(), "step.", wanted);
  want(dependency_keys(), "depends_on.", wanted);
  want(on_failure_keys(), "on_failure.", wanted);
  for (const StepType* type : step_types().all())
    want(type->parameters, std::string(type->name) + ".", wanted);

  Seen seen;
  for (const std::string& name : page_names(k_repository))
    for (const PageItem& item : read_page(k_repository, name).items)
      if (item.language == "yaml" && !item.wrong && item.not_a_mission.empty())
        look_at_example(item.text, seen);
  for (const fs::directory_entry& entry :
       fs::recursive_directory_iterator(fs::path(k_repository) / "missions"))
    if (entry.path().extension() == ".yaml") look_at_example(text_of(entry.path()), seen);

  for (const auto& [key, place] : wanted)
    EXPECT_TRUE(seen.contains(key)) << "no example in docs/ or missions/ has " << place;
  EXPECT_GT(seen.size(), 100u);
}

}  // namespace
}  // namespace rustchain
