// What a step gave as text, cut to what a report has room for.
#include "report/excerpt.hpp"

#include "report/lines.hpp"
#include "util/format.hpp"
#include "util/text.hpp"
#include "util/utf8.hpp"

#include <algorithm>
#include <array>

namespace rustchain {
namespace {

constexpr std::size_t k_head_lines = 40;
constexpr std::size_t k_tail_lines = 60;

// The beginning of `text`: whole lines, or a part of the first where that is too long.
std::string_view head_of(std::string_view text, std::size_t room) {
  std::size_t end = 0;
  for (std::size_t lines = 0; lines < k_head_lines; ++lines) {
    std::size_t next = text.find('\n', end);
    if (next == std::string_view::npos || next >= room) break;
    end = next + 1;
  }
  return end > 0 ? text.substr(0, end) : utf8_prefix(text, room);
}

std::string_view tail_of(std::string_view text, std::size_t room) {
  std::size_t begin = text.size();
  for (std::size_t lines = 0; lines < k_tail_lines && begin > 1; ++lines) {
    std::size_t end = text.rfind('\n', begin - 2);
    if (end == std::string_view::npos || text.size() - (end + 1) > room) break;
    begin = end + 1;
  }
  if (begin < text.size()) return text.substr(begin);
  begin = text.size() - std::min(room, text.size());
  while (begin < text.size() && (static_cast<unsigned char>(text[begin]) & 0xc0) == 0x80) ++begin;
  return text.substr(begin);
}

Excerpt excerpt(std::string_view label, std::string_view text, std::size_t room) {
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  if (text.size() <= room && lines <= k_head_lines + k_tail_lines) return {label, clean_text(text), {}, {}};
  const std::string_view head = head_of(text, room * 2 / 5);
  const std::string_view tail = tail_of(text.substr(head.size()), room * 3 / 5);
  const std::string_view between = text.substr(head.size(), text.size() - head.size() - tail.size());
  const auto left = static_cast<std::size_t>(std::count(between.begin(), between.end(), '\n'));
  std::string size = format_size(between.size());
  return {label, clean_text(head),
          (left > 0 ? format_count(left, "line") + " (" + size + ")" : size) + " left out", clean_text(tail)};
}

}  // namespace

std::string Excerpt::joined() const {
  if (left_out.empty()) return head;
  return head + (head.ends_with('\n') ? "" : "\n") + "... " + left_out + " ...\n" + tail;
}

std::vector<Excerpt> excerpts(const StepReport& step, std::size_t room) {
  constexpr std::array fields = {"stdout", "stderr", "content", "body", "message"};
  std::vector<Excerpt> all;
  const Json& output = step.result.output;
  if (!output.is_object()) return all;
  for (const char* field : fields) {
    auto found = output.find(field);
    if (found == output.end() || !found->is_string()) continue;
    const std::string& text = found->get_ref<const std::string&>();
    if (!trim(text).empty()) all.push_back(excerpt(field, text, room));
  }
  return all;
}

std::size_t excerpt_room(const RunReport& report) {
  constexpr std::size_t k_all = 2 << 20;
  return std::clamp<std::size_t>(k_all / std::max<std::size_t>(report.steps.size(), 1), 160, 16 << 10);
}

}  // namespace rustchain
