#include "mission/foreach.hpp"

#include "mission/known_values.hpp"
#include "support/small_mission.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

// The items of the mission's first step, known before the run, as JSON; the message where there are none.
std::string items_of(const std::string& foreach, std::vector<std::string> files = {}) {
  testing::SmallMission small = testing::small_mission(
      "vars: {list: [x, {name: y}], text: \"a\\n\\nb \\n\", json: '[1, 2]', number: 5, file: a.c}\n"
      "steps:\n  - {id: a, foreach: " +
      foreach + "}\n  - {id: b}\n");
  Names names(small.mission);
  KnownValues values(small.mission, "/missions");
  auto items = foreach_items(*small.mission.steps[0].foreach, names, values,
                             [&](const std::string& pattern) -> Result<std::vector<std::string>, Failure> {
                               std::vector<std::string> found = files;
                               found.push_back("<" + pattern + ">");
                               return found;
                             });
  if (!items) return items.error().message;
  return Json(items->list).dump();
}

TEST(Foreach, ListsStayAsTheyAre) {
  EXPECT_EQ(items_of("[a, 1, true, {k: v}, [n]]"), R"(["a",1,true,{"k":"v"},["n"]])");
  EXPECT_EQ(items_of("[]"), "[]");
}

TEST(Foreach, ReferencesAreFilledIn) {
  EXPECT_EQ(items_of("['{number}', 'n{number}', {k: '{file}'}]"), R"([5,"n5",{"k":"a.c"}])");
  EXPECT_EQ(items_of("'{list}'"), R"(["x",{"name":"y"}])");
  EXPECT_EQ(items_of("'{{ vars.list }}'"), R"(["x",{"name":"y"}])");
}

TEST(Foreach, ATextIsJsonOrLines) {
  EXPECT_EQ(items_of("'{json}'"), "[1,2]");
  EXPECT_EQ(items_of("'{text}'"), R"(["a","b "])");
}

TEST(Foreach, WhatIsNoListIsNone) {
  EXPECT_EQ(items_of("'{number}'"), "foreach wants a list, and {number} gives \"5\"");
  EXPECT_EQ(items_of("'{b}'"), "foreach: only the run will tell");
  EXPECT_EQ(items_of("'{list[7]}'"), "foreach: {list[7]} has no value: [7] is past the end of a list of 2");
}

TEST(Foreach, PatternsAreFilledInAndLookedFor) {
  EXPECT_EQ(items_of("{glob: '{file}*'}", {"a.cc"}), R"(["a.cc","<a.c*>"])");
  EXPECT_EQ(items_of("{glob: [a, '{file}']}"), R"(["<a>","<a.c>"])");
}

TEST(Foreach, AnItemHasAShortName) {
  EXPECT_EQ(item_label(Json("src/a.cpp")), "src/a.cpp");
  EXPECT_EQ(item_label(Json::parse(R"({"path": "p", "name": "n"})")), "n");
  EXPECT_EQ(item_label(Json::parse(R"({"a": 1})")), R"({"a":1})");
  EXPECT_EQ(item_label(Json("one\ntwo")), "one...");
  EXPECT_EQ(item_label(Json(std::string(100, 'x'))), std::string(80, 'x') + "...");
  EXPECT_EQ(item_label(Json(3)), "3");
}

TEST(Foreach, KnowsATextThatAsksForTheItem) {
  EXPECT_TRUE(refers_to_item("{item.x} == 1"));
  EXPECT_TRUE(refers_to_item("{{ index }} > 1"));
  EXPECT_FALSE(refers_to_item("{items} == item"));
}

}  // namespace
}  // namespace rustchain
