#include "mission/references.hpp"

#include "support/small_mission.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

// Literals as they are, references as <head/field/0>.
std::string parts_of(std::string_view text) {
  std::string all;
  for (const TextPart& part : split_references(text)) {
    if (!part.reference) {
      all += part.literal;
      continue;
    }
    all += "<" + part.reference->head;
    for (const Reference::Field& field : part.reference->path) {
      all += "/";
      all += std::holds_alternative<std::string>(field) ? std::get<std::string>(field)
                                                        : "#" + std::to_string(std::get<std::size_t>(field));
    }
    all += ">";
  }
  return all;
}

TEST(References, ComeInThreeForms) {
  EXPECT_EQ(parts_of("a {build} b {{ build }} c ${build} d {{build}}"),
            "a <build> b <build> c <build> d <build>");
}

TEST(References, WalkFieldsAndIndexes) {
  EXPECT_EQ(parts_of("{fetch.json.items[0].id} {{ a[12][3].b-c }} {my-step.std_out}"),
            "<fetch/json/items/#0/id> <a/#12/#3/b-c> <my-step/std_out>");
}

TEST(References, BracesThatAreNoneStay) {
  for (std::string text : {"{}",
                           "{{}}",
                           "{{ }}",
                           "{ \"a\": 1 }",
                           "{\"a\":{\"b\":[1,2]}}",
                           "{{ \"a\": 1 }}",
                           "{ a + b }",
                           "{ n }",
                           "${x:-y}",
                           "${#x}",
                           "${x[@]}",
                           "$(x)",
                           "{a,b}",
                           "{a.}",
                           "{.a}",
                           "{a[}",
                           "{a[x]}",
                           "{a[-1]}",
                           "{a b}",
                           "{{ a | upper }}",
                           "{a",
                           "{{ a }",
                           "${a",
                           "$",
                           "{",
                           "$$",
                           "{a[1234567890]}",
                           "${ a }"})
    EXPECT_EQ(parts_of(text), text);
}

TEST(References, StandWithinOtherBraces) {
  EXPECT_EQ(parts_of("{{{a}}}"), "{<a>}");
  EXPECT_EQ(parts_of("{\"k\": \"{a}\"}"), "{\"k\": \"<a>\"}");
  EXPECT_EQ(parts_of("{{a}"), "{<a>");
}

TEST(References, AnEscapedOneIsItsText) {
  EXPECT_EQ(parts_of("$${a} $${a.b[0]} $$ $${a:-b}"), "${a} ${a.b[0]} $$ $${a:-b}");
}

TEST(References, ThoseOfOtherLanguagesStay) {
  EXPECT_EQ(parts_of("${{ secrets.TOKEN }} ${{a}}"), "${{ secrets.TOKEN }} ${{a}}");
}

TEST(References, KnowTheirPlace) {
  std::string text = "x {{ a }}${b}";
  std::vector<TextPart> parts = split_references(text);
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(parts[1].literal, "{{ a }}");
  EXPECT_EQ(parts[1].reference->begin, 2u);
  EXPECT_EQ(parts[1].reference->end, 9u);
  EXPECT_EQ(parts[2].reference->begin, 9u);
  EXPECT_EQ(parts[2].reference->form, Reference::Form::dollar);
}

