// Whole directory trees: deleting, copying, searching and measuring. Nothing here recurses, and the depth of
// a tree is bounded by memory only. Symlinks in a tree are never followed, but see find_files.
#pragma once

#include "rustchain/services.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace rustchain {

// A directory with all that is in it.
Result<Done, Failure> remove_tree(const std::string& path);

struct CopyRequest {
  std::string from;
  std::string to;         // must not exist
  std::string shown_to;   // what messages call it
  bool follow = true;     // if `from` itself is a symlink: copy what it points to
  bool preserve = false;  // owner (if allowed), times and special mode bits too, as a move does
};
// A file, a symlink or a directory with all that is in it. Gives the bytes of the files. After a failure `to`
// may be there in part.
Result<std::uint64_t, Failure> copy_tree(const CopyRequest& request);

// See Files::glob. A pattern without `**` follows symlinks to directories: its own length bounds the walk.
// Directories that can't be read are passed over, except the one that the pattern begins with.
Result<std::vector<std::string>, Failure> find_files(const std::string& pattern,
                                                     const std::string& directory);

// See Files::list.
Result<std::vector<DirectoryItem>, Failure> list_items(const std::string& directory);

// See Files::tree_size. Directories that can't be read are passed over.
TreeSize measure_tree(const std::string& path, const std::function<bool(const TreeSize&)>& enough);

}  // namespace rustchain
