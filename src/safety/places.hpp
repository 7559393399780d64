// What kind of place a path is. Pure: nothing here looks at the file system.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

// Where a step runs, as texts.
struct SafetyPlaces {
  std::string home = "/home/{you}";                 // absolute
  std::string base = "/{a}/{b}/{c}/{d}/{project}";  // absolute: where rustchain was started
  std::vector<std::string> temporary = {"/tmp",     "/var/tmp",    "/private/tmp", "/private/var/tmp",
                                        "/dev/shm", "/var/folders"};
};

enum class PlaceKind : std::uint8_t {
  inside,     // below the working directory
  temporary,  // below a directory for temporary files
  cwd,        // the working directory itself, or all that is in it
  unknown,    // begins with what isn't known
  outside,    // anywhere else
  system,     // belongs to the system
  home,       // a home directory itself, or all that is in it
  root,
  device,  // a disk
  sink,    // /dev/null and its kin
};

struct Place {
  PlaceKind kind = PlaceKind::inside;
  std::string path;  // absolute and normalised, with marks
  bool all = false;  // a pattern stands for everything in `path`
};

// `path` as a command sees it that runs in `directory` (absolute; empty: not known). Marks as in
// safety/marks.hpp.
Place classify(std::string_view path, std::string_view directory, const SafetyPlaces& places);

// Files and folders that hold keys and credentials.
bool is_secret(const Place& place);
// What is run or obeyed later without being asked for: start-up files, hooks, schedules, settings of editors
// and agents.
bool is_persistence(const Place& place);
// Settings and hooks of a coding agent: without them nobody stops it.
bool restrains_an_agent(const Place& place);
// What is nobody else's business: all of the machine's settings, its people, its databases, a whole home.
bool tells_of_the_machine(const Place& place);
// A repository's own folder (.git) or what is in it.
bool is_git_metadata(const Place& place);
// Whether a name (the last element of a path) is that of a secret wherever it stands.
bool is_secret_name(std::string_view name);

}  // namespace rustchain
