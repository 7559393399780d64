// Where a run keeps what its steps print.
#include "cli/run_folder.hpp"

#include "util/format.hpp"
#include "util/path.hpp"

#include <array>
#include <cstdio>

namespace rustchain {
namespace {

std::string make_id(Services& services) {
  std::string id;
  for (char c : format_time(services.clock.wall()))
    if (c != '-' && c != ':' && c != '.') id += c;
  std::array<char, 8> random{};
  std::snprintf(random.data(), random.size(), "%06x", static_cast<unsigned>(services.random() & 0xffffff));
  return id + "-" + random.data();
}

}  // namespace

RunFolder make_run_folder(Services& services, const std::string& directory, const std::string& temporary) {
  RunFolder folder;
  folder.id = make_id(services);
  std::string state = services.variable("RUSTCHAIN_STATE_DIR").value_or("");
  state = normalise_path(resolve_path(directory, state.empty() ? ".rustchain" : state));
  folder.path = state + "/runs/" + folder.id;
  auto made = services.files.make_directories(folder.path);
  if (made) {
    // Without it git would offer the outputs; a directory that isn't ours to write to has other worries.
    std::string ignore = state + "/.gitignore";
    if (!services.files.status(ignore))
      (void)services.files.write({.path = ignore, .bytes = "*\n", .mode = {}, .overwrite = false});
    return folder;
  }
  folder.warning = "can't keep the outputs of this run in " + state + ": " + made.error().message;
  folder.path = normalise_path(temporary + "/rustchain-" + folder.id);
  if (services.files.make_directories(folder.path)) {
    folder.warning += "; they are kept in " + folder.path;
  } else {
    folder.path.clear();
    folder.warning += "; they are not kept";
  }
  return folder;
}

}  // namespace rustchain
