#include "mission/suggest.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

TEST(Suggest, CountsEdits) {
  EXPECT_EQ(edit_distance("timeout", "timeout", 2), 0u);
  EXPECT_EQ(edit_distance("timout", "timeout", 2), 1u);
  EXPECT_EQ(edit_distance("timeuot", "timeout", 2), 1u) << "two neighbours swapped";
  EXPECT_EQ(edit_distance("tmeout_secnds", "timeout_seconds", 2), 2u);
  EXPECT_EQ(edit_distance("", "ab", 2), 2u);
  EXPECT_EQ(edit_distance("ab", "", 2), 2u);
  EXPECT_EQ(edit_distance("kitten", "sitting", 5), 3u);
}

TEST(Suggest, GivesUpPastTheBound) {
  EXPECT_EQ(edit_distance("kitten", "sitting", 2), 3u);
  EXPECT_EQ(edit_distance("a", "abcdefgh", 2), 3u);
  EXPECT_EQ(edit_distance("abc", "xyz", 0), 1u);
}

const std::vector<std::string_view> k_known = {"id", "name", "step_type", "timeout_seconds", "when"};

TEST(Suggest, FindsTheNearest) {
  EXPECT_EQ(nearest("nmae", k_known), "name");
  EXPECT_EQ(nearest("timeout_second", k_known), "timeout_seconds");
  EXPECT_EQ(nearest("tiemout_secods", k_known), "timeout_seconds");
  EXPECT_EQ(nearest("wehn", k_known), "when");
}

TEST(Suggest, TakesTwoEditsOnlyInLongWords) {
  EXPECT_EQ(nearest("wehm", k_known), std::nullopt);
  EXPECT_EQ(nearest("stp_tpe", k_known), "step_type");
  EXPECT_EQ(nearest("xxxxxxxx", k_known), std::nullopt);
  EXPECT_EQ(nearest("wehm", k_known, 4), "when");
}

TEST(Suggest, CountsCaseAsOneEdit) {
  EXPECT_EQ(nearest("NAME", k_known), "name");
  EXPECT_EQ(nearest("StepType", k_known), "step_type");
  EXPECT_EQ(nearest("ID", k_known), "id");
}

TEST(Suggest, KnowsWordsThatShareNothing) {
  EXPECT_EQ(nearest("x", {"y"}), std::nullopt);
  EXPECT_EQ(nearest("", {"y"}), std::nullopt);
}

}  // namespace
}  // namespace rustchain
