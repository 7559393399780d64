// Numbers, sizes and times as people and programs read them.
#include "util/format.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace rustchain {
namespace {

// Four digits at most. The journal writes the time with every event, and printf would take most of the time
// that it needs.
void add_digits(std::string& text, std::int64_t number, std::size_t digits) {
  std::array<char, 4> written;
  for (std::size_t i = digits; i-- > 0; number /= 10) written[i] = static_cast<char>('0' + number % 10);
  text.append(written.data(), digits);
}

using std::chrono::system_clock;

std::string two_digits(std::uint64_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

// Never in exponents, and with a point: nothing here sets a locale. std::to_chars would bring 100 KB of
// tables.
std::string fixed(double number, int decimals) {
  std::array<char, 400> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.*f", decimals, number);
  return buffer.data();
}

std::chrono::year_month_day day_of(system_clock::time_point at) {
  return std::chrono::floor<std::chrono::days>(at);
}

std::optional<unsigned> digits(std::string_view text) {
  unsigned number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::string format_duration(double seconds) {
  if (!(seconds > 0)) return "0ms";
  if (seconds < 0.9995) return fixed(std::max(1.0, seconds * 1000), 0) + "ms";
  if (seconds < 59.95) return fixed(seconds, 1) + "s";
  auto whole = static_cast<std::uint64_t>(std::llround(std::min(seconds, 1e15)));
  if (whole < 3600) return std::to_string(whole / 60) + "m " + two_digits(whole % 60) + "s";
  return std::to_string(whole / 3600) + "h " + two_digits(whole % 3600 / 60) + "m";
}

std::string format_number(double number) {
  std::string text = fixed(number, 3);
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string format_seconds(double seconds) {
  return format_number(seconds) + " s";
}

std::string format_size(std::uint64_t bytes) {
  if (bytes < 1000) return format_count(bytes, "byte");
  constexpr std::array<std::string_view, 5> units = {" kB", " MB", " GB", " TB", " PB"};
  double size = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  while (size >= 999.95 && unit + 1 < units.size()) {
    size /= 1000;
    ++unit;
  }
  return fixed(size, 1) += units[unit];
}

std::string format_count(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

std::string format_count(std::uint64_t count, std::string_view noun) {
  std::string text = format_count(count) + " ";
  text += noun;
  if (count != 1) text += 's';
  return text;
}

std::string format_date(system_clock::time_point at) {
  const std::chrono::year_month_day day = day_of(at);
  std::string text;
  add_digits(text, static_cast<int>(day.year()), 4);
  add_digits(text += '-', static_cast<unsigned>(day.month()), 2);
  add_digits(text += '-', static_cast<unsigned>(day.day()), 2);
  return text;
}

std::string format_time(system_clock::time_point at) {
  auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(at);
  std::chrono::hh_mm_ss time(milliseconds - std::chrono::floor<std::chrono::days>(milliseconds));
  std::string text = format_date(at);
  add_digits(text += 'T', time.hours().count(), 2);
  add_digits(text += ':', time.minutes().count(), 2);
  add_digits(text += ':', time.seconds().count(), 2);
  add_digits(text += '.', time.subseconds().count(), 3);
  return text += 'Z';
}

std::optional<system_clock::time_point> parse_time(std::string_view text) {
  if (text.size() != 24 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
      text[16] != ':' || text[19] != '.' || text[23] != 'Z') {
    return std::nullopt;
  }
  auto year = digits(text.substr(0, 4));
  auto month = digits(text.substr(5, 2));
  auto day = digits(text.substr(8, 2));
  auto hour = digits(text.substr(11, 2));
  auto minute = digits(text.substr(14, 2));
  auto second = digits(text.substr(17, 2));
  auto millisecond = digits(text.substr(20, 3));
  if (!year || !month || !day || !hour || !minute || !second || !millisecond) return std::nullopt;
  std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month),
                                   std::chrono::day(*day)};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second) + std::chrono::milliseconds(*millisecond);
}

std::optional<system_clock::time_point> parse_http_date(std::string_view text) {
  // Only the form that servers have to send: "Fri, 20 Nov 2026 06:04:09 GMT".
  if (text.size() != 29 || text.substr(25) != " GMT" || text[7] != ' ' || text[11] != ' ' ||
      text[16] != ' ' || text[19] != ':' || text[22] != ':') {
    return std::nullopt;
  }
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  std::size_t month = months.find(text.substr(8, 3));
  auto day = digits(text.substr(5, 2));
  auto year = digits(text.substr(12, 4));
  auto hour = digits(text.substr(17, 2));
  auto minute = digits(text.substr(20, 2));
  auto second = digits(text.substr(23, 2));
  if (month == std::string_view::npos || month % 3 != 0 || !day || !year || !hour || !minute || !second)
    return std::nullopt;
  std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                   std::chrono::month(static_cast<unsigned>(month / 3 + 1)),
                                   std::chrono::day(*day)};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

}  // namespace rustchain
