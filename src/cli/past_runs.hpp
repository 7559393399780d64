// The runs that a state folder holds, for those who look back. Changes nothing.
#pragma once

#include "rustchain/history.hpp"
#include "rustchain/report.hpp"

#include "cli/commands.hpp"
#include "journal/reader.hpp"
#include "util/sha256.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rustchain {

// Absolute: RUSTCHAIN_STATE_DIR, or `.rustchain` in the working directory.
std::string state_directory(const Services& services, const std::string& directory);

struct PastRun {
  std::string id;
  std::string folder;    // absolute
  bool running = false;  // now
  Journal journal;
  RunReport report;  // its `directory` is the folder, wherever the run had it
};

class PastRuns {
 public:
  explicit PastRuns(App& app) : app_(app), state_(state_directory(app.services, app.directory)) {}

  const std::string& state() const { return state_; }
  std::string folder(const std::string& id) const { return state_ + "/runs/" + id; }
  // Those that have a journal or anything else, oldest first.
  std::vector<std::string> ids() const;
  // `given`: an id, the beginning of one, or `last`. The error says what there is.
  Result<std::string> find(const std::string& given) const;
  // The error says why it can't be read; one that is broken is given as far as it is right.
  Result<PastRun> load(const std::string& id) const;
  // The same, with the large values of outputs in their places, as far as they are there.
  Result<PastRun> load_whole(const std::string& id) const;
  // The text of the journal; the error says why there is none.
  Result<std::string> journal(const std::string& id) const;
  bool recorded(const std::string& id) const;  // it has a journal, in whatever state
  bool running(const std::string& id) const;
  // The texts of the mission as it was then; empty where they are gone.
  Sources sources(const std::string& id) const;
  // The newest `most` of the mission at `path`, newest first; one that runs now is left out.
  std::vector<std::string> of_mission(const std::string& path, std::size_t most) const;
  std::optional<std::string> value(const std::string& folder, const std::string& name) const;

 private:
  App& app_;
  std::string state_;
};

// The key of the state folder, with which values are hashed; nullptr: there is none yet.
std::unique_ptr<KeyedHash> read_state_key(App& app);
// Why no step of an earlier run is reused where there is none any more.
inline constexpr const char* k_key_is_gone = "the key is gone by which results are compared";
// The same, but made where there is none; nullptr: it can't be.
std::unique_ptr<KeyedHash> make_state_key(App& app);

// What the last runs of the mission at `path` tell. Read when it is first asked.
History earlier_durations(App& app, const std::string& path);

// What stands for the run in a message of one that can't be found or read.
ExitCode tell(App& app, const Error& error);

}  // namespace rustchain
