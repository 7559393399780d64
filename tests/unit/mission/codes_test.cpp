#include "rustchain/diagnostic.hpp"

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

TEST(Codes, AreInOrderAndSayAllThatTheyShould) {
  std::string_view last;
  for (const DiagnosticCode& row : diagnostic_codes()) {
    EXPECT_LT(last, row.code);
    EXPECT_FALSE(row.title.empty()) << row.code;
    EXPECT_FALSE(row.why.empty()) << row.code;
    EXPECT_FALSE(row.cure.empty()) << row.code;
    last = row.code;
  }
}

TEST(Codes, OfAllProblemsHaveAPage) {
  std::set<std::string, std::less<>> known;
  for (const DiagnosticCode& row : diagnostic_codes()) known.emplace(row.code);
  const std::regex code("\"(RC[0-9]{4})\"");
  std::size_t found = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(RUSTCHAIN_SOURCE_DIR "/src")) {
    if (entry.path().extension() != ".cpp" || entry.path().filename() == "codes.cpp") continue;
    std::ifstream file(entry.path());
    std::stringstream text;
    text << file.rdbuf();
    const std::string source = text.str();
    for (std::sregex_iterator at(source.begin(), source.end(), code), end; at != end; ++at, ++found)
      EXPECT_TRUE(known.contains((*at)[1].str())) << (*at)[1] << " in " << entry.path();
  }
  EXPECT_GT(found, 20u);
}

}  // namespace
}  // namespace rustchain
