// docs/schemas/report.schema.json and the JSON report say the same. (tests/readers asks a validator that
// others wrote.)
#include "llm/json_schema.hpp"
#include "report/report.hpp"
#include "support/rich_run.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

// Puts what a $ref names in its place, so deep as is asked for.
void expand(Json& schema, const Json& root, int depth) {
  if (schema.is_object() && schema.contains("$ref")) {
    if (depth == 0) {
      schema = Json::object();
      return;
    }
    schema = root.at(Json::json_pointer(schema["$ref"].get<std::string>().substr(1)));
    --depth;
  }
  if (schema.is_structured())
    for (auto& part : schema) expand(part, root, depth);
}

Json schema() {
  std::ifstream file(std::filesystem::path(RUSTCHAIN_SOURCE_DIR) / "docs/schemas/report.schema.json");
  const Json root = Json::parse(file);
  Json expanded = root;
  expanded.erase("$defs");
  expand(expanded, root, 3);
  return expanded;
}

TEST(ReportSchema, AllowsTheReportOfARichRun) {
  const Json report = Json::parse(render_json(testing::report_of(testing::rich_run()), {}));
  EXPECT_EQ(schema_mismatch(schema(), report), std::nullopt);
  EXPECT_EQ(schema_mismatch(schema(), Json::parse(render_json(RunReport{}, {}))), std::nullopt);
}

TEST(ReportSchema, AllowsNothingElse) {
  const Json report = Json::parse(render_json(testing::report_of(testing::rich_run()), {}));
  for (const char* place : {"/mood", "/mission/mood", "/steps/0/mood", "/steps/1/steps/0/mood",
                            "/steps/4/limits/mood", "/steps/0/files/mood", "/counts/mood"}) {
    Json changed = report;
    changed[Json::json_pointer(place)] = 1;
    EXPECT_NE(schema_mismatch(schema(), changed), std::nullopt) << place;
  }
  for (const char* place : {"/risk", "/outcome", "/mission/file", "/steps/0/timeout", "/steps/0/timeout/how",
                            "/counts/cancelled", "/steps/3/retries/0/delay_ms"}) {
    const Json::json_pointer pointer(place);
    Json changed = report;
    changed[pointer.parent_pointer()].erase(pointer.back());
    EXPECT_NE(schema_mismatch(schema(), changed), std::nullopt) << place;
  }
}

TEST(ReportSchema, KnowsEveryKindOfFailure) {
  const Json step = schema()["properties"]["steps"]["items"]["properties"];
  Json kinds = Json::array();
  for (const FailureKindRow& row : k_failure_kinds)
    kinds.push_back(row.kind == FailureKind::none ? Json(nullptr) : Json(row.word));
  std::rotate(kinds.begin(), kinds.begin() + 1, kinds.end());
  EXPECT_EQ(step["kind"]["enum"], kinds);
}

}  // namespace
}  // namespace rustchain
