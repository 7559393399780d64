#include "util/path.hpp"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

// The standard library is the measure; it takes paths apart, and ours doesn't.
TEST(Path, IsResolvedAndNamedAsTheLibraryDoes) {
  for (std::string path :
       {"", "a", "/", "/a", "a/", "a/b", "/a//b", "//a", ".", "..", "a/..", "./a", "a//", "ä/ö.txt"}) {
    EXPECT_EQ(file_name(path), std::filesystem::path(path).filename().string()) << path;
    if (path.empty()) continue;
    for (std::string directory : {"", "/", "/d", "/d/", "d", "."})
      EXPECT_EQ(resolve_path(directory, path), (std::filesystem::path(directory) / path).string())
          << directory << " + " << path;
  }
  EXPECT_EQ(resolve_path("/d", ""), "");
}

}  // namespace
}  // namespace rustchain
