#include "mission/keys.hpp"

#include "mission/key_reader.hpp"
#include "mission/load.hpp"
#include "mission/read.hpp"
#include "support/mission_text.hpp"
#include "util/text.hpp"

#include <set>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

// Every table, those within tables too.
std::vector<std::span<const KeySpec>> all_tables() {
  std::vector<std::span<const KeySpec>> tables = {mission_keys(), step_keys()};
  for (std::size_t i = 0; i < tables.size(); ++i)
    for (const KeySpec& key : tables[i])
      if (!key.keys.empty()) tables.push_back(key.keys);
  return tables;
}

TEST(Keys, HaveOneMeaningForEachName) {
  for (std::span<const KeySpec> table : all_tables()) {
    std::set<std::string_view> names;
    for (const KeySpec& key : table) {
      EXPECT_TRUE(names.insert(key.name).second) << key.name;
      for (std::string_view list : {key.aliases, key.old_names})
        for (std::string_view name : words(list)) EXPECT_TRUE(names.insert(name).second) << name;
    }
    EXPECT_LE(table.size(), 64u);  // KeyReader counts the given ones in 64 bits
  }
}

TEST(Keys, AreExplainedInOneSentence) {
  for (std::span<const KeySpec> table : all_tables())
    for (const KeySpec& key : table) {
      EXPECT_TRUE(key.doc.ends_with(".")) << key.name;
      EXPECT_FALSE(key.example.empty()) << key.name;
    }
}

TEST(Keys, HaveExamplesAndDefaultsThatTheyAccept) {
  for (std::span<const KeySpec> table : all_tables())
    for (const KeySpec& key : table)
      for (std::string_view text : {key.example, key.default_value}) {
        if (text.empty() || !key.later.empty()) continue;
        Node map = testing::parse(std::string(key.name) + ": " + std::string(text) + "\n");
        ASSERT_TRUE(map.is_map()) << key.name << ": " << text;
        Diagnostics problems;
        KeyReader reader(problems);
        KeySpec alone[] = {key};
        alone[0].required = false;
        reader.check(map, {.name = "here", .keys = alone}, {}, "the example");
        reader.finish();
        EXPECT_EQ(testing::lines(problems), std::vector<std::string>{}) << key.name << ": " << text;
        EXPECT_NE(map.find(key.name), nullptr);
      }
}

}  // namespace
}  // namespace rustchain
