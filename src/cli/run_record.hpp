// The journal of a run in its folder.
#pragma once

#include "rustchain/event.hpp"

#include "cli/commands.hpp"
#include "cli/run_folder.hpp"
#include "journal/writer.hpp"
#include "mission/mission_file.hpp"
#include "platform/record_file.hpp"
#include "util/sha256.hpp"

#include <memory>
#include <string>

namespace rustchain {

class RunRecord {
 public:
  // nullptr: the run is not recorded; standard error has been told.
  static std::unique_ptr<RunRecord> begin(App& app, const RunFolder& folder, const MissionFile& file);

  Observer& observer() { return writer_; }
  const KeyedHash& hash() const { return *hash_; }
  // Says on standard error if the record ends before the run does, or is gone; false: gone.
  bool end(App& app);

 private:
  RunRecord(App& app, std::string folder, std::unique_ptr<RecordFile> file, std::unique_ptr<KeyedHash> hash);
  std::optional<std::string> keep(const StepResult& result, std::string_view text);

  App& app_;
  const std::string folder_;
  std::unique_ptr<RecordFile> file_;
  std::unique_ptr<KeyedHash> hash_;
  JournalWriter writer_;
};

}  // namespace rustchain
