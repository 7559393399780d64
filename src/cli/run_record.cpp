// The journal of a run in its folder.
#include "cli/run_record.hpp"

#include "cli/past_runs.hpp"
#include "util/json_text.hpp"

#include <utility>

namespace rustchain {
namespace {

// The mission's texts as they are now, for reports on the run.
void keep_sources(App& app, const std::string& folder, const MissionFile& file) {
  std::string text = "[";
  for (const Source& source : file.sources) {
    text += text.size() > 1 ? R"(,{"name":)" : R"({"name":)";
    append_json_text(text, source.name);
    text += R"(,"text":)";
    append_json_text(text, source.text);
    text += '}';
  }
  text += "]\n";
  // Without them reports show no lines of the mission: nothing that a run should wait for the disk for.
  (void)app.services.files.write(
      {.path = folder + "/mission.json", .bytes = text, .mode = {}, .append = true, .durable = false});
}

}  // namespace

std::unique_ptr<RunRecord> RunRecord::begin(App& app, const RunFolder& folder, const MissionFile& file) {
  if (!folder.recorded) return nullptr;
  auto key = make_state_key(app);
  auto journal = RecordFile::create(folder.path + "/journal.jsonl");
  if (!key || !journal) {
    const std::string why = journal ? "the key of the state folder can't be made" : journal.error().message;
    app.console.err("⚠ this run is not recorded, so that --resume can't continue it: " + why + "\n");
    return nullptr;
  }
  keep_sources(app, folder.path, file);
  return std::unique_ptr<RunRecord>(new RunRecord(app, folder.path, std::move(*journal), std::move(key)));
}

RunRecord::RunRecord(App& app, std::string folder, std::unique_ptr<RecordFile> file,
                     std::unique_ptr<KeyedHash> hash)
    : app_(app),
      folder_(std::move(folder)),
      file_(std::move(file)),
      hash_(std::move(hash)),
      writer_([this](std::string_view line) { return file_->append(line); },
              [this](const StepResult& result, std::string_view text) { return keep(result, text); }) {}

// What the step printed lies there already, as a rule.
std::optional<std::string> RunRecord::keep(const StepResult& result, std::string_view text) {
  Files& files = app_.services.files;
  for (const std::string* file : {&result.stdout_file, &result.stderr_file}) {
    if (!file->starts_with(folder_ + "/")) continue;
    auto status = files.status(*file);
    if (!status || status->size != text.size()) continue;
    auto bytes = files.read(*file, text.size());
    if (bytes && *bytes == text) return file->substr(folder_.size() + 1);
  }
  const std::string name = "value-" + sha256(text).substr(0, 16);
  if (auto status = files.status(folder_ + "/" + name); status && status->size == text.size()) return name;
  auto written = files.write({.path = folder_ + "/" + name, .bytes = text, .mode = {}, .append = true});
  return written ? std::optional<std::string>(name) : std::nullopt;
}

bool RunRecord::end(App& app) {
  const bool there = file_->in_place();
  file_.reset();
  if (!there) {
    app.console.err(
        "⚠ the record of this run was deleted while it ran, so that --resume can't continue it: " + folder_ +
        "\n");
  } else if (!writer_.failure().empty()) {
    app.console.err("⚠ this run is recorded only in part, so that --resume would repeat steps: " +
                    writer_.failure() + "\n");
  }
  return there;
}

}  // namespace rustchain