TEST(References, ManyBracesTakeLinearTime) {
  std::string braces(1 << 20, '{');
  EXPECT_EQ(parts_of(braces), braces);
  std::string half_open;
  for (int i = 0; i < 100'000; ++i) half_open += "{{ aaaaaaaa ";
  EXPECT_EQ(parts_of(half_open), half_open);
}

class NamesTest : public ::testing::Test {
 protected:
  testing::SmallMission small_ = testing::small_mission(R"(
vars: {stage: test, build_host: x, shared: y, item: z}
steps:
  - {id: build}
  - {id: test_result}
  - {id: fetch-all}
  - {id: shared}
  - {id: date}
finally:
  - {id: clean}
)");
  Names names_{small_.mission};

  // "step build 0 rest 1".
  std::string meaning(const std::string& text, bool in_foreach = false) {
    std::vector<TextPart> parts = split_references("{" + text + "}");
    if (parts.size() != 1 || !parts[0].reference) return "no reference";
    Meaning meaning = names_.meaning(*parts[0].reference, in_foreach);
    constexpr std::string_view k_kinds[] = {
        "unknown",   "step", "variable", "environment",     "item",    "index", "mission", "run",
        "timestamp", "date", "uuid",     "previous_result", "platform"};
    std::string all(k_kinds[static_cast<int>(meaning.kind)]);
    if (!meaning.name.empty()) all += " " + meaning.name;
    if (meaning.step != k_no_step) all += " #" + std::to_string(meaning.step);
    if (meaning.rest > 0) all += " rest " + std::to_string(meaning.rest);
    return all;
  }
  std::string near(const std::string& text) {
    std::vector<TextPart> parts = split_references("{" + text + "}");
    return names_.near_miss(*parts.at(0).reference).value_or("");
  }
};

TEST_F(NamesTest, StepsByIdAndByTheirOlderNames) {
  EXPECT_EQ(meaning("build"), "step build #0");
  EXPECT_EQ(meaning("build.stdout"), "step build #0");
  EXPECT_EQ(meaning("build_result"), "step build #0");
  EXPECT_EQ(meaning("build_response.x"), "step build #0");
  EXPECT_EQ(meaning("steps.build.stdout"), "step build #0 rest 1");
  EXPECT_EQ(meaning("steps.build_result"), "step build #0 rest 1");
  EXPECT_EQ(meaning("fetch-all"), "step fetch-all #2");
  EXPECT_EQ(meaning("clean"), "step clean #5");
}

TEST_F(NamesTest, AnIdThatEndsInResultIsFoundBeforeTheAlias) {
  EXPECT_EQ(meaning("test_result"), "step test_result #1");
  EXPECT_EQ(meaning("test_result_result"), "step test_result #1");
  EXPECT_EQ(meaning("test"), "unknown");
}

TEST_F(NamesTest, VariablesBareAndWithTheirPrefix) {
  EXPECT_EQ(meaning("stage"), "variable stage");
  EXPECT_EQ(meaning("vars.stage"), "variable stage rest 1");
  EXPECT_EQ(meaning("shared"), "step shared #3");
  EXPECT_EQ(meaning("vars.shared"), "variable shared rest 1");
  EXPECT_EQ(meaning("vars.nothing"), "unknown");
}

TEST_F(NamesTest, BuiltInNames) {
  EXPECT_EQ(meaning("env.HOME"), "environment HOME rest 1");
  EXPECT_EQ(meaning("env"), "unknown");
  EXPECT_EQ(meaning("mission.dir"), "mission dir rest 1");
  EXPECT_EQ(meaning("mission.what"), "unknown");
  EXPECT_EQ(meaning("run.attempt"), "run attempt rest 1");
  EXPECT_EQ(meaning("timestamp"), "timestamp");
  EXPECT_EQ(meaning("timestamp.x"), "unknown");
  EXPECT_EQ(meaning("uuid"), "uuid");
  EXPECT_EQ(meaning("platform"), "platform");
  EXPECT_EQ(meaning("previous_result.stdout"), "previous_result");
  EXPECT_EQ(meaning("date"), "step date #4");
}

TEST_F(NamesTest, ItemAndIndexOnlyInAForeach) {
  EXPECT_EQ(meaning("item.name", true), "item");
  EXPECT_EQ(meaning("index", true), "index");
  EXPECT_EQ(meaning("item"), "variable item");
  EXPECT_EQ(meaning("index"), "unknown");
}

TEST_F(NamesTest, NearMisses) {
  EXPECT_EQ(near("biuld"), "build");
  EXPECT_EQ(near("biuld_result"), "build");
  EXPECT_EQ(near("Build"), "build");
  EXPECT_EQ(near("stag.x"), "stage");
  EXPECT_EQ(near("fetch_al"), "fetch-all");
  EXPECT_EQ(near("steps.biuld"), "steps.build");
  EXPECT_EQ(near("vars.stge"), "vars.stage");
  EXPECT_EQ(near("vars.biuld"), "");
  EXPECT_EQ(near("mission.nam"), "mission.name");
  EXPECT_EQ(near("bld"), "");
  EXPECT_EQ(near("blds"), "");
  EXPECT_EQ(near("buildings"), "");
}

}  // namespace
}  // namespace rustchain
