// Where a run keeps what its steps print.
#include "cli/run_folder.hpp"

#include "cli/past_runs.hpp"
#include "util/format.hpp"
#include "util/path.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace rustchain {
namespace {

constexpr std::size_t k_time = 19;  // of "20261120T060409123Z"

// The time that an id begins with, or long ago.
WallTime time_of(const std::string& id) {
  if (id.size() < k_time) return {};
  std::string text = id.substr(0, 4) + "-" + id.substr(4, 2) + "-" + id.substr(6, 5) + ":" +
                     id.substr(11, 2) + ":" + id.substr(13, 2) + "." + id.substr(15, 4);
  return parse_time(text).value_or(WallTime{});
}

std::string make_id(Services& services, const std::string& runs) {
  WallTime at = services.clock.wall();
  if (auto items = services.files.list(runs); items && !items->empty())
    at = std::max(at, time_of(items->back().name) + std::chrono::milliseconds(1));
  std::string id;
  for (char c : format_time(at))
    if (c != '-' && c != ':' && c != '.') id += c;
  std::array<char, 8> random{};
  std::snprintf(random.data(), random.size(), "%06x", static_cast<unsigned>(services.random() & 0xffffff));
  return id + "-" + random.data();
}

}  // namespace

RunFolder make_run_folder(Services& services, const std::string& directory, const std::string& temporary) {
  RunFolder folder;
  const std::string state = state_directory(services, directory);
  folder.id = make_id(services, state + "/runs");
  folder.path = state + "/runs/" + folder.id;
  auto made = services.files.make_directories(folder.path);
  if (made) {
    // Without it git would offer the outputs; a directory that isn't ours to write to has other worries.
    std::string ignore = state + "/.gitignore";
    if (!services.files.status(ignore))
      (void)services.files.write({.path = ignore, .bytes = "*\n", .mode = {}, .overwrite = false});
    return folder;
  }
  folder.recorded = false;
  folder.warning = "can't keep the outputs of this run in " + state + ": " + made.error().message;
  folder.path = normalise_path(temporary + "/rustchain-" + folder.id);
  if (services.files.make_directories(folder.path)) {
    folder.warning += "; they are kept in " + folder.path;
  } else {
    folder.path.clear();
    folder.warning += "; they are not kept";
  }
  folder.warning +=
      "; the run is not recorded, so that --resume can't continue it\n"
      "  help: RUSTCHAIN_STATE_DIR=DIRECTORY keeps the runs elsewhere";
  return folder;
}

}  // namespace rustchain
