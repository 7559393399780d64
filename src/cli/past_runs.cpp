// The runs that a state folder holds.
#include "cli/past_runs.hpp"

#include "journal/durations.hpp"
#include "journal/large_values.hpp"
#include "mission/suggest.hpp"
#include "platform/record_file.hpp"
#include "util/json_text.hpp"
#include "util/path.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <mutex>
#include <string_view>
#include <utility>

namespace rustchain {
namespace {

constexpr std::uint64_t k_most_bytes = 4ull << 30;
constexpr std::size_t k_key_digits = 64;

std::string journal_path(const std::string& folder) {
  return folder + "/journal.jsonl";
}

// Of a run that goes on: what has not ended may still end well.
void tell_how_far(RunReport& report, WallTime now) {
  auto until_now = [&](WallTime from) { return std::max(0.0, Seconds(now - from).count()); };
  report.running = true;
  report.run.again.clear();
  report.duration_seconds = until_now(report.started);
  for (StepReport& step : report.steps) {
    step.pending = !step.ended;
    if (!step.pending) continue;
    if (step.started) step.duration_seconds = until_now(step.started_at);
    if (step.parent == k_no_step) --report.counts[static_cast<std::size_t>(step.status)];
  }
}

std::unique_ptr<KeyedHash> key_of(const Result<std::string, Failure>& text) {
  if (!text || text->size() < k_key_digits) return nullptr;
  return std::make_unique<KeyedHash>(text->substr(0, k_key_digits));
}

}  // namespace

std::string state_directory(const Services& services, const std::string& directory) {
  std::string state = services.variable("RUSTCHAIN_STATE_DIR").value_or("");
  return normalise_path(resolve_path(directory, state.empty() ? ".rustchain" : state));
}

std::vector<std::string> PastRuns::ids() const {
  std::vector<std::string> ids;
  auto items = app_.services.files.list(state_ + "/runs");
  if (!items) return ids;
  for (DirectoryItem& item : *items)
    if (item.kind == DirectoryItem::Kind::directory) ids.push_back(std::move(item.name));
  return ids;
}

Result<std::string> PastRuns::find(const std::string& given) const {
  std::vector<std::string> all = ids();
  if (all.empty())
    return Error{"there are no runs in " + state_,
                 "rustchain run records them; RUSTCHAIN_STATE_DIR says where"};
  if (given == "last") return all.back();
  std::vector<std::string> fitting;
  for (const std::string& id : all) {
    if (id == given) return id;
    if (id.starts_with(given)) fitting.push_back(id);
  }
  if (fitting.size() == 1 && !given.empty()) return fitting.front();
  if (fitting.size() > 1)
    return Error{std::to_string(fitting.size()) + " runs begin with '" + given + "'",
                 "more of the id is needed: " + fitting[fitting.size() - 2] + " or " + fitting.back()};
  std::vector<std::string_view> known(all.begin(), all.end());
  // Whoever types the last part means that.
  for (const std::string& id : all)
    if (!given.empty() && id.ends_with(given))
      return Error{"there is no run '" + given + "'", "did you mean '" + id + "'?"};
  auto near = nearest(given, known, 6);
  return Error{"there is no run '" + given + "'",
               near ? "did you mean '" + *near + "'?" : "`rustchain runs list` shows those that there are"};
}

Result<std::string> PastRuns::journal(const std::string& id) const {
  auto text = app_.services.files.read(journal_path(folder(id)), k_most_bytes);
  if (text) return std::move(*text);
  if (!recorded(id))
    return Error{"run " + id + " was not recorded: it has no journal",
                 "`rustchain runs list` shows those that have"};
  return Error{text.error().message, text.error().help};
}

Result<PastRun> PastRuns::load(const std::string& id) const {
  PastRun run;
  run.id = id;
  run.folder = folder(id);
  run.running = running(id);
  auto text = journal(id);
  if (!text) return text.error();
  run.journal = read_journal(*text);
  if (run.journal.events.empty())
    return Error{"the journal of run " + id + " can't be read: " +
                     (run.journal.broken.empty() ? "it ends within its first line" : run.journal.broken),
                 {}};
  run.report = run.journal.report();
  run.report.run.run_id = id;
  run.report.run.directory = run.folder;
  if (run.running) tell_how_far(run.report, app_.services.clock.wall());
  return run;
}

Result<PastRun> PastRuns::load_whole(const std::string& id) const {
  auto run = load(id);
  if (!run) return run;
  auto read = [&](const std::string& name) { return value(run->folder, name); };
  for (StepReport& step : run->report.steps) (void)bring_back(step.result.output, read);
  return run;
}

std::optional<std::string> PastRuns::value(const std::string& folder, const std::string& name) const {
  auto text = app_.services.files.read(folder + "/" + name, k_most_bytes);
  return text ? std::optional<std::string>(std::move(*text)) : std::nullopt;
}

bool PastRuns::recorded(const std::string& id) const {
  return app_.services.files.status(journal_path(folder(id))).has_value();
}

bool PastRuns::running(const std::string& id) const {
  return RecordFile::in_use(journal_path(folder(id)));
}

Sources PastRuns::sources(const std::string& id) const {
  auto text = app_.services.files.read(folder(id) + "/mission.json", k_most_bytes);
  if (!text) return {};
  auto json = parse_json(*text);
  if (!json || !json->is_array()) return {};
  Sources sources;
  for (const Json& one : *json)
    if (one.is_object()) sources.push_back({one.value("name", ""), one.value("text", "")});
  return sources;
}

std::vector<std::string> PastRuns::of_mission(const std::string& path, std::size_t most) const {
  constexpr std::uint64_t k_head = 8192;
  constexpr std::size_t k_most_looked_at = 500;
  std::vector<std::string> all = ids();
  std::vector<std::string> fitting;
  for (std::size_t i = 0; i < std::min(all.size(), k_most_looked_at) && fitting.size() < most; ++i) {
    std::string& id = all[all.size() - 1 - i];
    auto head = app_.services.files.read(journal_path(folder(id)), k_head);
    if (head && is_journal_of(*head, path) && !running(id)) fitting.push_back(std::move(id));
  }
  return fitting;
}

std::unique_ptr<KeyedHash> read_state_key(App& app) {
  return key_of(app.services.files.read(state_directory(app.services, app.directory) + "/key", k_key_digits));
}

std::unique_ptr<KeyedHash> make_state_key(App& app) {
  if (auto key = read_state_key(app)) return key;
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  while (text.size() < k_key_digits)
    for (std::uint64_t bits = app.services.random(), i = 0; i < 16; ++i, bits >>= 4)
      text += digits[bits & 15];
  text += '\n';
  const std::string path = state_directory(app.services, app.directory) + "/key";
  // If another run was faster, its key counts.
  (void)app.services.files.write({.path = path, .bytes = text, .mode = 0600, .overwrite = false});
  return read_state_key(app);
}

History earlier_durations(App& app, const std::string& path) {
  struct Known {
    std::once_flag once;
    Durations durations;
  };
  if (path.empty()) return {};
  return [&app, path, known = std::make_shared<Known>()](const std::string& definition) {
    std::call_once(known->once, [&] {
      const PastRuns runs(app);
      for (const std::string& id : runs.of_mission(path, k_most_earlier_runs))
        if (auto text = runs.journal(id)) add_durations(*text, known->durations);
    });
    auto found = known->durations.find(definition);
    return found == known->durations.end() ? std::vector<double>() : found->second;
  };
}

ExitCode tell(App& app, const Error& error) {
  app.console.err("error: " + error.message + "\n" +
                  (error.help.empty() ? "" : "  help: " + error.help + "\n"));
  return ExitCode::usage;
}

}  // namespace rustchain
