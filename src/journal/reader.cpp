// The record of a run, read back and held against its hashes.
#include "journal/reader.hpp"

#include "journal/event_json.hpp"
#include "journal/writer.hpp"
#include "util/json_text.hpp"
#include "util/sha256.hpp"

#include <optional>

namespace rustchain {
namespace {

constexpr std::size_t k_hash = 64;
constexpr std::string_view k_hash_key = ",\"hash\":\"";
constexpr std::string_view k_prev_key = ",\"prev\":\"";
constexpr std::string_view k_end = "\"}";

struct Line {
  std::string_view covered;  // what the hash is of
  std::string_view hash;
  std::string_view prev;
};

std::optional<Line> parts_of(std::string_view line) {
  const std::size_t tail = k_hash_key.size() + k_hash + k_end.size();
  const std::size_t middle = k_prev_key.size() + k_hash + 1;
  if (line.size() < tail + middle) return std::nullopt;
  Line parts;
  parts.covered = line.substr(0, line.size() - tail);
  std::string_view rest = line.substr(parts.covered.size());
  if (!rest.starts_with(k_hash_key) || !rest.ends_with(k_end)) return std::nullopt;
  parts.hash = rest.substr(k_hash_key.size(), k_hash);
  rest = parts.covered.substr(parts.covered.size() - middle);
  if (!rest.starts_with(k_prev_key)) return std::nullopt;
  parts.prev = rest.substr(k_prev_key.size(), k_hash);
  return parts;
}

}  // namespace

ChainCheck check_chain(std::string_view text, const std::function<void(std::string_view line)>& on_line) {
  ChainCheck check;
  std::string last(k_hash, '0');
  while (!text.empty()) {
    std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
      check.torn_bytes = text.size();
      break;
    }
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    const std::string number = std::to_string(check.lines + 1);
    std::optional<Line> parts = parts_of(line);
    if (!parts || sha256(parts->covered) != parts->hash) {
      check.broken = "line " + number + " was changed";
      break;
    }
    if (parts->prev != last || !line.starts_with("{\"seq\":" + number + ",")) {
      check.broken =
          "line " + number + " doesn't follow the one before it: lines were removed, added or moved";
      break;
    }
    last = parts->hash;
    ++check.lines;
    if (on_line) on_line(line);
  }
  return check;
}

Journal read_journal(std::string_view text) {
  Journal journal;
  std::string unread;
  ChainCheck check = check_chain(text, [&](std::string_view line) {
    if (!unread.empty()) return;
    const std::string where = "line " + std::to_string(journal.events.size() + 1) + " can't be read: ";
    auto json = parse_json(line);
    if (!json) {
      unread = where + json.error().message;
      return;
    }
    if (journal.events.empty() && json->value("format_version", 0) != k_journal_version) {
      unread = "it is written in a format that this version of rustchain doesn't know";
      return;
    }
    auto event = event_from_json(*json);
    if (!event)
      unread = where + event.error().message;
    else
      journal.events.push_back(std::move(*event));
  });
  journal.broken = unread.empty() ? std::move(check.broken) : std::move(unread);
  journal.torn_bytes = check.torn_bytes;
  return journal;
}

bool Journal::finished() const {
  return !events.empty() && std::holds_alternative<RunFinished>(events.back().what);
}

RunReport Journal::report() const {
  ReportBuilder builder;
  for (const Event& event : events) builder.on(event);
  return std::move(builder).report();
}

}  // namespace rustchain
