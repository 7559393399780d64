// Whole directory trees: finding files by pattern, and measuring.
#include "platform/file_support_posix.hpp"
#include "platform/file_tree_posix.hpp"
#include "util/glob.hpp"
#include "util/path.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace rustchain {

using Kind = DirectoryEntry::Kind;

Result<std::vector<std::string>, Failure> find_files(const std::string& pattern,
                                                     const std::string& directory) {
  struct Place {
    std::string path;  // as the pattern sees it: "" or with its slash
    Glob::States states;
  };
  Glob glob(pattern);
  const bool follow = pattern.find("**") == std::string::npos;
  const std::string base(glob_base(pattern));
  auto absolute = [&](const std::string& path) {
    return path.empty() ? directory : resolve_path(directory, path);
  };

  std::vector<std::string> found;
  std::vector<Place> places;
  places.push_back({base, glob.advance(glob.start(), base, true)});
  while (!places.empty()) {
    Place place = std::move(places.back());
    places.pop_back();
    const std::string path = absolute(place.path);
    std::vector<DirectoryEntry> entries;
    FileHandle opened = open_file(AT_FDCWD, path.c_str(), O_RDONLY | O_DIRECTORY);
    int error = opened ? list_directory(std::move(opened), entries) : errno;
    bool missing = error == ENOENT || error == ENOTDIR;
    if (error != 0 && !missing && place.path == base) return file_failure(error, "list", path);

    for (DirectoryEntry& entry : entries) {
      Glob::States states = glob.advance(place.states, entry.name, true);
      if (states.empty()) continue;
      std::string name = place.path + entry.name;
      Kind kind = entry.kind;
      struct stat status {};
      if (kind == Kind::unknown && ::lstat(absolute(name).c_str(), &status) == 0) kind = kind_of(status);
      if (kind == Kind::link) {
        if (::stat(absolute(name).c_str(), &status) != 0) continue;
        kind = kind_of(status);
        if (kind == Kind::directory && !follow) continue;
      }
      if (kind == Kind::directory) {
        states = glob.advance(states, "/", false);
        if (!states.empty()) places.push_back({name + "/", std::move(states)});
      } else if (kind == Kind::file && glob.accepts(states)) {
        found.push_back(std::move(name));
      }
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

Result<std::vector<DirectoryItem>, Failure> list_items(const std::string& directory) {
  FileHandle opened = open_file(AT_FDCWD, directory.c_str(), O_RDONLY | O_DIRECTORY);
  FileHandle listing = opened ? FileHandle(::fcntl(opened.get(), F_DUPFD_CLOEXEC, 0)) : FileHandle();
  if (!listing) return file_failure(errno, "list", directory);
  std::vector<DirectoryEntry> entries;
  if (int error = list_directory(std::move(listing), entries); error != 0)
    return file_failure(error, "list", directory);
  std::vector<DirectoryItem> items;
  items.reserve(entries.size());
  for (DirectoryEntry& entry : entries) {
    Kind kind = entry.kind;
    struct stat status {};
    if (kind == Kind::unknown &&
        ::fstatat(opened.get(), entry.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0)
      kind = kind_of(status);
    using Item = DirectoryItem::Kind;
    items.push_back({std::move(entry.name), kind == Kind::file        ? Item::file
                                            : kind == Kind::directory ? Item::directory
                                            : kind == Kind::link      ? Item::link
                                                                      : Item::other});
  }
  std::sort(items.begin(), items.end(),
            [](const DirectoryItem& a, const DirectoryItem& b) { return a.name < b.name; });
  return items;
}

TreeSize measure_tree(const std::string& path, const std::function<bool(const TreeSize&)>& enough) {
  TreeSize size;
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && !S_ISDIR(status.st_mode)) {
    size.files = 1;
    size.bytes = static_cast<std::uint64_t>(status.st_size);
    size.complete = true;
    return size;
  }
  FileHandle root = open_file(AT_FDCWD, path.c_str(), O_RDONLY | O_DIRECTORY);
  std::vector<std::string> places;  // below the root
  if (root) places.push_back(".");
  std::uint64_t seen = 0;
  std::vector<DirectoryEntry> entries;
  while (!places.empty()) {
    std::string place = std::move(places.back());
    places.pop_back();
    FileHandle directory = open_file(root.get(), place.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    FileHandle listing = directory ? FileHandle(::fcntl(directory.get(), F_DUPFD_CLOEXEC, 0)) : FileHandle();
    if (!listing) continue;
    ++size.directories;
    entries.clear();
    [[maybe_unused]] int error = list_directory(std::move(listing), entries);
    for (const DirectoryEntry& entry : entries) {
      if (++seen % 1000 == 0 && enough && enough(size)) return size;
      Kind kind = entry.kind;
      if (kind == Kind::file || kind == Kind::unknown) {
        if (::fstatat(directory.get(), entry.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
        kind = kind_of(status);
      }
      if (kind == Kind::directory) places.push_back(place + "/" + entry.name);
      if (kind != Kind::file) continue;
      ++size.files;
      size.bytes += static_cast<std::uint64_t>(status.st_size);
    }
  }
  size.complete = true;
  return size;
}

}  // namespace rustchain
