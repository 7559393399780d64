// The record of a run.
#include "journal/writer.hpp"

#include "journal/event_json.hpp"
#include "util/sha256.hpp"

namespace rustchain {

bool is_live_only(const Event& event) {
  return std::holds_alternative<StepProgressed>(event.what) || std::holds_alternative<StepWrote>(event.what);
}

void JournalWriter::on(const Event& event) {
  if (!failure_.empty() || is_live_only(event)) return;
  const StepResult* result = nullptr;
  if (const auto* finished = std::get_if<StepFinished>(&event.what)) result = &finished->result;
  if (const auto* reused = std::get_if<StepReused>(&event.what)) result = &reused->result;
  if (!result || !has_large_values(result->output)) return add(event);

  Event smaller = event;
  auto* finished = std::get_if<StepFinished>(&smaller.what);
  StepResult& own = finished ? finished->result : std::get<StepReused>(smaller.what).result;
  auto keep = [&](std::string_view text) { return keep_(*result, text); };
  move_out(own.output, keep);
  add(smaller);
}

void JournalWriter::add(const Event& event) {
  line_.assign("{\"seq\":").append(std::to_string(++lines_)).append(",");
  if (lines_ == 1) line_.append("\"format_version\":").append(std::to_string(k_journal_version)).append(",");
  append_event(line_, event);
  line_.append(",\"prev\":\"").append(last_hash_).append("\"");
  last_hash_ = sha256(line_);
  line_.append(",\"hash\":\"").append(last_hash_).append("\"}\n");
  if (auto done = append_(line_); !done) failure_ = done.error().message;
}

}  // namespace rustchain
