#include "rustchain/diagnostic.hpp"

#include <string>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

Diagnostic problem(Severity severity, std::uint32_t line = 1, std::string message = "m") {
  return {.code = "RC0005", .severity = severity, .message = std::move(message), .at = {line, 1, 0}};
}

TEST(Diagnostics, CutTheMiddleOutOfEndlessTexts) {
  Diagnostics problems;
  problems.add({.code = "RC0001", .message = "no '" + std::string(100'000, 'x') + "' here", .at = {}});
  const std::string& message = problems.all()[0].message;
  EXPECT_EQ(message, "no '" + std::string(696, 'x') + " ... " + std::string(294, 'x') + "' here");
}

TEST(Diagnostics, CountsBySeverity) {
  Diagnostics problems;
  problems.add(problem(Severity::error));
  problems.add(problem(Severity::warning));
  problems.add(problem(Severity::warning));
  problems.add(problem(Severity::note));
  EXPECT_EQ(problems.errors(), 1u);
  EXPECT_EQ(problems.warnings(), 2u);
  EXPECT_EQ(problems.all().size(), 4u);
}

TEST(Diagnostics, StrictTurnsWarningsIntoErrorsBeforeAndAfter) {
  Diagnostics problems;
  problems.add(problem(Severity::warning));
  EXPECT_FALSE(problems.has_errors());
  problems.be_strict();
  problems.add(problem(Severity::warning));
  problems.add(problem(Severity::note));
  EXPECT_EQ(problems.errors(), 2u);
  EXPECT_EQ(problems.warnings(), 0u);
  EXPECT_EQ(problems.all()[0].severity, Severity::error);
  EXPECT_EQ(problems.all()[1].severity, Severity::error);
  EXPECT_EQ(problems.all()[2].severity, Severity::note);
}

TEST(Diagnostics, GoesOnCountingPastTheBound) {
  Diagnostics problems;
  for (std::size_t i = 0; i < Diagnostics::k_most + 5; ++i) problems.add(problem(Severity::warning));
  EXPECT_EQ(problems.all().size(), Diagnostics::k_most);
  EXPECT_EQ(problems.warnings(), Diagnostics::k_most + 5);
}

TEST(Diagnostics, KeepsALateErrorInPlaceOfAWarning) {
  Diagnostics problems;
  for (std::size_t i = 0; i < Diagnostics::k_most; ++i) problems.add(problem(Severity::warning));
  problems.add(problem(Severity::error, 7, "why"));
  ASSERT_EQ(problems.all().size(), Diagnostics::k_most);
  EXPECT_EQ(problems.all().back().message, "why");
  EXPECT_TRUE(problems.has_errors());
}

TEST(Diagnostics, SortsByPlaceAndKeepsTheOrderOfOnePlace) {
  Diagnostics problems;
  problems.add(problem(Severity::error, 3, "c"));
  problems.add(problem(Severity::error, 1, "a"));
  problems.add(problem(Severity::error, 3, "d"));
  problems.add(problem(Severity::error, 2, "b"));
  problems.sort();
  std::string order;
  for (const Diagnostic& d : problems.all()) order += d.message;
  EXPECT_EQ(order, "abcd");
}

TEST(DiagnosticCodes, AreCompleteUniqueAndInOrder) {
  std::string_view last;
  for (const DiagnosticCode& row : diagnostic_codes()) {
    EXPECT_LT(last, row.code);
    EXPECT_EQ(row.code.size(), 6u) << row.code;
    EXPECT_FALSE(row.title.empty() || row.why.empty() || row.cure.empty()) << row.code;
    last = row.code;
  }
}

}  // namespace
}  // namespace rustchain
