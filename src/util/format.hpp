// Numbers, sizes and times as people and programs read them. Locales play no part.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rustchain {

// How long something took: "45ms", "1.2s", "3m 04s", "2h 05m".
std::string format_duration(double seconds);
// A limit as a person would write it: "60 s", "2.5 s", "0.25 s"; at most three decimals.
std::string format_seconds(double seconds);
// Decimal units, as disks and downloads are labelled: "812 bytes", "1.5 kB", "12.4 MB", "1.0 GB".
std::string format_size(std::uint64_t bytes);
// "1,247".
std::string format_count(std::uint64_t count);
// "1 step", "1,247 steps".
std::string format_count(std::uint64_t count, std::string_view noun);
// At most three decimals, none that say nothing: "2.5", "60".
std::string format_number(double number);

// ISO 8601 in UTC: "2026-11-20T06:04:09.123Z" and "2026-11-20".
std::string format_time(std::chrono::system_clock::time_point at);
std::string format_date(std::chrono::system_clock::time_point at);
// What format_time gives; nullopt: it isn't that.
std::optional<std::chrono::system_clock::time_point> parse_time(std::string_view text);
// An HTTP date ("Fri, 20 Nov 2026 06:04:09 GMT"); nullopt: it isn't one.
std::optional<std::chrono::system_clock::time_point> parse_http_date(std::string_view text);

}  // namespace rustchain
