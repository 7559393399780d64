#include "util/format.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using std::chrono::milliseconds;
using std::chrono::system_clock;

TEST(Format, DurationsTakeTheUnitThatFits) {
  EXPECT_EQ(format_duration(0), "0ms");
  EXPECT_EQ(format_duration(-1), "0ms");
  EXPECT_EQ(format_duration(0.0002), "1ms");
  EXPECT_EQ(format_duration(0.045), "45ms");
  EXPECT_EQ(format_duration(0.9994), "999ms");
  EXPECT_EQ(format_duration(0.9996), "1.0s");
  EXPECT_EQ(format_duration(59.94), "59.9s");
  EXPECT_EQ(format_duration(59.96), "1m 00s");
  EXPECT_EQ(format_duration(184), "3m 04s");
  EXPECT_EQ(format_duration(7500), "2h 05m");
}

TEST(Format, LimitsHaveNoDecimalsThatSayNothing) {
  EXPECT_EQ(format_seconds(60), "60 s");
  EXPECT_EQ(format_seconds(2.5), "2.5 s");
  EXPECT_EQ(format_seconds(0.0015), "0.002 s");
  EXPECT_EQ(format_seconds(100), "100 s");
  EXPECT_EQ(format_seconds(0), "0 s");
}

TEST(Format, SizesAreDecimal) {
  EXPECT_EQ(format_size(0), "0 bytes");
  EXPECT_EQ(format_size(1), "1 byte");
  EXPECT_EQ(format_size(999), "999 bytes");
  EXPECT_EQ(format_size(1500), "1.5 kB");
  EXPECT_EQ(format_size(999'960), "1.0 MB");
  EXPECT_EQ(format_size(12'400'000), "12.4 MB");
  EXPECT_EQ(format_size(UINT64_MAX), "18446.7 PB");
}

TEST(Format, CountsHaveSeparators) {
  EXPECT_EQ(format_count(0), "0");
  EXPECT_EQ(format_count(999), "999");
  EXPECT_EQ(format_count(1247), "1,247");
  EXPECT_EQ(format_count(1'000'000), "1,000,000");
  EXPECT_EQ(format_count(1, "step"), "1 step");
  EXPECT_EQ(format_count(0, "step"), "0 steps");
}

TEST(Format, TimesAreUtc) {
  EXPECT_EQ(format_time(system_clock::time_point{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_time(system_clock::time_point(milliseconds(1'795'154'649'123))),
            "2026-11-20T06:04:09.123Z");
  EXPECT_EQ(format_time(system_clock::time_point(milliseconds(-1))), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(format_date(system_clock::time_point(milliseconds(1'795'154'649'123))), "2026-11-20");
}

TEST(Format, ReadsItsOwnTimes) {
  const auto at = std::chrono::system_clock::time_point(std::chrono::milliseconds(1'795'154'649'123));
  EXPECT_EQ(format_time(at), "2026-11-20T06:04:09.123Z");
  EXPECT_EQ(parse_time(format_time(at)), at);
  for (const char* text :
       {"", "2026-11-20T06:04:09Z", "2026-02-31T06:04:09.123Z", "2026-11-20T06:04:09.12xZ"})
    EXPECT_FALSE(parse_time(text)) << text;
}

TEST(Format, ReadsHttpDates) {
  auto at = parse_http_date("Fri, 20 Nov 2026 06:04:09 GMT");
  ASSERT_TRUE(at);
  EXPECT_EQ(format_time(*at), "2026-11-20T06:04:09.000Z");
  EXPECT_FALSE(parse_http_date("120"));
  EXPECT_FALSE(parse_http_date("Fri, 31 Feb 2026 06:04:09 GMT"));
  EXPECT_FALSE(parse_http_date("Fri, 20 anF 2026 06:04:09 GMT"));
  EXPECT_FALSE(parse_http_date("Fri, 20 Nov 2026 06-04-09 GMT"));
}

}  // namespace
}  // namespace rustchain
