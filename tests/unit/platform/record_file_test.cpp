#include "platform/record_file.hpp"

#include "support/temporary_directory.hpp"

#include <filesystem>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

TEST(RecordFile, HoldsEachPieceAsSoonAsItIsAppended) {
  TemporaryDirectory directory;
  auto file = RecordFile::create(directory / "journal");
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE((*file)->append("one\n").ok());
  EXPECT_EQ(directory.get("journal"), "one\n");
  ASSERT_TRUE((*file)->append("two\n").ok());
  EXPECT_EQ(directory.get("journal"), "one\ntwo\n");
}

TEST(RecordFile, IsInUseWhileItLives) {
  TemporaryDirectory directory;
  const std::string path = directory / "journal";
  EXPECT_FALSE(RecordFile::in_use(path));
  auto file = RecordFile::create(path);
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE(RecordFile::in_use(path));
  EXPECT_TRUE(RecordFile::in_use(path));
  std::move(file).value().reset();
  EXPECT_FALSE(RecordFile::in_use(path));
}

TEST(RecordFile, TakesNoFileThatIsThereAlready) {
  TemporaryDirectory directory;
  directory.put("journal", "of another run\n");
  EXPECT_FALSE(RecordFile::create(directory / "journal").ok());
  EXPECT_FALSE(RecordFile::create(directory / "nowhere/journal").ok());
  EXPECT_EQ(directory.get("journal"), "of another run\n");
}

}  // namespace
}  // namespace rustchain
